package discordtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// once is a message that was sent with a nonce.
type once struct {
	m  *message
	at time.Time
}

// nonceLife is for how long a repeated nonce gives the first message: "a few minutes". Source:
// docs.discord.com/developers/resources/message, enforce_nonce.
const nonceLife = 3 * time.Minute

// postMessage is a message of the bot.
func postMessage(c *call) (any, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	if ch.kind == forumChannel {
		return nil, notATextChannel
	}
	if refused := ch.takes(c); refused != nil {
		return nil, refused
	}
	key := ""
	if n := c.object()["nonce"]; n != nil && yes(false, c.body, "enforce_nonce") {
		key = fmt.Sprint(ch.ID, " ", n)
		if first, there := c.s.nonces[key]; there && c.s.Now().Sub(first.at) < nonceLife {
			return first.m.json(), nil
		}
	}
	m, refused := c.s.compose(&c.judge, draft{c: ch, body: c.object(), schema: "MessageCreateRequest", uploads: c.uploads})
	if refused != nil {
		return nil, refused
	}
	if m.flags&ephemeral != 0 {
		c.judge.ignored = append(c.judge.ignored, "EPHEMERAL outside interactions")
		m.flags &^= ephemeral
	}
	m.nonce = c.object()["nonce"]
	m.answers = str(c.body, "message_reference", "message_id")
	if m.answers != "" && ch.message(m.answers) == nil && yes(true, c.body, "message_reference", "fail_if_not_exists") {
		return nil, invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
	}
	ch.put(m)
	if key != "" {
		c.s.nonces[key] = once{m, c.s.Now()}
	}
	return m.json(), nil
}

// takes refuses a message that the bot may not send here. The mutex is held.
func (c *Channel) takes(call *call) *refusal {
	if c.with != nil && (c.with.DMsClosed || c.with.left) {
		return cannotDirect
	}
	need := SendMessages
	if c.parent != nil {
		need = SendMessagesInThreads
	}
	if len(call.uploads) > 0 {
		need |= AttachFiles
	}
	if len(objects(call.object()["embeds"])) > 0 {
		need |= EmbedLinks
	}
	if call.object()["message_reference"] != nil {
		need |= ReadMessageHistory
	}
	if refused := c.may(need); refused != nil {
		return refused
	}
	if c.locked && c.bot()&ManageThreads == 0 {
		return threadIsArchived
	}
	return nil
}

// put shows a new message. A thread that was archived is not any more. The mutex is held.
func (c *Channel) put(m *message) {
	m.id = c.s.id()
	m.pings = m.pinged()
	c.messages = append(c.messages, m)
	if c.archived {
		c.archived = false
		c.s.dispatch("THREAD_UPDATE", c.g, Guilds, c.json())
	}
	c.told("MESSAGE_CREATE", m)
}

// theirs is the message that a call names, if the bot may read it.
func (c *call) theirs() (*message, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	if m := ch.message(c.r.PathValue("message_id")); m != nil {
		return m, nil
	}
	return nil, unknownMessage
}

func getMessage(c *call) (any, *refusal) {
	m, refused := c.theirs()
	if refused != nil {
		return nil, refused
	}
	if refused := m.c.may(ReadMessageHistory); refused != nil {
		return nil, refused
	}
	return m.hidden(), nil
}

// getMessages lists the newest first. Without READ_MESSAGE_HISTORY there is nothing to list, as Discord documents.
func getMessages(c *call) (any, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	q := c.r.URL.Query()
	limit := 50
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			return nil, invalid("limit", "NUMBER_TYPE_BETWEEN", "int value should be between 1 and 100.")
		}
		limit = n
	}
	before, after := whole(q.Get("before")), whole(q.Get("after"))
	if before != 0 && after != 0 {
		return nil, invalid("before", "BASE_TYPE_MUTUALLY_EXCLUSIVE", "before and after cannot both be used")
	}
	var found []*message
	for _, m := range ch.messages {
		if id := whole(m.id); (before == 0 || id < before) && id > after && ch.bot()&ReadMessageHistory != 0 {
			found = append(found, m)
		}
	}
	if n := len(found) - limit; n > 0 && after != 0 {
		found = found[:limit]
	} else if n > 0 {
		found = found[n:]
	}
	slices.Reverse(found)
	all := []any{}
	for _, m := range found {
		all = append(all, m.hidden())
	}
	return all, nil
}

// editMessage changes a message of the bot.
func editMessage(c *call) (any, *refusal) {
	m, refused := c.theirs()
	switch {
	case refused != nil:
		return nil, refused
	case m.by != nil:
		return nil, notTheAuthor
	case m.c.archived:
		return nil, threadIsArchived
	}
	d := draft{c: m.c, old: m, body: c.object(), schema: "MessageEditRequestPartial", uploads: c.uploads}
	if refused := c.s.edit(&c.judge, m, d); refused != nil {
		return nil, refused
	}
	return m.json(), nil
}

// edit makes a message what a draft says. The mutex is held.
func (s *Server) edit(j *judge, m *message, d draft) *refusal {
	next, refused := s.compose(j, d)
	if refused != nil {
		return refused
	}
	fresh := m.flags&thinking != 0
	*m = *next
	if fresh {
		m.pings = m.pinged()
	} else {
		m.edited = s.Now()
		m.edits++
	}
	if m.to == nil {
		m.c.told("MESSAGE_UPDATE", m)
	}
	return nil
}

// deleteMessage takes a message away: the bot's own, or anybody's with MANAGE_MESSAGES.
func deleteMessage(c *call) (any, *refusal) {
	m, refused := c.theirs()
	switch {
	case refused != nil:
		return nil, refused
	case m.by != nil && m.c.bot()&ManageMessages == 0:
		return nil, missingRights
	case m.c.archived:
		return nil, threadIsArchived
	}
	m.c.remove(m.id)
	return nil, nil
}

// postMessageThread opens a thread below a message, which has the message's id.
func postMessageThread(c *call) (any, *refusal) {
	m, refused := c.theirs()
	if refused != nil {
		return nil, refused
	}
	switch {
	case m.c.kind != textChannel:
		return nil, badChannelKind
	case c.s.channel(m.id) != nil:
		return nil, threadExists
	}
	if refused := m.c.may(CreatePublicThreads); refused != nil {
		return nil, refused
	}
	return m.c.open(m.id, c.object()).json(), nil
}

// postThread opens a post of a forum, which has the id of its first message. Other threads without a message are not served.
func postThread(c *call) (any, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	if ch.kind != forumChannel {
		c.s.fault("a thread without a message in #%s is not served here", ch.Name)
		return nil, badChannelKind
	}
	body, ok := c.object()["message"].(Object)
	if !ok {
		return nil, invalid("message", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if refused := ch.takes(c); refused != nil {
		return nil, refused
	}
	m, refused := c.s.compose(&c.judge, draft{c: ch, body: body, at: "message", schema: "BaseCreateMessageCreateRequest", uploads: c.uploads})
	if refused != nil {
		return nil, refused
	}
	m.id = c.s.id()
	t := ch.open(m.id, c.object())
	m.c, m.pings = t, m.pinged()
	t.messages = append(t.messages, m)
	t.told("MESSAGE_CREATE", m)
	o := t.json()
	o["message"] = m.json()
	return o, nil
}

// open opens a thread with an id. The mutex is held.
func (c *Channel) open(id string, body Object) *Channel {
	t := &Channel{ID: id, Name: str(body, "name"), s: c.s, g: c.g, kind: threadChannel, parent: c}
	c.g.channels = append(c.g.channels, t)
	o := t.json()
	o["newly_created"] = true
	c.s.dispatch("THREAD_CREATE", c.g, Guilds, o)
	return t
}
