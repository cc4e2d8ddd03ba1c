package slackbot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/chat"
	"griot/i18n"
)

// The entries of Slack's menus, by the callback id that Slack sends.
const (
	GlobalDraft  = "draft.new"  // starts a post from anywhere
	MessageDraft = "draft.from" // starts one from a message

	MessageMention = "mention.from" // makes a message a mention
)

// Root is one word after the slash, as the registry has it.
type Root struct {
	Name, French string    // the same where both languages have one word
	About        i18n.Text // what it does, in a line
	Hint         i18n.Text // what can follow it: "[draft|list|show]"; may be empty
}

// ManifestOptions say for whom a manifest is.
type ManifestOptions struct {
	Name    string      // of the app and its bot user, at most 35 runes
	BaseURL string      // public address of Griot, without a path; empty: by Socket Mode only
	Socket  bool        // Socket Mode although there is an address
	Prefix  string      // before every short name
	Locale  i18n.Locale // of what Slack shows of the app
	Roots   []Root
	Rotate  bool // tokens end after twelve hours; Slack never lets that be switched off again
}

// Slack's limits of a manifest. Source: github.com/slackapi/manifest-schema, manifest.schema.2.0.0.json, read 2026-11.
const (
	maxCommands = 50
	maxCommand  = 32 // characters, the slash among them
)

// Lengths after which Slack's menu of commands gets unreadable, in runes. Its own limits are far beyond.
const (
	aboutRunes = 120
	hintRunes  = 80
)

// own is the command that takes every other one after it.
const own = "/griot"

// reserved are the commands of Slack itself. It refuses a whole manifest for one of them ("the slash command has an invalid
// name"). /help is none: other apps have it.
// Source: slack.com/help/articles/201259356, and issue 17054 of NousResearch/hermes-agent on GitHub, read 2026-11.
var reserved = []string{
	"active", "apps", "archive", "away", "call", "close", "collapse", "dm", "dnd", "expand", "feed", "feedback", "huddle", "invite",
	"join", "keys", "kick", "leave", "list", "me", "msg", "mute", "open", "part", "prefs", "pro", "remind", "remove", "rename", "search",
	"shortcuts", "shrug", "star", "status", "topic", "unarchive", "who",
}

var (
	appAbout = i18n.Text{
		En: "Write, approve, schedule and publish your posts together, where your team already talks.",
		Fr: "Rédigez, validez, programmez et publiez à plusieurs, là où votre équipe se parle déjà.",
	}
	ownAbout = i18n.Text{
		En: "Everything Griot can do: put any command after it",
		Fr: "Tout ce que Griot sait faire\u202f: toute commande peut suivre",
	}
	ownHint      = i18n.Text{En: "[help|post draft|calendar…]", Fr: "[aide|post rediger|planning…]"}
	globalName   = i18n.Text{En: "Write a post", Fr: "Rédiger une publication"}
	globalAbout  = i18n.Text{En: "Open the form for a new post", Fr: "Ouvrir le formulaire d’une nouvelle publication"}
	messageName  = i18n.Text{En: "Make it a post", Fr: "En faire une publication"}
	messageAbout = i18n.Text{En: "Start a post from this message", Fr: "Commencer une publication à partir de ce message"}
	mentionName  = i18n.Text{En: "Treat as a mention", Fr: "En faire une mention"}
	mentionAbout = i18n.Text{En: "Bring this message to the mentions channel", Fr: "Amener ce message dans le canal des mentions"}
)

// background is behind the app's name in Slack: the night of Griot's mark.
const background = "#23264f"

// Manifest is what to paste where Slack offers to create an app from a manifest, as JSON that people can read. Errors: our
// tables hold more or longer commands than Slack takes.
func Manifest(o ManifestOptions) ([]byte, error) {
	commands, err := o.commands()
	if err != nil {
		return nil, err
	}
	m := manifest{Metadata: metadata{Major: 2, Minor: 1}, Display: display{o.Name, appAbout.In(o.Locale), background}}
	m.Features = features{
		Home: appHome{Home: true, Messages: true}, Bot: botUser{o.Name, true}, Commands: commands,
		Shortcuts: []shortcut{
			{globalName.In(o.Locale), "global", GlobalDraft, globalAbout.In(o.Locale)},
			{messageName.In(o.Locale), "message", MessageDraft, messageAbout.In(o.Locale)},
			{mentionName.In(o.Locale), "message", MessageMention, mentionAbout.In(o.Locale)},
		},
	}
	for _, s := range Scopes {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
	}
	if o.BaseURL != "" {
		m.OAuth.Redirects = []string{o.BaseURL + "/slack/oauth"}
	}
	m.Settings = settings{
		Events:        subscriptions{o.at("/slack/events"), events},
		Interactivity: interactivity{true, o.at("/slack/interactivity")},
		Socket:        o.Socket || o.BaseURL == "", Rotate: o.Rotate,
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return b.Bytes(), nil
}

// at is the address of a path, empty where there is none.
func (o ManifestOptions) at(path string) string {
	if o.BaseURL == "" {
		return ""
	}
	return o.BaseURL + path
}

// commands are /griot and the short names, those in the manifest's language first of each pair.
func (o ManifestOptions) commands() ([]slashCommand, error) {
	all := []slashCommand{{own, o.at("/slack/commands"), ownAbout.In(o.Locale), ownHint.In(o.Locale), true}}
	for _, r := range o.Roots {
		for _, c := range o.pair(r) {
			taken := slices.ContainsFunc(all, func(x slashCommand) bool { return x.Command == c.Command })
			if taken || slices.Contains(reserved, c.Command[1:]) {
				continue
			}
			if utf8.RuneCountInString(c.Command) > maxCommand {
				return nil, fmt.Errorf("slackbot: %s has more than %d characters", c.Command, maxCommand)
			}
			all = append(all, c)
		}
	}
	if len(all) > maxCommands {
		return nil, fmt.Errorf("slackbot: %d commands, Slack takes %d", len(all), maxCommands)
	}
	return all, nil
}

// pair are the commands of a first word, one for each of its names. What can follow a name is in the language of the name:
// the registry knows "marque voir" and "brand show", and no mixture of them.
func (o ManifestOptions) pair(r Root) []slashCommand {
	names := []struct {
		name string
		in   i18n.Locale
	}{{r.Name, i18n.En}, {r.French, i18n.Fr}}
	switch {
	case r.French == "" || r.French == r.Name:
		names = names[:1]
		names[0].in = o.Locale
	case o.Locale == i18n.Fr:
		slices.Reverse(names)
	}
	var out []slashCommand
	for _, n := range names {
		out = append(out, slashCommand{"/" + o.Prefix + n.name, o.at("/slack/commands"),
			chat.Cut(r.About.In(o.Locale), aboutRunes), chat.Cut(r.Hint.In(n.in), hintRunes), true})
	}
	return out
}

// CommandOf is the first word of what a slash command of the manifest stands for, in the language it was typed in:
// "marque" for /g-marque with the prefix "g-". It is empty for /griot, whose text holds everything. Not ok: no command of
// the manifest.
func CommandOf(command, prefix string, roots []Root) (root string, ok bool) {
	command = strings.ToLower(strings.TrimSpace(command))
	if command == own {
		return "", true
	}
	word, ok := strings.CutPrefix(command, "/"+prefix)
	known := func(r Root) bool { return word != "" && (word == r.Name || word == r.French) }
	if !ok || !slices.ContainsFunc(roots, known) {
		return "", false
	}
	return word, true
}

// manifest is Slack's shape of an app. Everything that is false is written out: Slack has other defaults.
type manifest struct {
	Metadata metadata    `json:"_metadata"`
	Display  display     `json:"display_information"`
	Features features    `json:"features"`
	OAuth    oauthConfig `json:"oauth_config"`
	Settings settings    `json:"settings"`
}

type metadata struct {
	Major int `json:"major_version"`
	Minor int `json:"minor_version"`
}

type display struct {
	Name       string `json:"name"`
	About      string `json:"description"`
	Background string `json:"background_color"`
}

type features struct {
	Home      appHome        `json:"app_home"`
	Bot       botUser        `json:"bot_user"`
	Commands  []slashCommand `json:"slash_commands"`
	Shortcuts []shortcut     `json:"shortcuts"`
}

type appHome struct {
	Home     bool `json:"home_tab_enabled"`
	Messages bool `json:"messages_tab_enabled"`
	ReadOnly bool `json:"messages_tab_read_only_enabled"`
}

type botUser struct {
	Name   string `json:"display_name"`
	Online bool   `json:"always_online"`
}

type slashCommand struct {
	Command string `json:"command"`
	URL     string `json:"url,omitempty"`
	About   string `json:"description"`
	Hint    string `json:"usage_hint,omitempty"`
	Escape  bool   `json:"should_escape"` // people, channels and links arrive as entities that say which they are
}

type shortcut struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	ID    string `json:"callback_id"`
	About string `json:"description"`
}

type oauthConfig struct {
	Redirects []string `json:"redirect_urls,omitempty"`
	Scopes    struct {
		Bot []string `json:"bot"`
	} `json:"scopes"`
}

type settings struct {
	Events        subscriptions `json:"event_subscriptions"`
	Interactivity interactivity `json:"interactivity"`
	OrgDeploy     bool          `json:"org_deploy_enabled"`
	Socket        bool          `json:"socket_mode_enabled"`
	Rotate        bool          `json:"token_rotation_enabled"`
}

type subscriptions struct {
	URL    string   `json:"request_url,omitempty"`
	Events []string `json:"bot_events"`
}

type interactivity struct {
	On  bool   `json:"is_enabled"`
	URL string `json:"request_url,omitempty"`
}
