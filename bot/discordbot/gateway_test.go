package discordbot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// works fails the test when what people do does not reach Griot.
func (w world) works() {
	w.Helper()
	w.discord.Eventually("health", func() bool { return w.griot.Health() == nil && w.discord.Connected() > 0 })
	w.ok(w.awa.Command(w.posts, "say", discordtest.Values{"what": {"hello"}}))
	w.says(w.awa.Ephemeral().String(), "You said: hello")
}

func TestALineThatEndsIsBegunAnew(t *testing.T) {
	t.Parallel()
	short := func(o *discordbot.Options) { o.Pause.Silent, o.Pause.Open = time.Minute, 300*time.Millisecond }
	for what, c := range map[string]struct {
		end   func(world)
		griot func(*discordbot.Options)
	}{
		"op 7 as the first frame":  {end: func(w world) { w.discord.ReconnectAtOnce(3); w.discord.Drop() }},
		"asked to reconnect":       {end: func(w world) { w.discord.Reconnect() }},
		"cut":                      {end: func(w world) { w.discord.Drop() }},
		"invalid session":          {end: func(w world) { w.discord.EndSessions() }},
		"invalid session at first": {end: func(w world) { w.discord.RefuseSessions(2); w.discord.Drop() }},
		"closed":                   {end: func(w world) { w.discord.CloseWith(4000) }},
		"closed before HELLO":      {end: func(w world) { w.discord.CloseAtOnce(2, 4000); w.discord.Drop() }},
		"no HELLO":                 {end: func(w world) { w.discord.NoHello(2); w.discord.Drop() }, griot: short},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{griot: c.griot})
			sockets, sessions := w.discord.Connections(), w.discord.Sessions()
			c.end(w)
			w.discord.Eventually("another session", func() bool { return w.discord.Connections() > sockets && w.discord.Sessions() > sessions })
			w.works()
			if n := w.discord.Sessions() - sessions; n > 5 {
				t.Errorf("%d sessions were begun", n)
			}
		})
	}
}

func TestASilentLineIsCut(t *testing.T) {
	t.Parallel()
	const beat = time.Second
	for what, hush := range map[string]func(*discordtest.Server){
		"no HELLO":            func(s *discordtest.Server) { s.NoHello(1); s.CloseWith(4000) },
		"no acknowledgements": func(s *discordtest.Server) { s.Silent() },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{discord: discordtest.Options{Heartbeat: beat}, griot: func(o *discordbot.Options) { o.Pause.Silent, o.Pause.Open = beat*3/2, time.Minute }})
			before := w.discord.Sessions()
			began := time.Now()
			hush(w.discord)
			w.discord.Eventually("another session", func() bool { return w.discord.Sessions() > before })
			// The library waits for five beats, and for HELLO until Discord itself gives up.
			if took := time.Since(began); took > 4*beat || strings.Contains(w.log.String(), "close 4009") {
				t.Errorf("it took %v", took)
			}
			w.discord.Heard()
		})
	}
}

func TestASessionThatIsNotValidIsNotBegunInAHurry(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	before := w.discord.Sessions()
	began := time.Now()
	const many = 12
	w.discord.RefuseSessions(many)
	w.discord.EndSessions()
	w.discord.Eventually("a valid one", func() bool { return w.discord.Sessions() > before+many })
	// The first waits are 10, 20 and 40 ms, then 50: the library alone takes a few milliseconds for all of them.
	if took := time.Since(began); took < (many-2)*40*time.Millisecond {
		t.Errorf("%d sessions in %v", many, took)
	}
	w.works()
}

func TestWhatNoTryMendsIsTriedOnce(t *testing.T) {
	t.Parallel()
	for _, code := range []int{4004, 4012, 4013, 4014} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{})
			w.discord.CloseAtOnce(1, code)
			w.clock.move(time.Hour)
			since := w.clock.Now()
			w.discord.CloseWith(4000)
			word := fmt.Sprintf("websocket: close %d", code)
			w.discord.Eventually("the end", func() bool {
				return strings.Contains(fmt.Sprint(w.griot.Health()), word) && strings.Contains(w.log.String(), "until the next start")
			})
			sockets := w.discord.Connections()
			w.clock.move(time.Hour)
			s, ok := errors.AsType[*chat.Silence](w.griot.Health())
			if !ok || !s.Since().Equal(since) {
				t.Errorf("health: %v", w.griot.Health())
			}
			_, err := w.griot.Send(t.Context(), w.at(w.posts), "k", w.desk.card("k"))
			if dead := errors.Is(err, chat.ErrRemoved); dead != (code == 4004) {
				t.Errorf("Send: %v", err)
			}
			w.stop()
			if n := w.discord.Connections(); n != sockets {
				t.Errorf("%d more connections", n-sockets)
			}
		})
	}
}

func TestATokenThatIsNoGoodIsTriedOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{unheard: true, griot: func(o *discordbot.Options) { o.Token = "of.somebody.else" }})
	w.discord.Eventually("health", func() bool { return errors.Is(w.griot.Health(), chat.ErrRemoved) })
	s, ok := errors.AsType[*chat.Silence](w.griot.Health())
	if !ok || !s.Since().Equal(w.clock.Now()) || !strings.Contains(s.Error(), "401") {
		t.Errorf("health: %v", w.griot.Health())
	}
	w.discord.Eventually("the end", func() bool { return strings.Contains(w.log.String(), "until the next start") })
	for range 5 {
		_, err := w.griot.Send(t.Context(), w.at(w.posts), "k", w.desk.card("k"))
		w.wants("Send", err, chat.ErrRemoved)
	}
	w.stop()
	if n := w.discord.Invalid(); n > 2 { // the commands and the gateway, asked for at the same time
		t.Errorf("%d refused calls", n)
	}
}

func TestTheNumberOfShardsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{discord: discordtest.Options{Shards: 2}})
	w.discord.WaitConnected(2)
	asked := len(w.discord.Calls(discordtest.GetGatewayBot))
	w.discord.CloseAtOnce(1, 4011)
	w.discord.CloseWith(4000)
	w.discord.Eventually("another question", func() bool { return len(w.discord.Calls(discordtest.GetGatewayBot)) > asked })
	w.discord.WaitConnected(2)
	w.works()
}

func TestADayWithoutSessionsIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{discord: discordtest.Options{Starts: 2}}) // one more resets the token, and is a fault
	w.discord.CloseWith(4000)
	w.discord.Eventually("the last session of the day", func() bool { return w.discord.Sessions() == 2 && w.discord.Connected() == 1 })
	w.works()
	w.discord.CloseWith(4000)
	w.discord.Eventually("the end", func() bool { return strings.Contains(fmt.Sprint(w.griot.Health()), "no sessions left today") })
	began := time.Now()
	w.stop()
	if took := time.Since(began); took > 3*time.Second || w.discord.Sessions() != 2 {
		t.Errorf("the end took %v; %d sessions", took, w.discord.Sessions())
	}
}

func TestServersAreSharedAmongShards(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{discord: discordtest.Options{Shards: 3, Concurrency: 3}})
	w.discord.WaitConnected(3)
	for i := range 3 { // each on a shard of its own
		g := w.discord.Guild(fmt.Sprint("Server ", i))
		g.Install()
		p := g.Person(discordtest.Profile{Name: "bo"})
		w.ok(p.Command(g.Channel("c"), "say", discordtest.Values{"what": {"hello"}}))
	}
	w.discord.Eventually("all of them", func() bool { _, _, there := w.guilds.log(); return len(there) == 4 })
	w.discord.Drop()
	w.discord.WaitConnected(3)
	told, removed, there := w.guilds.log()
	if len(told) != 3 || len(removed) != 0 {
		t.Errorf("told %v, removed %v", told, removed)
	}
	if diff := cmp.Diff([]string{"Acme", "Server 0", "Server 1", "Server 2"}, there); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
}

func TestThePaceOfSessionsIsKept(t *testing.T) {
	t.Parallel()
	const pace = 200 * time.Millisecond
	began := time.Now()
	w := begin(t, setting{discord: discordtest.Options{Shards: 3}, griot: func(o *discordbot.Options) {
		o.Pause.Identify = pace
		o.Memory = freely{o.Memory.(memory)} // the clock of tests stands still
	}})
	w.discord.WaitConnected(3)
	if took := time.Since(began); took < 2*pace {
		t.Errorf("three sessions in %v", took)
	}
	w.unrefused()
}

// freely is a memory in which everything is free.
type freely struct{ memory }

func (freely) Hold(context.Context, string, time.Duration) (bool, error) { return true, nil }

func TestWhatHappensToServersIsHeard(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.acme.GoDown()
	other := w.discord.Guild("Other")
	other.Install()
	w.discord.Eventually("the invitation", func() bool { told, _, _ := w.guilds.log(); return len(told) == 1 })
	w.acme.ComeBack()
	w.acme.Kick()
	w.discord.Eventually("the removal", func() bool { _, removed, _ := w.guilds.log(); return len(removed) == 1 })
	_, err := w.griot.Send(t.Context(), w.at(w.posts), "k", w.desk.card("k"))
	w.wants("Send", err, chat.ErrRemoved)
	_, err = w.griot.Find(t.Context(), w.at(w.posts), "k")
	w.wants("Find", err, chat.ErrRemoved)
	w.wants("Edit", w.griot.Edit(t.Context(), chat.MessageRef{Place: w.at(w.posts), Message: "1"}, w.desk.card("k")), chat.ErrRemoved)
	if n := len(w.discord.Calls(discordtest.PostMessage)); n > 0 {
		t.Errorf("%d calls for a server that put Griot out", n)
	}
	w.acme.Install()
	w.discord.Eventually("the second invitation", func() bool { told, _, _ := w.guilds.log(); return len(told) == 2 })
	w.card("k")
	told, removed, there := w.guilds.log()
	if diff := cmp.Diff([][]string{{other.ID, w.acme.ID}, {w.acme.ID}, {"Acme", "Other"}}, [][]string{told, removed, there}); diff != "" {
		t.Errorf("told, removed, there (-want +got):\n%s", diff)
	}
}

func TestWhatHappenedMeanwhileIsReadAfterwards(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			var stays, leaves, comes *discordtest.Guild
			w := begin(t, setting{http: http, ready: func(w world) {
				stays, leaves, comes = w.discord.Guild("Stays"), w.discord.Guild("Leaves"), w.discord.Guild("Comes")
				stays.Install()
				comes.Install()
				w.guilds.add(stays)
				w.guilds.add(leaves)
			}})
			w.discord.Eventually("both", func() bool { told, removed, _ := w.guilds.log(); return len(told) > 0 && len(removed) > 0 })
			told, removed, there := w.guilds.log()
			if diff := cmp.Diff([][]string{{comes.ID}, {leaves.ID}, {"Acme", "Comes", "Stays"}}, [][]string{told, removed, there}); diff != "" {
				t.Errorf("told, removed, there (-want +got):\n%s", diff)
			}
			if http {
				return
			}
			before := w.discord.Connections()
			w.discord.NoHello(1)
			w.discord.Drop()
			w.discord.Eventually("nobody listens", func() bool { return w.discord.Connected() == 0 && w.discord.Connections() > before })
			stays.Kick()
			leaves.Install()
			w.discord.CloseWith(4000)
			w.discord.Eventually("both again", func() bool { told, removed, _ := w.guilds.log(); return len(told) > 1 && len(removed) > 1 })
			w.works()
		})
	}
}
