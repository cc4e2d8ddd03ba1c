package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// How much goes on in the storm.
const (
	stormActs  = 2000 // on SQLite; half as many on PostgreSQL, where there is nothing else to see
	stormPosts = 30
	stormCrew  = 12              // people, in two workspaces by turns
	stormEnd   = 5 * time.Minute // for everything to be right again: far more than it takes on a machine with nothing else to do
)

// TestSlackChaos: a team in two workspaces decides about thirty posts while sockets drop every second, everything is delivered
// four times, 429s come in waves and answers are lost on their way. No decision that was acknowledged is lost, none is done
// twice, and in the end every card in every place is its row.
func TestSlackChaos(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		s := newStorm(t, database)
		s.lap()
		calm := s.blows()
		s.crowd()
		calm()
		s.lap()
		for len(s.slack.Retry()) > 0 { // as Slack does for an hour
		}
		s.cardsAreTheRows()
		s.lap()
		for _, p := range s.posts {
			s.judge(p.began)
		}
		s.oneOfEach()
		s.report()
	})
}

// storm is a team at work in bad weather.
type storm struct {
	*chronicle
	slack *slacktest.Server
	halls []*hall
	crew  []*sailor
	posts []*cargo
	began time.Time
	took  []time.Duration // to make ready, to storm, and to be right again

	enough int64 // acts
	acts   atomic.Int64

	mu       sync.Mutex     // guards what follows
	acked    map[string]int // acts by kind
	lost     map[string]int // those without an acknowledgement
	unopened int            // windows that did not come
}

// hall is one workspace, with its channel for approvals.
type hall struct {
	space     *slacktest.Workspace
	approvals *slacktest.Channel
}

// cargo is a post.
type cargo struct {
	id    string
	began social.Post
	at    map[*hall]string // the message that shows it
}

func newStorm(t *testing.T, database string) *storm {
	s := &storm{chronicle: newChronicle(newWorld(t, database, i18n.Fr)), acked: map[string]int{}, lost: map[string]int{}, began: time.Now(), enough: stormActs}
	if database != "" {
		s.enough /= 2
	}
	s.other = func(p *Parts) { p.Pause = slackbot.Pause{Least: 20 * time.Millisecond, Most: 200 * time.Millisecond} }
	o := s.opensAt(bySocket, slacktest.Options{Linger: 200 * time.Millisecond})
	s.slack, s.halls = o.Server, []*hall{{o.space, o.channels[approvals]}}
	s.runs()
	s.start()
	o.WaitConnected(2)
	s.world.brand()
	s.joins(o)
	s.begins(s.apologised)
	s.annex()
	s.sign()
	s.load()
	return s
}

// annex gives the team a second workspace with a channel for approvals.
func (s *storm) annex() {
	s.Helper()
	ctx := s.Context()
	space := s.slack.Workspace("Atelier")
	h := &hall{space, space.Channel(approvals)}
	s.must(installs{s.app.rights}.Save(ctx, slackbot.Install{Workspace: space.ID, Name: space.Name, App: s.slack.App.ID,
		BotUser: space.Bot.ID, Scopes: s.slack.App.Scopes, Token: space.Install()}))
	s.acted("the invitation", h.approvals.Invite())
	s.must(s.app.DB.InTx(ctx, func(tx *storage.Tx) error {
		if _, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: s.team, Surface: slackbot.Name, Workspace: space.ID, Name: space.Name}); err != nil {
			return err
		}
		return tx.PutChannel(ctx, social.Channel{TeamID: s.team, BrandID: s.brand.ID, Surface: slackbot.Name, Workspace: space.ID,
			Channel: h.approvals.ID, Purpose: social.Approvals})
	}))
	s.halls = append(s.halls, h)
}

// sign takes people on: half of them approve too.
func (s *storm) sign() {
	s.Helper()
	for n := range stormCrew {
		h := s.halls[n%2]
		p := h.space.Person(slacktest.Profile{Name: fmt.Sprintf("crew%02d", n), RealName: fmt.Sprintf("Personne %02d", n), Locale: "fr-FR", Zone: "Europe/Paris"})
		h.approvals.Join(p)
		roles := []social.Role{social.Writer}
		if n%4 > 1 {
			roles = append(roles, social.Approver)
		}
		m := s.known(s.team, s.brand, h.space, p, roles...)
		s.hands[m.ID] = m
		s.crew = append(s.crew, &sailor{storm: s, Person: p, in: h, member: m, dice: rand.New(rand.NewPCG(uint64(n), 7))})
	}
}

// load writes the posts, each by one of the crew, and waits until their cards stand in both halls.
func (s *storm) load() {
	s.Helper()
	ctx := s.Context()
	accounts, err := storage.UsableAccounts(ctx, s.app.DB)
	s.must(err)
	for n := range stormPosts {
		by := s.crew[n%len(s.crew)].member
		sheet, err := s.app.Publishing.Draft(ctx, by, s.brand.ID, publishing.Content{Text: fmt.Sprintf("Publication %02d", n), Accounts: []string{accounts[0].ID}, When: social.Later})
		s.must(err)
		r, err := s.app.Publishing.Move(ctx, by, sheet.Post.ID, 0, social.Submit, social.Change{})
		s.must(err)
		s.posts = append(s.posts, &cargo{id: sheet.Post.ID, began: r.Sheet.Post, at: map[*hall]string{}})
	}
	for _, p := range s.posts {
		for _, h := range s.halls {
			s.wait("every card in both workspaces", func() bool { p.at[h] = s.standsAt(s.team, p.id, h.approvals); return p.at[h] != "" })
		}
	}
}

// blows begins the storm; the function it returns ends it.
func (s *storm) blows() (calm func()) {
	ctx, stop := context.WithCancel(s.Context())
	var over sync.WaitGroup
	over.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for n := 0; ; n++ {
			s.gust(n)
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		stop()
		over.Wait()
		s.slack.Redeliver(0)
	}
}

// gust is what happens in one second.
func (s *storm) gust(n int) {
	channel := s.halls[n%2].approvals.ID
	if n%2 == 0 {
		s.slack.Redeliver(3)
	} else {
		s.slack.RedeliverTogether(3)
	}
	switch n % 3 {
	case 0:
		s.slack.Drop()
	case 1:
		s.slack.Disconnect("warning")
	case 2:
		s.slack.Disconnect("refresh_requested")
	}
	switch n % 5 {
	case 0:
		s.slack.RateLimit("chat.update", "", time.Second, 2)
	case 1:
		s.slack.RateLimit("chat.postMessage", channel, time.Second, 2)
	case 2:
		s.slack.RateLimit("chat.update", channel, time.Second, 2)
	case 3:
		s.slack.RateLimit("chat.postMessage", "", time.Second, 2)
	case 4:
		s.slack.Fail("chat.postMessage", slacktest.AnswerLost, 1)
		s.slack.Fail("chat.update", slacktest.Cut, 1)
	}
	s.slack.Fail("response_url", []slacktest.Outage{slacktest.Unavailable, slacktest.Cut, slacktest.AnswerLost}[n%3], 2)
}

// crowd lets everybody act at once until there were enough acts.
func (s *storm) crowd() {
	var all sync.WaitGroup
	for _, a := range s.crew {
		all.Go(func() {
			for s.acts.Load() < s.enough {
				a.acts()
			}
		})
	}
	all.Wait()
}

// lap ends a part of the test.
func (s *storm) lap() {
	s.took = append(s.took, time.Since(s.began).Round(time.Second))
	s.began = time.Now()
}

// TestSlackOnePersonChangesTheirMind: one person decides, takes it back and decides the same again on one card, and again,
// while everything is delivered four times: each counts, once.
func TestSlackOnePersonChangesTheirMind(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		d := newDesktop(t, database)
		d.RedeliverTogether(3)
		nora, leo := d.people[nora], d.people[leo]
		post := d.waiting("Vendredi, ou pas.")
		var did []string
		press := func(who *slacktest.Person, verb string) {
			d.acted(verb, who.Press(d.card(post), "post."+verb))
		}
		fill := func(who *slacktest.Person, verb, begins, what string) {
			press(who, verb)
			d.Eventually("the window of "+verb, func() bool { return field(who.Modal(), begins) != "" })
			d.acted(verb, who.Submit(slacktest.Values{field(who.Modal(), begins): {what}}))
			if asked := who.Modal(); asked.Has("post.date") {
				d.acted("yes", who.Press(asked, "post.date"))
			}
		}
		stands := func(what string) {
			did = append(did, what)
			d.only(post, did...)
		}
		press(leo, "approve")
		stands("approve")
		for range 3 {
			fill(leo, "schedule", "Quand", "2026-02-13 09:00")
			stands("schedule")
			press(leo, "unschedule")
			stands("unschedule")
		}
		for range 3 {
			fill(leo, "send_back", "Que faut-il", "Plus court.")
			stands("send_back")
			press(nora, "submit")
			stands("submit")
		}
	})
}
