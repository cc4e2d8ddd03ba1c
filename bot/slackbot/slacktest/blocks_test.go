package slacktest_test

import (
	"fmt"
	"strings"
	"testing"

	"griot/bot/slackbot/slacktest"
)

func x(n int) string { return strings.Repeat("x", n) }

func times(n int, each func(i int) any) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = each(i)
	}
	return all
}

func mrkdwn(text string) object { return object{"type": "mrkdwn", "text": text} }

func section(text string) object { return object{"type": "section", "text": mrkdwn(text)} }

func actions(all ...any) object { return object{"type": "actions", "elements": all} }

func choice(label, value string) object { return object{"text": plain(label), "value": value} }

func menu(n int) object {
	return object{"type": "static_select", "action_id": "m", "placeholder": plain("Pick"), "options": times(n, func(i int) any {
		return choice(fmt.Sprint("label ", i), fmt.Sprint("v", i))
	})}
}

func with(o object, more object) object {
	made := object{}
	for k, v := range o {
		made[k] = v
	}
	for k, v := range more {
		made[k] = v
	}
	return made
}

func richText(elements ...any) object {
	return object{"type": "rich_text", "elements": list(object{"type": "rich_text_section", "elements": elements})}
}

func input(element object) object {
	return object{"type": "input", "block_id": "i", "label": plain("Label"), "element": element}
}

func confirms(title, text, yes, no string) object {
	return object{"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}
}

// TestWrongBlocksAreRefused: each of these is refused in a message, and the answer says why and where.
func TestWrongBlocksAreRefused(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	pressed := button("Go", "go", "1")
	for _, c := range []struct {
		name   string
		blocks []any
		told   string
	}{
		{"unknown block", list(object{"type": "poster"}), "unsupported type: poster [json-pointer:/blocks/0/type]"},
		{"no type", list(object{"text": plain("x")}), "missing required field: type [json-pointer:/blocks/0]"},
		{"not an object", list("text"), "must provide an object [json-pointer:/blocks/0]"},
		{"51 blocks", times(51, func(int) any { return section("x") }), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"unknown field", list(with(section("x"), object{"colour": "red"})), "invalid additional property: colour [json-pointer:/blocks/0]"},
		{"same block id", list(with(section("x"), object{"block_id": "a"}), with(section("y"), object{"block_id": "a"})), "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]"},
		{"long block id", list(with(section("x"), object{"block_id": x(256)})), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
		{"empty block id", list(with(section("x"), object{"block_id": ""})), "must be more than 0 characters [json-pointer:/blocks/0/block_id]"},

		{"long header", list(object{"type": "header", "text": plain(x(151))}), "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		{"mrkdwn header", list(object{"type": "header", "text": mrkdwn("x")}), "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		{"header without text", list(object{"type": "header"}), "missing required field: text [json-pointer:/blocks/0]"},
		{"empty section", list(object{"type": "section"}), "must define either `text` or `fields` [json-pointer:/blocks/0]"},
		{"long section", list(section(x(3001))), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"section of nothing", list(section("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"emoji in mrkdwn", list(object{"type": "section", "text": with(mrkdwn("x"), object{"emoji": true})}), "invalid additional property: emoji [json-pointer:/blocks/0/text]"},
		{"verbatim in plain text", list(object{"type": "section", "text": with(plain("x"), object{"verbatim": true})}), "invalid additional property: verbatim [json-pointer:/blocks/0/text]"},
		{"long field", list(object{"type": "section", "fields": list(plain(x(2001)))}), "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		{"11 fields", list(object{"type": "section", "fields": times(11, func(int) any { return plain("x") })}), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"no fields", list(object{"type": "section", "fields": list()}), "no less than 1 items allowed [json-pointer:/blocks/0/fields]"},
		{"picker beside a section", list(with(section("x"), object{"accessory": object{"type": "datetimepicker"}})), "unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]"},
		{"11 in a context", list(object{"type": "context", "elements": times(11, func(int) any { return plain("x") })}), "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
		{"button in a context", list(object{"type": "context", "elements": list(pressed)}), "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"},
		{"empty context", list(object{"type": "context", "elements": list()}), "no less than 1 items allowed [json-pointer:/blocks/0/elements]"},

		{"26 actions", list(actions(times(26, func(i int) any { return button("x", fmt.Sprint(i), "1") })...)), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
		{"same action id", list(actions(pressed, pressed)), "`action_id` \"go\" already exists for this block [json-pointer:/blocks/0/elements/1/action_id]"},
		{"text input among actions", list(actions(object{"type": "plain_text_input"})), "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		{"long button", list(actions(button(x(76), "a", "1"))), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		{"long value", list(actions(button("x", "a", x(2001)))), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		{"long action id", list(actions(button("x", x(256), "1"))), "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"},
		{"long url", list(actions(with(pressed, object{"url": "https://a.example/" + x(3000)}))), "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"},
		{"no url", list(actions(with(pressed, object{"url": "javascript:alert(1)"}))), "must be a valid URL [json-pointer:/blocks/0/elements/0/url]"},
		{"odd style", list(actions(with(pressed, object{"style": "green"}))), "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"},
		{"mrkdwn button", list(actions(with(pressed, object{"text": mrkdwn("x")}))), "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]"},
		{"long confirm title", list(actions(with(pressed, object{"confirm": confirms(x(101), "x", "x", "x")}))), "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]"},
		{"long confirm text", list(actions(with(pressed, object{"confirm": confirms("x", x(301), "x", "x")}))), "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]"},
		{"long confirm button", list(actions(with(pressed, object{"confirm": confirms("x", "x", x(31), "x")}))), "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]"},
		{"half a confirm", list(actions(with(pressed, object{"confirm": object{"title": plain("x")}}))), "missing required field: confirm [json-pointer:/blocks/0/elements/0/confirm]"},
		{"101 options", list(actions(menu(101))), "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{"no option", list(actions(menu(0))), "no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{"long option", list(actions(with(menu(0), object{"options": list(choice(x(76), "v"))}))), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]"},
		{"long option value", list(actions(with(menu(0), object{"options": list(choice("x", x(151)))}))), "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]"},
		{"same option value", list(actions(with(menu(0), object{"options": list(choice("x", "v"), choice("y", "v"))}))), "option values must be unique: \"v\" [json-pointer:/blocks/0/elements/0/options]"},
		{"initial option from elsewhere", list(actions(with(menu(2), object{"initial_option": choice("other", "v0")}))), "must exactly match one of the options: v0 [json-pointer:/blocks/0/elements/0/initial_option]"},
		{"long placeholder", list(actions(with(menu(1), object{"placeholder": plain(x(151))}))), "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]"},
		{"url in a menu", list(actions(with(menu(0), object{"options": list(with(choice("x", "v"), object{"url": "https://a.example"}))}))), "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]"},
		{"six in an overflow", list(actions(object{"type": "overflow", "options": menu(6)["options"]})), "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{"11 boxes", list(actions(object{"type": "checkboxes", "options": menu(11)["options"]})), "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{"11 radio buttons", list(actions(object{"type": "radio_buttons", "options": menu(11)["options"]})), "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{"placeholder on boxes", list(actions(object{"type": "checkboxes", "options": menu(1)["options"], "placeholder": plain("x")})), "invalid additional property: placeholder [json-pointer:/blocks/0/elements/0]"},
		{"moment in milliseconds", list(actions(object{"type": "datetimepicker", "initial_date_time": 1770710400000})), "must be less than or equal to 9999999999 [json-pointer:/blocks/0/elements/0/initial_date_time]"},
		{"two with the focus", list(actions(with(menu(1), object{"focus_on_load": true}), with(menu(1), object{"action_id": "n", "focus_on_load": true}))), "only one element can have `focus_on_load` [json-pointer:/blocks]"},

		{"image without description", list(object{"type": "image", "image_url": "https://a.example/a.png"}), "missing required field: alt_text [json-pointer:/blocks/0]"},
		{"image with an empty one", list(object{"type": "image", "image_url": "https://a.example/a.png", "alt_text": ""}), "must be more than 0 characters [json-pointer:/blocks/0/alt_text]"},
		{"image from nowhere", list(object{"type": "image", "alt_text": "x"}), "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"},
		{"file that is not there", list(object{"type": "image", "alt_text": "x", "slack_file": object{"id": "F1"}}), "invalid slack file [json-pointer:/blocks/0/slack_file]"},
		{"long image title", list(object{"type": "image", "image_url": "https://a.example/a.png", "alt_text": "x", "title": plain(x(2001))}), "must be less than 2001 characters [json-pointer:/blocks/0/title/text]"},

		{"rich text of nothing", list(richText(object{"type": "text", "text": ""})), "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]"},
		{"unknown part", list(richText(object{"type": "sticker"})), "unsupported type: sticker [json-pointer:/blocks/0/elements/0/elements/0/type]"},
		{"odd style of text", list(richText(object{"type": "text", "text": "x", "style": object{"blink": true}})), "invalid additional property: blink [json-pointer:/blocks/0/elements/0/elements/0/style]"},
		{"odd range", list(richText(object{"type": "broadcast", "range": "world"})), "must be one of: here, channel, everyone [json-pointer:/blocks/0/elements/0/elements/0/range]"},
		{"user in preformatted text", list(object{"type": "rich_text", "elements": list(object{"type": "rich_text_preformatted", "elements": list(object{"type": "user", "user_id": "U1"})})}), "unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]"},
		{"deep list", list(object{"type": "rich_text", "elements": list(object{"type": "rich_text_list", "style": "bullet", "indent": 9, "elements": list(object{"type": "rich_text_section", "elements": list()})})}), "must be less than or equal to 8 [json-pointer:/blocks/0/elements/0/indent]"},
		{"list of text", list(object{"type": "rich_text", "elements": list(object{"type": "rich_text_list", "style": "bullet", "elements": list(object{"type": "text", "text": "x"})})}), "unsupported type: text [json-pointer:/blocks/0/elements/0/elements/0/type]"},
		{"date without a format", list(richText(object{"type": "date", "timestamp": 1770710400})), "missing required field: format [json-pointer:/blocks/0/elements/0/elements/0]"},

		{"file input in a message", list(input(object{"type": "file_input"})), "unsupported type: file_input [json-pointer:/blocks/0/element/type]"},
		{"button as an input", list(input(pressed)), "unsupported type: button [json-pointer:/blocks/0/element/type]"},
		{"input without a label", list(object{"type": "input", "element": menu(1)}), "missing required field: label [json-pointer:/blocks/0]"},
		{"long label", list(with(input(menu(1)), object{"label": plain(x(2001))})), "must be less than 2001 characters [json-pointer:/blocks/0/label/text]"},
		{"long hint", list(with(input(menu(1)), object{"hint": plain(x(2001))})), "must be less than 2001 characters [json-pointer:/blocks/0/hint/text]"},
		{"mrkdwn label", list(with(input(menu(1)), object{"label": mrkdwn("x")})), "unsupported type: mrkdwn [json-pointer:/blocks/0/label/type]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := v.call(v.token, "chat.postMessage", object{"channel": v.c.ID, "text": "x", "blocks": c.blocks})
			refusedWith(t, got, "invalid_blocks", c.told)
		})
	}
}

// refusedWith looks for an error and one of its messages.
func refusedWith(t *testing.T, got object, code, told string) {
	t.Helper()
	if got["error"] != code || got["ok"] != false {
		t.Errorf("it says %v", got)
		return
	}
	meta, _ := got["response_metadata"].(object)
	messages, _ := meta["messages"].([]any)
	if told == "" && messages == nil {
		return
	}
	for _, m := range messages {
		if m == "[ERROR] "+told {
			return
		}
	}
	t.Errorf("it says %q, not %q", messages, told)
}

// TestWrongViewsAreRefused is the same for modals and Home tabs.
func TestWrongViewsAreRefused(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	opened(v, modal())
	id := v.awa.Modal().ID
	text := func(more object) []any { return list(input(with(object{"type": "plain_text_input"}, more))) }
	for _, c := range []struct {
		name string
		more object
		told string
	}{
		{"no title", object{"title": nil}, "must provide an object [json-pointer:/view/title]"},
		{"long title", object{"title": plain(x(25))}, "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"mrkdwn title", object{"title": mrkdwn("x")}, "unsupported type: mrkdwn [json-pointer:/view/title/type]"},
		{"long submit", object{"submit": plain(x(25))}, "must be less than 25 characters [json-pointer:/view/submit/text]"},
		{"long close", object{"close": plain(x(25))}, "must be less than 25 characters [json-pointer:/view/close/text]"},
		{"long metadata", object{"private_metadata": x(3001)}, "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		{"long callback", object{"callback_id": x(256)}, "must be less than 256 characters [json-pointer:/view/callback_id]"},
		{"101 blocks", object{"blocks": times(101, func(int) any { return section("x") })}, "no more than 100 items allowed [json-pointer:/view/blocks]"},
		{"unknown field", object{"colour": "red"}, "invalid additional property: colour [json-pointer:/view]"},
		{"another type", object{"type": "home"}, "must be `modal` [json-pointer:/view/type]"},
		{"unknown type", object{"type": "popup"}, "unsupported type: popup [json-pointer:/view/type]"},
		{"long initial text", object{"blocks": text(object{"initial_value": x(3001)})}, "must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]"},
		{"initial text beyond its own limit", object{"blocks": text(object{"initial_value": x(11), "max_length": 10})}, "must be less than 11 characters [json-pointer:/view/blocks/0/element/initial_value]"},
		{"limit beyond the limit", object{"blocks": text(object{"max_length": 3001})}, "must be less than or equal to 3000 [json-pointer:/view/blocks/0/element/max_length]"},
		{"confirm on a text", object{"blocks": text(object{"confirm": confirms("a", "b", "c", "d")})}, "invalid additional property: confirm [json-pointer:/view/blocks/0/element]"},
		{"11 files", object{"blocks": list(input(object{"type": "file_input", "max_files": 11}))}, "must be less than or equal to 10 [json-pointer:/view/blocks/0/element/max_files]"},
		{"markdown in a modal", object{"blocks": list(object{"type": "markdown", "text": "x"})}, "unsupported type: markdown [json-pointer:/view/blocks/0/type]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := v.call(v.token, "views.update", object{"view_id": id, "view": with(modal(), c.more)})
			refusedWith(t, got, "invalid_arguments", c.told)
		})
	}
	t.Run("input without submit", func(t *testing.T) {
		t.Parallel()
		without := modal()
		delete(without, "submit")
		got := v.call(v.token, "views.update", object{"view_id": id, "view": without})
		refusedWith(t, got, "invalid_arguments", "missing required field: submit: a modal with an input block has one [json-pointer:/view]")
	})
	t.Run("too big", func(t *testing.T) {
		t.Parallel()
		big := with(modal(), object{"blocks": times(100, func(int) any { return section(x(2700)) })})
		refusedWith(t, v.call(v.token, "views.update", object{"view_id": id, "view": big}), "view_too_large", "")
	})
	t.Run("home with a title", func(t *testing.T) {
		t.Parallel()
		home := object{"type": "home", "title": plain("x"), "blocks": list()}
		got := v.call(v.token, "views.publish", object{"user_id": v.awa.ID, "view": home})
		refusedWith(t, got, "invalid_arguments", "invalid additional property: title [json-pointer:/view]")
	})
}

// TestBigBlocksArePosted: at the limit of everything, nothing is refused.
func TestBigBlocksArePosted(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	for name, blocks := range map[string][]any{
		"header":   list(object{"type": "header", "text": plain(strings.Repeat("é", 150))}),
		"section":  list(section(x(3000)), object{"type": "divider"}),
		"fields":   list(object{"type": "section", "fields": times(10, func(int) any { return mrkdwn(x(1000)) })}),
		"actions":  list(actions(times(25, func(i int) any { return button(x(75), fmt.Sprint(i), x(2000)) })...)),
		"menu":     list(actions(menu(100))),
		"count":    times(50, func(int) any { return section("x") }),
		"confirm":  list(actions(with(button("x", "a", "1"), object{"confirm": confirms(x(100), x(300), x(30), x(30)), "style": "danger"}))),
		"context":  list(object{"type": "context", "elements": times(10, func(int) any { return mrkdwn("x") })}),
		"markdown": list(object{"type": "markdown", "text": x(12000)}),
		"rich text": list(richText(
			object{"type": "text", "text": "x", "style": object{"bold": true}}, object{"type": "link", "url": "https://a.example", "text": "a"},
			object{"type": "user", "user_id": v.awa.ID}, object{"type": "emoji", "name": "tada"},
			object{"type": "date", "timestamp": 1770710400, "format": "{date_short_pretty} {time}", "fallback": "tomorrow"},
		)),
		"input in a message": list(with(input(menu(2)), object{"dispatch_action": true})),
		"together":           times(4, func(int) any { return section(x(3000)) }),
	} {
		got := v.call(v.token, "chat.postMessage", object{"channel": v.c.ID, "text": "x", "blocks": blocks})
		if got["ok"] != true {
			t.Errorf("%s: %v", name, got)
		}
	}
	long := times(5, func(int) any { return section(x(2800)) })
	refusedWith(t, v.call(v.token, "chat.postMessage", object{"channel": v.c.ID, "blocks": long}), "msg_blocks_too_long", "")
	refusedWith(t, v.call(v.token, "chat.postMessage", object{"channel": v.c.ID, "blocks": "{"}), "invalid_blocks_format", "")
}
