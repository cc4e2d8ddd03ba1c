package slacktest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
)

// fails is a call that must be refused with that code.
func (v *village) fails(token, method string, args object, code string) {
	v.t.Helper()
	if got := v.call(token, method, args); got["error"] != code {
		v.t.Errorf("%s %v: %v, want %s", method, args, got, code)
	}
}

func TestTokensAreLookedAt(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{})
	v.fails("", "auth.test", nil, "not_authed")
	v.fails("xoxb-made-up", "auth.test", nil, "invalid_auth")
	v.fails(v.s.App.Token, "auth.test", nil, "not_allowed_token_type")
	v.fails(v.token, "apps.connections.open", nil, "not_allowed_token_type")
	v.fails("xapp-made-up", "apps.connections.open", nil, "invalid_auth")
	v.fails(v.token, "chat.postMassage", nil, "unknown_method")
	who := v.form("", "auth.test", url.Values{"token": {v.token}})
	if who["team_id"] != v.w.ID || who["user_id"] != v.w.Bot.ID {
		t.Errorf("auth.test with the token in the form: %v", who)
	}
	v.s.BreakAppToken("token_revoked")
	v.fails(v.s.App.Token, "apps.connections.open", nil, "token_revoked")
	v.w.Revoke()
	v.fails(v.token, "auth.test", nil, "token_revoked")
	again := v.w.Install()
	if got := v.call(again, "auth.test", nil); got["ok"] != true {
		t.Errorf("after a new install: %v", got)
	}
	v.w.Uninstall()
	v.fails(again, "auth.test", nil, "account_inactive")
}

func TestScopesAreLookedAt(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{})
	v.w.Grant("chat:write", "im:history")
	got := v.call(v.token, "users.info", object{"user": v.awa.ID})
	if got["error"] != "missing_scope" || got["needed"] != "users:read" || got["provided"] != "chat:write,im:history" {
		t.Errorf("users.info: %v", got)
	}
	r, err := http.Post(v.s.API()+"auth.test?token="+v.token, "application/x-www-form-urlencoded", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if got := r.Header.Get("X-OAuth-Scopes"); got != "chat:write,im:history" {
		t.Errorf("X-OAuth-Scopes: %q", got)
	}
	outside := v.w.Channel("outside")
	v.fails(v.token, "chat.postMessage", object{"channel": outside.ID, "text": "x"}, "not_in_channel")
	v.fails(v.token, "conversations.history", object{"channel": v.c.ID}, "missing_scope")
	v.fails(v.token, "chat.postMessage", object{"channel": v.c.ID, "text": "x", "username": "Somebody"}, "missing_scope")
	v.w.Grant("chat:write", "chat:write.public")
	v.ok("chat.postMessage", object{"channel": outside.ID, "text": "x"})
	outside.Share()
	v.fails(v.token, "chat.postMessage", object{"channel": outside.ID, "text": "x"}, "not_in_channel")
}

func TestMessagesAreRefusedWhereSlackRefusesThem(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	secret := v.w.Private("secret", v.awa)
	bob := v.w.Person(slacktest.Profile{Name: "bob"})
	post := func(args object, code string) {
		t.Helper()
		v.fails(v.token, "chat.postMessage", args, code)
	}
	post(object{"text": "x"}, "invalid_arguments")
	post(object{"channel": "C1", "text": "x"}, "channel_not_found")
	post(object{"channel": secret.ID, "text": "x"}, "channel_not_found")
	post(object{"channel": v.c.ID}, "no_text")
	post(object{"channel": v.c.ID, "text": "x", "thread_ts": "12.34"}, "thread_not_found")
	post(object{"channel": v.c.ID, "text": "x", "thread_ts": "now"}, "invalid_thread_ts")
	post(object{"channel": v.c.ID, "text": "x", "metadata": object{"event_type": "a"}}, "invalid_metadata_schema")
	post(object{"channel": v.c.ID, "text": "x", "metadata": "{"}, "invalid_metadata_format")
	post(object{"channel": v.c.ID, "text": "x", "attachments": list(object{"colour": "red"})}, "invalid_attachments")

	mine := v.ok("chat.postMessage", object{"channel": "#posts", "text": "mine"})["ts"].(string)
	v.awa.Say(v.c, "hers")
	hers := v.c.Last().ID
	change := func(args object, code string) {
		t.Helper()
		v.fails(v.token, "chat.update", args, code)
	}
	change(object{"channel": v.c.ID, "ts": hers, "text": "x"}, "cant_update_message")
	change(object{"channel": v.c.ID, "ts": "1.2", "text": "x"}, "message_not_found")
	change(object{"channel": "#posts", "ts": mine, "text": "x"}, "channel_not_found")
	change(object{"channel": v.c.ID, "ts": mine, "text": x(4001)}, "msg_too_long")
	change(object{"channel": v.c.ID, "ts": mine}, "no_text")
	v.fails(v.token, "chat.delete", object{"channel": v.c.ID, "ts": hers}, "cant_delete_message")
	v.fails(v.token, "chat.postEphemeral", object{"channel": v.c.ID, "user": bob.ID, "text": "x"}, "user_not_in_channel")
	v.fails(v.token, "users.info", object{"user": "U1"}, "user_not_found")
	v.fails(v.token, "conversations.open", object{"users": "U1"}, "user_not_found")
	v.fails(v.token, "conversations.info", object{"channel": secret.ID}, "channel_not_found")
	v.fails(v.token, "conversations.replies", object{"channel": v.c.ID, "ts": "1.2"}, "thread_not_found")

	v.c.Kick()
	v.w.Grant("chat:write")
	post(object{"channel": v.c.ID, "text": "x"}, "not_in_channel")
	v.c.Archive()
	post(object{"channel": v.c.ID, "text": "x"}, "is_archived")
	change(object{"channel": v.c.ID, "ts": mine, "text": "x"}, "is_inactive")
	v.c.Remove(mine)
	change(object{"channel": v.c.ID, "ts": mine, "text": "x"}, "message_not_found")
	v.c.Delete()
	post(object{"channel": v.c.ID, "text": "x"}, "channel_not_found")
}

func TestMessagesAreKept(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	mark := object{"event_type": "card", "event_payload": object{"key": "k1"}}
	first := v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "one", "metadata": mark, "blocks": list(section("*one*"))})["ts"].(string)
	v.ok("chat.update", object{"channel": v.c.ID, "ts": first, "text": "two"})
	v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "under <!channel>", "thread_ts": first})
	v.ok("chat.postMessage", object{"channel": v.awa.ID, "text": "hello <@" + v.awa.ID + ">"})

	m := v.c.Message(first)
	if m.Text != "two" || m.Edits != 1 || m.String() != "one" || m.Author != v.w.Bot.ID {
		t.Errorf("blocks that are not sent again stay: %+v", m)
	}
	if diff := cmp.Diff(mark, m.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	thread := v.c.Thread(first)
	if len(thread) != 2 || thread[1].Thread != first || len(v.c.Messages()) != 1 {
		t.Errorf("thread: %v", thread)
	}
	if diff := cmp.Diff([]string{"@channel"}, thread[1].Pings); diff != "" {
		t.Errorf("pings (-want +got):\n%s", diff)
	}
	if got := v.awa.Direct().Last(); got.String() != "hello @awa" {
		t.Errorf("direct: %+v", got)
	}
	history := v.ok("conversations.history", object{"channel": v.c.ID, "include_all_metadata": true})
	found := history["messages"].([]any)
	if len(found) != 1 || !cmp.Equal(found[0].(object)["metadata"], any(mark)) {
		t.Errorf("history: %v", history)
	}
	bare := v.ok("conversations.history", object{"channel": v.c.ID})
	if m := bare["messages"].([]any)[0].(object); m["metadata"] != nil {
		t.Errorf("metadata nobody asked for: %v", m)
	}
	replies := v.ok("conversations.replies", object{"channel": v.c.ID, "ts": first, "limit": 1})
	next := replies["response_metadata"].(object)["next_cursor"]
	more := v.ok("conversations.replies", object{"channel": v.c.ID, "ts": first, "limit": 1, "cursor": next})
	if got := more["messages"].([]any)[0].(object)["text"]; got != "under <!channel>" || replies["has_more"] != true || more["has_more"] != false {
		t.Errorf("pages: %v, %v", replies, more)
	}
	link := v.ok("chat.getPermalink", object{"channel": v.c.ID, "message_ts": first})["permalink"].(string)
	if !strings.HasPrefix(link, "https://acme.slack.com/archives/"+v.c.ID+"/p") {
		t.Error(link)
	}
}

func TestPeopleAndRoomsAreKnown(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{})
	who := v.ok("users.info", object{"user": v.awa.ID, "include_locale": true})["user"].(object)
	want := object{"locale": "fr-FR", "tz": "Europe/Paris", "is_admin": true, "is_bot": false, "real_name": "Awa Diop", "name": "awa", "team_id": v.w.ID}
	for k, w := range want {
		if who[k] != w {
			t.Errorf("users.info: %s is %v, want %v", k, who[k], w)
		}
	}
	v.w.Private("with the bot", v.w.Bot)
	v.w.Private("without", v.awa)
	v.awa.Direct()
	names := func(method, types string) string {
		var all []string
		for _, c := range v.ok(method, object{"types": types})["channels"].([]any) {
			all = append(all, str(c, "name")+str(c, "user"))
		}
		return strings.Join(all, ", ")
	}
	v.w.Channel("other")
	if got := names("conversations.list", "public_channel,private_channel"); got != "posts, with the bot, other" {
		t.Errorf("conversations.list: %s", got)
	}
	v.fails(v.token, "users.conversations", object{"types": "im"}, "missing_scope")
	v.fails(v.token, "users.conversations", object{"types": "rooms"}, "invalid_types")
	v.w.Grant(append(v.s.App.Scopes, "im:read")...)
	if got := names("users.conversations", "public_channel,im"); got != "posts, "+v.awa.ID {
		t.Errorf("users.conversations: %s", got)
	}
	v.w.Emoji("griot", "https://a.example/griot.png")
	if got := v.ok("emoji.list", nil)["emoji"].(object)["griot"]; got != "https://a.example/griot.png" {
		t.Error(got)
	}
	if got := v.ok("team.info", nil)["team"].(object)["name"]; got != "Acme" {
		t.Error(got)
	}
}

func str(v any, key string) string {
	o, _ := v.(object)
	s, _ := o[key].(string)
	return s
}

func TestRatesAreKept(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, slacktest.Options{Now: c.Now, Burst: 2})
	other := v.w.Channel("other", v.w.Bot)
	post := func(to *slacktest.Channel) object {
		return v.call(v.token, "chat.postMessage", object{"channel": to.ID, "text": "x"})
	}
	for range 2 {
		if got := post(v.c); got["ok"] != true {
			t.Fatal(got)
		}
	}
	if got := post(v.c); got["status"] != 429 || got["error"] != "ratelimited" || got["after"] != "1" {
		t.Errorf("the third at once: %v", got)
	}
	if got := post(other); got["ok"] != true {
		t.Errorf("another channel: %v", got)
	}
	c.pass(time.Second)
	if got := post(v.c); got["ok"] != true {
		t.Errorf("a second later: %v", got)
	}
	v.s.RateLimit("chat.update", "", 30*time.Second, 2)
	for _, want := range []string{"ratelimited", "ratelimited", "message_not_found"} {
		v.fails(v.token, "chat.update", object{"channel": v.c.ID, "ts": "1.2", "text": "x"}, want)
	}
}

func TestOutages(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	post := func() (*http.Response, error) {
		return http.PostForm(v.s.API()+"chat.postMessage", url.Values{"token": {v.token}, "channel": {v.c.ID}, "text": {"x"}})
	}
	for _, c := range []struct {
		how    slacktest.Outage
		posted int
	}{{slacktest.Unavailable, 0}, {slacktest.Cut, 0}, {slacktest.AnswerLost, 1}} {
		v.s.Fail("chat.postMessage", c.how, 1)
		r, err := post()
		if err == nil {
			r.Body.Close()
		}
		if (err == nil) != (c.how == slacktest.Unavailable) || len(v.c.Messages()) != c.posted {
			t.Errorf("%s: %v, %d messages", c.how, err, len(v.c.Messages()))
		}
	}
	r, err := post()
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
}
