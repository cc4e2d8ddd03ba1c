package blockkit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

var formTag = chat.Tag{Verb: "post.edit", Subject: "pst_1", Rev: 3}

// form asks in French for whatever a test wants.
func form(inputs ...chat.Input) chat.Form {
	return chat.Form{Title: "Modifier", Locale: i18n.Fr, Tag: formTag, Submit: "Enregistrer", Inputs: inputs}
}

func opts(n int) []chat.Option {
	var out []chat.Option
	for i := range n {
		out = append(out, chat.Option{Value: fmt.Sprintf("acc_%d", i+1), Label: fmt.Sprintf("Village · @compte%d", i+1)})
	}
	return out
}

// typicalForms are those that people meet.
func typicalForms(l i18n.Locale) map[string]chat.Form {
	say := func(en, fr string) string { return i18n.Text{En: en, Fr: fr}.In(l) }
	text := chat.Input{Name: "text", Label: say("Text", "Texte"), Kind: chat.Text, Required: true,
		Help: say("A line of three hyphens (---) begins the next part of a thread.", "Une ligne de trois tirets (---) commence la partie suivante d’un fil.")}
	to := chat.Input{Name: "to", Label: say("On which accounts?", "Sur quels comptes\u202f?"), Kind: chat.Many, Required: true, Options: opts(2), Value: []string{"acc_1"}}
	at := chat.Input{Name: "at", Label: say("When?", "Quand\u202f?"), Kind: chat.Moment, Help: say("“tomorrow 9am”, “now”…", "«\u202fdemain 9h\u202f», «\u202fmaintenant\u202f»…")}
	media := chat.Input{Name: "media", Label: say("Pictures", "Images"), Kind: chat.Files, Max: 4}
	again := []chat.Input{text, to, at, media, {Name: "text:acc_2", Label: say("Only for @account2", "Seulement pour @compte2"), Kind: chat.Text}}
	again[0].Value = []string{say("Doors open on Saturday at 10!", "Ouverture samedi à 10 h\u202f!")}
	again[2].Value = []string{say("yesterday", "hier")}
	again[2].Error = say("That moment is over. Choose one to come.", "Ce moment est passé. Choisissez-en un à venir.")
	return map[string]chat.Form{
		"form-draft":    {Title: say("Write a post", "Rédiger"), Tag: chat.Tag{Verb: "start", Subject: "post draft"}, Submit: say("Show the draft", "Voir le brouillon"), Inputs: []chat.Input{text, to, at, media}},
		"form-returned": {Title: say("Edit the post", "Modifier"), Tag: formTag, Submit: say("Save", "Enregistrer"), Inputs: again},
		"form-connect": {Title: say("Connect Mastodon", "Connecter Mastodon"), Tag: chat.Tag{Verb: "account.connect", Subject: "brd_1.mastodon"}, Submit: say("Connect", "Connecter"),
			Intro: []chat.Span{chat.Plain(say("For Library. Paste your server’s address and an access token.", "Pour Bibliothèque. Indiquez l’adresse de votre serveur et un jeton d’accès."))},
			Inputs: []chat.Input{
				{Name: "server", Label: say("Address of the server", "Adresse du serveur"), Kind: chat.Line, Required: true, Value: []string{"https://mastodon.social"}},
				{Name: "token", Label: say("Access token", "Jeton d’accès"), Kind: chat.Secret, Required: true},
			}},
		"form-setup": {Title: say("Let us begin", "Commençons"), Tag: chat.Tag{Verb: "start", Subject: "setup"}, Submit: say("Start", "Démarrer"), Inputs: []chat.Input{
			{Name: "brand", Label: say("Name of your brand", "Nom de votre marque"), Kind: chat.Line, Required: true, Max: 60},
			{Name: "language", Label: say("Language of its cards", "Langue de ses cartes"), Kind: chat.Choice, Options: []chat.Option{{Value: "fr", Label: "français"}, {Value: "en", Label: "English"}}, Value: []string{"fr"}},
			{Name: "approvals", Label: say("Channel for approvals", "Canal des validations"), Kind: chat.Room, Value: []string{"C0123"}},
			{Name: "numbers", Label: say("Channel for numbers", "Canal des chiffres"), Kind: chat.Room},
		}},
	}
}

func TestFormsLookAsTheyShould(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Locales {
		for name, f := range typicalForms(l) {
			t.Run(name+"-"+string(l), func(t *testing.T) {
				f.Locale = l
				v := blockkit.Modal(f, "C1")
				acceptView(t, v)
				golden(t, name+"."+string(l), v)
			})
		}
	}
}

// opened is a modal as Slack gives it back when nobody has touched anything, over the wire.
func opened(t failing, v slack.ModalViewRequest) slack.View {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var out slack.View
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v", err)
	}
	out.State = &slack.ViewState{Values: map[string]map[string]slack.BlockAction{}}
	for _, b := range out.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			id, a := untouched(t, in.Element)
			out.State.Values[in.BlockID] = map[string]slack.BlockAction{id: a}
		}
	}
	return out
}

// untouched is the state of an element as it was shown, with its action_id.
func untouched(t failing, e slack.BlockElement) (string, slack.BlockAction) {
	t.Helper()
	switch e := e.(type) {
	case *slack.PlainTextInputBlockElement:
		return e.ActionID, slack.BlockAction{Type: "plain_text_input", Value: e.InitialValue}
	case *slack.SelectBlockElement:
		a := slack.BlockAction{Type: slack.ActionType(e.Type), SelectedConversation: e.InitialConversation}
		if e.InitialOption != nil {
			a.SelectedOption = *e.InitialOption
		}
		return e.ActionID, a
	case *slack.CheckboxGroupsBlockElement:
		return e.ActionID, slack.BlockAction{Type: "checkboxes", SelectedOptions: chosen(e.InitialOptions)}
	case *slack.MultiSelectBlockElement:
		return e.ActionID, slack.BlockAction{Type: "multi_static_select", SelectedOptions: chosen(e.InitialOptions)}
	case *slack.DateTimePickerBlockElement:
		return e.ActionID, slack.BlockAction{Type: "datetimepicker", SelectedDateTime: e.InitialDateTime}
	case *slack.FileInputBlockElement:
		return e.ActionID, slack.BlockAction{Type: "file_input"}
	}
	t.Fatalf("unknown element %T", e)
	return "", slack.BlockAction{}
}

func chosen(all []*slack.OptionBlockObject) []slack.OptionBlockObject {
	var out []slack.OptionBlockObject
	for _, o := range all {
		out = append(out, *o)
	}
	return out
}

// give puts something into the nth field of a modal.
func give(t *testing.T, v slack.View, n int, a slack.BlockAction) {
	t.Helper()
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			if n--; n < 0 {
				for id := range v.State.Values[in.BlockID] {
					v.State.Values[in.BlockID][id] = a
				}
				return
			}
		}
	}
	t.Fatal("no such field")
}

func sent(t failing, v slack.View) blockkit.Sent {
	t.Helper()
	s, err := blockkit.Submission(v, i18n.Fr, "")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

func TestAFormNobodyTouchedSaysWhatWasInIt(t *testing.T) {
	t.Parallel()
	f := form(
		chat.Input{Name: "text:acc.1", Label: "Texte", Kind: chat.Text, Value: []string{" a\n\nb  "}},
		chat.Input{Name: "name", Label: "Nom", Kind: chat.Line, Value: []string{"Nora"}},
		chat.Input{Name: "none", Label: "Rien", Kind: chat.Line},
		chat.Input{Name: "one", Label: "Un", Kind: chat.Choice, Options: opts(3), Value: []string{"acc_2"}},
		chat.Input{Name: "gone", Label: "Un autre", Kind: chat.Choice, Options: opts(3), Value: []string{"acc_9"}},
		chat.Input{Name: "few", Label: "Peu", Kind: chat.Many, Options: opts(10), Value: []string{"acc_1", "acc_3"}},
		chat.Input{Name: "lots", Label: "Beaucoup", Kind: chat.Many, Options: opts(130), Value: []string{"acc_2", "acc_129"}},
		chat.Input{Name: "uncarried", Label: "Trop long", Kind: chat.Choice, Options: opts(3), Value: []string{strings.Repeat("x", 80)}},
		chat.Input{Name: "nothing to choose", Label: "Vide", Kind: chat.Many, Value: []string{"a", "b"}},
		chat.Input{Name: "words", Label: "Quand", Kind: chat.Moment, Value: []string{"2026-02-10 09:00"}},
		chat.Input{Name: "instant", Label: "Quand", Kind: chat.Moment, Value: []string{"2026-12-01T09:00:00+01:00"}},
		chat.Input{Name: "secret", Label: "Secret", Kind: chat.Secret, Value: []string{"hunter2"}},
		chat.Input{Name: "room", Label: "Canal", Kind: chat.Room, Value: []string{"C1"}},
		chat.Input{Name: "here", Label: "Canal", Kind: chat.Room, Value: []string{"here"}},
		chat.Input{Name: "files", Label: "Images", Kind: chat.Files},
	)
	v := blockkit.Modal(f, "meta")
	acceptView(t, v)
	want := blockkit.Sent{Tag: formTag, Values: chat.Values{
		"text:acc.1": {" a\n\nb  "}, "name": {"Nora"}, "one": {"acc_2"}, "gone": {"acc_9"}, "few": {"acc_1", "acc_3"}, "lots": {"acc_2", "acc_129"},
		"nothing to choose": {"a, b"}, "words": {"2026-02-10 09:00"}, "instant": {"2026-12-01T08:00:00Z"}, "room": {"C1"},
	}}
	if diff := cmp.Diff(want, sent(t, opened(t, v))); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestAnEmptiedFieldIsToldFromAnEmptyOne(t *testing.T) {
	t.Parallel()
	v := opened(t, blockkit.Modal(form(
		chat.Input{Name: "text", Kind: chat.Text, Value: []string{"a"}},
		chat.Input{Name: "to", Kind: chat.Many, Options: opts(2), Value: []string{"acc_1"}},
		chat.Input{Name: "room", Kind: chat.Room, Value: []string{"C1"}},
		chat.Input{Name: "empty", Kind: chat.Text},
		chat.Input{Name: "at", Kind: chat.Moment, Value: []string{"demain 9h"}},
	), ""))
	for n := range 5 {
		give(t, v, n, slack.BlockAction{Value: "  \n"})
	}
	want := chat.Values{"text": {""}, "to": {}, "room": {""}, "at": {""}}
	if diff := cmp.Diff(want, sent(t, v).Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestOfWordsAndADateTheChangedOneCounts(t *testing.T) {
	t.Parallel()
	const picked, other, instant = 1_796_112_000, 1_796_198_400, "2026-12-01T08:00:00Z"
	for name, c := range map[string]struct {
		was   string
		said  string
		pick  int64
		want  chat.Values
		wrong bool
	}{
		"words alone":                {"", "demain 9h", 0, chat.Values{"at": {"demain 9h"}}, false},
		"a date alone":               {"", "", picked, chat.Values{"at": {instant}}, false},
		"neither":                    {"", "", 0, chat.Values{}, false},
		"a date beside old words":    {"2026-02-10 09:00", "2026-02-10 09:00", picked, chat.Values{"at": {instant}}, false},
		"a date, old words cleared":  {"2026-02-10 09:00", "", picked, chat.Values{"at": {instant}}, false},
		"words beside an old date":   {instant, "demain 9h", picked, chat.Values{"at": {"demain 9h"}}, false},
		"an old date, cleared":       {instant, "", 0, chat.Values{"at": {""}}, false},
		"an old date, another":       {instant, "", other, chat.Values{"at": {"2026-12-02T08:00:00Z"}}, false},
		"new words and a new date":   {"", "demain 9h", picked, chat.Values{"at": {"demain 9h"}}, true},
		"other words and a new date": {"hier", "demain 9h", picked, chat.Values{"at": {"demain 9h"}}, true},
		"the same instant twice":     {"", instant, picked, chat.Values{"at": {instant}}, false},
	} {
		v := opened(t, blockkit.Modal(form(chat.Input{Name: "at", Kind: chat.Moment, Required: true, Value: []string{c.was}}), ""))
		give(t, v, 0, slack.BlockAction{Value: c.said})
		give(t, v, 1, slack.BlockAction{SelectedDateTime: c.pick})
		s := sent(t, v)
		if diff := cmp.Diff(c.want, s.Values); diff != "" {
			t.Errorf("%s: values (-want +got):\n%s", name, diff)
		}
		if c.wrong != strings.Contains(s.Wrong["at"], "Gardez l’une") {
			t.Errorf("%s: wrong %q", name, s.Wrong)
		}
	}
}

func TestALongTextComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom([]string{" ", "\n", "\n\n", "   \n", "mot", "字字字", "🎉", "\u202f!", strings.Repeat("x", 2600), strings.Repeat(" ", 60), strings.Repeat("y ", 900)}),
			rapid.StringMatching(`[a-zé ]{0,80}`),
		), 0, 40).Draw(t, "pieces"), "")
		v := blockkit.Modal(form(chat.Input{Name: "text", Label: "Texte", Kind: chat.Text, Value: []string{text}, Max: rapid.SampledFrom([]int{0, 5000}).Draw(t, "max")}), "")
		acceptView(t, v)
		want := chat.Values{}
		if strings.TrimSpace(text) != "" {
			want["text"] = []string{text}
		}
		if diff := cmp.Diff(want, sent(t, opened(t, v)).Values); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	})
}

func TestALongTextIsCutAtItsLines(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("mot ", 25) + "fin."
	v := opened(t, blockkit.Modal(form(chat.Input{Name: "text", Label: "Texte", Kind: chat.Text, Required: true, Value: []string{strings.Repeat(line+"\n\n", 40)}}), ""))
	var labels []string
	for _, b := range v.Blocks.BlockSet {
		in := b.(*slack.InputBlock)
		value := in.Element.(*slack.PlainTextInputBlockElement).InitialValue
		if labels = append(labels, in.Label.Text); !strings.HasPrefix(value, "mot") {
			t.Errorf("%s begins with %.20q", in.Label.Text, value)
		}
	}
	if diff := cmp.Diff([]string{"Texte (1/2)", "Texte (2/2)"}, labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	give(t, v, 0, slack.BlockAction{})
	give(t, v, 1, slack.BlockAction{Value: "nouveau"})
	if diff := cmp.Diff(chat.Values{"text": {"nouveau"}}, sent(t, v).Values); diff != "" {
		t.Errorf("with its beginning cleared (-want +got):\n%s", diff)
	}
}

func TestEmojiOfTheWorkspaceAreNamed(t *testing.T) {
	t.Parallel()
	v := opened(t, blockkit.Modal(form(chat.Input{Name: "text", Kind: chat.Text}, chat.Input{Name: "token", Kind: chat.Secret}), ""))
	give(t, v, 0, slack.BlockAction{Value: "Bravo :tada: :partyparrot:"})
	give(t, v, 1, slack.BlockAction{Value: ":tada: <&amp;> :partyparrot: "})
	want := blockkit.Sent{Tag: formTag,
		Values: chat.Values{"text": {"Bravo 🎉 :partyparrot:"}, "token": {":tada: <&amp;> :partyparrot: "}},
		Wrong:  map[string]string{"text": "«\u202f:partyparrot:\u202f» est un émoji propre à votre espace\u202f: les réseaux ne peuvent pas l’afficher. Remplacez-le."},
	}
	if diff := cmp.Diff(want, sent(t, v)); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestFilesKnowTheirField(t *testing.T) {
	t.Parallel()
	v := opened(t, blockkit.Modal(form(chat.Input{Name: "text", Kind: chat.Text}, chat.Input{Name: "media", Kind: chat.Files, Max: 4}), ""))
	give(t, v, 1, slack.BlockAction{Files: []slack.File{{ID: "F1"}, {ID: "F2"}}})
	want := []blockkit.Upload{{Input: "media", File: slack.File{ID: "F1"}}, {Input: "media", File: slack.File{ID: "F2"}}}
	if diff := cmp.Diff(want, sent(t, v).Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestWhatIsWrongStandsAtItsField(t *testing.T) {
	t.Parallel()
	v := opened(t, blockkit.Modal(form(
		chat.Input{Name: "text", Kind: chat.Text, Value: []string{strings.Repeat("mot ", 2000)}, Error: "Trop long."},
		chat.Input{Name: "at", Kind: chat.Moment},
	), ""))
	ids := map[string]int{}
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			ids[in.BlockID] = len(ids)
		}
	}
	for field, want := range map[string]int{"text": 0, "at": 4, "elsewhere": 0, "": 0} {
		if got, ok := ids[blockkit.Block(v, field)]; !ok || got != want {
			t.Errorf("%q is wrong at field %d (%v), want %d", field, got, ok, want)
		}
	}
	if got := blockkit.Block(opened(t, blockkit.Waiting("Griot", "Un instant…")), "text"); got != "" {
		t.Errorf("a view without fields shows errors at %q", got)
	}
}

func TestOnlyOurModalsAreRead(t *testing.T) {
	t.Parallel()
	if s, err := blockkit.Submission(slack.View{CallbackID: "survey"}, i18n.En, ""); err == nil {
		t.Errorf("a strange modal says %v", s)
	}
	v := slack.View{CallbackID: formTag.String(), State: &slack.ViewState{Values: map[string]map[string]slack.BlockAction{"x": {"y": {Value: "z"}}, "1.2.3.4.5": {}}}}
	if diff := cmp.Diff(blockkit.Sent{Tag: formTag}, sent(t, v), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("strange fields (-want +got):\n%s", diff)
	}
}

func TestWhatOneModalCannotHoldIsNamed(t *testing.T) {
	t.Parallel()
	f := form(chat.Input{Name: "text", Label: "Texte", Kind: chat.Text, Value: []string{strings.Repeat("mot ", 80_000)}}, chat.Input{Name: "to", Label: "Vers", Kind: chat.Line, Value: []string{"x"}})
	v := blockkit.Modal(f, "")
	acceptView(t, v)
	if diff := cmp.Diff(chat.Values{"to": {"x"}}, sent(t, opened(t, v)).Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if raw := pretty(t, v); !strings.Contains(raw, "N’y figure pas\u202f: Texte.") {
		t.Errorf("nothing says that the text is missing:\n%s", raw)
	}
}
