package delivery_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors/pretend"
	"griot/social"
	"griot/storage"
)

func TestTakeDown(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one(thread)
		s := w.service("a", nil)
		w.pass(s)
		w.decide(d, social.TakeDown)
		w.pass(s)
		w.is(d, social.Gone, social.NoReason)
		w.pass(s)
		for _, text := range []string{"Un", "Deux", "Trois"} {
			if n := w.village.Live(text); n != 0 {
				t.Errorf("%q is still there", text)
			}
		}
		want := []social.What{social.DidLeave, social.DidArrive, social.DidTakenDown}
		if diff := cmp.Diff(want, w.story()); diff != "" {
			t.Errorf("story (-want +got):\n%s", diff)
		}
	})
}

// The newest part goes first; what is gone is written down, and the rest is tried again while the network is away.
func TestTakeDownInterrupted(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one(thread)
		s := w.service("a", nil)
		w.pass(s)
		w.decide(d, social.TakeDown)
		h := w.village.Hold(pretend.Point{Call: pretend.RemoveCall, Step: pretend.Answered})
		h.Release()
		w.village.Misbehave(pretend.Fault{Do: pretend.FailAfter, Call: pretend.RemoveCall})
		w.pass(s)
		w.is(d, social.Removing, social.ByOutage)
		if n := w.village.Live("Trois"); n != 0 {
			t.Error("the newest part still stands")
		}
		if n := w.village.Live("Un"); n != 1 {
			t.Error("the first part is gone already")
		}
		w.clock.Advance(2 * time.Minute)
		w.pass(s)
		w.is(d, social.Gone, social.NoReason)
	})
}

func TestTakeDownRefused(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		s := w.service("a", nil)
		w.pass(s)
		w.decide(d, social.TakeDown)
		w.village.Misbehave(pretend.Fault{Do: pretend.Refuse, Call: pretend.RemoveCall, Words: "Trop tard"})
		w.pass(s)
		w.is(d, social.Live, social.ByNetwork)
		if got := w.now(d).Words; got != "Trop tard" {
			t.Errorf("words %q", got)
		}
		w.decide(d, social.TakeDown)
		w.pass(s)
		w.is(d, social.Gone, social.NoReason)
	})
}

// A person said that it is live, and Griot has no receipt: it is found and taken down, or said to be a person's to take down.
func TestTakeDownWithoutReceipt(t *testing.T) {
	cases := map[string]struct {
		found bool
		state social.DeliveryState
		why   social.Reason
	}{
		"found":     {true, social.Gone, social.NoReason},
		"not found": {false, social.Live, social.ByHand},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			each(t, pretend.Ignored, func(w *world) {
				d := w.one("Bonjour")
				w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter})
				s := w.service("a", nil)
				w.pass(s)
				w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour, Times: 2})
				w.clock.Advance(firstLook)
				w.pass(s)
				w.clock.Advance(secondLook)
				w.pass(s)
				w.is(d, social.Unsure, social.ByNoAnswer)
				w.decide(d, social.SayLive)
				w.tx(func(ctx context.Context, tx *storage.Tx) error {
					p := w.now(d).Parts[0]
					p.Live = true
					return tx.SavePart(ctx, d.TeamID, d.ID, p)
				})
				w.decide(d, social.TakeDown)
				if !c.found {
					w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour})
				}
				w.pass(s)
				w.is(d, c.state, c.why)
			})
		})
	}
}

// After a backup was restored nothing leaves by itself, and sending again looks first.
func TestRestoredBackupSendsNothing(t *testing.T) {
	each(t, pretend.Honoured, func(w *world) {
		d := w.one("Bonjour")
		key := d.Parts[0].Key
		w.pass(w.service("a", nil)) // what happened after the backup was made
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			part := d.Parts[0]
			return tx.SavePart(ctx, d.TeamID, d.ID, part)
		})
		if _, err := w.db.Pool().ExecContext(w.Context(), `UPDATE deliveries SET state = 'waiting', fence = 0, news = FALSE`); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			n, err := tx.DoubtAll(ctx, tx.Now())
			if n != 1 {
				t.Errorf("%d in doubt", n)
			}
			return err
		})
		s := w.service("b", nil)
		w.pass(s)
		w.is(d, social.Unsure, social.ByRestore)
		w.decide(d, social.SendAgain)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
		if got := w.now(d).Parts[0].Key; got != key {
			t.Errorf("key %q, was %q", got, key)
		}
	})
}
