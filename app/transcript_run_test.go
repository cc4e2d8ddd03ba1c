package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"griot/bot/discordbot"
	"griot/bot/playground"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/connectors/pretend"
	"griot/i18n"
	"griot/storage"
)

// A transcript is a text that reads like a manual and is run. A line that begins in the first column is an act or a look:
//
//	nora@playground #general > /post rediger          types a line
//	nora@playground #validations > presses "Valider"  presses the newest button of that name that Nora sees there
//	nora@playground #general > chooses "Menu" "Entry" the same with a menu
//	nora@playground #general > fills                  fills the form that is open; "  Label = value" follow, then it is sent
//	leo@playground #validations > remembers "Valider" keeps the button as it is now, to press it later with "presses the old"
//	playground #validations shows                     the newest card there; with "…" the newest that has these words
//	playground2 #validations shows the same           as the last one
//	playground nora reads                             the newest line that Griot wrote to Nora directly
//	village shows                                     what stands on the practice network
//	village html                                      the practice network misbehaves once (any pretend.Misdeed)
//	village revokes bibliotheque                      its token is worthless now
//	village lea tells bibliotheque: Bonjour           a visitor writes to that account, and Griot reads it a minute later
//	village lea follows bibliotheque                  a visitor follows that account
//	village lea likes bibliotheque: Bonjour           a visitor likes its newest post with those words, or "shares" it
//	nora@slack #general > …                           the same in Slack, where that is (see transcript_slack_test.go)
//	nora@discord #general > …                         the same in Discord (see transcript_discord_test.go)
//	clock + 19h                                       time goes by
//	clock to 9:00                                     time goes by until it is nine, while Griot reads the numbers every hour
//	restart                                           Griot stops and starts again
//
// "  | " begins what a person reads then. Lines that begin with # are for the reader.
type transcript struct {
	*world
	path   string
	lines  []string
	office *office // Slack, where the story plays there too; nil: it does not
	server *server // the same of Discord
	next   int
	out    []string // the transcript as it went

	form    chat.Form             // that is open
	pressed string                // message whose button opened it
	kept    map[string]chat.Event // by button
	shown   []string
	seen    []playground.Message // that were looked at last: a card in all its places
	read    map[string]bool      // lines under cards that were read
	token   string               // of a reader of the village
}

var (
	act  = regexp.MustCompile(`^(\w+)@(\w+) #?(\S+) > (.+)$`)
	look = regexp.MustCompile(`^(\w+) #(\w+)(?: "([^"]*)")? shows( the same)?$`)
	told = regexp.MustCompile(`^(\w+) (\w+) reads$`)
	word = regexp.MustCompile(`^(presses the old|presses|chooses|remembers) "([^"]*)"(?: "([^"]*)")?(?: of "([^"]*)")?$`)
)

// run does the whole transcript and fails at the first thing that a person would read differently.
func (s *transcript) run() {
	s.Helper()
	s.kept, s.read = map[string]chat.Event{}, map[string]bool{}
	for s.next < len(s.lines) && !s.Failed() {
		line := s.lines[s.next]
		s.next++
		s.out = append(s.out, line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.step(line)
	}
}

func (s *transcript) step(line string) {
	s.Helper()
	switch {
	case act.MatchString(line):
		m := act.FindStringSubmatch(line)
		switch m[2] {
		case slackbot.Name:
			s.inSlack(line, m[1], strings.TrimPrefix(m[3], "#"), m[4])
			return
		case discordbot.Name:
			s.inDiscord(line, m[1], strings.TrimPrefix(m[3], "#"), m[4])
			return
		}
		s.reads(line, s.acts(m[1], m[2], strings.TrimPrefix(m[3], "#"), m[4]))
	case look.MatchString(line):
		m := look.FindStringSubmatch(line)
		switch m[1] {
		case slackbot.Name:
			s.shows(line, func() []string { return s.slackCard(m[2], m[3]) })
			s.readSlack(m[2], m[3])
			return
		case discordbot.Name:
			s.shows(line, func() []string { return s.discordCard(m[2], m[3]) })
			s.readDiscord(m[2], m[3])
			return
		}
		if m[4] != "" {
			s.same(line, func() []string { return s.card(m[1], m[2], m[3]) })
			return
		}
		s.shows(line, func() []string { return s.card(m[1], m[2], m[3]) })
	case told.MatchString(line):
		m := told.FindStringSubmatch(line)
		s.shows(line, func() []string { return s.card(m[1], playground.Direct(m[2]), "") })
	case line == "slack joins":
		s.joins(s.office)
	case line == "discord joins":
		s.enters(s.server)
	case s.visited(line):
	case line == "village shows":
		s.shows(line, s.village)
	case strings.HasPrefix(line, "village revokes "):
		if err := s.town.Revoke(strings.TrimPrefix(line, "village revokes ")); err != nil {
			s.Fatal(err)
		}
	case strings.HasPrefix(line, "village "):
		s.misbehave(strings.TrimPrefix(line, "village "))
	case strings.HasPrefix(line, "clock + "):
		s.passes(strings.TrimPrefix(line, "clock + "))
	case strings.HasPrefix(line, "clock to "):
		s.comes(strings.TrimPrefix(line, "clock to "))
	case line == "restart":
		s.end()
		s.start()
	default:
		s.Fatalf("%s:%d: not understood: %s", s.path, s.next, line)
	}
}

func (s *transcript) misbehave(how string) {
	do, words, _ := strings.Cut(how, ": ")
	if !slices.Contains(pretend.Misdeeds, pretend.Misdeed(do)) {
		s.Fatalf("%s:%d: no misdeed %q", s.path, s.next, do)
	}
	s.town.Misbehave(pretend.Fault{Do: pretend.Misdeed(do), Words: words})
}

// passes lets time go by and says what time it is then.
func (s *transcript) passes(how string) {
	d, err := time.ParseDuration(how)
	if err != nil {
		s.Fatalf("%s:%d: %v", s.path, s.next, err)
	}
	s.clock.advance(d)
	s.reads("clock", []string{i18n.Moment(s.clock.Now().In(s.paris()), s.cfg.Locale)})
}

func (s *transcript) paris() *time.Location {
	s.Helper()
	paris, err := time.LoadLocation(s.cfg.Zone)
	if err != nil {
		s.Fatal(err)
	}
	return paris
}

// comes lets time go by until the clocks show an hour, and says what day it is then. On the way numbers are read when they are
// due, shortly before each full hour, and told at their hour: in the program regular jobs do, by a clock that moves.
func (s *transcript) comes(hour string) {
	s.Helper()
	at, err := time.Parse("15:04", hour)
	if err != nil {
		s.Fatalf("%s:%d: %v", s.path, s.next, err)
	}
	now := s.clock.Now().In(s.paris())
	until := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if !until.After(now) {
		until = until.AddDate(0, 0, 1)
	}
	for now.Before(until) {
		next := now.Truncate(time.Hour).Add(58 * time.Minute)
		if !next.After(now) {
			next = next.Add(time.Hour)
		}
		if next.After(until) {
			next = until
		}
		s.clock.advance(next.Sub(now))
		now = next
		s.must(s.app.Digest.Collect(s.Context()))
		s.must(s.app.Digest.Due(s.Context()))
	}
	s.reads("clock", []string{i18n.Moment(now, s.cfg.Locale)})
}

// expected takes the lines that follow an act and begin with "  | ".
func (s *transcript) expected() []string {
	var out []string
	for s.next < len(s.lines) && strings.HasPrefix(s.lines[s.next], "  |") {
		out = append(out, strings.TrimPrefix(strings.TrimPrefix(s.lines[s.next], "  |"), " "))
		s.next++
	}
	return out
}

func (s *transcript) wrote(all []string) {
	for _, l := range all {
		s.out = append(s.out, strings.TrimRight("  | "+l, " "))
	}
}

// reads compares what is read at once.
func (s *transcript) reads(what string, got []string) {
	s.Helper()
	at, want := s.next, s.expected()
	got = clean(got)
	s.wrote(got)
	if !*update && !slices.Equal(want, got) {
		s.Errorf("%s:%d: %s\n%s", s.path, at, what, diff(want, got))
	}
}

// shows waits until what is shown is as expected.
func (s *transcript) shows(what string, now func() []string) {
	s.Helper()
	at, want := s.next, s.expected()
	if *update {
		want = s.settled(now)
	}
	s.shown = want
	s.wrote(want)
	if !s.soon(patience, func() bool { return slices.Equal(want, clean(now())) }) {
		s.Errorf("%s:%d: %s\n%s", s.path, at, what, diff(want, clean(now())))
	}
	for _, m := range s.seen {
		for _, l := range m.Lines {
			s.read[l.Key] = true
		}
	}
}

func (s *transcript) same(what string, now func() []string) {
	s.Helper()
	alone := func(all []string) []string { // what one person was asked stands in the chat where they are
		return slices.DeleteFunc(slices.Clone(all), func(l string) bool { return strings.HasPrefix(l, "↳") })
	}
	if !s.soon(patience, func() bool { return slices.Equal(alone(s.shown), alone(clean(now()))) }) {
		s.Errorf("%s:%d: %s\n%s", s.path, s.next, what, diff(alone(s.shown), alone(clean(now()))))
	}
}

// settled is what is shown once it has not changed for two seconds; only a transcript that is being written needs it.
func (s *transcript) settled(now func() []string) []string {
	got, since := clean(now()), time.Now()
	s.soon(time.Minute, func() bool {
		if again := clean(now()); !slices.Equal(got, again) {
			got, since = again, time.Now()
		}
		return time.Since(since) > 2*time.Second
	})
	return got
}

func clean(all []string) []string {
	var out []string
	for _, l := range all {
		out = append(out, strings.TrimRight(stable(l), " "))
	}
	return out
}

// acts does what one line says somebody does, and returns what they read at once.
func (s *transcript) acts(user, surface, channel, what string) []string {
	s.Helper()
	if channel == "direct" {
		channel = playground.Direct(user)
	}
	e := chat.Event{Who: chat.Who{User: user}, Place: chat.Place{Channel: channel}}
	switch m := word.FindStringSubmatch(what); {
	case what == "fills":
		return s.fills(surface, e)
	case m == nil:
		a, err := s.chat(surface).Type(s.Context(), user, channel, strings.ReplaceAll(what, " ⏎ ", "\n"))
		return s.answered("", a, err)
	case m[1] == "presses the old":
		old := s.kept[m[2]]
		old.Who, old.Place = e.Who, e.Place
		return s.does(surface, old)
	default:
		e = s.find(surface, e, m[1] == "chooses", m[2], m[3], m[4])
		if m[1] == "remembers" {
			s.kept[m[2]] = e
			return nil
		}
		return s.does(surface, e)
	}
}

func (s *transcript) does(surface string, e chat.Event) []string {
	a, err := s.chat(surface).Do(s.Context(), e)
	return s.answered(e.Message, a, err)
}

func (s *transcript) answered(message string, a chat.Answer, err error) []string {
	if err != nil {
		return []string{"(not stored: " + err.Error() + ")"}
	}
	if ask, ok := a.(chat.Ask); ok {
		s.form, s.pressed = ask.Form, message
	}
	return answerLines(a)
}

// find waits for a button or menu of that name that the person sees in the channel, and takes the newest.
func (s *transcript) find(surface string, e chat.Event, menu bool, name, option, of string) chat.Event {
	s.Helper()
	found := func() bool {
		for _, m := range slices.Backward(s.chat(surface).Messages(e.Place.Channel)) {
			if m.Card == nil || m.To != "" && m.To != e.Who.User || !strings.Contains(strings.Join(lines(*m.Card), "\n"), of) {
				continue
			}
			if e.Message = m.Ref.Message; has(&e, *m.Card, menu, name, option) {
				return true
			}
		}
		return false
	}
	if !s.soon(patience, found) {
		s.Fatalf("%s:%d: %s sees no %q in %s of %s", s.path, s.next, e.Who.User, name, e.Place.Channel, surface)
	}
	return e
}

// has puts into e what pressing a button, or choosing in a menu, of a card means.
func has(e *chat.Event, c chat.Card, menu bool, name, option string) bool {
	for _, b := range c.Buttons {
		if !menu && b.Label == name && b.URL == "" {
			e.Tag = b.Tag
			return true
		}
	}
	for _, x := range c.Selects {
		i := slices.IndexFunc(x.Options, func(o chat.Option) bool { return strings.HasPrefix(o.Label, option) })
		if menu && strings.HasPrefix(x.Label, name) && i >= 0 {
			e.Tag, e.Values = x.Tag, chat.Values{"value": {x.Options[i].Value}}
			return true
		}
	}
	return false
}

// fills sends the open form with the lines that follow.
func (s *transcript) fills(surface string, e chat.Event) []string {
	s.Helper()
	e.Tag, e.Form, e.Message, e.Values = s.form.Tag, true, s.pressed, chat.Values{}
	for _, in := range s.form.Inputs {
		if len(in.Value) > 0 {
			e.Values[in.Name] = in.Value
		}
	}
	for s.next < len(s.lines) && strings.HasPrefix(s.lines[s.next], "  ") && !strings.HasPrefix(s.lines[s.next], "  |") {
		line := s.lines[s.next]
		s.out = append(s.out, line)
		s.next++
		name, value, _ := strings.Cut(strings.TrimSpace(line), " =")
		i := slices.IndexFunc(s.form.Inputs, func(in chat.Input) bool { return in.Name == name || strings.HasPrefix(in.Label, name) })
		if i < 0 {
			s.Fatalf("%s:%d: the form has no %q", s.path, s.next, name)
		}
		s.fill(&e, s.form.Inputs[i], strings.ReplaceAll(strings.TrimSpace(value), " ⏎ ", "\n"))
	}
	return s.does(surface, e)
}

func (s *transcript) fill(e *chat.Event, in chat.Input, value string) {
	switch {
	case in.Kind == chat.Files:
		for name := range strings.SplitSeq(value, ", ") {
			e.Files = append(e.Files, attachment(in.Name, name))
		}
	case value == "":
		e.Values[in.Name] = nil
	case in.Kind == chat.Many || in.Kind == chat.Choice || in.Kind == chat.Room:
		var all []string
		for want := range strings.SplitSeq(value, ", ") {
			for _, o := range in.Options {
				if strings.HasPrefix(o.Label, want) {
					want = o.Value
				}
			}
			all = append(all, want)
		}
		e.Values[in.Name] = all
	default:
		e.Values[in.Name] = []string{value}
	}
}

// attachment is a file by its name: a picture, unless the name says what it really is.
func attachment(input, name string) chat.File {
	var body []byte
	switch {
	case strings.Contains(name, "60"):
		body = append(picture(), make([]byte, 60_000_000)...)
	case strings.Contains(name, "pdf"):
		body = []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
	default:
		body = picture()
	}
	return chat.File{Input: input, Name: name, Size: int64(len(body)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }}
}

// picture is a real PNG.
func picture() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range 64 * 48 {
		m.Set(i%64, i/64, color.RGBA{uint8(4 * i), uint8(i), 120, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a picture in memory
	}
	return b.Bytes()
}

// card is the newest message of Griot's in a channel, with words in it, and what was asked under it in any chat.
func (s *transcript) card(surface, channel, words string) []string {
	for _, m := range slices.Backward(s.chat(surface).Messages(channel)) {
		all := messageLines(m)
		if m.From != playground.Griot || m.To != "" || !strings.Contains(strings.Join(all, "\n"), words) {
			continue
		}
		s.seen = []playground.Message{m}
		if m.Card != nil && m.Card.Subject != "" {
			s.seen = s.copies(m.Card.Subject)
		}
		return append(all, asked(s.seen, s.read)...)
	}
	return []string{"(nothing)"}
}

// copies are the messages that show a subject, wherever they stand.
func (s *transcript) copies(subject string) []playground.Message {
	var out []playground.Message
	for _, chat := range s.app.Playgrounds {
		for _, channel := range []string{general, approvals} {
			for _, m := range chat.Messages(channel) {
				if m.Card != nil && m.Card.Subject == subject && m.To == "" {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

// village is what everybody can read on the practice network, newest first.
func (s *transcript) village() []string {
	accounts, err := storage.UsableAccounts(s.Context(), s.app.DB)
	if err != nil {
		return []string{err.Error()}
	}
	slices.SortFunc(accounts, func(a, b accountOf) int { return strings.Compare(a.Handle, b.Handle) })
	var out []string
	for _, a := range accounts {
		out = append(out, s.timeline(strings.TrimPrefix(a.Handle, "@"))...)
	}
	if len(out) == 0 {
		return []string{"(nothing)"}
	}
	return out
}

func (s *transcript) timeline(handle string) []string {
	all, err := s.posts(handle)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, p := range all {
		mark := "@" + handle + ": "
		if p.ReplyTo != "" {
			mark = "@" + handle + " (goes on): "
		}
		line := mark + strings.ReplaceAll(p.Text, "\n", " ⏎ ")
		for _, m := range p.Media {
			line += fmt.Sprintf(" (image: %s)", m.Alt)
		}
		out = append(out, line+" <"+p.URL+">")
	}
	return out
}

// saying is what an account said on the practice network.
type saying struct {
	URL, Text string
	ReplyTo   string `json:"reply_to"`
	Media     []struct{ Alt string }
}

// posts is what an account said there, newest first.
func (s *transcript) posts(handle string) ([]saying, error) {
	if s.token == "" {
		var err error
		if _, s.token, err = s.town.Enrol("Passante"); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(s.Context()), http.MethodGet, s.web.URL+"/api/accounts/"+handle+"/posts", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var all struct{ Posts []saying }
	return all.Posts, json.NewDecoder(res.Body).Decode(&all)
}
