package discordtest

import "strconv"

// Permission is what somebody may do; several are joined by |.
type Permission int64

// The permissions that matter here. Source: docs.discord.com/developers/topics/permissions.
const (
	Administrator         Permission = 1 << 3
	ManageGuild           Permission = 1 << 5
	ViewChannel           Permission = 1 << 10
	SendMessages          Permission = 1 << 11
	ManageMessages        Permission = 1 << 13
	EmbedLinks            Permission = 1 << 14
	AttachFiles           Permission = 1 << 15
	ReadMessageHistory    Permission = 1 << 16
	MentionEveryone       Permission = 1 << 17
	ManageThreads         Permission = 1 << 34
	UseCommands           Permission = 1 << 31
	CreatePublicThreads   Permission = 1 << 35
	SendMessagesInThreads Permission = 1 << 38

	usualRights = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | MentionEveryone | UseCommands |
		CreatePublicThreads | SendMessagesInThreads
	allRights = usualRights | Administrator | ManageGuild | ManageMessages | ManageThreads
)

func (p Permission) String() string { return strconv.FormatInt(int64(p), 10) }

// Subject is whom a right is given or taken: a Role or a Person.
type Subject interface {
	// subject is the id, and the kind of an overwrite: 0 for a role, 1 for a member.
	subject() (id string, kind int)
}

// overwrite is what a channel says differently about somebody.
type overwrite struct {
	kind        int
	allow, deny Permission
}

// Role is a role of a guild.
type Role struct {
	ID, Name string

	g      *Guild
	rights Permission
}

func (r *Role) subject() (string, int) { return r.ID, 0 }

// Allow gives a role rights in the whole guild.
func (r *Role) Allow(p Permission) { r.become(r.rights | p) }

// Deny takes rights of a role in the whole guild.
func (r *Role) Deny(p Permission) { r.become(r.rights &^ p) }

func (r *Role) become(p Permission) {
	s := r.g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.rights = p
	s.dispatch("GUILD_ROLE_UPDATE", r.g, Guilds, Object{"guild_id": r.g.ID, "role": r.json()})
}

// Mention is how a message names the role.
func (r *Role) Mention() string { return "<@&" + r.ID + ">" }

func (r *Role) json() Object {
	return Object{
		"id": r.ID, "name": r.Name, "permissions": r.rights.String(), "position": 1, "color": 0, "hoist": false,
		"managed": r == r.g.Bot, "mentionable": true, "icon": nil, "unicode_emoji": nil, "flags": 0,
		"colors": Object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
	}
}

// rights are what somebody with these roles may do in the channel; the roles do not name @everyone. Source:
// docs.discord.com/developers/topics/permissions, permission overwrites. The mutex is held.
func (c *Channel) rights(who string, roles []*Role) Permission {
	if c.g == nil {
		return usualRights
	}
	all := c.g.Everyone.rights
	for _, r := range roles {
		all |= r.rights
	}
	if all&Administrator != 0 {
		return allRights
	}
	home := c
	if c.parent != nil {
		home = c.parent
	}
	over := home.overwrites[c.g.ID]
	all = all&^over.deny | over.allow
	var allow, deny Permission
	for _, r := range roles {
		deny |= home.overwrites[r.ID].deny
		allow |= home.overwrites[r.ID].allow
	}
	all = all&^deny | allow
	over = home.overwrites[who]
	all = all&^over.deny | over.allow
	if all&ViewChannel == 0 {
		return 0
	}
	return all
}

// bot is what the bot may do in the channel; nothing when it is not in the guild. The mutex is held.
func (c *Channel) bot() Permission {
	if c.g == nil {
		return usualRights
	}
	if !c.g.in {
		return 0
	}
	return c.rights(c.s.App.ID, []*Role{c.g.Bot})
}

// may refuses what the bot lacks a right for. The mutex is held.
func (c *Channel) may(need Permission) *refusal {
	have := c.bot()
	switch {
	case have&ViewChannel == 0:
		return missingAccess
	case have&need != need:
		return missingRights
	}
	return nil
}
