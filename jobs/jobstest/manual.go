// Package jobstest is a queue for tests whose clock is their own: its jobs run when told to, in order, in the caller's
// goroutine. They live in a table, so that they roll back with the transaction that asked for them.
package jobstest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"griot/jobs"
	"griot/storage"
)

// Manual is a storage.Queue that runs jobs when told to.
type Manual struct {
	db      *storage.DB
	workers *jobs.Workers
}

// NewManual makes the queue's table and gives the queue to db.
func NewManual(t testing.TB, db *storage.DB, w *jobs.Workers) *Manual {
	t.Helper()
	id := "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
	if db.Engine() == storage.SQLite {
		id = "INTEGER PRIMARY KEY AUTOINCREMENT"
	}
	_, err := db.Pool().ExecContext(t.Context(),
		`CREATE TABLE IF NOT EXISTS manual_jobs (id `+id+`, kind TEXT NOT NULL, args TEXT NOT NULL, at BIGINT NOT NULL)`)
	if err != nil {
		t.Fatal(err)
	}
	m := &Manual{db: db, workers: w}
	db.Use(m)
	return m
}

// InsertTx remembers j in tx. A zero at means now.
func (m *Manual) InsertTx(ctx context.Context, tx *sql.Tx, j storage.Job, at time.Time) error {
	b, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return m.insert(ctx, tx, j.Kind(), string(b), at)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (m *Manual) insert(ctx context.Context, x execer, kind, args string, at time.Time) error {
	n := int64(0)
	if !at.IsZero() {
		n = at.UnixMicro()
	}
	_, err := x.ExecContext(ctx, m.bind(`INSERT INTO manual_jobs (kind, args, at) VALUES (?,?,?)`), kind, args, n)
	return err
}

// Run does every job that is due at now, in order, and those they cause, and returns how many. A job that asks for later
// is put off by that much; a job that goes wrong ends the run with its error and is gone.
func (m *Manual) Run(ctx context.Context, now time.Time) (n int, err error) {
	for {
		var (
			id         int64
			kind, args string
		)
		row := m.db.Pool().QueryRowContext(ctx,
			m.bind(`SELECT id, kind, args FROM manual_jobs WHERE at <= ? ORDER BY at, id LIMIT 1`), now.UnixMicro())
		switch err := row.Scan(&id, &kind, &args); {
		case errors.Is(err, sql.ErrNoRows):
			return n, nil
		case err != nil:
			return n, err
		}
		if _, err := m.db.Pool().ExecContext(ctx, m.bind(`DELETE FROM manual_jobs WHERE id = ?`), id); err != nil {
			return n, err
		}
		if err := m.do(ctx, kind, args, now); err != nil {
			return n, fmt.Errorf("%s %s: %w", kind, args, err)
		}
		n++
	}
}

func (m *Manual) do(ctx context.Context, kind, args string, now time.Time) error {
	err := m.workers.Run(ctx, kind, []byte(args))
	if l, ok := errors.AsType[*storage.Later](err); ok {
		return m.insert(ctx, m.db.Pool(), kind, args, now.Add(max(l.After, time.Microsecond)))
	}
	return err
}

// Next is when the earliest job is due; zero when there is none. One that is due at once says the zero Unix time.
func (m *Manual) Next(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := m.db.Pool().QueryRowContext(ctx, `SELECT MIN(at) FROM manual_jobs`).Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return time.UnixMicro(at.Int64).UTC(), nil
}

// bind writes the marks of q as the engine wants them.
func (m *Manual) bind(q string) string {
	if m.db.Engine() == storage.SQLite {
		return q
	}
	for n := 1; strings.Contains(q, "?"); n++ {
		q = strings.Replace(q, "?", "$"+strconv.Itoa(n), 1)
	}
	return q
}
