package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"griot/connectors"
	"griot/connectors/rest"

	"golang.org/x/text/unicode/norm"
)

const (
	skew  = time.Minute // how far the server's clock may be behind ours
	page  = "40"        // the most a server gives at once
	pages = 10
)

// Find compares what r says with the account's own statuses made since: same parent, same number of pictures, same words.
// The words are those the server keeps as typed, asked only of statuses that read alike; where it does not give them, those of
// the page without its tags.
func (p publisher) Find(ctx context.Context, r connectors.Request) ([]connectors.Receipt, error) {
	var sent body
	if err := json.Unmarshal([]byte(r.Body), &sent); err != nil {
		return nil, fmt.Errorf("stored request of %s: %w", r.Key, err)
	}
	recent, err := p.since(ctx, r.Armed.Add(-skew))
	if err != nil {
		return nil, err
	}
	var found []connectors.Receipt
	for _, s := range recent {
		if s.InReplyToID != sent.InReplyToID || len(s.Media) != len(sent.MediaIDs) || gist(untag(s.Content)) != gist(sent.Status) {
			continue
		}
		same, err := p.says(ctx, s, sent.Status)
		if err != nil {
			return nil, err
		}
		if same {
			found = append(found, p.receipt(s))
		}
	}
	return found, nil
}

// since is the account's own statuses from t on, newest first.
func (p publisher) since(ctx context.Context, t time.Time) ([]status, error) {
	var found []status
	query := url.Values{"limit": {page}, "exclude_reblogs": {"true"}}
	path := "/api/v1/accounts/" + url.PathEscape(p.facts.AccountID) + "/statuses"
	for range pages {
		got, _, err := fetch[[]status](ctx, p.client, rest.Call{Path: path, Query: query})
		if err != nil {
			return nil, err
		}
		older := false
		for _, s := range got {
			// An instant that cannot be read is no reason to overlook a status.
			if made, err := time.Parse(time.RFC3339, s.CreatedAt); err == nil && made.Before(t) {
				older = true
				continue
			}
			found = append(found, s)
		}
		if older || len(got) == 0 {
			break
		}
		query.Set("max_id", got[len(got)-1].ID)
	}
	return found, nil
}

// says reports whether s has the words.
func (p publisher) says(ctx context.Context, s status, words string) (bool, error) {
	source, _, err := fetch[struct {
		Text *string `json:"text"`
	}](ctx, p.client, rest.Call{Path: "/api/v1/statuses/" + url.PathEscape(s.ID) + "/source"})
	switch e, _ := errors.AsType[*connectors.Error](err); {
	case err == nil && source.Text != nil:
		return plain(*source.Text) == plain(words), nil
	case err != nil && e.Kind != connectors.Refused:
		return false, err
	}
	return shorten(untag(s.Content)) == shorten(words), nil
}

// plain is a text as far as its words matter: NFC, one space between words.
func plain(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// gist is what no server's way of showing a text changes: its letters and figures, without links.
func gist(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, shorten(links.ReplaceAllString(s, " ")))
}

var (
	links   = regexp.MustCompile(`https?://[^\s<>]+`)
	breaks  = regexp.MustCompile(`(?i)<br\s*/?>|</p>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
	remotes = regexp.MustCompile(`(@[A-Za-z0-9_]+)@[A-Za-z0-9.-]+[A-Za-z0-9]`)
)

// untag is a status's HTML as a reader sees it.
func untag(content string) string {
	return html.UnescapeString(tags.ReplaceAllString(breaks.ReplaceAllString(content, "\n"), ""))
}

// shorten makes mentions as HTML shows them: without their server.
func shorten(s string) string { return remotes.ReplaceAllString(plain(s), "$1") }
