package discordtest

import "slices"

// Profile is what is known of a person.
type Profile struct {
	Name       string // "awa", what @ completes
	GlobalName string // "Awa Diop"; empty: Name
	Locale     string // "fr"; empty: "en-US"
	Manager    bool   // may manage the guild
	DMsClosed  bool   // takes no direct messages of bots
}

// Person is somebody in a guild. What people do is in their methods; each waits for the app's first response.
type Person struct {
	ID string
	Profile

	g        *Guild
	s        *Server
	left     bool
	roles    []*Role
	whispers []*message // ephemeral messages they see, oldest first
	modal    *modal     // on their screen
	uploads  []*file    // what they chose on their machine, the newest last
}

func (p *Person) subject() (string, int) { return p.ID, 1 }

// Person makes somebody join the guild.
func (g *Guild) Person(profile Profile) *Person {
	s := g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for field, usual := range map[*string]string{&profile.GlobalName: profile.Name, &profile.Locale: "en-US"} {
		if *field == "" {
			*field = usual
		}
	}
	p := &Person{ID: s.id(), Profile: profile, g: g, s: s}
	if profile.Manager {
		p.roles = []*Role{g.role("managers: "+profile.Name, ManageGuild|ManageMessages|ManageThreads)}
	}
	g.people, s.people = append(g.people, p), append(s.people, p)
	return p
}

// Join makes somebody of another guild join this one too. What is returned acts here, with the same id.
func (g *Guild) Join(p *Person) *Person {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	here := &Person{ID: p.ID, Profile: p.Profile, g: g, s: g.s}
	here.Manager = false
	g.people = append(g.people, here)
	return here
}

// Give gives the person a role.
func (p *Person) Give(r *Role) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.roles = append(slices.Clone(p.roles), r)
	p.updated()
}

// Take takes a role from the person.
func (p *Person) Take(r *Role) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.roles = slices.DeleteFunc(slices.Clone(p.roles), func(x *Role) bool { return x == r })
	p.updated()
}

func (p *Person) updated() {
	o := member(p.user(), p.roles)
	o["guild_id"] = p.g.ID
	p.s.dispatch("GUILD_MEMBER_UPDATE", p.g, GuildMembers, o)
}

// Change gives a person another profile. Manager stays as it was: that is a matter of roles.
func (p *Person) Change(to Profile) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	to.Manager = p.Manager
	p.Profile = to
	p.updated()
}

// Leave takes the person out of the guild.
func (p *Person) Leave() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.left = true
	p.s.dispatch("GUILD_MEMBER_REMOVE", p.g, GuildMembers, Object{"guild_id": p.g.ID, "user": p.user()})
}

// Mention is how a message names the person.
func (p *Person) Mention() string { return "<@" + p.ID + ">" }

// Direct is the direct conversation between a person and the bot, made when it is first asked for.
func (p *Person) Direct() *Channel {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.direct()
}

func (p *Person) direct() *Channel {
	c := find(p.s.directs, func(c *Channel) bool { return c.with.ID == p.ID })
	if c == nil {
		c = &Channel{ID: p.s.id(), s: p.s, kind: directChannel, with: p}
		p.s.directs = append(p.s.directs, c)
	}
	return c
}

// Ephemerals are what only this person sees, oldest first.
func (p *Person) Ephemerals() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	all := []Message{}
	for _, m := range p.whispers {
		all = append(all, m.look())
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

// Reload is what happens when a person reloads Discord: ephemeral messages and modals are gone.
func (p *Person) Reload() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.whispers, p.modal = nil, nil
}

// Say says something in a channel. Files are ids that Upload gave. The app hears of it only with the intents for that.
func (p *Person) Say(c *Channel, words string, files ...string) Message {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &message{id: s.id(), c: c, s: s, by: p, content: words, at: s.Now(), allowed: everybody}
	for _, id := range files {
		f := p.uploaded(id)
		if f == nil {
			s.fault("%s has no file %q", p.Name, id)
			continue
		}
		m.attached = append(m.attached, f.in(c))
	}
	c.messages = append(c.messages, m)
	c.archived = false
	m.pings = m.pinged()
	c.told("MESSAGE_CREATE", m)
	s.news()
	return m.look()
}

// user is the person as a user. The mutex is held.
func (p *Person) user() Object {
	return Object{
		"id": p.ID, "username": p.Name, "global_name": p.GlobalName, "discriminator": "0", "avatar": nil, "bot": false, "public_flags": 0,
	}
}

// may says whether the person has a right in a channel. The mutex is held.
func (p *Person) may(c *Channel, need Permission) bool {
	return c.with != nil && c.with.ID == p.ID || c.g == p.g && !p.left && c.rights(p.ID, p.roles)&need == need
}
