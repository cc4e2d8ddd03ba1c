package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"griot/bot/discordbot/discordtest"
)

func TestWhatTheBotMayNot(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	say := object{"content": "a"}
	for right, body := range map[discordtest.Permission]object{
		discordtest.SendMessages: say, discordtest.EmbedLinks: {"embeds": list(object{"title": "a"})},
	} {
		v.c.Deny(right)
		v.no(50013, "Missing Permissions", "POST", v.messages(), body)
		v.c.Allow(right)
		v.ok("POST", v.messages(), body)
	}
	v.c.Deny(discordtest.AttachFiles)
	v.refused(v.upload("POST", v.messages(), object{}, map[string]string{"a.png": "a"}), 50013, "")
	id := v.c.Last().ID
	v.c.Deny(discordtest.CreatePublicThreads)
	v.no(50013, "", "POST", v.messages()+"/"+id+"/threads", object{"name": "a"})
	v.c.Allow(discordtest.CreatePublicThreads)
	v.ok("POST", v.messages()+"/"+id+"/threads", object{"name": "a"})
	v.c.Deny(discordtest.SendMessagesInThreads)
	v.no(50013, "", "POST", "/channels/"+id+"/messages", say)
	v.c.Deny(discordtest.ViewChannel, v.g.Everyone)
	v.no(50001, "Missing Access", "GET", "/channels/"+v.c.ID, nil)
	v.no(50001, "Missing Access", "POST", v.messages(), say)
	v.c.Allow(discordtest.ViewChannel, v.g.Bot)
	v.ok("GET", "/channels/"+v.c.ID, nil)
	v.c.Delete()
	v.no(10003, "Unknown Channel", "GET", "/channels/"+v.c.ID, nil)
}

func TestGuildsTheBotIsNotIn(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	v.ok("GET", "/guilds/"+v.g.ID, nil)
	if all := v.ok("GET", "/guilds/"+v.g.ID+"/channels", nil)["list"].([]any); len(all) != 1 {
		t.Errorf("channels: %v", all)
	}
	if all := v.ok("GET", "/guilds/"+v.g.ID+"/roles", nil)["list"].([]any); len(all) != 3 {
		t.Errorf("roles: %v", all)
	}
	team := v.g.Role("team")
	v.awa.Give(team)
	roles := v.ok("GET", "/guilds/"+v.g.ID+"/members/"+v.awa.ID, nil)["roles"].([]any)
	if roles[len(roles)-1] != team.ID {
		t.Errorf("member: %v", roles)
	}
	v.awa.Leave()
	v.no(10007, "Unknown Member", "GET", "/guilds/"+v.g.ID+"/members/"+v.awa.ID, nil)
	v.no(10004, "Unknown Guild", "GET", "/guilds/7", nil)
	v.g.Kick()
	v.no(50001, "Missing Access", "GET", "/guilds/"+v.g.ID, nil)
	v.no(50001, "Missing Access", "POST", v.messages(), object{"content": "a"})
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	shy := v.g.Person(discordtest.Profile{Name: "shy", DMsClosed: true})
	v.no(50033, "Recipient", "POST", "/users/@me/channels", object{"recipient_id": "7"})
	closed := v.ok("POST", "/users/@me/channels", object{"recipient_id": shy.ID})["id"].(string)
	v.no(50007, "Cannot send", "POST", "/channels/"+closed+"/messages", object{"content": "a"})
	open := v.ok("POST", "/users/@me/channels", object{"recipient_id": v.awa.ID})["id"].(string)
	v.ok("POST", "/channels/"+open+"/messages", object{"content": "hello"})
	if last := v.awa.Direct().Last(); last.String() != "hello" {
		t.Errorf("%+v", last)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	for _, token := range []string{"", "Bot wrong", v.s.App.Token} {
		if got := v.do("GET", "/users/@me", "application/json", nil, token); got["status"] != 401 {
			t.Errorf("%q: %v", token, got)
		}
	}
	if n := v.s.Invalid(); n != 3 {
		t.Errorf("%d count towards a ban", n)
	}
	app := v.ok("GET", "/applications/@me", nil)
	if app["verify_key"] != v.s.App.PublicKey || app["id"] != v.s.App.ID {
		t.Errorf("app: %v", app)
	}
}

func TestMessagesHaveAPace(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, discordtest.Options{Now: c.Now})
	for range 5 {
		v.ok("POST", v.messages(), object{"content": "a"})
	}
	got := v.call("POST", v.messages(), object{"content": "a"})
	if got["status"] != 429 || got["retry_after"] != 5.0 || got["global"] != false {
		t.Errorf("a sixth: %v", got)
	}
	other := v.g.Channel("other")
	v.ok("POST", "/channels/"+other.ID+"/messages", object{"content": "a"})
	c.pass(5 * time.Second)
	v.ok("POST", v.messages(), object{"content": "a"})
	id := v.c.Last().ID
	for range 5 {
		v.ok("PATCH", v.messages()+"/"+id, object{"content": "b"})
	}
	if got := v.call("PATCH", v.messages()+"/"+id, object{"content": "b"}); got["status"] != 429 {
		t.Errorf("a sixth edit: %v", got)
	}
}

func TestTheGlobalLimit(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, discordtest.Options{Now: c.Now})
	for range 50 {
		v.ok("GET", "/users/@me", nil)
	}
	got := v.call("GET", "/users/@me", nil)
	head := got["head"].(interface{ Get(string) string })
	if got["status"] != 429 || got["global"] != true || head.Get("X-RateLimit-Global") != "true" || head.Get("X-RateLimit-Reset-After") != "" {
		t.Errorf("%v", got)
	}
	if got := v.do("GET", "/webhooks/"+v.s.App.ID+"/nothing/messages/@original", "application/json", nil, ""); got["code"] != 50027.0 {
		t.Errorf("webhooks have no share in it: %v", got)
	}
}

func TestBans(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	v.s.BanAt(2)
	v.s.RateLimit(discordtest.Limit{Route: discordtest.GetMe, After: 1500 * time.Millisecond, Times: 1, Shared: true})
	if got := v.call("GET", "/users/@me", nil); got["status"] != 429 || got["retry_after"] != 1.5 {
		t.Errorf("shared: %v", got)
	}
	v.c.Deny(discordtest.ViewChannel)
	for range 2 {
		v.no(50001, "", "GET", "/channels/"+v.c.ID, nil)
	}
	got := v.call("GET", "/users/@me", nil)
	if page, ok := got["list"].(string); got["status"] != 429 || !ok || !strings.HasPrefix(page, "<!DOCTYPE html>") {
		t.Errorf("banned: %v", got)
	}
	v.s.Recover()
	v.ok("GET", "/users/@me", nil)
}

func TestOutages(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	say := object{"content": "a"}
	for how, want := range map[discordtest.Outage]int{discordtest.Unavailable: 0, discordtest.Cut: 0, discordtest.AnswerLost: 1} {
		before := len(v.c.Messages())
		v.s.Fail(discordtest.PostMessage, how, 1)
		if got := v.call("POST", v.messages(), say); got["status"] == 200 || len(v.c.Messages())-before != want {
			t.Errorf("%s: %v", how, got)
		}
	}
	h := v.s.HoldCall(discordtest.PostMessage)
	over := make(chan object)
	go func() { over <- v.call("POST", v.messages(), say) }()
	<-h.Reached()
	if n := len(v.c.Messages()); n != 1 {
		t.Errorf("%d messages while it is held", n)
	}
	h.Release()
	if got := <-over; got["status"] != 200 || len(v.s.Calls(discordtest.PostMessage)) != 2 {
		t.Errorf("%v, %d calls", got, len(v.s.Calls(discordtest.PostMessage)))
	}
}
