package storage_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/storage"
	"griot/storage/storagetest"
)

func TestAHoldIsOnesUntilItEndsOrIsLetGo(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return noon.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		ctx := t.Context()
		take := func(name, owner string) (got bool) {
			in(t, db, func(tx *storage.Tx) (err error) {
				got, err = tx.TakeHold(ctx, name, owner, time.Minute)
				return err
			})
			return got
		}
		for _, step := range []struct {
			after       time.Duration
			name, owner string
			letGo       bool // instead of taking
			want        bool
		}{
			{0, "shard 0", "one", false, true},
			{0, "shard 0", "two", false, false},
			{0, "shard 1", "two", false, true},
			{59 * time.Second, "shard 0", "two", false, false},
			{0, "shard 0", "one", false, true}, // longer now
			{59 * time.Second, "shard 0", "two", false, false},
			{time.Second, "shard 0", "two", false, true}, // ended
			{0, "shard 0", "one", false, false},
			{0, "shard 0", "one", true, true}, // no longer one's to let go
			{0, "shard 0", "one", false, false},
			{0, "shard 0", "two", true, true},
			{0, "shard 0", "one", false, true},
		} {
			passed.Add(int64(step.after))
			if step.letGo {
				in(t, db, func(tx *storage.Tx) error { return tx.LetGo(ctx, step.name, step.owner) })
				continue
			}
			if got := take(step.name, step.owner); got != step.want {
				t.Errorf("%+v: %v", step, got)
			}
		}
	})
}

func TestOfManyWhoTakeAHoldAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func() time.Time { return noon }, func(t *testing.T, db *storage.DB) {
		var took atomic.Int64
		var wg sync.WaitGroup
		for _, owner := range []string{"one", "two", "three", "four"} {
			wg.Go(func() {
				err := db.InTx(t.Context(), func(tx *storage.Tx) error {
					ok, err := tx.TakeHold(t.Context(), "shard 0", owner, time.Minute)
					if ok {
						took.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := took.Load(); n != 1 {
			t.Errorf("%d took it", n)
		}
	})
}
