package app

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/i18n"
	"griot/storage"
)

// TestTheWordsOfAMessageBecomeAPost: what a message shortcut gives opens the form with the words in it, even where nothing
// is left to choose. The pictures of the message come again with the sent form.
func TestTheWordsOfAMessageBecomeAPost(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		w.brand()
		const words = "Samedi, on ouvre !\n\nUne conteuse vient à 11 h, avec des livres: trois, et un gâteau."
		does := func(e chat.Event) chat.Answer {
			w.Helper()
			e.Who, e.Place = chat.Who{User: nora}, chat.Place{Channel: general}
			a, err := w.chat("playground").Do(w.Context(), e)
			if err != nil {
				w.Fatal(err)
			}
			return a
		}
		a := does(chat.Event{Command: "post draft", Values: chat.Values{"text": {words}}, Files: []chat.File{attachment("", "affiche.png")}})
		ask, ok := a.(chat.Ask)
		if !ok {
			w.Fatalf("answered by %+v, want the form", a)
		}
		values := chat.Values{}
		for _, in := range ask.Form.Inputs {
			if in.Value != nil {
				values[in.Name] = in.Value
			}
		}
		if diff := cmp.Diff([]string{words}, values["text"]); diff != "" || len(values["to"]) != 1 {
			w.Errorf("the form holds %q (-want +got):\n%s", values, diff)
		}
		team := w.member(nora).TeamID
		if all, err := storage.Posts(w.Context(), w.app.DB, team, storage.PostFilter{}); err != nil || len(all) != 0 {
			w.Fatalf("opening the form has stored %d posts, %v", len(all), err)
		}

		does(chat.Event{Tag: ask.Form.Tag, Form: true, Values: values, Files: []chat.File{attachment("media", "affiche.png")}})
		all, err := storage.Posts(w.Context(), w.app.DB, team, storage.PostFilter{})
		if err != nil || len(all) != 1 {
			w.Fatalf("%d posts, %v", len(all), err)
		}
		sheet, err := storage.SheetOf(w.Context(), w.app.DB, team, all[0].ID)
		if err != nil {
			w.Fatal(err)
		}
		if sheet.Revision.Text != words || len(sheet.Revision.Media) != 1 || !slices.Equal(sheet.Revision.Accounts, values["to"]) {
			w.Errorf("stored as %+v", sheet.Revision)
		}
	})
}
