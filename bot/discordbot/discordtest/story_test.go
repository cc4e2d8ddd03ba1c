package discordtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
)

// desk registers what an app like ours has.
func (v *village) desk() {
	v.t.Helper()
	draft := object{
		"type": 1, "name": "draft", "description": "Write", "name_localizations": object{"fr": "rediger"},
		"options": list(
			object{
				"type": 3, "name": "network", "description": "Where", "name_localizations": object{"fr": "reseau"},
				"choices": list(object{"name": "Mastodon", "value": "m"}, object{"name": "Bluesky", "value": "b"}),
			},
			object{"type": 3, "name": "brand", "description": "Whose", "autocomplete": true},
			option("in", 7), option("picture", 11), option("for", 6), option("team", 8),
		),
	}
	v.ok("PUT", "/applications/"+v.s.App.ID+"/commands", list(
		object{"name": "post", "description": "Posts", "options": list(draft), "default_member_permissions": "32"},
		object{"name": "Draft from this message", "type": 3, "name_localizations": object{"fr": "En faire un message"}},
	))
}

func form(fields ...any) object {
	return object{"type": 9, "data": object{"custom_id": "f", "title": "Draft", "components": list(fields...)}}
}

func label(text string, inside object) object {
	return object{"type": 18, "label": text, "component": inside}
}

func input(id string, more object) object {
	o := object{"type": 4, "custom_id": id, "style": 2}
	for k, v := range more {
		o[k] = v
	}
	return o
}

func TestADayAtTheOffice(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	v.answers(func(i object) object {
		data := i["data"].(object)
		switch i["type"] {
		case 2.0:
			return form(label("Text", input("text", object{"max_length": 20})),
				label("When", object{"type": 3, "custom_id": "when", "required": false, "options": list(object{"label": "Now", "value": "now"}, object{"label": "Later", "value": "later"})}))
		case 5.0:
			text := data["components"].([]any)[0].(object)["component"].(object)["value"].(string)
			return object{"type": 4, "data": v2(object{"type": 17, "components": list(words("**"+text+"**"), row(button("Approve", "ok"), button("Reject", "no")))})}
		}
		return object{"type": 7, "data": object{"components": list(words("done by <@" + v.awa.ID + ">"))}}
	})
	if ack := v.awa.Command(v.c, "post rediger", nil); !ack.OK() || ack.Type != 9 {
		t.Fatalf("command: %+v", ack)
	}
	want := []string{"form: Draft", "  Text *", "  When", "  [Submit] [Cancel]"}
	if diff := cmp.Diff(want, v.awa.Modal().Lines); diff != "" {
		t.Errorf("modal (-want +got):\n%s", diff)
	}
	if ack := v.awa.Submit(nil); ack.Errors["Text"] == "" {
		t.Errorf("an empty field: %+v", ack)
	}
	if ack := v.awa.Submit(discordtest.Values{"Text": {strings.Repeat("x", 21)}}); ack.Errors["Text"] == "" {
		t.Errorf("a long text: %+v", ack)
	}
	if ack := v.awa.Submit(discordtest.Values{"Text": {"Hello"}, "When": {"Later"}}); !ack.OK() {
		t.Fatalf("submit: %+v", ack)
	}
	if v.awa.Modal().Open() {
		t.Error("the modal is still there")
	}
	seen := v.c.Last()
	if diff := cmp.Diff([]string{"Hello", "[Approve] [Reject]"}, seen.Lines); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	if ack := v.awa.Press(seen, "Approve"); !ack.OK() || ack.Type != 7 {
		t.Errorf("press: %+v", ack)
	}
	if last := v.c.Last(); last.String() != "done by @awa" || last.Edits != 1 || len(last.Pings) != 0 {
		t.Errorf("after: %+v", last)
	}
	if ack := v.awa.Press(seen, "Reject"); !ack.OK() {
		t.Errorf("an old snapshot: %+v", ack)
	}
	if all := v.s.Refused(); len(all) != 0 {
		t.Error(all)
	}
}
