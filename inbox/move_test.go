package inbox_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
	"griot/inbox"
	"griot/social"
	"griot/storage"
)

// Of two people who claim at once one has it, and the other reads who was faster.
func TestTwoPeopleClaimAtOnce(t *testing.T) {
	each(t, func(w *world) {
		m := w.one("Bonjour")
		var all sync.WaitGroup
		errs := make([]error, 2)
		for i, who := range []social.Member{w.awa, w.leo} {
			all.Go(func() {
				_, errs[i] = w.inbox.Move(w.Context(), who, m.ID, m.Rev, social.ClaimIt, social.MentionChange{})
			})
		}
		all.Wait()
		loser, winner := errs[0], w.leo
		if errs[1] != nil {
			loser, winner = errs[1], w.awa
		}
		w.is(m, social.IsClaimed, winner.ID)
		w.refused(loser, fault.Conflict, "")
		if f, ok := errors.AsType[*fault.Error](loser); ok && !strings.Contains(f.Say.In(i18n.Fr), winner.Name+" a été plus rapide") {
			w.Errorf("the other reads %q", f.Say.In(i18n.Fr))
		}
	})
}

// A claim keeps others from answering, and ends by itself.
func TestAClaimIsALockThatEnds(t *testing.T) {
	each(t, func(w *world) {
		m := w.one("Bonjour")
		h, err := w.inbox.Move(w.Context(), w.awa, m.ID, m.Rev, social.ClaimIt, social.MentionChange{})
		if err != nil {
			w.Fatal(err)
		}
		_, err = w.inbox.Reply(w.Context(), w.leo, m.ID, "Moi d’abord")
		w.refused(err, fault.Invalid, "text") // with what was typed
		_, err = w.inbox.Move(w.Context(), w.leo, m.ID, h.Mention.Rev, social.Ignore, social.MentionChange{})
		w.refused(err, fault.Conflict, "")
		w.clock.passes(social.ClaimUsually - time.Second)
		w.frees()
		w.is(m, social.IsClaimed, w.awa.ID)
		w.clock.passes(time.Second)
		w.frees()
		w.is(m, social.IsNew, "")
		if _, err := w.inbox.Reply(w.Context(), w.leo, m.ID, "À mon tour"); err != nil {
			w.Error(err)
		}
	})
}

func (w *world) frees() {
	w.Helper()
	if err := w.inbox.Free(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// Only those who listen for the brand decide; whom it was handed to may, too; another team sees nothing.
func TestWhoMayDecide(t *testing.T) {
	each(t, func(w *world) {
		m := w.one("Bonjour")
		_, err := w.inbox.Move(w.Context(), w.ina, m.ID, m.Rev, social.ClaimIt, social.MentionChange{})
		w.refused(err, fault.Denied, "")
		_, err = w.inbox.Move(w.Context(), w.awa, m.ID, m.Rev, social.Escalate, social.MentionChange{To: w.ina.ID})
		w.refused(err, fault.Invalid, "note")
		_, err = w.inbox.Move(w.Context(), w.awa, m.ID, m.Rev, social.Escalate, social.MentionChange{To: "mbr_nobody", Note: "?"})
		w.refused(err, fault.Invalid, "to")
		if _, err = w.inbox.Move(w.Context(), w.awa, m.ID, m.Rev, social.Escalate, social.MentionChange{To: w.ina.ID, Note: "Vous savez"}); err != nil {
			w.Fatal(err)
		}
		w.is(m, social.IsEscalated, w.ina.ID)
		if n := len(w.queue.jobs["tell"]); n != 1 {
			w.Errorf("told %d times", n)
		}
		if _, err = w.inbox.Reply(w.Context(), w.ina, m.ID, "Oui"); err != nil {
			w.Error(err)
		}
		stranger := social.Member{ID: w.awa.ID, TeamID: "tea_other", Roles: w.awa.Roles}
		_, err = w.inbox.Hearing(w.Context(), stranger, m.ID)
		w.refused(err, fault.NotFound, "")
		_, err = w.inbox.Reply(w.Context(), stranger, m.ID, "Oui")
		w.refused(err, fault.NotFound, "")
		_, err = w.inbox.Again(w.Context(), stranger, m.ID)
		w.refused(err, fault.NotFound, "")
	})
}

// What is wrong with an answer is said at its field, and nothing is on its way.
func TestBadAnswersAreGivenBack(t *testing.T) {
	each(t, func(w *world) {
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			return tx.SaveLine(ctx, social.Line{TeamID: w.team, BrandID: w.brand.ID, Locale: "fr", Banned: []string{"gratuit"}, Required: []string{"#maison"}, Rev: 1}, 0)
		})
		m := w.one("Bonjour")
		for _, text := range []string{"", strings.Repeat("x", 101), "C’est GRATUIT", "un\n---\ndeux"} {
			_, err := w.inbox.Reply(w.Context(), w.awa, m.ID, text)
			w.refused(err, fault.Invalid, "text")
		}
		w.is(m, social.IsNew, "")
		h, err := w.inbox.Reply(w.Context(), w.awa, m.ID, " Bonjour a\u0300 vous\r\n")
		if err != nil {
			w.Fatal(err)
		}
		if text := h.Reply.Revision.Text; text != "Bonjour à vous" {
			w.Errorf("it would leave as %q", text)
		}
		want := []social.DeliveryState{social.Waiting}
		var got []social.DeliveryState
		for _, d := range h.Reply.Deliveries {
			got = append(got, d.State)
			if d.Answers != m.ID || d.Fingerprint != h.Reply.Variants()[0].Fingerprint() {
				w.Errorf("a delivery that answers nothing, or not with these words: %+v", d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("deliveries (-want +got):\n%s", diff)
		}
		_, err = w.inbox.Reply(w.Context(), w.awa, m.ID, "Encore")
		w.refused(err, fault.Invalid, "text") // one is on its way
		_, err = w.inbox.Move(w.Context(), w.awa, m.ID, 0, social.Finish, social.MentionChange{})
		w.refused(err, fault.Conflict, "")
	})
}

// A brand that wants a second person has nothing on its way before their yes.
func TestASecondPerson(t *testing.T) {
	each(t, func(w *world) {
		b := w.brand
		b.Second, b.Rev = true, 2
		w.tx(func(ctx context.Context, tx *storage.Tx) error { return tx.SaveBrand(ctx, b, 1) })
		m := w.one("Bonjour")
		_, err := w.inbox.Reply(w.Context(), w.nora, m.ID, "Moi seule")
		w.refused(err, fault.Invalid, "text") // nobody else may say yes
		h, err := w.inbox.Reply(w.Context(), w.awa, m.ID, "Bonjour à vous")
		if err != nil {
			w.Fatal(err)
		}
		if h.Reply.Post.State != social.InReview || len(h.Reply.Deliveries) != 0 {
			w.Errorf("it is %s with %d deliveries", h.Reply.Post.State, len(h.Reply.Deliveries))
		}
		if n := len(w.queue.jobs["tell"]); n != 1 {
			w.Errorf("%d asked", n)
		}
		if h, err = w.inbox.Move(w.Context(), w.awa, m.ID, h.Mention.Rev, social.Ignore, social.MentionChange{}); err != nil {
			w.Fatal(err)
		}
		if h.Reply.Post.State != social.Cancelled {
			w.Errorf("the mention needs nothing more, and its answer still waits for a yes: %s", h.Reply.Post.State)
		}
	})
}

// Suggestions know the line, what was answered before, and are stored with what they rest on.
func TestSuggestions(t *testing.T) {
	each(t, func(w *world) {
		m := w.one("Où est mon colis ?")
		j := w.queue.jobs["suggest"][0].(storage.SuggestJob)
		if err := w.inbox.Suggest(w.Context(), j); err != nil {
			w.Fatal(err)
		}
		h, err := w.inbox.Hearing(w.Context(), w.awa, m.ID)
		want := []social.Suggestion{{Number: 1, Text: "Bonjour !", Basis: social.OnNone}, {Number: 2, Text: "Merci !", Basis: social.OnNone}}
		if diff := cmp.Diff(want, h.Suggestions); diff != "" || err != nil || h.Mention.Suggesting {
			w.Errorf("suggesting %v, %v (-want +got):\n%s", h.Mention.Suggesting, err, diff)
		}
		for range 2 {
			if _, err := w.inbox.Again(w.Context(), w.awa, m.ID); err != nil {
				w.Error(err)
			}
		}
		if n := len(w.queue.jobs["suggest"]); n != 2 {
			w.Errorf("asked %d times", n)
		}
	})
}

func TestTheTray(t *testing.T) {
	each(t, func(w *world) {
		m := w.one("Un")
		w.one("Deux")
		if _, err := w.inbox.Move(w.Context(), w.awa, m.ID, m.Rev, social.ClaimIt, social.MentionChange{}); err != nil {
			w.Fatal(err)
		}
		w.clock.passes(25 * time.Hour)
		got := map[string]string{}
		for _, which := range []string{"all", "mine", "unclaimed", "late"} {
			tray, err := w.inbox.Tray(w.Context(), w.awa, "", inbox.Which(which))
			if err != nil {
				w.Fatal(err)
			}
			for _, m := range tray.Mentions {
				got[which] += m.Text + " "
			}
			if tray.Free != 1 || tray.Mine != 1 || tray.Late != 2 {
				w.Errorf("counts %d %d %d", tray.Free, tray.Mine, tray.Late)
			}
		}
		if diff := cmp.Diff(map[string]string{"all": "Deux Un ", "mine": "Un ", "unclaimed": "Deux ", "late": "Un Deux "}, got); diff != "" {
			w.Errorf("(-want +got):\n%s", diff)
		}
	})
}
