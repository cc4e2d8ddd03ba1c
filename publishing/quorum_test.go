package publishing_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// pile is what waits for somebody's yes, by post.
func (h *house) pile(m social.Member) []string {
	h.Helper()
	ids, err := storage.ToApprove(h.Context(), h.db, m.TeamID, m.ID, []string{h.brand.ID}, 10)
	h.ok(err)
	return ids
}

func (h *house) story(s social.Sheet) (out []social.What) {
	h.Helper()
	all, err := storage.Entries(h.Context(), h.db, s.Post.TeamID, s.Post.ID)
	h.ok(err)
	for _, e := range all {
		out = append(out, e.What)
	}
	return out
}

func TestAPostThatTwoPeopleMustApprove(t *testing.T) {
	each(t, func(h *house) {
		h.set(func(b *social.Brand) { b.Approvals = 2 })
		s := h.move(h.ana, h.draft(h.content("Samedi\u202f!")), social.Submit, social.Change{}).Sheet
		if len(h.pile(h.bob)) != 1 || len(h.pile(h.cleo)) != 1 {
			t.Error("nobody is asked")
		}
		r := h.move(h.bob, s, social.Approve, social.Change{})
		if s = r.Sheet; s.Post.State != social.InReview || len(s.Approvals) != 0 || len(s.Deliveries) != 0 {
			t.Fatalf("after one yes: %s, %v, %v", s.Post.State, s.Approvals, s.Deliveries)
		}
		if len(r.Notes) != 1 || r.Notes[0].In(i18n.Fr) != "Votre accord est noté. Il en manque encore 1 avant que la publication puisse partir." {
			t.Errorf("told %v", r.Notes)
		}
		if len(h.pile(h.bob)) != 0 || len(h.pile(h.cleo)) != 1 {
			t.Errorf("asked: Bob %v, Cléo %v", h.pile(h.bob), h.pile(h.cleo))
		}
		_, err := h.s.Move(h.Context(), h.bob, s.Post.ID, s.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Conflict, "You have said yes already. It still needs 1 more.")
		_, err = h.s.Move(h.Context(), h.ana, s.Post.ID, s.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Denied, "")
		s = h.move(h.cleo, s, social.Approve, social.Change{}).Sheet
		if s.Post.State != social.Scheduled || len(s.Deliveries) != 2 || s.Approvals[0].By != h.cleo.ID {
			t.Errorf("after two: %s, %v, %v", s.Post.State, s.Approvals, s.Deliveries)
		}
		if diff := cmp.Diff([]string{h.bob.ID, h.cleo.ID}, s.Voters); diff != "" {
			t.Errorf("voters (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]social.What{social.DidDraft, social.DidSubmit, social.DidAgree, social.DidApprove}, h.story(s)); diff != "" {
			t.Errorf("story (-want +got):\n%s", diff)
		}
	})
}

// Whatever becomes of the words and the date, everybody who must say yes has said it to what leaves.
func TestAYesIsToThePostAsItIs(t *testing.T) {
	each(t, func(h *house) {
		h.set(func(b *social.Brand) { b.Approvals = 2 })
		dan := h.person("Dan", social.Approver)
		asked := 0
		again := func(what string, s social.Sheet) {
			t.Helper()
			if n := h.notices(social.ToApprove); len(s.Voters) != 0 || len(h.pile(h.bob)) != 1 || n != asked+1 {
				t.Errorf("%s: said yes %v, Bob has %v, %d asked again", what, s.Voters, h.pile(h.bob), n-asked)
			}
		}
		s := h.move(h.ana, h.draft(h.dated("Samedi")), social.Submit, social.Change{}).Sheet
		s = h.move(h.bob, s, social.Approve, social.Change{}).Sheet
		asked = h.notices(social.ToApprove)
		edited, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, s.Post.Rev, h.dated("Dimanche"))
		h.ok(err)
		again("after other words", edited.Sheet)

		s = h.move(h.bob, edited.Sheet, social.Approve, social.Change{}).Sheet
		asked = h.notices(social.ToApprove)
		later := h.tomorrow()
		later.At = later.At.Add(72 * time.Hour)
		s = h.move(h.ana, s, social.Schedule, social.Change{Moment: later}).Sheet
		again("after another date", s)

		s = h.move(h.bob, s, social.Approve, social.Change{}).Sheet
		asked = h.notices(social.ToApprove)
		s = h.move(h.ana, s, social.Publish, social.Change{}).Sheet
		again("to leave at once", s)

		s = h.move(dan, s, social.Approve, social.Change{}).Sheet
		fixed, err := h.s.Fix(h.Context(), h.bob, s.Post.ID, s.Post.Rev, h.content("Dimanche, 10 h"))
		h.ok(err)
		if s = fixed.Sheet; s.Post.State != social.InReview || !cmp.Equal(s.Voters, []string{h.bob.ID}) {
			t.Fatalf("after a correction: %s, %v", s.Post.State, s.Voters)
		}
		_, err = h.s.Move(h.Context(), h.bob, s.Post.ID, s.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Denied, "your own words")
		s = h.move(dan, s, social.SendBack, social.Change{Note: "Le jour ?"}).Sheet
		if s = h.move(h.ana, s, social.Submit, social.Change{}).Sheet; len(s.Voters) != 0 {
			t.Errorf("a yes outlived the way back: %v", s.Voters)
		}

		both := h.move(h.ana, h.draft(h.content("Lundi")), social.Submit, social.Change{}).Sheet
		fixed, err = h.s.Fix(h.Context(), h.bob, both.Post.ID, both.Post.Rev, h.content("Lundi, 10 h"))
		h.ok(err)
		if both = h.move(dan, fixed.Sheet, social.Approve, social.Change{}).Sheet; both.Post.State != social.Scheduled {
			t.Errorf("a correction and a yes: %s", both.Post.State)
		}
		want := []social.What{social.DidDraft, social.DidSubmit, social.DidCorrect, social.DidApprove}
		if diff := cmp.Diff(want, h.story(both)); diff != "" {
			t.Errorf("story (-want +got):\n%s", diff)
		}
	})
}

// Whose yes counts is what the team says now.
func TestTheTeamChangesWhilePeopleApprove(t *testing.T) {
	each(t, func(h *house) {
		h.set(func(b *social.Brand) { b.Approvals = 2 })
		dan := h.person("Dan", social.Approver)
		s := h.move(h.ana, h.draft(h.content("Samedi")), social.Submit, social.Change{}).Sheet
		s = h.move(dan, s, social.Approve, social.Change{}).Sheet
		h.tx(func(ctx context.Context, tx *storage.Tx) error {
			return tx.SetRoles(ctx, dan.TeamID, dan.ID, h.brand.ID, nil)
		})
		if s = h.move(h.cleo, s, social.Approve, social.Change{}).Sheet; s.Post.State != social.InReview || !cmp.Equal(s.Voters, []string{h.cleo.ID}) {
			t.Errorf("the yes of somebody without the role counted: %s, %v", s.Post.State, s.Voters)
		}
		h.set(func(b *social.Brand) { b.Approvals = 1 })
		if len(h.pile(h.cleo)) != 1 {
			t.Error("once one yes is enough, nobody has it before them")
		}
		if s = h.move(h.cleo, s, social.Approve, social.Change{}).Sheet; s.Post.State != social.Scheduled {
			t.Errorf("once one yes is enough: %s", s.Post.State)
		}
	})
}

func TestTooFewPeopleCanApprove(t *testing.T) {
	each(t, func(h *house) {
		h.set(func(b *social.Brand) { b.Approvals = 3 })
		s := h.draft(h.content("Samedi"))
		_, err := h.s.Move(h.Context(), h.ana, s.Post.ID, s.Post.Rev, social.Submit, social.Change{})
		h.refused(err, fault.Denied, "needs the yes of 3 people, and only 2 can give it")
		h.set(func(b *social.Brand) { b.Approvals = 2 })
		s = h.move(h.ana, s, social.Submit, social.Change{}).Sheet
		_, err = h.s.Edit(h.Context(), h.bob, s.Post.ID, s.Post.Rev, h.content("Dimanche"))
		h.refused(err, fault.Invalid, "if you change these, 1 could still say it, and 2 must")
		if got := h.sheet(s); got.Revision.Text != "Samedi" || got.Post.Rev != s.Post.Rev {
			t.Errorf("changed all the same: %+v", got.Post)
		}
		h.set(func(b *social.Brand) { b.Alone = true })
		alone := h.draft(h.content("Dimanche"))
		_, err = h.s.Move(h.Context(), h.cleo, alone.Post.ID, alone.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Conflict, "") // where several must say yes nobody works alone: it is sent for approval first
	})
}

// Two people press the card that both were shown: the second yes is to the same post, so it counts.
func TestAYesAfterAYesIsNotLate(t *testing.T) {
	each(t, func(h *house) {
		h.set(func(b *social.Brand) { b.Approvals = 2 })
		s := h.move(h.ana, h.draft(h.content("Samedi")), social.Submit, social.Change{}).Sheet
		h.move(h.bob, s, social.Approve, social.Change{})
		if got := h.move(h.cleo, s, social.Approve, social.Change{}).Sheet; got.Post.State != social.Scheduled {
			t.Errorf("it is %s", got.Post.State)
		}
		other := h.move(h.ana, h.draft(h.content("Dimanche")), social.Submit, social.Change{}).Sheet
		h.move(h.bob, other, social.Approve, social.Change{})
		_, err := h.s.Move(h.Context(), h.bob, other.Post.ID, other.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Conflict, "already done")
		_, err = h.s.Edit(h.Context(), h.ana, other.Post.ID, other.Post.Rev+1, h.content("Lundi"))
		h.ok(err)
		_, err = h.s.Move(h.Context(), h.cleo, other.Post.ID, other.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Conflict, "Ana changed the words")
	})
}

// Five people press at once: two of them are enough, the others read that it is decided, and each account gets it once.
func TestManyApproveAtOnce(t *testing.T) {
	each(t, func(h *house) {
		h.set(func(b *social.Brand) { b.Approvals = 2 })
		crew := []social.Member{h.bob, h.cleo, h.person("Dan", social.Approver), h.person("Eva", social.Client), h.person("Fay", social.Approver)}
		for range 10 {
			s := h.move(h.ana, h.draft(h.content("Samedi")), social.Submit, social.Change{}).Sheet
			var mu sync.Mutex
			var late []error
			var all sync.WaitGroup
			for _, m := range crew {
				all.Go(func() {
					_, err := h.s.Move(h.Context(), m, s.Post.ID, 0, social.Approve, social.Change{})
					mu.Lock()
					defer mu.Unlock()
					late = append(late, err)
				})
			}
			all.Wait()
			conflicts := 0
			for _, err := range late {
				if fault.Is(err, fault.Conflict) {
					conflicts++
				} else if err != nil {
					t.Error(err)
				}
			}
			got := h.sheet(s)
			if conflicts != 3 || got.Post.State != social.Scheduled || len(got.Deliveries) != 2 || len(got.Voters) != 2 {
				t.Fatalf("%d too late, %s, %d deliveries, voters %v: %v", conflicts, got.Post.State, len(got.Deliveries), got.Voters, errors.Join(late...))
			}
		}
	})
}
