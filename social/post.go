package social

import (
	"cmp"
	"slices"
	"time"

	"griot/i18n"
)

// State is where the words of a post stand. What has become of it on the networks is not a state: Status
// computes it from its deliveries.
type State string

// The states of a post, in the order of its life.
const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Approved  State = "approved"
	Scheduled State = "scheduled" // approved, with a date: its deliveries exist
	Cancelled State = "cancelled"
)

// States lists every state.
var States = []State{Draft, InReview, Approved, Scheduled, Cancelled}

// When is the wish for a moment, made at writing; approval arms it.
type When string

// The three wishes.
const (
	Later  When = "later" // somebody will choose a date after approval
	Soon   When = "soon"  // as soon as it is approved
	OnDate When = "on_date"
)

// Moment is a date as somebody meant it: the instant, and the wall clock it was said in.
type Moment struct {
	At    time.Time // UTC
	Local string    // "2006-01-02T15:04" in Zone
	Zone  string    // IANA name
}

// IsZero reports whether no date was given.
func (m Moment) IsZero() bool { return m.At.IsZero() }

// LatenessPolicy is what becomes of a post that could not leave on time.
type LatenessPolicy struct {
	Within time.Duration // still published when no later than this; zero: 15 minutes
	Drop   bool          // beyond it: dropped instead of asked
}

// DefaultLateness publishes up to a quarter of an hour late, then asks.
const DefaultLateness = 15 * time.Minute

// Grace is how late a delivery may still leave without asking.
func (l LatenessPolicy) Grace() time.Duration {
	if l.Within > 0 {
		return l.Within
	}
	return DefaultLateness
}

// Post is one thing to say.
type Post struct {
	ID, TeamID, BrandID string
	Author              string // member who started it
	Editor              string // member whose hand was last in the words
	State               State
	Rev                 int64 // of content and decisions; delivery progress does not raise it
	Words               int64 // number of the current Revision
	When                When
	Moment              Moment // set when When is OnDate, or once Scheduled
	Note                string // why it was sent back; empty after the next sending
	CreatedAt           time.Time
	Answers             string // id of the Mention that it answers; empty: it is said of one's own accord
}

// Subject is what cards and the story of p are about: the mention that it answers, or p itself.
func (p Post) Subject() string { return cmp.Or(p.Answers, p.ID) }

// Revision is the content of a post at one moment of its writing. It is never changed, only followed.
type Revision struct {
	PostID   string
	Number   int64
	By       string // member
	At       time.Time
	Text     string            // parts of a thread are parted by a line of hyphens
	Media    []Media           // of the first part
	Accounts []string          // account ids, in the order chosen
	Texts    map[string]string // own text for one account id, instead of Text
}

// Same reports whether two revisions would send the same things to the same places.
func (r Revision) Same(o Revision) bool {
	return r.Text == o.Text && slices.Equal(r.Media, o.Media) && slices.Equal(r.Accounts, o.Accounts) && equal(r.Texts, o.Texts)
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || w != v {
			return false
		}
	}
	return true
}

var stateNames = map[State]i18n.Text{
	Draft:     {En: "draft", Fr: "brouillon"},
	InReview:  {En: "to approve", Fr: "à valider"},
	Approved:  {En: "approved", Fr: "validée"},
	Scheduled: {En: "scheduled", Fr: "programmée"},
	Cancelled: {En: "cancelled", Fr: "annulée"},
}

// Name is what people call the state.
func (s State) Name() i18n.Text { return stateNames[s] }
