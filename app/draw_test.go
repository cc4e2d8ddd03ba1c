package app

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// TestAMentionStaysOutOfAnotherBrandsChannel: whatever brought it there before the channel was given away.
func TestAMentionStaysOutOfAnotherBrandsChannel(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }, func(t *testing.T, db *storage.DB) {
		a, room := &App{DB: db}, social.Room{Surface: "chat", Workspace: "w", Channel: "care"}
		goes := func(want ...string) {
			t.Helper()
			h, err := a.mentionHome(t.Context(), "team", "brd_a", room, "")
			if err != nil {
				t.Fatal(err)
			}
			var there []chat.Place
			for _, c := range want {
				there = append(there, chat.Place{Surface: "chat", Workspace: "w", Channel: c})
			}
			if diff := cmp.Diff(there, h.Places); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		gives := func(brand, channel string) {
			t.Helper()
			if err := db.InTx(t.Context(), func(tx *storage.Tx) error {
				return tx.PutChannel(t.Context(), social.Channel{TeamID: "team", BrandID: brand, Surface: "chat", Workspace: "w", Channel: channel, Purpose: social.Mentions})
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			if err := tx.AddTeam(t.Context(), social.Team{ID: "team", Name: "Lune"}); err != nil {
				return err
			}
			if err := tx.AddBrand(t.Context(), social.Brand{ID: "brd_a", TeamID: "team", Name: "A", Rev: 1}); err != nil {
				return err
			}
			return tx.AddBrand(t.Context(), social.Brand{ID: "brd_b", TeamID: "team", Name: "B", Rev: 1})
		}); err != nil {
			t.Fatal(err)
		}
		goes("care")
		gives("brd_a", "care")
		goes("care")
		gives("brd_a", "mentions")
		gives("brd_b", "care")
		goes("mentions")
	})
}
