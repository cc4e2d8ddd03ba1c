package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/app"
	"griot/bot/slackbot"
	"griot/commands"
)

// printed runs "griot manifest slack" and returns both streams and the exit code.
func printed(env map[string]string, args ...string) (out, told string, code int) {
	var o, e bytes.Buffer
	getenv := func(name string) string { return env[name] }
	code = app.Main(context.Background(), app.Command{Args: append([]string{"manifest", "slack"}, args...), Getenv: getenv, Out: &o, Err: &e})
	return o.String(), e.String(), code
}

// printedApp is what the tests read of a manifest.
type printedApp struct {
	Features struct {
		Commands []struct {
			Command string
			Hint    string `json:"usage_hint"`
		} `json:"slash_commands"`
	}
	Settings struct {
		Events struct {
			URL string `json:"request_url"`
		} `json:"event_subscriptions"`
		Socket bool `json:"socket_mode_enabled"`
		Rotate bool `json:"token_rotation_enabled"`
	}
}

func manifest(t *testing.T, env map[string]string, args ...string) printedApp {
	t.Helper()
	out, told, code := printed(env, args...)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, told)
	}
	var m printedApp
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// words are the first words of all commands, in both languages.
func words() []string {
	var out []string
	for _, r := range commands.New(commands.All(commands.Services{})...).Roots() {
		out = append(out, r.Name, r.French)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestManifestHasEveryCommand: what Slack offers is what Griot knows, no more and no less.
func TestManifestHasEveryCommand(t *testing.T) {
	t.Parallel()
	for prefix, args := range map[string][]string{"": nil, "g-": {"--prefix", "g-"}} {
		var offered []string
		for _, c := range manifest(t, nil, args...).Features.Commands {
			if c.Command != "/griot" {
				offered = append(offered, strings.TrimPrefix(c.Command, "/"+prefix))
			}
		}
		slices.Sort(offered)
		if diff := cmp.Diff(words(), offered); diff != "" {
			t.Errorf("prefix %q (-registry +manifest):\n%s", prefix, diff)
		}
	}
}

// TestHintsCanBeTyped: every second word that Slack shows after a command is one that the registry knows there.
func TestHintsCanBeTyped(t *testing.T) {
	t.Parallel()
	all := commands.New(commands.All(commands.Services{})...)
	var seen int
	for _, locale := range []string{"fr", "en"} {
		for _, c := range manifest(t, map[string]string{"GRIOT_LOCALE": locale}).Features.Commands {
			inside, ok := strings.CutPrefix(c.Hint, "[")
			if !ok || strings.ContainsAny(c.Hint, ":…") {
				continue
			}
			for word := range strings.SplitSeq(strings.TrimSuffix(inside, "]"), "|") {
				seen++
				if _, ok := all.Named(c.Command + " " + word); !ok {
					t.Errorf("%s %s is not known", c.Command, word)
				}
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d words looked at", seen)
	}
}

func TestManifestFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	const base = "https://griot.example.org"
	for what, c := range map[string]struct {
		env    map[string]string
		args   []string
		url    string
		socket bool
		first  string
	}{
		"nothing set":     {nil, nil, "", true, "/setup"},
		"a French screen": {map[string]string{"LANG": "fr_FR.UTF-8"}, nil, "", true, "/demarrer"},
		"an address":      {map[string]string{"GRIOT_BASE_URL": base}, nil, base + "/slack/events", false, "/setup"},
		"an address, and Socket Mode": {map[string]string{"GRIOT_BASE_URL": base, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, nil,
			base + "/slack/events", true, "/setup"},
		"an address, and Socket Mode asked for": {map[string]string{"GRIOT_BASE_URL": base}, []string{"--socket"}, base + "/slack/events", true, "/setup"},
		"a prefix":                              {map[string]string{"SLACK_COMMAND_PREFIX": "G-", "GRIOT_LOCALE": "en"}, nil, "", true, "/g-setup"},
		"a prefix instead":                      {map[string]string{"SLACK_COMMAND_PREFIX": "g-", "GRIOT_LOCALE": "fr"}, []string{"--prefix", "h_"}, "", true, "/h_demarrer"},
	} {
		m := manifest(t, c.env, c.args...)
		if m.Settings.Events.URL != c.url || m.Settings.Socket != c.socket || m.Settings.Rotate || m.Features.Commands[1].Command != c.first {
			t.Errorf("%s: %q, Socket Mode %v, %s", what, m.Settings.Events.URL, m.Settings.Socket, m.Features.Commands[1].Command)
		}
	}
	if m := manifest(t, map[string]string{"GRIOT_BASE_URL": base}, "--rotate"); !m.Settings.Rotate {
		t.Error("tokens are not renewed although it was asked")
	}
}

func TestManifestTellsTheNextStep(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		args []string
		tell string
		code int
	}{
		"printed":               {nil, "From a manifest", 0},
		"another prefix":        {[]string{"--prefix", "g-"}, "SLACK_COMMAND_PREFIX=g-", 0},
		"no prefix":             {[]string{"--prefix", "à moi"}, "SLACK_COMMAND_PREFIX", 1},
		"tokens end by mistake": {[]string{"--rotate"}, "GRIOT_BASE_URL", 1},
	} {
		out, told, code := printed(map[string]string{"GRIOT_LOCALE": "en"}, c.args...)
		if code != c.code || !strings.Contains(told, c.tell) || (out == "") != (code != 0) {
			t.Errorf("%s: exit code %d, %q", what, code, told)
		}
	}
}

// TestEveryScopeIsSaidToAnAdmin keeps the doctor and the installation page from an empty line.
func TestEveryScopeIsSaidToAnAdmin(t *testing.T) {
	t.Parallel()
	for _, s := range slackbot.Scopes {
		if s.Name == "" || s.Why.En == s.Why.Fr {
			t.Errorf("%q: %+v", s.Name, s.Why)
		}
	}
}
