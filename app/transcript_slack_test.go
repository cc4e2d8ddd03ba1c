package app

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"griot/bot/discordbot"
	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/team"
)

// office is a Slack workspace in which the people of the transcripts work too.
type office struct {
	*slacktest.Server
	space    *slacktest.Workspace
	people   map[string]*slacktest.Person
	channels map[string]*slacktest.Channel
}

// way is how Slack reaches Griot.
type way string

const (
	bySocket way = "socket"
	byHTTP   way = "http"
)

// opens makes the workspace, and Griot's configuration for it.
func (w *world) opens(how way) *office { return w.opensAt(how, slacktest.Options{Wait: calm}) }

// opensAt is opens in a Slack with manners of its own, by w's clock.
func (w *world) opensAt(how way, manners slacktest.Options) *office {
	w.Helper()
	manners.Now, manners.Pace = w.clock.Now, -1
	s := slacktest.New(w.T, manners)
	o := &office{Server: s, space: s.Workspace("Bureau"), people: map[string]*slacktest.Person{}, channels: map[string]*slacktest.Channel{}}
	o.space.Install()
	for name, l := range map[string]string{awa: "fr-FR", nora: "fr-FR", leo: "fr-FR"} {
		if w.cfg.Locale == i18n.En {
			l = "en-US"
		}
		o.people[name] = o.space.Person(slacktest.Profile{Name: name, RealName: strings.ToUpper(name[:1]) + name[1:], Locale: l, Zone: "Europe/Paris", Admin: name == awa})
	}
	for _, name := range []string{general, approvals} {
		o.channels[name] = o.space.Channel(name, o.people[awa], o.people[nora], o.people[leo])
		o.channels[name].Invite()
	}
	w.cfg.Playground = On
	w.cfg.Slack = Slack{BotToken: o.space.Token(), APIURL: s.API()}
	if how == bySocket {
		w.cfg.Slack.AppToken = s.App.Token
		return o
	}
	w.cfg.Slack.SigningSecret = s.App.SigningSecret
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.app.Handler().ServeHTTP(rw, r) }))
	w.Cleanup(front.Close)
	s.OverHTTP(front.URL)
	return o
}

// joins makes the team at home in Slack too: everybody is the same person there, and approvals are shown in a channel.
func (w *world) joins(o *office) {
	w.Helper()
	for _, name := range []string{awa, nora, leo} { // Awa first: she brings the workspace along
		p := team.Person{Surface: slackbot.Name, Workspace: o.space.ID, User: o.people[name].ID, Name: o.people[name].RealName, Manager: name == awa}
		w.links(name, p)
		if name == awa {
			w.approvesIn(team.Place{Surface: slackbot.Name, Workspace: o.space.ID, Channel: o.channels[approvals].ID})
		}
	}
}

// code is what somebody types in another chat to be known there; Awa's brings the workspace into the team too.
func (w *world) code(name string) string {
	w.Helper()
	issue := w.app.Team.NewLink
	if name == awa {
		issue = w.app.Team.NewWorkspaceLink
	}
	code, err := issue(w.Context(), w.member(name))
	if err != nil {
		w.Fatal(err)
	}
	return code
}

func (w *world) links(name string, p team.Person) {
	w.Helper()
	if _, _, err := w.app.Team.Link(w.Context(), p, w.code(name)); err != nil {
		w.Fatal(err)
	}
}

// approvesIn makes a channel the brand's for approvals.
func (w *world) approvesIn(at team.Place) {
	w.Helper()
	m := w.member(awa)
	brands, err := w.app.Team.Brands(w.Context(), m)
	if err != nil {
		w.Fatal(err)
	}
	if err := w.app.Team.SetChannel(w.Context(), m, brands[0].ID, at, social.Approvals); err != nil {
		w.Fatal(err)
	}
}

// desk is what somebody has before them in Slack: to tell what an act brought.
type desk struct {
	whispers int
	window   []string
}

func (o *office) desk(who *slacktest.Person) desk {
	return desk{len(who.Ephemerals()), who.Modal().Lines}
}

// since is what came before somebody's eyes.
func (o *office) since(who *slacktest.Person, was desk) []string {
	var out []string
	for _, m := range who.Ephemerals()[was.whispers:] {
		out = append(out, m.Lines...)
	}
	now := who.Modal()
	switch {
	case !now.Open() && was.window != nil:
		out = append(out, "(the window closes)")
	case now.Open() && !slices.Equal(now.Lines, was.window):
		out = append(out, now.Lines...)
	}
	return out
}

// inSlack does what one line says somebody does in Slack.
func (s *transcript) inSlack(line, user, channel, what string) {
	s.Helper()
	who, at := s.office.people[user], s.office.channels[channel]
	if channel == "direct" {
		at = who.Direct()
	}
	if who == nil || at == nil {
		s.Fatalf("%s:%d: nobody or nowhere: %s", s.path, s.next, line)
	}
	s.told()
	was := s.office.desk(who)
	var ack slacktest.Ack
	switch m := word.FindStringSubmatch(what); {
	case what == "fills":
		ack = who.Submit(s.fields(who))
	case what == "opens home":
		who.OpenHome()
		s.shows(line, func() []string { return who.Home().Lines })
		return
	case strings.HasPrefix(what, "makes a post of "):
		ack = who.MessageShortcut(s.said(at, strings.TrimPrefix(what, "makes a post of ")), slackbot.MessageDraft)
	case strings.HasPrefix(what, "makes a mention of "):
		ack = who.MessageShortcut(s.said(at, strings.TrimPrefix(what, "makes a mention of ")), slackbot.MessageMention)
	case strings.HasPrefix(what, "says "):
		words, file, shown := strings.Cut(strings.TrimPrefix(what, "says "), " showing ")
		var files []string
		if shown {
			files = append(files, who.Upload(file, picture()))
		}
		who.Say(at, words, files...) // to the others: Griot is not told
		return
	case strings.HasPrefix(what, "@Griot "):
		ack = who.Mention(at, strings.TrimPrefix(what, "@Griot "))
	case strings.HasPrefix(what, "asks under the card: "):
		ack = who.Reply(at, s.cardIn(at, "").ID, "@"+s.office.space.Bot.Name+" "+strings.TrimPrefix(what, "asks under the card: "))
	case m == nil:
		command, text, _ := strings.Cut(what, " ")
		ack = who.Command(at, command, strings.ReplaceAll(text, " ⏎ ", "\n"))
	case m[1] == "presses":
		ack = who.Press(s.screen(who, at, m[2], m[4]), m[2])
	case m[1] == "chooses":
		ack = who.Choose(s.screen(who, at, m[2], m[4]), m[2], m[3])
	default:
		s.Fatalf("%s:%d: not in Slack: %s", s.path, s.next, line)
	}
	if !ack.OK() {
		s.Errorf("%s:%d: %s: Slack says %+v", s.path, s.next, line, ack)
	}
	s.shows(line, func() []string { return s.office.since(who, was) })
}

// told waits until all notices are said: a story is asked for once it can be told whole.
func (w *world) told() {
	w.Helper()
	w.wait("what happened to be told", func() bool {
		left, err := storage.Untold(w.Context(), w.app.DB, 1)
		return err == nil && len(left) == 0
	})
}

// screen waits for a button or menu of that name before somebody's eyes: in a window, in what Griot whispered, in the channel.
func (s *transcript) screen(who *slacktest.Person, at *slacktest.Channel, name, of string) slacktest.Screen {
	s.Helper()
	var out slacktest.Screen
	found := func() bool {
		if v := who.Modal(); v.Open() && v.Has(name) {
			out = v
			return true
		}
		all := append(at.Messages(), who.Ephemerals()...)
		slices.SortStableFunc(all, func(a, b slacktest.Message) int { return strings.Compare(a.ID, b.ID) })
		for _, m := range slices.Backward(all) {
			if m.Has(name) && strings.Contains(m.String(), of) {
				out = m
				return m.Private || s.fresh(m)
			}
		}
		if v := who.Home(); v.Open() && v.Has(name) {
			out = v
			return true
		}
		return false
	}
	if !s.soon(patience, found) {
		s.Fatalf("%s:%d: %s sees no %q in Slack's #%s", s.path, s.next, who.Name, name, at.Name)
	}
	return out
}

// fresh reports whether a card shows its post as it is: people look before they press, and a redrawing takes its way.
func (s *transcript) fresh(m slacktest.Message) bool {
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			value, _ := e.(map[string]any)["value"].(string)
			if tag, err := chat.ParseTag(value); err == nil && tag.Rev != 0 {
				return s.current(tag)
			}
		}
	}
	return true
}

// current reports whether a button is of its post as it is.
func (s *transcript) current(tag chat.Tag) bool {
	if !strings.HasPrefix(tag.Subject, "pst_") {
		return true
	}
	var at social.Team
	err := errors.New("no chat")
	if s.server != nil {
		at, err = storage.TeamAt(s.Context(), s.app.DB, discordbot.Name, s.server.guild.ID)
	}
	if err != nil && s.office != nil {
		at, err = storage.TeamAt(s.Context(), s.app.DB, slackbot.Name, s.office.space.ID)
	}
	if err != nil {
		return false
	}
	sheet, err := storage.SheetOf(s.Context(), s.app.DB, at.ID, tag.Subject)
	return err == nil && sheet.Post.Rev == tag.Rev
}

// fields are the lines that follow, as what a window is filled with.
func (s *transcript) fields(who *slacktest.Person) slacktest.Values {
	s.Helper()
	out := slacktest.Values{}
	v := who.Modal()
	for s.next < len(s.lines) && strings.HasPrefix(s.lines[s.next], "  ") && !strings.HasPrefix(s.lines[s.next], "  |") {
		line := s.lines[s.next]
		s.out = append(s.out, line)
		s.next++
		name, value, _ := strings.Cut(strings.TrimSpace(line), " =")
		value = strings.ReplaceAll(strings.TrimSpace(value), " ⏎ ", "\n")
		field := ""
		for label := range v.Values {
			if strings.HasPrefix(label, name) && (field == "" || len(label) < len(field)) {
				field = label
			}
		}
		if field == "" {
			s.Fatalf("%s:%d: the window has no %q: %v", s.path, s.next, name, v.Lines)
		}
		out[field] = s.given(who, v, field, value)
	}
	return out
}

// given is what a field is filled with: text as it is, choices by the beginnings of their names, files by theirs.
func (s *transcript) given(who *slacktest.Person, v slacktest.View, field, value string) []string {
	s.Helper()
	var labels []string
	for _, b := range v.Blocks {
		label, _ := b["label"].(map[string]any)
		e, _ := b["element"].(map[string]any)
		if label["text"] != field {
			continue
		}
		if e["type"] == "file_input" {
			f := attachment("", value)
			r, err := f.Open()
			if err != nil {
				s.Fatal(err)
			}
			body, err := io.ReadAll(r)
			if err != nil {
				s.Fatal(err)
			}
			return []string{who.Upload(value, body)}
		}
		options, _ := e["options"].([]any)
		for _, o := range options {
			text, _ := o.(map[string]any)["text"].(map[string]any)
			labels = append(labels, fmt.Sprint(text["text"]))
		}
	}
	if labels == nil {
		return []string{value}
	}
	var out []string
	for want := range strings.SplitSeq(value, ", ") {
		i := slices.IndexFunc(labels, func(l string) bool { return strings.HasPrefix(l, want) })
		if i < 0 {
			s.Fatalf("%s:%d: %q is none of %q", s.path, s.next, want, labels)
		}
		out = append(out, labels[i])
	}
	return out
}

// cardIn is Griot's newest message in a channel with words in it, outside threads.
func (s *transcript) cardIn(at *slacktest.Channel, words string) slacktest.Message {
	for _, m := range slices.Backward(at.Messages()) {
		if m.Author == s.office.space.Bot.ID && strings.Contains(m.String(), words) {
			return m
		}
	}
	return slacktest.Message{}
}

// said is somebody's message in a channel.
func (s *transcript) said(at *slacktest.Channel, words string) slacktest.Message {
	s.Helper()
	for _, m := range slices.Backward(at.Messages()) {
		if strings.Contains(m.String(), strings.Trim(words, `"`)) {
			return m
		}
	}
	s.Fatalf("%s:%d: nobody said %s", s.path, s.next, words)
	return slacktest.Message{}
}

// slackCard is a card in Slack with what was asked under it since it was last looked at.
func (s *transcript) slackCard(channel, words string) []string {
	at := s.office.channels[channel]
	m := s.cardIn(at, words)
	if m.ID == "" {
		return []string{"(nothing)"}
	}
	out := slices.Clone(m.Lines)
	var under []string
	for _, t := range at.Thread(m.ID) {
		if t.ID != m.ID && !s.read[t.ID] {
			under = append(under, "↳ "+strings.Join(t.Lines, " "))
		}
	}
	slices.Sort(under)
	return append(out, under...)
}

// marks that what stands under a card was read.
func (s *transcript) readSlack(channel, words string) {
	at := s.office.channels[channel]
	for _, t := range at.Thread(s.cardIn(at, words).ID) {
		s.read[t.ID] = true
	}
}

// TestSlackTranscripts plays the story with its writer in Slack: by Socket Mode and over HTTP, on both engines.
func TestSlackTranscripts(t *testing.T) {
	stories(t, "slack", func(s *transcript, how way) { s.office = s.opens(how) })
}
