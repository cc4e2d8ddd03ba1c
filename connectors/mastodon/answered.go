package mastodon

import (
	"context"
	"errors"
	"net/url"
	"time"

	"griot/connectors/rest"
	"griot/social"
)

// conversation is the API's Context, as far as it is read.
type conversation struct {
	Below []status `json:"descendants"`
}

// answered is connectors.Account.Answered: the own status just below the item. A conversation that is larger than Griot reads
// is not gone through; then the account's own newest statuses tell.
func (p publisher) answered(ctx context.Context, to social.Remote) (string, error) {
	got, a, err := fetch[conversation](ctx, p.client, rest.Call{Path: "/api/v1/statuses/" + url.PathEscape(to.ID) + "/context"})
	switch {
	case errors.Is(err, rest.ErrTooLarge):
		if got.Below, err = p.since(ctx, time.Time{}); err != nil {
			return "", err
		}
	case err != nil:
		return "", err
	case got.Below == nil:
		return "", a.Unreadable("no conversation")
	}
	for _, s := range got.Below {
		if s.InReplyToID == to.ID && s.Account.ID == p.facts.AccountID {
			return s.URL, nil
		}
	}
	return "", nil
}
