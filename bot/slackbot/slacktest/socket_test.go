package slacktest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"griot/bot/slackbot/slacktest"
)

func TestTicketOpensOneSocket(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{})
	url := v.call(v.s.App.Token, "apps.connections.open", nil)["url"].(string)
	ws, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	var hello object
	if err := ws.ReadJSON(&hello); err != nil || hello["type"] != "hello" || hello["connection_info"].(object)["app_id"] != v.s.App.ID {
		t.Errorf("hello: %v, %v", hello, err)
	}
	if _, r, err := websocket.DefaultDialer.Dial(url, nil); err == nil || r.StatusCode != http.StatusForbidden {
		t.Errorf("the ticket is good twice: %v", err)
	}
}

func TestEnvelopesAreSpreadOverSockets(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	for range 9 {
		v.connect()
	}
	v.s.WaitConnected(10)
	v.connect() // one too many
	v.s.Eventually("the eleventh to be sent away", func() bool { return len(v.seen("disconnect")) == 1 })
	if got := v.seen("disconnect")[0]["reason"]; got != "too_many_websockets" || v.s.Connected() != 10 {
		t.Errorf("reason %v, %d connected", got, v.s.Connected())
	}
	for range 20 {
		if ack := v.awa.Command(v.c, "/post", ""); !ack.OK() {
			t.Errorf("%+v", ack)
		}
	}
}

func TestDroppedSocketLosesActsAndNotEvents(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	v.answers(func(string, object) any {
		v.s.Drop()
		return "never"
	})
	if ack := v.awa.Command(v.c, "/post", ""); !ack.Lost || ack.OK() {
		t.Errorf("command: %+v", ack)
	}
	if ack := v.awa.Mention(v.c, "hello"); !ack.Lost || ack.OK() { // no socket at all
		t.Errorf("mention: %+v", ack)
	}
	v.answers(func(string, object) any { return nil })
	v.connect()
	v.s.WaitConnected(1)
	if again := v.s.Retry(); len(again) != 1 || !again[0].OK() {
		t.Errorf("retried: %+v", again)
	}
	if n := len(v.seen("slash_commands")); n != 1 {
		t.Errorf("the command came %d times", n)
	}
}

func TestDisconnectIsSaidAndThenDone(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{Linger: 10 * time.Millisecond})
	v.s.Disconnect("warning")
	if ack := v.awa.Command(v.c, "/post", ""); !ack.Lost {
		t.Errorf("a leaving socket got an envelope: %+v", ack)
	}
	v.s.Eventually("the word", func() bool { return len(v.seen("disconnect")) == 1 })
	v.s.DisconnectAtOnce(1, "link_disabled")
	v.connect()
	v.s.Eventually("the second word", func() bool { return len(v.seen("disconnect")) == 2 })
	v.connect()
	v.s.WaitConnected(1)
	if got := v.seen("disconnect")[1]["reason"]; got != "link_disabled" || v.s.Connections() != 3 {
		t.Errorf("reason %v, %d connections", got, v.s.Connections())
	}
}

func TestPingsComeUntilSilence(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Ping: time.Millisecond})
	pings := make(chan struct{}, 1000)
	url := v.call(v.s.App.Token, "apps.connections.open", nil)["url"].(string)
	ws, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	ws.SetPingHandler(func(string) error {
		select {
		case pings <- struct{}{}:
		default:
		}
		return nil
	})
	go func() {
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
		}
	}()
	for range 3 {
		<-pings
	}
	v.s.Silent()
	// What is under way still arrives; then nothing does until pings are wanted again.
	v.s.Eventually("silence", func() bool {
		select {
		case <-pings:
			return false
		case <-time.After(20 * time.Millisecond):
			return true
		}
	})
	v.s.Pings()
	<-pings
}

func TestUnknownThingsAreSent(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	if ack := v.s.SendRaw("hologram", object{"a": 1}); !ack.OK() {
		t.Errorf("envelope: %+v", ack)
	}
	if ack := v.w.SendEvent(object{"type": "moon_landed", "moon": "Io"}); !ack.OK() {
		t.Errorf("event: %+v", ack)
	}
	e := v.seen("events_api")[0]["payload"].(object)["event"].(object)
	if e["type"] != "moon_landed" || e["moon"] != "Io" || len(v.seen("hologram")) != 1 {
		t.Errorf("event: %v", e)
	}
}

func TestNonsenseOnTheSocketIsAFault(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Lenient: true})
	ws := v.connect()
	v.s.WaitConnected(1)
	if err := ws.WriteMessage(websocket.TextMessage, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	v.s.Eventually("a fault", func() bool { return len(v.s.Faults()) == 1 })
}

func TestNoRetryIsHonouredOverHTTP(t *testing.T) {
	t.Parallel()
	v := served(t, slacktest.Options{})
	v.answers(func(string, object) any { return 418 }) // served answers it with X-Slack-No-Retry
	if ack := v.awa.Mention(v.c, "hello"); ack.OK() || ack.Tries != 1 || len(v.s.Retry()) != 0 {
		t.Errorf("%+v", ack)
	}
}
