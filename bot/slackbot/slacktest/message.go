package slacktest

import (
	"maps"
	"slices"
	"strings"
)

// message is one message as Slack keeps it. An edit replaces it.
type message struct {
	ts, thread string // thread: id of the first message of the thread; empty when it began none and is in none
	c          *Channel
	author     *Person
	text       string
	blocks     Blocks
	attached   []any
	metadata   Object
	username   string
	files      []*file
	to         *Person // an ephemeral message: who sees it; nil: everybody

	edits int
	state map[string]Object // what was chosen in it, by "block/action"
	lines []string          // as a person reads it; nil: nobody looked
	pings []string
}

// Message is a message as it was when the test looked. Acts on it press what was shown then, as a person does who has not
// seen an edit yet.
type Message struct {
	ID       string // "ts"
	Channel  string // id
	Thread   string // id of the first message of its thread; empty outside threads
	Author   string // id of a person or of the bot user
	Text     string // fallback, as the app or Slack wrote it
	Blocks   Blocks
	Metadata Object // event_type and event_payload; nil: none
	Edits    int
	Private  bool     // ephemeral
	Lines    []string // as a person reads it
	Pings    []string // whom it notifies, "@awa" or "@channel", by what it shows
	m        *message
	attached []Object
}

// all are the blocks of the message, those of attachments among them.
func (m *message) all() Blocks {
	all := slices.Clip(m.blocks)
	for _, a := range objects(m.attached) {
		all = append(all, objects(a["blocks"])...)
	}
	return all
}

// again is a copy to be changed and put in the place of the message.
func (m *message) again() *message {
	now := *m
	now.state, now.lines, now.pings = nil, nil, nil
	return &now
}

// look is the message as a test sees it. The mutex is held.
func (m *message) look() Message {
	if m.lines == nil { // it is looked at again and again
		m.lines, m.pings = reader{m.c.w}.message(m), reader{m.c.w}.pings(m)
	}
	return Message{
		ID: m.ts, Channel: m.c.ID, Thread: m.thread, Author: m.author.ID, Text: m.text, Blocks: m.blocks, Metadata: m.metadata,
		Edits: m.edits, Private: m.to != nil, Lines: m.lines, Pings: m.pings, m: m, attached: objects(m.attached),
	}
}

// String is the message as a person reads it.
func (m Message) String() string { return strings.Join(m.Lines, "\n") }

// Messages are the messages of the channel outside threads, oldest first.
func (c *Channel) Messages() []Message {
	return c.where(func(m *message) bool { return m.thread == "" || m.thread == m.ts })
}

// Thread is a message with the answers in its thread, oldest first.
func (c *Channel) Thread(ts string) []Message {
	return c.where(func(m *message) bool { return m.ts == ts || m.thread == ts })
}

// All are all messages of the channel, those in threads among them, oldest first.
func (c *Channel) All() []Message { return c.where(func(*message) bool { return true }) }

// Last is the newest message outside threads; the zero Message when there is none.
func (c *Channel) Last() Message {
	c.w.s.mu.Lock()
	defer c.w.s.mu.Unlock()
	for _, m := range slices.Backward(c.messages) {
		if m.thread == "" || m.thread == m.ts {
			return m.look()
		}
	}
	return Message{}
}

// Message is one message now; the zero Message when it is gone.
func (c *Channel) Message(ts string) Message {
	c.w.s.mu.Lock()
	defer c.w.s.mu.Unlock()
	if m := c.message(ts); m != nil {
		return m.look()
	}
	return Message{}
}

func (c *Channel) where(is func(*message) bool) []Message {
	c.w.s.mu.Lock()
	defer c.w.s.mu.Unlock()
	var all []Message
	for _, m := range c.messages {
		if is(m) {
			all = append(all, m.look())
		}
	}
	return all
}

// Remove deletes a message, as a person with the right to does.
func (c *Channel) Remove(ts string) Ack {
	c.w.s.mu.Lock()
	if m := c.message(ts); m != nil {
		return c.w.s.send(c.drop(m))
	}
	return c.w.s.refuse("nobody can delete %s: it is not in #%s", ts, c.Name)
}

// Ephemerals are what only this person sees, oldest first.
func (p *Person) Ephemerals() []Message {
	p.w.s.mu.Lock()
	defer p.w.s.mu.Unlock()
	all := make([]Message, len(p.whispers))
	for i, m := range p.whispers {
		all[i] = m.look()
	}
	return all
}

// Ephemeral is the newest message that only this person sees; the zero Message when there is none.
func (p *Person) Ephemeral() Message {
	all := p.Ephemerals()
	if len(all) == 0 {
		return Message{}
	}
	return all[len(all)-1]
}

// Reload is what happens when a person reloads Slack: ephemeral messages and modals are gone.
func (p *Person) Reload() {
	p.w.s.mu.Lock()
	defer p.w.s.mu.Unlock()
	p.whispers = nil
	p.clear()
}

// message finds a message that everybody sees; nil when there is none. The mutex is held.
func (c *Channel) message(ts string) *message {
	for _, m := range slices.Backward(c.messages) { // mostly a new one is meant
		if m.ts == ts {
			return m
		}
	}
	return nil
}

// add puts a message at the end of the channel and tells the app, which hears its own messages too. The mutex is held.
func (c *Channel) add(m *message) *parcel {
	m.c, m.ts = c, c.w.s.ts()
	if m.thread != "" {
		if first := c.message(m.thread); first != nil && first.thread == "" {
			first.thread = first.ts
		}
	}
	c.messages = append(c.messages, m)
	c.w.s.news()
	e := m.json()
	maps.Copy(e, Object{"channel": c.ID, "event_ts": m.ts, "channel_type": c.channelType()})
	return c.w.s.event(c.w, e)
}

// edit puts another message in the place of one. The mutex is held.
func (c *Channel) edit(old, now *message) *parcel {
	now.edits = old.edits + 1
	c.messages[slices.Index(c.messages, old)] = now
	c.w.s.news()
	return c.w.s.event(c.w, Object{
		"type": "message", "subtype": "message_changed", "message": now.json(), "previous_message": old.json(), "channel": c.ID,
		"hidden": true, "ts": c.w.s.ts(), "event_ts": now.ts, "channel_type": c.channelType(),
	})
}

// drop takes a message away. The mutex is held.
func (c *Channel) drop(m *message) *parcel {
	c.messages = slices.DeleteFunc(c.messages, func(x *message) bool { return x == m })
	c.w.s.news()
	return c.w.s.event(c.w, Object{
		"type": "message", "subtype": "message_deleted", "previous_message": m.json(), "channel": c.ID, "hidden": true,
		"deleted_ts": m.ts, "event_ts": c.w.s.ts(), "ts": m.ts, "channel_type": c.channelType(),
	})
}

// json is the message as events, history and payloads show it. The mutex is held.
func (m *message) json() Object {
	o := Object{"type": "message", "user": m.author.ID, "ts": m.ts, "text": m.text, "team": m.author.home.ID}
	if m.author.Bot {
		o["bot_id"], o["app_id"] = m.c.w.botID, m.c.w.s.App.ID
		o["bot_profile"] = Object{"id": m.c.w.botID, "app_id": m.c.w.s.App.ID, "name": m.author.RealName, "deleted": false, "team_id": m.c.w.ID}
	} else {
		o["client_msg_id"] = "c1e27ab4-0000-4000-8000-" + strings.ReplaceAll(m.ts, ".", "")[4:]
	}
	if len(m.blocks) > 0 {
		o["blocks"] = escaped(m.blocks.list())
	}
	if len(m.attached) > 0 {
		o["attachments"] = m.attached
	}
	if m.thread != "" {
		o["thread_ts"] = m.thread
		if m.thread == m.ts {
			o["reply_count"] = m.replies()
		} else {
			o["parent_user_id"] = m.c.authorOf(m.thread)
		}
	}
	if m.username != "" {
		o["username"] = m.username
	}
	if m.edits > 0 {
		o["edited"] = Object{"user": m.author.ID, "ts": m.ts}
	}
	if len(m.files) > 0 {
		all := make([]any, len(m.files))
		for i, f := range m.files {
			all[i] = f.json()
		}
		o["files"], o["upload"] = all, false
		o["subtype"] = "file_share"
	}
	return o
}

func (m *message) replies() int {
	n := 0
	for _, x := range m.c.messages {
		if x.thread == m.ts && x != m {
			n++
		}
	}
	return n
}

func (c *Channel) authorOf(ts string) string {
	if m := c.message(ts); m != nil {
		return m.author.ID
	}
	return ""
}

// escaped is a copy of blocks in which plain text is escaped: that is how Slack sends back what an app posted.
// Source: slackapi/bolt-python issue 513.
func escaped(v any) any {
	switch x := v.(type) {
	case Object:
		o := make(Object, len(x))
		for k, item := range x {
			o[k] = escaped(item)
		}
		if text, ok := x["text"].(string); ok && x["type"] == "plain_text" {
			o["text"] = escape(text)
		}
		return o
	case []any:
		l := make([]any, len(x))
		for i, item := range x {
			l[i] = escaped(item)
		}
		return l
	}
	return v
}
