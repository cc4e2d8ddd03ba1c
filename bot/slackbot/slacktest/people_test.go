package slacktest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
)

// events are the inner events so far, by type and subtype.
func (v *village) events() []string {
	var all []string
	for _, e := range v.seen("events_api") {
		inner := e["payload"].(object)["event"].(object)
		all = append(all, strings.Trim(str(inner, "type")+"."+str(inner, "subtype"), "."))
	}
	return all
}

func TestWhatPeopleDoIsTold(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	for _, act := range []func() slacktest.Ack{
		func() slacktest.Ack { return v.awa.OpenMessages() },
		func() slacktest.Ack { return v.awa.OpenHome() },
		func() slacktest.Ack {
			return v.awa.Change(slacktest.Profile{Name: "awa", Locale: "en-US", Zone: "Africa/Dakar"})
		},
		func() slacktest.Ack { return v.awa.DirectMessage("one") },
		func() slacktest.Ack { return v.awa.EditMessage(v.awa.Direct(), v.awa.Direct().Last().ID, "two") },
		func() slacktest.Ack { return v.awa.Direct().Remove(v.awa.Direct().Last().ID) },
		func() slacktest.Ack { return v.awa.Say(v.c, "not for the bot") },
		func() slacktest.Ack { return v.awa.Mention(v.c, "for the bot") },
		func() slacktest.Ack { return v.awa.Reply(v.c, v.c.Last().ID, "@griot and this") },
		func() slacktest.Ack { return v.c.Kick() },
		func() slacktest.Ack { return v.c.Invite() },
		func() slacktest.Ack { return v.c.Archive() },
		func() slacktest.Ack { return v.c.Unarchive() },
		func() slacktest.Ack { return v.awa.Leave() },
	} {
		if ack := act(); !ack.OK() {
			t.Errorf("%+v", ack)
		}
	}
	want := []string{
		"app_home_opened", "app_home_opened", "user_change", "message", "message.message_changed", "message.message_deleted", "app_mention",
		"app_mention", "channel_left", "member_joined_channel", "channel_archive", "channel_unarchive", "user_change",
	}
	if diff := cmp.Diff(want, v.events()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if got := v.awa.Locale; got != "en-US" {
		t.Errorf("locale: %s", got)
	}
}

func TestTheBotHearsItselfInDirectMessages(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	ts := v.ok("chat.postMessage", object{"channel": v.awa.Direct().ID, "text": "hello"})["ts"]
	v.s.Eventually("an event", func() bool { return len(v.events()) == 1 })
	inner := v.seen("events_api")[0]["payload"].(object)["event"].(object)
	if inner["user"] != v.w.Bot.ID || inner["bot_id"] == nil || inner["ts"] != ts {
		t.Errorf("event: %v", inner)
	}
}

func TestChoicesInMessagesAreKept(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	boxes := object{"type": "checkboxes", "action_id": "boxes", "options": list(choice("One & two", "1"), choice("Three", "3"))}
	overflow := object{"type": "overflow", "action_id": "more", "options": list(choice("Later", "l"), choice("Never", "n"))}
	v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "x", "blocks": list(
		with(actions(boxes, overflow, button("Go", "go", "1")), object{"block_id": "row"}),
	)})
	v.awa.Choose(v.c.Last(), "boxes", "3")
	v.awa.Choose(v.c.Last(), "more", "Never")
	v.awa.Press(v.c.Last(), "Go")
	all := v.seen("interactive")
	var got []any
	for _, e := range all {
		action := e["payload"].(object)["actions"].([]any)[0].(object)
		got = append(got, []any{action["type"], action["selected_options"], action["selected_option"]})
	}
	want := []any{
		[]any{"checkboxes", list(choice("Three", "3")), nil}, []any{"overflow", nil, choice("Never", "n")}, []any{"button", nil, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	payload := all[2]["payload"].(object)
	state := payload["state"].(object)["values"].(object)["row"].(object)
	if diff := cmp.Diff(object{"boxes": object{"type": "checkboxes", "selected_options": list(choice("Three", "3"))}}, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	label := payload["message"].(object)["blocks"].([]any)[0].(object)["elements"].([]any)[0].(object)["options"].([]any)[0].(object)["text"]
	if str(label, "text") != "One &amp; two" {
		t.Errorf("plain text comes back as %v", label)
	}
	if got := v.c.Last().String(); got != "(… One & two | Three) = Three\n(… Later | Never)\n[Go]" {
		t.Errorf("it reads %q", got)
	}
}

func TestReloadForgetsWhatOnlyOnePersonSaw(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	opened(v, modal())
	v.ok("chat.postEphemeral", object{"channel": v.c.ID, "user": v.awa.ID, "text": "psst"})
	v.awa.Reload()
	if v.awa.Modal().Open() || v.awa.Ephemeral().ID != "" {
		t.Error("something is left")
	}
}

// TestRequestIsACommandAsSlackSendsIt: a benchmark sends these itself.
func TestRequestIsACommandAsSlackSendsIt(t *testing.T) {
	t.Parallel()
	v := served(t, slacktest.Options{})
	v.awa.Command(v.c, "/post", "x")
	r, err := v.awa.Request(v.base, v.c, "/post", "draft & more")
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	all := v.seen("slash_commands")
	if text := all[1]["payload"].(object)["text"]; got.StatusCode != http.StatusOK || text != "draft &amp; more" {
		t.Errorf("%s: %q", got.Status, text)
	}
}
