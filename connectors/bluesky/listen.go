package bluesky

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"griot/connectors"
	"griot/connectors/markup"
	"griot/connectors/rest"
	"griot/social"
)

// listener reads what others say to one account. The network lists notifications newest first, by a time that the author's app
// wrote: one that arrives late stands below those that were read before it. So each reading goes back a while, and remembers
// what it has given from there on.
type listener struct{ s *session }

const (
	heardAtOnce = 100
	backwards   = time.Hour // how late a notification may come and still be heard
	pagesBack   = 50        // a reading goes back 5000 notifications; what is older is lost
	remembered  = 500       // how many are remembered by name
)

// told are the reasons of a notification that make it a mention. Source: lexicon app.bsky.notification.listNotifications.
var told = map[string]social.MentionKind{"mention": social.Named, "reply": social.Replied, "quote": social.Quoted}

// reading is the cursor: everything told at or after From is in Seen when it was given.
type reading struct {
	From time.Time `json:"from"`
	Seen []string  `json:"seen"` // short hashes of addresses, newest first
}

// notification is one of the network's, as far as it is read.
type notification struct {
	URI    string `json:"uri"`
	CID    string `json:"cid"`
	Reason string `json:"reason"`
	Author struct {
		DID    string `json:"did"`
		Handle string `json:"handle"`
		Name   string `json:"displayName"`
	} `json:"author"`
	Record struct {
		Text  string   `json:"text"`
		Langs []string `json:"langs"`
		Reply *reply   `json:"reply"`
	} `json:"record"`
	At time.Time `json:"indexedAt"`
}

// Since goes back from now to where the cursor ends.
func (l listener) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	var m reading
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &m); err != nil {
			return connectors.Heard{}, refused("this is no cursor of Bluesky's")
		}
	}
	all, err := l.back(ctx, m.From, cursor == "")
	if err != nil {
		return connectors.Heard{}, err
	}
	var fresh []notification
	known := map[string]bool{}
	for _, h := range m.Seen {
		known[h] = true
	}
	for _, n := range all { // newest first
		if cursor != "" && !known[short(n.URI)] {
			fresh = append(fresh, n)
		}
	}
	slices.Reverse(fresh)
	out := connectors.Heard{More: len(fresh) > heardAtOnce}
	for _, n := range fresh[:min(len(fresh), heardAtOnce)] {
		known[short(n.URI)] = true
		out.Mentions = append(out.Mentions, n.social())
	}
	if cursor == "" {
		for _, n := range all {
			known[short(n.URI)] = true
		}
	}
	next, err := json.Marshal(m.after(all, known))
	if err != nil {
		return connectors.Heard{}, fmt.Errorf("write the cursor: %w", err)
	}
	out.Cursor = string(next)
	return out, nil
}

// after is the mark when those of all that are known have been given. all is newest first.
func (m reading) after(all []notification, known map[string]bool) reading {
	i := slices.IndexFunc(all, func(n notification) bool { return known[short(n.URI)] })
	if i < 0 {
		return reading{From: m.From, Seen: []string{}}
	}
	next := reading{From: m.From, Seen: []string{}}
	if at := all[i].At.Add(-backwards); at.After(next.From) {
		next.From = at
	}
	for _, n := range slices.Backward(all) {
		if !known[short(n.URI)] { // the oldest that is still to be given
			if n.At.Before(next.From) {
				next.From = n.At
			}
			break
		}
	}
	for _, n := range all {
		if known[short(n.URI)] && !n.At.Before(next.From) {
			if len(next.Seen) == remembered {
				next.From = n.At.Add(time.Millisecond)
				break
			}
			next.Seen = append(next.Seen, short(n.URI))
		}
	}
	return next
}

// back lists what was told at or after from, newest first; at the beginning, what was told in the last while before the newest.
func (l listener) back(ctx context.Context, from time.Time, beginning bool) ([]notification, error) {
	var all []notification
	seen := map[string]bool{}
	q := url.Values{"limit": {fmt.Sprint(heardAtOnce)}, "reasons": {"mention", "reply", "quote"}}
	for range pagesBack {
		page, next, err := l.page(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, n := range page {
			if beginning && len(all) == 0 {
				from = n.At.Add(-backwards)
			}
			if n.At.Before(from) {
				return newestFirst(all), nil
			}
			if _, ok := told[n.Reason]; ok && !seen[n.URI] {
				seen[n.URI], all = true, append(all, n)
			}
		}
		if next == "" || len(page) == 0 {
			break
		}
		q.Set("cursor", next)
	}
	return newestFirst(all), nil
}

func newestFirst(all []notification) []notification {
	slices.SortStableFunc(all, func(a, b notification) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.URI, a.URI)) })
	return all
}

func (l listener) page(ctx context.Context, q url.Values) ([]notification, string, error) {
	a, err := l.s.do(ctx, query("app.bsky.notification.listNotifications", q))
	if err != nil {
		return nil, "", err
	}
	got, err := rest.Decode[struct {
		Notifications []notification `json:"notifications"`
		Cursor        string         `json:"cursor"`
	}](a)
	switch {
	case err != nil:
		return nil, "", err
	case got.Notifications == nil:
		return nil, "", a.Unreadable("no list of notifications")
	}
	for _, n := range got.Notifications {
		if _, ok := parse(n.URI); !ok && told[n.Reason] != "" {
			return nil, "", a.Unreadable("a notification without its post")
		}
	}
	return got.Notifications, got.Cursor, nil
}

func (n notification) social() social.Mention {
	at, _ := parse(n.URI) // checked when it was read
	out := social.Mention{
		Key: n.URI, Kind: told[n.Reason], Text: markup.Clean(n.Record.Text), Language: language(n.Record.Langs), URL: postURL(at), SaidAt: n.At,
		Remote: social.Remote{ID: n.URI, Ref: n.CID, Root: n.URI, RootRef: n.CID},
	}
	if r := n.Record.Reply; r != nil && r.Root.URI != "" {
		out.Remote.Root, out.Remote.RootRef = r.Root.URI, r.Root.CID
	}
	f := facts{DID: n.Author.DID, Handle: n.Author.Handle}
	out.Author = social.Author{Name: markup.Line(n.Author.Name), Handle: "@" + f.name(), URL: profileURL(n.Author.DID)}
	return out
}

// language is the first of a post's, in two letters: "fr" of "fr-CA".
func language(langs []string) string {
	if len(langs) == 0 {
		return ""
	}
	l, _, _ := strings.Cut(strings.ToLower(langs[0]), "-")
	if len(l) != 2 {
		return ""
	}
	return l
}

// short stands for an address in the cursor.
func short(uri string) string {
	sum := sha256.Sum256([]byte(uri))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
