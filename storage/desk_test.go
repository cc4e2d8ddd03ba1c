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
)

// words stores a post of the shelf that has no delivery, and returns its id.
func (x *shelf) words(p social.Post) string {
	x.Helper()
	p.ID, p.TeamID, p.BrandID, p.Author, p.Rev, p.Words, p.When, p.CreatedAt = storage.NewID("pst"), x.team, x.brand, x.member, 1, 1, social.Later, noon
	if p.Editor == "" {
		p.Editor = x.member
	}
	x.tx(func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(tx.AddPost(ctx, p), tx.AddRevision(ctx, x.team, social.Revision{PostID: p.ID, Number: 1, By: p.Editor, At: noon, Text: "Bonjour"}))
	})
	return p.ID
}

func TestWhatWaitsComesNearestDateFirst(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		dated := func(p social.Post, after time.Duration) social.Post {
			p.Moment.At = noon.Add(after)
			return p
		}
		review, back := social.Post{State: social.InReview}, social.Post{State: social.Draft, Note: "Trop court"}
		someday, late, early := x.words(review), x.words(dated(review, 48*time.Hour)), x.words(dated(review, time.Hour))
		x.words(social.Post{State: social.Draft})
		returned := []string{x.words(dated(back, time.Hour)), x.words(back)}
		brands := []string{x.brand, "brd_none"}
		for _, c := range []struct {
			what string
			ask  func() ([]string, error)
			want []string
		}{
			{"to approve", func() ([]string, error) { return storage.ToApprove(t.Context(), x.db, x.team, "", brands, 9) }, []string{early, late, someday}},
			{"the first two", func() ([]string, error) { return storage.ToApprove(t.Context(), x.db, x.team, "", brands, 2) }, []string{early, late}},
			{"one's own words", func() ([]string, error) { return storage.ToApprove(t.Context(), x.db, x.team, x.member, brands, 9) }, nil},
			{"sent back", func() ([]string, error) { return storage.SentBack(t.Context(), x.db, x.team, x.member, brands, 9) }, returned},
			{"sent back to another", func() ([]string, error) { return storage.SentBack(t.Context(), x.db, x.team, "", brands, 9) }, nil},
		} {
			got, err := c.ask()
			if err != nil {
				t.Fatal(c.what, err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.what, diff)
			}
		}
	})
}

// A post leaves when the first of its deliveries does; what stands still or has left is no departure.
func TestDeparturesAreWhatWaits(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		late, early := x.fill(1, noon.Add(2*time.Hour), social.Waiting)[0], x.fill(1, noon.Add(time.Hour), social.Leased)[0]
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			again := early
			again.ID, again.Occurrence, again.DueAt, again.Parts = storage.NewID("dlv"), 1, noon.Add(3*time.Hour), nil
			return tx.AddDelivery(ctx, again)
		})
		x.fill(1, noon.Add(-time.Hour), social.Waiting)
		for _, st := range []social.DeliveryState{social.Live, social.Void, social.Refused} {
			x.fill(1, noon.Add(time.Hour), st)
		}
		got, err := storage.Departures(t.Context(), x.db, x.team, []string{x.brand}, noon, 9)
		if err != nil {
			t.Fatal(err)
		}
		want := []storage.Departure{{early.PostID, x.member, noon.Add(time.Hour)}, {late.PostID, x.member, noon.Add(2 * time.Hour)}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// What a member has before them is asked for each time they look: never by reading the table.
func TestDeskUsesIndexes(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		x.many(20_000)
		x.manyPosts(20_000)
		x.fill(20, noon, social.Waiting)
		x.words(social.Post{State: social.InReview})
		if x.db.Engine() == storage.Postgres {
			if _, err := x.db.Pool().ExecContext(t.Context(), "ANALYZE"); err != nil {
				t.Fatal(err)
			}
		}
		brands := []string{x.brand, "brd_none"}
		for _, q := range []struct {
			name, index string
			ask         func(context.Context, storage.Reader) error
		}{
			{"ToApprove", "posts_brand", func(ctx context.Context, r storage.Reader) error {
				_, err := storage.ToApprove(ctx, r, x.team, x.member, brands, 6)
				return err
			}},
			{"SentBack", "posts_", func(ctx context.Context, r storage.Reader) error {
				_, err := storage.SentBack(ctx, r, x.team, x.member, brands, 6)
				return err
			}},
			{"Stuck", "deliveries_brand", func(ctx context.Context, r storage.Reader) error {
				_, err := storage.Stuck(ctx, r, x.team, x.member, brands, 6)
				return err
			}},
			{"Departures", "deliveries_brand", func(ctx context.Context, r storage.Reader) error {
				_, err := storage.Departures(ctx, r, x.team, brands, noon, 2000)
				return err
			}},
		} {
			plan, err := x.db.Plan(t.Context(), func(r storage.Reader) error { return q.ask(t.Context(), r) })
			if err != nil {
				t.Fatal(q.name, err)
			}
			for _, scan := range []string{"Seq Scan on deliveries", "Seq Scan on posts", "SCAN deliveries", "SCAN posts", "SCAN d", "SCAN p"} {
				if strings.Contains(plan, scan) || !strings.Contains(plan, q.index) {
					t.Fatalf("%s does not use %s:\n%s", q.name, q.index, plan)
				}
			}
		}
	})
}

// manyPosts stores posts that are done, straight into the table.
func (x *shelf) manyPosts(n int) {
	x.Helper()
	p := x.words(social.Post{State: social.Scheduled})
	_, err := x.db.Pool().ExecContext(x.Context(), fmt.Sprintf(`
INSERT INTO posts (id, team_id, brand_id, author, editor, state, rev, words, wish, at, local, zone, note, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
SELECT 'pst_many' || i, team_id, brand_id, author, editor, state, rev, words, wish, created_at, local, zone, note, created_at
FROM posts, n
WHERE id = '%s'`, n, p))
	if err != nil {
		x.Fatal(err)
	}
}
