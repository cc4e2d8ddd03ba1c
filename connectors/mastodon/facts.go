package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"griot/connectors"
	"griot/connectors/rest"
	"griot/social"
)

// facts is what one opening learns, for good.
type facts struct {
	Server     string // base URL the rest was learnt from
	AccountID  string
	Acct       string // user name, without the server
	Domain     string // the server's part of a handle; may differ from the base's host
	URL        string // public page
	Visibility string // the account's default for posts
	Language   string // the account's default, may be empty
	Software   string // "mastodon", "gotosocial", "pleroma" …
	Version    string // as the server says it
	Limits     social.Limits
}

// limitsKey is the one fact that is JSON.
const limitsKey = "limits"

// fields are the facts that are plain words.
func (f *facts) fields() map[string]*string {
	return map[string]*string{
		"server": &f.Server, "account_id": &f.AccountID, "acct": &f.Acct, "domain": &f.Domain, "url": &f.URL,
		"visibility": &f.Visibility, "language": &f.Language, "software": &f.Software, "version": &f.Version,
	}
}

func (f *facts) write() map[string]string {
	limits, _ := json.Marshal(f.Limits) // numbers and words always have a JSON form
	m := map[string]string{limitsKey: string(limits)}
	for k, v := range f.fields() {
		m[k] = *v
	}
	return m
}

// readFacts fails when they are empty or from another time: then they are learnt again.
func readFacts(m map[string]string) (facts, error) {
	var f facts
	for k, v := range f.fields() {
		*v = m[k]
	}
	if f.AccountID == "" {
		return facts{}, errors.New("no facts yet")
	}
	if err := json.Unmarshal([]byte(m[limitsKey]), &f.Limits); err != nil {
		return facts{}, fmt.Errorf("facts: limits: %w", err)
	}
	return f, nil
}

// account is the API's Account, as far as it is read.
type account struct {
	ID        string `json:"id"`
	Acct      string `json:"acct"`
	URL       string `json:"url"`
	Followers *int64 `json:"followers_count"`
	Following *int64 `json:"following_count"`
	Posts     *int64 `json:"statuses_count"`
	Source    struct {
		Privacy  string `json:"privacy"`
		Language string `json:"language"`
	} `json:"source"`
}

// learn asks who the token belongs to and what the server takes.
func learn(ctx context.Context, c *rest.Client) (facts, error) {
	me, err := whoAmI(ctx, c)
	if err != nil {
		return facts{}, notMastodon(err)
	}
	in, err := readInstance(ctx, c)
	if err != nil {
		return facts{}, notMastodon(err)
	}
	f := facts{
		Server: c.Server(), AccountID: me.ID, Acct: me.Acct, Domain: in.domain(c.Server()), URL: me.URL,
		Visibility: me.Source.Privacy, Language: me.Source.Language,
		Software: in.software(), Version: in.Version, Limits: in.limits(),
	}
	if !narrowness.known(f.Visibility) {
		f.Visibility = public
	}
	if f.URL == "" {
		f.URL = f.Server + "/@" + f.Acct
	}
	return f, nil
}

func whoAmI(ctx context.Context, c *rest.Client) (account, error) {
	me, a, err := fetch[account](ctx, c, rest.Call{Path: "/api/v1/accounts/verify_credentials"})
	if err == nil && (me.ID == "" || me.Acct == "") {
		return me, a.Unreadable("an account without an id")
	}
	return me, err
}

// errNotMastodon is for a server that answers, and not as Mastodon does.
var errNotMastodon = errors.New("this server does not answer as Mastodon does: is the address right?")

func notMastodon(err error) error {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || !errors.Is(err, rest.ErrUnreadable) && e.Status != 404 && e.Status != 405 {
		return err
	}
	return &connectors.Error{Kind: connectors.Refused, Network: network, Status: e.Status, Words: e.Words, Err: errNotMastodon}
}
