package app

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/playground"
	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// backUp runs griot backup beside the running Griot.
func (w *world) backUp() string {
	w.Helper()
	var out bytes.Buffer
	file := filepath.Join(w.TempDir(), "griot.backup")
	c := Command{Version: "test", Getenv: func(string) string { return "fr" }, Out: &out}
	if err := c.backup(w.Context(), w.cfg, file); err != nil {
		w.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "Écrit dans "+file) {
		w.Errorf("said: %s", out.String())
	}
	if err := c.backup(w.Context(), w.cfg, file); err == nil || !strings.Contains(c.sentence(err), "existe déjà") {
		w.Errorf("a second backup into the same file: %v", err)
	}
	return file
}

// restoreInto stops Griot and puts a backup into another, empty home, as griot restore does, by the test's clock.
func (w *world) restoreInto(database, file string) {
	w.Helper()
	w.end()
	w.cfg.Data, w.cfg.DatabaseURL = w.TempDir(), database
	o := w.cfg.storage()
	o.Clock, o.DatabaseClock = w.clock.Now, false
	db, err := storage.Open(w.Context(), o)
	if err != nil {
		w.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(w.Context()); err != nil {
		w.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		w.Fatal(err)
	}
	defer f.Close()
	if _, err := unpack(w.Context(), w.cfg, db, f); err != nil {
		w.Fatal(err)
	}
}

// TestYesterdaysBackup: what fell due since then is a person's to decide and is never sent by itself, what is still to come
// leaves, and what was live stays so; on either engine, and from one to the other.
func TestYesterdaysBackup(t *testing.T) {
	none := func(testing.TB) string { return "" }
	fresh := func(tb testing.TB) string { return storagetest.Database(tb) }
	for name, way := range map[string][2]func(testing.TB) string{
		"sqlite": {none, none}, "postgres": {fresh, fresh}, "sqlite to postgres": {none, fresh}, "postgres to sqlite": {fresh, none},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := way[0](t), way[1](t)
			w := newWorld(t, from, i18n.Fr)
			w.start()
			w.brand()
			before := w.approved("Avant.", "maintenant")
			w.turns(before, social.Live, social.NoReason)
			pictured := w.pictured("Avec image.", "demain 9h")
			soon, later := w.approved("Demain.", "demain 9h"), w.approved("Vendredi.", "vendredi 9h")
			file := w.backUp()

			w.clock.advance(19*time.Hour + time.Minute)
			w.turns(soon, social.Live, social.NoReason)
			w.turns(pictured, social.Live, social.NoReason)
			w.restoreInto(to, file)
			w.start()

			w.turns(soon, social.Unsure, social.ByRestore)
			w.turns(pictured, social.Unsure, social.ByRestore)
			w.turns(before, social.Live, social.NoReason)
			w.reads("Demain.", "à vérifier", "Une sauvegarde a été restaurée depuis", "[Elle est en ligne]", "[Renvoyer]")
			w.taken("Demain.", 1)

			// Looking before sending again finds it; the picture's post is said to be live.
			if _, err := w.app.Publishing.SendAgain(w.Context(), w.member(nora), w.delivery(soon).ID); err != nil {
				t.Fatal(err)
			}
			w.turns(soon, social.Live, social.NoReason)
			w.taken("Demain.", 1)
			if _, err := w.app.Publishing.SayLive(w.Context(), w.member(leo), w.delivery(pictured).ID); err != nil {
				t.Fatal(err)
			}
			w.clock.advance(72 * time.Hour)
			w.turns(later, social.Live, social.NoReason)
			for _, text := range []string{"Avant.", "Demain.", "Avec image.", "Vendredi."} {
				w.taken(text, 1)
			}
		})
	}
}

// pictured is approved, with a picture.
func (w *world) pictured(text, when string) string {
	w.Helper()
	s := w.chat("playground")
	a, err := s.Type(w.Context(), nora, general, "/post rediger")
	ask, ok := a.(chat.Ask)
	if err != nil || !ok {
		w.Fatalf("%#v, %v", a, err)
	}
	to := ask.Form.Inputs[slices.IndexFunc(ask.Form.Inputs, func(in chat.Input) bool { return in.Name == "to" })]
	_, err = s.Do(w.Context(), chat.Event{Who: chat.Who{User: nora}, Place: chat.Place{Channel: general}, Tag: ask.Form.Tag, Form: true,
		Values: chat.Values{"text": {text}, "to": to.Value, "at": {when}, "alt": {"Une porte bleue."}}, Files: []chat.File{attachment("media", "porte.png")}})
	if err != nil {
		w.Fatal(err)
	}
	return w.agreed(text)
}

// TestRestart: what stands in the chats survives, cards are redrawn for what changed while Griot was down, and follow the
// brand to another channel.
func TestRestart(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		w.brand()
		post := w.approved("Rentrée.", "vendredi 9h")
		w.reads("Rentrée.", "Programmée")
		w.wait("the card where the post was written", func() bool { return len(w.messages(general)) == 2 })
		before := w.messages(general)
		leo := w.member(leo)
		w.end()

		down, err := New(w.Context(), w.cfg, w.parts())
		if err != nil {
			w.Fatal(err)
		}
		if _, err := down.Publishing.Move(w.Context(), leo, post, 0, social.SendBack, social.Change{Note: "Plus tard."}); err != nil {
			w.Fatal(err)
		}
		for _, p := range down.Playgrounds {
			if err := p.Close(); err != nil {
				w.Fatal(err)
			}
		}
		if err := down.DB.Close(); err != nil {
			w.Fatal(err)
		}

		w.start()
		w.reads("À revoir", "Rentrée.", "Plus tard.")
		if after := w.messages(general); len(after) != len(before) || after[0] != before[0] {
			w.Errorf("before:\n%q\nafter:\n%q", before, after)
		}
		w.types(awa, "/marque canal validations canal:#general")
		w.types(nora, `/post modifier publication:Rentrée texte:"Rentrée des livres."`)
		w.wait("the card in the other channel", func() bool {
			return slices.ContainsFunc(w.messages(general), func(m string) bool {
				return strings.Contains(m, "Rentrée des livres.") && strings.Contains(m, "À revoir")
			})
		})
	})
}

// messages are what everybody sees in a channel of the first chat.
func (w *world) messages(channel string) []string {
	w.Helper()
	var out []string
	for _, m := range w.chat("playground").Messages(channel) {
		if m.To == "" && (m.From != playground.Griot || m.Card != nil) {
			out = append(out, strings.Join(messageLines(m), "\n"))
		}
	}
	return out
}
