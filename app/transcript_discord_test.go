package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/discordbot"
	"griot/bot/discordbot/components"
	"griot/bot/discordbot/discordtest"
	"griot/i18n"
)

// server is a Discord guild in which the people of the transcripts work too.
type server struct {
	*discordtest.Server
	guild    *discordtest.Guild
	people   map[string]*discordtest.Person
	channels map[string]*discordtest.Channel
	roles    map[string]*discordtest.Role
}

// role is the guild's of that name; it is made when it is first spoken of.
func (d *server) role(name string) *discordtest.Role {
	if d.roles == nil {
		d.roles = map[string]*discordtest.Role{}
	}
	if d.roles[name] == nil {
		d.roles[name] = d.guild.Role(name)
	}
	return d.roles[name]
}

// languages are those of people's Discord, where they are not the brand's.
type languages map[string]string

// settles makes the guild, and Griot's configuration for it.
func (w *world) settles(how way, own languages) *server {
	return w.settlesAt(how, own, discordtest.Options{Unlimited: true, Wait: calm})
}

// settlesAt is settles in a Discord with manners of its own, by w's clock.
func (w *world) settlesAt(how way, own languages, manners discordtest.Options) *server {
	w.Helper()
	manners.Now = w.clock.Now
	d := discordtest.New(w.T, manners)
	s := &server{Server: d, guild: d.Guild("Comptoir"), people: map[string]*discordtest.Person{}, channels: map[string]*discordtest.Channel{}}
	for _, name := range []string{awa, nora, leo} {
		l := "fr"
		if w.cfg.Locale == i18n.En {
			l = "en-US"
		}
		if own[name] != "" {
			l = own[name]
		}
		s.people[name] = s.guild.Person(discordtest.Profile{Name: name, GlobalName: strings.ToUpper(name[:1]) + name[1:], Locale: l, Manager: name == awa})
	}
	for _, name := range []string{general, approvals} {
		s.channels[name] = s.guild.Channel(name)
	}
	s.guild.Install()
	w.cfg.Playground = On
	w.cfg.Discord = Discord{Token: s.App.Token, App: s.App.ID, APIURL: s.API(), Gateway: GatewayOn}
	before := w.other
	w.other = func(p *Parts) {
		if before != nil {
			before(p)
		}
		p.Gateway = discordbot.Pause{Identify: -1, Least: 20 * time.Millisecond, Most: 200 * time.Millisecond, Renew: time.Second}
	}
	if how == bySocket {
		return s
	}
	w.cfg.Discord.Gateway, w.cfg.Discord.PublicKey, w.cfg.BaseURL = GatewayOff, s.App.PublicKey, "https://griot.example"
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.app.Handler().ServeHTTP(rw, r) }))
	w.Cleanup(front.Close)
	s.OverHTTP(front.URL)
	return s
}

// listens waits until Griot hears Discord and its commands are known there.
func (w *world) listens(d *server) {
	w.Helper()
	if w.cfg.Discord.Gateway == GatewayOn {
		d.WaitConnected(1)
	}
	d.Eventually("commands", func() bool { return len(d.Commands()) > 0 })
}

// enters makes the team at home in Discord too, by the commands that people type there.
func (w *world) enters(d *server) {
	w.Helper()
	w.listens(d)
	for _, name := range []string{awa, nora, leo} { // Awa first: she brings the server along
		w.typed(d, name, "team link", discordtest.Values{"code": {w.code(name)}})
	}
	w.typed(d, awa, "brand channel", discordtest.Values{"channel": {approvals}, "purpose": {"approvals"}})
}

// typed is a command that must go well.
func (w *world) typed(d *server, name, command string, v discordtest.Values) discordtest.Message {
	w.Helper()
	who := d.people[name]
	before := len(who.Ephemerals())
	if ack := who.Command(d.channels[general], command, v); !ack.OK() {
		w.Fatalf("%s types %s: Discord says %+v", name, command, ack)
	}
	d.Eventually("an answer to "+command, func() bool { return len(who.Ephemerals()) > before && !who.Ephemeral().Thinking })
	return who.Ephemeral()
}

// view is what somebody has before them in Discord: to tell what an act brought.
type view struct {
	whispers []string
	window   []string
}

func (d *server) view(who *discordtest.Person) view {
	v := view{window: who.Modal().Lines}
	for _, m := range who.Ephemerals() {
		v.whispers = append(v.whispers, m.ID+m.String())
	}
	return v
}

// since is what came before somebody's eyes: windows, private answers, and those that became another.
func (d *server) since(who *discordtest.Person, was view) []string {
	var out []string
	for _, m := range who.Ephemerals() {
		if !slices.Contains(was.whispers, m.ID+m.String()) {
			out = append(out, m.Lines...)
		}
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

// inDiscord does what one line says somebody does in Discord.
func (s *transcript) inDiscord(line, user, channel, what string) {
	s.Helper()
	d := s.server
	who, at := d.people[user], d.channels[channel]
	if channel == "direct" {
		at = who.Direct()
	}
	if under, is := strings.CutPrefix(channel, "under:"); is { // the thread of the newest card
		at = d.channels[under].Thread(d.cardOf(under, "").ID)
	}
	if who == nil || at == nil {
		s.Fatalf("%s:%d: nobody or nowhere: %s", s.path, s.next, line)
	}
	s.told()
	was := d.view(who)
	var ack discordtest.Ack
	switch m := word.FindStringSubmatch(what); {
	case what == "fills":
		ack = who.Submit(s.windowFields(who))
	case strings.HasPrefix(what, "makes a post of "):
		ack = who.Menu(s.message(at, strings.TrimPrefix(what, "makes a post of ")), entry(who, 0))
	case strings.HasPrefix(what, "makes a mention of "):
		ack = who.Menu(s.message(at, strings.TrimPrefix(what, "makes a mention of ")), entry(who, 1))
	case strings.HasPrefix(what, "gets the role "):
		who.Give(d.role(strings.TrimPrefix(what, "gets the role ")))
		return
	case strings.HasPrefix(what, "loses the role "):
		who.Take(d.role(strings.TrimPrefix(what, "loses the role ")))
		return
	case strings.HasPrefix(what, "says "):
		words, file, shown := strings.Cut(strings.TrimPrefix(what, "says "), " showing ")
		var files []string
		if shown {
			files = append(files, who.Upload(file, picture()))
		}
		who.Say(at, words, files...)
		return
	case strings.HasPrefix(what, "types "):
		command, rest, _ := strings.Cut(strings.TrimPrefix(what, "types /"), " … ")
		option, typed, _ := strings.Cut(rest, " = ")
		choices, ack := who.Complete(at, command, nil, option, typed)
		if !ack.OK() {
			s.Errorf("%s:%d: %s: Discord says %+v", s.path, s.next, line, ack)
		}
		var out []string
		for _, c := range choices {
			out = append(out, c.Name)
		}
		s.reads(line, out)
		return
	case m == nil && strings.HasPrefix(what, "/"):
		ack = who.Command(at, strings.TrimPrefix(what, "/"), s.options(who))
	case m != nil && m[1] == "presses":
		ack = who.Press(s.inView(who, at, m[2], m[4]), m[2])
	case m != nil && m[1] == "chooses":
		ack = who.Choose(s.inView(who, at, m[2], m[4]), m[2], m[3])
	default:
		s.Fatalf("%s:%d: not in Discord: %s", s.path, s.next, line)
	}
	if !ack.OK() {
		s.Errorf("%s:%d: %s: Discord says %+v", s.path, s.next, line, ack)
	}
	s.shows(line, func() []string { return d.since(who, was) })
}

// message is the first in a channel with these words in it.
func (s *transcript) message(at *discordtest.Channel, words string) discordtest.Message {
	s.Helper()
	words = strings.Trim(words, `"`)
	i := slices.IndexFunc(at.Messages(), func(m discordtest.Message) bool { return strings.Contains(m.String(), words) })
	if i < 0 {
		s.Fatalf("%s:%d: nobody said %s", s.path, s.next, words)
	}
	return at.Messages()[i]
}

// entry is one of Griot's in the menu of a message, as somebody's Discord calls it.
func entry(who *discordtest.Person, i int) string {
	if who.Locale == "fr" {
		return discordMenus[i].Name.Fr
	}
	return discordMenus[i].Name.En
}

// given takes the lines that follow an act and begin with two spaces: names and what is given them.
func (s *transcript) lineFields() map[string]string {
	out := map[string]string{}
	for s.next < len(s.lines) && strings.HasPrefix(s.lines[s.next], "  ") && !strings.HasPrefix(s.lines[s.next], "  |") {
		line := s.lines[s.next]
		s.out = append(s.out, line)
		s.next++
		name, value, _ := strings.Cut(strings.TrimSpace(line), " =")
		out[name] = strings.ReplaceAll(strings.TrimSpace(value), " ⏎ ", "\n")
	}
	return out
}

// options are what a command is typed with. Names of files are pictures.
func (s *transcript) options(who *discordtest.Person) discordtest.Values {
	out := discordtest.Values{}
	for name, value := range s.lineFields() {
		if strings.HasSuffix(value, ".png") {
			value = who.Upload(value, picture())
		}
		out[name] = []string{value}
	}
	return out
}

// windowFields are what the open window is filled with: fields by the beginnings of their names.
func (s *transcript) windowFields(who *discordtest.Person) discordtest.Values {
	s.Helper()
	out, v := discordtest.Values{}, who.Modal()
	for name, value := range s.lineFields() {
		field := ""
		for label := range v.Values {
			if strings.HasPrefix(label, name) && (field == "" || len(label) < len(field)) {
				field = label
			}
		}
		switch {
		case field == "":
			s.Fatalf("%s:%d: the window has no %q: %v", s.path, s.next, name, v.Lines)
		case strings.HasSuffix(value, ".png"):
			out[field] = []string{who.Upload(value, picture())}
		case value == "":
			out[field] = []string{""}
		default:
			out[field] = []string{value}
		}
	}
	return out
}

// inView waits for a button or menu of that name before somebody's eyes: in what Griot whispered, in the channel.
func (s *transcript) inView(who *discordtest.Person, at *discordtest.Channel, name, of string) discordtest.Message {
	s.Helper()
	var out discordtest.Message
	if !s.soon(patience, func() bool {
		all := append(at.Messages(), who.Ephemerals()...)
		slices.SortStableFunc(all, func(a, b discordtest.Message) int { return strings.Compare(a.ID, b.ID) })
		for _, m := range slices.Backward(all) {
			if m.Has(name) && strings.Contains(m.String(), of) {
				out = m
				return m.Private || s.freshCard(m.Components)
			}
		}
		return false
	}) {
		s.Fatalf("%s:%d: %s sees no %q in Discord's #%s", s.path, s.next, who.Name, name, at.Name)
	}
	return out
}

// freshCard reports whether a card shows its post as it is.
func (s *transcript) freshCard(all discordtest.Components) bool {
	for _, c := range all {
		id, _ := c["custom_id"].(string)
		if tag, _, ok := components.Pressed(id); ok && tag.Rev != 0 {
			return s.current(tag)
		}
		inside, _ := c["components"].([]any)
		for _, x := range inside {
			if o, ok := x.(discordtest.Object); ok && !s.freshCard(discordtest.Components{o}) {
				return false
			}
		}
	}
	return true
}

// cardOf is Griot's newest message in a channel with words in it.
func (d *server) cardOf(channel, words string) discordtest.Message {
	for _, m := range slices.Backward(d.channels[channel].Messages()) {
		if m.Author == d.App.ID && strings.Contains(m.String(), words) {
			return m
		}
	}
	return discordtest.Message{}
}

// under are the lines in the thread of a card.
func (d *server) under(channel, words string) []discordtest.Message {
	t := d.channels[channel].Thread(d.cardOf(channel, words).ID)
	if t == nil {
		return nil
	}
	return t.Messages()
}

// discordCard is a card in Discord with what was asked under it since it was last looked at.
func (s *transcript) discordCard(channel, words string) []string {
	m := s.server.cardOf(channel, words)
	if m.ID == "" {
		return []string{"(nothing)"}
	}
	out := slices.Clone(m.Lines)
	var under []string
	for _, t := range s.server.under(channel, words) {
		if !s.read[t.ID] && t.ID != m.ID {
			under = append(under, "↳ "+strings.Join(t.Lines, " "))
		}
	}
	slices.Sort(under)
	return append(out, under...)
}

func (s *transcript) readDiscord(channel, words string) {
	for _, t := range s.server.under(channel, words) {
		s.read[t.ID] = true
	}
}

// TestDiscordTranscripts plays stories in which one writes in Slack and the other approves in Discord, and the other way round:
// over the gateway and over HTTP, on both engines.
func TestDiscordTranscripts(t *testing.T) {
	stories(t, "discord", func(s *transcript, how way) {
		own := languages{}
		if strings.Contains(s.path, "mixed") {
			own[nora] = "en-US"
		}
		s.office, s.server = s.opens(how), s.settles(how, own)
	})
}
