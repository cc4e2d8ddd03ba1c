package bot_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/social"
	"griot/storage"
)

func (w *world) notify(n social.Notice) {
	w.t.Helper()
	n.TeamID, n.Subject, n.MemberID, n.Kind = team, post, member(1), social.ToApprove
	w.must(w.db.InTx(w.t.Context(), func(tx *storage.Tx) error { return tx.Notify(w.t.Context(), n) }))
}

func (w *world) told() []chat.Nudge { return append(w.one.told(), w.two.told()...) }

func TestNoticeIsSaidOnceUnderTheCardOverRestarts(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.notify(social.Notice{Change: "1"})
		w.notify(social.Notice{Change: "1"})
		w.redraw()
		lost := errors.New("connection lost")
		w.one.fail("nudge", func() error { return lost })
		for range 3 { // the card is waited for, then the answer to the nudge is lost
			if _, err := w.queue.Run(t.Context(), c.Now()); err != nil && !errors.Is(err, lost) {
				t.Fatal(err)
			}
			c.add(time.Second)
		}
		w.one.fail("", nil)
		w.start("second")
		for range 2 {
			w.must(w.board.Resume(t.Context()))
			w.run(c)
		}
		told := w.told()
		if len(told) != 1 || told[0].To.User != "u1" || told[0].Thread.Message != w.one.message(approval) {
			t.Errorf("want one line to u1 under the card, got %+v", told)
		}
	})
}

func TestQuietHoursAreKeptExceptForWhatIsUrgent(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		c.add(11 * time.Hour) // 20:00 UTC, 21:00 in Paris
		w.notify(social.Notice{Change: "calm"})
		w.notify(social.Notice{Change: "urgent", Urgent: true})
		for _, step := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {11*time.Hour - time.Minute, 1}, {time.Minute, 2}} {
			c.add(step.after)
			w.run(c)
			if n := len(w.told()); n != step.want {
				t.Errorf("%d notices at %s UTC, want %d", n, c.Now().Format("15:04"), step.want)
			}
		}
	})
}

func TestNoticeGoesDirectlyWhereThereIsNoCard(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.one.set(func(r *room) { r.closed[approval] = true })
		w.two.set(func(r *room) { r.closed[approval] = true })
		w.notify(social.Notice{Change: "1", Urgent: true})
		for range 50 {
			w.run(c)
			c.add(300 * time.Millisecond)
		}
		if told := w.told(); len(told) != 1 || told[0].Thread != (chat.MessageRef{}) {
			t.Errorf("want one direct line, got %+v", told)
		}
	})
}

func TestNoticeSaysWhatToDo(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.notify(social.Notice{Change: "1"})
		w.run(c)
		want := []chat.Span{chat.Bold("“Soldes”"), chat.Plain(" is waiting for your approval. Read the card, then press Approve or Needs changes.")}
		for _, n := range w.told() {
			if diff := cmp.Diff(want, n.Words); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	})
}

// asked are the nudges that reached the chats.
func (w *world) asked() []chat.Nudge {
	var out []chat.Nudge
	for _, r := range []*room{w.one, w.two} {
		r.set(func(r *room) { out = append(out, r.asked...) })
	}
	return out
}

func TestANoticeThatMayHaveBeenHeardSaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.one.set(func(r *room) { r.slow[approval] = time.Second }) // certainly not heard
		w.notify(social.Notice{Change: "1"})
		w.run(c)
		w.one.set(func(r *room) { delete(r.slow, approval) })
		c.add(2 * time.Second)
		w.one.fail("nudge", func() error { panic("killed") })
		killed(t, func() { w.run(c) })
		w.one.fail("", nil)
		w.start("second")
		w.must(w.board.Resume(t.Context()))
		w.pass(c, 20*time.Second)
		if n := len(w.asked()); n != 2 {
			t.Errorf("asked %d times while the dead process may still be saying it", n)
		}
		w.pass(c, 15*time.Second)
		var again []bool
		for _, n := range w.asked() {
			again = append(again, n.Again)
		}
		if diff := cmp.Diff([]bool{false, false, true}, again); diff != "" {
			t.Errorf("asked again (-want +got):\n%s", diff)
		}
		if told := w.told(); len(told) != 1 {
			t.Errorf("told %d times", len(told))
		}
	})
}

func TestNoticesTakeTheirTurns(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		w.redraw()
		w.run(c)
		c.add(2 * time.Second)
		var sent times
		sent.watch(w.one, c.Now, "nudge", "send")
		for _, change := range []string{"1", "2", "3"} {
			w.notify(social.Notice{Change: change})
		}
		w.more(social.Approved, "pst_a")
		w.pass(c, 5*time.Second)
		if told := w.told(); len(told) != 3 {
			t.Errorf("%d notices, want 3", len(told))
		}
		sent.apart(t, time.Second, 4)
	})
}

func TestANoticeWaitsForTheTurnOfItsCard(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.pace = time.Second
		var before []string
		for n := range 15 {
			before = append(before, "pst_"+string(rune('a'+n)))
		}
		w.more(social.InReview, before...)
		w.notify(social.Notice{Change: "1"})
		w.redraw()
		w.pass(c, 20*time.Second)
		told := w.told()
		if len(told) != 1 || told[0].Thread.Message == "" || told[0].Thread.Message != w.one.of(post) {
			t.Errorf("want one line under the card, got %+v", told)
		}
	})
}

func TestNoticesOfARemovedWorkspaceAreSaidElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.one.set(func(r *room) { r.gone = true })
		w.notify(social.Notice{Change: "1"})
		w.run(c)
		if told := w.told(); len(told) != 1 || told[0].To.Surface != "two" {
			t.Errorf("want one line in the other chat, got %+v", told)
		}
	})
}

func TestAClosedChannelIsNamedToTheAdmins(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.one.set(func(r *room) { r.closed[approval] = true })
		w.redraw()
		w.run(c)
		all, err := storage.UnsaidNotices(t.Context(), w.db, c.Now().Add(time.Hour), 10)
		if err != nil || len(all) > 0 {
			t.Errorf("%d notices not said, %v", len(all), err)
		}
		for _, n := range w.told() {
			if !slices.Contains(n.Words, chat.Span(chat.Bold("#"+approval))) || !slices.Contains(n.Words, chat.Span(chat.Code("/invite @Griot"))) {
				t.Errorf("the notice does not say where and how: %q", n.Words)
			}
		}
	})
}
