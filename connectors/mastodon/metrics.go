package mastodon

import (
	"context"
	"net/url"
	"slices"

	"griot/connectors"
	"griot/connectors/rest"
)

// bulk is how many statuses Mastodon gives in one answer.
const bulk = 20

// reader reads numbers. They are what the account's own server has seen: favourites are Likes, boosts are Shares. Servers before
// Mastodon 4.5 count no Quotes; none counts views.
type reader struct{ client *rest.Client }

// OfPosts asks for twenty at once, and one by one where the server does not know how.
func (r reader) OfPosts(ctx context.Context, items []connectors.Receipt) (map[string]connectors.Counts, error) {
	all := map[string]connectors.Counts{}
	for some := range slices.Chunk(items, bulk) {
		found, err := r.together(ctx, some)
		if absent(err) {
			found, err = r.each(ctx, some)
		}
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			all[s.ID] = connectors.Given(map[connectors.Metric]*int64{
				connectors.Likes: s.Likes, connectors.Shares: s.Shares, connectors.Replies: s.Replies, connectors.Quotes: s.Quotes,
			})
		}
	}
	return all, nil
}

func (r reader) together(ctx context.Context, items []connectors.Receipt) ([]status, error) {
	query := url.Values{}
	for _, i := range items {
		query.Add("id[]", i.RemoteID)
	}
	found, _, err := fetch[[]status](ctx, r.client, rest.Call{Path: "/api/v1/statuses", Query: query})
	return found, err
}

func (r reader) each(ctx context.Context, items []connectors.Receipt) ([]status, error) {
	var found []status
	for _, i := range items {
		s, a, err := fetch[status](ctx, r.client, rest.Call{Path: "/api/v1/statuses/" + url.PathEscape(i.RemoteID)})
		if gone(a) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, nil
}

// OfAccount counts the account's followers, whom it follows, and its posts.
func (r reader) OfAccount(ctx context.Context) (connectors.Counts, error) {
	me, err := whoAmI(ctx, r.client)
	if err != nil {
		return nil, err
	}
	return connectors.Given(map[connectors.Metric]*int64{
		connectors.Followers: me.Followers, connectors.Following: me.Following, connectors.Posts: me.Posts,
	}), nil
}
