package bot_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// shows are the subjects that a channel shows, in the order in which they were sent.
func (r *room) shows(channel string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{}
	for _, m := range r.said {
		if m.channel == channel {
			out = append(out, m.card.Subject)
		}
	}
	return out
}

// times are when a call reached the chat.
type times struct {
	mu  sync.Mutex // guards all
	all []time.Time
}

// watch notes when messages are sent to r, by the clock of now.
func (x *times) watch(r *room, now func() time.Time, calls ...string) {
	r.set(func(r *room) {
		r.before = func(call string) error {
			if slices.Contains(calls, call) {
				x.mu.Lock()
				defer x.mu.Unlock()
				x.all = append(x.all, now())
			}
			return nil
		}
	})
}

// apart fails when two calls came within a while.
func (x *times) apart(t *testing.T, while time.Duration, want int) {
	t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	slices.SortFunc(x.all, time.Time.Compare)
	for n, at := range x.all {
		if n > 0 && at.Sub(x.all[n-1]) < while {
			t.Errorf("message %d came %v after the one before", n+1, at.Sub(x.all[n-1]))
		}
	}
	if len(x.all) != want {
		t.Errorf("%d messages, want %d", len(x.all), want)
	}
}

// pass lets time go by, and does what becomes due.
func (w *world) pass(c *clock, d time.Duration) {
	w.t.Helper()
	for end := c.Now().Add(d); ; {
		w.run(c)
		next, err := w.queue.Next(w.t.Context())
		w.must(err)
		if next.IsZero() || next.After(end) {
			c.set(end)
			return
		}
		c.set(next)
	}
}

func TestAChannelTakesOneCardASecondThoseThatAreWaitedForFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		var sent times
		sent.watch(w.one, c.Now, "send")
		w.more(social.Approved, "pst_a", "pst_b", "pst_c")
		w.redraw() // this one waits for somebody
		w.run(c)
		if diff := cmp.Diff([]string{"pst_a"}, w.one.shows(approval)); diff != "" {
			t.Errorf("at once (-want +got):\n%s", diff)
		}
		w.pass(c, 5*time.Second)
		want := []string{"pst_a", post, "pst_b", "pst_c"}
		for _, r := range []*room{w.one, w.two} {
			if diff := cmp.Diff(want, r.shows(approval)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.name, diff)
			}
		}
		sent.apart(t, time.Second, 4)
	})
}

func TestEditsAreNotPaced(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Minute
		w.redraw()
		w.run(c)
		for range 3 {
			w.touch()
			w.run(c)
			w.same()
		}
	})
}

func TestARestartKeepsTheQueue(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		want := []string{post, "pst_a", "pst_b", "pst_c", "pst_d"}
		w.redraw()
		w.run(c)
		c.add(time.Second)
		w.more(social.Approved, want[1:]...)
		w.run(c)
		c.add(time.Hour) // it stood still
		var sent times
		sent.watch(w.one, c.Now, "send")
		w.start("second")
		w.must(w.board.Resume(t.Context()))
		w.pass(c, 5*time.Second)
		if diff := cmp.Diff(want, w.one.shows(approval)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		sent.apart(t, time.Second, 3)
	})
}

// TestTwoProcessesShareAChannelsPace: by the database's clock, whatever they have to show.
func TestTwoProcessesShareAChannelsPace(t *testing.T) {
	t.Parallel()
	const pace, cards = 150 * time.Millisecond, 8
	url := storagetest.Database(t)
	open := func() *storage.DB {
		return storagetest.Open(t, storage.Options{URL: url, Clock: time.Now, DatabaseClock: true})
	}
	a := build(t, open(), time.Now, 1)
	a.pace = pace
	b := &world{t: t, db: open(), clock: time.Now, one: a.one, two: a.two, pace: pace}
	b.start("second")
	var sent times
	sent.watch(a.one, func() time.Time {
		now, err := a.db.Now(t.Context())
		if err != nil {
			t.Error(err)
		}
		return now
	}, "send")
	a.work()
	b.work()
	var all sync.WaitGroup
	for n := range cards {
		w := []*world{a, b}[n%2]
		all.Go(func() { w.more(social.Approved, "pst_"+string(rune('a'+n))) })
	}
	all.Wait()
	a.until(func() bool { return len(a.one.shows(approval)) == cards })
	sent.apart(t, pace, cards)
	t.Logf("%d messages took %v", cards, sent.all[len(sent.all)-1].Sub(sent.all[0]))
}

// two places in one chat: the post's approvals channel, and another.
const elsewhere = "elsewhere"

func (w *world) alsoElsewhere() {
	w.t.Helper()
	ctx := w.t.Context()
	w.must(w.db.InTx(ctx, func(tx *storage.Tx) error {
		_, err := tx.Place(ctx, storage.Placement{TeamID: team, Subject: post, Spot: storage.Spot{Surface: "one", Workspace: "w", Channel: elsewhere}})
		return err
	}))
}

func TestALimitOfOneChannelDelaysNoOtherAndHoldsOverRestarts(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		w.alsoElsewhere()
		w.redraw()
		w.pass(c, 2*time.Second)
		w.one.set(func(r *room) { r.slow[approval] = 30 * time.Second })
		for range 2 {
			w.touch()
			w.run(c)
		}
		if diff := cmp.Diff([]string{w.row()}, w.one.cards(elsewhere)); diff != "" {
			t.Errorf("the other channel (-want +got):\n%s", diff)
		}
		calls := func() (n int) { w.one.set(func(r *room) { n = r.calls[approval] }); return n }
		before := calls()
		w.start("second") // another process, which has heard nothing of it
		w.must(w.board.Resume(t.Context()))
		w.more(social.InReview, "pst_a")
		w.pass(c, 29*time.Second)
		if n := calls() - before; n != 0 {
			t.Errorf("the channel was called %d times while it wanted no calls", n)
		}
		w.one.set(func(r *room) { delete(r.slow, approval) })
		w.pass(c, 4*time.Second)
		if diff := cmp.Diff([]string{post, "pst_a"}, w.one.shows(approval)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := w.one.cards(approval)[0]; got != w.row() {
			t.Errorf("the card shows %s, the row is %s", got, w.row())
		}
	})
}

func TestALimitOfTheWorkspaceHoldsOverRestarts(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.one.set(func(r *room) { r.limit = 30 * time.Second })
		w.redraw()
		w.run(c) // one channel hears of it
		w.alsoElsewhere()
		w.redraw()
		w.run(c)
		calls := func() (n int) { w.one.set(func(r *room) { n = r.calls[approval] + r.calls[elsewhere] }); return n }
		before := calls()
		if before != 1 {
			t.Errorf("the workspace was called %d times", before)
		}
		w.start("second")
		w.must(w.board.Resume(t.Context()))
		w.pass(c, 29*time.Second)
		if n := calls() - before; n != 0 {
			t.Errorf("the workspace was called %d times while it wanted no calls", n)
		}
		w.one.set(func(r *room) { r.limit = 0 })
		w.pass(c, 5*time.Second)
		w.same()
	})
}

func TestWavesOfLimitsLoseNoCard(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		w.one.set(func(r *room) {
			r.slow[approval] = time.Second
			r.before = func(call string) error {
				if call == "find" {
					t.Error("what was certainly not sent is looked for")
				}
				return nil
			}
		})
		w.redraw()
		w.pass(c, 20*time.Second)
		w.one.set(func(r *room) { delete(r.slow, approval) })
		w.pass(c, 3*time.Second)
		w.same()
	})
}

func TestARemovedWorkspaceIsLeftAloneUntilItComesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		w.redraw()
		w.run(c)
		w.one.set(func(r *room) { r.gone = true })
		w.touch()
		w.more(social.Approved, "pst_a")
		w.pass(c, 20*time.Second)
		if diff := cmp.Diff([]string{post, "pst_a"}, w.two.shows(approval)); diff != "" {
			t.Errorf("the other chat (-want +got):\n%s", diff)
		}
		if told := w.told(); len(told) != 0 {
			t.Errorf("one notice per card: %+v", told)
		}
		if behind, err := storage.Behind(t.Context(), w.db, c.Now().Add(time.Hour), 10); err != nil || len(behind) != 0 {
			t.Errorf("tried for ever: %v, %v", behind, err)
		}
		w.one.set(func(r *room) { r.gone = false })
		w.must(w.board.Resume(t.Context()))
		w.pass(c, 3*time.Second)
		if diff := cmp.Diff([]string{post, "pst_a"}, w.one.shows(approval)); diff != "" {
			t.Errorf("after it came back (-want +got):\n%s", diff)
		}
		if got := w.one.cards(approval)[0]; got != w.row() {
			t.Errorf("the card shows %s, the row is %s", got, w.row())
		}
		if sends, _ := w.one.counts(); sends != 2 {
			t.Errorf("sent %d times: the card's message was known", sends)
		}
	})
}

func TestADoubtfulMessageIsDrawnAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ref := chat.MessageRef{Place: chat.Place{Surface: "one", Workspace: "w", Channel: approval}, Message: w.one.message(approval)}
		w.one.put(ref.Message, chat.Card{Title: "an answer of long ago"})
		w.must(w.board.Stale(t.Context(), ref))
		for _, nobodys := range []func(*chat.MessageRef){
			func(r *chat.MessageRef) { r.Message = "m99" },
			func(r *chat.MessageRef) { r.Workspace = "another" },
		} {
			other := ref
			nobodys(&other)
			w.must(w.board.Stale(t.Context(), other))
		}
		w.pass(c, 2*time.Second)
		w.same()
	})
}
