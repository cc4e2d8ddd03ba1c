package slacktest

import (
	"encoding/base64"
	"slices"
	"strings"
)

// page cuts what limit and cursor ask for out of a list, and says what the next cursor is; empty at the end.
func page[T any](c *call, all []T, key func(T) string) ([]T, string) {
	if raw, err := base64.StdEncoding.DecodeString(c.text("cursor")); err == nil && len(raw) > 0 {
		if i := slices.IndexFunc(all, func(x T) bool { return "next:"+key(x) == string(raw) }); i >= 0 {
			all = all[i:]
		}
	}
	limit := min(max(c.number("limit", 100), 1), 1000)
	if len(all) <= limit {
		return all, ""
	}
	return all[:limit], base64.StdEncoding.EncodeToString([]byte("next:" + key(all[limit])))
}

// json is the conversation as conversations.info shows it. The mutex is held.
func (c *Channel) json() Object {
	if c.im != nil {
		return Object{
			"id": c.ID, "created": 1700000000, "is_archived": c.archived, "is_im": true, "is_org_shared": false, "user": c.im.ID,
			"is_open": true, "context_team_id": c.w.ID, "is_channel": false, "is_group": false, "is_mpim": false, "is_private": true,
		}
	}
	return Object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.private, "is_group": c.private, "is_im": false,
		"is_mpim": false, "is_private": c.private, "created": 1700000000, "is_archived": c.archived, "is_general": false,
		"is_shared": c.shared, "is_ext_shared": c.shared, "is_org_shared": false, "is_member": c.has(c.w.Bot), "creator": c.anyone(),
		"context_team_id": c.w.ID, "num_members": len(c.members), "topic": Object{"value": ""}, "purpose": Object{"value": ""},
	}
}

// scope is the one that lets the bot know of the conversation.
func (c *Channel) scope() string {
	return map[string]string{"channel": "channels:read", "group": "groups:read", "im": "im:read"}[c.channelType()]
}

// known is the conversation that an argument names, if the bot may know of it.
func (c *call) known() (*Channel, *refusal) {
	ch := c.w.visible(c.text("channel"))
	switch {
	case ch == nil:
		return nil, no("channel_not_found")
	case !c.may(ch.scope()):
		return nil, c.lacks(ch.scope())
	}
	return ch, nil
}

// conversationInfo is conversations.info.
func conversationInfo(c *call) (Object, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	return Object{"channel": ch.json()}, nil
}

// conversationMembers is conversations.members.
func conversationMembers(c *call) (Object, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	people := ch.members
	if ch.im != nil {
		people = []*Person{ch.im, c.w.Bot}
	}
	people, next := page(c, people, func(p *Person) string { return p.ID })
	ids := make([]any, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return Object{"members": ids, "response_metadata": Object{"next_cursor": next}}, nil
}

// conversationList is conversations.list.
func conversationList(c *call) (Object, *refusal) {
	return c.listed(func(ch *Channel) bool { return !ch.private || ch.has(c.w.Bot) })
}

// userConversations is users.conversations of the bot itself, or of somebody else, as far as the bot may know.
func userConversations(c *call) (Object, *refusal) {
	p := c.w.Bot
	if id := c.text("user"); id != "" {
		if p = c.w.person(id); p == nil {
			return nil, no("user_not_found")
		}
	}
	return c.listed(func(ch *Channel) bool { return ch.has(p) && (!ch.private || ch.has(c.w.Bot)) })
}

// listed is the page of conversations of the wanted types that is true of.
func (c *call) listed(is func(*Channel) bool) (Object, *refusal) {
	types := c.text("types")
	if types == "" {
		types = "public_channel"
	}
	wanted := map[string]bool{}
	for t := range strings.SplitSeq(types, ",") {
		t = strings.TrimSpace(t)
		need := map[string]string{"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}[t]
		switch {
		case need == "":
			return nil, no("invalid_types")
		case !c.may(need):
			return nil, c.lacks(need)
		}
		wanted[map[string]string{"public_channel": "channel", "private_channel": "group"}[t]+strings.TrimSuffix(t, "_channel")] = true
	}
	var found []*Channel
	for _, ch := range c.w.channels {
		key := map[string]string{"channel": "channelpublic", "group": "groupprivate", "im": "im"}[ch.channelType()]
		if !ch.deleted && wanted[key] && is(ch) && !(ch.archived && c.flag("exclude_archived")) {
			found = append(found, ch)
		}
	}
	found, next := page(c, found, func(ch *Channel) string { return ch.ID })
	all := make([]any, len(found))
	for i, ch := range found {
		all[i] = ch.json()
	}
	return Object{"channels": all, "response_metadata": Object{"next_cursor": next}}, nil
}

// openConversation is conversations.open for one person.
func openConversation(c *call) (Object, *refusal) {
	if id := c.text("channel"); id != "" {
		if ch := c.w.visible(id); ch != nil && ch.im != nil {
			return Object{"channel": Object{"id": ch.ID}}, nil
		}
		return nil, no("channel_not_found")
	}
	users := c.text("users")
	p := c.w.person(users)
	switch {
	case users == "":
		return nil, no("users_list_not_supplied")
	case strings.Contains(users, ","):
		return nil, c.lacks("mpim:write")
	case p == nil:
		return nil, no("user_not_found")
	case p.Bot:
		return nil, no("cannot_dm_bot")
	case p.gone:
		return nil, no("user_disabled")
	case !c.may("im:write"):
		return nil, c.lacks("im:write")
	}
	ch := p.direct()
	if c.flag("return_im") {
		return Object{"channel": ch.json()}, nil
	}
	return Object{"channel": Object{"id": ch.ID}}, nil
}

// joinConversation is conversations.join.
func joinConversation(c *call) (Object, *refusal) {
	ch := c.w.visible(c.text("channel"))
	switch {
	case ch == nil:
		return nil, no("channel_not_found")
	case ch.archived:
		return nil, no("is_archived")
	case ch.private:
		return nil, no("method_not_supported_for_channel_type")
	case !ch.has(c.w.Bot):
		ch.members = append(ch.members, c.w.Bot)
		c.s.later(c.s.event(c.w, Object{"type": "member_joined_channel", "user": c.w.Bot.ID, "channel": ch.ID, "channel_type": "C", "team": c.w.ID}))
	}
	return Object{"channel": ch.json()}, nil
}

// userInfo is users.info.
func userInfo(c *call) (Object, *refusal) {
	p := c.w.person(c.text("user"))
	if p == nil {
		return nil, no("user_not_found")
	}
	o := p.json(c.flag("include_locale"))
	if c.may("users:read.email") && p.Email != "" && p.home == p.w {
		o["profile"].(Object)["email"] = p.Email
	}
	return Object{"user": o}, nil
}
