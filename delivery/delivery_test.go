package delivery_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/delivery"
	"griot/social"
	"griot/storage"
)

const (
	lease      = time.Minute
	firstLook  = lease + 30*time.Second
	secondLook = 3 * time.Minute
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

func TestLostAnswerIsFoundAtTheFirstLook(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		w.clock.Advance(firstLook - time.Second)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		w.clock.Advance(time.Second)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
	})
}

func TestLostAnswerIsFoundAtTheSecondLook(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter})
		s := w.service("a", nil)
		w.pass(s)
		w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour})
		w.clock.Advance(firstLook)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		w.clock.Advance(secondLook)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
	})
}

// Nobody found it: a person decides, and even then Griot looks first.
func TestNotFoundIsAPersonsToDecide(t *testing.T) {
	for name, lost := range map[string]pretend.Misdeed{"it was never there": pretend.CutBefore, "it was not shown": pretend.CutAfter} {
		t.Run(name, func(t *testing.T) {
			each(t, pretend.Ignored, func(w *world) {
				d := w.one("Bonjour")
				w.village.Misbehave(pretend.Fault{Do: lost})
				s := w.service("a", nil)
				w.pass(s)
				w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour, Times: 2})
				w.clock.Advance(firstLook)
				w.pass(s)
				w.clock.Advance(secondLook)
				w.pass(s)
				w.is(d, social.Unsure, social.ByNoAnswer)
				w.clock.Advance(time.Hour)
				w.pass(s)
				w.is(d, social.Unsure, social.ByNoAnswer)
				w.village.Behave()
				w.decide(d, social.SendAgain)
				w.pass(s)
				w.is(d, social.Live, social.NoReason)
				w.accepted("Bonjour", 1)
			})
		})
	}
}

func TestTwoCandidatesAreAPersonsToDecide(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		s := w.service("a", nil)
		w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter})
		w.pass(s)
		twin := w.one("Bonjour") // the same words on the same account
		w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter, Times: 1})
		w.pass(s)
		w.clock.Advance(firstLook)
		w.pass(s)
		w.is(d, social.Unsure, social.ByTwo)
		w.is(twin, social.Unsure, social.ByTwo)
		w.decide(d, social.SendAgain)
		w.pass(s)
		w.is(d, social.Unsure, social.ByTwo)
		w.accepted("Bonjour", 2)
	})
}

// Where the village honours keys the same bytes go out again; it counts one post.
func TestHarmlessRepeat(t *testing.T) {
	each(t, pretend.Honoured, func(w *world) {
		d := w.one("Bonjour")
		w.village.Misbehave(pretend.Fault{Do: pretend.CutBefore})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		w.clock.Advance(firstLook)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		if n := w.village.Live("Bonjour"); n != 1 {
			t.Errorf("%d posts", n)
		}
	})
}

// A repeat that the network did not take says nothing of the first call: the part is never as if it had not been sent.
func TestRepeatThatWasNotTakenKeepsTheDoubt(t *testing.T) {
	each(t, pretend.Honoured, func(w *world) {
		d := w.one("Bonjour")
		w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter})
		s := w.service("a", nil)
		w.pass(s)
		w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour})
		w.village.Misbehave(pretend.Fault{Do: pretend.Limit, Wait: 2 * time.Minute})
		w.clock.Advance(firstLook)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		if w.now(d).Parts[0].Armed.IsZero() {
			t.Error("the first call is forgotten")
		}
		w.clock.Advance(2 * time.Minute)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		if n := w.village.Live("Bonjour"); n != 1 {
			t.Errorf("%d posts", n)
		}
	})
}

func TestRepeatStopsWhenItIsTooLate(t *testing.T) {
	each(t, pretend.Honoured, func(w *world) {
		d := w.one("Bonjour")
		w.village.Misbehave(pretend.Fault{Do: pretend.CutBefore})
		w.pass(w.service("a", nil))
		w.clock.Advance(5 * time.Hour) // an outage
		s := w.service("b", nil)
		w.pass(s)
		w.clock.Advance(secondLook)
		w.pass(s)
		w.is(d, social.Unsure, social.ByNoAnswer)
		w.accepted("Bonjour", 0)
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

func TestLateness(t *testing.T) {
	cases := map[string]struct {
		by    time.Duration
		late  social.LatenessPolicy
		state social.DeliveryState
		why   social.Reason
	}{
		"within the grace":  {14 * time.Minute, social.LatenessPolicy{}, social.Live, social.NoReason},
		"beyond it":         {16 * time.Minute, social.LatenessPolicy{}, social.Missed, social.ByLateness},
		"a longer grace":    {16 * time.Minute, social.LatenessPolicy{Within: time.Hour}, social.Live, social.NoReason},
		"dropped beyond it": {16 * time.Minute, social.LatenessPolicy{Drop: true}, social.Void, social.ByDropped},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			each(t, pretend.Ignored, func(w *world) {
				b := w.brand
				b.Late, b.Rev = c.late, 2
				w.tx(func(ctx context.Context, tx *storage.Tx) error { return tx.SaveBrand(ctx, b, 1) })
				d := w.one("Bonjour")
				w.clock.Advance(c.by)
				w.pass(w.service("a", nil))
				w.is(d, c.state, c.why)
			})
		})
	}
}

// The process stands still between the row and the first byte: nothing is sent after the deadline, and nothing is in doubt.
func TestNothingIsSentAfterItsDeadline(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		stood := false
		s := w.service("a", func(step string) {
			if step == delivery.StepArmed && !stood {
				stood = true
				w.clock.Advance(31 * time.Second)
			}
		})
		w.pass(s)
		w.accepted("Bonjour", 0)
		w.is(d, social.Waiting, social.ByOutage)
		w.clock.Advance(5 * time.Second)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
	})
}

// It stands still for so long that another process has looked: the old one's answer is still not lost.
func TestLateReceiptIsKept(t *testing.T) {
	for name, wait := range map[string]time.Duration{"while it is looked for": firstLook, "after a person was asked": firstLook + secondLook} {
		t.Run(name, func(t *testing.T) {
			each(t, pretend.Ignored, func(w *world) {
				d := w.one("Bonjour")
				other := w.service("b", nil)
				s := w.service("a", func(step string) {
					if step != delivery.StepAnswered {
						return
					}
					w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: 24 * time.Hour, Times: 2})
					w.clock.Advance(firstLook)
					w.pass(other)
					if wait > firstLook {
						w.clock.Advance(secondLook)
						w.pass(other)
						w.is(d, social.Unsure, social.ByNoAnswer)
					}
					w.village.Behave()
				})
				w.pass(s)
				w.is(d, social.Live, social.NoReason)
				w.accepted("Bonjour", 1)
			})
		})
	}
}

// A worker whose lease ended while it prepared writes nothing and sends nothing.
func TestFenceKeepsALateWorkerOut(t *testing.T) {
	for _, at := range []string{delivery.StepClaimed, delivery.StepPrepared} {
		t.Run(at, func(t *testing.T) {
			each(t, pretend.Ignored, func(w *world) {
				d := w.one("Bonjour")
				other := w.service("b", nil)
				s := w.service("a", func(step string) {
					if step == at {
						w.clock.Advance(lease + time.Second)
						w.pass(other)
						w.is(d, social.Live, social.NoReason)
					}
				})
				w.pass(s)
				w.is(d, social.Live, social.NoReason)
				w.accepted("Bonjour", 1)
			})
		})
	}
}

func TestWatchdogSpeaksOnce(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		w.village.Misbehave(pretend.Fault{Do: pretend.Limit, Wait: 10 * time.Minute})
		s := w.service("a", nil)
		w.pass(s)
		for range 5 {
			w.clock.Advance(time.Minute)
			w.pass(s)
		}
		w.clock.Advance(6 * time.Minute)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		notices, err := storage.UnsaidNotices(w.Context(), w.db, w.clock.Now().Add(time.Second), 100)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, x := range notices {
			if x.Kind == social.RunsLate {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the watchdog spoke %d times", n)
		}
	})
}

func TestClockJumpPausesClaimingForOneLease(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		s := w.service("a", nil)
		w.clock.Jump(10 * time.Second)
		d := w.one("Bonjour")
		w.pass(s)
		w.is(d, social.Waiting, social.NoReason)
		w.clock.Advance(lease - time.Second)
		w.pass(s)
		w.is(d, social.Waiting, social.NoReason)
		w.clock.Advance(2 * time.Second)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
	})
}
