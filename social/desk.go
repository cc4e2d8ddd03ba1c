package social

import (
	"slices"
	"time"
)

// Desk is what one member has before them: what waits for their hand, what of theirs is planned, and the week of their
// brands.
type Desk struct {
	Member    Member
	Brands    []Brand     // those for which the member has a role, by name
	ToApprove Pile        // what the member may say yes to now, the nearest date first
	SentBack  Pile        // the member's own, to be changed
	Stuck     Pile        // deliveries of the member's own that a person must look at or decide about, the latest first
	Requests  []Request   // to be let into the team, for a member who may answer
	Next      Pile        // the member's own that leave, soonest first
	Week      []time.Time // when each post of the brands leaves, from now to the end of the seventh day
	Others    Pile        // the first of the week that others wrote
	Admins    []Member    // whom a member without any role can turn to
}

// Pile is the beginning of a list of posts.
type Pile struct {
	Posts []Glance
	More  bool // there are others
}

// Glance is a post as a list shows it: enough to know it again and to open it, not to decide about it.
type Glance struct {
	Post     Post
	Words    Revision // the current ones
	Author   string   // name of the member who started it
	At       time.Time
	Delivery Delivery // of what is stuck, without its parts; its account is Account
	Account  Account
}

// Location is the zone in which the member reads days and hours.
func (d Desk) Location() *time.Location {
	if len(d.Brands) == 0 {
		return d.Member.Location(Brand{})
	}
	return d.Member.Location(d.Brands[0])
}

// Brand is the brand of the desk with that id; zero when it has none.
func (d Desk) Brand(id string) Brand {
	i := slices.IndexFunc(d.Brands, func(b Brand) bool { return b.ID == id })
	if i < 0 {
		return Brand{}
	}
	return d.Brands[i]
}

// Writes are the brands of the desk for which the member may start a post.
func (d Desk) Writes() []Brand {
	var out []Brand
	for _, b := range d.Brands {
		if d.Member.Has(b.ID, Drafters...) {
			out = append(out, b)
		}
	}
	return out
}
