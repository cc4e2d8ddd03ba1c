package slacktest

import (
	"slices"
	"time"
)

// Profile is what is known of a person.
type Profile struct {
	Name     string // "awa", what @ completes
	RealName string // "Awa Diop"; empty: Name
	Locale   string // "fr-FR"; empty: "en-US"
	Zone     string // IANA name; empty: "UTC"
	Email    string
	Admin    bool
	Owner    bool
	Bot      bool
	Curly    bool       // their keyboard makes curly quotes
	From     *Workspace // of a Slack Connect stranger: where they belong; nil: here
}

// Person is somebody in a workspace. A stranger, From another workspace, is met in shared channels only. What people do is
// in their methods; each waits for the app's acknowledgement.
type Person struct {
	ID string
	Profile

	w        *Workspace // where they act
	home     *Workspace
	gone     bool       // deactivated
	tab      *view      // App Home tab; nil before the app published one
	stack    []*view    // modals on their screen, the top one last
	whispers []*message // ephemeral messages they see, oldest first
}

// Person makes somebody join the workspace.
func (w *Workspace) Person(p Profile) *Person {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for field, usual := range map[*string]string{&p.RealName: p.Name, &p.Locale: "en-US", &p.Zone: "UTC"} {
		if *field == "" {
			*field = usual
		}
	}
	home := w
	if p.From != nil {
		home = p.From
	}
	made := &Person{ID: s.id("U"), Profile: p, w: w, home: home}
	w.people = append(w.people, made)
	return made
}

// Change gives a person another profile and sends user_change. From stays.
func (p *Person) Change(to Profile) Ack {
	s := p.w.s
	s.mu.Lock()
	to.From = p.From
	p.Profile = to
	e := Object{"type": "user_change", "user": p.json(true), "cache_ts": s.Now().Unix()}
	return s.send(s.event(p.w, e))
}

// Direct is the direct conversation between a person and the bot, made when it is first asked for.
func (p *Person) Direct() *Channel {
	p.w.s.mu.Lock()
	defer p.w.s.mu.Unlock()
	return p.direct()
}

// direct is Direct. The mutex is held.
func (p *Person) direct() *Channel {
	i := slices.IndexFunc(p.w.channels, func(c *Channel) bool { return c.im == p })
	if i < 0 {
		c := &Channel{ID: p.w.s.id("D"), Name: "directmessage", w: p.w, im: p, private: true}
		p.w.channels = append(p.w.channels, c)
		return c
	}
	return p.w.channels[i]
}

// json is the person as users.info and user_change show them. The mutex is held.
func (p *Person) json(locale bool) Object {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	label, offset := p.w.s.Now().In(zone).Zone()
	o := Object{
		"id": p.ID, "team_id": p.home.ID, "name": p.Name, "deleted": p.gone, "real_name": p.RealName, "tz": p.Zone,
		"tz_label": label, "tz_offset": offset, "is_admin": p.Admin, "is_owner": p.Owner, "is_primary_owner": false,
		"is_restricted": false, "is_ultra_restricted": false, "is_bot": p.Bot, "is_app_user": false, "updated": 1700000000,
		"profile": Object{
			"real_name": p.RealName, "display_name": p.Name, "real_name_normalized": p.RealName, "display_name_normalized": p.Name,
			"team": p.home.ID,
		},
	}
	if p.home != p.w { // what Slack tells of strangers is less
		o["is_stranger"] = true
		for _, k := range []string{"is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"} {
			delete(o, k)
		}
	}
	if locale {
		o["locale"] = p.Locale
	}
	return o
}
