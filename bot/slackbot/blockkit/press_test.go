package blockkit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/cards"
	"griot/chat"
	"griot/i18n"
)

// presses are the tags of all that can be pressed in blocks, as Press reads them, with "value" for what a select gives.
func presses(t *testing.T, blocks []slack.Block) []string {
	t.Helper()
	var out []string
	for _, b := range blocks {
		a, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range a.Elements.ElementSet {
			act := slack.BlockAction{BlockID: a.BlockID}
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				act.Type, act.ActionID, act.Value = "button", e.ActionID, e.Value
			case *slack.SelectBlockElement:
				act.Type, act.ActionID, act.SelectedOption = "static_select", e.ActionID, *e.Options[0]
			}
			tag, value, ok := blockkit.Press(act)
			out = append(out, fmt.Sprintf("%s %s %v", tag, value, ok))
		}
	}
	return out
}

func TestEveryPressComesBack(t *testing.T) {
	t.Parallel()
	for _, s := range cards.Samples(i18n.En) {
		var want []string
		for _, b := range s.Card.Buttons {
			if b.URL != "" {
				want = append(want, fmt.Sprintf("%s  %v", chat.Tag{}, false))
				continue
			}
			want = append(want, fmt.Sprintf("%s  %v", b.Tag, true))
		}
		for _, x := range s.Card.Selects {
			want = append(want, fmt.Sprintf("%s %s %v", x.Tag, x.Options[0].Value, true))
		}
		if diff := cmp.Diff(want, presses(t, blockkit.Card(s.Card, uploaded).Blocks)); diff != "" {
			t.Errorf("%s: presses (-want +got):\n%s", s.Name, diff)
		}
	}
}

func TestStrangePressesMeanNothing(t *testing.T) {
	t.Parallel()
	for _, a := range []slack.BlockAction{
		{}, {ActionID: "post.approve", Value: "post.cancel|pst_1|0"}, {ActionID: "x", Value: "x"}, {ActionID: "link:0"},
		{ActionID: "post.open", BlockID: "tag:0:post.open||0"}, {ActionID: "post.open", BlockID: "tag:0:post.show||0", SelectedOption: slack.OptionBlockObject{Value: "x"}},
	} {
		if tag, value, ok := blockkit.Press(a); ok {
			t.Errorf("%v is read as %s with %q", a, tag, value)
		}
	}
}

func TestAVerbThatStandsTwiceKeepsItsRow(t *testing.T) {
	t.Parallel()
	c := chat.Card{Locale: i18n.Fr, Buttons: []chat.Button{
		{Label: "Valider", Tag: chat.Tag{Verb: "post.approve"}}, {Label: "Retirer A", Tag: chat.Tag{Verb: "delivery.remove", Subject: "a"}},
		{Label: "Retirer B", Tag: chat.Tag{Verb: "delivery.remove", Subject: "b"}}, {Label: "Aide", URL: "https://example.org"}, {Label: "Aide", URL: "https://example.org"},
	}}
	m := blockkit.Card(c, blockkit.Look{})
	acceptMessage(t, m.Text, m.Blocks)
	var rows []int
	for _, b := range m.Blocks {
		rows = append(rows, len(b.(*slack.ActionBlock).Elements.ElementSet))
	}
	if diff := cmp.Diff([]int{5}, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// TestALongPostKeepsWhatCanBeDone: its words are cut, its networks and buttons are all there.
func TestALongPostKeepsWhatCanBeDone(t *testing.T) {
	t.Parallel()
	for _, s := range cards.Samples(i18n.Fr) {
		s.Card.Body = []chat.Span{chat.Plain(strings.Repeat("Ouverture samedi à 10 h, venez ! ", 1300))}
		m := blockkit.Card(s.Card, uploaded)
		acceptMessage(t, m.Text, m.Blocks)
		raw, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		shown := string(raw)
		if n := utf8.RuneCountInString(shown); n < 10_000 {
			t.Errorf("%s: only %d runes of 12 000 are used", s.Name, n)
		}
		for _, x := range s.Card.Sections {
			if !strings.Contains(shown, x.Title) {
				t.Errorf("%s: %s is not shown", s.Name, x.Title)
			}
		}
		if got := len(presses(t, m.Blocks)); got != len(s.Card.Buttons)+len(s.Card.Selects) {
			t.Errorf("%s: %d of %d buttons and selects are left", s.Name, got, len(s.Card.Buttons)+len(s.Card.Selects))
		}
	}
}

func TestAnswersThatPassAreNotQuoted(t *testing.T) {
	t.Parallel()
	m := blockkit.Card(chat.Sentence(chat.Good, chat.Plain("Enregistré."), chat.Plain(" :tada: <!here>")), blockkit.Look{})
	acceptMessage(t, m.Text, m.Blocks)
	want := blockkit.Message{Text: "Enregistré. :tada: &lt;!here&gt;", Blocks: []slack.Block{
		slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("✅ Enregistré. :tada: <!here>", nil)))}}
	if diff := cmp.Diff(pretty(t, want), pretty(t, m)); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestAPictureThatWasNotUploadedIsSaid(t *testing.T) {
	t.Parallel()
	c := chat.Card{Locale: i18n.Fr, Images: []chat.Image{{Hash: "1", Alt: "Une salle claire"}, {Hash: "2"}}}
	if got := pretty(t, blockkit.Card(c, blockkit.Look{}).Blocks); !strings.Contains(got, `"🖼 Une salle claire\n🖼 Image"`) || strings.Contains(got, "slack_file") {
		t.Errorf("pictures are not said: %s", got)
	}
	half := blockkit.Look{Picture: func(i chat.Image) (string, bool) { return "F1", i.Hash == "1" }}
	if got := pretty(t, blockkit.Card(c, half).Blocks); !strings.Contains(got, `"slack_file":{"id":"F1"}`) || !strings.Contains(got, `"🖼 Image"`) {
		t.Errorf("one picture is shown and one said, but: %s", got)
	}
}

func TestSmallPrintKeepsItsLinks(t *testing.T) {
	t.Parallel()
	c := chat.Card{Foot: []chat.Span{
		chat.Plain("Voir "), chat.Link{Label: "la page", URL: "https://example.org/?a=1&b=<x|y>"}, chat.Break{},
		chat.Bold("*pas* gras"), chat.Plain(" "), chat.Bold("gras"), chat.Plain(" :tada:"),
	}}
	m := blockkit.Card(c, blockkit.Look{})
	acceptMessage(t, m.Text, m.Blocks)
	got := pretty(t, m.Blocks)
	for _, want := range []string{`"<https://example.org/?a=1&amp;b=%3Cx%7Cy%3E|la page>"`, `"*gras*"`, `"*pas* gras"`, `":tada:"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not there:\n%s", want, got)
		}
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	c := cards.Samples(i18n.Fr)[0].Card
	c.Locale = i18n.Fr
	w := blockkit.Window("Une publication de la Bibliothèque", c, blockkit.Look{}, "C1 169.1")
	acceptView(t, w)
	if w.Title.Text != "Une publication de la…" || w.Close.Text != "Fermer" || w.Submit != nil || w.PrivateMetadata != "C1 169.1" {
		t.Errorf("window: %s", pretty(t, w))
	}
	if n := len(presses(t, w.Blocks.BlockSet)); n != len(c.Buttons) {
		t.Errorf("a window has %d of %d buttons", n, len(c.Buttons))
	}
	wait := blockkit.Waiting("Griot", "Un instant…")
	acceptView(t, wait)
	acceptView(t, blockkit.Home(c, blockkit.Look{}))
	if wait.Close != nil || wait.Submit != nil || len(wait.Blocks.BlockSet) != 1 {
		t.Errorf("there is something to press: %s", pretty(t, wait))
	}
}
