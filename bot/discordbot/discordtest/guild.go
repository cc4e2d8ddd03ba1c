package discordtest

import (
	"slices"
	"strconv"
)

// Guild is one Discord server. Its exported fields never change.
type Guild struct {
	ID, Name string
	Everyone *Role // what everybody has
	Bot      *Role // the bot's own role

	s        *Server
	in       bool // the bot is
	down     bool // an outage of the guild
	roles    []*Role
	channels []*Channel // threads among them
	people   []*Person
}

// Guild makes a guild in English. The bot is not in it: Install lets it join.
func (s *Server) Guild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Guild{ID: guildID(len(s.order)), Name: name, s: s}
	g.Everyone = &Role{ID: g.ID, Name: "@everyone", g: g, rights: usualRights}
	g.Bot = &Role{ID: s.id(), Name: s.App.Name, g: g, rights: usualRights &^ MentionEveryone}
	g.roles = []*Role{g.Everyone, g.Bot}
	s.order = append(s.order, g)
	return g
}

// Install lets the bot join and sends GUILD_CREATE.
func (g *Guild) Install() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.in = true
	g.s.dispatch("GUILD_CREATE", g, Guilds, g.created())
}

// Kick takes the bot out and sends GUILD_DELETE.
func (g *Guild) Kick() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.in = false
	g.s.commands[g.ID] = nil
	g.s.dispatch("GUILD_DELETE", g, Guilds, Object{"id": g.ID})
}

// GoDown sends GUILD_DELETE as in an outage: the bot was not taken out.
func (g *Guild) GoDown() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.down = true
	g.s.dispatch("GUILD_DELETE", g, Guilds, Object{"id": g.ID, "unavailable": true})
}

// ComeBack ends the outage and sends GUILD_CREATE.
func (g *Guild) ComeBack() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.down = false
	g.s.dispatch("GUILD_CREATE", g, Guilds, g.created())
}

// Role makes a role without rights of its own.
func (g *Guild) Role(name string) *Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.role(name, 0)
}

func (g *Guild) role(name string, rights Permission) *Role {
	r := &Role{ID: g.s.id(), Name: name, g: g, rights: rights}
	g.roles = append(g.roles, r)
	g.s.dispatch("GUILD_ROLE_CREATE", g, Guilds, Object{"guild_id": g.ID, "role": r.json()})
	return r
}

// Commands are the commands registered for this guild alone.
func (g *Guild) Commands() []Object {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return copied(g.s.commands[g.ID]).([]Object)
}

func (s *Server) guild(id string) *Guild {
	return find(s.order, func(g *Guild) bool { return g.ID == id })
}

// json is the guild as GET /guilds/{id} shows it. The mutex is held.
func (g *Guild) json() Object {
	roles := []any{}
	for _, r := range g.roles {
		roles = append(roles, r.json())
	}
	return Object{
		"id": g.ID, "name": g.Name, "icon": nil, "owner_id": "1", "preferred_locale": "en-US", "roles": roles, "emojis": []any{},
		"stickers": []any{}, "features": []any{}, "verification_level": 0, "default_message_notifications": 0, "premium_tier": 0,
		"nsfw_level": 0, "system_channel_id": nil, "description": nil, "afk_timeout": 300, "mfa_level": 0, "explicit_content_filter": 0,
	}
}

// created is the guild as GUILD_CREATE shows it. The mutex is held.
func (g *Guild) created() Object {
	o := g.json()
	channels, threads := []any{}, []any{}
	for _, c := range g.channels {
		switch {
		case c.gone || c.bot()&ViewChannel == 0:
		case c.parent != nil && !c.archived:
			threads = append(threads, c.json())
		case c.parent == nil:
			channels = append(channels, c.json())
		}
	}
	o["channels"], o["threads"], o["members"] = channels, threads, []any{g.botMember()}
	o["member_count"], o["joined_at"], o["large"], o["unavailable"] = len(g.people)+1, stamp(g.s.Now()), false, false
	o["voice_states"], o["presences"], o["stage_instances"], o["guild_scheduled_events"] = []any{}, []any{}, []any{}, []any{}
	return o
}

func (g *Guild) botMember() Object {
	o := member(g.s.App.user(), []*Role{g.Bot})
	o["joined_at"] = stamp(g.s.Now())
	return o
}

// member is somebody in a guild.
func member(user Object, roles []*Role) Object {
	ids := []any{}
	for _, r := range roles {
		ids = append(ids, r.ID)
	}
	return Object{
		"user": user, "roles": ids, "nick": nil, "avatar": nil, "joined_at": "2024-01-01T00:00:00.000000+00:00", "deaf": false,
		"mute": false, "flags": 0, "pending": false, "premium_since": nil, "communication_disabled_until": nil,
	}
}

// inGuild is the guild that a call names, if the bot is in it.
func (c *call) inGuild() (*Guild, *refusal) {
	g := c.s.guild(c.r.PathValue("guild_id"))
	switch {
	case g == nil:
		return nil, unknownGuild
	case !g.in:
		return nil, missingAccess
	}
	return g, nil
}

func getGuild(c *call) (any, *refusal) {
	g, refused := c.inGuild()
	if refused != nil {
		return nil, refused
	}
	return g.json(), nil
}

// getGuildChannels lists what is no thread; what the bot cannot see is there too.
func getGuildChannels(c *call) (any, *refusal) {
	g, refused := c.inGuild()
	if refused != nil {
		return nil, refused
	}
	all := []any{}
	for _, ch := range g.channels {
		if ch.parent == nil && !ch.gone {
			all = append(all, ch.json())
		}
	}
	return all, nil
}

// getMyGuilds lists where the bot is, by id.
func getMyGuilds(c *call) (any, *refusal) {
	q := c.r.URL.Query()
	limit := 200
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 200 {
			return nil, invalid("limit", "NUMBER_TYPE_BETWEEN", "int value should be between 1 and 200.")
		}
		limit = n
	}
	all := []any{}
	for _, g := range c.s.order { // whose ids grow
		if g.in && whole(g.ID) > whole(q.Get("after")) && len(all) < limit {
			all = append(all, Object{"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false, "features": []any{},
				"permissions": (g.Everyone.rights | g.Bot.rights).String()})
		}
	}
	return all, nil
}

// getActiveThreads lists the threads that are not archived and that the bot sees, newest first.
func getActiveThreads(c *call) (any, *refusal) {
	g, refused := c.inGuild()
	if refused != nil {
		return nil, refused
	}
	all := []any{}
	for _, t := range slices.Backward(g.channels) {
		if t.parent != nil && !t.gone && !t.archived && t.bot()&ViewChannel != 0 {
			all = append(all, t.json())
		}
	}
	return Object{"threads": all, "members": []any{}}, nil
}

func getRoles(c *call) (any, *refusal) {
	g, refused := c.inGuild()
	if refused != nil {
		return nil, refused
	}
	return g.json()["roles"], nil
}

func getMember(c *call) (any, *refusal) {
	g, refused := c.inGuild()
	if refused != nil {
		return nil, refused
	}
	id := c.r.PathValue("user_id")
	if id == c.s.App.ID {
		return g.botMember(), nil
	}
	i := slices.IndexFunc(g.people, func(p *Person) bool { return p.ID == id && !p.left })
	if i < 0 {
		return nil, unknownMember
	}
	return member(g.people[i].user(), g.people[i].roles), nil
}
