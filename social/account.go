package social

import (
	"cmp"
	"time"
)

// AccountState is whether an account can be used.
type AccountState string

// The states of an account.
const (
	Connected   AccountState = "connected"
	NeedsSignIn AccountState = "sign_in" // the network refused the credential: what is due is refused until somebody signs in again and presses Try again
	Removed     AccountState = "removed"
)

// Account is a connected account on a network.
type Account struct {
	ID, TeamID, BrandID string
	Network             string // a connector's id
	NetworkName         string // as people write it: "Mastodon"; empty: it has none, and the handle says it all
	RemoteID            string // the network's own name for it, which never changes
	Handle              string // as people write it, "@maison@social.example"
	URL                 string // its public page
	State               AccountState
	Limits              Limits // as the network said last
	CheckedAt           time.Time
	Rev                 int64
}

// Label names the account where its network is known or does not matter: its handle, or the network when it has none.
func (a Account) Label() string { return cmp.Or(a.Handle, a.NetworkName, a.Network) }

// Name is the account with its network, as people write both: "Mastodon · @maison@social.example". One of them alone when it
// has no other.
func (a Account) Name() string {
	switch {
	case a.Handle == "":
		return cmp.Or(a.NetworkName, a.Network)
	case a.NetworkName == "":
		return a.Handle
	}
	return a.NetworkName + " · " + a.Handle
}
