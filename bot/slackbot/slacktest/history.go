package slacktest

import (
	"slices"
	"strings"
)

// permalink is chat.getPermalink.
func permalink(c *call) (Object, *refusal) {
	ch := c.w.visible(c.text("channel"))
	if ch == nil {
		return nil, no("channel_not_found")
	}
	m := ch.message(c.text("message_ts"))
	if m == nil {
		return nil, no("message_not_found")
	}
	link := "https://" + c.w.Domain + ".slack.com/archives/" + ch.ID + "/p" + strings.ReplaceAll(m.ts, ".", "")
	if m.thread != "" && m.thread != m.ts {
		link += "?thread_ts=" + m.thread + "&cid=" + ch.ID
	}
	return Object{"channel": ch.ID, "permalink": link}, nil
}

// history is conversations.history: newest first, threads left out.
func history(c *call) (Object, *refusal) {
	return c.pages(func(m *message) bool { return m.thread == "" || m.thread == m.ts }, true)
}

// replies is conversations.replies: the first message of the thread, then its answers, oldest first.
func replies(c *call) (Object, *refusal) {
	ts := c.text("ts")
	body, refused := c.pages(func(m *message) bool { return m.ts == ts || m.thread == ts }, false)
	if refused == nil && len(body["messages"].([]any)) == 0 && c.text("cursor") == "" {
		if ch := c.w.visible(c.text("channel")); ch.message(ts) == nil {
			return nil, no("thread_not_found")
		}
	}
	return body, refused
}

// readable is the conversation that an argument names, if the bot may read it.
func (c *call) readable() (*Channel, *refusal) {
	ch := c.w.visible(c.text("channel"))
	if ch == nil {
		return nil, no("channel_not_found")
	}
	need := map[string]string{"channel": "channels:history", "group": "groups:history", "im": "im:history"}[ch.channelType()]
	switch {
	case !c.may(need):
		return nil, c.lacks(need)
	case !ch.has(c.w.Bot):
		return nil, no("not_in_channel")
	}
	return ch, nil
}

// pages is the part of a conversation that latest, oldest, inclusive, limit and cursor ask for.
func (c *call) pages(is func(*message) bool, newestFirst bool) (Object, *refusal) {
	ch, refused := c.readable()
	if refused != nil {
		return nil, refused
	}
	inclusive, latest, oldest := c.flag("inclusive"), c.text("latest"), c.text("oldest")
	var found []*message
	for _, m := range ch.messages {
		in := is(m) && (latest == "" || m.ts < latest || inclusive && m.ts == latest) &&
			(oldest == "" || m.ts > oldest || inclusive && m.ts == oldest)
		if in {
			found = append(found, m)
		}
	}
	if newestFirst {
		slices.Reverse(found)
	}
	found, next := page(c, found, func(m *message) string { return m.ts })
	all := make([]any, len(found))
	for i, m := range found {
		o := m.json()
		if m.metadata != nil && c.flag("include_all_metadata") {
			o["metadata"] = m.metadata
		}
		all[i] = o
	}
	return Object{"messages": all, "has_more": next != "", "response_metadata": Object{"next_cursor": next}}, nil
}
