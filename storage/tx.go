package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"modernc.org/sqlite"

	"griot/fault"
	"griot/i18n"
)

// Tx is a transaction: the only way to write, and the only way to enqueue. Inside it use nothing but it.
type Tx struct {
	tx    *sqlx.Tx
	queue Queue
	now   time.Time
	after []func()
}

// Now is one instant for everything written together.
func (t *Tx) Now() time.Time { return t.now }

// Enqueue remembers j until after the commit.
func (t *Tx) Enqueue(ctx context.Context, j Job) error { return t.EnqueueAt(ctx, j, time.Time{}) }

// EnqueueAt remembers j for an instant. A zero at means now.
func (t *Tx) EnqueueAt(ctx context.Context, j Job, at time.Time) error {
	return t.queue.InsertTx(ctx, t.tx.Tx, j, at)
}

// OnCommit calls f once the transaction holds: to wake a loop that would look a moment later anyway.
func (t *Tx) OnCommit(f func()) { t.after = append(t.after, f) }

func (t *Tx) reader() sqlx.QueryerContext { return t.tx }

func (t *Tx) rebind(q string) string { return t.tx.Rebind(q) }

// write runs one statement and says how many rows it touched.
func (t *Tx) write(ctx context.Context, q string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, t.tx.Rebind(q), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// put is write for statements that always succeed or fail whole.
func (t *Tx) put(ctx context.Context, q string, args ...any) error {
	_, err := t.write(ctx, q, args...)
	return err
}

// swap is write for a conditional update: a fault Conflict when the row was no longer as it was seen.
func (t *Tx) swap(ctx context.Context, q string, args ...any) error {
	n, err := t.write(ctx, q, args...)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, errRaced)
	}
	return err
}

var (
	errGone  = i18n.Text{En: "That no longer exists, or is not of your team.", Fr: "Cela n’existe plus, ou n’appartient pas à votre équipe."}
	errRaced = i18n.Text{En: "Somebody was faster. Here is how it stands now; please look, then decide again.", Fr: "Quelqu’un a été plus rapide. Voici où cela en est\u202f: regardez, puis décidez à nouveau."}
)

func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, errGone)
	}
	return err
}

// tries of one transaction before giving up: the wait for a busy SQLite file is in its busy_timeout already.
const tries = 4

// InTx runs f in a transaction, and again when the database asks for it (SQLITE_BUSY, 40001, 40P01): f must change
// nothing but the database, or be able to do so again.
func (db *DB) InTx(ctx context.Context, f func(*Tx) error) error {
	for i := 1; ; i++ {
		err := db.once(ctx, f)
		if err == nil || i == tries || !again(err) || ctx.Err() != nil {
			return err
		}
	}
}

func (db *DB) once(ctx context.Context, f func(*Tx) error) error {
	x, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = x.Rollback() }() // after a commit this says ErrTxDone; otherwise the first error tells more
	t := &Tx{tx: x, queue: db.queue}
	if t.now, err = db.instant(ctx, x); err != nil {
		return fmt.Errorf("read the clock: %w", err)
	}
	if err := f(t); err != nil {
		return err
	}
	if err := x.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// instant is cut to microseconds, which both engines keep.
func (db *DB) instant(ctx context.Context, x *sqlx.Tx) (now time.Time, err error) {
	if !db.ofDatabase {
		return db.clock().UTC().Truncate(time.Microsecond), nil
	}
	err = x.GetContext(ctx, &now, `SELECT clock_timestamp()`)
	return now.UTC().Truncate(time.Microsecond), err
}

// again reports whether the database asked for the whole transaction to be run once more.
func again(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "40001" || e.Code == "40P01"
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	const busy, locked = 5, 6
	return ok && (e.Code()&0xff == busy || e.Code()&0xff == locked)
}

// referred reports whether err is a row that others still refer to.
func referred(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "23503"
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	const foreign = 787
	return ok && e.Code() == foreign
}

// taken reports whether err is a unique key that stood already.
func taken(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "23505"
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	const unique, primary = 2067, 1555
	return ok && (e.Code() == unique || e.Code() == primary)
}
