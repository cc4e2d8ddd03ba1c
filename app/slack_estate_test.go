package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/connectors/pretend"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// front is Griot's public address, whichever process of it runs.
type front struct {
	*httptest.Server
	now atomic.Value // http.Handler
}

func newFront(t *testing.T) *front {
	f := &front{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h, ok := f.now.Load().(http.HandlerFunc); ok {
			h(w, r)
			return
		}
		http.Error(w, "nobody is here", http.StatusBadGateway)
	}))
	t.Cleanup(f.Close)
	return f
}

// leads makes the address that of the Griot that runs now.
func (f *front) leads(a *App) { f.now.Store(http.HandlerFunc(a.Handler().ServeHTTP)) }

// estate is a Griot that any workspace may install, over HTTP.
type estate struct {
	*world
	slack *slacktest.Server
	front *front
}

// tenant is a workspace that did, with a brand, a post that waits for approval, and a word that nobody else says.
type tenant struct {
	*estate
	space              *slacktest.Workspace
	boss, pen          *slacktest.Person // an admin, and somebody who writes
	general, approvals *slacktest.Channel
	secret             string

	team  string
	brand social.Brand
	post  string
}

func newEstate(t *testing.T, database string, manners slacktest.Options) *estate {
	t.Helper()
	return newWorld(t, database, i18n.Fr).estate(manners)
}

func (w *world) estate(manners slacktest.Options) *estate {
	w.Helper()
	e := &estate{world: w, front: newFront(w.T)}
	manners.Now, manners.Pace = e.clock.Now, -1
	e.slack = slacktest.New(w.T, manners)
	e.slack.OverHTTP(e.front.URL)
	app := e.slack.App
	e.cfg.Playground, e.cfg.BaseURL = On, e.front.URL
	e.cfg.Slack = Slack{APIURL: e.slack.API(), SigningSecret: app.SigningSecret, ClientID: app.ClientID, ClientSecret: app.ClientSecret}
	e.start()
	e.front.leads(e.app)
	return e
}

// tenant makes a workspace whose people set Griot up: in a window, or in one line.
func (e *estate) tenant(name, secret, locale string) *tenant {
	e.Helper()
	x := &tenant{estate: e, space: e.slack.Workspace(name), secret: secret}
	x.boss = x.space.Person(slacktest.Profile{Name: "boss", RealName: name + " Boss", Locale: locale, Zone: "Europe/Paris", Admin: true})
	x.pen = x.space.Person(slacktest.Profile{Name: "pen", RealName: name + " Pen", Locale: locale, Zone: "Europe/Paris"})
	x.general, x.approvals = x.space.Channel("general", x.boss, x.pen), x.space.Channel("validations", x.boss, x.pen)
	x.installs()
	x.acted("the invitation", x.approvals.Invite())
	return x
}

// installs goes through Slack's page with a browser, and returns the page that ends it.
func (x *tenant) installs() string {
	x.Helper()
	jar, err := cookiejar.New(nil)
	x.must(err)
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	begun, err := browser.Get(x.front.URL + "/slack/install")
	x.must(err)
	x.must(begun.Body.Close())
	back, err := x.boss.Allow(begun.Header.Get("Location"))
	x.must(err)
	if code, _ := x.visits(&http.Client{}, back); code != http.StatusBadRequest {
		x.Errorf("another browser may end an installation: %d", code)
	}
	code, page := x.visits(browser, back)
	if code != http.StatusOK || !strings.Contains(page, x.space.Name) {
		x.Fatalf("%s is not installed: %d %s", x.space.Name, code, page)
	}
	if again, _ := x.visits(browser, back); again != http.StatusBadRequest {
		x.Errorf("an installation ends twice: %d", again)
	}
	return page
}

func (e *estate) visits(browser *http.Client, at string) (int, string) {
	e.Helper()
	res, err := browser.Get(at)
	e.must(err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	e.must(err)
	return res.StatusCode, string(page)
}

// pair is two tenants; the first sets Griot up in a window, the second in one line.
func (e *estate) pair() (moon, river *tenant) {
	e.Helper()
	moon, river = e.tenant("Lune", "Moonshine", "fr-FR"), e.tenant("River", "Waterside", "en-US")
	e.acted("setup", moon.boss.Command(moon.general, "/griot", "demarrer"))
	e.slack.Eventually("the window", func() bool { return moon.boss.Modal().Open() })
	v := moon.boss.Modal()
	e.acted("setup", moon.boss.Submit(slacktest.Values{field(v, "Nom de votre marque"): {"Maison Lune"}, field(v, "Canal des validations"): {"validations"}}))
	e.acted("setup", river.boss.Command(river.general, "/griot", `setup brand:"Riverside Library" language:english approvals:#validations`))
	moon.settles()
	river.settles()
	return moon, river
}

// settles takes the tenant's brand as it was set up, and makes it ready to publish, with a post to approve.
func (x *tenant) settles() {
	x.Helper()
	ctx := x.Context()
	x.wait("the team of "+x.space.Name, func() bool {
		t, err := storage.TeamAt(ctx, x.app.DB, slackbot.Name, x.space.ID)
		x.team = t.ID
		return err == nil
	})
	by := x.member(x.boss)
	brands, err := x.app.Team.Brands(ctx, by)
	x.must(err)
	x.brand = brands[0]
	account, err := x.app.Accounts.Connect(ctx, by, x.brand.ID, pretend.ID, map[string]string{"name": x.space.Name})
	x.must(err)
	pen := x.known(x.team, x.brand, x.space, x.pen, social.Writer)
	x.post = x.writes(pen, account.ID, x.secret+" opens on Saturday.")
	x.wait("the card of "+x.space.Name, func() bool { return x.standsAt(x.team, x.post, x.approvals) != "" })
	x.catchesUp(x.team, x.post, x.approvals)
}

// writes is a post that waits for approval.
func (x *tenant) writes(by social.Member, account, text string) string {
	x.Helper()
	sheet, err := x.app.Publishing.Draft(x.Context(), by, x.brand.ID, publishing.Content{Text: text, Accounts: []string{account}, When: social.Later})
	x.must(err)
	_, err = x.app.Publishing.Move(x.Context(), by, sheet.Post.ID, 0, social.Submit, social.Change{})
	x.must(err)
	return sheet.Post.ID
}

func (x *tenant) member(who *slacktest.Person) social.Member {
	x.Helper()
	m, err := storage.MemberAt(x.Context(), x.app.DB, slackbot.Name, x.space.ID, who.ID)
	x.must(err)
	return m
}

func (x *tenant) sheet() social.Sheet {
	x.Helper()
	s, err := storage.SheetOf(x.Context(), x.app.DB, x.team, x.post)
	x.must(err)
	return s
}

func (x *tenant) card() slacktest.Message {
	return x.approvals.Message(x.standsAt(x.team, x.post, x.approvals))
}

// everything is all that the people of a workspace have before them, with what cannot be read but pressed.
func (x *tenant) everything() string {
	x.Helper()
	var all []any
	for _, c := range []*slacktest.Channel{x.general, x.approvals, x.boss.Direct(), x.pen.Direct()} {
		for _, m := range c.All() {
			all = append(all, m.Text, m.Blocks)
		}
	}
	for _, p := range []*slacktest.Person{x.boss, x.pen} {
		for _, m := range p.Ephemerals() {
			all = append(all, m.Text, m.Blocks)
		}
		all = append(all, p.Modal().Blocks, p.Home().Blocks)
	}
	b, err := json.Marshal(all)
	x.must(err)
	return string(b)
}
