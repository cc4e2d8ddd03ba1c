package commands_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"griot/chat"
	"griot/connectors/feed"
	"griot/connectors/rest"
	"griot/fault"
	"griot/i18n"

	"github.com/google/go-cmp/cmp"
)

// journal is a site with a feed at /feed and a page that names it at /.
func journal(t *testing.T, d *desk) string {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			http.Error(w, "gone", http.StatusGone)
			return
		}
		if r.URL.Path != "/feed" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<title>J</title><link rel="alternate" type="application/rss+xml" href="/feed">`)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Le Journal</title><link>https://journal.example/</link></channel></rss>`)
	}))
	t.Cleanup(web.Close)
	u, err := url.Parse(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := rest.NewGuard([]string{u.Host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	d.networks[feed.ID] = feed.New(guard, clock)
	return web.URL
}

func TestWatch(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		site := journal(t, d)
		awa, mo, will := manager("Awa"), user("Mo"), user("Will")
		d.begin(awa, "Maison")
		for who, role := range map[chat.Who]string{mo: "moderator", will: "writer"} {
			card(t, of(d.types(who, "team join "+word(card(t, of(d.types(awa, "team invite roles:"+role)))))))
		}

		f := form(t, of(d.types(mo, "watch add")))
		if len(f.Inputs) == 0 || f.Inputs[0].Name != "address" {
			t.Fatalf("the form asks for %+v", f.Inputs)
		}
		_, err := d.types(mo, "watch add "+site+"/gone")
		if got := fault.For(err, i18n.Fr); !strings.HasPrefix(got, "Le site n’a pas accepté cette demande") {
			t.Errorf("a feed that is gone: %s", got)
		}
		if c := card(t, of(d.types(mo, "watch add "+site+"/feed"))); c.Title != "Le Journal is being read" {
			t.Errorf("added: %q", c.Title)
		}
		_, err = d.types(will, "watch add "+site+"/feed")
		refused(t, err, fault.Denied, "")
		_, err = d.types(mo, "watch add "+site+"/")
		refused(t, err, fault.Invalid, "address")
		if err == nil || !strings.Contains(fault.For(err, "en"), site+"/feed") {
			t.Errorf("a page: %v", err)
		}

		// It is no target of a post, and /connect does not offer it.
		_, err = d.types(awa, `post draft text:"Bonjour" to:"Le Journal"`)
		refused(t, err, fault.Invalid, "to")
		if c := card(t, of(d.types(awa, "connect"))); !cmp.Equal(labels(c.Buttons), []string{"Toynet"}) {
			t.Errorf("offered: %q", labels(c.Buttons))
		}
		if c := card(t, of(d.types(awa, "accounts"))); len(c.Sections) != 0 {
			t.Errorf("accounts: %+v", c.Sections)
		}

		c := card(t, of(d.types(mo, "watch list")))
		if len(c.Sections) != 1 || c.Sections[0].Title != "Le Journal" || len(c.Selects) != 1 || len(c.Selects[0].Options) != 1 {
			t.Fatalf("the list: %+v", c)
		}
		pick := chat.Values{"value": {c.Selects[0].Options[0].Value}}
		_, err = d.presses(will, chat.Event{Tag: c.Selects[0].Tag}, pick)
		refused(t, err, fault.Denied, "")
		if c = card(t, of(d.presses(mo, chat.Event{Tag: c.Selects[0].Tag}, pick))); len(c.Sections) != 0 {
			t.Errorf("the list after removal: %+v", c.Sections)
		}
		_, err = d.types(mo, `watch remove "Le Journal"`)
		refused(t, err, fault.Invalid, "source")
		card(t, of(d.types(mo, "watch add "+site+"/feed")))
		if c := card(t, of(d.types(awa, `veille retirer "Le Journal"`))); said(c.Body) != "Le Journal is no longer read. What came from there stays." {
			t.Errorf("removed: %q", said(c.Body))
		}
	})
}
