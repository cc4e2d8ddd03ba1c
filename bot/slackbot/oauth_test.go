package slackbot_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// house is a Griot that any workspace may install, and one that has not done so yet.
type house struct {
	world
	browser *http.Client // follows no redirect
	other   *slacktest.Workspace
	binta   *slacktest.Person // of other, English
}

// open begins a house: no bot token, over HTTP.
func open(t *testing.T, s setting) house {
	t.Helper()
	h := house{}
	griot, ready := s.griot, s.ready
	s.http = true
	s.ready = func(w world) {
		h.other = w.slack.Workspace("other")
		h.binta = h.other.Person(slacktest.Profile{Name: "binta"})
		if ready != nil {
			ready(w)
		}
	}
	s.griot = func(o *slackbot.Options) {
		o.BotToken, o.BaseURL = "", "http://127.0.0.1:9" // the browser of tests goes to the real address
		o.ClientID, o.ClientSecret = "1111111111.2222222222", "client-secret-c0ffee"
		if griot != nil {
			griot(o)
		}
	}
	h.world = begin(t, s)
	h.browser = h.newBrowser()
	return h
}

// newBrowser has no cookies yet.
func (h house) newBrowser() *http.Client {
	h.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// visit opens an address of Griot in a browser.
func (h house) visit(browser *http.Client, address string) (code int, page, next string) {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), "GET", h.base+strings.TrimPrefix(address, "http://127.0.0.1:9"), nil)
	h.must(err)
	r.Header.Set("Accept-Language", "en-US,en;q=0.9")
	answer, err := browser.Do(r)
	h.must(err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	h.must(err)
	return answer.StatusCode, string(said), answer.Header.Get("Location")
}

// install is what a person does who adds Griot to their workspace.
func (h house) install(p *slacktest.Person) (code int, page string) {
	h.Helper()
	_, _, link := h.visit(h.browser, "/slack/install")
	back, err := p.Allow(link)
	h.must(err)
	code, page, _ = h.visit(h.browser, back)
	return code, page
}

func TestAnyWorkspaceMayInstallGriot(t *testing.T) {
	t.Parallel()
	var joined []string
	h := open(t, setting{griot: func(o *slackbot.Options) {
		o.Installed = func(_ context.Context, workspace string) { joined = append(joined, workspace) }
	}})
	code, page := h.install(h.binta)
	h.says(page, "Griot is in other", "app_redirect")
	right, err := h.rights.Get(t.Context(), h.other.ID)
	h.must(err)
	want := slackbot.Install{Workspace: h.other.ID, Name: "other", App: h.slack.App.ID, BotUser: h.other.Bot.ID, InstalledBy: h.binta.ID,
		Token: h.other.Token(), Scopes: right.Scopes}
	if diff := cmp.Diff(want, right); diff != "" || code != http.StatusOK || len(slackbot.Missing(right.Scopes)) > 0 {
		t.Errorf("%d, right (-want +got):\n%s", code, diff)
	}
	h.slack.Eventually("a welcome", func() bool { return len(h.binta.Direct().Messages()) == 1 })
	h.says(h.binta.Direct().Last().String(), "/griot")
	if diff := cmp.Diff([]string{h.other.ID}, joined); diff != "" {
		t.Errorf("joined (-want +got):\n%s", diff)
	}
	// Who installed it manages Griot there, although she is no admin. Nobody of the workspace beside it is heard.
	hall := h.other.Channel("hall", h.binta)
	h.ok(h.binta.Command(hall, "/post", "hello"))
	if who := h.desk.last().Who; !who.Manager || who.Workspace != h.other.ID || who.Locale != "en" {
		t.Errorf("who: %+v", who)
	}
	h.ok(h.awa.Command(h.posts, "/post", "hello"))
	h.says(h.awa.Ephemeral().String(), "not installed in this workspace")
	if n := len(h.desk.heard()); n != 1 {
		t.Errorf("heard %d", n)
	}
}

func TestAnInstallationBelongsToTheBrowserThatBeganIt(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	begun := func() string {
		_, _, link := h.visit(h.browser, "/slack/install")
		back, err := h.binta.Allow(link)
		h.must(err)
		return back
	}
	stranger := h.newBrowser()
	back := begun()
	forged := func(key, value string) string {
		u, err := url.Parse(back)
		h.must(err)
		q := u.Query()
		q.Set(key, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	h.visit(stranger, "/slack/install") // it has a cookie too, of its own
	for what, c := range map[string]struct {
		browser *http.Client
		address string
	}{
		"another browser": {h.newBrowser(), back}, "a browser that began another": {stranger, back},
		"another word": {h.browser, forged("state", "00")}, "no word": {h.browser, forged("state", "")},
	} {
		code, page, _ := h.visit(c.browser, c.address)
		if code != http.StatusBadRequest || !strings.Contains(page, "Begin again") {
			t.Errorf("%s: %d", what, code)
		}
	}
	if code, page, _ := h.visit(h.browser, back); code != http.StatusOK {
		t.Errorf("the browser that began it: %d %s", code, page)
	}
	h.rights.forget(h.other.ID)
	if code, _, _ := h.visit(h.browser, back); code != http.StatusBadRequest {
		t.Errorf("the same address twice: %d", code)
	}
	back = begun()
	h.clock.move(11 * time.Minute)
	if code, _, _ := h.visit(h.browser, back); code != http.StatusBadRequest {
		t.Errorf("eleven minutes later: %d", code)
	}
	if _, err := h.rights.Get(t.Context(), h.other.ID); !errors.Is(err, chat.ErrRemoved) {
		t.Errorf("installed all the same: %v", err)
	}
}

func TestAnInstallationThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	_, _, link := h.visit(h.browser, "/slack/install")
	back, err := h.binta.Deny(link)
	h.must(err)
	_, page, _ := h.visit(h.browser, back)
	h.says(page, "cancelled in Slack", "/slack/install")

	_, _, link = h.visit(h.browser, "/slack/install")
	back, err = h.binta.Allow(strings.Replace(link, "files%3Aread%2C", "", 1)) // somebody edits what is asked for
	h.must(err)
	code, page, _ := h.visit(h.browser, back)
	h.says(page, "files:read")
	if code != http.StatusBadRequest {
		t.Errorf("without a scope: %d", code)
	}

	_, _, link = h.visit(h.browser, "/slack/install")
	back, err = h.binta.Allow(link)
	h.must(err)
	h.clock.move(9 * time.Minute)
	u, err := url.Parse(back)
	h.must(err)
	q := u.Query()
	q.Set("code", "10000001.1.made-up")
	u.RawQuery = q.Encode()
	_, page, _ = h.visit(h.browser, u.String())
	h.says(page, "invalid_code")

	h.rights.breaks(errors.New("the disk is full"))
	code, page, _ = h.visit(h.browser, "/slack/install")
	h.says(page, "Griot was not installed")
	if _, err := h.rights.Get(t.Context(), h.other.ID); !errors.Is(err, chat.ErrRemoved) || code != http.StatusServiceUnavailable {
		t.Errorf("%d, installed all the same: %v", code, err)
	}
}

func TestAnInstallationForAWholeOrganisationIsRefused(t *testing.T) {
	t.Parallel()
	base := ""
	h := open(t, setting{ready: func(w world) {
		slack, err := url.Parse(w.slack.URL)
		w.must(err)
		mux := http.NewServeMux()
		mux.Handle("/", httputil.NewSingleHostReverseProxy(slack))
		mux.HandleFunc("/api/oauth.v2.access", func(out http.ResponseWriter, _ *http.Request) {
			io.WriteString(out, `{"ok":true,"access_token":"xoxb-org","is_enterprise_install":true,"enterprise":{"id":"E1","name":"Big"},"team":null}`)
		})
		front := httptest.NewServer(mux)
		w.Cleanup(front.Close)
		base = front.URL
	}, griot: func(o *slackbot.Options) { o.API = base + "/api/" }})
	code, page := h.install(h.binta)
	h.says(page, "Griot was not installed", "organisation")
	if _, err := h.rights.Get(t.Context(), h.other.ID); !errors.Is(err, chat.ErrRemoved) || code != http.StatusBadRequest {
		t.Errorf("%d, installed: %v", code, err)
	}
}

func TestTwoWorkspacesDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.install(h.awa)
	h.install(h.binta)
	hall := h.other.Channel("hall", h.binta)
	hall.Invite()
	there := chat.Place{Surface: "slack", Workspace: h.other.ID, Channel: hall.ID}
	theirs, err := h.griot.Send(t.Context(), there, "p2", h.desk.card("p2"))
	h.must(err)
	h.card("p1")
	if calls := h.slack.Calls("chat.postMessage"); !slices.ContainsFunc(calls, func(c slacktest.Call) bool { return c.Team == h.other.ID && c.Args["channel"] == hall.ID }) {
		t.Errorf("whose token? %v", calls)
	}
	h.ok(h.other.Uninstall())
	h.slack.Eventually("the end of a right", func() bool { return len(h.rights.gone()) > 0 })
	for range 2 {
		if err := h.griot.Edit(t.Context(), theirs, h.desk.card("p2")); !errors.Is(err, chat.ErrRemoved) {
			t.Errorf("edit there: %v", err)
		}
	}
	h.ok(h.awa.Press(h.posts.Last(), "Approve"))
	h.slack.Eventually("the card here", func() bool { return strings.Contains(h.posts.Last().String(), "approved by awa") })
	if err := h.griot.Health(); err != nil {
		t.Errorf("health: %v", err)
	}
	if _, err := h.griot.Examine(t.Context(), h.acme.ID); err != nil {
		t.Errorf("the doctor says of this one: %v", err)
	}
	if _, err := h.griot.Examine(t.Context(), h.other.ID); !errors.Is(err, chat.ErrRemoved) {
		t.Errorf("the doctor says of the other: %v", err)
	}
}
