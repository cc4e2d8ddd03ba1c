package app

import (
	"encoding/json"
	"strings"
	"testing"

	"griot/bot/playground"
	"griot/chat"
	"griot/commands"
	"griot/drafting/openai/openaitest"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// writers is a world with a language model that plays turn, in which the brand Maison Lune has been set up.
func writers(t *testing.T, turn func(openaitest.Ask) openaitest.Turn, f func(*world, *openaitest.Server)) {
	t.Helper()
	run := func(t *testing.T, database string) {
		s := openaitest.New(t, turn)
		w := newWorld(t, database, i18n.Fr)
		w.cfg.Writing = Writing{Key: "sk-very-secret", BaseURL: s.URL, Model: "plume", Budget: "1000"}
		w.start()
		w.brand()
		f(w, s)
	}
	t.Run("sqlite", func(t *testing.T) { run(t, "") })
	t.Run("postgres", func(t *testing.T) { run(t, storagetest.Database(t)) })
}

// hears says a command as Nora in the first playground, and returns what is read at once.
func (w *world) hears(words string) string {
	w.Helper()
	a, err := w.chat("playground").Type(w.Context(), nora, general, words)
	if err != nil {
		w.Fatal(err)
	}
	return strings.Join(answerLines(a), "\n")
}

// drafts are all of the team's posts.
func (w *world) drafts() []social.Sheet {
	w.Helper()
	all, err := w.app.Publishing.List(w.Context(), w.member(nora), publishing.Filter{})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// whispers are what Griot wrote to Nora directly.
func (w *world) whispers() string {
	w.Helper()
	var out []string
	for _, m := range w.chat("playground").Messages(playground.Direct(nora)) {
		for _, l := range m.Lines {
			out = append(out, chat.Flat(l.Words))
		}
	}
	return strings.Join(out, "\n")
}

// wall is what everybody reads in the first playground.
func (w *world) wall() string {
	w.Helper()
	var out []string
	for _, m := range w.chat("playground").Messages(general) {
		if m.To == "" {
			out = append(out, messageLines(m)...)
		}
	}
	return strings.Join(out, "\n")
}

// written is an answer with one post.
func written(text string) string {
	b, _ := json.Marshal(map[string]any{"posts": []map[string]any{{"number": 1, "text": text}}})
	return string(b)
}

const wish = `/post rediger sujet:"ouverture samedi 10 h" vers:village`

func TestAModelWritesADraft(t *testing.T) {
	writers(t, openaitest.Script(openaitest.Turn{Answer: written("On ouvre samedi à 10 h\u202f!"), Piece: 3, Words: 2, Usage: 900}), func(w *world, s *openaitest.Server) {
		if got := w.hears(wish); !strings.HasPrefix(got, "Je rédige.") {
			w.Errorf("said %q", got)
		}
		w.wait("the draft", func() bool { return len(w.drafts()) == 1 })
		x := w.drafts()[0]
		if x.Revision.Text != "On ouvre samedi à 10 h\u202f!" || x.Post.State != social.Draft || x.Names[x.Post.Author] != "Nora" || len(x.Deliveries) > 0 {
			w.Errorf("%+v", x)
		}
		w.wait("its card", func() bool {
			return strings.Contains(w.wall(), "On ouvre samedi à 10 h\u202f!")
		})
		if a := s.Asks()[0]; !strings.Contains(a.User, `"topic":"ouverture samedi 10 h"`) || a.Authorization != "Bearer sk-very-secret" {
			w.Errorf("asked %+v", a)
		}
		// 900 of 1000 tokens are spent: once more, then no more today.
		w.types(nora, wish)
		w.wait("the second draft", func() bool { return len(w.drafts()) == 2 })
		w.types(nora, wish)
		w.wait("the third draft", func() bool { return len(w.drafts()) == 3 })
		w.wait("the note", func() bool { return strings.Contains(w.whispers(), "budget du jour") })
		if n := len(s.Asks()); n != 2 {
			w.Errorf("asked %d times", n)
		}
		if strings.Contains(w.log.String(), "sk-very-secret") || strings.Contains(w.log.String(), "ouverture") {
			w.Error("the log tells too much")
		}
	})
}

// TestWordsAreSeenWhileTheyAreWritten by who asked, and nobody else; in the end the answer says that the draft is there.
func TestWordsAreSeenWhileTheyAreWritten(t *testing.T) {
	half := make(chan struct{})
	answer := written("On ouvre samedi à 10 h\u202f! Venez nombreux, il y aura des croissants chauds et du café pour tout le monde.")
	first := openaitest.Turn{Answer: answer, Words: 4, Half: half}
	writers(t, openaitest.Script(first), func(w *world, _ *openaitest.Server) {
		private := func() string {
			var out []string
			for _, m := range w.chat("playground").Messages(general) {
				if m.To != "" {
					out = append(out, strings.Join(messageLines(m), "\n"))
				}
			}
			return strings.Join(out, "\n—\n")
		}
		w.types(nora, wish)
		select {
		case <-half: // on the second engine all comes at once
		default:
			w.wait("the first words", func() bool { return strings.Contains(private(), "On ouvre samedi") })
			if got := private(); strings.Contains(got, "tout le monde") || !strings.Contains(got, "pas encore relus") || strings.Contains(w.wall(), "On ouvre") {
				w.Errorf("private: %s\nall: %s", got, w.wall())
			}
			close(half)
		}
		w.wait("the draft", func() bool { return strings.Contains(w.wall(), "croissants chauds") })
		w.wait("the end", func() bool { return strings.Contains(private(), "C’est écrit") })
		if got := private(); strings.Contains(got, "On ouvre") || strings.Contains(got, "Je rédige") {
			w.Errorf("what stays: %s", got)
		}
	})
}

func TestADraftComesWithoutAModelThatFails(t *testing.T) {
	writers(t, openaitest.Script(openaitest.Turn{Status: 401}), func(w *world, _ *openaitest.Server) {
		w.types(nora, wish)
		w.wait("the draft", func() bool { return len(w.drafts()) == 1 })
		if got := w.drafts()[0].Revision.Text; !strings.HasPrefix(got, "Ouverture samedi 10 h.") {
			w.Errorf("%q", got)
		}
		w.wait("the note", func() bool { return strings.Contains(w.whispers(), "OPENAI_API_KEY") })
	})
}

// A process may stop after any step: what is begun again makes no second draft, and what cannot be is said once.
func TestAWishIsFulfilledOnce(t *testing.T) {
	writers(t, openaitest.Script(openaitest.Turn{Answer: written("Samedi\u202f!")}), func(w *world, _ *openaitest.Server) {
		ctx, by := w.Context(), w.member(nora)
		brands, err := storage.Brands(ctx, w.app.DB, by.TeamID)
		if err != nil {
			w.Fatal(err)
		}
		all, err := w.app.Accounts.List(ctx, by, brands[0].ID)
		if err != nil {
			w.Fatal(err)
		}
		j := writeJob{Key: "wri_1", Team: by.TeamID, Member: by.ID, At: w.chat("playground").Place(general),
			Topic: commands.Topic{Brand: brands[0].ID, Words: "samedi", Locale: i18n.Fr, Content: publishing.Content{Accounts: []string{all[0].ID}}}}
		for range 2 {
			if err := w.app.write(ctx, j); err != nil {
				w.Fatal(err)
			}
		}
		if n := len(w.drafts()); n != 1 {
			w.Errorf("%d drafts", n)
		}
		j.Key, j.Topic.Content.Accounts = "wri_2", nil
		for range 2 {
			if err := w.app.write(ctx, j); err != nil {
				w.Fatal(err)
			}
		}
		w.wait("the refusal", func() bool { return strings.Contains(w.whispers(), "Choisissez au moins un compte.") })
		if n := len(w.drafts()); n != 1 {
			w.Errorf("%d drafts", n)
		}
	})
}
