package slacktest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
)

// modal is a form with a text, a menu and boxes.
func modal() object {
	options := list(object{"text": plain("Mastodon"), "value": "m"}, object{"text": plain("Bluesky"), "value": "b"})
	return object{
		"type": "modal", "callback_id": "draft", "title": plain("Draft"), "submit": plain("Save"), "private_metadata": "x=1",
		"blocks": list(
			object{"type": "input", "block_id": "text", "label": plain("Text"), "element": object{"type": "plain_text_input", "action_id": "t", "multiline": true}},
			object{"type": "input", "block_id": "to", "label": plain("Accounts"), "element": object{"type": "checkboxes", "action_id": "c", "options": options}},
			object{"type": "input", "block_id": "when", "optional": true, "label": plain("When"), "element": object{"type": "datetimepicker", "action_id": "w"}},
		),
	}
}

// drafts is an app with one command that opens a modal, and a card with a button once it is sent.
func drafts(v *village) {
	v.answers(func(kind string, payload object) any {
		switch payload["type"] {
		case nil:
			v.ok("views.open", object{"trigger_id": payload["trigger_id"], "view": modal()})
		case "view_submission":
			values := payload["view"].(object)["state"].(object)["values"].(object)
			text := values["text"].(object)["t"].(object)["value"].(string)
			if text == "bad" {
				return object{"response_action": "errors", "errors": object{"text": "Not that"}}
			}
			v.ok("chat.postMessage", object{"channel": v.c.ID, "text": text, "blocks": list(
				object{"type": "header", "text": plain("Draft")},
				object{"type": "section", "text": object{"type": "mrkdwn", "text": text}},
				object{"type": "actions", "elements": list(button("Approve", "post.approve", "p1"), button("Reject", "post.reject", "p1"))},
			)})
		case "block_actions":
			action := payload["actions"].([]any)[0].(object)
			message := payload["message"].(object)
			v.ok("chat.update", object{"channel": v.c.ID, "ts": message["ts"], "text": "done", "blocks": list(
				object{"type": "section", "text": plain("Approved: " + action["value"].(string))},
			)})
		}
		return nil
	})
}

// TestStory is a draft from its command to its approval, by Socket Mode and over HTTP.
func TestStory(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			var v *village
			if way == "socket" {
				v = connected(t, slacktest.Options{})
			} else {
				v = served(t, slacktest.Options{})
			}
			drafts(v)
			if ack := v.awa.Command(v.c, "/post", "draft"); !ack.OK() {
				t.Fatalf("command: %+v", ack)
			}
			if ack := v.awa.Submit(nil); ack.Errors["Text"] == "" || ack.Status != 0 {
				t.Errorf("an empty form was sent: %+v", ack)
			}
			want := map[string]string{"Text": "Not that"}
			ack := v.awa.Submit(slacktest.Values{"Text": {"bad"}, "Accounts": {"Mastodon", "b"}})
			if diff := cmp.Diff(want, ack.Errors); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			form := []string{
				"form: Draft", "  Text * = bad", "  ✗ Not that", "  Accounts * = Mastodon, Bluesky", "  When", "  [Save]",
			}
			if diff := cmp.Diff(form, v.awa.Modal().Lines); diff != "" {
				t.Errorf("form (-want +got):\n%s", diff)
			}
			if ack := v.awa.Submit(slacktest.Values{"text": {"Hello *you*"}, "when/w": {"2026-02-10 09:00"}}); !ack.OK() || v.awa.Modal().Open() {
				t.Errorf("the form is still there: %+v", ack)
			}
			card := []string{"Draft", "Hello you", "[Approve] [Reject]"}
			if diff := cmp.Diff(card, v.c.Last().Lines); diff != "" {
				t.Errorf("card (-want +got):\n%s", diff)
			}
			if ack := v.awa.Press(v.c.Last(), "Approve"); !ack.OK() {
				t.Errorf("press: %+v", ack)
			}
			if got := strings.Join(v.c.Last().Lines, "\n"); got != "Approved: p1" {
				t.Errorf("after the press: %q", got)
			}
			if refused := v.s.Refused(); len(refused) > 0 {
				t.Errorf("refused: %q", refused)
			}
		})
	}
}
