package accounts_test

import (
	"bytes"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"griot/accounts"
	"griot/fault"
	"griot/storage"
	"griot/storage/storagetest"
)

func TestTheShelfKeepsWhatWasTypedForADay(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return noon.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		w := world{T: t, db: db}
		s, ctx := accounts.NewShelf(db, w.key()), t.Context()
		typed := []byte("Demain, \x00 grande vente")
		id, err := s.Put(ctx, "discord", typed)
		w.ok(err)
		other, err := s.Put(ctx, "discord", nil)
		w.ok(err)
		if got, err := s.Get(ctx, "discord", id); err != nil || !bytes.Equal(got, typed) {
			t.Errorf("got %q, %v", got, err)
		}
		if got, err := s.Get(ctx, "discord", other); err != nil || len(got) != 0 {
			t.Errorf("nothing came back as %q, %v", got, err)
		}
		for _, x := range []struct{ surface, id string }{{"slack", id}, {"discord", "shf_unknown"}, {"discord", ""}, {"discord", id + "' OR 1=1"}} {
			_, err := s.Get(ctx, x.surface, x.id)
			w.wants(err, fault.NotFound)
		}
		kept, err := storage.OnShelf(ctx, db, id, "discord", noon.Add(-time.Hour))
		w.ok(err)
		if strings.Contains(kept, "vente") {
			t.Errorf("the database has the words: %s", kept)
		}
		w.ok(db.InTx(ctx, func(tx *storage.Tx) error { return tx.PutOnShelf(ctx, "shf_moved", "discord", kept) }))
		if got, err := s.Get(ctx, "discord", "shf_moved"); err == nil {
			t.Errorf("under another id it opens: %q", got)
		}

		prune := func() { w.ok(db.InTx(ctx, func(tx *storage.Tx) error { return tx.Prune(ctx) })) }
		passed.Store(int64(24*time.Hour - time.Second))
		prune()
		_, err = s.Get(ctx, "discord", id)
		w.ok(err)
		passed.Store(int64(24 * time.Hour))
		_, err = s.Get(ctx, "discord", id)
		w.wants(err, fault.NotFound)
		passed.Store(int64(25 * time.Hour))
		prune()
		if _, err := storage.OnShelf(ctx, db, id, "discord", noon.Add(-time.Hour)); !fault.Is(err, fault.NotFound) {
			t.Errorf("kept for ever: %v", err)
		}
	})
}

func TestTheShelfRefusesWhatIsTooMuch(t *testing.T) {
	each(t, func(w world) {
		s := accounts.NewShelf(w.db, w.key())
		_, err := s.Put(w.Context(), "discord", make([]byte, 64_001))
		w.wants(err, fault.Invalid)
		most := bytes.Repeat([]byte{0xff}, 64_000)
		id, err := s.Put(w.Context(), "discord", most)
		w.ok(err)
		if got, err := s.Get(w.Context(), "discord", id); err != nil || !bytes.Equal(got, most) {
			w.Errorf("%d bytes came back, %v", len(got), err)
		}
	})
}
