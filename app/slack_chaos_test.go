package app

import (
	"context"
	"fmt"
	"math/rand/v2"
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
	"griot/cards"
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
	stormEnd   = 2 * time.Minute // for everything to be right again: far more than it takes
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
		s.judge()
		s.oneOfEach()
		s.report()
	})
}

// storm is a team at work in bad weather.
type storm struct {
	*world
	slack *slacktest.Server
	halls []*hall
	crew  []*sailor
	posts []*cargo
	team  string
	brand social.Brand
	began time.Time
	took  []time.Duration // to make ready, to storm, and to be right again

	enough int64 // acts
	acts   atomic.Int64

	mu       sync.Mutex // guards what follows
	decided  []decision
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

// sailor is somebody who acts.
type sailor struct {
	*storm
	*slacktest.Person
	in     *hall
	member social.Member
	dice   *rand.Rand
	notes  int
}

// decision is what somebody wanted, by what they were shown.
type decision struct {
	post  string
	rev   int64
	do    social.Move
	by    string // member id
	note  string
	acked bool
}

func newStorm(t *testing.T, database string) *storm {
	s := &storm{world: newWorld(t, database, i18n.Fr), acked: map[string]int{}, lost: map[string]int{}, began: time.Now(), enough: stormActs}
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
	s.team = s.world.member(awa).TeamID
	brands, err := s.app.Team.Brands(t.Context(), s.world.member(awa))
	s.must(err)
	s.brand = brands[0]
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
		s.crew = append(s.crew, &sailor{storm: s, Person: p, in: h, member: s.known(s.team, s.brand, h.space, p, roles...), dice: rand.New(rand.NewPCG(uint64(n), 7))})
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

// did counts an act, and reports whether it was acknowledged.
func (a *sailor) did(kind string, ack slacktest.Ack) bool {
	a.storm.acts.Add(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !ack.OK() {
		a.lost[kind+map[bool]string{true: " late", false: " lost"}[ack.Late]]++
		return false
	}
	a.acked[kind]++
	return true
}

// acts does one thing of those that people do.
func (a *sailor) acts() {
	p := a.posts[a.dice.IntN(len(a.posts))]
	switch a.dice.IntN(16) {
	case 0:
		a.insists("command", func() slacktest.Ack { return a.Command(a.in.approvals, "/griot", "post liste") })
	case 1:
		a.insists("command", func() slacktest.Ack { return a.Command(a.in.approvals, "/historique", "publication:"+p.id) })
	case 2:
		a.insists("event", a.OpenHome)
	case 3:
		a.insists("event", func() slacktest.Ack { return a.Mention(a.in.approvals, "aide") })
	default:
		a.decides(p)
	}
}

// moves are the decisions that the crew takes, by what is pressed.
var moves = map[string]social.Move{
	"post.submit": social.Submit, "post.approve": social.Approve, "post.unschedule": social.Unschedule,
	"post.send_back": social.SendBack, "post.schedule": social.Schedule, "post.edit": social.Edit,
}

// decides takes a decision that the post's card offers.
func (a *sailor) decides(p *cargo) {
	card := a.in.approvals.Message(p.at[a.in])
	var verbs []string
	offered := tags(card.Blocks)
	for verb := range moves {
		if _, ok := offered[verb]; ok {
			verbs = append(verbs, verb)
		}
	}
	if slices.Sort(verbs); len(verbs) == 0 {
		a.Errorf("nothing can be decided about %s:\n%s", p.id, card)
		a.storm.acts.Add(a.enough)
		return
	}
	verb := verbs[a.dice.IntN(len(verbs))]
	d := decision{post: p.id, rev: offered[verb].Rev, do: moves[verb], by: a.member.ID}
	switch verb {
	case "post.submit", "post.approve", "post.unschedule":
		d.acked = a.insists("press", func() slacktest.Ack { return a.Press(card, verb) })
		a.wanted(d)
		return
	}
	if !a.insists("press", func() slacktest.Ack { return a.Press(card, verb) }) {
		return
	}
	if !sees(5*time.Second, func() bool { return a.Modal().Callback == offered[verb].String() }) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.unopened++
		return
	}
	a.fills(d)
}

// fills sends the window that is open.
func (a *sailor) fills(d decision) {
	a.notes++
	note := fmt.Sprintf("%s, note %d", a.RealName, a.notes)
	begins, what := "Que faut-il", note
	switch d.do {
	case social.Edit:
		begins, what = "Texte", fmt.Sprintf("Publication réécrite (%s)", note)
	case social.Schedule:
		begins, what = "Quand", fmt.Sprintf("2026-03-%02d %02d:%02d", 1+a.dice.IntN(28), a.dice.IntN(24), a.dice.IntN(60))
	case social.SendBack:
		d.note = note
	}
	sent := slacktest.Values{field(a.Modal(), begins): {what}}
	refused := false
	d.acked = a.insists("form", func() slacktest.Ack {
		ack := a.Submit(sent)
		refused = len(ack.Errors) > 0
		return ack
	}) && !refused
	if d.do != social.Schedule {
		a.wanted(d)
		return
	}
	asked := a.Modal()
	if yes, ok := tags(asked.Blocks)["post.date"]; ok && d.acked {
		d.rev = yes.Rev
		d.acked = a.insists("press", func() slacktest.Ack { return a.Press(asked, "post.date") })
		a.wanted(d)
	}
}

// insists acts once more, when there is a socket again, after Slack said that there was some trouble connecting.
func (a *sailor) insists(kind string, act func() slacktest.Ack) bool {
	for range 2 {
		sees(patience, func() bool { return a.slack.Connected() > 0 })
		if a.did(kind, act()) {
			return true
		}
	}
	return false
}

func (a *sailor) wanted(d decision) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.decided = append(a.decided, d)
}

// lap ends a part of the test.
func (s *storm) lap() {
	s.took = append(s.took, time.Since(s.began).Round(time.Second))
	s.began = time.Now()
}

// cardsAreTheRows waits until every copy in Slack and in the playgrounds is its row, and looks at all of them once more.
func (s *storm) cardsAreTheRows() {
	s.Helper()
	limit := s.began.Add(stormEnd)
	for _, again := range []bool{false, true} {
		for _, p := range s.posts {
			var wrong string
			if !sees(time.Until(limit), func() bool { wrong = s.wrong(p); return wrong == "" }) {
				s.Errorf("%s (-row +shown, looked at twice: %v):\n%s", p.id, again, wrong)
			}
		}
	}
}

// wrong says which copies of a post are not its row; empty: none.
func (s *storm) wrong(p *cargo) (out string) {
	s.Helper()
	for _, h := range s.halls {
		if d := s.differs(s.team, p.id, h.approvals); d != "" {
			out += h.space.Name + ":\n" + d
		}
	}
	sheet, err := storage.SheetOf(s.Context(), s.app.DB, s.team, p.id)
	s.must(err)
	want := lines(cards.Post(sheet, i18n.Fr))
	for _, room := range s.app.Playgrounds {
		if d := cmp.Diff(want, shownIn(room, p.id)); d != "" {
			out += room.Name() + ":\n" + d
		}
	}
	return out
}

// shownIn is the card of a post in a playground's channel for approvals.
func shownIn(room *playground.Surface, post string) []string {
	for _, m := range slices.Backward(room.Messages(approvals)) {
		if m.Card != nil && m.Card.Subject == post && m.To == "" {
			return lines(*m.Card)
		}
	}
	return nil
}

// judge replays each post's history: every line is a decision that its author took on what was shown then, each raises the
// revision by one, and every acknowledged decision that was allowed where it was taken has its line.
func (s *storm) judge() {
	s.Helper()
	byStep := map[string][]decision{}
	for _, d := range s.decided {
		k := fmt.Sprint(d.post, d.rev)
		byStep[k] = append(byStep[k], d)
	}
	for _, p := range s.posts {
		now := p.began
		entries, err := storage.Entries(s.Context(), s.app.DB, s.team, p.id)
		s.must(err)
		for _, e := range entries[2:] { // it was written and sent for approval
			wanted := slices.ContainsFunc(byStep[fmt.Sprint(p.id, now.Rev)], func(d decision) bool {
				return d.do == social.Move(e.What) && d.by == e.By && (d.note == "" || d.note == e.Data["note"])
			})
			if !wanted {
				s.Errorf("%s at revision %d: nobody wanted %s by %s %v", p.id, now.Rev, e.What, e.By, e.Data)
			}
			if now, err = s.after(now, social.Move(e.What), e.By); err != nil {
				s.Errorf("%s: %s after %s: %v", p.id, e.What, now.State, err)
			}
		}
		s.nothingLost(now, byStep[fmt.Sprint(p.id, now.Rev)])
		sheet, err := storage.SheetOf(s.Context(), s.app.DB, s.team, p.id)
		s.must(err)
		if row := sheet.Post; row.Rev != now.Rev || row.State != now.State || row.Words != now.Words {
			s.Errorf("%s: the history leads to %s, revision %d; the row is %s, revision %d", p.id, now.State, now.Rev, row.State, row.Rev)
		}
	}
}

// after is a post after a move by a member.
func (s *storm) after(p social.Post, do social.Move, by string) (social.Post, error) {
	i := slices.IndexFunc(s.crew, func(a *sailor) bool { return a.member.ID == by })
	if i < 0 {
		return p, fmt.Errorf("%s is none of the crew", by)
	}
	return p.Apply(do, social.Actor{Member: s.crew[i].member, Brand: s.brand}, social.Change{Note: "…", Words: p.Words + 1,
		Moment: social.Moment{At: s.clock.Now().Add(30 * 24 * time.Hour)}, Now: s.clock.Now()})
}

// nothingLost: the last revision is one about which nothing was decided, so that whatever was acknowledged there was refused, or
// its author has read that nothing was stored.
func (s *storm) nothingLost(last social.Post, taken []decision) {
	s.Helper()
	for _, d := range taken {
		if _, err := s.after(last, d.do, d.by); err == nil && d.acked && !s.apologised(d.by) {
			s.Errorf("%s at revision %d: %s by %s was acknowledged and is lost", d.post, d.rev, d.do, d.by)
		}
	}
}

// apologised reports whether somebody has read that something of theirs was not stored, as on a machine that is too slow.
func (s *storm) apologised(member string) bool {
	a := s.crew[slices.IndexFunc(s.crew, func(a *sailor) bool { return a.member.ID == member })]
	return slices.ContainsFunc(append(a.Ephemerals(), a.Direct().All()...), func(m slacktest.Message) bool {
		return strings.Contains(m.String(), "rien n’a été modifié")
	})
}

// oneOfEach: every card stands once in its channel, and every notice was said once.
func (s *storm) oneOfEach() {
	s.Helper()
	for _, h := range s.halls {
		seen := map[string]int{}
		for _, m := range h.approvals.All() {
			if payload, ok := m.Metadata["event_payload"].(slacktest.Object); ok {
				seen[fmt.Sprint(m.Metadata["event_type"], " ", payload["key"])]++
			}
		}
		for key, n := range seen {
			if n > 1 {
				s.Errorf("%s: %s stands %d times", h.space.Name, key, n)
			}
		}
	}
}

func (s *storm) report() {
	calls := map[string]int{}
	for _, c := range s.slack.Calls("") {
		calls[c.Method]++
		if c.Err != "" {
			calls[c.Method+" "+c.Err]++
		}
	}
	s.Logf("%d acts (ready after %v, storm %v, right again after %v): acknowledged %v, not %v; %d decisions wanted, %d windows did not open; %d connections; calls %v",
		s.acts.Load(), s.took[0], s.took[1], s.took[2], s.acked, s.lost, len(s.decided), s.unopened, s.slack.Connections(), calls)
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
