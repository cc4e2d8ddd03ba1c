package pretend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
)

// publisher writes as one account. It is the Replier too: a reply is a post that answers one.
type publisher struct {
	client *rest.Client
	handle string
	keys   Keys
}

// Prepare uploads the pictures and writes the post down. Pictures that are uploaded and never used are seen by nobody.
func (p *publisher) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	in := newPost{Key: d.Key, Text: d.Text}
	if d.ReplyTo != nil {
		in.ReplyTo = d.ReplyTo.RemoteID
	}
	for _, m := range d.Media {
		id, err := p.upload(ctx, m)
		if err != nil {
			return connectors.Request{}, err
		}
		in.Media = append(in.Media, id)
	}
	body, err := json.Marshal(in)
	if err != nil {
		return connectors.Request{}, fmt.Errorf("prepare %s: %w", d.Key, err)
	}
	return connectors.Request{Key: d.Key, Body: string(body)}, nil
}

func (p *publisher) upload(ctx context.Context, m connectors.Media) (string, error) {
	body, err := rest.Multipart(
		rest.File{Field: "file", Name: m.Name, Type: m.Type, Size: m.Size, Open: m.Open},
		rest.Field{Name: "alt", Value: m.Alt},
	)
	if err != nil {
		return "", fmt.Errorf("upload %s: %w", m.Hash, err)
	}
	got, answer, err := rest.Fetch[mediaJSON](ctx, p.client, rest.Call{Method: http.MethodPost, Path: "/api/media", Body: body})
	if err != nil {
		return "", err
	}
	if got.ID == "" {
		return "", answer.Unreadable("no id of the picture")
	}
	return got.ID, nil
}

// Send makes the one visible call.
func (p *publisher) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	got, answer, err := rest.Fetch[postJSON](ctx, p.client, rest.Call{
		Method: http.MethodPost, Path: "/api/posts", Body: rest.JSON([]byte(r.Body)), Effect: rest.Visible,
	})
	if err != nil {
		return connectors.Receipt{}, err
	}
	if got.ID == "" {
		return connectors.Receipt{}, answer.Unreadable("no id of the post")
	}
	return got.receipt(), nil
}

// Check asks how a post in processing is doing.
func (p *publisher) Check(ctx context.Context, r connectors.Receipt) (connectors.Receipt, error) {
	if !r.Pending {
		return r, nil
	}
	got, answer, err := rest.Fetch[postJSON](ctx, p.client, rest.Call{Path: "/api/posts/" + url.PathEscape(r.RemoteID)})
	if err != nil {
		return r, err
	}
	if got.ID != r.RemoteID {
		return r, answer.Unreadable("another post in the answer")
	}
	return got.receipt(), nil
}

// listed is how many posts Find reads at once.
const listed = 40

// Find goes back through the account's own posts to a minute before the first try. Where keys are honoured one post
// at most has r's; elsewhere the words, the pictures (each upload has its own id) and what is answered tell.
func (p *publisher) Find(ctx context.Context, r connectors.Request) ([]connectors.Receipt, error) {
	var want newPost
	if err := json.Unmarshal([]byte(r.Body), &want); err != nil {
		return nil, fmt.Errorf("find %s: %w", r.Key, err)
	}
	var found []connectors.Receipt
	since, before := r.Armed.Add(-time.Minute), ""
	for {
		page, answer, err := p.list(ctx, before)
		if err != nil {
			return nil, err
		}
		for _, q := range page {
			if q.At.Before(since) {
				return found, nil
			}
			if p.made(q, want) {
				found = append(found, q.receipt())
			}
		}
		if len(page) < listed {
			return found, nil
		}
		if last := page[len(page)-1].ID; last != before {
			before = last
			continue
		}
		return nil, answer.Unreadable("the same page twice")
	}
}

func (p *publisher) list(ctx context.Context, before string) ([]postJSON, rest.Answer, error) {
	q := url.Values{"limit": {fmt.Sprint(listed)}}
	if before != "" {
		q.Set("before", before)
	}
	got, answer, err := rest.Fetch[postsJSON](ctx, p.client, rest.Call{Path: "/api/accounts/" + url.PathEscape(p.handle) + "/posts", Query: q})
	if err == nil && got.Posts == nil {
		err = answer.Unreadable("no list of posts")
	}
	return got.Posts, answer, err
}

// made reports whether q is what want would have made.
func (p *publisher) made(q postJSON, want newPost) bool {
	if p.keys == Honoured {
		return q.Key == want.Key
	}
	var media []string
	for _, m := range q.Media {
		media = append(media, m.ID)
	}
	return q.Text == want.Text && q.ReplyTo == want.ReplyTo && slices.Equal(media, want.Media)
}

// Remove takes a post down; one that is not there any more is.
func (p *publisher) Remove(ctx context.Context, r connectors.Receipt) error {
	answer, err := p.client.Do(ctx, rest.Call{Method: http.MethodDelete, Path: "/api/posts/" + url.PathEscape(r.RemoteID)})
	if e, ok := errors.AsType[*connectors.Error](err); ok && e.Status == http.StatusNotFound && answer.Code == codeNoPost {
		return nil
	}
	return err
}

func (q postJSON) receipt() connectors.Receipt {
	r := connectors.Receipt{RemoteID: q.ID, URL: q.URL}
	if q.State == stateProcessing {
		r.Pending, r.Again = true, max(time.Duration(q.ReadyIn*float64(time.Second)), 100*time.Millisecond)
	}
	return r
}

// reader counts what visitors did: likes, shares and replies of a post, followers and posts of an account.
type reader struct{ client *rest.Client }

// OfPosts asks for a hundred posts at a time.
func (r reader) OfPosts(ctx context.Context, items []connectors.Receipt) (map[string]connectors.Counts, error) {
	out := map[string]connectors.Counts{}
	for some := range slices.Chunk(items, maxListed) {
		q := url.Values{}
		for _, i := range some {
			q.Add("id", i.RemoteID)
		}
		got, answer, err := rest.Fetch[postsJSON](ctx, r.client, rest.Call{Path: "/api/posts", Query: q})
		if err != nil {
			return nil, err
		}
		if got.Posts == nil {
			return nil, answer.Unreadable("no list of posts")
		}
		for _, p := range got.Posts {
			out[p.ID] = connectors.Counts{connectors.Likes: p.Likes, connectors.Shares: p.Shares, connectors.Replies: p.Replies}
		}
	}
	return out, nil
}

// OfAccount asks the village who we are.
func (r reader) OfAccount(ctx context.Context) (connectors.Counts, error) {
	a, answer, err := rest.Fetch[accountJSON](ctx, r.client, rest.Call{Path: "/api/me"})
	if err != nil {
		return nil, err
	}
	if a.ID == "" {
		return nil, answer.Unreadable("no account in the answer")
	}
	return connectors.Counts{connectors.Followers: a.Followers, connectors.Posts: a.Posts}, nil
}
