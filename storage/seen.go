package storage

import (
	"context"
)

// Seen reports whether an act with this id was answered within the last day.
func Seen(ctx context.Context, r Reader, id string) (bool, error) {
	var n int
	err := get(ctx, r, &n, `SELECT COUNT(*) FROM seen WHERE id = ?`, id)
	return n > 0, err
}

// Keep remembers what has come from outside under an id, and reports whether that is new: of several who keep one id, one
// does.
func (t *Tx) Keep(ctx context.Context, id string) (fresh bool, err error) {
	n, err := t.write(ctx, `INSERT INTO seen (id, at) VALUES (?,?) ON CONFLICT (id) DO NOTHING`, id, stamp{t.now})
	return n == 1, err
}

// See remembers acts that were answered. An empty id is nothing to remember.
func (t *Tx) See(ctx context.Context, ids ...string) error {
	for _, id := range ids {
		if id == "" {
			continue
		}
		if _, err := t.Keep(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
