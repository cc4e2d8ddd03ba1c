package storage

import (
	"context"
	"time"
)

// Holds belong to the processes of an installation and to no team: one of them does what a name stands for.

// TakeHold gives owner the lease called name for d when it is free, ended, or owner's already, which makes it longer. It
// reports false while somebody else has it.
func (t *Tx) TakeHold(ctx context.Context, name, owner string, d time.Duration) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO holds (name, owner, until)
VALUES (?,?,?)
ON CONFLICT (name) DO UPDATE
SET owner = excluded.owner, until = excluded.until
WHERE holds.owner = excluded.owner OR holds.until <= ?`, name, owner, stamp{t.now.Add(d)}, stamp{t.now})
	return n == 1, err
}

// LetGo ends owner's lease called name, so that another may have it at once. Somebody else's is left alone.
func (t *Tx) LetGo(ctx context.Context, name, owner string) error {
	return t.put(ctx, `DELETE FROM holds WHERE name = ? AND owner = ?`, name, owner)
}
