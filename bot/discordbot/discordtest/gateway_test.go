package discordtest_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"griot/bot/discordbot/discordtest"
)

func TestSessionsThatAreRefused(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	for name, c := range map[string]struct {
		change func(d object)
		code   int
	}{
		"token":   {func(d object) { d["token"] = "Bot wrong" }, 4004},
		"shard":   {func(d object) { d["shard"] = list(2, 2) }, 4010},
		"intents": {func(d object) { d["intents"] = 1 << 40 }, 4013},
		"content": {func(d object) { d["intents"] = discordtest.MessageContent }, 4014},
	} {
		t.Run(name, func(t *testing.T) {
			ws := v.dial()
			hello := v.identify(discordtest.Guilds)
			c.change(hello["d"].(object))
			v.write(ws, hello)
			if code := v.closed(ws); code != c.code {
				t.Errorf("closed with %d", code)
			}
		})
	}
	ws, _, err := websocket.DefaultDialer.Dial(v.call("GET", "/gateway", nil)["url"].(string)+"/?v=6&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if code := v.closed(ws); code != 4012 {
		t.Errorf("an old version: %d", code)
	}
	ws = v.dial()
	v.write(ws, object{"op": 3, "d": object{}})
	if code := v.closed(ws); code != 4003 {
		t.Errorf("before IDENTIFY: %d", code)
	}
}

func TestShardsAreNeeded(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Shards: 2, Unlimited: true})
	ws := v.dial()
	v.write(ws, v.identify(discordtest.Guilds))
	if code := v.closed(ws); code != 4011 {
		t.Errorf("closed with %d", code)
	}
	if got := v.call("GET", "/gateway/bot", nil); got["shards"] != 2.0 {
		t.Errorf("%v", got)
	}
	other := v.s.Guild("Other")
	other.Install()
	for shard, want := range []string{v.g.ID, other.ID} {
		ws := v.dial()
		hello := v.identify(discordtest.Guilds)
		hello["d"].(object)["shard"] = list(shard, 2)
		v.write(ws, hello)
		v.frame(ws) // HELLO
		ready := v.frame(ws)["d"].(object)
		created := v.frame(ws)
		if all := ready["guilds"].([]any); len(all) != 1 || created["t"] != "GUILD_CREATE" || created["d"].(object)["id"] != want {
			t.Errorf("shard %d: %v, %v", shard, ready, created)
		}
	}
}

func TestIdentifyHasAPace(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, discordtest.Options{Now: c.Now})
	again := func() object {
		ws := v.dial()
		v.frame(ws)
		v.write(ws, v.identify(0))
		return v.frame(ws)
	}
	if e := again(); e["t"] != "READY" {
		t.Errorf("%v", e)
	}
	if e := again(); e["op"] != 9.0 || e["d"] != false {
		t.Errorf("at once: %v", e)
	}
	c.pass(5 * time.Second)
	if e := again(); e["t"] != "READY" || v.s.Sessions() != 3 {
		t.Errorf("later: %v", e)
	}
}

func TestSessionsOfADayEnd(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Starts: 1, Unlimited: true, Lenient: true})
	for _, want := range []float64{0, 9} {
		ws := v.dial()
		v.frame(ws)
		v.write(ws, v.identify(0))
		if e := v.frame(ws); e["op"] != want {
			t.Errorf("%v", e)
		}
	}
	limit := v.ok("GET", "/gateway/bot", nil)["session_start_limit"].(object)
	if len(v.s.Faults()) != 1 || limit["remaining"] != 0.0 {
		t.Errorf("%v: %v", limit, v.s.Faults())
	}
}

func TestSessionsGoOn(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	ws := v.dial()
	v.frame(ws)
	v.write(ws, v.identify(discordtest.Guilds))
	session := v.frame(ws)["d"].(object)["session_id"]
	v.frame(ws) // GUILD_CREATE
	v.s.Drop()
	v.s.Eventually("the socket to be gone", func() bool { return v.s.Connected() == 0 })
	v.c.Delete()
	ws = v.dial()
	v.frame(ws)
	v.write(ws, object{"op": 6, "d": object{"token": v.s.App.Token, "session_id": session, "seq": 2}})
	if missed, end := v.frame(ws), v.frame(ws); missed["t"] != "CHANNEL_DELETE" || end["t"] != "RESUMED" {
		t.Errorf("%v, %v", missed, end)
	}
	ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second)) // it ends anyway
	v.s.Eventually("the socket to be gone", func() bool { return v.s.Connected() == 0 })
	ws = v.dial()
	v.frame(ws)
	v.write(ws, object{"op": 6, "d": object{"token": v.s.App.Token, "session_id": session, "seq": 4}})
	if e := v.frame(ws); e["op"] != 9.0 {
		t.Errorf("1000 ends it: %v", e)
	}
}

func TestHeartbeats(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Heartbeat: 50 * time.Millisecond})
	ws := v.dial()
	if hello := v.frame(ws); hello["d"].(object)["heartbeat_interval"] != 50.0 {
		t.Errorf("%v", hello)
	}
	v.write(ws, object{"op": 1, "d": nil})
	if e := v.frame(ws); e["op"] != 11.0 {
		t.Errorf("%v", e)
	}
	if code := v.closed(ws); code != 4009 {
		t.Errorf("without heartbeats: %d", code)
	}
}

func TestFaultsOfTheGateway(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	v.s.ReconnectAtOnce(1)
	if e := v.frame(v.dial()); e["op"] != 7.0 {
		t.Errorf("first frame: %v", e)
	}
	v.s.CloseAtOnce(1, 4000)
	if code := v.closed(v.dial()); code != 4000 {
		t.Errorf("closed with %d", code)
	}
	v.s.RefuseSessions(1)
	ws := v.dial()
	v.frame(ws)
	v.write(ws, v.identify(0))
	if e := v.frame(ws); e["op"] != 9.0 {
		t.Errorf("a refused session: %v", e)
	}
	v.write(ws, v.identify(0))
	if e := v.frame(ws); e["t"] != "READY" {
		t.Errorf("again: %v", e)
	}
	v.s.EndSessions()
	if e := v.frame(ws); e["op"] != 9.0 || v.s.Connected() != 0 {
		t.Errorf("an ended session: %v", e)
	}
	v.write(ws, v.identify(0))
	v.frame(ws) // READY
	v.s.Reconnect()
	if e := v.frame(ws); e["op"] != 7.0 {
		t.Errorf("reconnect: %v", e)
	}
	v.s.Silent()
	v.write(ws, object{"op": 1, "d": nil})
	v.s.CloseWith(4014)
	if code := v.closed(ws); code != 4014 {
		t.Errorf("closed with %d", code)
	}
	v.s.NoHello(1)
	ws = v.dial()
	ws.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, _, err := ws.ReadMessage(); err == nil {
		t.Error("it said something")
	}
}

func TestEventsComeWithTheirIntents(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.awa.Say(v.c, "unheard")
	v.g.Kick()
	v.g.Install()
	v.s.Eventually("the guild to be there again", func() bool { return len(v.seen("GUILD_CREATE")) == 2 })
	if len(v.seen("GUILD_DELETE")) != 1 || len(v.seen("MESSAGE_CREATE")) != 0 {
		t.Errorf("%v", v.got)
	}
	listens := settle(t, discordtest.Options{})
	listens.connect(discordtest.Guilds | discordtest.GuildMessages)
	listens.s.WaitConnected(1)
	listens.awa.Say(listens.c, "heard, and not read")
	listens.s.Eventually("the message", func() bool { return len(listens.seen("MESSAGE_CREATE")) == 1 })
	if m := listens.seen("MESSAGE_CREATE")[0]; m["content"] != "" {
		t.Errorf("content: %v", m["content"])
	}
}

func TestAnActNeedsASocket(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	v.ok("POST", v.messages(), v2(row(button("Go", "go"))))
	if ack := v.awa.Press(v.c.Last(), "Go"); !ack.Lost || ack.Trouble != "This interaction failed" {
		t.Errorf("%+v", ack)
	}
}
