package discordtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
)

func TestModalsThatDiscordRefuses(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	says := make(chan object, 1)
	fields := func(n int) []any {
		return many(n, func(i int) any { return label("A", input(fmt.Sprint(i), nil)) })
	}
	title := form(fields(1)...)
	title["data"].(object)["title"] = strings.Repeat("x", 46)
	closed := menu("m", pick("a", "a"))
	closed["disabled"] = false
	none := menu("m", pick("a", "a"))
	none["min_values"] = 0
	for name, c := range map[string]struct {
		form object
		says string
	}{
		"title":              {title, "title"},
		"six fields":         {form(fields(6)...), "between 1 and 5"},
		"a bare field":       {form(input("a", nil)), "UNION_TYPE"},
		"a long label":       {form(label(strings.Repeat("x", 46), input("a", nil))), "label"},
		"a label inside":     {form(label("A", input("a", object{"label": "B"}))), "label cannot be used"},
		"the same custom_id": {form(label("A", input("a", nil)), label("B", input("a", nil))), "DUPLICATED"},
		"a value too long":   {form(label("A", input("a", object{"max_length": 2, "value": "abc"}))), "value"},
		"a disabled menu":    {form(label("A", closed)), "disabled"},
		"none of required":   {form(label("A", none)), "required must be false"},
		"one radio button":   {form(label("A", object{"type": 21, "custom_id": "r", "options": list(pick("a", "a"))})), "options"},
	} {
		v.answers(func(i object) object {
			says <- v.callback(i, c.form)
			return object{"type": 5, "data": object{"flags": 64}}
		})
		v.awa.Command(v.c, "post draft", nil)
		t.Log(name)
		v.refused(<-says, 50035, c.says)
	}
	if v.awa.Modal().Open() {
		t.Error("one was shown")
	}
}

func TestModalsTakeEverything(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.ok("POST", v.messages(), v2(row(button("Fill", "fill"))))
	v.answers(func(i object) object {
		if i["type"] != 3.0 {
			return object{"type": 6}
		}
		return form(words("Read **this**."), label("Text", input("t", object{"required": false, "value": "was"})),
			label("Files", object{"type": 19, "custom_id": "f", "max_values": 2}),
			label("Boxes", object{"type": 22, "custom_id": "b", "required": false, "options": list(pick("A", "a"), pick("B", "b"))}),
			label("Yes", object{"type": 23, "custom_id": "y"}))
	})
	v.awa.Press(v.c.Last(), "Fill")
	v.awa.Upload("a.png", []byte("a"))
	ack := v.awa.Submit(discordtest.Values{"Files": {"a.png"}, "Boxes": {"B"}, "Yes": {"true"}})
	if !ack.OK() || ack.Type != 6 {
		t.Fatalf("%+v", ack)
	}
	all := v.seen("INTERACTION_CREATE")
	i := all[len(all)-1]
	data, got := i["data"].(object), map[string]any{}
	for _, o := range data["components"].([]any)[1:] {
		inside := o.(object)["component"].(object)
		got[inside["custom_id"].(string)] = inside["value"]
		if inside["values"] != nil {
			got[inside["custom_id"].(string)] = inside["values"]
		}
	}
	var file string
	for id := range data["resolved"].(object)["attachments"].(object) {
		file = id
	}
	want := map[string]any{"t": "was", "f": list(file), "b": list("b"), "y": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if i["message"].(object)["id"] != v.c.Last().ID {
		t.Error("the message the form came from is not told")
	}
}
