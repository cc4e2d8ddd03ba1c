package bluesky

import (
	"context"
	"net/url"

	"griot/connectors/rest"
	"griot/social"
)

// threadView is a post with what stands below it, or what is said in its place. Source: lexicon app.bsky.feed.defs.
type threadView struct {
	Post struct {
		URI    string `json:"uri"`
		Author struct {
			DID string `json:"did"`
		} `json:"author"`
		Record struct {
			Reply *reply `json:"reply"`
		} `json:"record"`
	} `json:"post"`
	Replies []threadView `json:"replies"`
	Gone    bool         `json:"notFound"`
	Blocked bool         `json:"blocked"`
}

// answered is connectors.Account.Answered: the own post just below the item. The index knows old answers, and comes a moment late;
// what was said just now stands among the newest records of the account's own server.
func (s *session) answered(ctx context.Context, to social.Remote) (string, error) {
	if url, err := s.indexed(ctx, to); err != nil || url != "" {
		return url, err
	}
	return s.justSaid(ctx, to)
}

// indexed asks the index.
func (s *session) indexed(ctx context.Context, to social.Remote) (string, error) {
	a, err := s.do(ctx, query("app.bsky.feed.getPostThread", url.Values{"uri": {to.ID}, "depth": {"1"}, "parentHeight": {"0"}}))
	if err != nil {
		return "", err
	}
	got, err := rest.Decode[struct {
		Thread threadView `json:"thread"`
	}](a)
	switch {
	case err != nil:
		return "", err
	case got.Thread.Gone, got.Thread.Blocked:
		return "", refused("this post is not there any more, or its author has blocked the account")
	case got.Thread.Post.URI != to.ID:
		return "", a.Unreadable("another post than the one that was asked for")
	}
	for _, r := range got.Thread.Replies {
		at, ok := parse(r.Post.URI)
		if ok && r.Post.Author.DID == s.current().DID && r.Post.Record.Reply != nil && r.Post.Record.Reply.Parent.URI == to.ID {
			return postURL(at), nil
		}
	}
	return "", nil
}

// justSaid looks through the newest records of the account, at most recent.
func (s *session) justSaid(ctx context.Context, to social.Remote) (string, error) {
	a, err := s.do(ctx, query("com.atproto.repo.listRecords", url.Values{"repo": {s.current().DID}, "collection": {collection}, "limit": {recent}}))
	if err != nil {
		return "", err
	}
	got, err := rest.Decode[struct {
		Records []stored `json:"records"`
	}](a)
	switch {
	case err != nil:
		return "", err
	case got.Records == nil:
		return "", a.Unreadable("no list of records")
	}
	for _, r := range got.Records {
		if at, ok := parse(r.URI); ok && r.Value.Reply != nil && r.Value.Reply.Parent.URI == to.ID {
			return postURL(at), nil
		}
	}
	return "", nil
}

// recent is the most that a server lists at once, newest first. Source: lexicon com.atproto.repo.listRecords.
const recent = "100"
