package feed

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"griot/connectors"
	"griot/connectors/markup"
	"griot/connectors/rest"
	"griot/social"

	"github.com/mmcdole/gofeed"
)

// source is one feed.
type source struct {
	client          *rest.Client
	at, title, site string
	now             func() time.Time
}

const (
	atOnce     = 100
	mostItems  = 500  // of a feed are read, from its top
	remembered = 1500 // names of articles; each has one or two
	maxText    = 600  // runes of an article
	maxName    = 200  // runes of its title
	// slack is how much older than the beginning an article may say it is: clocks and time zones are often wrong there.
	slack = 24 * time.Hour
)

// reading is the cursor.
type reading struct {
	Tag      string    `json:"tag,omitempty"`
	Modified string    `json:"modified,omitempty"`
	Began    time.Time `json:"began"`
	Seen     []string  `json:"seen"` // short hashes of names: what stands in the feed first, then what has left it
}

// article is an item with the names that it is known by.
type article struct {
	*gofeed.Item
	key   string    // what it is stored by
	names []string  // any of them seen before: not new
	at    time.Time // when it appeared; now when it does not say
	place time.Time // by which it is ordered
}

// Since reads the feed and gives what was not there before. An article that is edited, moves, or comes back is not new; nor is one
// that says it is older than the beginning, which a feed shows when a newer one was taken down.
func (s source) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	was := reading{Began: s.now().UTC()}
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &was); err != nil {
			return connectors.Heard{}, &connectors.Error{Kind: connectors.Refused, Network: ID, Err: errors.New("this is no cursor of a feed")}
		}
	}
	doc, err := s.read(ctx, was)
	if err != nil {
		return connectors.Heard{}, err
	}
	if doc.feed == nil {
		return connectors.Heard{Cursor: cursor, After: usually}, nil
	}
	seen := map[string]bool{}
	for _, n := range was.Seen {
		seen[n] = true
	}
	next := reading{Tag: doc.tag, Modified: doc.modified, Began: was.Began, Seen: []string{}}
	var out connectors.Heard
	for _, a := range s.articles(doc.feed) {
		known := cursor == "" || slices.ContainsFunc(a.names, func(n string) bool { return seen[n] })
		switch {
		case known || a.at.Before(was.Began.Add(-slack)):
		case len(out.Mentions) == atOnce:
			out.More, next.Tag, next.Modified = true, "", "" // what is left is asked for again, whole
			continue
		default:
			out.Mentions = append(out.Mentions, s.mention(a, doc.feed.Language))
		}
		next.Seen = append(next.Seen, a.names...)
	}
	next.remember(was.Seen)
	bytes, err := json.Marshal(next)
	if err != nil {
		return connectors.Heard{}, fmt.Errorf("write the cursor: %w", err)
	}
	out.Cursor, out.After = string(bytes), doc.rest
	return out, nil
}

// remember keeps what was seen and has left the feed, the latest first, as long as there is room.
func (r *reading) remember(old []string) {
	have := map[string]bool{}
	r.Seen = append(r.Seen, old...)
	r.Seen = slices.DeleteFunc(r.Seen, func(n string) bool {
		twice := have[n]
		have[n] = true
		return twice
	})
	r.Seen = r.Seen[:min(len(r.Seen), remembered)]
}

// articles are the feed's, oldest first. One without a date stands by its neighbour in the feed.
func (s source) articles(feed *gofeed.Feed) []article {
	items := feed.Items[:min(len(feed.Items), mostItems)]
	links := map[string]int{}
	for _, i := range items {
		links[s.link(i)]++
	}
	var out []article
	now := s.now().UTC()
	have := map[string]bool{}
	for _, i := range slices.Backward(items) { // feeds stand newest first
		a := article{Item: i}
		link := s.link(i)
		if link != "" && links[link] == 1 {
			a.names = append(a.names, "link "+link)
		}
		if id := strings.TrimSpace(i.GUID); id != "" {
			a.names = append(a.names, "id "+id)
		}
		if len(a.names) == 0 {
			a.names = []string{"words " + i.Title + "\x00" + i.Published + "\x00" + cmp.Or(i.Description, i.Content)}
		}
		_, a.key, _ = strings.Cut(a.names[0], " ")
		if strings.HasPrefix(a.names[0], "words ") || len(a.key) > 500 {
			a.key = short(a.names[0])
		}
		for j, n := range a.names {
			a.names[j] = short(n)
		}
		if have[a.names[0]] {
			continue // twice in one feed
		}
		have[a.names[0]] = true
		a.at = dated(i)
		if a.at.IsZero() || a.at.After(now) {
			a.at = now
		}
		a.place = a.at
		if dated(i).IsZero() && len(out) > 0 {
			a.place = out[len(out)-1].place
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b article) int { return a.place.Compare(b.place) })
	return out
}

func dated(i *gofeed.Item) time.Time {
	for _, t := range []*time.Time{i.PublishedParsed, i.UpdatedParsed} {
		if t != nil && t.Year() > 1990 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// link is where an item leads, in one spelling: without what only counts visits, and the same with and without https.
func (s source) link(i *gofeed.Item) string {
	u, err := url.Parse(absolute(s.at, i.Link))
	if err != nil || u.Host == "" {
		return ""
	}
	u.Scheme, u.Host = "https", strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	u.Path = cmp.Or(strings.TrimRight(u.Path, "/"), "/")
	q := u.Query()
	for k := range q {
		if strings.HasPrefix(k, "utm_") || k == "xtor" || k == "fbclid" || k == "gclid" {
			q.Del(k)
		}
	}
	u.RawQuery = q.Encode()
	if strings.HasPrefix(u.Fragment, "xtor=") || strings.HasPrefix(u.Fragment, "utm_") {
		u.Fragment = ""
	}
	return u.String()
}

func (s source) mention(a article, language string) social.Mention {
	text := markup.Text(cmp.Or(a.Description, a.Content))
	m := social.Mention{
		Key: a.key, Kind: social.Reported, Title: markup.Cut(markup.Line(markup.Text(a.Title)), maxName), Text: markup.Cut(text, maxText),
		URL: cmp.Or(absolute(s.at, a.Link), s.site), SaidAt: a.at, Author: social.Author{Handle: s.title, URL: s.site},
	}
	for _, p := range a.Authors {
		if p != nil && p.Name != "" {
			m.Author.Name = markup.Cut(markup.Line(p.Name), maxTitle)
			break
		}
	}
	if l, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-"); len(l) == 2 {
		m.Language = l
	}
	if m.Title == "" && m.Text == "" {
		m.Title = m.URL
	}
	return m
}

// short stands for a name in the cursor.
func short(name string) string {
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
