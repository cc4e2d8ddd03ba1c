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

// same fails unless both approvals channels show exactly one card, equal to the row.
func (w *world) same() {
	w.t.Helper()
	for _, r := range []*room{w.one, w.two} {
		if diff := cmp.Diff([]string{w.row()}, r.cards(approval)); diff != "" {
			w.t.Errorf("%s (-row +shown):\n%s", r.name, diff)
		}
	}
}

// touch is a change of the post.
func (w *world) touch() {
	w.t.Helper()
	w.must(w.change(w.t.Context(), chat.Tag{Subject: post}, func(*social.Post) {}))
}

func TestEveryCopyIsRedrawnInEveryChat(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.same()
		pressed := chat.Event{Message: w.one.message(approval), Tag: chat.Tag{Verb: "post.note", Subject: post, Rev: 1}}
		if _, err := w.press(1, w.one, pressed); err != nil {
			t.Fatal(err)
		}
		w.run(c)
		w.same()
		_, one := w.one.counts()
		_, two := w.two.counts()
		if diff := cmp.Diff([]int{0, 1}, []int{one, two}); diff != "" {
			t.Errorf("edits: the pressed copy is redrawn by its own answer (-want +got):\n%s", diff)
		}
	})
}

func TestAnEditThatMayOvertakeAnAnswerIsRepeated(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		// Two answers within a second: whichever reaches the screen last, the board's own edit comes after.
		for rev := range int64(2) {
			ev := chat.Event{Message: w.one.message(approval), Tag: chat.Tag{Verb: "post.note", Subject: post, Rev: rev + 1}}
			if _, err := w.press(int(rev), w.one, ev); err != nil {
				t.Fatal(err)
			}
		}
		w.one.put(w.one.message(approval), chat.Card{Title: "the older answer, which came last"})
		w.run(c)
		c.add(2 * time.Second)
		w.run(c)
		w.same()
	})
}

func TestDeletedCardIsPlacedAgainButNotForEver(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		for n := range 8 {
			w.one.delete(approval)
			w.touch()
			w.run(c)
			if got := len(w.one.cards(approval)); n < 4 && got != 1 {
				t.Fatalf("deleted %d times: %d cards", n+1, got)
			}
		}
		if sends, _ := w.one.counts(); sends != 5 {
			t.Errorf("sent %d times, want 5: after that people do not want it there", sends)
		}
		if diff := cmp.Diff([]string{w.row()}, w.two.cards(approval)); diff != "" {
			t.Errorf("the other chat (-want +got):\n%s", diff)
		}
	})
}

func TestClosedChannelIsToldToAdminsOnceAndHoldsNothingUp(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.one.set(func(r *room) { r.closed[approval] = true })
		for range 3 {
			w.touch()
			w.run(c)
		}
		if diff := cmp.Diff([]string{w.row()}, w.two.cards(approval)); diff != "" {
			t.Errorf("the other chat (-want +got):\n%s", diff)
		}
		if told := append(w.one.told(), w.two.told()...); len(told) != 3 {
			t.Errorf("%d notices for three admins: %v", len(told), told)
		}
		w.one.set(func(r *room) { r.closed[approval] = false })
		w.touch()
		w.run(c)
		w.same()
	})
}

func TestLimitedChatIsWaitedForAndWaitingCardsGoFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		calm := "pst_calm"
		w.must(w.db.InTx(t.Context(), func(tx *storage.Tx) error {
			w.must(tx.AddPost(t.Context(), social.Post{ID: calm, TeamID: team, BrandID: brand, Author: member(0), Editor: member(0),
				State: social.Approved, Rev: 1, When: social.Later, CreatedAt: tx.Now()}))
			return errors.Join(tx.Redraw(t.Context(), team, calm), tx.Redraw(t.Context(), team, post))
		}))
		w.one.set(func(r *room) { r.limit = 5 * time.Second })
		w.run(c)
		if diff := cmp.Diff([]int{0, 2}, []int{len(w.one.cards(approval)), len(w.two.cards(approval))}); diff != "" {
			t.Errorf("cards while one chat wants fewer calls (-want +got):\n%s", diff)
		}
		w.one.set(func(r *room) { r.limit = 0 })
		for range 70 {
			c.add(100 * time.Millisecond)
			w.run(c)
		}
		got := w.one.cards(approval)
		if len(got) != 2 || got[0] != w.row() {
			t.Errorf("the card that waits for somebody is not first: %q", got)
		}
	})
}

func TestMessageWhoseAnswerWasLostIsFoundAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		lost := errors.New("connection lost")
		w.one.fail("send", func() error { return lost })
		w.redraw()
		w.run(c)
		w.one.fail("", nil)
		c.add(2 * time.Second)
		w.run(c)
		w.same()
	})
}

func TestCrashBetweenSendingAndWritingItDown(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.one.fail("send", func() error { panic("killed") })
		killed(t, func() { w.must(w.board.Redraw(t.Context(), w.placed(w.one))) })
		w.one.fail("", nil)
		w.start("second")
		w.must(w.board.Resume(t.Context()))
		w.run(c)
		if n := len(w.one.cards(approval)); n != 1 {
			t.Fatalf("%d cards while the dead process's lease holds", n)
		}
		c.add(2 * time.Minute)
		w.must(w.board.Sweep(t.Context()))
		w.run(c)
		w.same()
		if sends, _ := w.one.counts(); sends != 1 {
			t.Errorf("sent %d times", sends)
		}
	})
}

// TestCrashBetweenSendingForApprovalAndPlacing: the job was begun, and who had it died before the card had its rows. The post stands where
// it was written already.
func TestCrashBetweenSendingForApprovalAndPlacing(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		ctx := t.Context()
		w.must(w.db.InTx(ctx, func(tx *storage.Tx) error {
			_, err := tx.Place(ctx, storage.Placement{TeamID: team, Subject: post, Spot: storage.Spot{Surface: "one", Workspace: "w", Channel: "written"}})
			return err
		}))
		w.dies = true
		killed(t, func() { w.must(w.board.Show(ctx, storage.ShowJob{TeamID: team, Subject: post})) })
		w.dies = false
		w.run(c)
		if n := len(w.one.cards(approval)) + len(w.two.cards(approval)); n != 0 {
			t.Fatalf("%d cards, and yet the job was lost", n)
		}
		w.must(w.board.Sweep(ctx)) // of another process
		w.run(c)
		w.same()
		w.must(w.board.Sweep(ctx))
		if n, err := w.queue.Run(ctx, c.Now()); err != nil || n != 0 {
			t.Errorf("%d jobs for a card that stands everywhere, %v", n, err)
		}
	})
}

// placed makes the post's row in r, behind, without drawing it.
func (w *world) placed(r *room) storage.DrawJob {
	w.t.Helper()
	ctx := w.t.Context()
	w.must(w.db.InTx(ctx, func(tx *storage.Tx) error {
		spot := storage.Spot{Surface: r.name, Workspace: "w", Channel: approval}
		_, err := tx.Place(ctx, storage.Placement{TeamID: team, Subject: post, Ours: true, Spot: spot})
		return errors.Join(err, tx.Want(ctx, team, post))
	}))
	all, err := storage.Placements(ctx, w.db, team, post)
	w.must(err)
	return storage.DrawJob{TeamID: team, Placement: all[0].ID}
}

func killed(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Fatal("nobody was killed")
		}
	}()
	f()
}

func TestChangeDuringADrawingIsDrawnToo(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.changesWhileDrawn()
		w.same()
	})
}

// TestChangeDuringADrawingDoesNotWaitForAnotherLook: also when an answer a moment ago makes the board look again in a second.
func TestChangeDuringADrawingDoesNotWaitForAnotherLook(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ev := chat.Event{Message: w.one.message(approval), Tag: chat.Tag{Verb: "post.note", Subject: post, Rev: 1}}
		if _, err := w.press(0, w.one, ev); err != nil {
			t.Fatal(err)
		}
		w.changesWhileDrawn()
		w.same() // no time has passed
	})
}

// changesWhileDrawn changes the post, and once more while that is being drawn.
func (w *world) changesWhileDrawn() {
	w.t.Helper()
	ctx, once := w.t.Context(), true
	w.one.set(func(r *room) {
		r.before = func(string) error {
			if !once {
				return nil
			}
			once = false
			w.touch()
			return w.board.Show(ctx, storage.ShowJob{TeamID: team, Subject: post})
		}
	})
	w.touch()
	w.must(w.board.Show(ctx, storage.ShowJob{TeamID: team, Subject: post}))
}

func TestRestartRedrawsWhatLooksDifferentNow(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.start("second")
		w.must(w.board.Resume(t.Context()))
		w.run(c)
		if _, edits := w.one.counts(); edits != 0 {
			t.Errorf("%d edits of cards that were right", edits)
		}
		w.look = " in a new dress"
		w.must(w.board.Resume(t.Context()))
		w.run(c)
		w.same()
	})
}

// TestAnswerThatNeverLeft: the process wrote down what a press was answered with, and died before it was given.
func TestAnswerThatNeverLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ev, before := note(1), w.one.cards(approval)
		ev.ID, ev.Message = "e", w.one.message(approval)
		ev.Who = chat.Who{Surface: "one", Workspace: "w", User: "u0"}
		ev.Place = chat.Place{Surface: "one", Workspace: "w", Channel: approval}
		if a, err := w.bot.Handle(t.Context(), ev); err != nil {
			t.Fatal(a, err)
		}
		c.add(time.Minute)
		w.run(c)
		if diff := cmp.Diff(before, w.one.cards(approval)); diff != "" {
			t.Fatalf("not as an answer that never left leaves it (-want +got):\n%s", diff)
		}
		w.start("second")
		w.must(w.board.Resume(t.Context()))
		w.run(c)
		w.same()
		w.start("third")
		_, edits := w.one.counts()
		c.add(25 * time.Hour)
		w.must(w.board.Resume(t.Context()))
		w.run(c)
		if _, now := w.one.counts(); now != edits {
			t.Errorf("a day later it is drawn %d times more", now-edits)
		}
	})
}

func TestCardFollowsTheBrandsChannel(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ctx := t.Context()
		ch := social.Channel{TeamID: team, BrandID: brand, Surface: "one", Workspace: "w", Channel: approval, Purpose: social.Approvals}
		w.must(w.db.InTx(ctx, func(tx *storage.Tx) error {
			w.must(tx.DropChannel(ctx, ch))
			ch.Channel = "elsewhere"
			w.must(tx.PutChannel(ctx, ch))
			return tx.Redraw(ctx, team, post)
		}))
		w.run(c)
		if diff := cmp.Diff([]string{w.row()}, w.one.cards("elsewhere")); diff != "" {
			t.Errorf("new channel (-want +got):\n%s", diff)
		}
		w.one.set(func(r *room) {
			for _, m := range r.said {
				if m.channel == approval && (len(m.card.Buttons) > 0 || len(m.card.Foot) == 0) {
					t.Errorf("the old card can still be pressed, or does not say where it went: %+v", m.card)
				}
			}
		})
	})
}

func TestWhatIsNoMoreOrAnothersIsNobodysWork(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.must(w.board.Show(t.Context(), storage.ShowJob{TeamID: team, Subject: "pst_gone"}))
		w.must(w.board.Redraw(t.Context(), storage.DrawJob{TeamID: "tem_other", Placement: w.placed(w.one).Placement}))
		if n := len(w.one.cards(approval)); n != 0 {
			t.Errorf("another team drew %d cards", n)
		}
	})
}
