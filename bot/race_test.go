package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/chat"
	"griot/jobs"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// live is a world whose jobs run by themselves.
func live(t *testing.T, db *storage.DB, members int) *world {
	t.Helper()
	w := build(t, db, time.Now, members)
	w.work()
	w.redraw()
	w.until(func() bool { return w.settled() })
	return w
}

// work starts the jobs of a process.
func (w *world) work() {
	w.t.Helper()
	q, err := jobs.Open(w.t.Context(), jobs.Options{DB: w.db, Workers: w.workers(), Clock: time.Now, Log: silent})
	w.must(err)
	w.must(q.Start(w.t.Context()))
	w.t.Cleanup(func() {
		if err := q.Stop(context.WithoutCancel(w.t.Context())); err != nil {
			w.t.Error(err)
		}
	})
}

func (w *world) settled() bool {
	want := []string{w.row()}
	return slices.Equal(want, w.one.cards(approval)) && slices.Equal(want, w.two.cards(approval))
}

func (w *world) until(ok func() bool) {
	w.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			w.t.Fatalf("after half a minute: row %q, one %q, two %q", w.row(), w.one.cards(approval), w.two.cards(approval))
		}
	}
}

func TestFiftyMembersRaceOnOnePost(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		const members, rounds = 50, 3
		w := live(t, db, members)
		var (
			all      sync.WaitGroup
			mu       sync.Mutex // guards what follows
			won, sad int
			slowest  time.Duration
		)
		for round := range int64(rounds) {
			for n := range members {
				all.Go(func() {
					r := []*room{w.one, w.two}[n%2]
					ev := note(round + 1)
					ev.Message = r.message(approval)
					began := time.Now()
					a, err := w.press(n, r, ev)
					mu.Lock()
					defer mu.Unlock()
					slowest = max(slowest, time.Since(began))
					x, ok := a.(chat.Refresh)
					switch {
					case err != nil || !ok:
						t.Errorf("member %d: %v, %s", n, err, words(a))
					case x.Tell == nil:
						won++
					default:
						sad++
					}
				})
			}
			all.Wait()
		}
		if won != rounds || sad != rounds*(members-1) || w.rev() != rounds+1 {
			t.Errorf("%d won and %d read a sentence, revision %d", won, sad, w.rev())
		}
		t.Logf("the slowest of %d answers took %v", rounds*members, slowest)
		w.until(w.settled)
		if one, _ := w.one.counts(); one != 1 {
			t.Errorf("%d messages sent to one channel", one)
		}
	})
}

// TestOneActManyTimesAtOnce: one event delivered twenty times, and one thumb that presses twenty times, at the same moment.
func TestOneActManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		w := live(t, db, 1)
		for _, id := range []string{"one event", ""} {
			was := w.rev()
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					ev := note(was)
					ev.ID, ev.Message = id, w.one.message(approval)
					if a, err := w.press(0, w.one, ev); err != nil || !strings.HasPrefix(words(a), "redrawn") {
						t.Errorf("%s, %v", words(a), err)
					}
				})
			}
			all.Wait()
			if w.rev() != was+1 {
				t.Errorf("done %d times", w.rev()-was)
			}
		}
		w.until(w.settled)
	})
}

func TestTwoProcessesDrawOneBoard(t *testing.T) {
	t.Parallel()
	url := storagetest.Database(t)
	a := live(t, storagetest.Open(t, storage.Options{URL: url, Clock: time.Now, DatabaseClock: true}), 4)
	b := &world{t: t, db: storagetest.Open(t, storage.Options{URL: url, Clock: time.Now, DatabaseClock: true}), clock: time.Now, one: a.one, two: a.two}
	b.start("second")
	b.work()
	var all sync.WaitGroup
	for n := range 40 {
		w := []*world{a, b}[n%2]
		all.Go(func() {
			ev := chat.Event{Message: w.one.message(approval), Tag: chat.Tag{Verb: "post.note", Subject: post}}
			if _, err := w.press(n%4, w.one, ev); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	a.until(a.settled)
	if sends, _ := a.two.counts(); sends != 1 {
		t.Errorf("%d messages sent to one channel", sends)
	}
}

func TestSlowChatDoesNotHoldUpTheOther(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		w := live(t, db, 2)
		hold := make(chan struct{})
		w.one.set(func(r *room) { r.before = func(string) error { <-hold; return nil } })
		for range 30 { // more changes than there are workers
			w.touch()
		}
		w.until(func() bool { return slices.Equal([]string{w.row()}, w.two.cards(approval)) })
		close(hold)
		w.until(w.settled)
	})
}

// TestRedrawLatency presses twenty times a second on twenty posts and prints how long the copy in the other chat took.
func TestRedrawLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("takes five seconds on each engine")
	}
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		w := live(t, db, 2)
		ctx := t.Context()
		var ids []string
		w.must(db.InTx(ctx, func(tx *storage.Tx) error {
			for n := range 20 {
				id := fmt.Sprintf("pst_n%02d", n)
				ids = append(ids, id)
				w.must(tx.AddPost(ctx, social.Post{ID: id, TeamID: team, BrandID: brand, Author: member(0), Editor: member(0),
					State: social.InReview, Rev: 1, When: social.Later, CreatedAt: tx.Now()}))
				w.must(tx.Redraw(ctx, team, id))
			}
			return nil
		}))
		w.until(func() bool { return len(w.two.cards(approval)) == 21 && len(w.one.cards(approval)) == 21 })
		var mu sync.Mutex
		sent := map[string]time.Time{}
		var took, answered []time.Duration
		w.two.set(func(r *room) {
			r.drawn = func(c chat.Card) {
				mu.Lock()
				defer mu.Unlock()
				key := show(c)
				if at, ok := sent[c.Subject+key]; ok {
					took = append(took, time.Since(at))
					delete(sent, c.Subject+key)
				}
			}
		})
		const presses = 100
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for n := range presses {
			<-tick.C
			id := ids[n%len(ids)]
			p, err := storage.Post(ctx, db, team, id)
			w.must(err)
			p.Rev, p.Note = p.Rev+1, member(1)+"@one"
			mu.Lock()
			now := time.Now()
			sent[id+fmt.Sprintf("%s %q 1", p.State.Name().Fr, []chat.Span{chat.Plain(fmt.Sprintf("rev %d", p.Rev)), chat.Plain(p.Note)})] = now
			mu.Unlock()
			_, err = w.press(1, w.one, chat.Event{Message: w.one.of(id), Tag: chat.Tag{Verb: "post.note", Subject: id, Rev: p.Rev - 1}})
			w.must(err)
			answered = append(answered, time.Since(now))
		}
		w.until(func() bool { mu.Lock(); defer mu.Unlock(); return len(took) == presses })
		slices.Sort(took)
		slices.Sort(answered)
		t.Logf("redraw p50 %v p99 %v; answer p50 %v p99 %v", took[presses/2], took[presses-1], answered[presses/2], answered[presses-1])
		if took[presses-1] > 2*time.Second {
			t.Errorf("the slowest copy took %v", took[presses-1])
		}
	})
}
