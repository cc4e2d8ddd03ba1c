package discordbot_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// running is how many goroutines are at something with one of these words in their stacks; all of them when there is none.
func running(words ...string) (n int, stacks string) {
	b := make([]byte, 4<<20)
	for stack := range strings.SplitSeq(string(b[:runtime.Stack(b, true)]), "\n\n") {
		if len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(stack, w) }) {
			n, stacks = n+1, stacks+stack+"\n\n"
		}
	}
	return n, stacks
}

// quiet waits until nothing of ours runs any more.
func (w world) quiet() {
	w.Helper()
	const ours, library, lines = "griot/bot/discordbot.(", "bwmarrin/discordgo.(", "net/http.(*persistConn)"
	var left string
	defer func() {
		if left != "" {
			w.Log(left)
		}
	}()
	w.discord.Eventually("the end of everything", func() (ended bool) {
		_, left = running(ours, library, lines)
		return left == ""
	})
}

// It has no t.Parallel: what others run would be counted.
func TestNothingIsLeftRunning(t *testing.T) {
	before, _ := running()
	t.Run("a day", func(t *testing.T) {
		w := begin(t, setting{discord: discordtest.Options{Shards: 2}})
		w.discord.WaitConnected(2)
		w.card("p1")
		w.discord.ReconnectAtOnce(1)
		w.discord.Drop()
		w.discord.WaitConnected(2)
		w.discord.EndSessions()
		w.discord.Eventually("an answer", func() bool { return w.awa.Press(w.posts.Last(), "Approve").OK() })
		w.stop()
		w.quiet()
		if n := w.discord.Connected(); n > 0 {
			t.Errorf("%d sessions are still there", n)
		}
	})
	t.Run("a line that is given up", func(t *testing.T) {
		var asks *discordtest.Held
		w := begin(t, setting{unheard: true, ready: func(w world) { asks = w.discord.HoldAnswer(discordtest.GetGateway) }})
		<-asks.Reached() // where to connect
		w.stop()
		asks.Release()
		w.quiet()
	})
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); runtime.Gosched() {
		if n, _ := running(); n <= before {
			return
		}
	}
	n, stacks := running()
	t.Errorf("%d goroutines, %d before:\n%s", n, before, stacks)
}

func TestTheEndIsPrompt(t *testing.T) {
	t.Parallel()
	for what, trouble := range map[string]func(*discordtest.Server){
		"no HELLO": func(s *discordtest.Server) { s.NoHello(100) }, "unavailable": func(s *discordtest.Server) { s.Fail("", discordtest.Unavailable, 1000) },
		"nothing wrong": func(*discordtest.Server) {},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{unheard: true, ready: func(w world) { trouble(w.discord) }})
			if what == "unavailable" {
				w.discord.Eventually("that it is said since when", func() bool {
					s, ok := w.griot.Health().(*chat.Silence)
					return ok && s.Since().Equal(w.clock.Now())
				})
			} else {
				w.discord.Eventually("a connection", func() bool { return w.discord.Connections() > 0 })
			}
			began := time.Now()
			w.stop()
			if took := time.Since(began); took > 3*time.Second { // the library's own second is in it
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestWhatIsUnderWayIsAnsweredBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			inside, goOn := make(chan bool, 1), make(chan bool)
			w.desk.before(func(context.Context, chat.Event) error {
				inside <- true
				<-goOn
				return nil
			})
			acks := make(chan discordtest.Ack, 1)
			go func() { acks <- w.awa.Command(w.posts, "say", discordtest.Values{"what": {"hello"}}) }()
			<-inside
			ended := make(chan bool)
			go func() { w.stop(); close(ended) }()
			close(goOn)
			w.ok(<-acks)
			<-ended
			w.says(w.awa.Ephemeral().String(), "You said: hello")
		})
	}
}

func TestAPanicCostsOneAct(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, discord: discordtest.Options{Lenient: true}})
	w.desk.before(func(context.Context, chat.Event) error { panic("a mistake of ours") })
	ack := w.awa.Command(w.posts, "say", discordtest.Values{"what": {"hello"}})
	w.says(w.log.String(), "a mistake of ours")
	w.ok(ack)
	w.discord.Eventually("that it broke", func() bool { return strings.Contains(w.awa.Ephemeral().String(), "Une erreur est survenue") })
	w.desk.before(nil)
	w.ok(w.awa.Command(w.posts, "say", discordtest.Values{"what": {"hello"}}))
}

func TestAnAPIThatIsAwayAtFirstIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{ready: func(w world) {
		w.discord.Fail(discordtest.PutCommands, discordtest.Unavailable, 2)
		w.discord.Fail(discordtest.GetGatewayBot, discordtest.Cut, 2)
	}})
	w.ok(w.awa.Command(w.posts, "say", discordtest.Values{"what": {"hello"}}))
}

func TestAMemoryThatIsAwayIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{unheard: true, ready: func(w world) { w.store.kill("first") }})
	w.discord.Eventually("health", func() bool {
		s, ok := w.griot.Health().(*chat.Silence)
		return ok && s.Since().Equal(w.clock.Now()) && strings.Contains(s.Error(), context.DeadlineExceeded.Error())
	})
}
