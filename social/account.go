package social

import "time"

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
	NetworkName         string // as people write it: "Mastodon"
	RemoteID            string // the network's own name for it, which never changes
	Handle              string // as people write it, "@maison@social.example"
	URL                 string // its public page
	State               AccountState
	Limits              Limits // as the network said last
	CheckedAt           time.Time
	Rev                 int64
}

// Label names the account to its team: "Mastodon @maison@social.example" is for lists, this is short.
func (a Account) Label() string {
	if a.Handle == "" {
		return a.Network
	}
	return a.Handle
}
