package feed_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/feed"
	"griot/i18n"
	"griot/social"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func nothing(context.Context, map[string]string) error { return nil }

// TestBattery reads each format from a real server.
func TestBattery(t *testing.T) {
	for _, format := range []string{"/rss", "/atom", "/json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			s := new(site)
			faults := conntest.NewFaults(s)
			base := faults.Serve(t)
			n := 0
			conntest.RunSource(t, conntest.Target{
				New:     func() connectors.Connector { return connector(t, base) },
				Secrets: map[string]string{feed.Address: base + format},
				Faults:  faults,
				Role: func(r *http.Request) conntest.Role {
					if r.Header.Get("If-None-Match") != "" {
						return conntest.Hearing
					}
					return conntest.Opening
				},
				Mention: func(_ *testing.T, text string) string {
					n++
					at := fmt.Sprintf("https://journal.example/%d", n)
					s.add(piece{ID: fmt.Sprint("j:", n), Link: at, Title: text, Words: "<p>" + text + "</p>", At: time.Now()})
					return at
				},
			})
		})
	}
}

// reader is a feed that is read again and again.
type reader struct {
	t      *testing.T
	a      connectors.Account
	cursor string
}

// follow opens the feed at path, and begins to read it.
func follow(t *testing.T, s *site, path string) *reader {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	a, err := connector(t, web.URL).Open(t.Context(), credential(web.URL+path))
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, a: a}
	if got := r.read(); len(got) != 0 {
		t.Fatalf("the beginning gives %+v", got)
	}
	return r
}

func (r *reader) read() []social.Mention {
	r.t.Helper()
	got, err := r.a.Mentions.Since(r.t.Context(), r.cursor)
	if err != nil {
		r.t.Fatal(err)
	}
	r.cursor = got.Cursor
	return got.Mentions
}

func (r *reader) titles() string {
	r.t.Helper()
	var out []string
	for _, m := range r.read() {
		out = append(out, m.Title)
	}
	return strings.Join(out, ", ")
}

// TestAnArticleAsItIsTold: whole, as plain text.
func TestAnArticleAsItIsTold(t *testing.T) {
	t.Parallel()
	s := new(site)
	r := follow(t, s, "/rss")
	if r.a.Handle != "Le Journal & Cie" || r.a.URL != "https://journal.example/" || !strings.HasSuffix(r.a.RemoteID, "/rss") || r.a.Publish != nil {
		t.Errorf("the account: %+v", r.a)
	}
	at := time.Now().UTC().Truncate(time.Second)
	s.add(piece{ID: "1", Link: "http://www.journal.example/a/?utm_source=rss&b=1#xtor=RSS-3", Title: "L&#8217;été <b>arrive</b>", At: at,
		Words: "<p>Un</p><script>alert(1)</script><p>" + strings.Repeat("mot ", 400) + "</p>"})
	got := r.read()
	if len(got) != 1 {
		t.Fatalf("%d articles", len(got))
	}
	if n := len([]rune(got[0].Text)); n > 600 || n < 500 || !strings.HasPrefix(got[0].Text, "Un\n\nmot mot") || !strings.HasSuffix(got[0].Text, "mot…") {
		t.Errorf("%d runes: %q", n, got[0].Text)
	}
	want := social.Mention{
		Key: "https://journal.example/a?b=1", Kind: social.Reported, Title: "L’été arrive", Language: "fr", SaidAt: at,
		URL:    "http://www.journal.example/a/?utm_source=rss&b=1#xtor=RSS-3",
		Author: social.Author{Handle: "Le Journal & Cie", URL: "https://journal.example/"},
	}
	if diff := cmp.Diff(want, got[0], cmpopts.IgnoreFields(social.Mention{}, "Text")); diff != "" {
		t.Errorf("the article (-want +got):\n%s", diff)
	}
}

// TestWhatIsNotNew: an article that is edited, gets another id or another address, leaves and returns, or is older than the beginning.
func TestWhatIsNotNew(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := new(site)
	s.add(piece{ID: "old", Link: "https://j.example/old", Title: "Ancien", At: now.Add(-time.Hour)})
	r := follow(t, s, "/rss")
	for _, step := range []struct {
		what   string
		change func([]piece) []piece
		want   string
	}{
		{"an article", func(p []piece) []piece {
			return append(p, piece{ID: "1", Link: "https://j.example/1", Title: "Un", At: now})
		}, "Un"},
		{"nothing", func(p []piece) []piece { return p }, ""},
		{"an edit", func(p []piece) []piece { p[1].Title, p[1].Words = "Un, corrigé", "Longtemps après"; return p }, ""},
		{"another id", func(p []piece) []piece { p[1].ID = "https://j.example/?p=1000"; return p }, ""},
		{"another address", func(p []piece) []piece { p[1].Link = "https://j.example/2026/11/un-titre-nouveau"; return p }, ""},
		{"it leaves", func(p []piece) []piece { return p[:1] }, ""},
		{"it returns", func(p []piece) []piece {
			return append(p, piece{ID: "https://j.example/?p=1000", Link: "https://j.example/2026/11/un-titre-nouveau", Title: "Un est revenu", At: now})
		}, ""},
		{"one from before the beginning", func(p []piece) []piece {
			return append(p, piece{ID: "0", Link: "https://j.example/0", Title: "Zéro", At: now.Add(-100 * time.Hour)})
		}, ""},
		{"no dates, no ids", func(p []piece) []piece {
			return append(p, piece{Link: "https://j.example/2", Title: "Deux"}, piece{Link: "https://j.example/3", Title: "Trois"})
		}, "Deux, Trois"},
		{"no links, no ids", func(p []piece) []piece { return append(p, piece{Title: "Quatre"}, piece{Title: "Cinq"}) }, "Quatre, Cinq"},
		{"one link for all", func(p []piece) []piece {
			return append(p, piece{ID: "6", Link: "https://j.example/", Title: "Six", At: now}, piece{ID: "7", Link: "https://j.example/", Title: "Sept", At: now})
		}, "Six, Sept"},
		{"everything turned round", func(p []piece) []piece { slices.Reverse(p); return p }, ""},
	} {
		s.change(step.change)
		if got := r.titles(); got != step.want {
			t.Errorf("%s: %q came, want %q", step.what, got, step.want)
		}
	}
}

// TestLetters: feeds that are not in UTF-8, and those that say something else than they are.
func TestLetters(t *testing.T) {
	t.Parallel()
	const latin = "\xe9t\xe9" // été
	item := func(head, title string) string {
		return head + `<rss version="2.0"><channel><title>J</title><item><link>https://j.example/1</link><title>` + title + `</title></item></channel></rss>`
	}
	for name, c := range map[string]struct{ kind, text, want string }{
		"ISO-8859-1 in the XML":        {"application/xml", item(`<?xml version="1.0" encoding="ISO-8859-1"?>`, latin), "été"},
		"windows-1252 in the XML":      {"text/xml", item(`<?xml version="1.0" encoding="windows-1252"?>`, "l\x92"+latin+" \x80"), "l’été €"},
		"ISO-8859-15 in the head only": {"text/xml; charset=ISO-8859-15", item("", latin+" \xa4"), "été €"},
		"nothing said":                 {"application/rss+xml", item(`<?xml version="1.0"?>`, latin), "été"},
		"UTF-8 said, and not true":     {"application/rss+xml", item(`<?xml version="1.0" encoding="UTF-8"?>`, latin), "été"},
		"UTF-8 with its mark":          {"application/rss+xml", "\xef\xbb\xbf" + item(`<?xml version="1.0" encoding="UTF-8"?>`, "été"), "été"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := new(site)
			s.answer("/f", body("text/xml", item("", "")[:strings.Index(item("", ""), "<item>")]+"</channel></rss>"))
			r := follow(t, s, "/f")
			s.answer("/f", body(c.kind, c.text))
			if got := r.titles(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestWhatIsNoFeed: a person reads what to do.
func TestWhatIsNoFeed(t *testing.T) {
	t.Parallel()
	s := new(site)
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.answer("/page", body("text/html", `<!DOCTYPE html><html><head><title>x</title><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>y`))
	s.answer("/bare", body("text/html", "<html><body>rien"))
	s.answer("/api", body("application/json", `{"items":[]}`))
	for path, want := range map[string]string{"/page": web.URL + "/rss", "/bare": "RSS", "/api": "RSS"} {
		_, err := connector(t, web.URL).Open(t.Context(), credential(web.URL+path))
		e, ok := errors.AsType[*connectors.Error](err)
		if !ok || e.Kind != connectors.Refused || e.Tell == nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, l := range i18n.Locales {
			if said := e.Tell.In(l); !strings.Contains(said, want) {
				t.Errorf("%s: %q, want %q in it", path, said, want)
			}
		}
	}
}

// TestGuarded: no hop of a redirect may lead to what only this machine sees; a good one is followed.
func TestGuarded(t *testing.T) {
	t.Parallel()
	s := new(site)
	secret := httptest.NewServer(s)
	t.Cleanup(secret.Close)
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.answer("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/rss", http.StatusMovedPermanently) })
	s.answer("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secret.URL+"/rss", http.StatusFound)
	})
	c := connector(t, web.URL)
	if _, err := c.Open(t.Context(), credential(web.URL+"/moved")); err != nil {
		t.Errorf("a feed that has moved: %v", err)
	}
	for _, at := range []string{web.URL + "/inside", secret.URL + "/rss", "file:///etc/passwd", "http://me:pw@journal.example/", "https://127.0.0.1/", ""} {
		if _, err := c.Open(t.Context(), credential(at)); connectors.KindOf(err) != connectors.Refused && connectors.KindOf(err) != connectors.Temporary || err == nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// TestAnUnchangedFeedIsNotReadAgain: a 304 keeps the cursor, and the feed says how long it rests.
func TestAnUnchangedFeedIsNotReadAgain(t *testing.T) {
	t.Parallel()
	s := new(site)
	r := follow(t, s, "/rss")
	before := r.cursor
	s.add(piece{ID: "1", Link: "https://j.example/1", Title: "Un", At: time.Now()})
	got, err := r.a.Mentions.Since(t.Context(), before)
	if err != nil || got.After != 15*time.Minute || len(got.Mentions) != 1 {
		t.Fatalf("a changed feed: %+v, %v", got, err)
	}
	again, err := r.a.Mentions.Since(t.Context(), got.Cursor)
	if err != nil || again.Cursor != got.Cursor || len(again.Mentions) != 0 || again.After != 5*time.Minute {
		t.Errorf("an unchanged feed: %+v, %v", again, err)
	}
}
