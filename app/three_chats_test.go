package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/bot/playground"
	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// How much goes on in three chats.
const (
	fleetPosts   = 50
	fleetCrew    = 12
	fleetPresses = 500             // that are acknowledged; less than half of it under the race detector, which takes its time
	fleetGusts   = 8               // drops of both sockets, at least
	fleetGust    = time.Second     // between two
	promised     = 2 * time.Second // from a press to the last redrawing, at p99, in good weather
)

// TestThreeChats: everybody is the same person in Slack, in Discord and in the playground. In good weather every copy of a card
// shows a decision within two seconds of the press that took it, ninety-nine times in a hundred, whether people press one after
// the other or in all three chats at once. Then all decide about fifty posts at once, on what they see and on what they saw
// before, while sockets drop: each post has one history, whoever came too late was told, and every card is its row.
func TestThreeChats(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		f := newFleet(t, database)
		look, others := f.watches(5*time.Millisecond), shared()
		f.calmly()
		busy := others()
		f.cardsAreTheRows()
		calm := look()
		before := f.counted()
		drop, look := f.blows(), f.watches(40*time.Millisecond)
		f.crowd()
		drop()
		f.cardsAreTheRows()
		rough := look()
		won := f.oneHistoryEach()
		f.oneCardEach()
		f.report("in good weather", calm, won, before)
		f.report("in the storm", rough, won, f.counted())
		f.keepsItsPromise(calm, busy)
	})
}

// fleet is a team that works in three chats.
type fleet struct {
	*chronicle
	office *office
	server *server
	room   *playground.Surface
	crew   []*hand
	posts  []*load

	enough  atomic.Int64 // presses that were acknowledged
	gusts   atomic.Int64
	mu      sync.Mutex // guards what follows
	counts  map[string]int
	pending []mark
}

// load is a post, with the message that shows it in each chat.
type load struct {
	social.Post
	slack, discord string
}

func newFleet(t *testing.T, database string) *fleet {
	f := &fleet{chronicle: newChronicle(newWorld(t, database, i18n.Fr)), counts: map[string]int{}}
	f.other = func(p *Parts) { p.Pause = slackbot.Pause{Least: 20 * time.Millisecond, Most: 200 * time.Millisecond} }
	f.office = f.opensAt(bySocket, slacktest.Options{Linger: 200 * time.Millisecond})
	f.server = f.settlesAt(bySocket, nil, discordtest.Options{Unlimited: true})
	f.runs()
	f.start()
	f.office.WaitConnected(2)
	f.world.brand()
	f.joins(f.office)
	f.enters(f.server)
	f.begins(f.apologised)
	f.room = f.chat("playground")
	for n := range fleetCrew {
		f.sign(n)
	}
	for n := range fleetPosts {
		f.posts = append(f.posts, f.write(n))
	}
	for _, p := range f.posts {
		f.wait("every card in all chats", func() bool { return f.stands(p) })
	}
	f.told()
	if !f.soon(stormEnd, func() bool { return len(f.stuck()) == 0 }) {
		t.Fatalf("jobs that are never done: %q", f.stuck())
	}
	return f
}

// approver is the first of the crew who approves. Of every four the first two only write, and the others approve.
const approver = 2

// sign takes somebody on, who is the same person in all three chats: half of them approve too.
func (f *fleet) sign(n int) {
	f.Helper()
	user, name := fmt.Sprintf("crew%02d", n), fmt.Sprintf("Personne %02d", n)
	inSlack := f.office.space.Person(slacktest.Profile{Name: user, RealName: name, Locale: "fr-FR", Zone: "Europe/Paris"})
	f.office.channels[approvals].Join(inSlack)
	inDiscord := f.server.guild.Person(discordtest.Profile{Name: user, GlobalName: name, Locale: "fr"})
	f.must(f.room.AddPerson(playground.Person{User: user, Name: name, Locale: i18n.Fr}))
	roles := []social.Role{social.Writer}
	if n%4 >= approver {
		roles = append(roles, social.Approver)
	}
	m := f.known(f.team, f.brand, f.office.space, inSlack, roles...)
	f.must(f.app.DB.InTx(f.Context(), func(tx *storage.Tx) error {
		for _, id := range []social.Identity{
			{Surface: discordbot.Name, Workspace: f.server.guild.ID, User: inDiscord.ID},
			{Surface: f.room.Name(), Workspace: f.room.Name(), User: user},
		} {
			id.TeamID, id.MemberID, id.Name = m.TeamID, m.ID, m.Name
			if _, err := tx.AddIdentity(f.Context(), id); err != nil {
				return err
			}
		}
		return nil
	}))
	f.hands[m.ID] = m
	f.crew = append(f.crew, &hand{fleet: f, member: m, dice: rand.New(rand.NewPCG(uint64(n), 11)), seen: map[string]sight{}, refused: map[string]bool{},
		seats: []seat{&inSlackSeat{f, inSlack}, &inDiscordSeat{f, inDiscord}, &inRoomSeat{fleet: f, user: user}}})
}

// write sends a post for approval, for a day that is far.
func (f *fleet) write(n int) *load {
	f.Helper()
	ctx, by := f.Context(), f.crew[n*4%len(f.crew)+n%2].member
	accounts, err := storage.UsableAccounts(ctx, f.app.DB)
	f.must(err)
	at := f.clock.Now().Add(30 * 24 * time.Hour).Truncate(time.Minute)
	when := social.Moment{At: at, Local: at.In(f.brand.Location()).Format("2006-01-02T15:04"), Zone: f.brand.Zone}
	sheet, err := f.app.Publishing.Draft(ctx, by, f.brand.ID, publishing.Content{Text: fmt.Sprintf("Publication %02d", n), Accounts: []string{accounts[0].ID}, When: social.OnDate, Moment: when})
	f.must(err)
	r, err := f.app.Publishing.Move(ctx, by, sheet.Post.ID, 0, social.Submit, social.Change{})
	f.must(err)
	return &load{Post: r.Sheet.Post}
}

// stands reports whether a post is shown in all chats, and notes where.
func (f *fleet) stands(p *load) bool {
	p.slack = f.standsAt(f.team, p.ID, f.office.channels[approvals])
	p.discord = f.placed(f.team, p.ID, discordbot.Name, f.server.channels[approvals].ID)
	return p.slack != "" && p.discord != "" && !slices.ContainsFunc(f.app.Playgrounds, func(room *playground.Surface) bool {
		_, ok := shownIn(room, p.ID)
		return !ok
	})
}

// blows drops the sockets of Slack and Discord by turns, in all the ways in which that happens, until calm is called.
func (f *fleet) blows() (calm func()) {
	return f.often(fleetGust, func() {
		switch n := f.gusts.Add(1); n % 4 {
		case 0:
			f.office.Drop()
			f.server.Reconnect()
		case 1:
			f.office.Disconnect("warning")
			f.server.Drop()
		case 2:
			f.office.Drop()
			f.server.CloseWith(4000)
		case 3:
			f.office.Disconnect("refresh_requested")
			f.server.EndSessions()
		}
	})
}

// often does something again and again until the function that it returns is called.
func (f *fleet) often(every time.Duration, do func()) (stop func()) {
	end := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				do()
			case <-end:
				return
			}
		}
	})
	return func() { close(end); over.Wait() }
}

// calmly has each post approved in one chat and taken off the calendar in another: half of them one after the other, the others
// in three chats at once.
func (f *fleet) calmly() {
	half := len(f.posts) / 2
	for n, p := range f.posts[:half] {
		f.crew[approver].calmly(p, n)
	}
	var all sync.WaitGroup
	for k := range 3 {
		all.Go(func() {
			for n := half + k; n < len(f.posts); n += 3 {
				f.crew[approver+4*k].calmly(f.posts[n], n)
			}
		})
	}
	all.Wait()
}

// crowd lets everybody act at once until there were enough presses and drops.
func (f *fleet) crowd() {
	enough := f.enough.Load() + fleetPresses
	if raceDetector {
		enough -= 3 * fleetPresses / 5
	}
	var all sync.WaitGroup
	for _, h := range f.crew {
		all.Go(func() {
			for f.enough.Load() < enough || f.gusts.Load() < fleetGusts {
				h.acts()
			}
		})
	}
	all.Wait()
}

// count counts something.
func (f *fleet) count(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[what]++
}
