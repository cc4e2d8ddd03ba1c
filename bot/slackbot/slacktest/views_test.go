package slacktest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
)

// opened opens a modal on awa's screen.
func opened(v *village, view object) {
	v.t.Helper()
	v.answers(func(_ string, payload object) any {
		if payload["type"] == "shortcut" {
			v.ok("views.open", object{"trigger_id": payload["trigger_id"], "view": view})
		}
		return nil
	})
	if ack := v.awa.Shortcut("open"); !ack.OK() || !v.awa.Modal().Open() {
		v.t.Fatalf("no modal: %+v", ack)
	}
}

// trigger is a fresh trigger_id of awa's.
func (v *village) trigger() string {
	v.t.Helper()
	got := make(chan string, 1)
	v.answers(func(_ string, payload object) any {
		got <- payload["trigger_id"].(string)
		return nil
	})
	v.awa.Shortcut("x")
	return <-got
}

func TestTriggerIsGoodOnceForThreeSeconds(t *testing.T) {
	t.Parallel()
	c := noon()
	v := connected(t, slacktest.Options{Now: c.Now})
	open := func(trigger string) object {
		return v.call(v.token, "views.open", object{"trigger_id": trigger, "view": modal()})
	}
	used := v.trigger()
	if got := open(used); got["ok"] != true {
		t.Fatal(got)
	}
	refusedWith(t, open(used), "exchanged_trigger_id", "")
	late := v.trigger()
	c.pass(3*time.Second + time.Millisecond)
	refusedWith(t, open(late), "expired_trigger_id", "")
	refusedWith(t, open("made up"), "invalid_arguments", "invalid `trigger_id`")
	refusedWith(t, v.call(v.token, "views.open", object{"view": modal()}), "invalid_arguments", "missing required field: trigger_id")
	other := v.s.Workspace("Other")
	refusedWith(t, v.call(other.Install(), "views.open", object{"trigger_id": v.trigger(), "view": modal()}), "invalid_arguments", "invalid `trigger_id`")
	wrong := v.trigger()
	refusedWith(t, v.call(v.token, "views.open", object{"trigger_id": wrong, "view": object{"type": "modal"}}), "invalid_arguments", "missing required field: title [json-pointer:/view]")
	if got := open(wrong); got["ok"] != true {
		t.Errorf("a refused view used its trigger up: %v", got)
	}
}

func TestHashGuardsAViewAgainstAnOlderOne(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	opened(v, modal())
	was := v.awa.Modal()
	update := func(hash, note string) object {
		view := with(modal(), object{"blocks": append(list(section(note)), modal()["blocks"].([]any)...)})
		return v.call(v.token, "views.update", object{"view_id": was.ID, "hash": hash, "view": view})
	}
	v.awa.Choose(was, "Accounts", "Bluesky")
	if got := update(was.Hash, "first"); got["ok"] != true {
		t.Fatal(got)
	}
	refusedWith(t, update(was.Hash, "second"), "hash_conflict", "")
	now := v.awa.Modal()
	if got := now.Lines[1]; got != "  first" {
		t.Errorf("it shows %q", now.Lines)
	}
	if now.Values["Accounts"] != "Bluesky" {
		t.Errorf("what was chosen is lost: %v", now.Values)
	}
	refusedWith(t, v.call(v.token, "views.update", object{"view_id": "V1", "view": modal()}), "not_found", "")
	v.awa.Close()
	refusedWith(t, update("", "third"), "not_found", "")

	home := object{"type": "home", "blocks": list(section("hello"))}
	publish := func(hash string) object {
		return v.call(v.token, "views.publish", object{"user_id": v.awa.ID, "hash": hash, "view": home})
	}
	first := publish("")["view"].(object)["hash"].(string)
	if got := publish(first); got["ok"] != true {
		t.Error(got)
	}
	refusedWith(t, publish(first), "hash_conflict", "")
}

func TestModalsStandOnOneAnother(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	view := with(modal(), object{
		"notify_on_close": true, "external_id": "first", "blocks": list(actions(button("More", "more", "1"))),
	})
	opened(v, view)
	v.answers(func(_ string, payload object) any {
		if payload["type"] == "block_actions" {
			next := with(view, object{"external_id": payload["view"].(object)["id"].(string)})
			got := v.call(v.token, "views.push", object{"trigger_id": payload["trigger_id"], "view": next})
			if got["ok"] != true && got["error"] != "push_limit_reached" {
				t.Error(got)
			}
		}
		return nil
	})
	for range 3 {
		v.awa.Press(v.awa.Modal(), "More")
	}
	if n := len(v.awa.Modals()); n != 3 {
		t.Errorf("%d modals on one another", n)
	}
	if got := v.s.Refused(); len(got) != 1 || got[0] != "views.push: push_limit_reached" {
		t.Errorf("refused: %q", got)
	}
	refusedWith(t, v.call(v.token, "views.open", object{"trigger_id": v.trigger(), "view": view}), "duplicate_external_id", "")
	refusedWith(t, v.call(v.token, "views.push", object{"trigger_id": v.trigger(), "view": modal()}), "invalid_arguments", "`trigger_id` does not come from an open modal")
	v.answers(func(string, object) any { return nil })
	v.awa.Close()
	if n := len(v.awa.Modals()); n != 2 {
		t.Errorf("%d modals after closing one", n)
	}
	v.awa.CloseAll()
	if v.awa.Modal().Open() || len(v.seen("interactive")) == 0 {
		t.Error("modals are left")
	}
}

func TestSubmittedValuesHaveTheirShapes(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	options := list(choice("One", "1"), choice("Two", "2"))
	view := object{"type": "modal", "title": plain("All"), "submit": plain("Send"), "callback_id": "all", "blocks": list(
		named("text", "Text", object{"type": "plain_text_input"}),
		named("none", "Nothing", object{"type": "plain_text_input"}),
		named("one", "One of", object{"type": "static_select", "options": options}),
		named("many", "Some of", object{"type": "multi_static_select", "options": options}),
		named("boxes", "Boxes", object{"type": "checkboxes", "options": options, "initial_options": list(choice("Two", "2"))}),
		named("radio", "Radio", object{"type": "radio_buttons", "options": options}),
		named("when", "When", object{"type": "datetimepicker", "initial_date_time": 1770710400}),
		named("room", "Room", object{"type": "conversations_select"}),
		named("files", "Files", object{"type": "file_input"}),
	)}
	opened(v, view)
	file := v.awa.Upload("a.png", []byte("\x89PNG\r\n\x1a\n"))
	v.answers(func(string, object) any { return nil })
	ack := v.awa.Submit(slacktest.Values{
		"Text": {"Bonjour 🎉 & <b>"}, "One of": {"Two"}, "Some of": {"One", "2"}, "Radio": {"1"}, "Room": {"#posts"}, "Files": {file},
	})
	if !ack.OK() || v.awa.Modal().Open() {
		t.Fatalf("%+v", ack)
	}
	sent := v.seen("interactive")[1]["payload"].(object)["view"].(object)["state"].(object)["values"].(object)
	got := object{}
	for block, o := range sent {
		for _, held := range o.(object) {
			got[block] = held
		}
	}
	given := got["files"].(object)["files"].([]any)[0].(object)
	got["files"] = object{"type": "file_input", "files": list(given["id"].(string) + " " + given["mimetype"].(string))}
	two := choice("Two", "2")
	want := object{
		"text": object{"type": "plain_text_input", "value": "Bonjour :tada: & <b>"}, "none": object{"type": "plain_text_input", "value": nil},
		"one":   object{"type": "static_select", "selected_option": two},
		"many":  object{"type": "multi_static_select", "selected_options": list(choice("One", "1"), two)},
		"boxes": object{"type": "checkboxes", "selected_options": list(two)},
		"radio": object{"type": "radio_buttons", "selected_option": choice("One", "1")},
		"when":  object{"type": "datetimepicker", "selected_date_time": 1770710400.0},
		"room":  object{"type": "conversations_select", "selected_conversation": v.c.ID},
		"files": object{"type": "file_input", "files": list(file + " image/png")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state.values (-want +got):\n%s", diff)
	}
}

func named(id, label string, element object) object {
	element["action_id"] = "a"
	return object{"type": "input", "block_id": id, "label": plain(label), "optional": true, "element": element}
}

// TestWrongAnswersToAModalAreFaults: Slack tells the person that it had trouble, and the test fails unless it is lenient.
func TestWrongAnswersToAModalAreFaults(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]object{
		"errors of a block that is not there": {"response_action": "errors", "errors": object{"nope": "x"}},
		"errors of a section":                 {"response_action": "errors", "errors": object{"note": "x"}},
		"no errors":                           {"response_action": "errors", "errors": object{}},
		"unknown action":                      {"response_action": "explode"},
		"wrong view":                          {"response_action": "update", "view": object{"type": "modal"}},
		"clear with more":                     {"response_action": "clear", "view": modal()},
		"no action":                           {"text": "thanks"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := connected(t, slacktest.Options{Lenient: true})
			opened(v, with(modal(), object{"blocks": append(list(with(section("Note"), object{"block_id": "note"})), modal()["blocks"].([]any)...)}))
			v.answers(func(string, object) any { return answer })
			ack := v.awa.Submit(slacktest.Values{"Text": {"x"}, "Accounts": {"Bluesky"}})
			if ack.Trouble != "We had some trouble connecting. Try again?" || !v.awa.Modal().Open() || len(v.s.Faults()) != 1 {
				t.Errorf("%+v, faults %q", ack, v.s.Faults())
			}
		})
	}
}

func TestAnswersToAModalChangeIt(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	opened(v, modal())
	answer := func(o object) slacktest.Ack {
		v.answers(func(string, object) any { return o })
		return v.awa.Submit(slacktest.Values{"Text": {"x"}, "Accounts": {"Bluesky"}})
	}
	second := with(modal(), object{"title": plain("Second")})
	answer(object{"response_action": "push", "view": second})
	if got := v.awa.Modal().Title; got != "Second" || len(v.awa.Modals()) != 2 {
		t.Errorf("after push: %q", got)
	}
	answer(object{"response_action": "update", "view": with(modal(), object{"title": plain("Third")})})
	if got := v.awa.Modal().Title; got != "Third" || len(v.awa.Modals()) != 2 {
		t.Errorf("after update: %q", got)
	}
	answer(object{"response_action": "clear"})
	if v.awa.Modal().Open() {
		t.Error("after clear something is open")
	}
	if got := strings.Join(v.s.Faults(), "\n"); got != "" {
		t.Error(got)
	}
}
