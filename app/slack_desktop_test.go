package app

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/bot/slackbot/slacktest"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// desktop is a team at work in Slack over HTTP, every request of which is kept.
type desktop struct {
	*world
	*office
	tap  *tap
	team string
}

// tap is between Slack and Griot.
type tap struct {
	*httptest.Server

	mu   sync.Mutex // guards last
	last map[string]request
}

// request is what Slack sent.
type request struct {
	path   string
	header http.Header
	body   []byte
}

func newDesktop(t *testing.T, database string) *desktop {
	t.Helper()
	return newWorld(t, database, i18n.Fr).desktop()
}

// newDesktopNow is one by the clock of the machine, as jobs that failed need it: they are tried again after a while.
func newDesktopNow(t *testing.T, database string) *desktop {
	t.Helper()
	w := newWorld(t, database, i18n.Fr)
	w.clock.jump(time.Since(w.clock.Now()))
	w.runs()
	return w.desktop()
}

// sockets is a desktop by Socket Mode.
func (w *world) sockets(manners slacktest.Options) *desktop {
	w.Helper()
	d := &desktop{world: w}
	d.office = w.opensAt(bySocket, manners)
	d.start()
	d.WaitConnected(2)
	d.brand()
	d.joins(d.office)
	d.team = d.member(awa).TeamID
	return d
}

func (w *world) desktop() *desktop {
	w.Helper()
	d := &desktop{world: w, tap: &tap{last: map[string]request{}}}
	d.office = d.opens(byHTTP)
	d.start()
	griot := d.app.Handler()
	d.tap.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 2<<20))
		if err == nil && len(body) < 2<<20 {
			d.tap.mu.Lock()
			d.tap.last[r.URL.Path] = request{r.URL.Path, r.Header.Clone(), body}
			d.tap.mu.Unlock()
		}
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
		griot.ServeHTTP(w, r)
	}))
	d.Cleanup(d.tap.Close)
	d.OverHTTP(d.tap.URL)
	d.brand()
	d.joins(d.office)
	d.team = d.member(awa).TeamID
	return d
}

// heard is the last request to a path.
func (x *tap) heard(path string) request {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.last[path]
}

// sends sends a request, and returns its status and what is said.
func (d *desktop) sends(r request) (int, string) {
	d.Helper()
	q, err := http.NewRequest(http.MethodPost, d.tap.URL+r.path, bytes.NewReader(r.body))
	d.must(err)
	q.Header = r.header.Clone()
	res, err := http.DefaultClient.Do(q)
	d.must(err)
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	d.must(err)
	return res.StatusCode, string(said)
}

// signed is a request as Slack signs it at an instant.
func (d *desktop) signed(r request, at time.Time) request {
	header := r.header.Clone()
	for k, v := range d.App.Sign(at, r.body) {
		header[k] = v
	}
	return request{r.path, header, r.body}
}

// waiting is a post of Nora's that waits for approval, with its card in Slack.
func (d *desktop) waiting(text string) string {
	d.Helper()
	return d.waitingIn(text, d.channels[approvals])
}

func (d *desktop) waitingIn(text string, c *slacktest.Channel) string {
	d.Helper()
	d.types(nora, `/post rediger texte:"`+text+`" vers:village`)
	id := d.posted(text)
	d.decides(nora, id, social.Submit)
	d.wait("the card in Slack", func() bool { return d.standsAt(d.team, id, c) != "" })
	d.catchesUp(d.team, id, c)
	return id
}

// posted is the post with that text.
func (d *desktop) posted(text string) string {
	d.Helper()
	all, err := storage.Posts(d.Context(), d.app.DB, d.team, storage.PostFilter{Text: text, Limit: 1})
	if err != nil || len(all) != 1 {
		d.Fatalf("the draft of %q: %d, %v", text, len(all), err)
	}
	return all[0].ID
}

// decides is a decision taken elsewhere than in Slack.
func (d *desktop) decides(who, post string, do social.Move) {
	d.Helper()
	_, err := d.app.Publishing.Move(d.Context(), d.member(who), post, 0, do, social.Change{Note: "Plus court."})
	d.must(err)
}

func (d *desktop) card(post string) slacktest.Message {
	d.Helper()
	return d.channels[approvals].Message(d.standsAt(d.team, post, d.channels[approvals]))
}

// did are the decisions about a post since it was sent for approval.
func (d *desktop) did(post string) []string {
	d.Helper()
	entries, err := storage.Entries(d.Context(), d.app.DB, d.team, post)
	d.must(err)
	var out []string
	for _, e := range entries[2:] {
		out = append(out, string(e.What))
	}
	return out
}

// only fails the test unless exactly that was decided, and every card shows it.
func (d *desktop) only(post string, decided ...string) {
	d.Helper()
	d.catchesUp(d.team, post, d.channels[approvals])
	if diff := cmp.Diff(decided, d.did(post)); diff != "" {
		d.Errorf("decided (-want +got):\n%s", diff)
	}
}

// told waits until somebody reads words that only they see.
func (d *desktop) told(who *slacktest.Person, words ...string) {
	d.Helper()
	last := ""
	if !d.soon(patience, func() bool { last = who.Ephemeral().String(); return containsAll(last, words) }) {
		d.Fatalf("%s reads %q, want %q", who.Name, last, words)
	}
}

// directly is what Griot has said to somebody directly, in every chat.
func (d *desktop) directly(name string) string {
	var out []string
	for _, m := range d.people[name].Direct().All() {
		out = append(out, m.Lines...)
	}
	for _, s := range d.app.Playgrounds {
		all := s.Messages(playground.Direct(name))
		for _, m := range all {
			out = append(out, messageLines(m)...)
		}
		out = append(out, asked(all, nil)...)
	}
	return strings.Join(out, "\n")
}
