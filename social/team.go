// Package social is what Griot is about: teams and the brands they speak for, posts and the moves that
// take them from an idea to the networks, deliveries and what can become of them. It does no I/O: it
// holds the nouns, the tables that say what may happen, and pure functions over them.
package social

import (
	"cmp"
	"slices"
	"time"

	"griot/i18n"
)

// Role is what a member may do for one brand.
type Role string

// The roles. Admin is the social media manager: everything but approving their own words.
const (
	Writer    Role = "writer"
	Approver  Role = "approver"
	Moderator Role = "moderator"
	Analyst   Role = "analyst"
	Admin     Role = "admin"
	Client    Role = "client" // approves only
)

// Roles lists every role, from the one most people have.
var Roles = []Role{Writer, Approver, Moderator, Analyst, Client, Admin}

var roleNames = map[Role]i18n.Text{
	Writer:    {En: "writer", Fr: "rédaction"},
	Approver:  {En: "approver", Fr: "validation"},
	Moderator: {En: "moderator", Fr: "modération"},
	Analyst:   {En: "analyst", Fr: "analyse"},
	Admin:     {En: "admin", Fr: "administration"},
	Client:    {En: "client", Fr: "client"},
}

// Name is what people call the role.
func (r Role) Name() i18n.Text { return roleNames[r] }

// Team is the tenant: people, chat installations and brands. Every row of the database belongs to one.
type Team struct {
	ID   string
	Name string
}

// Brand is a voice the team speaks for.
type Brand struct {
	ID, TeamID string
	Name       string
	Locale     i18n.Locale    // of its cards in channels
	Zone       string         // IANA name; typed times are read in it
	Alone      bool           // an admin said "I work alone": one may approve one's own words
	NoFix      bool           // approvers may not correct and approve in one go
	NoMove     bool           // moving an approved post asks for approval again
	Paused     bool           // nothing leaves until somebody lifts it
	Late       LatenessPolicy // what becomes of a post that could not leave on time
	Claim      time.Duration  // how long a mention stays with who claimed it; zero: ClaimUsually
	Approvals  int64          // people who must say yes to a post before it may leave; zero: one
	Second     bool           // a reply needs a second person's yes before it leaves
	Rev        int64
}

// Location is the brand's zone, UTC when the name is unknown here.
func (b Brand) Location() *time.Location {
	loc, err := time.LoadLocation(b.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Keeps is how long a mention stays with who claimed it.
func (b Brand) Keeps() time.Duration { return cmp.Or(b.Claim, ClaimUsually) }

// Needs is how many people must say yes to p. An answer has its own rule: see Second.
func (b Brand) Needs(p Post) int64 {
	if p.Answers != "" {
		return 1
	}
	return max(1, b.Approvals)
}

// Purpose is what a channel is for.
type Purpose string

// The channels a brand has.
const (
	Approvals Purpose = "approvals"
	Mentions  Purpose = "mentions"
	Numbers   Purpose = "numbers"
)

// Channel is a place in a chat that belongs to one brand.
type Channel struct {
	TeamID, BrandID             string
	Surface, Workspace, Channel string // as in chat.Place
	Purpose                     Purpose
}

// Member is a person of the team.
type Member struct {
	ID, TeamID string
	Name       string
	Locale     i18n.Locale
	Zone       string            // IANA name; empty: the brand's
	Roles      map[string][]Role // by brand id
	Rev        int64
}

// Has reports whether m has one of roles for the brand.
func (m Member) Has(brand string, roles ...Role) bool {
	return slices.ContainsFunc(m.Roles[brand], func(r Role) bool { return slices.Contains(roles, r) })
}

// Location is m's zone, or b's where m's is not known.
func (m Member) Location(b Brand) *time.Location {
	if loc, err := time.LoadLocation(m.Zone); m.Zone != "" && err == nil {
		return loc
	}
	return b.Location()
}

// IsAdmin reports whether m is an admin of any brand of the team, and so may manage people and brands.
func (m Member) IsAdmin() bool {
	for b := range m.Roles {
		if m.Has(b, Admin) {
			return true
		}
	}
	return false
}

// Identity is a member as one chat knows them.
type Identity struct {
	TeamID, MemberID         string
	Surface, Workspace, User string
	Name                     string
}

// Group is a group of people of a chat (a Discord role) that gives its people roles for one brand.
type Group struct {
	TeamID, BrandID        string
	Surface, Workspace, ID string
	Name                   string // as the chat called it when it was given roles; from outside
	Roles                  []Role
	By                     string // member who decided it last
}
