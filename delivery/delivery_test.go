package delivery_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/social"
)

func TestOneGoesLive(t *testing.T) {
	each(t, pretend.Honoured, func(w *world) {
		d := w.one("Bonjour")
		w.pass(w.service("a", nil))
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
		if got := w.now(d); got.URL() == "" || got.LiveParts() != 1 {
			t.Errorf("no address of what is live: %+v", got)
		}
		if diff := cmp.Diff([]social.What{social.DidLeave, social.DidArrive}, w.story()); diff != "" {
			t.Errorf("story (-want +got):\n%s", diff)
		}
	})
}

func TestNothingLeavesBeforeItsTime(t *testing.T) {
	each(t, pretend.Honoured, func(w *world) {
		w.clock.Advance(time.Hour)
		d := w.one("Plus tard")
		w.clock.Advance(-time.Second)
		s := w.service("a", nil)
		w.pass(s)
		w.accepted("Plus tard", 0)
		w.clock.Advance(time.Second)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
	})
}

const thread = "Un\n---\nDeux\n---\nTrois"

func TestThreadGoesLiveInOrder(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one(thread)
		w.pass(w.service("a", nil))
		w.is(d, social.Live, social.NoReason)
		var said []string
		for _, r := range w.village.Log() {
			said = append(said, r.Content)
		}
		if diff := cmp.Diff([]string{"Un", "Deux", "Trois"}, said); diff != "" {
			t.Errorf("thread (-want +got):\n%s", diff)
		}
	})
}

// A thread is cut short, says so, and goes on where it stopped.
func TestThreadCutShortContinues(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one(thread)
		w.village.Misbehave(pretend.Fault{Do: pretend.Refuse, Content: "Deux", Words: "Non merci"})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Refused, social.ByNetwork)
		if got := w.now(d); got.Words != "Non merci" || got.LiveParts() != 1 {
			t.Fatalf("cut short as %+v", got)
		}
		w.decide(d, social.SendAgain)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		for _, text := range []string{"Un", "Deux", "Trois"} {
			w.accepted(text, 1)
		}
	})
}

// Certainly not taken: tried again with growing waits, until the post is later than its policy allows.
func TestTemporaryIsTriedAgainUntilItIsTooLate(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		open, tries := w.open, 0
		w.open = func(ctx context.Context, team, account string) (connectors.Account, error) {
			a, err := open(ctx, team, account)
			a.Publish = down{a.Publish, &tries}
			return a, err
		}
		s := w.service("a", nil)
		for range 18 * 60 / 5 {
			w.pass(s)
			w.clock.Advance(5 * time.Second)
		}
		w.is(d, social.Missed, social.ByLateness)
		if tries < 8 || tries > 16 {
			t.Errorf("%d tries in a quarter of an hour", tries)
		}
		w.open = open
		w.decide(d, social.SendAgain)
		w.pass(w.service("b", nil))
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
	})
}

// down is a network that cannot be reached.
type down struct {
	connectors.Publisher
	tries *int
}

func (d down) Send(context.Context, connectors.Request) (connectors.Receipt, error) {
	*d.tries++
	return connectors.Receipt{}, &connectors.Error{Kind: connectors.Temporary, Network: pretend.ID}
}

func TestLimitHoldsTheWholeAccount(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		first := w.one("Premier")
		w.village.Misbehave(pretend.Fault{Do: pretend.Limit, Content: "Premier", Wait: 5 * time.Minute})
		s := w.service("a", nil)
		w.clock.Advance(time.Second)
		w.pass(s)
		w.is(first, social.Waiting, social.ByLimit)
		second, free := w.one("Deuxième"), w.write("Ailleurs", w.other)[0]
		w.village.Misbehave(pretend.Fault{Do: pretend.Limit, Content: "Deuxième", Wait: 5 * time.Minute})
		w.clock.Advance(time.Second)
		w.pass(s)
		w.is(free, social.Live, social.NoReason)
		w.is(second, social.Waiting, social.ByLimit)
		w.clock.Advance(5*time.Minute + time.Second)
		w.pass(s)
		w.pass(s)
		w.is(first, social.Live, social.NoReason)
		w.is(second, social.Live, social.NoReason)
		w.accepted("Premier", 1)
	})
}

func TestLimitHoldsWhatWaitsBehind(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		w.clock.Advance(time.Minute)
		behind := w.one("Derrière")
		w.clock.Advance(-30 * time.Second)
		ahead := w.one("Devant")
		w.village.Misbehave(pretend.Fault{Do: pretend.Limit, Content: "Devant", Wait: 5 * time.Minute})
		s := w.service("a", nil)
		w.pass(s)
		w.is(ahead, social.Waiting, social.ByLimit)
		if got := w.now(behind).WakeAt; got.Before(w.clock.Now().Add(4 * time.Minute)) {
			t.Errorf("what waits behind is tried at %s", got)
		}
		w.clock.Advance(time.Minute)
		w.pass(s)
		w.accepted("Derrière", 0)
	})
}

func TestRevokedTokenAsksToSignIn(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		if err := w.village.Revoke(w.account.Handle[1:]); err != nil {
			t.Fatal(err)
		}
		w.pass(w.service("a", nil))
		w.is(d, social.Refused, social.BySignIn)
		if w.signIns == 0 {
			t.Error("nobody was asked to sign in")
		}
	})
}

func TestPendingGoesLive(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Une vidéo")
		w.village.Misbehave(pretend.Fault{Do: pretend.Processing, Wait: time.Minute})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Pending, social.NoReason)
		w.clock.Advance(30 * time.Second)
		w.pass(s)
		w.clock.Advance(time.Minute)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		want := []social.What{social.DidLeave, social.DidPostpone, social.DidArrive}
		if diff := cmp.Diff(want, w.story()); diff != "" {
			t.Errorf("story (-want +got):\n%s", diff)
		}
	})
}

func TestPendingThenRefused(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Une vidéo")
		w.village.Misbehave(pretend.Fault{Do: pretend.Processing, Wait: time.Minute})
		s := w.service("a", nil)
		w.pass(s)
		w.village.Misbehave(pretend.Fault{Do: pretend.Refuse, Call: pretend.ReadCall, Words: "Format inconnu"})
		w.clock.Advance(2 * time.Minute)
		w.pass(s)
		w.is(d, social.Refused, social.ByNetwork)
		if got := w.now(d).Words; got != "Format inconnu" {
			t.Errorf("words %q", got)
		}
	})
}
