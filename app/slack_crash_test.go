package app

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"griot/bot/slackbot/slacktest"
	"griot/i18n"
	"griot/social"
)

// slackChild is the name of the environment's variable that turns the test binary into griot serve.
const slackChild = "GRIOT_SLACK_CHILD"

// TestSlackChild is Griot in a process of its own, for the tests that kill it. It does nothing by itself.
func TestSlackChild(t *testing.T) {
	if os.Getenv(slackChild) == "" {
		return
	}
	c := Command{Version: "test", Args: []string{"serve"}, Getenv: os.Getenv, Out: os.Stdout, Err: os.Stderr}
	if code := Main(t.Context(), c); code != 0 {
		t.Fatalf("griot serve ends with %d", code)
	}
}

// mortal is a team in Slack whose Griot runs in a process that can be killed.
type mortal struct {
	*desktop
	post  string            // that waits for approval
	shown slacktest.Message // its card, before the child began
	child *exec.Cmd
	said  bytes.Buffer // read only once the child has ended
}

// newMortal has a post that waits for approval, and a Griot that runs apart.
func newMortal(t *testing.T, database string) *mortal {
	w := newWorld(t, database, i18n.Fr)
	w.clock.jump(time.Since(w.clock.Now()))
	w.runs()
	m := &mortal{desktop: w.sockets(slacktest.Options{})}
	m.post = m.waiting("Au mauvais moment.")
	m.shown = m.card(m.post)
	m.end()
	m.begins()
	return m
}

// begins starts the child and waits until it hears Slack.
func (m *mortal) begins() {
	m.Helper()
	m.child = exec.CommandContext(m.Context(), os.Args[0], "-test.run=^TestSlackChild$")
	m.child.Env = append(os.Environ(), slackChild+"=1", "GRIOT_ADDR=127.0.0.1:0", "GRIOT_DATA="+m.cfg.Data, "GRIOT_DATABASE_URL="+m.cfg.DatabaseURL,
		"GRIOT_SECRET_KEY="+m.cfg.SecretKey, "GRIOT_PLAYGROUND=on", "GRIOT_LOCALE=fr", "SLACK_BOT_TOKEN="+m.cfg.Slack.BotToken,
		"SLACK_APP_TOKEN="+m.cfg.Slack.AppToken, "SLACK_API_URL="+m.cfg.Slack.APIURL)
	m.child.Stdout, m.child.Stderr = &m.said, &m.said
	m.must(m.child.Start())
	m.Eventually("the child to hear Slack", func() bool { return m.Connected() >= 2 })
}

// dies kills the child once a call has come to where it is held, and starts Griot again.
func (m *mortal) dies(at *slacktest.Held) {
	m.Helper()
	select {
	case <-at.Reached():
	case <-time.After(patience):
		_ = m.child.Process.Kill() // it may have ended already
		_ = m.child.Wait()         // what it said tells more
		m.Fatalf("the call never comes:\n%s", m.said.String())
	}
	m.must(m.child.Process.Kill())
	_ = m.child.Wait() // says that it was killed
	if status, ok := m.child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		m.Fatalf("it was not killed:\n%s", m.said.String())
	}
	m.Eventually("its sockets to end", func() bool { return m.Connected() == 0 })
	m.start()
	m.WaitConnected(2)
}

// TestSlackKilledBeforeItWroteDownWhatItSent: the message is found again by its mark, and there is one.
func TestSlackKilledBeforeItWroteDownWhatItSent(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		m := newMortal(t, database)
		c := m.channels[general]
		answer := m.HoldAnswer("chat.postMessage")
		m.acted("a draft", m.people[nora].Command(c, "/post", `rediger texte:"Une seule fois." vers:village`))
		m.dies(answer)
		post := m.posted("Une seule fois.")
		if m.standsAt(m.team, post, c) != "" || len(cardsOf(c)) != 1 {
			t.Fatalf("not killed in between: %d cards", len(cardsOf(c)))
		}
		m.clock.advance(2 * time.Minute) // the lease of the dead ends
		m.must(m.app.Board.Sweep(t.Context()))
		m.wait("the card to be found", func() bool { return m.standsAt(m.team, post, c) != "" })
		m.catchesUp(m.team, post, c)
		m.acted("a press", m.people[nora].Press(c.Message(m.standsAt(m.team, post, c)), "post.submit"))
		m.catchesUp(m.team, post, c)
		if n := len(cardsOf(c)); n != 1 {
			t.Errorf("%d cards of one post", n)
		}
	})
}

// TestSlackKilledBeforeItAnswered: what was pressed is done, and after the next start the card shows it.
func TestSlackKilledBeforeItAnswered(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		m := newMortal(t, database)
		answer := m.HoldCall("response_url")
		m.acted("approval", m.people[leo].Press(m.shown, "post.approve"))
		m.dies(answer)
		m.clock.advance(2 * time.Minute) // the lease of the dead ends
		m.must(m.app.Board.Sweep(t.Context()))
		m.only(m.post, "approve")
		if !strings.Contains(m.card(m.post).String(), "Validée") {
			t.Errorf("the card:\n%s", m.card(m.post))
		}
		m.acted("the next press", m.people[leo].Press(m.card(m.post), "post.send_back"))
		m.Eventually("its window", func() bool { return m.people[leo].Modal().Open() })
	})
}

// TestSlackKilledBeforeItAcknowledged: who pressed reads that there was trouble, presses again, and it is done once.
func TestSlackKilledBeforeItAcknowledged(t *testing.T) {
	m := newMortal(t, "")
	who := m.people[leo]
	trouble := make(chan slacktest.Ack, 1)
	hold := m.HoldCall("users.info") // whoever presses is asked about first
	go func() { trouble <- who.Press(m.shown, "post.approve") }()
	m.dies(hold)
	if ack := <-trouble; ack.OK() || ack.Trouble == "" {
		t.Errorf("a press without an acknowledgement: %+v", ack)
	}
	m.acted("once more", who.Press(m.shown, "post.approve"))
	m.only(m.post, string(social.Approve))
}
