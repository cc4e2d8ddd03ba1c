package storage

import (
	"context"
	"time"
)

// Seen reports whether an act with this id was answered within the last day.
func Seen(ctx context.Context, r Reader, id string) (bool, error) {
	var n int
	err := get(ctx, r, &n, `SELECT COUNT(*) FROM seen WHERE id = ?`, id)
	return n > 0, err
}

// See remembers acts that were answered. An empty id is nothing to remember.
func (t *Tx) See(ctx context.Context, ids ...string) error {
	for _, id := range ids {
		if id == "" {
			continue
		}
		if err := t.put(ctx, `INSERT INTO seen (id, at) VALUES (?,?) ON CONFLICT (id) DO NOTHING`, id, stamp{t.now}); err != nil {
			return err
		}
	}
	return nil
}

// How long what only guards against repetition is kept.
const (
	keepSeen    = 24 * time.Hour
	keepGuesses = 24 * time.Hour
	keepCodes   = 7 * 24 * time.Hour // after they ended
)

// Prune forgets, for all teams, the answered acts, wrong guesses and ended codes that no longer guard anything.
func (t *Tx) Prune(ctx context.Context) error {
	for _, p := range []struct {
		statement string
		keep      time.Duration
	}{
		{`DELETE FROM seen WHERE at < ?`, keepSeen},
		{`DELETE FROM guesses WHERE at < ?`, keepGuesses},
		{`DELETE FROM codes WHERE expires_at < ?`, keepCodes},
	} {
		if err := t.put(ctx, p.statement, stamp{t.now.Add(-p.keep)}); err != nil {
			return err
		}
	}
	return nil
}
