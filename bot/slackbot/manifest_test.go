package slackbot_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot"
	"griot/i18n"
)

var manifests = flag.Bool("manifests", false, "write the manifests of testdata anew")

// roots are a few first words as the registry could have them.
func roots() []slackbot.Root {
	return []slackbot.Root{
		{Name: "post", French: "post", About: i18n.Text{En: "Write a post · The latest posts", Fr: "Rédiger une publication · Les dernières publications"},
			Hint: i18n.Text{En: "[draft|list]", Fr: "[rediger|liste]"}},
		{Name: "why", French: "historique", About: i18n.Text{En: "The whole story of a post", Fr: "Toute l’histoire d’une publication"},
			Hint: i18n.Text{En: "post:…", Fr: "publication:…"}},
		{Name: "help", French: "aide", About: i18n.Text{En: "What Griot can do for you", Fr: "Ce que Griot sait faire pour vous"}},
	}
}

func TestManifestIsWhatSlackTakes(t *testing.T) {
	t.Parallel()
	for file, o := range map[string]slackbot.ManifestOptions{
		"manifest.socket.fr.json": {Name: "Griot", Locale: i18n.Fr, Roots: roots()},
		"manifest.http.en.json":   {Name: "Griot", Locale: i18n.En, Roots: roots(), BaseURL: "https://griot.example.org", Prefix: "g-", Rotate: true},
	} {
		got, err := slackbot.Manifest(o)
		if err != nil {
			t.Fatal(err)
		}
		file = filepath.Join("testdata", file)
		if *manifests {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got); go test ./bot/slackbot -run Manifest -manifests writes it anew:\n%s", file, diff)
		}
	}
}

// shape is what the tests read of a manifest.
type shape struct {
	Display  struct{ Name, Description string } `json:"display_information"`
	Features struct {
		Commands []struct {
			Command, Description, URL string
			Hint                      string `json:"usage_hint"`
			Escape                    bool   `json:"should_escape"`
		} `json:"slash_commands"`
		Shortcuts []struct{ Name, Description string }
	}
	OAuth struct {
		Redirects []string `json:"redirect_urls"`
		Scopes    struct{ Bot []string }
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL    string   `json:"request_url"`
			Events []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Socket bool `json:"socket_mode_enabled"`
	}
}

func manifest(t *testing.T, o slackbot.ManifestOptions) shape {
	t.Helper()
	b, err := slackbot.Manifest(o)
	if err != nil {
		t.Fatal(err)
	}
	var m shape
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func (s shape) names() []string {
	var out []string
	for _, c := range s.Features.Commands {
		out = append(out, c.Command)
	}
	return out
}

// within reports a text that is empty or longer than Slack shows.
func within(t *testing.T, what, text string, limit int) {
	t.Helper()
	if n := utf8.RuneCountInString(text); n < 1 || n > limit {
		t.Errorf("%s has %d runes of %d: %q", what, n, limit, text)
	}
}

func TestManifestKeepsSlacksLimits(t *testing.T) {
	t.Parallel()
	long := i18n.Text{En: strings.Repeat("long ", 200), Fr: strings.Repeat("long ", 200)}
	for _, l := range i18n.Locales {
		m := manifest(t, slackbot.ManifestOptions{Name: "Griot", Locale: l, Roots: append(roots(), slackbot.Root{Name: "long", French: "long", About: long, Hint: long})})
		within(t, "description", m.Display.Description, 140)
		for _, c := range m.Features.Commands {
			within(t, c.Command, c.Description, 2000)
			if !c.Escape {
				t.Errorf("%s: people and channels arrive as words", c.Command)
			}
		}
		for _, s := range m.Features.Shortcuts {
			within(t, "shortcut", s.Name, 24)
			within(t, s.Name, s.Description, 150)
		}
	}
}

func TestManifestRefusesWhatSlackWould(t *testing.T) {
	t.Parallel()
	var many []slackbot.Root
	for i := range 50 {
		many = append(many, slackbot.Root{Name: fmt.Sprint("word", i), About: i18n.Text{En: "A word", Fr: "Un mot"}})
	}
	for what, o := range map[string]slackbot.ManifestOptions{
		"too many commands": {Name: "Griot", Roots: many},
		"a name too long":   {Name: "Griot", Prefix: "twelve-signs", Roots: []slackbot.Root{{Name: "a-word-of-twenty-one"}}},
	} {
		if _, err := slackbot.Manifest(o); err == nil {
			t.Errorf("%s: no refusal", what)
		}
	}
}

func TestNamesThatSlackKeepsAreLeftOut(t *testing.T) {
	t.Parallel()
	all := append(roots(), slackbot.Root{Name: "status", French: "etat"}, slackbot.Root{Name: "story", French: "why"}, slackbot.Root{Name: "griot"})
	for prefix, want := range map[string][]string{
		"":   {"/griot", "/post", "/why", "/historique", "/help", "/aide", "/etat", "/story"},
		"g-": {"/griot", "/g-post", "/g-why", "/g-historique", "/g-help", "/g-aide", "/g-status", "/g-etat", "/g-story", "/g-griot"},
	} {
		got := manifest(t, slackbot.ManifestOptions{Name: "Griot", Locale: i18n.En, Prefix: prefix, Roots: all}).names()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("prefix %q (-want +got):\n%s", prefix, diff)
		}
	}
}

func TestManifestSaysWhereGriotIs(t *testing.T) {
	t.Parallel()
	const base = "https://griot.example.org"
	for what, c := range map[string]struct {
		o      slackbot.ManifestOptions
		url    string
		socket bool
	}{
		"no address":         {slackbot.ManifestOptions{}, "", true},
		"an address":         {slackbot.ManifestOptions{BaseURL: base}, base, false},
		"both, as one likes": {slackbot.ManifestOptions{BaseURL: base, Socket: true}, base, true},
	} {
		c.o.Name, c.o.Roots = "Griot", roots()
		m := manifest(t, c.o)
		if m.Settings.Socket != c.socket {
			t.Errorf("%s: Socket Mode %v", what, m.Settings.Socket)
		}
		want := []string{"", ""}
		if c.url != "" {
			want = []string{c.url + "/slack/events", c.url + "/slack/commands"}
		}
		if diff := cmp.Diff(want, []string{m.Settings.Events.URL, m.Features.Commands[0].URL}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		if (len(m.OAuth.Redirects) == 1) != (c.url != "") {
			t.Errorf("%s: redirects to %q", what, m.OAuth.Redirects)
		}
	}
}

// TestScopesAreEnough: what Griot asks to be told needs no other right than those it asks for.
// Source: docs.slack.dev, events reference, read 2026-11.
func TestScopesAreEnough(t *testing.T) {
	t.Parallel()
	needs := map[string]string{"app_mention": "app_mentions:read", "message.im": "im:history", "user_change": "users:read",
		"app_home_opened": "", "tokens_revoked": "", "app_uninstalled": ""}
	m := manifest(t, slackbot.ManifestOptions{Name: "Griot", Roots: roots()})
	for _, e := range m.Settings.Events.Events {
		scope, known := needs[e]
		if !known || scope != "" && !slices.Contains(m.OAuth.Scopes.Bot, scope) {
			t.Errorf("%s needs %q", e, scope)
		}
	}
	for i, s := range slackbot.Scopes {
		if m.OAuth.Scopes.Bot[i] != s.Name || s.Why.En == "" || s.Why.Fr == "" || slices.Contains(m.OAuth.Scopes.Bot[:i], s.Name) {
			t.Errorf("%s is asked for twice, or nobody says why", s.Name)
		}
	}
}

func TestCommandOfIsTheWordThatWasTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command, prefix, want string
		ok                    bool
	}{
		{"/griot", "", "", true},
		{"/griot", "g-", "", true},
		{"/Griot ", "g-", "", true},
		{"/post", "", "post", true},
		{"/historique", "", "historique", true},
		{"/g-why", "g-", "why", true},
		{"/G-Why", "g-", "why", true},
		{"/why", "g-", "", false},
		{"/g-why", "", "", false},
		{"/g-", "g-", "", false},
		{"/", "", "", false},
		{"", "", "", false},
		{"/other", "", "", false},
	} {
		if got, ok := slackbot.CommandOf(c.command, c.prefix, append(roots(), slackbot.Root{Name: "odd"})); got != c.want || ok != c.ok {
			t.Errorf("%q with %q: %q and %v", c.command, c.prefix, got, ok)
		}
	}
}

// TestEveryCommandOfTheManifestStandsForAWord: Slack sends back nothing that Griot did not put in.
func TestEveryCommandOfTheManifestStandsForAWord(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "g-", "griot_"} {
		for _, name := range manifest(t, slackbot.ManifestOptions{Name: "Griot", Prefix: prefix, Roots: roots()}).names() {
			if _, ok := slackbot.CommandOf(name, prefix, roots()); !ok {
				t.Errorf("%s with %q is not known", name, prefix)
			}
		}
	}
}
