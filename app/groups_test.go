package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/i18n"
)

// said is an act of somebody in a Discord server, as its surface tells it.
func (w *world) said(user, groups string, e chat.Event) chat.Card {
	w.Helper()
	e.Who = chat.Who{Surface: "discord", Workspace: "1", User: user, Name: user, Locale: i18n.Fr, Manager: user == "Ada", Groups: groups}
	e.Place = chat.Place{Surface: "discord", Workspace: "1", Channel: "7"}
	a, err := w.app.Bot.Handle(w.Context(), e)
	if err != nil {
		w.Fatal(err)
	}
	say, ok := a.(chat.Say)
	if !ok || !say.Private {
		w.Fatalf("answered by %+v", a)
	}
	return say.Card
}

// TestWhoActsIsSeenWithTheirGroups: what a server's role gives counts from the first act of whoever has it, and what it
// gave ends with the first act without it. While somebody only types, nothing is written.
func TestWhoActsIsSeenWithTheirGroups(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		w.said("Ada", "1", chat.Event{Command: "setup", Values: chat.Values{"brand": {"Atelier"}}})
		w.said("Ada", "1", chat.Event{Command: "team group", Values: chat.Values{"group": {"41"}, "roles": {"approver"}}})
		if c := w.said("Zoé", "1", chat.Event{Command: "team members"}); c.Title != "Griot" {
			t.Errorf("a stranger reads %q", c.Title)
		}
		who := chat.Who{Surface: "discord", Workspace: "1", User: "Zoé", Name: "Zoé", Locale: i18n.Fr, Groups: "1,41"}
		a, err := w.app.Bot.Handle(w.Context(), chat.Event{Who: who, Command: "team members", Typing: "brand"})
		if diff := cmp.Diff(chat.Answer(chat.Offer{}), a); diff != "" || err != nil {
			t.Errorf("who only types is offered: %v (-want +got):\n%s", err, diff)
		}
		for _, step := range []struct{ groups, want string }{
			{"1,41", " · validation (validation par le rôle Discord «\u202f41\u202f»)"},
			{"", " · validation (validation par le rôle Discord «\u202f41\u202f»)"}, // a place that does not say
			{"1", " · aucun rôle ici"},
		} {
			c := w.said("Zoé", step.groups, chat.Event{Command: "team members"})
			got, after := "", false
			for _, s := range c.Body {
				switch x := s.(type) {
				case chat.Person:
					after = x.Name == "Zoé"
				case chat.Plain:
					if after {
						got += string(x)
					}
				}
			}
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("in %q (-want +got):\n%s", step.groups, diff)
			}
		}
	})
}

// TestTheQuestionIsTheOneOfTheRealCard: with its words, and never twice the same button.
func TestTheQuestionIsTheOneOfTheRealCard(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		w.brand()
		const at = "playground"
		act := func(e chat.Event) chat.Answer {
			w.Helper()
			e.Who, e.Place = chat.Who{User: nora}, chat.Place{Channel: general}
			a, err := w.chat(at).Do(w.Context(), e)
			if err != nil {
				w.Fatal(err)
			}
			return a
		}
		form := act(chat.Event{Command: "post draft", Values: chat.Values{"text": {"Bonjour"}}}).(chat.Ask).Form
		values := chat.Values{}
		for _, in := range form.Inputs {
			if in.Value != nil {
				values[in.Name] = in.Value
			}
		}
		act(chat.Event{Tag: form.Tag, Form: true, Values: values})
		offer, ok := act(chat.Event{Command: "post show", Typing: "post", Values: chat.Values{"post": {"bonj"}}}).(chat.Offer)
		if !ok || len(offer.Options) != 1 {
			t.Fatalf("offered %+v", offer)
		}
		shown := act(chat.Event{Command: "post show", Values: chat.Values{"post": {offer.Options[0].Value}}}).(chat.Say).Card
		for _, b := range shown.Buttons {
			if b.Style != chat.Risky {
				continue
			}
			asked := act(chat.Event{Tag: b.Tag, Unsure: true, Message: "m0"}).(chat.Say).Card
			want := []chat.Button{{Label: b.Label, Style: chat.Risky, Tag: b.Tag}, {Label: "Ne rien changer", Tag: chat.Tag{Verb: "keep"}}}
			if b.Label != "Annuler" {
				want[1].Label = "Annuler"
			}
			if diff := cmp.Diff(want, asked.Buttons); diff != "" {
				t.Errorf("%s (-want +got):\n%s", b.Label, diff)
			}
			if diff := cmp.Diff([]chat.Span{chat.Plain(b.Confirm)}, asked.Body); diff != "" {
				t.Errorf("%s (-want +got):\n%s", b.Label, diff)
			}
			return
		}
		t.Errorf("nothing risky on %+v", shown.Buttons)
	})
}
