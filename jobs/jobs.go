// Package jobs runs later what was asked for inside a transaction: redraws, notices, collecting, digests. Nothing that
// leaves for a network is a job. It is the only one that knows River, keeps its jobs in Griot's own database, and works on
// both engines; without LISTEN/NOTIFY a job waits for the next poll, 100 ms at most.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"griot/storage"
)

// How often River looks. Source: perf.md, section 2, and design.md, section 7.
const (
	fetchCooldown = 15 * time.Millisecond
	fetchPoll     = 100 * time.Millisecond
	periodicPoll  = time.Second
)

// A job is short and may be run again: after a crash it is, once rescue has gone by.
const (
	timeout  = 2 * time.Minute
	rescue   = 3 * time.Minute
	tries    = 30        // with backoff, a little over two hours
	keepDone = time.Hour // finished jobs
	keepLost = 7 * 24 * time.Hour
)

// Options are what a queue stands on.
type Options struct {
	DB       *storage.DB
	Workers  *Workers
	Clock    func() time.Time
	Log      *slog.Logger
	Parallel int // jobs at once in this process; zero: 16
}

// Queue remembers jobs and runs them. It is a storage.Queue.
type Queue struct {
	client *river.Client[*sql.Tx]
	clock  func() time.Time

	mu      sync.Mutex // guards what follows
	started time.Time
	stopped bool
}

// Open makes or upgrades River's tables, under a lock when several processes start at once, and gives the queue to the
// database. Nothing runs before Start. On SQLite, whatever was begun there was begun by a process that is no more: it begins again.
func Open(ctx context.Context, o Options) (*Queue, error) {
	var drv riverdriver.Driver[*sql.Tx] = riverdatabasesql.New(o.DB.Pool())
	if o.DB.Engine() == storage.SQLite {
		drv = riversqlite.New(o.DB.Pool())
	}
	log := slog.New(quiet{o.Log.Handler()})
	if err := o.DB.Alone(ctx, "jobs", func(ctx context.Context) error { return migrate(ctx, drv, log) }); err != nil {
		return nil, err
	}
	if o.DB.Engine() == storage.SQLite {
		if err := beginAgain(ctx, drv, o.Clock()); err != nil {
			return nil, err
		}
	}
	c, err := river.NewClient(drv, config(o, log))
	if err != nil {
		return nil, fmt.Errorf("open jobs: %w", err)
	}
	q := &Queue{client: c, clock: o.Clock}
	o.DB.Use(q)
	return q, nil
}

func migrate(ctx context.Context, drv riverdriver.Driver[*sql.Tx], log *slog.Logger) error {
	m, err := rivermigrate.New(drv, &rivermigrate.Config{Logger: log})
	if err != nil {
		return fmt.Errorf("read the migrations of jobs: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	return nil
}

func config(o Options, log *slog.Logger) *river.Config {
	parallel := o.Parallel
	if parallel == 0 {
		parallel = 16
	}
	return &river.Config{
		Logger:       log,
		Workers:      o.Workers.river(),
		PeriodicJobs: o.Workers.schedule(),
		ErrorHandler: teller{o.Log},
		RetryPolicy:  backoff{o.Clock},
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: parallel},
			periodic:           {MaxWorkers: 4, FetchPollInterval: periodicPoll},
		},
		FetchCooldown: fetchCooldown, FetchPollInterval: fetchPoll,
		JobTimeout: timeout, RescueStuckJobsAfter: rescue, MaxAttempts: tries,
		CompletedJobRetentionPeriod: keepDone, CancelledJobRetentionPeriod: keepDone, DiscardedJobRetentionPeriod: keepLost,
	}
}

// InsertTx remembers j in tx. A zero at means now: such a job carries no instant, else River would look at it only every
// five seconds.
func (q *Queue) InsertTx(ctx context.Context, tx *sql.Tx, j storage.Job, at time.Time) error {
	_, err := q.client.InsertTx(ctx, tx, j, &river.InsertOpts{ScheduledAt: at})
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", j.Kind(), err)
	}
	return nil
}

// Start runs jobs until Stop. The end of ctx does not end it: what is in flight is finished in order.
func (q *Queue) Start(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	q.started = q.clock()
	return nil
}

// Stop takes no more jobs and waits for those in flight; when ctx ends first, they are cancelled and will be run again. It
// may be called twice, and before Start.
func (q *Queue) Stop(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped || q.started.IsZero() {
		q.stopped = true
		return nil
	}
	q.stopped = true
	err := q.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = q.client.StopAndCancel(last)
	}
	if err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}
