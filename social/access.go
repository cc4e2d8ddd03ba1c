package social

import "time"

// Workspace is one chat installation of a team: a Slack workspace, a Discord guild, a playground.
type Workspace struct {
	TeamID             string
	Surface, Workspace string // as in chat.Place
	Name               string // as people call it; the id when nobody said
}

// Request is a stranger's wish to be let in.
type Request struct {
	ID, TeamID               string
	Surface, Workspace, User string
	Name                     string // as their chat knows them; from outside
	Locale, Zone             string // from their chat profile; empty: not known
	AskedAt                  time.Time
	SettledBy                string    // member who let them in or turned them away; empty: still open
	SettledAt                time.Time // zero: still open
}

// Open reports whether nobody has answered the request yet.
func (r Request) Open() bool { return r.SettledAt.IsZero() }
