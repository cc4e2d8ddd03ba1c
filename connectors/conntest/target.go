// Package conntest is one battery that every connector passes, against a fake server or a real one: what must be true of any
// network for a post to go out once, to be found again, and to fail with a sentence instead of a surprise.
package conntest

import (
	"net/http"
	"testing"

	"griot/connectors"
)

// Target is a network under test. Its server must hold nothing that the account did not make in this test, and may be shared
// by everything that Run does.
type Target struct {
	// New gives a fresh connector that shares nothing with earlier ones, as after a restart.
	New func() connectors.Connector
	// Secrets are good ones; the server in them is Faults.
	Secrets map[string]string
	// Revoked are Secrets that the network no longer takes; nil when the server cannot refuse any.
	Revoked map[string]string
	// HiddenFacts are the keys of Facts that must never be seen in a text, beside every Hidden secret.
	HiddenFacts []string
	Faults      *Faults
	// Role says which part a request plays. A request that only one server of several makes may be Other.
	Role func(*http.Request) Role
	// Items is everything of the account that a visitor sees now, read past Faults and past the connector.
	Items func(t *testing.T) []Item
	// Stranger makes an item of somebody else and returns what a reply to it needs; nil when the network has no replies.
	Stranger func(t *testing.T) connectors.Receipt
	// Answer makes somebody else answer an item, and returns that answer as Stranger does; nil as Stranger is.
	Answer func(t *testing.T, to connectors.Receipt) connectors.Receipt
	// Mention makes somebody say text to the account now, and returns its Key; nil when the network tells of nothing that is said.
	Mention func(t *testing.T, text string) string
	// Like makes somebody like an item; nil when that cannot be arranged.
	Like func(t *testing.T, r connectors.Receipt)
}

// Role is what a request is for.
type Role string

// The roles.
const (
	Opening  Role = "opening"  // who is this, signing in
	Upload   Role = "upload"   // of a picture
	Visible  Role = "visible"  // the call that makes words visible
	Looking  Role = "looking"  // for one's own recent items
	Removing Role = "removing" // of an item
	Counting Role = "counting" // of a post's numbers
	Hearing  Role = "hearing"  // of what is said to the account
	Asking   Role = "asking"   // whether the account has answered an item
	Other    Role = "other"
)

// Item is one thing that a visitor sees.
type Item struct {
	RemoteID string
	Text     string   // plain, as sent
	Parent   string   // RemoteID of what it answers; empty: nothing
	Alts     []string // descriptions of its pictures, in order
}

// Run is the battery. Its parts are subtests; what a network cannot do is logged, not skipped.
func Run(t *testing.T, target Target) {
	run(t, target, []part{
		{"info is complete", info},
		{"opening without facts can fail", openingFails},
		{"opening learns and then makes no call", opening},
		{"probe", probe},
		{"text", text},
		{"pictures with descriptions", pictures},
		{"thread", thread},
		{"reply", reply},
		{"upload fails", uploadFails},
		{"find", find},
		{"looking fails", lookingFails},
		{"crash before the receipt", crash},
		{"lost answers", lostAnswers},
		{"late acceptance", lateAcceptance},
		{"cancelled", cancelled},
		{"statuses", statuses},
		{"waits", waits},
		{"length", length},
		{"repeat", repeat},
		{"remove", remove},
		{"metrics", metrics},
		{"mentions", mentions},
		{"listening fails", listeningFails},
		{"answered already", answeredAlready},
		{"asking fails", askingFails},
		{"secrets stay secret", secrets},
	})
}

// RunSource is the battery of what is only read (Info.ReadOnly). Of Target it needs New, Secrets, HiddenFacts, Faults, Role and
// Mention.
func RunSource(t *testing.T, target Target) {
	run(t, target, []part{
		{"info is complete", info},
		{"opening without facts can fail", openingFails},
		{"opening learns and then makes no call", opening},
		{"probe", probe},
		{"mentions", mentions},
		{"listening fails", listeningFails},
	})
}

// part is one thing that must be true.
type part struct {
	name string
	run  func(*testing.T, *harness)
}

func run(t *testing.T, target Target, parts []part) {
	h := &harness{Target: target, facts: map[string]string{}}
	for _, part := range parts {
		t.Run(part.name, func(t *testing.T) {
			target.Faults.Clear()
			part.run(t, h)
		})
	}
}
