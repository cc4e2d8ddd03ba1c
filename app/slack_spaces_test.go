package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/connectors/pretend"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/team"
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

// pries tries to come to another tenant's post by every way there is.
func (x *tenant) pries(other *tenant) {
	x.Helper()
	for _, line := range []string{"post list", "post list with:" + other.secret, "calendar", "accounts", "brand", "team", "help",
		"post show post:" + other.post, "post show post:" + other.secret, "why post:" + other.post, "post schedule post:" + other.post + " at:tomorrow",
		"post now post:" + other.post, "post cancel post:" + other.post, "post edit post:" + other.post + " text:Stolen", "post remove post:" + other.post} {
		x.acted(line, x.boss.Command(x.general, "/griot", line))
	}
	for _, line := range []string{"why", "post show", "post draft", "brand set", "connect"} { // what they offer to choose from
		x.acted(line, x.boss.Command(x.general, "/griot", line))
	}
	x.acted("home", x.boss.OpenHome())
	x.slack.Eventually("the home", func() bool { return x.boss.Home().Open() })
	x.acted("words", x.boss.Mention(x.approvals, "why post:"+other.post))
	for verb, tag := range tags(other.card().Blocks) {
		for _, message := range []slacktest.Object{{"ts": x.card().ID, "channel": x.approvals.ID}, {"ts": other.card().ID, "channel": other.approvals.ID}} {
			x.acted(verb+" with a copied tag", x.slack.SendRaw("interactive", x.presses(verb, tag.String(), message)))
		}
	}
}

// presses is a press of a button that nobody was shown.
func (x *tenant) presses(verb, value string, on slacktest.Object) slacktest.Object {
	return slacktest.Object{
		"type": "block_actions", "trigger_id": storage.NewID("trg"), "team": slacktest.Object{"id": x.space.ID},
		"user":      slacktest.Object{"id": x.boss.ID, "name": x.boss.Name, "team_id": x.space.ID},
		"container": slacktest.Object{"type": "message", "message_ts": on["ts"], "channel_id": on["channel"]},
		"channel":   slacktest.Object{"id": on["channel"]},
		"actions":   []any{slacktest.Object{"type": "button", "action_id": verb, "block_id": "b", "value": value}},
	}
}

// TestSlackWorkspacesSeeOnlyTheirOwn: two workspaces install Griot by OAuth and set it up; whatever one tries, nothing of
// the other comes to it, and nothing of the other changes.
func TestSlackWorkspacesSeeOnlyTheirOwn(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		e := newEstate(t, database, slacktest.Options{})
		moon, river := e.pair()
		for _, x := range [][2]*tenant{{moon, river}, {river, moon}} {
			spy, other := x[0], x[1]
			before, shown := other.sheet(), other.card().Lines
			spy.pries(other)
			e.quiet()
			if diff := cmp.Diff(before.Post, other.sheet().Post); diff != "" {
				t.Errorf("%s changed a post of %s:\n%s", spy.space.Name, other.space.Name, diff)
			}
			if diff := cmp.Diff(shown, other.card().Lines); diff != "" {
				t.Errorf("%s changed a card of %s:\n%s", spy.space.Name, other.space.Name, diff)
			}
			seen := spy.everything()
			for _, word := range []string{other.secret + " opens", other.brand.Name, other.team, other.brand.ID, other.pen.RealName} {
				if strings.Contains(seen, word) {
					t.Errorf("%s reads %q of %s", spy.space.Name, word, other.space.Name)
				}
			}
			if !strings.Contains(seen, spy.secret+" opens") {
				t.Errorf("%s does not see its own post", spy.space.Name)
			}
		}
		moon.shares(river)
	})
}

// shares lets an admin of another tenant into the channel for approvals (Slack Connect): there they are a stranger, who brings
// nothing along and takes nothing away.
func (x *tenant) shares(other *tenant) {
	x.Helper()
	far := x.space.Person(slacktest.Profile{Name: "far", RealName: "Far Away", Locale: "en-US", Admin: true, From: other.space})
	x.approvals.Share()
	x.approvals.Join(far)
	before := x.sheet().Post
	for verb := range tags(x.card().Blocks) {
		x.acted(verb, far.Press(x.card(), verb))
	}
	x.acted("a mention", far.Mention(x.approvals, "post list"))
	x.wait("an answer to everything", func() bool { return len(far.Ephemerals()) == 1+len(tags(x.card().Blocks)) })
	for _, m := range far.Ephemerals() {
		if said := m.String(); !strings.Contains(said, "You are not in the team “Maison Lune” yet.") || strings.Contains(said, other.secret) {
			x.Errorf("a stranger reads:\n%s", said)
		}
	}
	if diff := cmp.Diff(before, x.sheet().Post); diff != "" {
		x.Errorf("a stranger changed the post:\n%s", diff)
	}
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

// TestSlackWorkspaceThatLeaves: its rights are forgotten, its admins read it in their other chat, nothing is tried for ever,
// the other workspace notices nothing, and when it comes back its cards show what it missed.
func TestSlackWorkspaceThatLeaves(t *testing.T) {
	for how, leaves := range map[string]func(*slacktest.Workspace) slacktest.Ack{
		"app_uninstalled": (*slacktest.Workspace).Uninstall, "tokens_revoked": (*slacktest.Workspace).Revoke,
	} {
		t.Run(how, func(t *testing.T) {
			onEngines(t, func(t *testing.T, database string) {
				e := newEstate(t, database, slacktest.Options{})
				moon, river := e.pair()
				river.alsoInPlayground()
				river.acted(how, leaves(river.space))
				river.isGone()
				e.quiet()

				approved := func(x *tenant) {
					_, err := x.app.Publishing.Move(t.Context(), x.member(x.boss), x.post, 0, social.Approve, social.Change{})
					x.must(err)
				}
				before := river.card().Lines
				approved(river) // in the chat that they have left
				e.quiet()
				if diff := cmp.Diff(before, river.card().Lines); diff != "" {
					t.Errorf("drawn without a right:\n%s", diff)
				}
				e.acted("approval", moon.boss.Press(moon.card(), "post.approve"))
				moon.catchesUp(moon.team, moon.post, moon.approvals)
				if moon.sheet().Post.State != social.Approved {
					t.Errorf("the other workspace's post is %s", moon.sheet().Post.State)
				}

				river.installs()
				river.catchesUp(river.team, river.post, river.approvals)
				e.acted("after coming back", river.boss.Press(river.card(), "post.send_back"))
				e.slack.Eventually("a window", func() bool { return river.boss.Modal().Open() })
			})
		})
	}
}

// alsoInPlayground makes the tenant's admin known in the playground too.
func (x *tenant) alsoInPlayground() {
	x.Helper()
	code, err := x.app.Team.NewWorkspaceLink(x.Context(), x.member(x.boss))
	x.must(err)
	_, _, err = x.app.Team.Link(x.Context(), team.Person{Surface: "playground", Workspace: "playground", User: awa, Name: "Awa", Manager: true}, code)
	x.must(err)
}

// isGone waits until the right is forgotten and the admin was told elsewhere.
func (x *tenant) isGone() {
	x.Helper()
	x.wait("the right to be forgotten", func() bool {
		i, err := storage.Installation(x.Context(), x.app.DB, slackbot.Name, x.space.ID)
		x.must(err)
		return !i.Active && i.Secrets == ""
	})
	if _, err := x.app.rights.Get(x.Context(), slackbot.Name, x.space.ID); !fault.Is(err, fault.NotFound) {
		x.Errorf("the right can still be had: %v", err)
	}
	x.wait("the admin to read it in the playground", func() bool {
		return slices.ContainsFunc(x.chat("playground").Messages(playground.Direct(awa)), func(m playground.Message) bool {
			all := strings.Join(append(messageLines(m), asked([]playground.Message{m}, nil)...), "\n")
			return strings.Contains(all, "Griot was removed from River on Slack") && strings.Contains(all, x.front.URL) == strings.Contains(all, "http")
		})
	})
}

// TestSlackTokensAreRenewedOnce: tokens that end are renewed by one at a time, whoever needs them, and held over restarts.
func TestSlackTokensAreRenewedOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		e := newEstate(t, database, slacktest.Options{Rotate: true})
		moon, river := e.pair()
		for n, after := range []time.Duration{11*time.Hour + 40*time.Minute, 13 * time.Hour, 30 * time.Hour} {
			e.clock.advance(after)
			e.together(moon, river)
			if got := e.renewals(); got != 2*(n+1) {
				t.Errorf("after %v: tokens were renewed %d times in all, want %d", after, got, 2*(n+1))
			}
		}
		e.end()
		e.start()
		e.front.leads(e.app)
		e.together(moon, river)
		if got := e.renewals(); got != 6 {
			t.Errorf("a restart renews: %d times in all", got)
		}
		for _, j := range e.stuck() {
			if strings.Contains(j, "retryable") || strings.Contains(j, "discarded") {
				t.Errorf("a job failed: %s", j)
			}
		}
		for _, refused := range e.slack.Refused() {
			if strings.Contains(refused, "token") || strings.Contains(refused, "auth") {
				t.Errorf("Slack refused %s", refused)
			}
		}
	})
}

// together is many acts at once in both workspaces, each of which needs the token, with all that comes of them.
func (e *estate) together(all ...*tenant) {
	e.Helper()
	var acts sync.WaitGroup
	homes, answers := len(e.slack.Calls("views.publish")), len(e.slack.Calls("response_url"))
	for _, x := range all {
		for n := range 6 {
			acts.Go(func() {
				if ack := x.boss.Command(x.general, "/griot", fmt.Sprint("post list with:", n)); !ack.OK() {
					e.Errorf("%+v", ack)
				}
				if ack := x.pen.OpenHome(); !ack.OK() {
					e.Errorf("%+v", ack)
				}
				if ack := x.boss.Press(x.card(), "post.history"); !ack.OK() {
					e.Errorf("%+v", ack)
				}
			})
		}
	}
	acts.Wait()
	each := 6 * len(all)
	e.wait("what came of all acts", func() bool {
		return len(e.slack.Calls("views.publish")) >= homes+each && len(e.slack.Calls("response_url")) >= answers+each
	})
}

// renewals is how often a refresh token was spent.
func (e *estate) renewals() int {
	n := 0
	for _, c := range e.slack.Calls("oauth.v2.access") {
		if c.Args["grant_type"] == "refresh_token" {
			n++
		}
	}
	return n
}
