package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/i18n"
	"griot/storage"
)

// rev is the post's revision: how often it was changed.
func (w *world) rev() int64 {
	w.t.Helper()
	p, err := storage.Post(w.t.Context(), w.db, team, post)
	w.must(err)
	return p.Rev
}

// words are what an answer says, and how.
func words(a chat.Answer) string {
	text := func(c chat.Card) string {
		var b strings.Builder
		for _, s := range append(append([]chat.Span{}, c.Lead...), c.Body...) {
			if p, ok := s.(chat.Plain); ok {
				b.WriteString(string(p))
			}
		}
		for _, x := range c.Buttons {
			b.WriteString(" [" + x.Label + "]")
		}
		return b.String()
	}
	switch a := a.(type) {
	case chat.Say:
		if a.Private {
			return "privately: " + text(a.Card)
		}
		return "openly: " + text(a.Card)
	case chat.Refresh:
		if a.Tell != nil {
			return "redrawn: " + text(*a.Tell)
		}
		return "redrawn"
	case chat.Ask:
		var b strings.Builder
		for _, in := range a.Form.Inputs {
			b.WriteString(" " + in.Name + "=" + strings.Join(in.Value, ",") + "/" + in.Error)
		}
		return "asked:" + b.String()
	case chat.Silent:
		return "silent"
	}
	return "nothing"
}

func note(rev int64) chat.Event {
	return chat.Event{Tag: chat.Tag{Verb: "post.note", Subject: post, Rev: rev}}
}

func TestAnEventDeliveredTwiceIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ev := note(1)
		ev.ID, ev.Message = "again", w.one.message(approval)
		var got []string
		for i := range 3 {
			if i == 2 {
				w.start("second") // nothing is left in memory
			}
			a, err := w.press(1, w.one, ev)
			w.must(err)
			got = append(got, words(a))
		}
		want := []string{"redrawn", "redrawn", "redrawn: Already done. Here is how it stands."}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if w.rev() != 2 {
			t.Errorf("revision %d: done more than once", w.rev())
		}
	})
}

func TestTheSamePressAgainReadsAlreadyDone(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		ev := note(1)
		ev.Message = w.one.message(approval)
		for _, step := range []struct {
			who  int
			want string
		}{
			{1, "redrawn"},
			{1, "redrawn: Already done. Here is how it stands."},
			{2, "redrawn: It is at revision 2 now."},
		} {
			a, err := w.press(step.who, w.one, ev)
			w.must(err)
			if diff := cmp.Diff(step.want, words(a)); diff != "" {
				t.Error(diff)
			}
		}
		w.run(c)
		w.same()
	})
}

func TestFailureIsNotStoredAndPressingAgainWorks(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		for _, verb := range []string{"post.panic", "post.break"} {
			for range 2 {
				ev := chat.Event{ID: verb, Tag: chat.Tag{Verb: verb, Subject: post, Rev: 1}}
				if a, err := w.press(1, w.one, ev); err == nil {
					t.Errorf("%s was answered: %s", verb, words(a))
				}
			}
		}
		w.must(w.db.InTx(t.Context(), func(tx *storage.Tx) error { return tx.Prune(t.Context()) }))
		if n, err := storage.Seen(t.Context(), w.db, "event|one|w|post.break"); err != nil || n {
			t.Errorf("a failure is remembered: %v, %v", n, err)
		}
	})
}

func TestWhatWasAnsweredIsForgottenAfterADay(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		ev := note(1)
		ev.ID = "old"
		_, err := w.press(1, w.one, ev)
		w.must(err)
		for _, step := range []struct {
			after time.Duration
			want  bool
		}{{23 * time.Hour, true}, {2 * time.Hour, false}} {
			c.add(step.after)
			w.must(w.db.InTx(t.Context(), func(tx *storage.Tx) error { return tx.Prune(t.Context()) }))
			if seen, err := storage.Seen(t.Context(), w.db, "event|one|w|old"); err != nil || seen != step.want {
				t.Errorf("after %s: seen is %v, want %v (%v)", step.after, seen, step.want, err)
			}
		}
	})
}

func TestAnswersToWhatPeopleDo(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		fr := chat.Who{Surface: "one", Workspace: "w", User: "nobody", Locale: i18n.Fr}
		member := chat.Who{Surface: "one", Workspace: "w", User: "u1"}
		nowhere := chat.Who{Surface: "one", Workspace: "other", User: "u1"}
		back := chat.Tag{Verb: "post.send_back", Subject: post, Rev: 1}
		for _, step := range []struct {
			name string
			e    chat.Event
			want string
		}{
			{"stranger", chat.Event{Who: fr, Command: "post show", Text: "x"},
				"privately: Bonjour\u202f! Je suis Griot. J’aide celles et ceux qui parlent pour une marque\u202f: écrire, faire valider, programmer, publier.Vous n’êtes pas de l’équipe. [Demander l’accès]"},
			{"stranger's press", chat.Event{Who: fr, Tag: back},
				"privately: Bonjour\u202f! Je suis Griot. J’aide celles et ceux qui parlent pour une marque\u202f: écrire, faire valider, programmer, publier.Vous n’êtes pas de l’équipe. [Demander l’accès]"},
			{"no team yet", chat.Event{Who: nowhere, Words: "hello"},
				"privately: Hello! I am Griot. I help the people who speak for a brand: write, get approved, schedule, publish.That no longer exists, or is not of your team. [Set Griot up]"},
			{"set up without a team", chat.Event{Who: nowhere, Tag: chat.Tag{Verb: "run", Subject: "setup"}}, "privately: set up"},
			{"set up in French", chat.Event{Who: nowhere, Command: "demarrer"}, "privately: set up"},
			{"missing option", chat.Event{Who: member, Command: "post show"}, "asked: post=/"},
			{"wrong command", chat.Event{Who: member, Command: "post shwo"}, "privately: I do not know “/post shwo”. Did you mean: /post show post:…"},
			{"old button", chat.Event{Who: member, Tag: chat.Tag{Verb: "post.gone", Subject: post}},
				"privately: This button no longer works: the card is from an older Griot. Open the thing again with its command."},
			{"form opens", chat.Event{Who: member, Tag: back}, "asked: note=/"},
			{"form refused", chat.Event{Who: member, Tag: back, Form: true, Values: chat.Values{"note": {"no"}}}, "asked: note=no/Too short."},
			{"form opens again", chat.Event{Who: member, Tag: back}, "asked: note=/"},
			{"form sent", chat.Event{Who: member, Tag: back, Form: true, Values: chat.Values{"note": {"not yet"}}}, "silent"},
			{"form of before", chat.Event{Who: member, Tag: back, Form: true, Values: chat.Values{"note": {"not at all"}}}, "privately: It is at revision 2 now."},
			{"command without slash", chat.Event{Who: member, Words: "post show " + post}, "silent"},
			{"the same card again", chat.Event{Who: member, Command: "post show", Values: chat.Values{"post": {post}}}, "privately: rev 2mem_1@one [ok]"},
			{"what is no more", chat.Event{Who: member, Tag: chat.Tag{Verb: "post.note", Subject: "pst_gone"}}, "privately: That no longer exists, or is not of your team."},
		} {
			t.Run(step.name, func(t *testing.T) {
				step.e.ID = step.name
				step.e.Place = chat.Place{Surface: "one", Workspace: "w", Channel: "general"}
				a, err := w.bot.Handle(t.Context(), step.e)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(step.want, words(a)); diff != "" {
					t.Error(diff)
				}
			})
		}
		w.run(c)
		if diff := cmp.Diff([]string{w.row()}, w.one.cards("general")); diff != "" {
			t.Errorf("the card that was asked for here (-want +got):\n%s", diff)
		}
	})
}

func TestPlainWordsAreAnsweredWithHelp(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		a, err := w.press(1, w.one, chat.Event{Words: "post something nice tomorrow"})
		w.must(err)
		say, ok := a.(chat.Say)
		if !ok || !say.Private || say.Card.Title != "What I can do for you" {
			t.Errorf("got %+v", a)
		}
	})
}

func TestADatabaseThatIsGoneIsNotAnAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.must(w.db.Pool().Close())
		if a, err := w.press(1, w.one, note(1)); err == nil {
			t.Errorf("answered %s", words(a))
		}
	})
}

// TestEverythingSaysItsLanguage: what everybody sees is in the brand's, what one person sees is in theirs.
func TestEverythingSaysItsLanguage(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		w.redraw()
		w.run(c)
		w.one.set(func(r *room) {
			if l := r.said[0].card.Locale; l != i18n.Fr {
				t.Errorf("a card in a channel is in %q", l)
			}
		})
		for name, tt := range map[string]struct {
			ev   chat.Event
			want []i18n.Locale // of the card or form, and of what is told
		}{
			"a press":                  {note(1), []i18n.Locale{i18n.Fr}},
			"a press of the past":      {note(1), []i18n.Locale{i18n.Fr, i18n.En}},
			"a form":                   {chat.Event{Tag: chat.Tag{Verb: "post.send_back", Subject: post, Rev: 2}}, []i18n.Locale{i18n.En}},
			"help":                     {chat.Event{Words: "hello"}, []i18n.Locale{i18n.En}},
			"a card that is asked for": {chat.Event{Command: "post show", Text: post}, []i18n.Locale{i18n.En}},
		} {
			tt.ev.Message = w.one.message(approval)
			if name == "a press of the past" {
				tt.ev.Tag.Rev = 7
			}
			a, err := w.press(1, w.one, tt.ev)
			var got []i18n.Locale
			switch x := a.(type) {
			case chat.Say:
				got = []i18n.Locale{x.Card.Locale}
			case chat.Ask:
				got = []i18n.Locale{x.Form.Locale}
			case chat.Refresh:
				got = []i18n.Locale{x.Card.Locale}
				if x.Tell != nil {
					got = append(got, x.Tell.Locale)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("%s, %v (-want +got):\n%s", name, err, diff)
			}
		}
	})
}
