package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

type noQueue struct{}

func (noQueue) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func frozen() time.Time { return noon }

// shelf is a team with a brand, an account and posts to send.
type shelf struct {
	*testing.T
	db                           *storage.DB
	team, brand, member, account string
}

func newShelf(t *testing.T, db *storage.DB, name string) *shelf {
	t.Helper()
	db.Use(noQueue{})
	x := &shelf{t, db, storage.NewID("tea"), storage.NewID("brd"), storage.NewID("mbr"), storage.NewID("acc")}
	x.tx(func(ctx context.Context, tx *storage.Tx) error {
		err := errors.Join(
			tx.AddTeam(ctx, social.Team{ID: x.team, Name: name}),
			tx.AddBrand(ctx, social.Brand{ID: x.brand, TeamID: x.team, Name: name, Locale: "fr", Zone: "Europe/Paris", Rev: 1}),
			tx.AddMember(ctx, social.Member{ID: x.member, TeamID: x.team, Name: name, Locale: "fr"}))
		if err != nil {
			return err
		}
		_, err = tx.AddAccount(ctx, social.Account{ID: x.account, TeamID: x.team, BrandID: x.brand, Network: "pretend", RemoteID: x.account,
			State: social.Connected, Rev: 1})
		return err
	})
	return x
}

func (x *shelf) tx(f func(context.Context, *storage.Tx) error) {
	x.Helper()
	if err := x.db.InTx(x.Context(), func(tx *storage.Tx) error { return f(x.Context(), tx) }); err != nil {
		x.Fatal(err)
	}
}

// post stores a scheduled post with one delivery of one part.
func (x *shelf) post(ctx context.Context, tx *storage.Tx, due time.Time, state social.DeliveryState) (social.Delivery, error) {
	p := social.Post{ID: storage.NewID("pst"), TeamID: x.team, BrandID: x.brand, Author: x.member, Editor: x.member, State: social.Scheduled, Rev: 1,
		Words: 1, When: social.OnDate, Moment: social.Moment{At: due}, CreatedAt: noon}
	d := social.Delivery{ID: storage.NewID("dlv"), TeamID: x.team, BrandID: x.brand, PostID: p.ID, AccountID: x.account, Network: "pretend",
		Fingerprint: "f", Revision: 1, State: state, DueAt: due, WakeAt: due, Parts: []social.DeliveryPart{{Key: p.ID, At: due}}}
	if state == social.Live || state == social.Void {
		d.WakeAt = time.Time{}
	}
	return d, errors.Join(tx.AddPost(ctx, p),
		tx.AddRevision(ctx, x.team, social.Revision{PostID: p.ID, Number: 1, By: x.member, At: noon, Text: "Bonjour", Accounts: []string{x.account}}),
		tx.Approve(ctx, x.team, social.Approval{PostID: p.ID, AccountID: x.account, Fingerprint: "f", By: x.member}),
		tx.AddDelivery(ctx, d))
}

func (x *shelf) fill(n int, due time.Time, state social.DeliveryState) []social.Delivery {
	x.Helper()
	var out []social.Delivery
	x.tx(func(ctx context.Context, tx *storage.Tx) error {
		out = nil
		for range n {
			d, err := x.post(ctx, tx, due, state)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return nil
	})
	return out
}

// handles are databases as two processes would have them; on SQLite there is only one process.
func handles(t *testing.T, first *storage.DB, o storage.Options) []*storage.DB {
	t.Helper()
	if first.Engine() == storage.SQLite {
		return []*storage.DB{first}
	}
	second, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := second.Close(); err != nil {
			t.Error(err)
		}
	})
	second.Use(noQueue{})
	return []*storage.DB{first, second}
}

// both runs f on SQLite and, with two handles, on PostgreSQL.
func both(t *testing.T, f func(*testing.T, *shelf, []*storage.DB)) {
	t.Helper()
	t.Parallel()
	run := func(name string, options func(*testing.T) storage.Options) {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			db := storagetest.Open(t, o)
			f(t, newShelf(t, db, "Lune"), handles(t, db, o))
		})
	}
	run("sqlite", func(t *testing.T) storage.Options { return storage.Options{Folder: t.TempDir(), Clock: frozen} })
	run("postgres", func(t *testing.T) storage.Options {
		return storage.Options{URL: storagetest.Database(t), Clock: frozen}
	})
}

func TestClaimNeverDoubles(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, dbs []*storage.DB) {
		all := x.fill(200, noon, social.Waiting)
		var mu sync.Mutex
		got := map[string]int{}
		var workers sync.WaitGroup
		for i := range 16 {
			db := dbs[i%len(dbs)]
			workers.Go(func() {
				for mine := 1; mine > 0; {
					err := db.InTx(t.Context(), func(tx *storage.Tx) error {
						ds, err := tx.Claim(t.Context(), fmt.Sprint("p", i), time.Minute, 7, nil)
						mine = len(ds)
						if err != nil {
							return err
						}
						mu.Lock()
						defer mu.Unlock()
						for _, d := range ds {
							got[d.ID]++
							if d.State != social.Leased || d.Fence != 1 || len(d.Parts) != 1 || d.Owner != fmt.Sprint("p", i) {
								t.Errorf("claimed as %+v", d)
							}
						}
						return nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		workers.Wait()
		for _, d := range all {
			if got[d.ID] != 1 {
				t.Errorf("%s was claimed %d times", d.ID, got[d.ID])
			}
		}
	})
}

// Whoever stops and whoever sends meet: either it was stopped and cannot begin, or it had begun and is said to be leaving.
func TestStopAndBeginningExcludeEachOther(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, dbs []*storage.DB) {
		all := x.fill(60, noon, social.Waiting)
		var claimed []social.Delivery
		x.tx(func(ctx context.Context, tx *storage.Tx) (err error) {
			claimed, err = tx.Claim(ctx, "a", time.Minute, 100, nil)
			return err
		})
		var workers sync.WaitGroup
		for i, d := range claimed {
			var begun bool
			var leaving []social.Delivery
			var pair sync.WaitGroup
			pair.Go(func() {
				err := dbs[0].InTx(t.Context(), func(tx *storage.Tx) (err error) {
					if begun, err = tx.MayLeave(t.Context(), d); err != nil || !begun {
						return err
					}
					begun, err = tx.Turned(t.Context(), d, social.Arm)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
			pair.Go(func() {
				err := dbs[i%len(dbs)].InTx(t.Context(), func(tx *storage.Tx) (err error) {
					leaving, err = tx.Stop(t.Context(), x.team, storage.StopWhich{Post: d.PostID}, social.ByCancel)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
			workers.Go(func() {
				pair.Wait()
				if begun != (len(leaving) == 1) {
					t.Errorf("begun %v, said to be leaving %v", begun, leaving)
				}
			})
		}
		workers.Wait()
		if len(claimed) != len(all) {
			t.Errorf("%d claimed of %d", len(claimed), len(all))
		}
	})
}

// A pause and a beginning meet: nothing begins after the pause holds.
func TestPauseAndBeginningExcludeEachOther(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, dbs []*storage.DB) {
		x.fill(40, noon, social.Waiting)
		var claimed, leaving []social.Delivery
		x.tx(func(ctx context.Context, tx *storage.Tx) (err error) {
			claimed, err = tx.Claim(ctx, "a", time.Minute, 100, nil)
			return err
		})
		var mu sync.Mutex
		began := 0
		var workers sync.WaitGroup
		for i, d := range claimed {
			workers.Go(func() {
				ok := false
				err := dbs[i%len(dbs)].InTx(t.Context(), func(tx *storage.Tx) (err error) {
					if ok, err = tx.MayLeave(t.Context(), d); err != nil || !ok {
						return err
					}
					ok, err = tx.Turned(t.Context(), d, social.Arm)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if ok {
					mu.Lock()
					began++
					mu.Unlock()
				}
			})
		}
		workers.Go(func() {
			err := dbs[len(dbs)-1].InTx(t.Context(), func(tx *storage.Tx) (err error) {
				if err := tx.SetPaused(t.Context(), x.team, x.brand, true); err != nil {
					return err
				}
				leaving, err = tx.Hold(t.Context(), x.team, x.brand)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		workers.Wait()
		if began != len(leaving) {
			t.Errorf("%d began, %d were said to be leaving", began, len(leaving))
		}
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			ds, err := tx.Claim(ctx, "b", time.Minute, 100, nil)
			if len(ds) != 0 {
				t.Errorf("%d claimed of a paused brand", len(ds))
			}
			return err
		})
	})
}

func TestClaimSkipsNetworksAndTakesTheOldestFirst(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		late := x.fill(1, noon.Add(-time.Hour), social.Waiting)[0]
		x.fill(3, noon, social.Waiting)
		x.fill(3, noon.Add(time.Second), social.Waiting)
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			none, err := tx.Claim(ctx, "a", time.Minute, 10, []string{"pretend"})
			if err != nil || len(none) != 0 {
				t.Errorf("%d of a network that had its share", len(none))
			}
			got, err := tx.Claim(ctx, "a", time.Minute, 2, []string{"other"})
			if err != nil || len(got) != 2 || got[0].ID != late.ID {
				t.Errorf("claimed %v", got)
			}
			got, err = tx.Claim(ctx, "a", time.Minute, 10, nil)
			if err != nil || len(got) != 2 {
				t.Errorf("then %d", len(got))
			}
			return err
		})
		at, err := storage.NextWake(t.Context(), x.db)
		if err != nil || !at.Equal(noon.Add(time.Second)) {
			t.Errorf("next at %s, %v", at, err)
		}
	})
}

func TestDecisionWinsOverTheLease(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		x.fill(1, noon, social.Waiting)
		var d social.Delivery
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			ds, err := tx.Claim(ctx, "a", time.Minute, 1, nil)
			d = ds[0]
			return err
		})
		x.tx(func(ctx context.Context, tx *storage.Tx) error { return tx.Decided(ctx, d, social.Miss) })
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			if ok, err := tx.Turned(ctx, d, social.Arm); ok || err != nil {
				t.Errorf("armed after it was decided: %v, %v", ok, err)
			}
			if err := tx.Decided(ctx, d, social.Miss); !fault.Is(err, fault.Conflict) {
				t.Errorf("decided twice: %v", err)
			}
			if ok, err := tx.Renew(ctx, d, time.Minute); ok || err != nil {
				t.Errorf("renewed after it was decided: %v, %v", ok, err)
			}
			return nil
		})
	})
}

// The hot queries read their index, not the table, among twenty thousand rows.
func TestPlansUseIndexes(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		x.many(20_000)
		x.fill(20, noon, social.Waiting)
		if x.db.Engine() == storage.Postgres {
			if _, err := x.db.Pool().ExecContext(t.Context(), "ANALYZE"); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(f func(context.Context, storage.Reader) error) func() (string, error) {
			return func() (string, error) {
				return x.db.Plan(t.Context(), func(r storage.Reader) error { return f(t.Context(), r) })
			}
		}
		for _, q := range []struct {
			name, index string
			plan        func() (string, error)
		}{
			{"Claim", "deliveries_wake", func() (string, error) { return x.db.PlanOfClaim(t.Context()) }},
			{"NextWake", "deliveries_wake", ask(func(ctx context.Context, r storage.Reader) error {
				_, err := storage.NextWake(ctx, r)
				return err
			})},
			{"Untold", "deliveries_news", ask(func(ctx context.Context, r storage.Reader) error {
				_, err := storage.Untold(ctx, r, 50)
				return err
			})},
			{"RunningLate", "deliveries_due", ask(func(ctx context.Context, r storage.Reader) error {
				_, err := storage.RunningLate(ctx, r, noon)
				return err
			})},
		} {
			plan, err := q.plan()
			if err != nil {
				t.Fatal(q.name, err)
			}
			if !strings.Contains(plan, q.index) || strings.Contains(plan, "Seq Scan on deliveries") {
				t.Errorf("%s does not use %s:\n%s", q.name, q.index, plan)
			}
		}
	})
}

// many stores rows that are done, straight into the table.
func (x *shelf) many(n int) {
	x.Helper()
	p := x.fill(1, noon, social.Live)[0]
	_, err := x.db.Pool().ExecContext(x.Context(), fmt.Sprintf(`
INSERT INTO deliveries (id, team_id, brand_id, post_id, account_id, occurrence, network, fingerprint, words_no, state, due_at,
    looks, owner, fence, tries, said, reason, halt, rev, told_late, news)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
SELECT 'dlv_many' || i, team_id, brand_id, post_id, account_id, i, network, fingerprint, 1, 'live', due_at,
    0, '', 1, 1, '', '', '', 1, FALSE, FALSE
FROM deliveries, n
WHERE id = '%s'`, n, p.ID))
	if err != nil {
		x.Fatal(err)
	}
}
