package slacktest

import (
	"slices"
	"strings"
)

// Workspace is one Slack workspace. Its exported fields never change.
type Workspace struct {
	ID, Name, Domain string
	Bot              *Person // the app's bot user, which exists from the start so that tests can name it

	s         *Server
	botID     string // "B…", the bot as the author of messages
	installed bool
	scopes    []string // granted
	token     string   // current bot token; empty before the first install
	people    []*Person
	channels  []*Channel
	emoji     map[string]string
}

// Workspace makes a workspace. The app is not installed in it: Install does that at once, Allow by OAuth.
func (s *Server) Workspace(name string) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &Workspace{ID: s.id("T"), Name: name, Domain: strings.ToLower(strings.ReplaceAll(name, " ", "-")), s: s, botID: s.id("B")}
	w.emoji = map[string]string{}
	w.Bot = &Person{w: w, home: w, ID: s.id("U"), Profile: Profile{Name: "griot", RealName: "Griot", Locale: "en-US", Zone: "UTC", Bot: true}}
	w.people = append(w.people, w.Bot)
	s.order = append(s.order, w)
	return w
}

// Install installs the app without OAuth, as its owner does, with the app's scopes or those given, and returns the bot token.
func (w *Workspace) Install(scopes ...string) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if len(scopes) == 0 {
		scopes = w.s.App.Scopes
	}
	return w.install(scopes).value
}

// Token is the current bot token; empty when the app was never installed.
func (w *Workspace) Token() string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.token
}

// Uninstall takes the app out: the token is dead and app_uninstalled and tokens_revoked are sent, as Slack does.
func (w *Workspace) Uninstall() Ack {
	w.s.mu.Lock()
	w.installed, w.scopes = false, nil
	for _, t := range w.s.tokens {
		if t.w == w {
			t.dead = "account_inactive"
		}
	}
	gone := w.s.event(w, Object{"type": "app_uninstalled"})
	revoked := w.s.event(w, w.revoked())
	w.s.later(revoked)
	return w.s.send(gone)
}

// Revoke ends the bot token while the app stays installed, and sends tokens_revoked.
func (w *Workspace) Revoke() Ack {
	w.s.mu.Lock()
	for _, t := range w.s.tokens {
		if t.w == w {
			t.dead = "token_revoked"
		}
	}
	return w.s.send(w.s.event(w, w.revoked()))
}

func (w *Workspace) revoked() Object {
	return Object{"type": "tokens_revoked", "tokens": Object{"oauth": []any{}, "bot": []any{w.Bot.ID}}}
}

// Grant changes the scopes that the bot token has.
func (w *Workspace) Grant(scopes ...string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.scopes = scopes
}

// Emoji adds an emoji of the workspace's own: its name and the address of its picture.
func (w *Workspace) Emoji(name, address string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.emoji[name] = address
}

// person finds somebody by id; nil when nobody has it. The mutex is held.
func (w *Workspace) person(id string) *Person {
	if i := slices.IndexFunc(w.people, func(p *Person) bool { return p.ID == id }); i >= 0 {
		return w.people[i]
	}
	return nil
}

// find finds a conversation by its id, by "#name", or by the id of the person it is with; nil when there is none that the bot
// may know of. The mutex is held.
func (w *Workspace) find(id string) *Channel {
	if p := w.person(id); p != nil && p != w.Bot {
		return p.direct()
	}
	if i := slices.IndexFunc(w.channels, func(c *Channel) bool { return c.im == nil && "#"+c.Name == id }); i >= 0 {
		id = w.channels[i].ID
	}
	return w.visible(id)
}

// visible finds a conversation by its id; nil when there is none that the bot may know of. The mutex is held.
func (w *Workspace) visible(id string) *Channel {
	c := w.byID(id)
	if c == nil || c.deleted || c.private && !c.has(w.Bot) {
		return nil
	}
	return c
}
