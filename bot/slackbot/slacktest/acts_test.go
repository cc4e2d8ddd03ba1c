package slacktest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
)

func TestCommandIsAnsweredInItsAcknowledgement(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			v := villages(t, way, slacktest.Options{Lenient: true})
			v.answers(func(_ string, payload object) any {
				switch payload["text"] {
				case "loud":
					return object{"response_type": "in_channel", "text": "Everybody hears"}
				case "wrong":
					return object{"text": "x", "blocks": list(object{"type": "poster"})}
				}
				return object{"blocks": list(section("Only *you*"))}
			})
			v.awa.Command(v.c, "/post", "quiet")
			if got := v.awa.Ephemeral().String(); got != "Only you" || len(v.c.Messages()) > 0 {
				t.Errorf("whispered: %q", got)
			}
			v.awa.Command(v.c, "/post", "loud")
			if got := v.c.Last().String(); got != "Everybody hears" {
				t.Errorf("said: %q", got)
			}
			ack := v.awa.Command(v.c, "/post", "wrong")
			if ack.OK() || !strings.Contains(ack.Trouble, "invalid_command_response") || len(v.s.Faults()) != 1 {
				t.Errorf("%+v, faults %q", ack, v.s.Faults())
			}
		})
	}
}

func villages(t *testing.T, way string, o slacktest.Options) *village {
	t.Helper()
	if way == "socket" {
		return connected(t, o)
	}
	return served(t, o)
}

func TestLateAcknowledgements(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			v := villages(t, way, slacktest.Options{Wait: 50 * time.Millisecond})
			opened(v, modal())
			v.answers(func(string, object) any { return "never" })
			if ack := v.awa.Command(v.c, "/post", ""); ack.OK() || ack.Trouble != "/post failed because the app did not respond" {
				t.Errorf("command: %+v", ack)
			}
			ack := v.awa.Submit(slacktest.Values{"Text": {"x"}, "Accounts": {"Bluesky"}})
			if ack.OK() || ack.Trouble != "We had some trouble connecting. Try again?" || !v.awa.Modal().Open() {
				t.Errorf("submit: %+v", ack)
			}
			if ack := v.awa.Mention(v.c, "hello"); ack.OK() || ack.Tries != 2 {
				t.Errorf("mention: %+v", ack)
			}
			v.answers(func(string, object) any { return nil })
			retried := v.s.Retry()
			if len(retried) != 1 || !retried[0].OK() || len(v.s.Retry()) != 0 {
				t.Errorf("retried: %+v", retried)
			}
			last := v.seen("events_api")
			e := last[len(last)-1]
			if way == "socket" && (e["retry_attempt"] != 2.0 || e["retry_reason"] != "timeout") {
				t.Errorf("the retry says %v %v", e["retry_attempt"], e["retry_reason"])
			}
			if way == "http" && (e["retry"] != "2" || e["reason"] != "http_timeout") {
				t.Errorf("the retry says %v %v", e["retry"], e["reason"])
			}
			if first := last[0]["payload"].(object)["event_id"]; first != e["payload"].(object)["event_id"] {
				t.Error("a retry has another event_id")
			}
		})
	}
}

func TestEventsAreRetriedByTheClock(t *testing.T) {
	t.Parallel()
	c := noon()
	v := served(t, slacktest.Options{Now: c.Now})
	v.answers(func(string, object) any { return 500 })
	v.awa.Mention(v.c, "hello")
	var tries []int
	for range 8 {
		tries = append(tries, len(v.s.RetryDue()))
		c.pass(time.Minute)
	}
	if diff := cmp.Diff([]int{0, 1, 0, 0, 0, 0, 1, 0}, tries); diff != "" {
		t.Errorf("retries minute by minute (-want +got):\n%s", diff)
	}
}

func TestBigAcknowledgementIsIgnored(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{Lenient: true})
	v.answers(func(string, object) any { return object{"text": x(20_000)} })
	ack := v.awa.Command(v.c, "/post", "")
	if ack.OK() || len(v.s.Faults()) != 1 || v.awa.Ephemeral().ID != "" {
		t.Errorf("%+v, faults %q", ack, v.s.Faults())
	}
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	c := noon()
	v := connected(t, slacktest.Options{Now: c.Now})
	v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "card", "blocks": list(actions(button("Go", "go", "1")))})
	to := make(chan string, 4)
	v.answers(func(_ string, payload object) any {
		if url := str(payload, "response_url"); url != "" {
			to <- url
		}
		return nil
	})
	v.awa.Press(v.c.Last(), "Go")
	v.c.Kick() // it works where the bot is not
	url := <-to
	says := func(url string, body object, want string) {
		t.Helper()
		got := v.post(url, body)
		if got["body"] != want && got["error"] != want {
			t.Errorf("%v: %v, want %s", body, got, want)
		}
	}
	says(url, object{"text": "whispered"}, "ok")
	says(url, object{"text": "said", "response_type": "in_channel"}, "ok")
	says(url, object{"text": "redrawn", "replace_original": true}, "ok")
	says(url, object{"text": "x", "colour": "red"}, "invalid_payload")
	says(url, object{"text": "x", "blocks": list(object{"type": "poster"})}, "invalid_blocks")
	says(url, object{"text": "x"}, "used_url")
	if got := v.awa.Ephemeral().Text; got != "whispered" {
		t.Errorf("whispered: %q", got)
	}
	if got := v.c.Messages(); len(got) != 2 || got[0].Text != "redrawn" || got[1].Text != "said" {
		t.Errorf("messages: %v", got)
	}
	v.c.Invite()
	v.ok("chat.postEphemeral", object{"channel": v.c.ID, "user": v.awa.ID, "text": "e", "blocks": list(actions(button("Away", "away", "1")))})
	v.awa.Press(v.awa.Ephemeral(), "Away")
	own := <-to
	says(own, object{"delete_original": true}, "ok")
	if got := v.awa.Ephemerals(); len(got) != 1 {
		t.Errorf("ephemerals: %v", got)
	}
	v.awa.Command(v.c, "/post", "")
	late := <-to
	c.pass(30 * time.Minute)
	says(late, object{"text": "x"}, "expired_url")
	says(v.s.URL+"/commands/T1/1/guess", object{"text": "x"}, "no_service")
}

func TestRedeliveredActsAreTheSame(t *testing.T) {
	t.Parallel()
	for _, together := range []bool{false, true} {
		t.Run(fmt.Sprint(together), func(t *testing.T) {
			t.Parallel()
			v := connected(t, slacktest.Options{})
			v.connect()
			v.s.WaitConnected(2)
			if together {
				v.s.RedeliverTogether(2)
			} else {
				v.s.Redeliver(2)
			}
			ack := v.awa.Command(v.c, "/post", "x")
			v.awa.Mention(v.c, "hello")
			if !ack.OK() || ack.Tries != 3 {
				t.Errorf("%+v", ack)
			}
			for _, kind := range []string{"slash_commands", "events_api"} {
				all := v.seen(kind)
				ids := map[any]bool{}
				for _, e := range all {
					ids[e["envelope_id"]] = true
					if diff := cmp.Diff(all[0]["payload"], e["payload"]); diff != "" {
						t.Errorf("%s: another payload:\n%s", kind, diff)
					}
				}
				if len(all) != 3 || len(ids) != 3 {
					t.Errorf("%s: %d deliveries in %d envelopes", kind, len(all), len(ids))
				}
			}
		})
	}
}

func TestTypedTextArrivesAsSlackWritesIt(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	bob := v.w.Person(slacktest.Profile{Name: "bob"})
	typed := `@bob in #posts: 1 < 2 & "a.b" 🎉👍🏽 https://a.example/x?a=1&b=2, see example.com or mail@a.example @nobody` + " `<code>`"
	v.awa.Command(v.c, "/post", typed)
	got := v.seen("slash_commands")[0]["payload"].(object)["text"].(string)
	want := "<@" + bob.ID + "|bob> in <#" + v.c.ID + "|posts>: 1 &lt; 2 &amp; \"a.b\" :tada::+1::skin-tone-4: <https://a.example/x?a=1&amp;b=2>, " +
		"see <http://example.com|example.com> or <mailto:mail@a.example|mail@a.example> @nobody `&lt;code&gt;`"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
	v.awa.Change(slacktest.Profile{Name: "awa", Curly: true})
	v.awa.DirectMessage(`"it's" @bob`)
	events := v.seen("events_api")
	event := events[len(events)-1]["payload"].(object)["event"].(object)
	if diff := cmp.Diff("“it’s” <@"+bob.ID+">", event["text"]); diff != "" || event["channel_type"] != "im" {
		t.Errorf("direct message (-want +got):\n%s", diff)
	}
}

func TestStrangersMayPressAndMentionAndNoMore(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	far := v.s.Workspace("Far")
	eve := v.w.Person(slacktest.Profile{Name: "eve", From: far})
	v.c.Share()
	v.c.Join(eve)
	if ack := eve.Command(v.c, "/post", "x"); !ack.Refused {
		t.Errorf("command: %+v", ack)
	}
	if ack := eve.Shortcut("x"); !ack.Refused {
		t.Errorf("shortcut: %+v", ack)
	}
	eve.Mention(v.c, "hello")
	e := v.seen("events_api")[0]["payload"].(object)
	if e["team_id"] != v.w.ID || e["is_ext_shared_channel"] != true || e["event"].(object)["team"] != far.ID {
		t.Errorf("mention: %v", e)
	}
	v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "card", "blocks": list(actions(button("Go", "go", "1")))})
	eve.Press(v.c.Last(), "Go")
	p := v.seen("interactive")[0]["payload"].(object)
	if p["team"].(object)["id"] != v.w.ID || p["user"].(object)["team_id"] != far.ID {
		t.Errorf("press: %v", p)
	}
	who := v.ok("users.info", object{"user": eve.ID})["user"].(object)
	if who["team_id"] != far.ID || who["is_stranger"] != true || who["is_admin"] != nil {
		t.Errorf("users.info: %v", who)
	}
}

func TestImpossibleActsAreFaults(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{Lenient: true})
	v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "card", "blocks": list(actions(button("Go", "go", "1"), menu(2)))})
	card := v.c.Last()
	acts := []func() slacktest.Ack{
		func() slacktest.Ack { return v.awa.Press(card, "Stop") },
		func() slacktest.Ack { return v.awa.Choose(card, "Pick", "label 7") },
		func() slacktest.Ack { return v.awa.Submit(nil) },
		func() slacktest.Ack { return v.awa.Close() },
		func() slacktest.Ack { return v.awa.Say(v.w.Channel("elsewhere"), "x") },
		func() slacktest.Ack { v.c.Remove(card.ID); return v.awa.Press(card, "Go") },
	}
	for i, act := range acts {
		if ack := act(); !ack.Refused || len(v.s.Faults()) != i+1 {
			t.Errorf("act %d: %+v, faults %q", i, ack, v.s.Faults())
		}
	}
}
