package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// press is a server of three feeds, each in a form of its own.
type press struct {
	mu  sync.Mutex // guards what follows
	out []headline // oldest first
}

type headline struct {
	feed, title string
	at          time.Time
}

func (p *press) prints(feed, title string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out = append(p.out, headline{feed, title, at})
}

// forms are the feeds by their paths: what stands around the articles, what stands between two of them, and one of them.
var forms = map[string]struct {
	kind, before, between, after string
	article                      func(headline) string
}{
	"/rss": {"application/rss+xml", `<?xml version="1.0"?><rss version="2.0"><channel><title>Le Journal</title><link>https://journal.example/</link>`, "", "</channel></rss>",
		func(h headline) string {
			return fmt.Sprintf(`<item><title>%s</title><link>%s</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate></item>`,
				h.title, h.link(), h.title, h.at.UTC().Format(time.RFC1123Z))
		}},
	"/atom": {"application/atom+xml", `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>La Gazette</title><id>urn:g</id><link href="https://gazette.example/"/>`, "", "</feed>",
		func(h headline) string {
			return fmt.Sprintf(`<entry><id>urn:%s</id><title>%s</title><link href="%s"/><updated>%s</updated></entry>`, h.title, h.title, h.link(), h.at.UTC().Format(time.RFC3339))
		}},
	"/json": {"application/feed+json", `{"version":"https://jsonfeed.org/version/1.1","title":"Le Courrier","home_page_url":"https://courrier.example/","items":[`, ",", "]}",
		func(h headline) string {
			return fmt.Sprintf(`{"id":%q,"url":%q,"title":%q,"date_published":%q}`, h.title, h.link(), h.title, h.at.UTC().Format(time.RFC3339))
		}},
}

func (h headline) link() string { return "https://presse.example" + h.feed + "/article" }

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, ok := forms[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text, between := form.before, ""
	for _, h := range p.out {
		if h.feed == r.URL.Path {
			text, between = text+between+form.article(h), form.between
		}
	}
	w.Header().Set("Content-Type", form.kind)
	fmt.Fprint(w, text+form.after) // the client may be gone
}

// TestBrowserWatch follows three feeds, RSS, Atom and JSON Feed, on a real server: what was out before is left aside, and what comes
// out then is a card each, with its title, its address and the name of the feed.
func TestBrowserWatch(t *testing.T) {
	all := chromium(t)
	papers := &press{}
	web := httptest.NewServer(papers)
	t.Cleanup(web.Close)
	s := newSite(t, host(web.URL))
	feeds := []struct{ path, name, title string }{
		{"/rss", "Le Journal", "La bibliothèque fête ses cent ans"},
		{"/atom", "La Gazette", "Un atelier de reliure très couru"},
		{"/json", "Le Courrier", "Ouverte le dimanche en hiver"},
	}
	for _, f := range feeds {
		papers.prints(f.path, "Paru avant", s.clock.Now().Add(-time.Hour))
	}
	p := newPage(t, all, s.home)
	p.begins()
	p.enters("general")
	for _, f := range feeds {
		p.says("/veille ajouter " + web.URL + f.path)
		p.card(f.name+" est suivi", "Bibliothèque")
	}
	s.listens("feed", len(feeds))
	for _, f := range feeds {
		papers.prints(f.path, f.title, s.clock.Now())
	}
	s.clock.passes(60 * minute) // a feed is not asked every minute
	s.collects()
	p.enters("validations")
	for _, f := range feeds {
		p.card("Nouvel article", "article paru dans "+f.name, f.title, "lire l’article")
		p.until(f.title+" leads to the article", `cards(`+quoted([]string{f.title})+`).at(-1)?.querySelector('a[href=`+quoted([]string{headline{feed: f.path}.link()})+`]')`)
	}
	p.look("95-articles")
	p.misses("Paru avant")
}
