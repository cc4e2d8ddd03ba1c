package slacktest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// holds is what each stateful element keeps, as state.values shows it; a name that ends in "s" is a list.
// Source: the ViewStateValue interface of Slack's Node SDK.
var holds = map[string]string{
	"plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value",
	"static_select": "selected_option", "external_select": "selected_option", "radio_buttons": "selected_option",
	"multi_static_select": "selected_options", "checkboxes": "selected_options",
	"conversations_select": "selected_conversation", "channels_select": "selected_channel", "users_select": "selected_user",
	"multi_conversations_select": "selected_conversations", "multi_channels_select": "selected_channels", "multi_users_select": "selected_users",
	"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time", "file_input": "files",
}

// starts is the field of an element that says what it holds at first.
var starts = map[string]string{
	"value": "initial_value", "selected_option": "initial_option", "selected_options": "initial_options",
	"selected_conversation": "initial_conversation", "selected_channel": "initial_channel", "selected_user": "initial_user",
	"selected_conversations": "initial_conversations", "selected_channels": "initial_channels", "selected_users": "initial_users",
	"selected_date": "initial_date", "selected_time": "initial_time", "selected_date_time": "initial_date_time",
}

// elements calls each with every interactive element of blocks, and its block.
func elements(blocks Blocks, each func(block, element Object)) {
	for _, b := range blocks {
		for _, k := range []string{"element", "accessory"} {
			if e, ok := b[k].(Object); ok {
				each(b, e)
			}
		}
		if b["type"] == "actions" {
			for _, e := range objects(b["elements"]) {
				each(b, e)
			}
		}
	}
}

// key names an element of a block: "block/action".
func key(block Object, element any) string {
	return str(block, "block_id") + "/" + str(element, "action_id")
}

// first is what an element holds before anybody touched it.
func first(e Object) Object {
	name := holds[str(e, "type")]
	held := Object{"type": e["type"], name: e[starts[name]]}
	if held[name] == nil && strings.HasSuffix(name, "s") {
		held[name] = []any{}
	}
	return held
}

// firsts is what all elements of blocks hold before anybody touched them.
func firsts(blocks Blocks) map[string]Object {
	all := map[string]Object{}
	elements(blocks, func(b, e Object) {
		if holds[str(e, "type")] != "" {
			all[key(b, e)] = first(e)
		}
	})
	return all
}

// begin fills the fields with what they hold at first. The mutex is held.
func (v *view) begin() { v.state = firsts(v.blocks) }

// values is what fields hold, as payloads show it.
func (v *view) values() Object { return values(v.blocks, v.state) }

func values(blocks Blocks, state map[string]Object) Object {
	all := Object{}
	elements(blocks, func(b, e Object) {
		held := state[key(b, e)]
		if held == nil {
			return
		}
		id := str(b, "block_id")
		if all[id] == nil {
			all[id] = Object{}
		}
		all[id].(Object)[str(e, "action_id")] = held
	})
	return all
}

// options are the choices of an element, those in groups among them.
func options(e Object) Blocks {
	all := objects(e["options"])
	for _, g := range objects(e["option_groups"]) {
		all = append(all, objects(g["options"])...)
	}
	return all
}

// pick finds a choice by its label or its value; nil when there is none.
func pick(e Object, what string) Object {
	for _, o := range options(e) {
		if str(o, "text", "text") == what || str(o, "value") == what {
			return o
		}
	}
	return nil
}

// fill is what an element holds once a person gave it something: text; labels or values of options; names or ids of channels
// and people; a moment as Unix seconds, RFC 3339 or "2006-01-02 15:04" in their zone; ids of uploaded files. Nothing at all
// empties it. The second result says what is wrong. The mutex is held.
func (p *Person) fill(e Object, given []string) (Object, string) {
	kind := str(e, "type")
	name := holds[kind]
	held := Object{"type": kind, name: nil}
	if strings.HasSuffix(name, "s") {
		all := make([]any, 0, len(given))
		for _, g := range given {
			one, wrong := p.one(e, strings.TrimSuffix(name, "s"), g)
			if wrong != "" {
				return nil, wrong
			}
			all = append(all, one)
		}
		held[name] = all
		limit := e["max_selected_items"]
		if kind == "file_input" {
			limit = e["max_files"]
		}
		if n, ok := whole(limit); ok && len(all) > int(n) {
			return nil, fmt.Sprintf("takes %d at most", n)
		}
		return held, ""
	}
	if len(given) > 1 {
		return nil, "takes one thing"
	}
	if len(given) == 1 && given[0] != "" {
		one, wrong := p.one(e, name, given[0])
		if wrong != "" {
			return nil, wrong
		}
		held[name] = one
	}
	return held, ""
}

// one is one thing that an element holds. The mutex is held.
func (p *Person) one(e Object, name, given string) (any, string) {
	switch name {
	case "value":
		given = p.filled(given)
		n := int64(utf8.RuneCountInString(given))
		if most, ok := whole(e["max_length"]); ok && n > most {
			return nil, fmt.Sprintf("takes %d characters at most", most)
		}
		if least, ok := whole(e["min_length"]); ok && n < least {
			return nil, fmt.Sprintf("takes %d characters at least", least)
		}
		return given, ""
	case "selected_option":
		if o := pick(e, given); o != nil {
			return o, ""
		}
		return nil, fmt.Sprintf("has no option %q", given)
	case "selected_conversation", "selected_channel":
		given = strings.TrimPrefix(given, "#")
		i := slices.IndexFunc(p.w.channels, func(c *Channel) bool { return c.ID == given || c.im == nil && c.Name == given })
		if i < 0 {
			return nil, fmt.Sprintf("has no channel %q", given)
		}
		return p.w.channels[i].ID, ""
	case "selected_user":
		i := slices.IndexFunc(p.w.people, func(x *Person) bool { return x.ID == given || x.Name == strings.TrimPrefix(given, "@") })
		if i < 0 {
			return nil, fmt.Sprintf("has nobody called %q", given)
		}
		return p.w.people[i].ID, ""
	case "selected_date_time":
		return p.moment(given)
	case "file":
		return p.attached(e, given)
	}
	return given, ""
}

// moment is Unix seconds. The mutex is held.
func (p *Person) moment(given string) (any, string) {
	if n, err := strconv.ParseInt(given, 10, 64); err == nil {
		return n, ""
	}
	if t, err := time.Parse(time.RFC3339, given); err == nil {
		return t.Unix(), ""
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return nil, "is in a zone nobody knows: " + p.Zone
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", given, zone)
	if err != nil {
		return nil, fmt.Sprintf("takes no moment like %q", given)
	}
	return t.Unix(), ""
}

// attached is a file that the person gives to a file_input. The mutex is held.
func (p *Person) attached(e Object, id string) (any, string) {
	f := p.w.s.files[id]
	if f == nil || f.w != p.w {
		return nil, fmt.Sprintf("gets no file %q: Upload it first", id)
	}
	if kinds := strs(e["filetypes"]); len(kinds) > 0 && !slices.Contains(kinds, f.ending()) {
		return nil, fmt.Sprintf("takes files of %s only", strings.Join(kinds, ", "))
	}
	if len(f.bytes) > maxInputFile {
		return nil, "takes files of 10 MB at most"
	}
	f.given = true
	return f.json(), ""
}

// blank says whether an element holds nothing.
func blank(held Object) bool {
	for k, v := range held {
		if k == "type" {
			continue
		}
		list, isList := v.([]any)
		if v != nil && v != "" && !(isList && len(list) == 0) {
			return false
		}
	}
	return true
}

// shownValue is what an element holds as a person reads it.
func shownValue(held Object) string {
	for k, v := range maps.All(held) {
		if k == "type" || v == nil {
			continue
		}
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		var all []string
		for _, x := range list {
			switch {
			case str(x, "text", "text") != "":
				all = append(all, str(x, "text", "text"))
			case str(x, "name") != "":
				all = append(all, str(x, "name"))
			default:
				all = append(all, fmt.Sprint(x))
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}
