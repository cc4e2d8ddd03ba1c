package slackbot_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
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

// It has no t.Parallel: what others run would be counted.
func TestNothingIsLeftRunning(t *testing.T) {
	before, _ := running()
	t.Run("a day", func(t *testing.T) {
		w := begin(t, setting{slack: slacktest.Options{Linger: 10 * time.Millisecond}})
		w.card("p1")
		w.ok(w.awa.OpenHome())
		w.slack.Drop()
		w.slack.WaitConnected(2)
		w.slack.Disconnect("refresh_requested")
		w.slack.WaitConnected(2)
		w.slack.Eventually("an answer", func() bool { return w.awa.Press(w.posts.Last(), "Approve").OK() })
		w.stop()
		const ours, lines = "griot/bot/slackbot.(", "net/http.(*persistConn)" // kept open to Slack
		w.slack.Eventually("the end of everything", func() bool { n, _ := running(ours, lines); return n == 0 })
	})
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); runtime.Gosched() {
		if n, _ := running(); n <= before {
			return
		}
	}
	n, stacks := running()
	t.Errorf("%d goroutines, %d before:\n%s", n, before, stacks)
}

func TestWhatIsUnderWayIsAnsweredBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			w.card("p1")
			inside, goOn := make(chan bool, 2), make(chan bool)
			w.desk.before(func(context.Context, chat.Event) error {
				inside <- true
				<-goOn
				return nil
			})
			acks := make(chan slacktest.Ack, 2)
			card := w.posts.Last()
			go func() { acks <- w.awa.Command(w.posts, "/post", "hello") }()
			go func() { acks <- w.awa.Press(card, "Approve") }()
			<-inside
			<-inside
			ended := make(chan bool)
			go func() { w.stop(); close(ended) }()
			if http {
				<-ended // requests are not Griot's to wait for, but what they promised is done
			}
			close(goOn)
			w.ok(<-acks)
			w.ok(<-acks)
			<-ended
			w.says(w.awa.Ephemeral().String(), "You said: post hello")
			w.slack.Eventually("the card that was pressed", func() bool { return strings.Contains(w.posts.Last().String(), "approved by awa") })
		})
	}
}

func TestTheEndIsPrompt(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, slack: slacktest.Options{Lenient: true}, griot: func(o *slackbot.Options) { o.BotToken = "xoxb-never-was" }})
	w.slack.Eventually("the token is tried", func() bool { return len(w.slack.Calls("auth.test")) > 0 })
	began := time.Now()
	w.stop()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	if ack := w.awa.Command(w.posts, "/post", "hello"); !ack.OK() || len(w.desk.heard()) > 0 {
		t.Errorf("after the end: %+v", ack)
	}
	w.says(w.awa.Ephemeral().String(), "nothing of yours was changed")
}

func TestAPanicCostsOneAct(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{slack: slacktest.Options{Lenient: true, Wait: time.Second}})
	w.desk.before(func(context.Context, chat.Event) error { panic("a mistake of ours") })
	if ack := w.awa.Command(w.posts, "/post", "hello"); ack.OK() {
		t.Errorf("acknowledged: %+v", ack)
	}
	w.says(w.log.String(), "a mistake of ours")
	w.desk.before(nil)
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
}

func TestABotTokenThatIsNoGoodIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.card("p1")
	w.must(w.griot.Health())
	w.acme.Revoke()
	_, err := w.griot.Send(t.Context(), w.at(w.posts), "p2", w.desk.card("p2"))
	if !errors.Is(err, chat.ErrRemoved) {
		t.Errorf("Send: %v", err)
	}
	s, ok := errors.AsType[*chat.Silence](w.griot.Health())
	if !ok || !strings.Contains(s.Error(), "token_revoked") || !s.Since().Equal(w.clock.Now()) {
		t.Errorf("health: %v", w.griot.Health())
	}
}
