package storage

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"
)

// Later is what a job answers to be run again after a while: it is not a failure, and does not count as a try.
type Later struct{ After time.Duration }

// Error is for logs.
func (l *Later) Error() string { return "later, in " + l.After.String() }

// Alone runs f while no other process that uses this database runs an Alone of the same name. On SQLite there is no other
// process. f must not be inside a transaction.
func (db *DB) Alone(ctx context.Context, name string, f func(context.Context) error) error {
	if db.engine == SQLite {
		return f(ctx)
	}
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return fmt.Errorf("connect for %s: %w", name, err)
	}
	defer conn.Close()
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	key := int64(h.Sum64())
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, key); err != nil {
		return fmt.Errorf("wait for %s: %w", name, err)
	}
	defer func() {
		// Unlocked even when ctx has ended; a connection that died gave the lock back already.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, key)
	}()
	return f(ctx)
}
