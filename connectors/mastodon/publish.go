package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
)

// publisher brings posts and threads to one account.
type publisher struct {
	client *rest.Client
	facts  facts
	poll   time.Duration
}

// body is the call that makes a status. It is stored as JSON, sent as it is, and read again by Find.
type body struct {
	Status      string   `json:"status"`
	Visibility  string   `json:"visibility"`
	Language    string   `json:"language,omitempty"`
	InReplyToID string   `json:"in_reply_to_id,omitempty"`
	MediaIDs    []string `json:"media_ids,omitempty"`
	ContentType string   `json:"content_type,omitempty"` // GoToSocial: no Markdown, whatever the account's default is
}

// status is the API's Status, as far as it is read.
type status struct {
	ID          string `json:"id"`
	URL         string `json:"url"`
	CreatedAt   string `json:"created_at"`
	Visibility  string `json:"visibility"`
	Content     string `json:"content"` // HTML
	InReplyToID string `json:"in_reply_to_id"`
	Media       []struct {
		ID string `json:"id"`
	} `json:"media_attachments"`
	Account struct {
		ID   string `json:"id"`
		Acct string `json:"acct"`
	} `json:"account"`
	Likes   *int64 `json:"favourites_count"`
	Shares  *int64 `json:"reblogs_count"`
	Replies *int64 `json:"replies_count"`
	Quotes  *int64 `json:"quotes_count"`
}

// Prepare uploads the pictures, waits until the server has worked on them, and writes the call. In a thread, what follows a
// public first part is unlisted, so that it does not fill everybody's timeline.
func (p publisher) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	b := body{Status: d.Text, Visibility: p.facts.Visibility}
	if d.ReplyTo != nil {
		b.InReplyToID = d.ReplyTo.RemoteID
		if b.Visibility == public {
			b.Visibility = unlisted
		}
	}
	return p.prepare(ctx, d, b)
}

func (p publisher) prepare(ctx context.Context, d connectors.Draft, b body) (connectors.Request, error) {
	if b.Language = string(d.Locale); b.Language == "" {
		b.Language = p.facts.Language
	}
	if p.facts.Software == "gotosocial" {
		b.ContentType = "text/plain"
	}
	for _, m := range d.Media {
		id, err := p.upload(ctx, m)
		if err != nil {
			return connectors.Request{}, err
		}
		b.MediaIDs = append(b.MediaIDs, id)
	}
	bytes, err := json.Marshal(b)
	return connectors.Request{Key: d.Key, Body: string(bytes)}, err
}

// Send makes the status. The key protects on servers that know it; on none is it relied on (see the package).
func (p publisher) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	s, a, err := fetch[status](ctx, p.client, rest.Call{
		Method: http.MethodPost,
		Path:   "/api/v1/statuses",
		Header: http.Header{"Idempotency-Key": {r.Key}},
		Body:   rest.JSON([]byte(r.Body)),
		Effect: rest.Visible,
	})
	if err != nil {
		return connectors.Receipt{}, err
	}
	if s.ID == "" {
		return connectors.Receipt{}, a.Unreadable("a status without an id")
	}
	return p.receipt(s), nil
}

// Check has nothing to ask: a status is live when it has an id.
func (publisher) Check(_ context.Context, r connectors.Receipt) (connectors.Receipt, error) {
	r.Pending, r.Again = false, 0
	return r, nil
}

// Remove deletes the status.
func (p publisher) Remove(ctx context.Context, r connectors.Receipt) error {
	a, err := p.client.Do(ctx, rest.Call{Method: http.MethodDelete, Path: "/api/v1/statuses/" + url.PathEscape(r.RemoteID)})
	if gone(a) {
		return nil
	}
	return refine(err)
}

// receipt gives the permalink too when the server leaves it out.
func (p publisher) receipt(s status) connectors.Receipt {
	r := connectors.Receipt{RemoteID: s.ID, URL: s.URL}
	switch {
	case r.URL != "":
	case p.facts.Software == "gotosocial":
		r.URL = strings.TrimRight(p.facts.URL, "/") + "/statuses/" + s.ID
	default:
		r.URL = strings.TrimRight(p.facts.URL, "/") + "/" + s.ID
	}
	return r
}
