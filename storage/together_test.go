package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// Many share commits: each holds or fails for itself, and what was asked for after a failure does not happen.
func TestTogetherEachForItself(t *testing.T) {
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		var all sync.WaitGroup
		var mu sync.Mutex
		woken := 0
		odd := errors.New("odd")
		for i := range 100 {
			all.Go(func() {
				err := db.Together(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					tx.OnCommit(func() { mu.Lock(); woken++; mu.Unlock() })
					if err := tx.AddSetting(ctx, fmt.Sprint(i), "yes"); err != nil {
						return err
					}
					if i%2 == 1 {
						return odd
					}
					return nil
				})
				if (i%2 == 1) != errors.Is(err, odd) {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		all.Wait()
		for i := range 100 {
			if _, err := storage.Setting(t.Context(), db, fmt.Sprint(i)); (err == nil) != (i%2 == 0) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if woken != 50 {
			t.Errorf("%d of 50 commits told", woken)
		}
	})
}

// A broken statement of one guest costs the others nothing; one who has given up is not begun.
func TestTogetherSurvivesABrokenGuest(t *testing.T) {
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		err := db.Together(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return tx.SetRoles(ctx, "nobody", "nobody", "nothing", []social.Role{social.Writer})
		})
		if err == nil {
			t.Error("roles of nobody were stored")
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.Together(gone, func(context.Context, *storage.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("begun for somebody who has given up: %v", err)
		}
		if err := db.Together(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return tx.AddSetting(ctx, "a", "b") }); err != nil {
			t.Error(err)
		}
	})
}

// A guest that panics takes its host with it, and nobody else waits for ever.
func TestTogetherSurvivesAPanic(t *testing.T) {
	storagetest.Each(t, frozen, func(t *testing.T, db *storage.DB) {
		func() {
			defer func() { _ = recover() }() // the panic is what is tested
			_ = db.Together(t.Context(), func(context.Context, *storage.Tx) error { panic("broken") })
		}()
		if err := db.Together(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return tx.AddSetting(ctx, "a", "b") }); err != nil {
			t.Error(err)
		}
	})
}
