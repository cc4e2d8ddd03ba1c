package app

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/team"
)

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
