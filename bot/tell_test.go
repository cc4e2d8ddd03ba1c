package bot_test

import (
	"errors"
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
