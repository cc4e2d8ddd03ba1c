package storage_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

func TestARightIsWrittenOverByWhoSawTheLatest(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		x := storage.Install{Surface: "chat", Workspace: "w_a", Name: "A", Scopes: []string{"s"}, Secrets: "one", Expires: noon}
		in(t, db, func(tx *storage.Tx) error { return tx.PutInstallation(ctx, x) })
		got, err := storage.Installation(ctx, db, "chat", "w_a")
		x.Active, x.Rev = true, 1
		if diff := cmp.Diff(x, got); diff != "" || err != nil {
			t.Fatalf("%v (-put +got):\n%s", err, diff)
		}
		x.Secrets = "two"
		in(t, db, func(tx *storage.Tx) error { return tx.SwapInstallation(ctx, x) })
		removed := func(tx *storage.Tx) error {
			left, was, err := tx.RemoveInstallation(ctx, "chat", "w_a")
			if !was || left.Secrets != "" || left.Rev != 3 {
				t.Errorf("removed %v: %+v", was, left)
			}
			return err
		}
		stale := func(what string) {
			for name, write := range map[string]func(*storage.Tx) error{
				"swap": func(tx *storage.Tx) error { return tx.SwapInstallation(ctx, x) },
				"hold": func(tx *storage.Tx) error { return tx.HoldInstallation(ctx, x) },
			} {
				if err := db.InTx(ctx, write); !fault.Is(err, fault.Conflict) {
					t.Errorf("%s of %s: %v", name, what, err)
				}
			}
		}
		stale("what was renewed since")
		in(t, db, removed)
		x.Rev = 3
		stale("what was removed")
		if all, err := storage.Installations(ctx, db, "chat"); err != nil || len(all) != 0 {
			t.Errorf("active ones: %v, %v", all, err)
		}
	})
}

func TestANoticeIsSaidByOneWhoKnowsWhetherItWasTried(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return noon.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		boarded(t, db)
		ctx := t.Context()
		in(t, db, func(tx *storage.Tx) error {
			return tx.Notify(ctx, social.Notice{TeamID: "a", Subject: "pst_a", MemberID: "mbr_a", Kind: social.ToApprove, Change: "1"})
		})
		open, err := storage.UnsaidNotices(ctx, db, noon.Add(time.Hour), 10)
		if err != nil || len(open) != 1 {
			t.Fatalf("%d notices, %v", len(open), err)
		}
		try := func() (n social.Notice, ok bool) {
			in(t, db, func(tx *storage.Tx) (err error) {
				n, ok, err = tx.TryNotice(ctx, open[0], time.Minute)
				return err
			})
			return n, ok
		}
		n, ok := try()
		if !ok || n.Tried {
			t.Errorf("the first: %v, tried %v", ok, n.Tried)
		}
		if _, ok := try(); ok {
			t.Error("two say it at once")
		}
		in(t, db, func(tx *storage.Tx) error { return tx.ReleaseNotice(ctx, n) }) // certainly not heard
		if n, ok := try(); !ok || n.Tried {
			t.Errorf("after a refusal: %v, tried %v", ok, n.Tried)
		}
		passed.Store(int64(2 * time.Minute)) // whoever said it is dead
		n, ok = try()
		if !ok || !n.Tried {
			t.Errorf("after a crash: %v, tried %v", ok, n.Tried)
		}
		in(t, db, func(tx *storage.Tx) error { return tx.Said(ctx, n) })
		passed.Store(int64(time.Hour))
		if _, ok := try(); ok {
			t.Error("what was said is said again")
		}
	})
}

func TestWhatComesTwiceIsKeptOnce(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		for _, want := range []bool{true, false} {
			in(t, db, func(tx *storage.Tx) error {
				fresh, err := tx.Keep(t.Context(), "event|1")
				if fresh != want {
					t.Errorf("fresh %v, want %v", fresh, want)
				}
				return err
			})
		}
	})
}

func TestChannelsOfOneChatWithTheirBrands(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		got, err := storage.ChannelsOf(t.Context(), db, "chat")
		want := []storage.BrandChannel{}
		for _, team := range []string{"a", "b"} {
			want = append(want, storage.BrandChannel{Brand: "Brand", Channel: social.Channel{TeamID: team, BrandID: "brd_" + team, Surface: "chat",
				Workspace: "w_" + team, Channel: "c", Purpose: social.Approvals}})
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if none, err := storage.ChannelsOf(t.Context(), db, "other"); err != nil || len(none) != 0 {
			t.Errorf("%v, %v", none, err)
		}
	})
}

// TestWhatNoLongerGuardsAnythingIsForgotten, and nothing else.
func TestWhatNoLongerGuardsAnythingIsForgotten(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return noon.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		ctx := t.Context()
		turn := storage.Turn{Spot: storage.Spot{Surface: "chat", Workspace: "w", Channel: "c"}, Holder: "p", Every: time.Second}
		fill := func() {
			in(t, db, func(tx *storage.Tx) error {
				if err := tx.AddSignIn(ctx, "chat", "state"+tx.Now().String(), tx.Now().Add(time.Minute)); err != nil {
					return err
				}
				_, err := tx.TakeTurn(ctx, turn)
				return err
			})
		}
		count := func() (n int) {
			err := db.Pool().QueryRowContext(ctx, `
SELECT (SELECT COUNT(*) FROM sign_ins) + (SELECT COUNT(*) FROM turns) + (SELECT COUNT(*) FROM paces)`).Scan(&n)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		fill()
		passed.Store(int64(48 * time.Hour))
		turn.Channel = "d"
		fill()
		in(t, db, func(tx *storage.Tx) error { return tx.Prune(ctx) })
		if n := count(); n != 3 {
			t.Errorf("%d rows are left, want the three of today", n)
		}
		passed.Store(int64(49 * time.Hour)) // a channel that wants no calls until tomorrow
		in(t, db, func(tx *storage.Tx) error {
			if err := tx.Shut(ctx, turn.Spot, 24*time.Hour); err != nil {
				return err
			}
			return tx.Prune(ctx)
		})
		if open, err := storage.OpenAt(ctx, db, turn.Spot); err != nil || !open.Equal(noon.Add(73*time.Hour)) {
			t.Errorf("open at %v, %v", open, err)
		}
	})
}
