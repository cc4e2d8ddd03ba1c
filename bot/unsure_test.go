package bot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/i18n"
	"griot/storage"
)

// unsure is a press that the chat could not ask about.
func unsure(rev int64, message string) chat.Event {
	ev := note(rev)
	ev.Unsure, ev.Message = true, message
	return ev
}

// asked is the card of a question.
func asked(t *testing.T, a chat.Answer) chat.Card {
	t.Helper()
	say, ok := a.(chat.Say)
	if !ok || !say.Private || len(say.Card.Buttons) != 2 {
		t.Fatalf("answered %+v", a)
	}
	return say.Card
}

func TestAnUnsurePressIsAskedAboutAndDoesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.sure = i18n.Text{En: "Leave a note?", Fr: "Laisser une note\u202f?"}
		w.redraw()
		w.run(c)
		ev := unsure(1, w.one.message(approval))
		ev.ID = "once"
		for range 2 {
			a, err := w.press(1, w.one, ev)
			w.must(err)
			want := chat.Card{Locale: i18n.En, Tone: chat.Waiting, Body: []chat.Span{chat.Plain("Leave a note?")}, Buttons: []chat.Button{
				{Label: "ok", Style: chat.Risky, Tag: ev.Tag}, {Label: "Cancel", Tag: chat.Tag{Verb: "keep"}}}}
			if diff := cmp.Diff(want, asked(t, a)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		if seen, err := storage.Seen(t.Context(), w.db, "event|one|w|once"); err != nil || seen || w.rev() != 1 {
			t.Errorf("revision %d, remembered %v, %v", w.rev(), seen, err)
		}
		no := chat.Event{Tag: chat.Tag{Verb: "keep"}, Message: "question"}
		a, err := w.press(1, w.one, no)
		w.must(err)
		if x, ok := a.(chat.Refresh); !ok || !cmp.Equal([]chat.Span{chat.Plain("Nothing was changed.")}, x.Card.Body) || w.rev() != 1 {
			t.Errorf("kept: %+v, revision %d", a, w.rev())
		}
		yes := note(1)
		yes.Message = "question"
		a, err = w.press(1, w.one, yes)
		w.must(err)
		if diff := cmp.Diff("redrawn", words(a)); diff != "" || w.rev() != 2 {
			t.Error(diff, w.rev())
		}
		w.run(c)
		w.same()
		// The same press once more is answered as any press that was done.
		ev.ID = "later"
		a, err = w.press(1, w.one, ev)
		w.must(err)
		if diff := cmp.Diff("redrawn: Already done. Here is how it stands.", words(a)); diff != "" || w.rev() != 2 {
			t.Error(diff, w.rev())
		}
	})
}

func TestAnUnsurePressOfWhatIsNoMoreIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ev := unsure(1, w.one.message(approval))
		ev.Tag.Verb = "post.break" // a button that the card had once
		a, err := w.press(1, w.one, ev)
		w.must(err)
		if diff := cmp.Diff("redrawn: This is no longer to be decided. Here is how it stands now.", words(a)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnUnsurePressWithoutACardIsAskedInGeneral(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		fr := i18n.Fr
		for name, ev := range map[string]chat.Event{
			"no message":                  unsure(1, ""),
			"an answer of the post":       {Tag: chat.Tag{Verb: "post.break", Subject: post}, Unsure: true, Message: "private"},
			"an answer of something else": {Tag: chat.Tag{Verb: "post.note", Subject: "brd_one"}, Unsure: true, Message: "private"},
		} {
			a, err := w.press(1, w.one, ev)
			w.must(err)
			if diff := cmp.Diff("privately: Do you confirm? [Yes, do it] [Cancel]", words(a)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		w.sure = i18n.Text{En: "Sure?", Fr: "Sûr\u202f?"}
		a, err := w.press(1, w.one, unsure(1, "private"))
		w.must(err)
		if diff := cmp.Diff("privately: Sure? [ok] [Cancel]", words(a)); diff != "" {
			t.Error(diff)
		}
		if w.rev() != 1 {
			t.Errorf("revision %d", w.rev())
		}
		nobody := chat.Who{Surface: "one", Workspace: "w", User: "nobody", Locale: fr}
		ev := unsure(1, "m")
		ev.Who, ev.Place = nobody, chat.Place{Surface: "one", Workspace: "w", Channel: approval}
		a, err = w.bot.Handle(t.Context(), ev)
		w.must(err)
		if got := words(a); len(got) < 20 || got[:9] != "privately" || w.rev() != 1 {
			t.Errorf("a stranger: %s", got)
		}
		ev.Tag = chat.Tag{Verb: "post.nothing"}
		a, err = w.press(1, w.one, ev)
		w.must(err)
		if diff := cmp.Diff("privately: This button no longer works: the card is from an older Griot. Open the thing again with its command.", words(a)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestTheTwoAnswersNeverSayTheSame: a button may itself be called “Cancel”.
func TestTheTwoAnswersNeverSayTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.label = "Cancel"
		a, err := w.press(1, w.one, unsure(1, "private"))
		w.must(err)
		if diff := cmp.Diff("privately: Do you confirm? [Cancel] [Change nothing]", words(a)); diff != "" {
			t.Error(diff)
		}
	})
}
