package bluesky

import (
	"context"
	"net/url"
	"slices"

	"griot/connectors"
)

// reader reads numbers through the account's server, which asks Bluesky's public index for them. They may be a few seconds
// old. Bluesky counts neither views nor reach.
type reader struct{ s *session }

// maxPosts is how many posts one call counts. Source: lexicon app.bsky.feed.getPosts.
const maxPosts = 25

// OfPosts gives likes, shares (reposts), replies and quotes.
func (r reader) OfPosts(ctx context.Context, items []connectors.Receipt) (map[string]connectors.Counts, error) {
	out := map[string]connectors.Counts{}
	for some := range slices.Chunk(items, maxPosts) {
		uris := url.Values{}
		for _, i := range some {
			uris.Add("uris", i.RemoteID)
		}
		got, err := ask[struct {
			Posts []struct {
				URI     string `json:"uri"`
				Likes   *int64 `json:"likeCount"`
				Reposts *int64 `json:"repostCount"`
				Replies *int64 `json:"replyCount"`
				Quotes  *int64 `json:"quoteCount"`
			} `json:"posts"`
		}](ctx, r.s, query("app.bsky.feed.getPosts", uris))
		if err != nil {
			return nil, err
		}
		for _, p := range got.Posts {
			out[p.URI] = connectors.Given(map[connectors.Metric]*int64{
				connectors.Likes: p.Likes, connectors.Shares: p.Reposts, connectors.Replies: p.Replies, connectors.Quotes: p.Quotes,
			})
		}
	}
	return out, nil
}

// OfAccount gives followers, following and posts; posts counts answers too.
func (r reader) OfAccount(ctx context.Context) (connectors.Counts, error) {
	p, err := ask[struct {
		Followers *int64 `json:"followersCount"`
		Following *int64 `json:"followsCount"`
		Posts     *int64 `json:"postsCount"`
	}](ctx, r.s, query("app.bsky.actor.getProfile", url.Values{"actor": {r.s.current().DID}}))
	if err != nil {
		return nil, err
	}
	return connectors.Given(map[connectors.Metric]*int64{
		connectors.Followers: p.Followers, connectors.Following: p.Following, connectors.Posts: p.Posts,
	}), nil
}
