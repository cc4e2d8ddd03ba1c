package delivery_test

import (
	"context"
	"testing"
	"time"

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
