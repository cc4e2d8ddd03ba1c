package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/bot/discordbot/components"
	"griot/bot/discordbot/discordtest"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// seat is somebody before one of their chats. What they do reports whether it was acknowledged.
type seat interface {
	card(p *load) sight
	press(on sight, verb string) bool
	window(t chat.Tag) bool // whether the window that a button opens has come
	fill(begins, what string) bool
	question(verb, post string) (sight, bool) // what they alone were asked
	glance() []string                         // what they were told that does not stay
	read() []string                           // what they were told and still stands there
}

// sight is what somebody saw at some time: it can be pressed later.
type sight struct {
	tags map[string]chat.Tag // what its buttons carry, by their verbs
	on   any
}

// asks reports whether a sight asks somebody something about a post.
func (s sight) asks(verb, post string) bool { return strings.HasPrefix(s.tags[verb].Subject, post) }

// lookFor is how long somebody looks for what they were asked.
const lookFor = 5 * time.Second

type inSlackSeat struct {
	*fleet
	who *slacktest.Person
}

func (x *inSlackSeat) card(p *load) sight {
	m := x.office.channels[approvals].Message(p.slack)
	return sight{tags(m.Blocks), m}
}

func (x *inSlackSeat) press(on sight, verb string) bool {
	was := x.who.Modal()
	if !x.acknowledged(x.who.Press(on.on.(slacktest.Screen), verb)) {
		return false
	}
	if v, ok := on.on.(slacktest.View); ok { // what came of it stands in the window, in the place of what was asked
		return sees(lookFor, func() bool { now := x.who.Modal(); return now.ID != v.ID || now.Hash != was.Hash })
	}
	return true
}

func (x *inSlackSeat) window(t chat.Tag) bool {
	return sees(lookFor, func() bool { return x.who.Modal().Callback == t.String() })
}

func (x *inSlackSeat) fill(begins, what string) bool {
	ack := x.who.Submit(slacktest.Values{field(x.who.Modal(), begins): {what}})
	return x.acknowledged(ack) && len(ack.Errors) == 0
}

func (x *inSlackSeat) question(verb, post string) (out sight, ok bool) {
	v := x.who.Modal()
	out = sight{tags(v.Blocks), v}
	return out, out.asks(verb, post)
}

func (x *inSlackSeat) read() (out []string) {
	for _, m := range append(x.who.Ephemerals(), x.who.Direct().All()...) {
		out = append(out, m.ID+m.String())
	}
	return out
}

// glance is the window: what comes next stands in its place.
func (x *inSlackSeat) glance() []string {
	if v := x.who.Modal(); v.Open() {
		return []string{v.ID + v.Hash + strings.Join(v.Lines, "\n")}
	}
	return nil
}

func (x *inSlackSeat) acknowledged(ack slacktest.Ack) bool {
	return x.acked("slack", ack.OK(), ack.Late, x.office.Connected)
}

type inDiscordSeat struct {
	*fleet
	who *discordtest.Person
}

func (x *inDiscordSeat) card(p *load) sight {
	return seenInDiscord(x.server.channels[approvals].Message(p.discord))
}

func seenInDiscord(m discordtest.Message) sight {
	out := sight{map[string]chat.Tag{}, m}
	for _, id := range wires(m.Components) {
		if t, _, ok := components.Pressed(id); ok {
			out.tags[t.Verb] = t
		}
	}
	return out
}

// wires are what the buttons of a message carry, as it travels.
func wires(all discordtest.Components) (out []string) {
	for _, c := range all {
		if id, ok := c["custom_id"].(string); ok {
			out = append(out, id)
		}
		inside, _ := c["components"].([]any)
		for _, x := range inside {
			if o, ok := x.(discordtest.Object); ok {
				out = append(out, wires(discordtest.Components{o})...)
			}
		}
	}
	return out
}

// press presses a button and, where that is only asked about, the one that says yes.
func (x *inDiscordSeat) press(on sight, verb string) bool {
	m, wire := on.on.(discordtest.Message), on.tags[verb].String()
	if unsure := "?" + wire; m.Has(unsure) {
		if !x.acknowledged(x.who.Press(m, unsure)) {
			return false
		}
		asked, ok := x.question(verb, on.tags[verb].Subject)
		if !ok {
			return false // and it was said why
		}
		m = asked.on.(discordtest.Message)
		wire = asked.tags[verb].String()
	}
	return x.acknowledged(x.who.Press(m, wire))
}

func (x *inDiscordSeat) window(t chat.Tag) bool {
	return sees(lookFor, func() bool { return x.who.Modal().CustomID == t.String() })
}

func (x *inDiscordSeat) fill(begins, what string) bool {
	for label := range x.who.Modal().Values {
		if strings.HasPrefix(label, begins) {
			return x.acknowledged(x.who.Submit(discordtest.Values{label: {what}}))
		}
	}
	x.Errorf("Discord's window has no %q:\n%s", begins, x.who.Modal())
	return false
}

func (x *inDiscordSeat) question(verb, post string) (sight, bool) {
	for _, m := range slices.Backward(x.who.Ephemerals()) {
		if s := seenInDiscord(m); s.asks(verb, post) {
			return s, true
		}
	}
	return sight{}, false
}

func (x *inDiscordSeat) glance() []string { return nil }

func (x *inDiscordSeat) read() (out []string) {
	for _, m := range append(x.who.Ephemerals(), x.who.Direct().Messages()...) {
		out = append(out, m.ID+m.String())
	}
	return out
}

func (x *inDiscordSeat) acknowledged(ack discordtest.Ack) bool {
	return x.acked("discord", ack.OK(), ack.Late, x.server.Connected)
}

type inRoomSeat struct {
	*fleet
	user  string
	form  chat.Form
	asked sight
}

func (x *inRoomSeat) card(p *load) sight {
	m, _ := shownIn(x.room, p.ID)
	return seenInRoom(*m.Card, m.Ref.Message)
}

func seenInRoom(c chat.Card, message string) sight {
	out := sight{map[string]chat.Tag{}, message}
	for _, b := range c.Buttons {
		out.tags[b.Tag.Verb] = b.Tag
	}
	return out
}

func (x *inRoomSeat) press(on sight, verb string) bool {
	return x.does(chat.Event{Message: on.on.(string), Tag: on.tags[verb]})
}

// does is an act, with what was answered kept.
func (x *inRoomSeat) does(e chat.Event) bool {
	e.Who.User, e.Place.Channel = x.user, approvals
	x.form, x.asked = chat.Form{}, sight{}
	a, err := x.room.Do(x.Context(), e)
	switch a := a.(type) {
	case chat.Ask:
		x.form = a.Form
	case chat.Say:
		x.asked = seenInRoom(a.Card, "")
	}
	return x.acked("playground", err == nil, false, func() int { return 1 })
}

func (x *inRoomSeat) window(t chat.Tag) bool { return x.form.Tag == t }

func (x *inRoomSeat) fill(begins, what string) bool {
	for _, in := range x.form.Inputs {
		if strings.HasPrefix(in.Label, begins) {
			return x.does(chat.Event{Tag: x.form.Tag, Form: true, Values: chat.Values{in.Name: {what}}})
		}
	}
	x.Errorf("the playground's form has no %q: %+v", begins, x.form)
	return false
}

func (x *inRoomSeat) question(verb, post string) (sight, bool) {
	return x.asked, x.asked.asks(verb, post)
}

func (x *inRoomSeat) glance() []string { return nil }

func (x *inRoomSeat) read() (out []string) {
	for _, m := range x.room.Messages(approvals) {
		if m.To == x.user {
			out = append(out, fmt.Sprint(m.Ref.Message, strings.Join(messageLines(m), "\n"), m.Card.Tone == chat.Bad))
		}
	}
	return out
}

// acked counts an act in a chat, and reports whether it was acknowledged. Whoever reads that it was lost goes on when there is
// a connection again.
func (f *fleet) acked(in string, ok, late bool, connected func() int) bool {
	switch {
	case ok:
		f.count(in + " acknowledged")
		return true
	case late:
		f.count(in + " late")
	default:
		f.count(in + " lost")
	}
	sees(patience, func() bool { return connected() > 0 })
	return false
}
