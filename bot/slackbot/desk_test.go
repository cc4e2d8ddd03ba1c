package slackbot_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"griot/chat"
)

// desk is a small Griot behind the surface: posts that people draft, approve and send back. It answers an act once, and the
// same again when it is delivered again.
type desk struct {
	mu     sync.Mutex // guards what follows
	events []chat.Event
	done   map[string]chat.Answer // by the id of the act
	posts  map[string]string      // what became of each
	files  []string               // attached, as "input name size first-bytes"
	hook   func(context.Context, chat.Event) error
	later  func(context.Context, chat.Event)
	images []chat.Image // of every card
	loud   bool         // a card that somebody asks for is said to all
	closed bool         // every form comes back
}

func newDesk() *desk { return &desk{done: map[string]chat.Answer{}, posts: map[string]string{}} }

// before is done first with every event; an error of it is the handler's.
func (d *desk) before(hook func(context.Context, chat.Event) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hook = hook
}

// shut makes every form come back, until it is opened again.
func (d *desk) shut(yes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = yes
}

// after is done last with every event, when its answer is known and not given yet.
func (d *desk) after(hook func(context.Context, chat.Event)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.later = hook
}

// handle is the chat.Handler.
func (d *desk) handle(ctx context.Context, e chat.Event) (chat.Answer, error) {
	d.mu.Lock()
	hook, later := d.hook, d.later
	d.mu.Unlock()
	if hook != nil {
		if err := hook(ctx, e); err != nil {
			return nil, err
		}
	}
	a := d.decide(e)
	if later != nil {
		later(ctx, e)
	}
	return a, nil
}

// decide answers an act once.
func (d *desk) decide(e chat.Event) chat.Answer {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, e)
	if a, ok := d.done[e.ID]; ok && e.ID != "" {
		return a
	}
	a := d.answer(e)
	if _, asks := a.(chat.Ask); !asks && e.ID != "" { // asking only reads
		d.done[e.ID] = a
	}
	return a
}

// answer decides. The mutex is held.
func (d *desk) answer(e chat.Event) chat.Answer {
	switch {
	case e.Form:
		return d.sent(e)
	case e.Tag.Verb != "":
		return d.press(e)
	case e.Command == "home":
		c := chat.Card{Title: "Home", Body: []chat.Span{chat.Plain(fmt.Sprintf("%d posts are done", len(d.posts)))}}
		c.Buttons = []chat.Button{{Label: "Approve all", Tag: chat.Tag{Verb: "home.all"}}, {Label: "New", Tag: chat.Tag{Verb: "post.new"}}}
		return chat.Say{Card: c, Private: true}
	}
	said := strings.TrimPrefix(strings.TrimSpace(e.Command+" "+e.Text+e.Words), "griot ")
	rest := func(word string) string { return strings.TrimSpace(strings.TrimPrefix(said, word)) }
	switch {
	case strings.HasPrefix(said, "post draft"):
		v := maps.Clone(e.Values)
		if v == nil {
			v = chat.Values{}
		}
		if text := rest("post draft"); text != "" {
			v["text"] = []string{text}
		}
		return chat.Ask{Form: draftForm(v, nil)}
	case strings.HasPrefix(said, "post say"):
		return chat.Say{Card: sentence(rest("post say"))}
	case strings.HasPrefix(said, "post approve"):
		d.posts[rest("post approve")] = "approved by " + e.Who.Name
		return chat.Refresh{Card: d.drawn(rest("post approve"))}
	case strings.HasPrefix(said, "post long"):
		return chat.Say{Card: longCard(rest("post long")), Private: true}
	case strings.HasPrefix(said, "post shout"):
		return chat.Say{Card: longCard(rest("post shout"))}
	}
	return chat.Say{Card: sentence("You said: " + said), Private: true}
}

// press answers buttons and menus. The mutex is held.
func (d *desk) press(e chat.Event) chat.Answer {
	switch e.Tag.Verb {
	case "post.approve":
		d.posts[e.Tag.Subject] = "approved by " + e.Who.Name
		return chat.Refresh{Card: d.drawn(e.Tag.Subject)}
	case "post.send_back":
		note := chat.Input{Name: "note", Label: "Note", Kind: chat.Text, Required: true}
		return chat.Ask{Form: chat.Form{Title: "Send back", Tag: e.Tag, Submit: "Send back", Inputs: []chat.Input{note}}}
	case "post.move":
		d.posts[e.Tag.Subject] = "moved to " + e.Values.Get("value")
		tell := sentence("Moved.")
		return chat.Refresh{Card: d.drawn(e.Tag.Subject), Tell: &tell}
	case "post.new", "run":
		return chat.Ask{Form: draftForm(e.Values, nil)}
	case "home.all":
		d.posts["p0"] = "approved"
		return chat.Say{Card: sentence("All approved."), Private: true}
	case "post.open":
		if d.loud {
			return chat.Say{Card: d.drawn(e.Tag.Subject)}
		}
	case "post.window": // in a window it shows the next one
		d.posts["window"] = "seen"
		return chat.Say{Card: d.drawn("window"), Private: true}
	}
	return chat.Say{Card: sentence("Pressed " + e.Tag.String()), Private: true}
}

// sent answers forms. The mutex is held.
func (d *desk) sent(e chat.Event) chat.Answer {
	if e.Tag.Verb == "post.send_back" {
		d.posts[e.Tag.Subject] = "sent back: " + e.Values.Get("note")
		return chat.Refresh{Card: d.drawn(e.Tag.Subject)}
	}
	for _, f := range e.Files {
		d.files = append(d.files, read(f))
	}
	text := e.Values.Get("text")
	switch {
	case text == "bad" || d.closed:
		return chat.Ask{Form: draftForm(e.Values, map[string]string{"text": "Not that."})}
	case e.Tag.Verb == "post.second":
		d.posts["p1"] = "sent to " + e.Values.Get("to")
		return chat.Say{Card: d.drawn("p1"), Private: true}
	case strings.HasPrefix(text, "next"):
		in := chat.Input{Name: "to", Label: "To", Kind: chat.Choice, Required: true, Options: []chat.Option{{Value: "m", Label: "Mastodon"}, {Value: "b", Label: "Bluesky"}}}
		return chat.Ask{Form: chat.Form{Title: "Where to", Tag: chat.Tag{Verb: "post.second"}, Inputs: []chat.Input{in}}}
	case strings.HasPrefix(text, "long"):
		return chat.Say{Card: longCard("я"), Private: true}
	case strings.HasPrefix(text, "all "):
		return chat.Say{Card: sentence(text)}
	case strings.HasPrefix(text, "quiet"):
		return chat.Silent{}
	}
	d.posts["p1"] = text
	return chat.Say{Card: d.drawn("p1"), Private: true}
}

// read is an attached file in a few words.
func read(f chat.File) string {
	r, err := f.Open()
	if err != nil {
		return f.Input + " " + f.Name + ": " + err.Error()
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return f.Input + " " + f.Name + ": " + err.Error()
	}
	return fmt.Sprintf("%s %s %d %s", f.Input, f.Name, len(b), hex.EncodeToString(b[:min(4, len(b))]))
}

// draftForm asks for a post, with what was typed and what is wrong with it.
func draftForm(v chat.Values, wrong map[string]string) chat.Form {
	f := chat.Form{Title: "New post", Tag: chat.Tag{Verb: "run", Subject: "post draft"}, Submit: "Save", Inputs: []chat.Input{
		{Name: "text", Label: "Text", Kind: chat.Text, Required: true},
		{Name: "at", Label: "When", Kind: chat.Moment},
		{Name: "media", Label: "Pictures", Kind: chat.Files, Max: 4},
	}}
	for i, in := range f.Inputs {
		f.Inputs[i].Value, f.Inputs[i].Error = v[in.Name], wrong[in.Name]
	}
	return f
}

func sentence(words string) chat.Card { return chat.Sentence(chat.Good, chat.Plain(words)) }

// longCard is as long as Slack allows, of a letter or a sign that takes much room.
func longCard(letter string) chat.Card {
	return chat.Card{Title: "Long", Body: []chat.Span{chat.Plain(strings.Repeat(letter, 15000/len([]rune(letter))))}}
}

// card is a post as it stands.
func (d *desk) card(id string) chat.Card {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drawn(id)
}

// drawn is card. The mutex is held.
func (d *desk) drawn(id string) chat.Card {
	c := chat.Card{Subject: id, Title: "Post " + id, Body: []chat.Span{chat.Plain("Hello *world* & <!channel>")}, Images: d.images}
	if state, ok := d.posts[id]; ok {
		c.Foot = []chat.Span{chat.Plain(state)}
	}
	tag := func(verb string) chat.Tag { return chat.Tag{Verb: verb, Subject: id, Rev: 1} }
	c.Buttons = []chat.Button{{Label: "Approve", Tag: tag("post.approve"), Style: chat.Primary}, {Label: "Send back", Tag: tag("post.send_back")},
		{Label: "Show", Tag: tag("post.open")}, {Label: "Again", Tag: tag("post.window")}}
	c.Selects = []chat.Select{{Label: "Move to", Tag: tag("post.move"), Options: []chat.Option{{Value: "mon", Label: "Monday"}, {Value: "tue", Label: "Tuesday"}}}}
	return c
}

// state is what became of a post.
func (d *desk) state(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.posts[id]
}

// heard are the events so far, without looks at the home tab.
func (d *desk) heard() []chat.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.events), func(e chat.Event) bool { return e.Command == "home" })
}

// last is the newest of them.
func (d *desk) last() chat.Event {
	all := d.heard()
	if len(all) == 0 {
		return chat.Event{}
	}
	return all[len(all)-1]
}

// acts is how many different acts were heard.
func (d *desk) acts() int {
	ids := map[string]bool{}
	for _, e := range d.heard() {
		ids[e.ID] = true
	}
	return len(ids)
}

// attached are the files so far.
func (d *desk) attached() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.files)
}
