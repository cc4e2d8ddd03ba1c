package slackbot_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// TestMain sees that nothing is left running: whatever the tests began has ended.
func TestMain(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	for until := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(until); {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before && code == 0 {
		b := make([]byte, 1<<20)
		println(n-before, "goroutines are left:\n"+string(b[:runtime.Stack(b, true)]))
		code = 1
	}
	os.Exit(code)
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
	s, ok := errors.AsType[*slackbot.Silence](w.griot.Health())
	if !ok || !strings.Contains(s.Error(), "token_revoked") || !s.Since().Equal(w.clock.Now()) {
		t.Errorf("health: %v", w.griot.Health())
	}
}
