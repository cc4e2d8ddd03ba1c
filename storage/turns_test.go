package storage_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/storage"
	"griot/storage/storagetest"
)

// queue is a channel of a chat that takes a message a second, and a clock that the test moves.
type queue struct {
	*testing.T
	db  *storage.DB
	now *atomic.Int64 // since noon
	at  storage.Spot
}

const (
	every = time.Second
	hold  = 10 * time.Second
)

func queues(t *testing.T, f func(queue)) {
	t.Helper()
	t.Parallel()
	var passed atomic.Int64
	storagetest.Each(t, func() time.Time { return noon.Add(time.Duration(passed.Load())) }, func(t *testing.T, db *storage.DB) {
		passed.Store(0)
		f(queue{t, db, &passed, storage.Spot{Surface: "chat", Workspace: "w", Channel: "c"}})
	})
}

func (q queue) in(channel string) queue {
	q.at.Channel = channel
	return q
}

func (q queue) pass(d time.Duration) { q.now.Add(int64(d)) }

// take asks for a turn; holders with a capital wait for somebody.
func (q queue) take(holder string) (wait time.Duration) {
	q.Helper()
	in(q.T, q.db, func(tx *storage.Tx) (err error) {
		wait, err = tx.TakeTurn(q.Context(), q.turn(holder))
		return err
	})
	return wait
}

func (q queue) turn(holder string) storage.Turn {
	return storage.Turn{Spot: q.at, Holder: holder, Waits: holder[0] < 'a', Every: every, Hold: hold}
}

func (q queue) end(holder string) {
	q.Helper()
	in(q.T, q.db, func(tx *storage.Tx) error { return tx.EndTurn(q.Context(), q.turn(holder)) })
}

func (q queue) keep(holder string) {
	q.Helper()
	in(q.T, q.db, func(tx *storage.Tx) error { return tx.KeepTurn(q.Context(), q.turn(holder)) })
}

func (q queue) shut(at storage.Spot, after time.Duration) {
	q.Helper()
	in(q.T, q.db, func(tx *storage.Tx) error { return tx.Shut(q.Context(), at, after) })
}

// waits checks how long each of holders, given as "name 1.5s", has to wait. They ask in this order.
func (q queue) waits(want ...string) {
	q.Helper()
	var got []string
	for _, w := range want {
		var holder, unused string
		if _, err := fmt.Sscan(w, &holder, &unused); err != nil {
			q.Fatal(err)
		}
		got = append(got, fmt.Sprint(holder, " ", q.take(holder)))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		q.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMessagesGoOneAtATimeInOrderThoseThatAreWaitedForFirst(t *testing.T) {
	queues(t, func(q queue) {
		q.waits("a 0s", "b 1s", "c 2s")
		q.pass(500 * time.Millisecond)
		q.waits("W 1s", "b 2s", "X 2s", "c 4s")
		q.in("d").waits("x 0s") // another channel is not held up
		q.pass(every)
		q.waits("W 1s") // a is still being sent
		q.end("a")
		q.waits("W 1s")
		q.pass(every)
		q.waits("b 2s", "W 0s")
		q.end("W")
		q.pass(every)
		q.waits("X 0s")
		q.end("X")
		q.waits("b 1s", "c 2s")
	})
}

func TestAMessageThatWasNotTakenKeepsItsPlace(t *testing.T) {
	queues(t, func(q queue) {
		q.waits("a 0s", "b 1s")
		q.keep("a")
		q.shut(q.at, 30*time.Second)
		q.waits("b 31s", "a 30s")
		q.in("d").waits("x 0s")
		q.pass(30 * time.Second)
		q.waits("b 1s", "a 0s")
	})
}

func TestAWorkspaceThatWantsFewerCallsHoldsAllItsChannels(t *testing.T) {
	queues(t, func(q queue) {
		whole := q.at
		whole.Channel = ""
		q.shut(whole, 30*time.Second)
		q.shut(whole, time.Second) // a shorter wish shortens nothing
		q.waits("a 30s")
		q.in("d").waits("x 30s")
		open, err := storage.OpenAt(q.Context(), q.db, q.at)
		if want := noon.Add(30 * time.Second); err != nil || !open.Equal(want) {
			q.Errorf("open at %v, %v; want %v", open, err, want)
		}
		whole.Workspace = "other"
		if open, err := storage.OpenAt(q.Context(), q.db, whole); err != nil || !open.IsZero() {
			q.Errorf("another workspace is open at %v, %v", open, err)
		}
	})
}

func TestWhoIsNotThereLosesTheirPlace(t *testing.T) {
	queues(t, func(q queue) {
		q.waits("a 0s", "b 1s", "c 2s", "d 3s")
		q.end("a")
		q.pass(2 * time.Second)
		q.waits("d 1s", "c 0s") // b had its second
		q.end("c")
		q.waits("b 2s", "d 1s")
	})
}

// TestAQueueThatStoodStillKeepsItsOrder: after a restart all come at once, and in any order.
func TestAQueueThatStoodStillKeepsItsOrder(t *testing.T) {
	queues(t, func(q queue) {
		q.waits("a 0s", "b 1s", "c 2s", "d 3s")
		q.pass(time.Hour)
		q.waits("d 2s", "c 1s", "b 0s") // a was being sent when it stopped
		q.end("b")
		q.waits("d 3s", "c 2s", "a 1s")
	})
}

// TestABusyChannelIsNeverHurried plays a minute in which messages come in a burst, are sent slowly, and come back late.
func TestABusyChannelIsNeverHurried(t *testing.T) {
	queues(t, func(q queue) {
		type visit struct {
			at     time.Duration
			holder string
		}
		var visits []visit
		var want []string
		for n := range 12 {
			visits = append(visits, visit{time.Duration(n) * 10 * time.Millisecond, fmt.Sprintf("p%02d", n)})
			want = append(want, fmt.Sprintf("p%02d", n))
		}
		var got []string
		last := -time.Hour
		for step := 0; len(visits) > 0; step++ {
			slices.SortStableFunc(visits, func(a, b visit) int { return int(a.at - b.at) })
			v := visits[0]
			visits = visits[1:]
			q.now.Store(int64(v.at))
			late := time.Duration(step*37%120) * time.Millisecond
			if wait := q.take(v.holder); wait > 0 {
				visits = append(visits, visit{v.at + wait + late, v.holder})
				continue
			}
			if v.at-last < every {
				q.Errorf("%s goes %v after the one before", v.holder, v.at-last)
			}
			got = append(got, v.holder)
			last = v.at + late
			q.now.Store(int64(last))
			q.end(v.holder)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			q.Errorf("order (-want +got):\n%s", diff)
		}
		if last > 15*time.Second {
			q.Errorf("twelve messages took %v", last)
		}
	})
}

func TestOneOfManyProcessesSends(t *testing.T) {
	t.Parallel()
	url := storagetest.Database(t)
	var dbs []*storage.DB
	for range 2 {
		dbs = append(dbs, storagetest.Open(t, storage.Options{URL: url, Clock: time.Now, DatabaseClock: true}))
	}
	var sent atomic.Int64
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			x := storage.Turn{Spot: storage.Spot{Surface: "chat", Workspace: "w", Channel: "c"}, Holder: fmt.Sprint("p", n), Every: every, Hold: time.Minute}
			err := dbs[n%2].InTx(t.Context(), func(tx *storage.Tx) error {
				wait, err := tx.TakeTurn(t.Context(), x)
				if err == nil && wait == 0 {
					sent.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if sent.Load() != 1 {
		t.Errorf("%d send at once", sent.Load())
	}
}
