package publishing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/social"
	"griot/storage"
)

func TestFromDraftToLiveAndDown(t *testing.T) {
	each(t, func(h *house) {
		s := h.draft(h.content("Bonjour à tous"))
		s = h.move(h.ana, s, social.Submit, social.Change{}).Sheet
		if n := h.notices(social.ToApprove); n != 2 {
			t.Errorf("%d people asked to approve, want Bob and Cléo", n)
		}
		_, err := h.s.Move(h.Context(), h.bob, s.Post.ID, s.Post.Rev, social.SendBack, social.Change{})
		h.refused(err, fault.Invalid, "few words")
		s = h.move(h.bob, s, social.SendBack, social.Change{Note: "Plus chaleureux"}).Sheet
		if s.Post.State != social.Draft || s.Post.Note != "Plus chaleureux" || h.notices(social.SentBack) != 1 {
			t.Fatalf("sent back as %+v", s.Post)
		}
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, s.Post.Rev, h.content("Bonjour chers amis"))
		h.ok(err)
		s = h.move(h.ana, r.Sheet, social.Submit, social.Change{}).Sheet
		s = h.move(h.bob, s, social.Approve, social.Change{}).Sheet
		if s.Post.State != social.Scheduled || s.Post.Moment.IsZero() {
			t.Fatalf("approved as %+v", s.Post)
		}
		h.until(h.process(nil), func() bool {
			return h.village.Live("Bonjour chers amis") == 2 && h.sheet(s).Status() == social.IsPublished
		})
		_, err = h.s.Move(h.Context(), h.ana, s.Post.ID, 0, social.Cancel, social.Change{})
		h.refused(err, fault.Conflict, "live or on its way")
		_, err = h.s.TakeDown(h.Context(), h.ana, s.Post.ID, "")
		h.ok(err)
		_, err = h.s.TakeDown(h.Context(), h.ana, s.Post.ID, "")
		h.refused(err, fault.Conflict, "already being taken down")
		h.until(h.process(nil), func() bool { return h.sheet(s).Status() == social.IsRemoved })
		if h.village.Live("Bonjour chers amis") != 0 {
			t.Error("it is still there")
		}
		_, err = h.s.TakeDown(h.Context(), h.ana, s.Post.ID, "")
		h.refused(err, fault.Conflict, "Nothing")
	})
}

func TestSubmitIsRefusedWithTheReason(t *testing.T) {
	each(t, func(h *house) {
		long := h.draft(h.content(strings.Repeat("long ", 300)))
		_, err := h.s.Move(h.Context(), h.ana, long.Post.ID, 0, social.Submit, social.Change{})
		h.refused(err, fault.Invalid, "too many")

		pic := social.Media{Hash: strings.Repeat("ab", 32), Name: "chat.png", Type: "image/png", Size: 1000, Width: 10, Height: 10}
		h.tx(func(ctx context.Context, tx *storage.Tx) error { return tx.AddMedia(ctx, h.brand.TeamID, pic) })
		c := h.content("Un chat")
		c.Media = []social.Media{pic}
		s := h.draft(c)
		_, err = h.s.Move(h.Context(), h.ana, s.Post.ID, 0, social.Submit, social.Change{})
		h.refused(err, fault.Invalid, "no description")
		c.Media[0].Decorative = true
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, s.Post.Rev, c)
		h.ok(err)
		h.move(h.ana, r.Sheet, social.Submit, social.Change{})

		for _, m := range []social.Member{h.bob, h.cleo} {
			h.tx(func(ctx context.Context, tx *storage.Tx) error {
				return tx.SetRoles(ctx, m.TeamID, m.ID, h.brand.ID, nil)
			})
		}
		s = h.draft(h.content("Personne"))
		_, err = h.s.Move(h.Context(), h.ana, s.Post.ID, 0, social.Submit, social.Change{})
		h.refused(err, fault.Denied, "Nobody can approve")
	})
}

func TestStalePressSaysWhatChanged(t *testing.T) {
	each(t, func(h *house) {
		s := h.move(h.ana, h.draft(h.content("Bonjour")), social.Submit, social.Change{}).Sheet
		h.move(h.bob, s, social.SendBack, social.Change{Note: "Non"})
		_, err := h.s.Move(h.Context(), h.cleo, s.Post.ID, s.Post.Rev, social.Approve, social.Change{})
		h.refused(err, fault.Conflict, "Bob sent it back")
		_, err = h.s.Move(h.Context(), h.bob, s.Post.ID, s.Post.Rev, social.SendBack, social.Change{Note: "Non"})
		h.refused(err, fault.Conflict, "already done")
	})
}

func TestEditVoidsOnlyWhatItChanges(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		c := h.content("Bonjour")
		c.When = ""
		c.Texts = map[string]string{h.soleil.ID: "Bonsoir"}
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, s.Post.Rev, c)
		h.ok(err)
		want := map[string]social.DeliveryState{"lune": social.Waiting, "soleil": social.Void}
		if diff := cmp.Diff(want, h.states(s)); diff != "" {
			t.Fatalf("after the edit (-want +got):\n%s", diff)
		}
		if r.Sheet.Post.State != social.Draft || len(r.Notes) != 1 || len(r.Sheet.Approvals) != 1 {
			t.Errorf("edited as %+v with notes %v", r.Sheet.Post, r.Notes)
		}
		// What is still approved leaves at its date, even while the rest is being written.
		h.clock.Advance(24 * time.Hour)
		h.until(h.process(nil), func() bool { return h.states(s)["lune"] == social.Live })
		if h.village.Accepted("Bonjour") != 1 || h.village.Accepted("Bonsoir") != 0 {
			t.Error("the wrong words left")
		}
		// The live one is frozen; the other can still be written, and goes.
		c.When, c.Texts = social.Soon, map[string]string{h.soleil.ID: "Bonne nuit", h.lune.ID: "Changé"}
		r, err = h.s.Edit(h.Context(), h.ana, s.Post.ID, 0, c)
		h.ok(err)
		s = h.move(h.ana, r.Sheet, social.Submit, social.Change{}).Sheet
		h.move(h.bob, s, social.Approve, social.Change{})
		h.until(h.process(nil), func() bool { return h.states(s)["soleil"] == social.Live })
		if h.village.Accepted("Bonne nuit") != 1 || h.village.Accepted("Changé") != 0 || h.village.Accepted("Bonjour") != 1 {
			t.Error("the wrong words left")
		}
	})
}

func TestEditThatChangesNothingVoidsNothing(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		c := h.dated("Bonjour ")
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, s.Post.Rev, c)
		h.ok(err)
		if r.Sheet.Post.State != social.Scheduled || len(r.Sheet.Approvals) != 2 {
			t.Errorf("it became %s", r.Sheet.Post.State)
		}
	})
}

func TestEditMovesTheDate(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		c := h.dated("Bonjour")
		c.Moment.At = c.Moment.At.Add(time.Hour)
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, s.Post.Rev, c)
		h.ok(err)
		if r.Sheet.Post.State != social.Scheduled || !r.Sheet.Deliveries[0].DueAt.Equal(c.Moment.At) || h.notices(social.Moved) != 1 {
			t.Errorf("moved to %v, %d told", r.Sheet.Deliveries[0].DueAt, h.notices(social.Moved))
		}
		c.When, c.Moment = social.Later, social.Moment{}
		r, err = h.s.Edit(h.Context(), h.ana, s.Post.ID, 0, c)
		h.ok(err)
		if r.Sheet.Post.State != social.Approved || r.Sheet.Deliveries[0].State != social.Void {
			t.Errorf("later is %s, %s", r.Sheet.Post.State, r.Sheet.Deliveries[0].State)
		}
	})
}

func TestFixShowsBothHands(t *testing.T) {
	each(t, func(h *house) {
		s := h.move(h.ana, h.draft(h.content("Bonjoure")), social.Submit, social.Change{}).Sheet
		c := h.content("Bonjour")
		c.When = ""
		r, err := h.s.Fix(h.Context(), h.bob, s.Post.ID, s.Post.Rev, c)
		h.ok(err)
		if r.Sheet.Post.State != social.Scheduled || !r.Sheet.Approvals[0].Fixed || h.notices(social.Corrected) != 1 {
			t.Errorf("fixed as %+v", r.Sheet.Approvals)
		}
		h.set(func(b *social.Brand) { b.NoFix = true })
		s = h.move(h.ana, h.draft(h.content("Encore")), social.Submit, social.Change{}).Sheet
		_, err = h.s.Fix(h.Context(), h.bob, s.Post.ID, s.Post.Rev, c)
		h.refused(err, fault.Denied, "does not allow")
	})
}

func TestNobodyApprovesAlone(t *testing.T) {
	each(t, func(h *house) {
		draft := func() social.Sheet {
			s, err := h.s.Draft(h.Context(), h.bob, h.brand.ID, h.content("De Bob"))
			h.ok(err)
			return s
		}
		s := h.move(h.bob, draft(), social.Submit, social.Change{}).Sheet
		_, err := h.s.Move(h.Context(), h.bob, s.Post.ID, 0, social.Approve, social.Change{})
		h.refused(err, fault.Denied, "own words")
		_, err = h.s.Fix(h.Context(), h.bob, s.Post.ID, 0, h.content("De Bob, corrigé"))
		h.refused(err, fault.Denied, "own words")
		h.set(func(b *social.Brand) { b.Alone = true })
		before := h.notices(social.ToApprove)
		s = h.move(h.bob, draft(), social.Approve, social.Change{}).Sheet
		if s.Post.State != social.Scheduled || h.notices(social.ToApprove) != before {
			t.Errorf("alone: %s, %d more asked", s.Post.State, h.notices(social.ToApprove)-before)
		}
	})
}

func TestMovingKeepsTheApprovalUnlessTheBrandForbidsIt(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		later := h.tomorrow()
		later.At = later.At.Add(time.Hour)
		s = h.move(h.ana, s, social.Schedule, social.Change{Moment: later}).Sheet
		if s.Post.State != social.Scheduled || !s.Deliveries[0].DueAt.Equal(later.At) || h.notices(social.Moved) != 1 {
			t.Errorf("moved as %+v", s.Post)
		}
		_, err := h.s.Move(h.Context(), h.ana, s.Post.ID, 0, social.Schedule, social.Change{Moment: social.Moment{At: h.clock.Now()}})
		h.refused(err, fault.Invalid, "still to come")
		h.set(func(b *social.Brand) { b.NoMove = true })
		later.At = later.At.Add(time.Hour)
		s = h.move(h.ana, s, social.Schedule, social.Change{Moment: later}).Sheet
		if s.Post.State != social.InReview || s.Deliveries[0].State != social.Void || len(s.Approvals) != 0 {
			t.Errorf("a brand that forbids it: %s, %s", s.Post.State, s.Deliveries[0].State)
		}
	})
}

func TestUnscheduleAndScheduleAgain(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		s = h.move(h.ana, s, social.Unschedule, social.Change{}).Sheet
		if s.Post.State != social.Approved || s.Status() != social.IsApproved {
			t.Fatalf("off the calendar: %s, %s", s.Post.State, s.Status())
		}
		h.clock.Advance(25 * time.Hour)
		s = h.move(h.ana, s, social.Publish, social.Change{}).Sheet
		h.until(h.process(nil), func() bool { return h.sheet(s).Status() == social.IsPublished })
		if n := h.village.Accepted("Bonjour"); n != 2 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestRefusedWordsCanBeChangedAndSent(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.content("Gros mot"))
		h.village.Misbehave(pretend422)
		h.until(h.process(nil), func() bool {
			st := h.states(s)
			return st["lune"] != social.Waiting && st["soleil"] != social.Waiting && h.sheet(s).Status() == social.IsPartly
		})
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, 0, h.content("Joli mot"))
		h.ok(err)
		s = h.move(h.ana, r.Sheet, social.Submit, social.Change{}).Sheet
		s = h.move(h.bob, s, social.Approve, social.Change{}).Sheet
		h.until(h.process(nil), func() bool { return h.village.Live("Joli mot") == 1 && h.sheet(s).Status() == social.IsPublished })
	})
}

func TestOldDeliveryCannotBeSentAgain(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		old := s.Deliveries[0]
		s = h.move(h.ana, s, social.Unschedule, social.Change{}).Sheet
		s = h.move(h.ana, s, social.Publish, social.Change{}).Sheet
		_, err := h.s.SendAgain(h.Context(), h.ana, old.ID)
		h.refused(err, fault.Conflict, "moved on")
	})
}

func TestPauseAndResume(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		_, err := h.s.Pause(h.Context(), h.ana, h.brand.ID)
		h.refused(err, fault.Denied, "Only an approver")
		_, err = h.s.Pause(h.Context(), h.bob, h.brand.ID)
		h.ok(err)
		_, err = h.s.Pause(h.Context(), h.bob, h.brand.ID)
		h.refused(err, fault.Conflict, "already paused")
		h.clock.Advance(24*time.Hour + time.Minute)
		n, err := h.s.Resume(h.Context(), h.bob, h.brand.ID)
		h.ok(err)
		if n != 2 {
			t.Errorf("%d missed", n)
		}
		sheet := h.sheet(s)
		if sheet.Status() != social.IsMissed {
			t.Errorf("it is %s", sheet.Status())
		}
		_, err = h.s.Drop(h.Context(), h.ana, sheet.Deliveries[0].ID)
		h.ok(err)
		_, err = h.s.SendAgain(h.Context(), h.ana, sheet.Deliveries[1].ID)
		h.ok(err)
		h.until(h.process(nil), func() bool { return h.village.Accepted("Bonjour") == 1 && h.sheet(s).Status() == social.IsPartly })
		_, err = h.s.Resume(h.Context(), h.bob, h.brand.ID)
		h.refused(err, fault.Conflict, "not paused")
	})
}

func TestAccountRemovalStopsWhatWaits(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		h.tx(func(ctx context.Context, tx *storage.Tx) error {
			a := h.lune
			a.State, a.Rev = social.Removed, 2
			return errors.Join(tx.SaveAccount(ctx, a, 1), h.s.StopAccount(ctx, tx, a, ""))
		})
		if diff := cmp.Diff(map[string]social.DeliveryState{"lune": social.Void, "soleil": social.Waiting}, h.states(s)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		h.tx(func(ctx context.Context, tx *storage.Tx) error {
			a := h.soleil
			a.State, a.Rev = social.Removed, 2
			return errors.Join(tx.SaveAccount(ctx, a, 1), h.s.StopAccount(ctx, tx, a, ""))
		})
		_, err := h.s.Move(h.Context(), h.bob, s.Post.ID, 0, social.Publish, social.Change{})
		h.refused(err, fault.Conflict, "None of its accounts is connected any more")
		if n := h.notices(social.NoAccount); n != 2 {
			t.Errorf("the writer was told %d times of two accounts", n)
		}
	})
}

// Everything that takes an id refuses another team's.
func TestOtherTeamsIDs(t *testing.T) {
	each(t, func(h *house) {
		s := h.approved(h.dated("Bonjour"))
		d := s.Deliveries[0].ID
		thief := h.bob
		thief.TeamID = storage.NewID("tea")
		h.tx(func(ctx context.Context, tx *storage.Tx) error {
			return tx.AddTeam(ctx, social.Team{ID: thief.TeamID, Name: "Autre"})
		})
		ctx, id := h.Context(), s.Post.ID
		for name, do := range map[string]func() error{
			"draft":      func() error { _, err := h.s.Draft(ctx, thief, h.brand.ID, h.content("x")); return err },
			"move":       func() error { _, err := h.s.Move(ctx, thief, id, 0, social.Cancel, social.Change{}); return err },
			"edit":       func() error { _, err := h.s.Edit(ctx, thief, id, 0, h.content("x")); return err },
			"fix":        func() error { _, err := h.s.Fix(ctx, thief, id, 0, h.content("x")); return err },
			"sheet":      func() error { _, err := h.s.Sheet(ctx, thief, id); return err },
			"story":      func() error { _, err := h.s.Story(ctx, thief, id); return err },
			"say live":   func() error { _, err := h.s.SayLive(ctx, thief, d); return err },
			"send again": func() error { _, err := h.s.SendAgain(ctx, thief, d); return err },
			"drop":       func() error { _, err := h.s.Drop(ctx, thief, d); return err },
			"take down":  func() error { _, err := h.s.TakeDown(ctx, thief, id, ""); return err },
			"pause":      func() error { _, err := h.s.Pause(ctx, thief, h.brand.ID); return err },
			"resume":     func() error { _, err := h.s.Resume(ctx, thief, h.brand.ID); return err },
		} {
			if err := do(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got, err := h.s.List(ctx, thief, storage.PostFilter{Brand: h.brand.ID}); err != nil || len(got) != 0 {
			t.Errorf("list: %d, %v", len(got), err)
		}
		if diff := cmp.Diff(s.Post, h.sheet(s).Post); diff != "" {
			t.Errorf("it changed (-was +is):\n%s", diff)
		}
	})
}

// A picture of another team is not found, whoever knows its hash.
func TestOtherTeamsPicture(t *testing.T) {
	each(t, func(h *house) {
		c := h.content("Un chat")
		c.Media = []social.Media{{Hash: strings.Repeat("cd", 32), Name: "x.png", Alt: "x"}}
		_, err := h.s.Draft(h.Context(), h.ana, h.brand.ID, c)
		h.refused(err, fault.NotFound, "no longer exists")
	})
}
