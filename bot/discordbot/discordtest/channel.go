package discordtest

import "slices"

// The kinds of channels. Source: docs.discord.com/developers/resources/channel.
const (
	textChannel   = 0
	directChannel = 1
	threadChannel = 11
	forumChannel  = 15
)

// Channel is a place with messages: of a guild, a forum, a thread, or a direct conversation.
type Channel struct {
	ID, Name string

	s          *Server
	g          *Guild // nil: a direct conversation
	kind       int
	parent     *Channel // of a thread
	with       *Person  // of a direct conversation
	overwrites map[string]overwrite
	messages   []*message
	gone       bool // deleted
	archived   bool
	locked     bool
}

// Channel makes a text channel.
func (g *Guild) Channel(name string) *Channel { return g.add(name, textChannel) }

// Forum makes a forum: it takes posts only, each a thread.
func (g *Guild) Forum(name string) *Channel { return g.add(name, forumChannel) }

func (g *Guild) add(name string, kind int) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c := &Channel{ID: g.s.id(), Name: name, s: g.s, g: g, kind: kind, overwrites: map[string]overwrite{}}
	g.channels = append(g.channels, c)
	g.s.dispatch("CHANNEL_CREATE", g, Guilds, c.json())
	return c
}

// Allow gives rights in the channel, to the bot when nobody is named.
func (c *Channel) Allow(p Permission, who ...Subject) {
	c.overwrite(who, func(o overwrite) overwrite { return overwrite{o.kind, o.allow | p, o.deny &^ p} })
}

// Deny takes rights in the channel, of the bot when nobody is named.
func (c *Channel) Deny(p Permission, who ...Subject) {
	c.overwrite(who, func(o overwrite) overwrite { return overwrite{o.kind, o.allow &^ p, o.deny | p} })
}

func (c *Channel) overwrite(who []Subject, change func(overwrite) overwrite) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if len(who) == 0 {
		who = []Subject{botUser{c.s.App.ID}}
	}
	for _, w := range who {
		id, kind := w.subject()
		o := c.overwrites[id]
		o.kind = kind
		c.overwrites[id] = change(o)
	}
	c.s.dispatch("CHANNEL_UPDATE", c.g, Guilds, c.json())
}

type botUser struct{ id string }

func (b botUser) subject() (string, int) { return b.id, 1 }

// Delete ends the channel for good, with its threads, and sends CHANNEL_DELETE or THREAD_DELETE.
func (c *Channel) Delete() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.gone = true
	if c.parent != nil {
		c.s.dispatch("THREAD_DELETE", c.g, Guilds, Object{"id": c.ID, "guild_id": c.g.ID, "parent_id": c.parent.ID, "type": c.kind})
		return
	}
	for _, t := range c.g.channels {
		t.gone = t.gone || t.parent == c
	}
	c.s.dispatch("CHANNEL_DELETE", c.g, Guilds, c.json())
}

// Archive archives a thread; a message sent into it opens it again.
func (c *Channel) Archive() { c.archive(false) }

// Lock archives a thread that only moderators open again.
func (c *Channel) Lock() { c.archive(true) }

func (c *Channel) archive(locked bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.archived, c.locked = true, locked
	c.s.dispatch("THREAD_UPDATE", c.g, Guilds, c.json())
}

// Archived says whether a thread is.
func (c *Channel) Archived() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.archived
}

// Messages are the messages of the channel, oldest first.
func (c *Channel) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	all := []Message{}
	for _, m := range c.messages {
		all = append(all, m.look())
	}
	return all
}

// Last is the newest message; the zero Message when there is none.
func (c *Channel) Last() Message {
	all := c.Messages()
	if len(all) == 0 {
		return Message{}
	}
	return all[len(all)-1]
}

// Message is one message now; the zero Message when it is gone.
func (c *Channel) Message(id string) Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.message(id); m != nil {
		return m.look()
	}
	return Message{}
}

func (c *Channel) message(id string) *message {
	return find(c.messages, func(m *message) bool { return m.id == id })
}

// Thread is the thread below a message of the channel, or the post of a forum; nil when there is none.
func (c *Channel) Thread(id string) *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if t := c.s.channel(id); t != nil && t.parent == c {
		return t
	}
	return nil
}

// Threads are the threads of the channel, oldest first.
func (c *Channel) Threads() []*Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.g.channels), func(t *Channel) bool { return t.parent != c || t.gone })
}

// Remove deletes a message, as a person with the right to does.
func (c *Channel) Remove(id string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.remove(id)
	c.s.news()
}

func (c *Channel) remove(id string) {
	if m := c.message(id); m != nil {
		m.gone = true
	}
	c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return m.id == id })
	o := Object{"id": id, "channel_id": c.ID}
	if c.g != nil {
		o["guild_id"] = c.g.ID
	}
	c.s.dispatch("MESSAGE_DELETE", c.g, c.heardWith(), o)
}

// heardWith is the intent by which a bot hears of messages here.
func (c *Channel) heardWith() Intents {
	if c.g == nil {
		return DirectMessages
	}
	return GuildMessages
}

// channel is one that exists. The mutex is held.
func (s *Server) channel(id string) *Channel {
	is := func(c *Channel) bool { return c.ID == id && !c.gone }
	for _, g := range s.order {
		if c := find(g.channels, is); c != nil {
			return c
		}
	}
	return find(s.directs, is)
}

// json is the channel as the API shows it. The mutex is held.
func (c *Channel) json() Object {
	o := Object{"id": c.ID, "type": c.kind, "flags": 0, "last_message_id": nil}
	if n := len(c.messages); n > 0 {
		o["last_message_id"] = c.messages[n-1].id
	}
	if c.with != nil {
		o["recipients"] = []any{c.with.user()}
		return o
	}
	o["guild_id"], o["name"], o["parent_id"] = c.g.ID, c.Name, nil
	if c.parent != nil {
		o["parent_id"], o["owner_id"], o["message_count"], o["member_count"] = c.parent.ID, c.s.App.ID, len(c.messages), 1
		o["thread_metadata"] = Object{
			"archived": c.archived, "locked": c.locked, "auto_archive_duration": 4320, "archive_timestamp": stamp(c.s.Now()),
		}
		return o
	}
	over := []any{}
	for id, w := range c.overwrites {
		over = append(over, Object{"id": id, "type": w.kind, "allow": w.allow.String(), "deny": w.deny.String()})
	}
	o["permission_overwrites"], o["position"], o["topic"], o["nsfw"], o["rate_limit_per_user"] = over, 0, nil, false, 0
	if c.kind == forumChannel {
		o["available_tags"] = []any{}
	}
	return o
}

// known is the channel that a call names, if the bot sees it.
func (c *call) known() (*Channel, *refusal) {
	ch := c.s.channel(c.r.PathValue("channel_id"))
	if ch == nil {
		return nil, unknownChannel
	}
	return ch, ch.may(ViewChannel)
}

func getChannel(c *call) (any, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	return ch.json(), nil
}

// openDirect is the direct conversation with somebody; that it is closed shows when a message is sent.
func openDirect(c *call) (any, *refusal) {
	p := find(c.s.people, func(p *Person) bool { return p.ID == str(c.body, "recipient_id") })
	if p == nil {
		return nil, badRecipient
	}
	return p.direct().json(), nil
}

// editChannel opens a thread that is archived; nothing else of a channel is changed here. Source:
// docs.discord.com/developers/resources/channel, modify channel: one that is locked needs MANAGE_THREADS.
func editChannel(c *call) (any, *refusal) {
	ch, refused := c.known()
	if refused != nil {
		return nil, refused
	}
	if len(c.object()) != 1 || yes(true, c.body, "archived") || ch.parent == nil {
		c.s.fault("of a channel only a thread's archived is set here, to false: %v", c.body)
		return nil, badChannelKind
	}
	need := SendMessages | SendMessagesInThreads
	if ch.locked {
		need |= ManageThreads
	}
	if refused := ch.may(need); refused != nil {
		return nil, refused
	}
	ch.archived = false
	c.s.dispatch("THREAD_UPDATE", ch.g, Guilds, ch.json())
	return ch.json(), nil
}
