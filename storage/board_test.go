package storage_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// boarded fills two teams and gives each a placement of its own subject, which is behind.
func boarded(t *testing.T, db *storage.DB) {
	t.Helper()
	db.Use(quiet{})
	in(t, db, func(tx *storage.Tx) error {
		ctx := t.Context()
		for _, team := range []string{"a", "b"} {
			if err := settle(ctx, tx, team); err != nil {
				return err
			}
			_, err := tx.Place(ctx, storage.Placement{TeamID: team, Subject: "pst_" + team, Ours: true,
				Spot: storage.Spot{Surface: "chat", Workspace: "w_" + team, Channel: "c"}})
			if err != nil {
				return err
			}
			if err := tx.Want(ctx, team, "pst_"+team); err != nil {
				return err
			}
		}
		return nil
	})
}

func in(t *testing.T, db *storage.DB, f func(*storage.Tx) error) {
	t.Helper()
	if err := db.InTx(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func placement(t *testing.T, db *storage.DB, team string) storage.Placement {
	t.Helper()
	all, err := storage.Placements(t.Context(), db, team, "pst_"+team)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d placements, %v", len(all), err)
	}
	return all[0]
}

func TestOnePlacementIsDrawnByOne(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		boarded(t, db)
		j := storage.DrawJob{TeamID: "a", Placement: placement(t, db, "a").ID}
		var taken atomic.Int64
		var all sync.WaitGroup
		for _, owner := range strings.Split("abcdefgh", "") {
			all.Go(func() {
				err := db.InTx(t.Context(), func(tx *storage.Tx) error {
					_, ok, err := tx.LeasePlacement(t.Context(), j, owner, time.Minute)
					if ok {
						taken.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			t.Errorf("%d have the lease", taken.Load())
		}
	})
}

func TestLeaseEndsAndItsLateOwnerWritesNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return now.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		boarded(t, db)
		ctx := t.Context()
		j := storage.DrawJob{TeamID: "a", Placement: placement(t, db, "a").ID}
		lease := func(owner string) (p storage.Placement, ok bool) {
			in(t, db, func(tx *storage.Tx) (err error) {
				p, ok, err = tx.LeasePlacement(ctx, j, owner, time.Minute)
				return err
			})
			return p, ok
		}
		late, ok := lease("late")
		if !ok {
			t.Fatal("not leased")
		}
		passed.Store(int64(2 * time.Minute))
		quick, ok := lease("quick")
		if !ok {
			t.Fatal("an ended lease is not taken over")
		}
		for _, write := range []func(*storage.Tx) error{
			func(tx *storage.Tx) error { return tx.MarkSending(ctx, late) },
			func(tx *storage.Tx) error { _, err := tx.ReleasePlacement(ctx, late); return err },
		} {
			if err := db.InTx(ctx, write); !fault.Is(err, fault.Conflict) {
				t.Errorf("the late owner wrote: %v", err)
			}
		}
		quick.Message, quick.Shown, quick.Drawn = "m1", quick.Wanted, "d1"
		in(t, db, func(tx *storage.Tx) error { _, err := tx.ReleasePlacement(ctx, quick); return err })
		if _, ok := lease("again"); ok {
			t.Error("what is drawn already is leased")
		}
		at, err := storage.PlacementAt(ctx, db, "a", quick.Spot, "m1")
		if err != nil || at.Drawn != "d1" {
			t.Errorf("%+v, %v", at, err)
		}
	})
}

func TestAnswerThatMayBeOvertakenIsDrawnOnceMore(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		boarded(t, db)
		ctx := t.Context()
		j := storage.DrawJob{TeamID: "a", Placement: placement(t, db, "a").ID}
		answered := func(p storage.Placement, drawn string) (ask bool) {
			in(t, db, func(tx *storage.Tx) (err error) {
				ask, err = tx.Answered(ctx, p, drawn, time.Second)
				return err
			})
			return ask
		}
		draw := func() {
			in(t, db, func(tx *storage.Tx) error {
				p, ok, err := tx.LeasePlacement(ctx, j, "o", time.Minute)
				if err != nil || !ok {
					return errors.Join(err, errors.New("not leased"))
				}
				p.Message, p.Shown, p.Drawn = "m", p.Wanted, "board"
				_, err = tx.ReleasePlacement(ctx, p)
				return err
			})
		}
		draw()
		before := placement(t, db, "a")
		if answered(before, "mine") {
			t.Error("a clear answer asks for another drawing")
		}
		if p := placement(t, db, "a"); p.Drawn != "mine" || p.Shown != p.Wanted {
			t.Errorf("after a clear answer: %+v", p)
		}
		if !answered(before, "second") {
			t.Error("a second answer within the second asks for nothing")
		}
		if p := placement(t, db, "a"); p.Drawn != "" || p.Shown == p.Wanted {
			t.Errorf("after two answers: %+v", p)
		}
		if answered(before, "third") {
			t.Error("somebody was asked already")
		}
	})
}

func TestBoardShowsNothingOfAnotherTeam(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		boarded(t, db)
		ctx := t.Context()
		p := placement(t, db, "a")
		in(t, db, func(tx *storage.Tx) error {
			return tx.Notify(ctx, social.Notice{TeamID: "a", Subject: "pst_a", MemberID: "mbr_a", Kind: social.ToApprove, Change: "1"})
		})
		open, err := storage.UnsaidNotices(ctx, db, time.Now().Add(time.Hour), 10)
		if err != nil || len(open) != 1 {
			t.Fatalf("%d notices, %v", len(open), err)
		}
		if _, err := storage.UnsaidNotice(ctx, db, "b", open[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another team's notice: %v", err)
		}
		if _, err := storage.PlacementByID(ctx, db, "b", p.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another team's placement: %v", err)
		}
		if all, err := storage.Placements(ctx, db, "b", "pst_a"); err != nil || len(all) != 0 {
			t.Errorf("another team's placements: %v, %v", all, err)
		}
		theirs := p
		theirs.TeamID, theirs.Moved = "b", true
		in(t, db, func(tx *storage.Tx) error {
			_, ok, err := tx.LeasePlacement(ctx, storage.DrawJob{TeamID: "b", Placement: p.ID}, "o", time.Minute)
			if ok {
				t.Error("another team's placement was leased")
			}
			if _, ok, err := tx.TryNotice(ctx, social.Notice{ID: open[0].ID, TeamID: "b"}, time.Minute); ok || err != nil {
				t.Errorf("another team says the notice: %v", err)
			}
			_, answered := tx.Answered(ctx, theirs, "x", time.Second)
			return errors.Join(err, answered, tx.Doubt(ctx, theirs), tx.ReleaseNotice(ctx, social.Notice{ID: open[0].ID, TeamID: "b", Tried: true}), tx.Want(ctx, "b", "pst_a"), tx.MovePlacement(ctx, theirs),
				tx.Said(ctx, social.Notice{ID: open[0].ID, TeamID: "b"}))
		})
		if diff := cmp.Diff(p, placement(t, db, "a")); diff != "" {
			t.Errorf("another team changed it (-before +after):\n%s", diff)
		}
		if n, err := storage.UnsaidNotice(ctx, db, "a", open[0].ID); err != nil || n.Tried {
			t.Errorf("another team said it: %+v, %v", n, err)
		}
	})
}

func TestSweepsOfTheBoard(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		boarded(t, db)
		ctx, later := t.Context(), time.Now().Add(time.Hour)
		behind, err := storage.Behind(ctx, db, later, 10)
		if err != nil {
			t.Fatal(err)
		}
		want := []storage.DrawJob{{TeamID: "a", Placement: placement(t, db, "a").ID}, {TeamID: "b", Placement: placement(t, db, "b").ID}}
		if diff := cmp.Diff(want, behind); diff != "" {
			t.Errorf("behind (-want +got):\n%s", diff)
		}
		shown, err := storage.ShownSince(ctx, db, time.Now().Add(-time.Hour), 1)
		if err != nil || len(shown) != 1 {
			t.Errorf("%v, %v", shown, err)
		}
		if none, err := storage.ShownSince(ctx, db, later, 10); err != nil || len(none) != 0 {
			t.Errorf("%v, %v", none, err)
		}
	})
}

func TestAnswersOfTheLastDayAreDoubted(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return noon.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		boarded(t, db)
		ctx := t.Context()
		for _, team := range []string{"a", "b"} { // a's card is answered a day before b's
			in(t, db, func(tx *storage.Tx) error {
				p, ok, err := tx.LeasePlacement(ctx, storage.DrawJob{TeamID: team, Placement: placement(t, db, team).ID}, "o", time.Minute)
				if err != nil || !ok {
					return errors.Join(err, errors.New("not leased"))
				}
				p.Shown, p.Drawn, p.Message = p.Wanted, "as the board drew it", "m"
				_, err = tx.ReleasePlacement(ctx, p)
				return err
			})
			in(t, db, func(tx *storage.Tx) error {
				_, err := tx.Answered(ctx, placement(t, db, team), "as it was answered", time.Second)
				return err
			})
			passed.Add(int64(24 * time.Hour))
		}
		before := placement(t, db, "a")
		in(t, db, func(tx *storage.Tx) error { return tx.DoubtAnswers(ctx, tx.Now().Add(-24*time.Hour)) })
		if diff := cmp.Diff(before, placement(t, db, "a")); diff != "" {
			t.Errorf("an old answer is doubted (-before +after):\n%s", diff)
		}
		if p := placement(t, db, "b"); p.Drawn != "" || p.Wanted != p.Shown+1 || p.Answered.IsZero() {
			t.Errorf("an answer of the last day is not doubted: %+v", p)
		}
		in(t, db, func(tx *storage.Tx) error { return tx.DoubtAnswers(ctx, tx.Now().Add(-24*time.Hour)) })
		if p := placement(t, db, "b"); p.Wanted != p.Shown+1 {
			t.Errorf("it is asked for twice: %+v", p)
		}
	})
}

// TestBoardQueriesUseTheirIndexes reads the plans that SQLite makes.
func TestBoardQueriesUseTheirIndexes(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, storage.Options{Folder: t.TempDir(), Clock: time.Now})
	for query, index := range map[string]string{
		`SELECT id FROM placements WHERE team_id = 'a' AND subject = 's' ORDER BY id`:                                                               "sqlite_autoindex_placements",
		`SELECT id FROM placements WHERE surface = 's' AND workspace = 'w' AND channel = 'c' AND message = 'm' AND team_id = 'a' AND message <> ''`: "placements_message",
		`SELECT id FROM placements WHERE shown < wanted AND asked_at < 'x' ORDER BY asked_at LIMIT 5`:                                               "placements_behind",
		`SELECT id FROM notices WHERE said_at IS NULL AND at < 'x' ORDER BY at LIMIT 5`:                                                             "notices_open",
		`SELECT COUNT(*) FROM seen WHERE id = 'x'`:                                                                                                  "sqlite_autoindex_seen",
		`SELECT holder FROM turns WHERE surface = 's' AND workspace = 'w' AND channel = 'c' ORDER BY waits DESC, at, holder`:                        "sqlite_autoindex_turns",
		`SELECT COUNT(*) FROM turns WHERE holder = 'x'`:                                                                                             "turns_holder",
		`DELETE FROM turns WHERE at < 'x'`:                                                                                                          "turns_age",
		`SELECT MAX(open_at) FROM paces WHERE surface = 's' AND workspace = 'w' AND channel IN ('', 'c')`:                                           "sqlite_autoindex_paces",
		`DELETE FROM sign_ins WHERE expires_at < 'x'`:                                                                                               "sign_ins_expiry",
		`DELETE FROM seen WHERE at < 'x'`:                                                                                                           "seen_at",
	} {
		rows, err := db.Pool().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			t.Fatal(err)
		}
		plan := ""
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan += detail + "\n"
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan, index) {
			t.Errorf("%s\ndoes not use %s:\n%s", query, index, plan)
		}
	}
}

// TestPostsThatWaitWithoutACardAreFound: one channel where it is missing is enough, and what waits for nobody there is not meant.
func TestPostsThatWaitWithoutACardAreFound(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		x, deaf := newShelf(t, db, "Lune"), newShelf(t, db, "Sans canal")
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			var errs []error
			for _, c := range []string{"w1", "w2"} {
				errs = append(errs, tx.PutChannel(ctx, social.Channel{TeamID: x.team, BrandID: x.brand, Surface: "chat", Workspace: c, Channel: "c", Purpose: social.Approvals}))
			}
			for _, p := range []struct {
				id, answers string
				state       social.State
				of          *shelf
				in          []string // workspaces in whose channel for approvals it stands
			}{
				{id: "nowhere", state: social.InReview, of: x}, {id: "in_one", state: social.Approved, of: x, in: []string{"w1"}},
				{id: "everywhere", state: social.InReview, of: x, in: []string{"w1", "w2"}}, {id: "draft", state: social.Draft, of: x},
				{id: "planned", state: social.Scheduled, of: x}, {id: "answer", state: social.InReview, of: x, answers: "men"},
				{id: "deaf", state: social.InReview, of: deaf},
			} {
				errs = append(errs, tx.AddPost(ctx, social.Post{ID: p.id, TeamID: p.of.team, BrandID: p.of.brand, Author: p.of.member, Editor: p.of.member,
					State: p.state, Rev: 1, When: social.Later, CreatedAt: noon, Answers: p.answers}))
				for _, c := range append(p.in, "elsewhere") {
					_, err := tx.Place(ctx, storage.Placement{TeamID: p.of.team, Subject: p.id, Spot: storage.Spot{Surface: "chat", Workspace: c, Channel: "c"}})
					errs = append(errs, err)
				}
			}
			return errors.Join(errs...)
		})
		got, err := storage.UnplacedPosts(t.Context(), db, 10)
		slices.SortFunc(got, func(a, b storage.ShowJob) int { return strings.Compare(a.Subject, b.Subject) })
		if diff := cmp.Diff([]storage.ShowJob{{TeamID: x.team, Subject: "in_one"}, {TeamID: x.team, Subject: "nowhere"}}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if db.Engine() != storage.SQLite {
			return // a planner that looks at the number of rows scans a table of seven
		}
		plan, err := db.Plan(t.Context(), func(r storage.Reader) error {
			_, err := storage.UnplacedPosts(t.Context(), r, 10)
			return err
		})
		for _, index := range []string{"posts_brand (team_id=? AND brand_id=? AND state=?)", "channels_brand (brand_id=? AND purpose=?)", "sqlite_autoindex_placements"} {
			if !strings.Contains(plan, index) || err != nil {
				t.Errorf("%s is not used: %v\n%s", index, err, plan)
			}
		}
	})
}
