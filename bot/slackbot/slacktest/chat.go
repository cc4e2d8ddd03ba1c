package slacktest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// channel is the conversation that an argument names, if the bot may speak there.
func (c *call) channel() (*Channel, *refusal) {
	id := c.text("channel")
	if id == "" {
		return nil, no("invalid_arguments", "missing required field: channel")
	}
	ch := c.w.find(id)
	switch {
	case ch == nil:
		return nil, no("channel_not_found")
	case ch.archived:
		return ch, no("is_archived")
	case ch.has(c.w.Bot):
	case ch.shared || !c.may("chat:write.public"):
		return nil, no("not_in_channel")
	}
	return ch, nil
}

// postMessage is chat.postMessage.
func postMessage(c *call) (Object, *refusal) {
	ch, refused := c.channel()
	if refused != nil {
		return nil, refused
	}
	w, refused := c.words()
	switch {
	case refused != nil:
		return nil, refused
	case w.empty():
		return nil, no("no_text")
	case c.text("username")+c.text("icon_emoji")+c.text("icon_url") != "" && !c.may("chat:write.customize"):
		return nil, c.lacks("chat:write.customize")
	}
	thread, refused := c.thread(ch)
	if refused != nil {
		return nil, refused
	}
	m := &message{
		author: c.w.Bot, text: cut(w.text), blocks: w.blocks, attached: w.attached, metadata: w.metadata, thread: thread,
		username: c.text("username"),
	}
	c.s.later(ch.add(m))
	return Object{"channel": ch.ID, "ts": m.ts, "message": m.json()}, nil
}

// thread is the id of the first message of the thread that thread_ts names: an answer's id stands for its thread.
// Source of thread_not_found: slackapi/bolt-js issue 2307.
func (c *call) thread(ch *Channel) (string, *refusal) {
	ts := c.text("thread_ts")
	if ts == "" {
		return "", nil
	}
	if !isTS(ts) {
		return "", no("invalid_thread_ts")
	}
	m := ch.message(ts)
	if m != nil && m.thread != "" {
		return m.thread, nil
	}
	answered := slices.ContainsFunc(ch.messages, func(x *message) bool { return x.thread == ts }) // its first message may be gone
	if m == nil && !answered {
		return "", no("thread_not_found")
	}
	return ts, nil
}

func isTS(s string) bool {
	whole, part, found := strings.Cut(s, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return found && digits(whole) && digits(part)
}

// postEphemeral is chat.postEphemeral.
func postEphemeral(c *call) (Object, *refusal) {
	ch, refused := c.channel()
	if refused != nil {
		return nil, refused
	}
	p := c.w.person(c.text("user"))
	if p == nil || !ch.has(p) {
		return nil, no("user_not_in_channel")
	}
	if !ch.has(c.w.Bot) {
		return nil, no("not_in_channel")
	}
	w, refused := c.words()
	switch {
	case refused != nil:
		return nil, refused
	case w.empty():
		return nil, no("no_text")
	}
	thread, refused := c.thread(ch)
	if refused != nil {
		return nil, refused
	}
	m := p.whisper(ch, w, thread)
	return Object{"message_ts": m.ts}, nil
}

// whisper shows a message to one person. The mutex is held.
func (p *Person) whisper(ch *Channel, w words, thread string) *message {
	m := &message{
		ts: p.w.s.ts(), c: ch, author: p.w.Bot, text: cut(w.text), blocks: w.blocks, attached: w.attached, thread: thread, to: p,
	}
	p.whispers = append(p.whispers, m)
	p.w.s.news()
	return m
}

// own is the bot's message that ts names.
func (c *call) own(cant string) (*Channel, *message, *refusal) {
	ch := c.w.visible(c.text("channel"))
	if ch == nil {
		return nil, nil, no("channel_not_found")
	}
	m := ch.message(c.text("ts"))
	switch {
	case m == nil:
		return nil, nil, no("message_not_found")
	case m.author != c.w.Bot:
		return nil, nil, no(cant)
	}
	return ch, m, nil
}

// updateMessage is chat.update. What is not given stays, but for the text when there are new blocks.
func updateMessage(c *call) (Object, *refusal) {
	ch, old, refused := c.own("cant_update_message")
	switch {
	case refused != nil:
		return nil, refused
	case ch.archived:
		return nil, no("is_inactive")
	}
	w, refused := c.words()
	switch {
	case refused != nil:
		return nil, refused
	case utf8.RuneCountInString(w.text) > maxEdit:
		return nil, no("msg_too_long")
	case !w.hasText && !w.hasBlocks && len(w.attached) == 0:
		return nil, no("no_text")
	}
	now := old.again()
	if w.hasText || w.hasBlocks {
		now.text = w.text
	}
	if w.hasBlocks {
		now.blocks = w.blocks
	}
	if c.args["attachments"] != nil {
		now.attached = w.attached
	}
	if w.hasMetadata {
		now.metadata = w.metadata
	}
	if strings.TrimSpace(now.text) == "" && len(now.blocks) == 0 && len(now.attached) == 0 {
		return nil, no("no_text")
	}
	c.s.later(ch.edit(old, now))
	return Object{"channel": ch.ID, "ts": now.ts, "text": now.text, "message": now.json()}, nil
}

// deleteMessage is chat.delete.
func deleteMessage(c *call) (Object, *refusal) {
	ch, m, refused := c.own("cant_delete_message")
	if refused != nil {
		return nil, refused
	}
	c.s.later(ch.drop(m))
	return Object{"channel": ch.ID, "ts": m.ts}, nil
}
