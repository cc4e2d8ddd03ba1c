package slacktest

import (
	"slices"
)

// Channel is a conversation: public, private or direct.
type Channel struct {
	ID, Name string

	w        *Workspace
	private  bool
	im       *Person // the other side of a direct conversation with the bot
	shared   bool    // with another workspace (Slack Connect)
	archived bool
	deleted  bool
	members  []*Person
	messages []*message // oldest first, threads among them
}

// Channel makes a public channel with these members; the bot is not among them.
func (w *Workspace) Channel(name string, members ...*Person) *Channel {
	return w.channel(name, "C", false, members)
}

// Private makes a private channel.
func (w *Workspace) Private(name string, members ...*Person) *Channel {
	return w.channel(name, "C", true, members)
}

func (w *Workspace) channel(name, letter string, private bool, members []*Person) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	c := &Channel{ID: w.s.id(letter), Name: name, w: w, private: private, members: slices.Clone(members)}
	w.channels = append(w.channels, c)
	return c
}

// Share makes the channel one that strangers of other workspaces are in.
func (c *Channel) Share() {
	c.w.s.mu.Lock()
	defer c.w.s.mu.Unlock()
	c.shared = true
}

// Join puts people into the channel.
func (c *Channel) Join(people ...*Person) {
	c.w.s.mu.Lock()
	defer c.w.s.mu.Unlock()
	c.members = append(c.members, people...)
}

// Invite puts the bot into the channel and sends member_joined_channel.
func (c *Channel) Invite() Ack {
	c.w.s.mu.Lock()
	if !c.has(c.w.Bot) {
		c.members = append(c.members, c.w.Bot)
	}
	return c.tell(Object{"type": "member_joined_channel", "user": c.w.Bot.ID, "channel_type": c.letter(), "team": c.w.ID, "inviter": c.anyone()})
}

// Kick takes the bot out of the channel and sends channel_left, or group_left for a private one.
func (c *Channel) Kick() Ack {
	c.w.s.mu.Lock()
	c.members = slices.DeleteFunc(c.members, func(p *Person) bool { return p == c.w.Bot })
	kind := "channel_left"
	if c.private {
		kind = "group_left"
	}
	return c.tell(Object{"type": kind, "actor_id": c.anyone()})
}

// Archive closes the channel and sends channel_archive.
func (c *Channel) Archive() Ack {
	c.w.s.mu.Lock()
	c.archived = true
	return c.tell(Object{"type": c.kind() + "_archive", "user": c.anyone(), "is_moved": 0})
}

// Unarchive opens it again.
func (c *Channel) Unarchive() Ack {
	c.w.s.mu.Lock()
	c.archived = false
	return c.tell(Object{"type": c.kind() + "_unarchive", "user": c.anyone()})
}

// Delete ends the channel for good.
func (c *Channel) Delete() Ack {
	c.w.s.mu.Lock()
	c.deleted = true
	return c.tell(Object{"type": c.kind() + "_deleted"})
}

// tell sends an event about the channel. The mutex is held when it is called, and free when it returns.
func (c *Channel) tell(e Object) Ack {
	e["channel"] = c.ID
	return c.w.s.send(c.w.s.event(c.w, e))
}

func (c *Channel) kind() string {
	if c.private {
		return "group"
	}
	return "channel"
}

// letter is channel_type of membership events.
func (c *Channel) letter() string {
	if c.private {
		return "G"
	}
	return "C"
}

// channelType is channel_type of message events.
func (c *Channel) channelType() string {
	if c.im != nil {
		return "im"
	}
	return c.kind()
}

// anyone is the id of a person in the channel. The mutex is held.
func (c *Channel) anyone() string {
	for _, p := range c.members {
		if !p.Bot {
			return p.ID
		}
	}
	return c.w.Bot.ID
}

// has says whether p is a member. The mutex is held.
func (c *Channel) has(p *Person) bool {
	return c.im != nil && (c.im == p || p == c.w.Bot) || slices.Contains(c.members, p)
}
