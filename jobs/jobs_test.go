package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/jobs"
	"griot/storage"
	"griot/storage/storagetest"
)

type noteJob struct{ Word string }

func (noteJob) Kind() string { return "note" }

// said collects the words of jobs that ran.
type said struct {
	mu    sync.Mutex
	words []string
	more  chan struct{}
}

func newSaid() *said { return &said{more: make(chan struct{}, 1000)} }

func (s *said) add(w string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words = append(s.words, w)
	s.more <- struct{}{}
	return len(s.words)
}

func (s *said) wait(t *testing.T, n int) []string {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		s.mu.Lock()
		words := append([]string(nil), s.words...)
		s.mu.Unlock()
		if len(words) >= n {
			return words
		}
		select {
		case <-s.more:
		case <-limit:
			t.Fatalf("only %d of %d jobs ran: %q", len(words), n, words)
		}
	}
}

func open(t *testing.T, db *storage.DB, w *jobs.Workers) *jobs.Queue {
	t.Helper()
	q, err := try(t, db, w)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func try(t *testing.T, db *storage.DB, w *jobs.Workers) (*jobs.Queue, error) {
	return jobs.Open(t.Context(), jobs.Options{DB: db, Workers: w, Clock: time.Now, Log: slog.New(slog.DiscardHandler)})
}

func start(t *testing.T, q *jobs.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

func enqueue(t *testing.T, db *storage.DB, words ...string) {
	t.Helper()
	for _, w := range words {
		if err := db.InTx(t.Context(), func(tx *storage.Tx) error { return tx.Enqueue(t.Context(), noteJob{w}) }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJobsRunOnlyAfterTheCommit(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		s, w := newSaid(), jobs.NewWorkers()
		jobs.Handle(w, func(_ context.Context, j noteJob) error { s.add(j.Word); return nil })
		start(t, open(t, db, w))
		undone := errors.New("undone")
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			return errors.Join(tx.Enqueue(t.Context(), noteJob{"never"}), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		enqueue(t, db, "yes")
		if diff := cmp.Diff([]string{"yes"}, s.wait(t, 1)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLaterRunsAgainWithoutCountingAsAFailure(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		s, w := newSaid(), jobs.NewWorkers()
		jobs.Handle(w, func(_ context.Context, j noteJob) error {
			switch n := s.add(j.Word); {
			case n == 1:
				return &storage.Later{After: 10 * time.Millisecond}
			case n == 2:
				return &connectors.Error{Kind: connectors.Limited, After: 10 * time.Millisecond}
			case n == 3:
				return errors.New("once")
			}
			return nil
		})
		start(t, open(t, db, w))
		enqueue(t, db, "again")
		if diff := cmp.Diff([]string{"again", "again", "again", "again"}, s.wait(t, 4)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTwoProcessesShareTheWorkAndTheClock(t *testing.T) {
	t.Parallel()
	url := storagetest.Database(t)
	s, ticks := newSaid(), atomic.Int64{}
	var dbs []*storage.DB
	var queues []*jobs.Queue
	for range 2 {
		dbs = append(dbs, storagetest.Open(t, storage.Options{URL: url, Clock: time.Now}))
	}
	var opened sync.WaitGroup
	queues = make([]*jobs.Queue, 2)
	for i, db := range dbs { // both at once: River's tables are made under a lock
		w := jobs.NewWorkers()
		jobs.Handle(w, func(_ context.Context, j noteJob) error { s.add(j.Word); return nil })
		w.Every("count", time.Hour, func(context.Context) error { ticks.Add(1); s.add("tick"); return nil })
		opened.Go(func() {
			var err error
			if queues[i], err = try(t, db, w); err != nil {
				t.Error(err)
			}
		})
	}
	opened.Wait()
	if t.Failed() {
		t.FailNow()
	}
	for _, q := range queues {
		start(t, q)
	}
	for range 20 {
		enqueue(t, dbs[0], "one")
		enqueue(t, dbs[1], "two")
	}
	got := map[string]int{}
	for _, w := range s.wait(t, 41) {
		got[w]++
	}
	if diff := cmp.Diff(map[string]int{"one": 20, "two": 20, "tick": 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestHeartbeatSaysWhetherJobsRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		var ahead atomic.Int64
		s, w := newSaid(), jobs.NewWorkers()
		w.Every("look", time.Hour, func(context.Context) error { s.add("look"); return nil })
		q, err := jobs.Open(t.Context(), jobs.Options{DB: db, Workers: w, Log: slog.New(slog.DiscardHandler),
			Clock: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
		if err != nil {
			t.Fatal(err)
		}
		if q.Ready(t.Context()) == nil {
			t.Error("ready before the start")
		}
		start(t, q)
		if err := q.Ready(t.Context()); err != nil {
			t.Errorf("not ready just after the start: %v", err)
		}
		s.wait(t, 1)
		waitFor(t, func() bool { b, err := q.Beat(t.Context()); return err == nil && time.Since(b) < time.Minute })
		ahead.Store(int64(10 * time.Minute))
		if q.Ready(t.Context()) == nil {
			t.Error("ready with a heartbeat of ten minutes ago")
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Errorf("second stop: %v", err)
		}
		if q.Ready(t.Context()) == nil {
			t.Error("ready after the stop")
		}
	})
}

func TestStopFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		s, w, in, out := newSaid(), jobs.NewWorkers(), make(chan struct{}), make(chan struct{})
		jobs.Handle(w, func(_ context.Context, j noteJob) error {
			close(in)
			<-out
			s.add(j.Word)
			return nil
		})
		q := open(t, db, w)
		start(t, q)
		enqueue(t, db, "whole")
		<-in
		stopped := make(chan error, 1)
		go func() { stopped <- q.Stop(t.Context()) }()
		close(out)
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"whole"}, s.wait(t, 1)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestAJobWhoseProcessDiedBeginsAgainAtOnce: on SQLite, where nobody else can be at work on it. The first process stands still for ever.
func TestAJobWhoseProcessDiedBeginsAgainAtOnce(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, storage.Options{Folder: t.TempDir(), Clock: time.Now})
	dead, in, out := jobs.NewWorkers(), make(chan struct{}), make(chan struct{})
	jobs.Handle(dead, func(context.Context, noteJob) error {
		in <- struct{}{}
		<-out
		return nil
	})
	first, err := jobs.Open(t.Context(), jobs.Options{DB: db, Workers: dead, Clock: time.Now, Log: slog.New(slog.DiscardHandler), Parallel: 2})
	if err != nil {
		t.Fatal(err)
	}
	start(t, first)
	t.Cleanup(func() { close(out) })
	enqueue(t, db, "one", "two")
	<-in
	<-in
	s, w := newSaid(), jobs.NewWorkers()
	jobs.Handle(w, func(_ context.Context, j noteJob) error { s.add(j.Word); return nil })
	start(t, open(t, db, w))
	got := s.wait(t, 2) // in less than what River waits
	slices.Sort(got)
	if diff := cmp.Diff([]string{"one", "two"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("waited for half a minute")
		}
	}
}
