package delivery_test

import (
	"testing"
	"time"

	"griot/connectors/pretend"
	"griot/social"
)

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
