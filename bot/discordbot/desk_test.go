package discordbot_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"griot/bot/discordbot"
	"griot/chat"
	"griot/i18n"
)

// commands are those of a small Griot.
func commands() []discordbot.Command {
	text := func(en, fr string) i18n.Text { return i18n.Text{En: en, Fr: fr} }
	return []discordbot.Command{
		{Name: "post", French: "publication", About: text("Posts", "Les publications"), Subs: []discordbot.Command{
			{Name: "draft", French: "rediger", About: text("Write a post", "Écrire une publication"), Options: []discordbot.Option{
				{Name: "text", French: "texte", About: text("Its words", "Ses mots"), Kind: chat.Text, Max: 500},
				{Name: "brand", French: "marque", About: text("Whose", "De qui"), Kind: chat.Line, Offers: true},
				{Name: "media", French: "image", About: text("Its pictures", "Ses images"), Kind: chat.Files, Max: 3},
				{Name: "token", French: "jeton", About: text("Never typed", "Jamais tapé"), Kind: chat.Secret},
			}},
			{Name: "move", French: "deplacer", About: text("Move", "Déplacer"), Options: []discordbot.Option{
				{Name: "to", French: "vers", About: text("Where", "Où"), Kind: chat.Choice, Choices: []discordbot.Choice{{"b", text("Bluesky", "Bluesky")}, {"n", text("Nowhere", "Nulle part")}}},
				{Name: "in", French: "dans", About: text("Channel", "Salon"), Kind: chat.Room},
				{Name: "for", French: "pour", About: text("Role", "Rôle"), Kind: chat.Group},
			}},
		}},
		{Name: "say", French: "dire", About: text("Say", "Dire"), Options: []discordbot.Option{{Name: "what", French: "quoi", About: text("What", "Quoi"), Kind: chat.Line}}},
	}
}

func menus() []discordbot.Menu {
	return []discordbot.Menu{{Name: i18n.Text{En: "Turn into a post", Fr: "En faire une publication"}, Command: "post draft", Option: "text", Files: "media"},
		{Name: i18n.Text{En: "Quote", Fr: "Citer"}, Command: "say", Option: "what", Author: "by", Link: "link", Quotes: true}}
}

// desk is a small Griot behind the surface: posts that people draft, approve and send back. It answers an act once, and the
// same again when it is delivered again.
type desk struct {
	mu     sync.Mutex // guards what follows
	events []chat.Event
	done   map[string]chat.Answer // by the id of the act
	posts  map[string]string      // what became of each
	files  []string               // attached, as "input name size first-bytes"
	hook   func(context.Context, chat.Event) error
	images []chat.Image // of every card
	many   bool         // the form has more fields than a window takes
}

func newDesk() *desk { return &desk{done: map[string]chat.Answer{}, posts: map[string]string{}} }

// set changes the desk.
func (d *desk) set(change func(*desk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

// before is done first with every event; an error of it is the handler's.
func (d *desk) before(hook func(context.Context, chat.Event) error) {
	d.set(func(d *desk) { d.hook = hook })
}

// handle is the chat.Handler.
func (d *desk) handle(ctx context.Context, e chat.Event) (chat.Answer, error) {
	d.mu.Lock()
	hook := d.hook
	d.mu.Unlock()
	if hook != nil {
		if err := hook(ctx, e); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if e.Typing != "" {
		return chat.Offer{Options: []chat.Option{{Value: "acme", Label: "Acme for " + e.Values.Get(e.Typing)}}}, nil
	}
	d.events = append(d.events, e)
	if a, ok := d.done[e.ID]; ok {
		return a, nil
	}
	a := d.answer(e)
	if _, asks := a.(chat.Ask); !asks { // asking only reads
		d.done[e.ID] = a
	}
	return a, nil
}

// answer decides. The mutex is held.
func (d *desk) answer(e chat.Event) chat.Answer {
	switch {
	case e.Form:
		return d.sent(e)
	case e.Tag.Verb != "":
		return d.press(e)
	case e.Command == "post draft":
		for _, f := range e.Files {
			d.files = append(d.files, read(f))
		}
		return chat.Ask{Form: d.form(maps.Clone(e.Values), nil)}
	}
	what := e.Values.Get("what")
	switch {
	case e.Command == "say" && strings.HasPrefix(what, "all "):
		return chat.Say{Card: sentence(what)}
	case what == "picture":
		return chat.Say{Card: d.drawn("p1"), Private: true}
	case what == "quiet":
		return chat.Silent{}
	case what == "live":
		return chat.Say{Card: sentence("I am writing."), Private: true, Live: true}
	}
	return chat.Say{Card: sentence("You said: " + what), Private: true}
}

// press answers buttons and menus. The mutex is held.
func (d *desk) press(e chat.Event) chat.Answer {
	switch {
	case e.Unsure:
		c := chat.Card{Title: "Really?", Buttons: []chat.Button{{Label: "Yes, do it", Style: chat.Risky, Tag: e.Tag}}}
		return chat.Say{Card: c, Private: true}
	case e.Tag.Verb == "post.approve":
		d.posts[e.Tag.Subject] = "approved by " + e.Who.Name
		return chat.Refresh{Card: d.drawn(e.Tag.Subject)}
	case e.Tag.Verb == "post.delete":
		d.posts[e.Tag.Subject] = "deleted"
		return chat.Say{Card: sentence("Deleted."), Private: true}
	case e.Tag.Verb == "post.edit":
		return chat.Ask{Form: d.form(chat.Values{"text": {"as it is"}}, nil)}
	case e.Tag.Verb == "post.move":
		d.posts[e.Tag.Subject] = "moved to " + e.Values.Get("value")
		tell := sentence("Moved.")
		return chat.Refresh{Card: d.drawn(e.Tag.Subject), Tell: &tell}
	case e.Tag.Verb == "post.card":
		return chat.Say{Card: d.drawn(e.Tag.Subject), Private: true}
	case e.Tag.Verb == "post.picture":
		d.images = []chat.Image{picture("another")}
		return chat.Refresh{Card: d.drawn(e.Tag.Subject)}
	}
	return chat.Say{Card: sentence("Pressed " + e.Tag.String()), Private: true}
}

// sent answers forms. The mutex is held.
func (d *desk) sent(e chat.Event) chat.Answer {
	for _, f := range e.Files {
		d.files = append(d.files, read(f))
	}
	text := e.Values.Get("text")
	switch {
	case text == "bad":
		return chat.Ask{Form: d.form(e.Values, map[string]string{"text": "Not that."})}
	case text == "quiet":
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

// form asks for a post, with what was typed and what is wrong with it.
func (d *desk) form(v chat.Values, wrong map[string]string) chat.Form {
	f := chat.Form{Title: "New post", Locale: i18n.Fr, Tag: chat.Tag{Verb: "run", Subject: "post draft"}, Submit: "Save", Inputs: []chat.Input{
		{Name: "text", Label: "Text", Kind: chat.Text, Required: true},
		{Name: "at", Label: "When", Kind: chat.Moment},
		{Name: "media", Label: "Pictures", Kind: chat.Files, Max: 4},
	}}
	if d.many {
		for _, n := range []string{"one", "two", "three"} {
			f.Inputs = append(f.Inputs, chat.Input{Name: n, Label: "Field " + n, Kind: chat.Line})
		}
	}
	for i, in := range f.Inputs {
		f.Inputs[i].Value, f.Inputs[i].Error = v[in.Name], wrong[in.Name]
	}
	return f
}

func sentence(words string) chat.Card { return chat.Sentence(chat.Good, chat.Plain(words)) }

// png is a picture, as far as its first bytes go, of n bytes.
func png(n int) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, n-8)...) }

// picture is one of a card.
func picture(hash string) chat.Image {
	return chat.Image{Hash: hash, Type: "image/png", Alt: "a cat, " + hash, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(png(200))), nil }}
}

// card is a post as it stands.
func (d *desk) card(id string) chat.Card {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drawn(id)
}

// drawn is card. The mutex is held.
func (d *desk) drawn(id string) chat.Card {
	c := chat.Card{Subject: id, Title: "Post " + id, Body: []chat.Span{chat.Plain("Hello *world* & @everyone <@&1>")}, Images: d.images}
	if state, ok := d.posts[id]; ok {
		c.Foot = []chat.Span{chat.Plain(state)}
	}
	tag := func(verb string) chat.Tag { return chat.Tag{Verb: verb, Subject: id, Rev: 1} }
	c.Buttons = []chat.Button{{Label: "Approve", Tag: tag("post.approve"), Style: chat.Primary}, {Label: "Edit", Tag: tag("post.edit")},
		{Label: "Show", Tag: tag("post.open")}, {Label: "New picture", Tag: tag("post.picture")}, {Label: "Card", Tag: tag("post.card")},
		{Label: "Delete", Tag: tag("post.delete"), Style: chat.Risky, Confirm: "Really?"}}
	c.Selects = []chat.Select{{Label: "Move to", Tag: tag("post.move"), Options: []chat.Option{{Value: "mon", Label: "Monday"}, {Value: "tue", Label: "Tuesday"}}}}
	return c
}

// state is what became of a post.
func (d *desk) state(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.posts[id]
}

// heard are the events so far.
func (d *desk) heard() []chat.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events)
}

// last is the newest of them.
func (d *desk) last() chat.Event {
	all := d.heard()
	if len(all) == 0 {
		return chat.Event{}
	}
	return all[len(all)-1]
}

// attached are the files so far.
func (d *desk) attached() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.files)
}
