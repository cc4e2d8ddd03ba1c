package mastodon

import (
	"context"
	"net/url"
	"regexp"
	"slices"

	"griot/connectors"
	"griot/connectors/rest"
)

// Visibilities, from everybody to the named ones.
const (
	public   = "public"
	unlisted = "unlisted"
	private  = "private"
	direct   = "direct"
)

// order is a list of visibilities, from everybody to few.
type order []string

var narrowness = order{public, unlisted, private, direct}

func (o order) known(v string) bool { return slices.Contains(o, v) }

// narrower is the one fewer people see. One that only some servers know counts as the narrowest.
func (o order) narrower(a, b string) string {
	for _, v := range slices.Backward(o) {
		if a == v || b == v || !o.known(a) || !o.known(b) {
			return v
		}
	}
	return direct
}

// replier answers other people's statuses. The one that is answered is read first: the answer names its author, without
// whom nobody is told, and is never seen by more people than what it answers.
type replier struct{ publisher }

// Prepare is publisher.Prepare for an answer. Draft.ReplyTo needs no Ref.
func (p replier) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	parent, a, err := fetch[status](ctx, p.client, rest.Call{Path: "/api/v1/statuses/" + url.PathEscape(d.ReplyTo.RemoteID)})
	if err != nil {
		return connectors.Request{}, err
	}
	if parent.ID == "" || parent.Account.Acct == "" {
		return connectors.Request{}, a.Unreadable("a status without an author")
	}
	b := body{
		Status:      d.Text,
		Visibility:  narrowness.narrower(p.facts.Visibility, parent.Visibility),
		InReplyToID: parent.ID,
	}
	if parent.Account.ID != p.facts.AccountID && !names(d.Text, parent.Account.Acct) {
		b.Status = "@" + parent.Account.Acct + " " + d.Text
	}
	return p.prepare(ctx, d, b)
}

// names reports whether text already holds @acct, and not the start of a longer handle.
func names(text, acct string) bool {
	const before, after = `(?i)(?:^|[^\w@/.])@`, `(?:$|[^\w@.-]|[.-](?:$|\W))`
	return regexp.MustCompile(before + regexp.QuoteMeta(acct) + after).MatchString(text)
}
