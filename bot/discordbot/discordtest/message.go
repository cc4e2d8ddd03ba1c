package discordtest

import (
	"slices"
	"strings"
	"time"
)

// Message is a message as it was when the test looked. Acts on it press what was shown then, as a person does who has not seen
// an edit yet.
type Message struct {
	ID          string
	Channel     string // id
	Author      string // id of a person or of the bot
	Flags       int64
	Content     string
	Embeds      []Object
	Components  Components
	Attachments []File
	Edits       int
	Private     bool     // ephemeral
	Thinking    bool     // deferred, and not yet filled
	Lines       []string // as a person reads it
	Pings       []string // whom it notified when it came, "@awa", "@role" or "@everyone"
	m           *message
}

// String is the message as a person reads it.
func (m Message) String() string { return strings.Join(m.Lines, "\n") }

// Has says whether there is a button or a menu called that: by its label, its placeholder or its custom_id.
func (m Message) Has(what string) bool { return m.Components.find(what) != nil }

// message is a message. Edits replace its parts and change none in place, so that what a test saw stays as it was.
type message struct {
	id       string
	s        *Server
	c        *Channel
	by       *Person // nil: the bot
	to       *Person // who alone sees it; nil: everybody
	from     *interaction
	flags    int64
	content  string
	embeds   []any
	parts    []any // components
	attached []*file
	allowed  Object // allowed_mentions; nil: nobody said
	answers  string // id of the message it answers
	nonce    any
	pings    []string
	at       time.Time
	edited   time.Time
	edits    int
	gone     bool // deleted
}

func (m *message) v2() bool { return m.flags&componentsV2 != 0 }

// look is the message as a test sees it. The mutex is held.
func (m *message) look() Message {
	shown := Message{
		ID: m.id, Channel: m.c.ID, Author: m.author(), Flags: m.flags, Content: m.content, Embeds: objects(m.embeds),
		Components: objects(m.parts), Edits: m.edits, Private: m.to != nil, Thinking: m.flags&thinking != 0,
		Lines: m.s.reader().message(m), Pings: m.pings, m: m,
	}
	for _, f := range m.attached {
		shown.Attachments = append(shown.Attachments, f.look())
	}
	return shown
}

func (m *message) author() string {
	if m.by != nil {
		return m.by.ID
	}
	return m.s.App.ID
}

// json is the message as the API shows it. The mutex is held.
func (m *message) json() Object {
	user := m.s.App.user()
	if m.by != nil {
		user = m.by.user()
	}
	o := Object{
		"id": m.id, "channel_id": m.c.ID, "author": user, "content": m.content, "timestamp": stamp(m.at), "edited_timestamp": nil,
		"tts": false, "mention_everyone": slices.Contains(m.pings, "@everyone"), "mentions": []any{}, "mention_roles": []any{},
		"attachments": []any{}, "embeds": m.embeds, "pinned": false, "type": 0, "flags": m.flags, "components": m.resolved(),
	}
	if m.embeds == nil {
		o["embeds"] = []any{}
	}
	if !m.edited.IsZero() {
		o["edited_timestamp"] = stamp(m.edited)
	}
	files := []any{}
	for _, f := range m.attached {
		files = append(files, f.json())
	}
	o["attachments"] = files
	if m.nonce != nil {
		o["nonce"] = m.nonce
	}
	if m.from != nil {
		o["application_id"], o["webhook_id"] = m.s.App.ID, m.s.App.ID
		o["interaction_metadata"] = Object{
			"id": m.from.id, "type": m.from.kind, "user": m.from.p.user(), "authorizing_integration_owners": m.from.owners(),
		}
	}
	if m.answers != "" {
		o["type"], o["message_reference"] = 19, Object{"type": 0, "message_id": m.answers, "channel_id": m.c.ID}
	}
	if t := m.s.channel(m.id); t != nil && t != m.c {
		o["thread"] = t.json()
	}
	return o
}

// resolved are the components with the addresses of attachments in the place of their names. The mutex is held.
func (m *message) resolved() []any {
	parts := copied(m.parts).([]any)
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, y := range x {
				walk(y)
			}
		case Object:
			if name, ok := strings.CutPrefix(str(x, "url"), attachmentsScheme); ok {
				if f := find(m.attached, func(f *file) bool { return f.name == name }); f != nil {
					for k, v := range f.json() {
						if k == "url" || k == "proxy_url" || k == "width" || k == "height" || k == "content_type" {
							x[k] = v
						}
					}
					x["attachment_id"] = f.id
				}
			}
			for _, y := range x {
				walk(y)
			}
		}
	}
	walk(parts)
	return parts
}

// hidden is the message as the app sees it without the right to read what people write. Source:
// docs.discord.com/developers/events/gateway, message content intent. The mutex is held.
func (m *message) hidden() Object {
	o := m.json()
	named := strings.Contains(m.content, "<@"+m.s.App.ID+">")
	if m.by == nil || m.c.with != nil || named || m.s.Privileged&MessageContent != 0 {
		return o
	}
	o["content"], o["embeds"], o["attachments"], o["components"] = "", []any{}, []any{}, []any{}
	return o
}

// told sends an event about a message of the channel. The mutex is held.
func (c *Channel) told(event string, m *message) {
	o := m.hidden()
	if c.g != nil {
		o["guild_id"] = c.g.ID
		if m.by != nil {
			o["member"] = member(nil, m.by.roles)
		}
	}
	c.s.dispatch(event, c.g, c.heardWith(), o)
}
