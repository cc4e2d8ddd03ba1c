package bluesky

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// facts is what is known about a signed-in account: who it is, where it lives, and its tokens.
type facts struct {
	DID, Handle string
	Home        string // base URL of the personal data server that holds the account
	Access      string // good for about two hours
	Refresh     string // good for about ninety days, for a new pair
	RenewAt     time.Time
}

// noHandle is what servers say when a handle does not lead back to its account, for a while or for good.
const noHandle = "handle.invalid"

// name is how people write the account: its handle, or its id while it has none.
func (f facts) name() string {
	if f.Handle == "" || f.Handle == noHandle {
		return f.DID
	}
	return f.Handle
}

// Keys of Credential.Facts.
const (
	factDID     = "did"
	factHandle  = "handle"
	factHome    = "home"
	factAccess  = "access"
	factRefresh = "refresh"
	factRenewAt = "renew_at"
)

func (f facts) write() map[string]string {
	return map[string]string{
		factDID: f.DID, factHandle: f.Handle, factHome: f.Home,
		factAccess: f.Access, factRefresh: f.Refresh, factRenewAt: f.RenewAt.UTC().Format(time.RFC3339),
	}
}

// readFacts reports false when somebody must sign in first.
func readFacts(m map[string]string) (facts, bool) {
	f := facts{DID: m[factDID], Handle: m[factHandle], Home: m[factHome], Access: m[factAccess], Refresh: m[factRefresh]}
	at, err := time.Parse(time.RFC3339, m[factRenewAt])
	f.RenewAt = at
	return f, err == nil && f.DID != "" && f.Home != "" && f.Access != "" && f.Refresh != ""
}

// pass is a server's answer to signing in, to renewing, and to "who am I".
type pass struct {
	DID        string `json:"did"`
	Handle     string `json:"handle"`
	AccessJWT  string `json:"accessJwt"`
	RefreshJWT string `json:"refreshJwt"`
	Active     *bool  `json:"active"`
	Status     string `json:"status"` // why it is not active
	DIDDoc     struct {
		Service []struct {
			ID       string          `json:"id"`
			Type     string          `json:"type"`
			Endpoint json.RawMessage `json:"serviceEndpoint"` // a string for what we look for
		} `json:"service"`
	} `json:"didDoc"`
}

// complete reports whether p lets us work.
func (p pass) complete() bool {
	return strings.HasPrefix(p.DID, "did:") && p.Handle != "" && p.AccessJWT != "" && p.RefreshJWT != ""
}

// home is the base URL of the account's data server, empty when the answer does not say.
func (p pass) home() string {
	for _, s := range p.DIDDoc.Service {
		var at string
		if strings.HasSuffix(s.ID, "#atproto_pds") && s.Type == "AtprotoPersonalDataServer" &&
			json.Unmarshal(s.Endpoint, &at) == nil && strings.HasPrefix(at, "http") {
			return at
		}
	}
	return ""
}

// facts are what p says, at now; the account lives at fallback when p does not say where.
func (p pass) facts(now time.Time, fallback string) facts {
	f := facts{DID: p.DID, Handle: p.Handle, Home: p.home(), Access: p.AccessJWT, Refresh: p.RefreshJWT}
	if f.Home == "" {
		f.Home = fallback
	}
	f.RenewAt = now.Add(life(p.AccessJWT) / 5 * 4)
	return f
}

// unknownLife is how long a token is taken to live that does not say so.
const unknownLife = time.Hour

// life reads how long a token lives from the time it was made: its own two times, so that our clock does not matter.
func life(jwt string) time.Duration {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return unknownLife
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return unknownLife
	}
	var claims struct {
		Made int64 `json:"iat"`
		Ends int64 `json:"exp"`
	}
	const year = 365 * 24 * 3600
	if json.Unmarshal(body, &claims) != nil || claims.Made <= 0 || claims.Ends <= claims.Made || claims.Ends-claims.Made > year {
		return unknownLife
	}
	return time.Duration(claims.Ends-claims.Made) * time.Second
}
