package feed_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/feed"
	"griot/connectors/rest"
)

// piece is one article of the site.
type piece struct {
	ID, Link, Title, Words string
	At                     time.Time // zero: it does not say
}

// site is a server of one feed in three formats: /rss, /atom and /json. Whatever is set in answers is said instead.
type site struct {
	mu      sync.Mutex // guards what follows
	pieces  []piece    // oldest first
	answers map[string]http.HandlerFunc
	asked   []*http.Request
}

func (s *site) add(p piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pieces = append(s.pieces, p)
}

func (s *site) change(f func([]piece) []piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pieces = f(s.pieces)
}

func (s *site) answer(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers == nil {
		s.answers = map[string]http.HandlerFunc{}
	}
	s.answers[path] = h
}

// body is a fixed answer.
func body(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, text) // the client may be gone
	}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r)
	own := s.answers[r.URL.Path]
	pieces := slices.Clone(s.pieces)
	s.mu.Unlock()
	if own != nil {
		own(w, r)
		return
	}
	slices.Reverse(pieces)
	text, kind := "", ""
	switch r.URL.Path {
	case "/rss":
		text, kind = rss(pieces), "application/rss+xml"
	case "/atom":
		text, kind = atom(pieces), "application/atom+xml; charset=utf-8"
	case "/json":
		text, kind = jsonFeed(pieces), "application/feed+json"
	default:
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf(`"%x"`, len(text)) // grows with every article
	if w.Header().Set("ETag", tag); r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body(kind, text)(w, r)
}

func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}

func rss(pieces []piece) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Le Journal &amp; Cie</title><link>https://journal.example/</link><language>fr-fr</language><ttl>15</ttl>`)
	for _, p := range pieces {
		fmt.Fprintf(&b, "<item><title>%s</title><description>%s</description>", escaped(p.Title), escaped(p.Words))
		if p.Link != "" {
			fmt.Fprintf(&b, "<link>%s</link>", escaped(p.Link))
		}
		if p.ID != "" {
			fmt.Fprintf(&b, `<guid isPermaLink="false">%s</guid>`, escaped(p.ID))
		}
		if !p.At.IsZero() {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", p.At.UTC().Format(time.RFC1123Z))
		}
		b.WriteString("</item>")
	}
	return b.String() + "</channel></rss>"
}

func atom(pieces []piece) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Journal &amp; Cie</title><id>urn:j</id><link href="https://journal.example/"/>`)
	for _, p := range pieces {
		fmt.Fprintf(&b, `<entry><id>%s</id><title>%s</title><link href="%s"/><updated>%s</updated><summary type="html">%s</summary></entry>`,
			escaped(p.ID), escaped(p.Title), escaped(p.Link), p.At.UTC().Format(time.RFC3339), escaped(p.Words))
	}
	return b.String() + "</feed>"
}

func jsonFeed(pieces []piece) string {
	items := []map[string]any{}
	for _, p := range pieces {
		items = append(items, map[string]any{
			"id": p.ID, "url": p.Link, "title": p.Title, "content_html": p.Words, "date_published": p.At.UTC().Format(time.RFC3339),
		})
	}
	b, err := json.Marshal(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": "Le Journal & Cie", "home_page_url": "https://journal.example/", "language": "fr", "items": items,
	})
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

func connector(t *testing.T, base string) feed.Connector {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	g, err := rest.NewGuard([]string{u.Host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return feed.New(g, time.Now)
}

func credential(address string) connectors.Credential {
	return connectors.Credential{Secrets: map[string]string{feed.Address: address}, Save: nothing}
}
