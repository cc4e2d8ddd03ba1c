package components_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

func aForm() chat.Form {
	return chat.Form{Title: "Écrire une publication", Locale: i18n.Fr, Tag: chat.Tag{Verb: "run", Subject: "post draft"},
		Intro: []chat.Span{chat.Plain("Ce que *vous* dites.")}, Inputs: []chat.Input{
			{Name: "text", Label: "Texte", Kind: chat.Text, Required: true, Value: []string{"Bonjour"}, Error: "Trop long\u202f: 281 sur 280."},
			{Name: "to", Label: "Vers", Kind: chat.Many, Required: true, Options: []chat.Option{{Value: "a", Label: "Village"}, {Value: "b", Label: "Mastodon"}}, Value: []string{"b"}},
			{Name: "brand", Label: "Marque", Kind: chat.Choice, Options: []chat.Option{{Value: "x", Label: "Bibliothèque"}}},
			{Name: "at", Label: "Quand", Kind: chat.Moment, Help: "demain 9h", Max: 100},
			{Name: "media", Label: "Images", Kind: chat.Files, Max: 4},
			{Name: "secret", Label: "Clé", Kind: chat.Secret, Value: []string{"never shown"}},
			{Name: "channel", Label: "Salon", Kind: chat.Room, Value: []string{"123456789012345678"}},
			{Name: "group", Label: "Rôle", Kind: chat.Group, Required: true},
		}}
}

func TestFormInWindows(t *testing.T) {
	t.Parallel()
	w := components.Of(aForm())
	if w.Pages() != 2 {
		t.Fatalf("%d windows", w.Pages())
	}
	var b strings.Builder
	for n := range w.Pages() {
		m := w.Page(n, "form.step|x|"+string(rune('0'+n)))
		b.WriteString(m.Title + " ‹" + m.CustomID + "›\n" + written(m.Components, "  "))
	}
	golden(t, "form-draft", b.String())
}

// fill answers the fields of a window as somebody does who changes nothing but what is given.
func fill(all []components.Component, given map[string][]string) []components.Component {
	var out []components.Component
	for _, l := range all {
		if l.Component == nil {
			continue
		}
		c := *l.Component
		for _, o := range c.Options {
			if o.Default {
				c.Values = append(c.Values, o.Value)
			}
		}
		for _, d := range c.Defaults {
			c.Values = append(c.Values, d.ID)
		}
		for label, v := range given {
			if strings.HasPrefix(l.Label, label) {
				c.Value, c.Values = v[0], v
				if v[0] == "" {
					c.Values = nil
				}
			}
		}
		l.Component = &components.Component{Type: c.Type, CustomID: c.CustomID, Value: c.Value, Values: c.Values}
		out = append(out, l)
	}
	return out
}

func TestSentForm(t *testing.T) {
	t.Parallel()
	w := components.Of(aForm())
	first := components.Read(fill(w.Page(0, "x").Components, map[string][]string{"Texte": {""}, "Vers": {""}, "Quand": {"demain 9h"}}))
	if diff := cmp.Diff(chat.Values{"text": {""}, "to": {}, "at": {"demain 9h"}}, first.Values); diff != "" {
		t.Errorf("first window (-want +got):\n%s", diff)
	}
	second := components.Read(fill(w.Page(1, "x").Components, map[string][]string{"Images": {"1", "2"}, "Clé": {" s3cret "}, "Rôle": {"9"}}))
	if diff := cmp.Diff(chat.Values{"secret": {" s3cret "}, "channel": {"123456789012345678"}, "group": {"9"}}, second.Values); diff != "" {
		t.Errorf("second window (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]string{"media": {"1", "2"}}, second.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestLongTextComesBackWhole: a text that one field does not take spans several, and nothing of it is lost.
func TestLongTextComesBackWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"mot ", "字", "🎉", "ligne\n", "word"}).Draw(t, "unit")
		text := "d" + strings.Repeat(unit, rapid.IntRange(1, 4000).Draw(t, "n")) + "f"
		w := components.Of(chat.Form{Inputs: []chat.Input{{Name: "text", Label: "Text", Kind: chat.Text, Required: true, Value: []string{text}}}})
		var all []components.Component
		for n := range w.Pages() {
			all = append(all, w.Page(n, "x").Components...)
		}
		for _, l := range all {
			if wide(l.Component.Value) > 4000 {
				t.Errorf("a field of %d", wide(l.Component.Value))
			}
		}
		if got := components.Read(fill(all, nil)).Values.Get("text"); got != text {
			t.Errorf("%d characters came back as %d", len(text), len(got))
		}
	})
}
