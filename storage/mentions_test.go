package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// What was heard and has no card yet is found until it stands somewhere; what belongs nowhere is not.
func TestWhatStandsNowhereIsFound(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		x, deaf := newShelf(t, db, "Lune"), newShelf(t, db, "Sans canal")
		g := social.Gathering{ID: "gth_1", TeamID: x.team, BrandID: x.brand, RuleID: "rul", Number: 1, BeganAt: noon, LastAt: noon}
		empty := g
		empty.ID, empty.RuleID, empty.Number = "gth_2", "other", 0
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			err := tx.PutChannel(ctx, social.Channel{TeamID: x.team, BrandID: x.brand, Surface: "chat", Workspace: "w", Channel: "c", Purpose: social.Approvals})
			for _, g := range []social.Gathering{g, empty} {
				_, more := tx.Gather(ctx, g, noon)
				err = errors.Join(err, more)
			}
			for _, m := range []social.Mention{x.said("men_1"), x.said("men_late"), deaf.said("men_deaf"), x.said("men_muted"), x.said("men_many"), x.said("men_shown")} {
				switch m.ID {
				case "men_late":
					m.HeardAt = noon.Add(time.Minute)
				case "men_muted":
					m.Muted = true
				case "men_many":
					m.Gathering = g.ID
				}
				_, more := tx.Hear(ctx, m)
				err = errors.Join(err, more)
			}
			room := deaf.said("men_room") // its rule names the channel
			room.Room = social.Room{Surface: "chat", Workspace: "w", Channel: "d"}
			_, heard := tx.Hear(ctx, room)
			_, placed := tx.Place(ctx, storage.Placement{TeamID: x.team, Subject: "men_shown", Spot: storage.Spot{Surface: "chat", Workspace: "w", Channel: "c"}})
			return errors.Join(err, heard, placed)
		})
		got, err := storage.Unplaced(t.Context(), db, noon, noon.Add(time.Minute), 10)
		if err != nil {
			t.Fatal(err)
		}
		want := map[storage.ShowJob]bool{{TeamID: x.team, Subject: "men_1"}: true, {TeamID: deaf.team, Subject: "men_room"}: true, {TeamID: x.team, Subject: g.ID}: true}
		found := map[storage.ShowJob]bool{}
		for _, j := range got {
			found[j] = true
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	})
}

// What a rule kept from people is counted, and nobody is said to have decided about it.
func TestMutedMentionsAreCountedApart(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		x, other := newShelf(t, db, "Lune"), newShelf(t, db, "Soleil")
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			var errs []error
			for id, state := range map[string]social.MentionState{"men_new": social.IsNew, "men_ignored": social.IsIgnored, "men_muted": social.IsIgnored,
				"men_muted_too": social.IsIgnored, "men_muted_later": social.IsIgnored} {
				m := x.said(id)
				if m.State, m.Muted = state, strings.HasPrefix(id, "men_muted"); id == "men_muted_later" {
					m.HeardAt = noon.Add(time.Hour)
				}
				_, err := tx.Hear(ctx, m)
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		})
		stand, muted, err := storage.MentionCounts(t.Context(), db, x.team, x.brand, noon, noon.Add(time.Hour))
		if diff := cmp.Diff(map[social.MentionState]int{social.IsNew: 1, social.IsIgnored: 1}, stand); diff != "" || muted != 2 || err != nil {
			t.Errorf("%d muted, %v (-want +got):\n%s", muted, err, diff)
		}
		if stand, muted, err := storage.MentionCounts(t.Context(), db, other.team, x.brand, noon, noon.Add(time.Hour)); len(stand) > 0 || muted > 0 || err != nil {
			t.Errorf("another team counts %v and %d, %v", stand, muted, err)
		}
	})
}

// said is a mention of the shelf's brand.
func (x *shelf) said(id string) social.Mention {
	return social.Mention{ID: id, TeamID: x.team, BrandID: x.brand, AccountID: x.account, Network: "pretend", Key: id, Kind: social.Named,
		SaidAt: noon, HeardAt: noon, State: social.IsNew, Rev: 1}
}

// The lists of mentions are read from an index however many there are.
func TestMentionsAreReadByIndex(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		x := newShelf(t, db, "Lune")
		x.crowd(20_000)
		f := storage.MentionFilter{Brands: []string{x.brand}, States: []social.MentionState{social.IsNew, social.IsClaimed, social.IsEscalated}, Limit: 10}
		late, mine, free := f, f, f
		late.States, late.LateAt = nil, noon
		mine.Owner, mine.States, free.States = x.member, nil, []social.MentionState{social.IsNew}
		for name, f := range map[string]storage.MentionFilter{"all": f, "late": late, "mine": mine, "free": free} {
			plan, err := db.Plan(t.Context(), func(r storage.Reader) error {
				_, err := storage.MentionsOf(t.Context(), r, x.team, f)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			read(t, name, plan)
		}
		plan, err := db.Plan(t.Context(), func(r storage.Reader) error {
			_, _, _, err := storage.CountMentions(t.Context(), r, x.team, f.Brands, x.member, noon, 1000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		read(t, "counted", plan)
	})
}

// read fails for a plan that reads anything but an index in its order. A table read from its beginning "because ten rows in a hundred fit"
// may have nothing that fits in its first half.
func read(t *testing.T, name, plan string) {
	t.Helper()
	if !strings.Contains(plan, "mentions_") || strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "Sort") {
		t.Errorf("%s is not read in the order of an index:\n%s", name, plan)
	}
}

// crowd stores n mentions straight into the table, a second apart: the oldest tenth of them waits for somebody, the others are settled.
func (x *shelf) crowd(n int) {
	x.Helper()
	x.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Hear(ctx, x.said("men_first"))
		return err
	})
	at := `strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-11-03 12:00:00', '-' || i || ' seconds')`
	if x.db.Engine() == storage.Postgres {
		at = `TIMESTAMPTZ '2026-11-03 12:00:00+00' - i * INTERVAL '1 second'`
	}
	_, err := x.db.Pool().ExecContext(x.Context(), `
INSERT INTO mentions (id, team_id, brand_id, account_id, network, key, remote, kind, author, handle, title, text, language, url, said_at, heard_at,
    state, late_at, rule_id, rule_name, channel, label, priority, muted, note, answer, suggesting, rev)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < `+fmt.Sprint(n)+`), open(i, at, waits) AS (SELECT i, `+at+`, i > `+fmt.Sprint(n-n/10)+` FROM n)
SELECT 'men_' || i, team_id, brand_id, account_id, network, 'key ' || i, remote, kind, author, handle, title, text, language, url, at, at,
    CASE WHEN waits THEN 'new' ELSE 'done' END, CASE WHEN waits THEN at END, rule_id, rule_name, channel, label, priority, muted, note, answer,
    suggesting, rev
FROM mentions, open
WHERE id = 'men_first'`)
	if err != nil {
		x.Fatal(err)
	}
	if _, err := x.db.Pool().ExecContext(x.Context(), `ANALYZE mentions`); err != nil {
		x.Fatal(err)
	}
}
