package mastodon

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"griot/connectors"
	"griot/connectors/markup"
	"griot/connectors/rest"
	"griot/i18n"
	"griot/social"
)

// listener reads the account's notifications.
type listener struct {
	client *rest.Client
	facts  facts
}

// notification is the API's Notification, as far as it is read.
type notification struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Status *heard `json:"status"` // absent when it is gone
}

// heard is a Status that somebody else wrote.
type heard struct {
	status
	URI       string `json:"uri"`
	Language  string `json:"language"`
	ToAccount string `json:"in_reply_to_account_id"`
	Warning   string `json:"spoiler_text"`
	Author    struct {
		Acct string `json:"acct"`
		Name string `json:"display_name"`
		URL  string `json:"url"`
	} `json:"account"`
}

// nothingYet is the cursor of an account that was never told anything: it sorts before every id, numbers and ULIDs alike.
const nothingYet = "0"

var errScope = i18n.Text{
	En: "This access token may not read notifications, so Griot does not hear who mentions you on Mastodon. Make a new application there with the scopes " + scopes + ", and connect the account again with /connect.",
	Fr: "Ce jeton d’accès ne permet pas de lire les notifications\u202f: Griot n’entend pas qui vous mentionne sur Mastodon. Créez-y une nouvelle application avec les droits " + scopes + ", puis reconnectez le compte avec /connecter.",
}

// Since reads forwards from the newest notification that was read; min_id gives those just after it.
func (l listener) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	q := url.Values{"types[]": l.types(), "limit": {page}}
	if cursor == "" {
		q.Set("limit", "1")
	} else {
		q.Set("min_id", cursor)
	}
	got, a, err := rest.Fetch[[]notification](ctx, l.client, rest.Call{Path: "/api/v1/notifications", Query: q})
	if err != nil {
		return connectors.Heard{}, permitted(err)
	}
	if got == nil {
		return connectors.Heard{}, a.Unreadable("no list of notifications")
	}
	slices.SortFunc(got, func(a, b notification) int {
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(a.ID, b.ID))
	})
	out := connectors.Heard{Cursor: cmp.Or(cursor, nothingYet), More: cursor != "" && strconv.Itoa(len(got)) == page}
	for _, n := range got {
		if n.ID == "" {
			return connectors.Heard{}, a.Unreadable("a notification without its id")
		}
		out.Cursor = n.ID
		if m, ok := l.social(n); ok && cursor != "" {
			out.Mentions = append(out.Mentions, m)
		}
	}
	return out, nil
}

// types are those to ask for. Only Mastodon has quotes, and servers may refuse a type that they do not know.
func (l listener) types() []string {
	if l.facts.Software == network {
		return []string{"mention", "quote"}
	}
	return []string{"mention"}
}

// permitted says what to do about a token that may not listen. It can still publish, so nobody must sign in for that.
func permitted(err error) error {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Status != http.StatusForbidden {
		return refine(err)
	}
	better := *e
	better.Tell = errScope
	return &better
}

// social is n as a mention; false when it is none.
func (l listener) social(n notification) (social.Mention, bool) {
	s := n.Status
	if s == nil || s.ID == "" || !slices.Contains(l.types(), n.Type) {
		return social.Mention{}, false
	}
	m := social.Mention{
		Key: cmp.Or(s.URI, s.URL, s.ID), Remote: social.Remote{ID: s.ID}, Kind: social.Named, Text: s.words(), Language: twoLetters(s.Language),
		URL:    cmp.Or(s.status.URL, s.URI),
		Author: social.Author{Name: markup.Line(s.Author.Name), Handle: l.handle(s.Author.Acct), URL: s.Author.URL},
	}
	if at, err := time.Parse(time.RFC3339, s.CreatedAt); err == nil { // an instant that cannot be read stays zero
		m.SaidAt = at
	}
	switch {
	case n.Type == "quote":
		m.Kind = social.Quoted
	case s.ToAccount == l.facts.AccountID:
		m.Kind = social.Replied
	}
	return m, true
}

// words are the status's own, below the warning that hides them.
func (s heard) words() string {
	return markup.Clean(markup.Line(s.Warning) + "\n\n" + markup.Text(s.Content))
}

// handle is written with its server, which is left out for people of the account's own.
func (l listener) handle(acct string) string {
	if strings.Contains(acct, "@") {
		return "@" + acct
	}
	return "@" + acct + "@" + l.facts.Domain
}

// twoLetters is the language of "fr-CA" too; empty for what has no two letters.
func twoLetters(tag string) string {
	if l, _, _ := strings.Cut(strings.ToLower(tag), "-"); len(l) == 2 {
		return l
	}
	return ""
}
