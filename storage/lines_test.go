package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

func TestALineIsItsBrandsInEachLanguage(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		b := social.Brand{ID: "brd_a", TeamID: "a", Locale: i18n.Fr}
		fr := social.Line{TeamID: "a", BrandID: "brd_a", Locale: "fr", Tone: "chaleureux", Address: social.Vous, Themes: []string{"atelier"},
			Banned: []string{"pas cher"}, Required: []string{"#maison"}, Samples: []string{"Bonjour\nà tous"}, Replies: []string{"Merci"}, Rev: 1}
		en := social.Line{TeamID: "a", BrandID: "brd_a", Locale: "en", Tone: "warm", Rev: 1}
		in(t, db, func(tx *storage.Tx) error { return tx.SaveLine(ctx, en, 0) })
		in(t, db, func(tx *storage.Tx) error { return tx.SaveLine(ctx, fr, 0) })
		got, err := storage.Lines(ctx, db, "a", b)
		if diff := cmp.Diff([]social.Line{fr, en}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if other, err := storage.Lines(ctx, db, "b", b); len(other) > 0 || err != nil {
			t.Errorf("another team reads %v, %v", other, err)
		}
		again := fr
		again.Tone, again.Rev = "sobre", 2
		in(t, db, func(tx *storage.Tx) error { return tx.SaveLine(ctx, again, 1) })
		for name, was := range map[string]int64{"a second first one": 0, "over what another wrote": 1} {
			err := db.InTx(ctx, func(tx *storage.Tx) error { return tx.SaveLine(ctx, fr, was) })
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		stolen := again
		stolen.TeamID, stolen.Rev = "b", 3
		if err := db.InTx(ctx, func(tx *storage.Tx) error { return tx.SaveLine(ctx, stolen, 2) }); !fault.Is(err, fault.Conflict) {
			t.Errorf("another team writes: %v", err)
		}
	})
}

func TestSpendingIsOfATeamAndADay(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ctx, day := t.Context(), time.Date(2026, 3, 2, 23, 59, 0, 0, time.UTC)
		for range 2 {
			in(t, db, func(tx *storage.Tx) error { return tx.Spend(ctx, "a", 20) })
		}
		for _, c := range []struct {
			team string
			at   time.Time
			want int64
		}{{"a", day, 40}, {"b", day, 0}, {"a", day.Add(time.Minute), 0}} {
			if got, err := storage.Spent(ctx, db, c.team, c.at); got != c.want || err != nil {
				t.Errorf("%s on %s: %d, %v; want %d", c.team, c.at, got, err, c.want)
			}
		}
	})
}
