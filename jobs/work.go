package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"griot/connectors"
	"griot/storage"
)

// Workers is what a queue can run: one function per kind of job, and what runs by the clock.
type Workers struct {
	add   []func(*river.Workers)
	run   map[string]func(context.Context, []byte) error
	every []regular
}

// NewWorkers is empty.
func NewWorkers() *Workers {
	w := &Workers{run: map[string]func(context.Context, []byte) error{}}
	Handle(w, w.tick)
	return w
}

// Handle runs do for jobs of T's kind. It may be run twice for one job, and at the same time as for a like one. What do
// answers decides: *storage.Later and a network's Limited wait without counting, a network's SignIn, Refused and Unsure end
// it, any other error tries again later. Panics when the kind is taken.
func Handle[T storage.Job](w *Workers, do func(context.Context, T) error) {
	var zero T
	if w.run[zero.Kind()] != nil {
		panic("jobs: two handlers for " + zero.Kind())
	}
	w.add = append(w.add, func(r *river.Workers) { river.AddWorker(r, &worker[T]{do: do}) })
	w.run[zero.Kind()] = func(ctx context.Context, b []byte) error {
		var j T
		if err := json.Unmarshal(b, &j); err != nil {
			return fmt.Errorf("read a %s job: %w", j.Kind(), err)
		}
		return do(ctx, j)
	}
}

// Run does one job at once, from its JSON: for queues that tests drive by hand.
func (w *Workers) Run(ctx context.Context, kind string, args []byte) error {
	do := w.run[kind]
	if do == nil {
		return fmt.Errorf("jobs: nobody handles %s", kind)
	}
	return do(ctx, args)
}

func (w *Workers) river() *river.Workers {
	r := river.NewWorkers()
	for _, add := range w.add {
		add(r)
	}
	return r
}

// worker adapts a plain function, so that nobody else imports River.
type worker[T storage.Job] struct {
	river.WorkerDefaults[T]
	do func(context.Context, T) error
}

// Work runs one job.
func (w *worker[T]) Work(ctx context.Context, j *river.Job[T]) error {
	return verdict(w.do(ctx, j.Args))
}

// verdict is the one place that decides between waiting, giving up and trying again.
func verdict(err error) error {
	if l, ok := errors.AsType[*storage.Later](err); ok {
		return river.JobSnooze(max(l.After, 0))
	}
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		return err
	}
	switch e.Kind {
	case connectors.Limited:
		return river.JobSnooze(max(e.After, 0))
	case connectors.SignIn, connectors.Refused, connectors.Unsure:
		return river.JobCancel(err)
	}
	return err
}

// backoff tries again after 1, 2, 4… seconds, five minutes at most, a tenth more or less.
type backoff struct{ clock func() time.Time }

const longest = 5 * time.Minute

// NextRetry is when a job that went wrong is tried again.
func (b backoff) NextRetry(j *rivertype.JobRow) time.Time {
	wait := longest
	if n := len(j.Errors); n < 9 {
		wait = min(longest, time.Second<<n)
	}
	return b.clock().Add(wait + time.Duration((rand.Float64()-0.5)*0.2*float64(wait)))
}

// teller logs what went wrong, once for each try.
type teller struct{ log *slog.Logger }

// HandleError logs a job that will be tried again, or was given up.
func (t teller) HandleError(ctx context.Context, j *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	level, what := slog.LevelWarn, "job to be tried again"
	if j.Attempt >= j.MaxAttempts {
		level, what = slog.LevelError, "job given up"
	}
	t.log.Log(ctx, level, what, "kind", j.Kind, "job", j.ID, "try", j.Attempt, "err", err)
	return nil
}

// HandlePanic logs a mistake of ours.
func (t teller) HandlePanic(ctx context.Context, j *rivertype.JobRow, v any, trace string) *river.ErrorHandlerResult {
	t.log.ErrorContext(ctx, "job panicked", "kind", j.Kind, "job", j.ID, "err", fmt.Sprint(v), "stack", trace)
	return nil
}

// quiet lets only River's own errors through: what happens to jobs is teller's to say.
type quiet struct{ slog.Handler }

// Enabled says no to what is not an error.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && q.Handler.Enabled(ctx, l)
}

// Handle drops what River says of its own end: a context that was cancelled because the queue stops.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	ends := false
	r.Attrs(func(a slog.Attr) bool {
		ends = ends || strings.Contains(a.Value.String(), context.Canceled.Error())
		return !ends
	})
	if ends {
		return nil
	}
	return q.Handler.Handle(ctx, r)
}

// WithAttrs keeps quiet.
func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }

// WithGroup keeps quiet.
func (q quiet) WithGroup(n string) slog.Handler { return quiet{q.Handler.WithGroup(n)} }
