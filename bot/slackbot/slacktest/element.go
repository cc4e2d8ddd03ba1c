package slacktest

import (
	"fmt"
	"maps"
	"reflect"
)

// confirm is the dialog that asks first.
var confirm = fields(map[string]check{
	"!title": plain(100), "!text": either(300), "!confirm": plain(30), "!deny": plain(30), "style": word("primary", "danger"),
}).check

// option is one choice.
func option(text check) check {
	return fields(map[string]check{"!text": text, "!value": length(1, 150), "description": text}).check
}

// element is an interactive element with these fields besides its id.
func element(all map[string]check) shape {
	return fields(map[string]check{"action_id": length(1, 255), "confirm": confirm}).with(all)
}

// field is an element that can have the focus and words in it while it is empty.
func field(all map[string]check) shape {
	return element(map[string]check{"placeholder": plain(150), "focus_on_load": focused}).with(all)
}

// typing is a field to type in: it asks nothing first.
func typing(all map[string]check) shape {
	sh := field(map[string]check{"dispatch_action_config": fields(map[string]check{
		"!trigger_actions_on": items(1, 2, word("on_enter_pressed", "on_character_entered")),
	}).check}).with(all)
	delete(sh.fields, "confirm")
	return sh
}

func focused(j *judge, at string, v any) {
	flagged(j, at, v)
	if v == true {
		j.focus++
	}
}

// menuFields are those of menus with options of their own.
var menuFields = map[string]check{
	"options": items(1, 100, option(plain(75))),
	"option_groups": items(1, 100, fields(map[string]check{
		"!label": plain(75), "!options": items(1, 100, option(plain(75))),
	}).check),
}

// conversationFields are those of menus of channels and people.
var conversationFields = map[string]check{
	"default_to_current_conversation": flagged,
	"filter": fields(map[string]check{
		"include": items(1, 4, word("im", "mpim", "private", "public")), "exclude_external_shared_channels": flagged, "exclude_bot_users": flagged,
	}).check,
}

var chosenMany = map[string]check{"max_selected_items": between(1, 100)}

// interactiveKinds are the elements that stand in sections and rows of actions.
var interactiveKinds = map[string]shape{
	"button": element(map[string]check{
		"!text": plain(75), "url": link(3000), "value": length(1, 2000), "style": word("primary", "danger"),
		"accessibility_label": length(1, 75),
	}),
	"overflow":            element(map[string]check{"!options": items(1, 5, fields(map[string]check{"!text": plain(75), "!value": length(1, 150), "description": plain(75), "url": link(3000)}).check)}),
	"static_select":       field(menuFields).with(map[string]check{"initial_option": option(plain(75))}).and(oneMenu),
	"multi_static_select": field(menuFields).with(chosenMany).with(map[string]check{"initial_options": items(1, 100, option(plain(75)))}).and(oneMenu),
	"conversations_select": field(conversationFields).with(map[string]check{
		"initial_conversation": length(1, 255), "response_url_enabled": flagged,
	}),
	"multi_conversations_select": field(conversationFields).with(chosenMany).with(map[string]check{"initial_conversations": items(1, 100, length(1, 255))}),
	"channels_select":            field(map[string]check{"initial_channel": length(1, 255), "response_url_enabled": flagged}),
	"users_select":               field(map[string]check{"initial_user": length(1, 255)}),
	"multi_users_select":         field(chosenMany).with(map[string]check{"initial_users": items(1, 100, length(1, 255))}),
	"checkboxes": without(field(map[string]check{
		"!options": items(1, 10, option(either(75))), "initial_options": items(1, 10, option(either(75))),
	}), "placeholder").and(oneMenu),
	"radio_buttons": without(field(map[string]check{
		"!options": items(1, 10, option(either(75))), "initial_option": option(either(75)),
	}), "placeholder").and(oneMenu),
	"datepicker":     field(map[string]check{"initial_date": length(10, 10)}),
	"timepicker":     field(map[string]check{"initial_time": length(5, 5), "timezone": length(1, 255)}),
	"datetimepicker": without(field(map[string]check{"initial_date_time": between(1_000_000_000, 9_999_999_999)}), "placeholder"),
}

// actionKinds are those of a row of actions.
var actionKinds = interactiveKinds

// accessoryKinds stand beside the text of a section.
var accessoryKinds = merged(dropped(interactiveKinds, "datetimepicker"), map[string]shape{"image": fields(imageFields).and(oneImage)})

// inputKinds stand in an input block.
var inputKinds = merged(dropped(interactiveKinds, "button", "overflow"), map[string]shape{
	"plain_text_input": typing(map[string]check{
		"initial_value": length(0, 3000), "multiline": flagged, "min_length": between(0, 3000), "max_length": between(1, 3000),
	}).and(fitsItself),
	"number_input": typing(map[string]check{
		"!is_decimal_allowed": flagged, "initial_value": length(1, 255), "min_value": length(1, 255), "max_value": length(1, 255),
	}),
	"email_text_input": typing(map[string]check{"initial_value": length(1, 3000)}),
	"url_text_input":   typing(map[string]check{"initial_value": length(1, 3000)}),
	"file_input": fields(map[string]check{
		"action_id": length(1, 255), "filetypes": items(1, 100, length(1, 20)), "max_files": between(1, 10),
	}).and(readsFiles),
})

// oneMenu is true of menus with either kind of options whose initial ones are among them, exactly.
func oneMenu(j *judge, at string, o Object) {
	if (o["options"] == nil) == (o["option_groups"] == nil) {
		j.no(at, "must define either `options` or `option_groups`")
	}
	first := objects(o["initial_options"])
	where := "initial_options"
	if one, ok := o["initial_option"].(Object); ok {
		first, where = Blocks{one}, "initial_option"
	}
	all, values := options(o), map[string]bool{}
	for _, x := range all {
		if values[str(x, "value")] {
			j.no(at+"/options", "option values must be unique: %q", str(x, "value"))
		}
		values[str(x, "value")] = true
	}
	for _, x := range first {
		there := false
		for _, y := range all {
			there = there || reflect.DeepEqual(x, y)
		}
		if !there {
			j.no(at+"/"+where, "must exactly match one of the options: %s", fmt.Sprint(x["value"]))
		}
	}
}

// fitsItself is true of text fields whose limits do not contradict what is in them.
func fitsItself(j *judge, at string, o Object) {
	least, hasLeast := whole(o["min_length"])
	most, hasMost := whole(o["max_length"])
	n := int64(len([]rune(str(o, "initial_value"))))
	if hasLeast && hasMost && least > most {
		j.no(at+"/min_length", "must be less than or equal to `max_length`")
	}
	if hasMost && n > most {
		j.no(at+"/initial_value", "must be less than %d characters", most+1)
	}
}

// readsFiles is true where the app may read what is given.
func readsFiles(j *judge, at string, _ Object) {
	for _, s := range j.w.scopes {
		if s == "files:read" {
			return
		}
	}
	j.no(at, "`file_input` needs the scope files:read")
}

func without(sh shape, names ...string) shape {
	sh = sh.with(nil)
	for _, n := range names {
		delete(sh.fields, n)
	}
	return sh
}

func dropped(all map[string]shape, names ...string) map[string]shape {
	all = maps.Clone(all)
	for _, n := range names {
		delete(all, n)
	}
	return all
}

func merged(a, b map[string]shape) map[string]shape {
	a = maps.Clone(a)
	maps.Copy(a, b)
	return a
}
