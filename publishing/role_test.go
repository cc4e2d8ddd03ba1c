package publishing_test

import (
	"context"
	"testing"

	"griot/fault"
	"griot/social"
	"griot/storage"
)

// A press counts with the roles of the moment it is written, not of the moment the person was recognised.
func TestRoleTakenAwayBeforeThePressIsWritten(t *testing.T) {
	each(t, func(h *house) {
		s := h.draft(h.content("Bonjour"))
		s = h.move(h.ana, s, social.Submit, social.Change{}).Sheet
		h.tx(func(ctx context.Context, tx *storage.Tx) error {
			for _, m := range []social.Member{h.ana, h.bob} {
				if err := tx.SetRoles(ctx, m.TeamID, m.ID, h.brand.ID, nil); err != nil {
					return err
				}
			}
			return nil
		})
		ctx := h.Context()
		for name, do := range map[string]func() error{
			"approve": func() error {
				_, err := h.s.Move(ctx, h.bob, s.Post.ID, s.Post.Rev, social.Approve, social.Change{})
				return err
			},
			"draft": func() error { _, err := h.s.Draft(ctx, h.ana, h.brand.ID, h.content("Encore")); return err },
			"pause": func() error { _, err := h.s.Pause(ctx, h.bob, h.brand.ID); return err },
		} {
			if err := do(); !fault.Is(err, fault.Denied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := h.sheet(s); got.Post.State != social.InReview {
			t.Errorf("it is %s", got.Post.State)
		}
	})
}
