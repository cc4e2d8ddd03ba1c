package commands_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

func text(en, fr string) i18n.Text { return i18n.Text{En: en, Fr: fr} }

func nothing(context.Context, commands.Call) (chat.Answer, error) { return chat.Silent{}, nil }

func registry() *commands.Registry {
	return commands.New(
		commands.Command{Name: "post draft", French: "post rediger", About: text("Write a post", "Rédiger une publication"), Rank: 1,
			For: []social.Role{social.Writer, social.Admin}, Run: nothing,
			Options: []commands.Option{
				{Name: "text", French: "texte", About: text("The words", "Les mots"), Required: true, Kind: chat.Text, Max: 60},
				{Name: "to", French: "comptes", About: text("Accounts", "Comptes"), Kind: chat.Many},
				{Name: "at", French: "date", About: text("When", "Quand"), Kind: chat.Moment},
				{Name: "media", French: "images", About: text("Pictures", "Images"), Kind: chat.Files},
			}},
		commands.Command{Name: "post list", French: "post liste", About: text("Posts under way", "Publications en cours"), Rank: 2, Run: nothing},
		commands.Command{Name: "language", French: "langue", About: text("Your language", "Votre langue"), Anyone: true, Rank: 9, Run: nothing,
			Options: []commands.Option{{Name: "language", French: "langue", About: text("Which one", "Laquelle"), Required: true,
				Choices: []commands.Choice{{"en", text("English", "Anglais")}, {"fr", text("French", "Français")}}}}},
		commands.Command{Name: "connect", French: "connecter", About: text("Connect an account", "Connecter un compte"), Rank: 3,
			For: []social.Role{social.Admin}, Run: nothing,
			Options: []commands.Option{{Name: "token", French: "jeton", About: text("Secret", "Secret"), Kind: chat.Secret}}},
	)
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line, command string
		want          chat.Values
	}{
		{`post draft`, "post draft", chat.Values{}},
		{`/Post  Rédiger`, "post draft", chat.Values{}},
		{`/griot post draft text:"Hello"`, "post draft", chat.Values{"text": {"Hello"}}},
		{`post draft Hello you at:tomorrow 9am`, "post draft", chat.Values{"text": {"Hello you"}, "at": {"tomorrow 9am"}}},
		{`post draft text:"Soldes : -20 %" to:mastodon,bluesky at:"mardi 18h30"`, "post draft",
			chat.Values{"text": {"Soldes : -20 %"}, "to": {"mastodon", "bluesky"}, "at": {"mardi 18h30"}}},
		{"post\u00a0rediger TEXTE\u202f:\u202f«\u202fBonjour\u202f» comptes : mastodon; bluesky", "post draft",
			chat.Values{"text": {"Bonjour"}, "to": {"mastodon", "bluesky"}}},
		{`post rediger texte:“Bonjour” date:‘demain 9h’`, "post draft", chat.Values{"text": {"Bonjour"}, "at": {"demain 9h"}}},
		{`post draft text:“Mixed" at:noon`, "post draft", chat.Values{"text": {"Mixed"}, "at": {"noon"}}},
		{`post draft text:"She said "yes" to us" at:noon`, "post draft", chat.Values{"text": {`She said "yes" to us`}, "at": {"noon"}}},
		{`post draft text:'It's here' at:noon`, "post draft", chat.Values{"text": {"It's here"}, "at": {"noon"}}},
		{`post draft text:see https://example.org/a:b now at:noon`, "post draft", chat.Values{"text": {"see https://example.org/a:b now"}, "at": {"noon"}}},
		{`post draft https://example.org`, "post draft", chat.Values{"text": {"https://example.org"}}},
		{`post draft Attention : soldes`, "post draft", chat.Values{"text": {"Attention : soldes"}}},
		{"post draft text:\"two\nlines\"", "post draft", chat.Values{"text": {"two\nlines"}}},
		{`post draft text:"never closed at:noon`, "post draft", chat.Values{"text": {"never closed"}, "at": {"noon"}}},
		{`post draft text:"" to:`, "post draft", chat.Values{"text": {""}, "to": {}}},
		{`post draft to:mastodon, mastodon`, "post draft", chat.Values{"to": {"mastodon"}}},
		{`langue français`, "language", chat.Values{"language": {"fr"}}},
		{`LANGUAGE language:Anglais`, "language", chat.Values{"language": {"en"}}},
		{`aide post draft`, "help", chat.Values{"command": {"post draft"}}},
	} {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			c, v, err := registry().Parse(tt.line)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.command, c.Name); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.want, v); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongWordsAreAnsweredWithTheNearestRightForm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line  string
		l     i18n.Locale
		field string
		want  string
	}{
		{`post redgier`, i18n.Fr, "", "Je ne connais pas «\u202f/post redgier\u202f». Vouliez-vous dire\u202f: /post rediger texte:… [comptes:…] [date:…]"},
		{`post darft text:"x"`, i18n.En, "", "I do not know “/post darft”. Did you mean: /post draft text:… [to:…] [at:…]"},
		{`psot draft`, i18n.En, "", "I do not know “/psot draft”. Did you mean: /post draft text:… [to:…] [at:…]"},
		{`langauge fr`, i18n.En, "", "I do not know “/langauge”. Did you mean: /language language:english|french"},
		{`post`, i18n.Fr, "", "Il manque un mot après «\u202f/post\u202f». Vous pouvez taper\u202f: /post rediger, /post liste"},
		{`wibble`, i18n.En, "", "I do not know “/wibble”. Type /help to see what I can do."},
		{`draft text:"x"`, i18n.En, "", "I do not know “/draft”. Did you mean: /post draft text:… [to:…] [at:…]"},
		{`rediger`, i18n.Fr, "", "Je ne connais pas «\u202f/rediger\u202f». Vouliez-vous dire\u202f: /post rediger texte:… [comptes:…] [date:…]"},
		{`post ecrire`, i18n.Fr, "", "Je ne connais pas «\u202f/post ecrire\u202f». Vous pouvez taper\u202f: /post rediger, /post liste"},
		{`post draft txet:"x"`, i18n.En, "", "“txet:” is not an option here. Did you mean “text:”? The command is typed like this: /post draft text:… [to:…] [at:…]"},
		{`post draft text:"x" colour:red`, i18n.En, "", "“colour:” is not an option here. The command is typed like this: /post draft text:… [to:…] [at:…]"},
		{`post draft text:hello colour:"red"`, i18n.En, "", "“colour:” is not an option here. The command is typed like this: /post draft text:… [to:…] [at:…]"},
		{`post draft text:"x" and more`, i18n.En, "", "I do not know what “and” is for. The command is typed like this: /post draft text:… [to:…] [at:…]"},
		{`post draft text:a text:b`, i18n.En, "text", "“text:” stands there twice. Keep one of them."},
		{`langue francias`, i18n.Fr, "language", "«\u202ffrancias\u202f» ne fait pas partie des choix. Vouliez-vous dire «\u202ffrançais\u202f»\u202f? Vous pouvez dire\u202f: anglais, français."},
		{`connect token:abc`, i18n.En, "token", "Never type a secret in a channel: others may read it there. Change that secret now, then use the command without it: a private form opens."},
		{`post draft ` + strings.Repeat("é", 61), i18n.En, "text", "“text” has 61 characters, 60 at most. Please shorten it."},
	} {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			_, _, err := registry().Parse(tt.line)
			e, ok := errors.AsType[*fault.Error](err)
			if !ok || e.Kind != fault.Invalid {
				t.Fatalf("got %v, want an Invalid fault", err)
			}
			if diff := cmp.Diff([]string{tt.field, tt.want}, []string{e.Field, e.Say.In(tt.l)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`post draft text:"a" to:b`, "post rediger texte\u202f: «\u202f", `post draft '`, "langue \u0301:"} {
		f.Add(s)
	}
	r := registry()
	f.Fuzz(func(t *testing.T, line string) {
		c, v, err := r.Parse(line)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v is no refusal", line, err)
		}
		for name := range v {
			if _, err := commands.Accept(c, chat.Values{name: v[name]}); err != nil {
				t.Errorf("%q: %s was parsed and is not accepted: %v", line, name, err)
			}
		}
	})
}

func TestMistakesInOurTablesAreFoundAtTheStart(t *testing.T) {
	t.Parallel()
	about := text("a", "b")
	for name, all := range map[string][]commands.Command{
		"two names":    {{Name: "a", About: about, Run: nothing}, {Name: "b", French: "a", About: about, Run: nothing}},
		"no about":     {{Name: "a", Run: nothing}},
		"no run":       {{Name: "a", About: about}},
		"two verbs":    {{Name: "a", About: about, Run: nothing, Presses: map[string]commands.Act{"x": nothing}}, {Name: "b", About: about, Run: nothing, Presses: map[string]commands.Act{"x": nothing}}},
		"help's name":  {{Name: "aide", About: about, Run: nothing}},
		"run":          {{Name: "a", About: about, Run: nothing, Presses: map[string]commands.Act{"run": nothing}}},
		"option names": {{Name: "a", About: about, Run: nothing, Options: []commands.Option{{Name: "x", About: about}, {Name: "y", French: "x", About: about}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			commands.New(all...)
		})
	}
}

func TestHelpOffersWhatTheRoleNeeds(t *testing.T) {
	t.Parallel()
	r := registry()
	for _, tt := range []struct {
		by   social.Member
		want []string
	}{
		{social.Member{ID: "m", Roles: map[string][]social.Role{"b": {social.Writer}}}, []string{"/post rediger", "/post liste", "/langue"}},
		{social.Member{ID: "m", Roles: map[string][]social.Role{"b": {social.Admin}}}, []string{"/post rediger", "/post liste", "/connecter", "/langue"}},
		{social.Member{}, []string{"/langue"}},
	} {
		card := r.Help(commands.Call{By: tt.by, Locale: i18n.Fr})
		var got []string
		for _, s := range card.Body {
			if c, ok := s.(chat.Code); ok {
				got = append(got, string(c))
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestRefusedFormComesBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	c, _ := registry().Named("post rediger")
	call := commands.Call{Locale: i18n.Fr, Values: chat.Values{"to": {"mastodon"}}}
	f, err := c.Fill(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	refusal := fault.In("at", text("In the past.", "C’est passé."))
	got := commands.Returned(f, chat.Values{"text": {"Bonjour"}, "at": {"hier"}}, refusal, i18n.Fr)
	want := chat.Form{Title: "Rédiger une publication", Tag: chat.Tag{Verb: "run", Subject: "post draft"}, Submit: "Continuer", Inputs: []chat.Input{
		{Name: "text", Label: "Les mots", Kind: chat.Text, Required: true, Max: 60, Value: []string{"Bonjour"}},
		{Name: "to", Label: "Comptes", Kind: chat.Line, Value: []string{"mastodon"}},
		{Name: "at", Label: "Quand", Kind: chat.Moment, Value: []string{"hier"}, Error: "C’est passé."},
		{Name: "media", Label: "Images", Kind: chat.Files},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
}

func TestRootsGroupCommandsByTheirFirstWord(t *testing.T) {
	t.Parallel()
	type root struct {
		Name, French string
		Subs         int
	}
	var got []root
	for _, r := range registry().Roots() {
		got = append(got, root{r.Name, r.French, len(r.Subs)})
	}
	want := []root{
		{"post", "post", 2},
		{"language", "langue", 0},
		{"connect", "connecter", 0},
		{"help", "aide", 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
