//go:build !race

package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/connectors/rest"
	"griot/storage"
)

// labour is what a job of River's does.
type labour int

const (
	calling labour = iota // brings a post to the pretend network
	idling                // nothing
)

// What River does best with here; its own choice, 100 ms and 1 s, would make it ten times slower.
const (
	riverWorkers  = 100
	riverCooldown = 2 * time.Millisecond
	riverPoll     = 20 * time.Millisecond
)

// sayArgs is a post, for River.
type sayArgs struct{ Key, Text string }

// Kind names the job.
func (sayArgs) Kind() string { return "say" }

// sayer is River's worker.
type sayer struct {
	river.WorkerDefaults[sayArgs]
	labour  labour
	account connectors.Account
	done    atomic.Int64
}

// Work does one job.
func (s *sayer) Work(ctx context.Context, j *river.Job[sayArgs]) error {
	defer s.done.Add(1)
	if s.labour == idling {
		return nil
	}
	req, err := s.account.Publish.Prepare(ctx, connectors.Draft{Key: j.Args.Key, Text: j.Args.Text})
	if err == nil {
		_, err = s.account.Publish.Send(ctx, req)
	}
	return err
}

// drainRiver is how long River takes for n jobs that stand in its table, until all are written down as done. Its database is
// opened as Griot opens its own: as durable, with as many connections.
func drainRiver(b *testing.B, e storage.Engine, n int, what labour) time.Duration {
	b.Helper()
	h := newHamlet(b)
	defer h.close()
	db, err := storage.Open(b.Context(), database(b, e))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	}()
	s := &sayer{labour: what, account: enrolled(b, h)}
	c := newRiver(b, db, s)
	fill(b, c, n)
	begun := time.Now()
	if err := c.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	await(b, "River is through", func() bool { return int(s.done.Load()) >= n && finished(b, c) })
	took := time.Since(begun)
	if err := c.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
	if got := len(h.Log()); what == calling && got != n {
		b.Errorf("%d posts were taken for %d jobs", got, n)
	}
	return took
}

// enrolled is an account of h's, as Griot would open it.
func enrolled(b *testing.B, h *hamlet) connectors.Account {
	b.Helper()
	guard, err := rest.NewGuard([]string{strings.TrimPrefix(h.web.URL, "http://")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(guard.Close)
	a, err := pretend.New(h.web.URL, guard).Open(b.Context(), connectors.Credential{
		Secrets: map[string]string{"name": "Maison Lune"}, Save: func(context.Context, map[string]string) error { return nil }})
	if err != nil {
		b.Fatal(err)
	}
	return a
}

func newRiver(b *testing.B, db *storage.DB, s *sayer) *river.Client[*sql.Tx] {
	b.Helper()
	var drv riverdriver.Driver[*sql.Tx] = riverdatabasesql.New(db.Pool())
	if db.Engine() == storage.SQLite {
		drv = riversqlite.New(db.Pool())
	}
	log := slog.New(slog.DiscardHandler)
	m, err := rivermigrate.New(drv, &rivermigrate.Config{Logger: log})
	if err == nil {
		_, err = m.Migrate(b.Context(), rivermigrate.DirectionUp, nil)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, s)
	c, failed := river.NewClient(drv, &river.Config{Logger: log, Workers: workers, FetchCooldown: riverCooldown, FetchPollInterval: riverPoll,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: riverWorkers}}})
	if err := errors.Join(err, failed); err != nil {
		b.Fatal(err)
	}
	return c
}

func fill(b *testing.B, c *river.Client[*sql.Tx], n int) {
	b.Helper()
	const chunk = 500
	for i := 0; i < n; i += chunk {
		var some []river.InsertManyParams
		for k := i; k < min(i+chunk, n); k++ {
			some = append(some, river.InsertManyParams{Args: sayArgs{Key: storage.NewID("key"), Text: fmt.Sprint("Bonjour ", k)}})
		}
		if _, err := c.InsertMany(b.Context(), some); err != nil {
			b.Fatal(err)
		}
	}
}

// finished reports whether no job is left to do or to write down.
func finished(b *testing.B, c *river.Client[*sql.Tx]) bool {
	b.Helper()
	left, err := c.JobList(b.Context(), river.NewJobListParams().First(1).States(rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled))
	if err != nil {
		b.Fatal(err)
	}
	return len(left.Jobs) == 0
}
