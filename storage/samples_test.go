package storage_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// TestASampleIsNeverAltered: what is restated is another sample, and what was said for an instant stands.
func TestASampleIsNeverAltered(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		x := newShelf(t, db, "Maison")
		one := social.Sample{TeamID: x.team, BrandID: x.brand, AccountID: x.account, Metric: social.Followers, Value: 10, At: noon, Means: "test 1"}
		less, again := one, one
		less.Value, less.At = 4, noon.Add(time.Hour)
		again.Value = 99
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			return errors.Join(tx.AddSample(ctx, one), tx.AddSample(ctx, less), tx.AddSample(ctx, again))
		})
		got, err := storage.AccountSamples(t.Context(), db, x.team, x.brand, noon.Add(-time.Hour), noon.Add(time.Hour))
		if diff := cmp.Diff([]social.Sample{one, less}, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// TestNumbersOfAnotherTeamAreNotSeen: with another team's ids every read is empty and every write misses.
func TestNumbersOfAnotherTeamAreNotSeen(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		x, y := newShelf(t, db, "Maison"), newShelf(t, db, "Autre")
		at := social.Channel{TeamID: x.team, BrandID: x.brand, Surface: "slack", Workspace: "T1", Channel: "C1", Purpose: social.Numbers}
		told := storage.Digest{ID: storage.NewID("dgs"), Channel: at, Day: "2026-11-03", Report: social.Report{Brand: "Maison"}}
		w := social.Watched{TeamID: x.team, BrandID: x.brand, AccountID: x.account, Since: noon, NextAt: noon}
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.AddDigest(ctx, told)
			return errors.Join(err, tx.PutChannel(ctx, at), tx.Watch(ctx, w), tx.PutTelling(ctx, social.Telling{Channel: at, Minute: 60, Days: social.EveryDay}),
				tx.AddSample(ctx, social.Sample{TeamID: x.team, BrandID: x.brand, AccountID: x.account, Metric: social.Likes, Value: 1, At: noon, Means: "test 1"}))
		})
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			theirs, chosen := w, social.Telling{Channel: at, Minute: 90, Days: social.EveryDay}
			theirs.TeamID, theirs.LostAt, chosen.Channel.TeamID = y.team, noon, y.team
			return errors.Join(tx.SaveWatched(ctx, theirs), tx.PutTelling(ctx, chosen))
		})
		look := func(team string) (out []int) {
			ctx := t.Context()
			samples, err := storage.AccountSamples(ctx, db, team, x.brand, noon.Add(-time.Hour), noon)
			items, err2 := storage.ItemSamples(ctx, db, team, x.account, "", noon)
			in, err3 := storage.WatchedIn(ctx, db, team, x.brand, noon, noon.Add(time.Hour))
			accounts, err4 := storage.WatchedAccounts(ctx, db, team, x.brand)
			tellings, err5 := storage.TellingsOf(ctx, db, team, x.brand)
			heard, _, err6 := storage.MentionCounts(ctx, db, team, x.brand, noon, noon.Add(time.Hour))
			if err := errors.Join(err, err2, err3, err4, err5, err6); err != nil {
				t.Fatal(err)
			}
			if len(accounts) > 0 && !accounts[0].LostAt.IsZero() || len(tellings) > 0 && tellings[0].Minute != 60 {
				t.Errorf("another team wrote: %v %v", accounts, tellings)
			}
			return []int{len(samples), len(items), len(in), len(accounts), len(tellings), len(heard)}
		}
		if diff := cmp.Diff([][]int{{1, 1, 1, 1, 1, 0}, {0, 0, 0, 0, 0, 0}}, [][]int{look(x.team), look(y.team)}); diff != "" {
			t.Errorf("seen by the team and by another (-want +got):\n%s", diff)
		}
		if d, err := storage.DigestByID(t.Context(), db, x.team, told.ID); err != nil || d.Report.Brand != "Maison" {
			t.Errorf("%+v, %v", d, err)
		}
		if d, err := storage.DigestByID(t.Context(), db, y.team, told.ID); err == nil {
			t.Errorf("another team reads %+v", d)
		}
	})
}

// TestNumbersAreFoundByTheirIndexes, however many there are.
func TestNumbersAreFoundByTheirIndexes(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, storage.Options{Folder: t.TempDir(), Clock: frozen})
	for index, ask := range map[string]func(context.Context, storage.Reader) error{
		"samples_brand": func(ctx context.Context, r storage.Reader) error {
			_, err := storage.AccountSamples(ctx, r, "t", "b", noon, noon)
			return err
		},
		"sqlite_autoindex_samples": func(ctx context.Context, r storage.Reader) error {
			_, err := storage.ItemSamples(ctx, r, "t", "a", "i", noon)
			return err
		},
		"watched_next": func(ctx context.Context, r storage.Reader) error {
			_, err := storage.DueAccounts(ctx, r, noon, 9)
			return err
		},
		"parts_unwatched": func(ctx context.Context, r storage.Reader) error {
			_, err := storage.UnwatchedParts(ctx, r, 9)
			return err
		},
		"watched_brand": func(ctx context.Context, r storage.Reader) error {
			_, err := storage.WatchedIn(ctx, r, "t", "b", noon, noon)
			return err
		},
		"mentions_state (brand_id=? AND state=? AND heard_at>? AND heard_at<?)": func(ctx context.Context, r storage.Reader) error {
			_, _, err := storage.MentionCounts(ctx, r, "t", "b", noon, noon)
			return err
		},
	} {
		plan, err := db.Plan(t.Context(), func(r storage.Reader) error { return ask(t.Context(), r) })
		if err != nil {
			t.Fatal(index, err)
		}
		if !strings.Contains(plan, index) {
			t.Errorf("%s is not used:\n%s", index, plan)
		}
	}
}
