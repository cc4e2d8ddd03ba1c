package discordtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
)

func TestMessagesReadAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	for say, want := range map[string][]string{
		"# Head\n-# small\n- one":                     {"Head", "small", "• one"},
		"**bold** *it* __un__ ~~no~~ ||sp||":          {"bold it un no sp"},
		`\*\*not\*\* 1\. \<@7\> \# x`:                 {"**not** 1. <@7> # x"},
		"[label](https://example.org/a_b_c)":          {"label <https://example.org/a_b_c>"},
		"<https://example.org> `**code**`":            {"<https://example.org> `**code**`"},
		"<t:1770638400:f> <t:1770638400:t>":           {"9 February 2026 12:00 12:00"},
		"<@" + v.awa.ID + "> in <#" + v.c.ID + ">":    {"@awa in #posts"},
		"</post draft:7>":                             {"/post draft"},
		"snake_case_name and 2*3*4":                   {"snake_case_name and 234"},
		"a **b [c](https://example.org) d** \\_e\\_.": {"a b c <https://example.org> d _e_."},
	} {
		v.ok("POST", v.messages(), v2(words(say)))
		if diff := cmp.Diff(want, v.c.Last().Lines); diff != "" {
			t.Errorf("%q (-want +got):\n%s", say, diff)
		}
	}
	off := button("No", "no")
	off["disabled"] = true
	v.ok("POST", v.messages(), v2(
		object{"type": 9, "components": list(words("side")), "accessory": button("Open", "o")}, object{"type": 14},
		object{"type": 12, "items": list(object{"media": object{"url": "https://example.org/a.png"}, "description": "a cat"})},
		row(button("Yes", "yes"), off), row(menu("m", object{"label": "A", "value": "a", "default": true}, pick("B", "b")))))
	want := []string{"side", "[Open]", "———", "(image: a cat)", "[Yes] [No (disabled)]", "(Choose… A | B) = A"}
	if diff := cmp.Diff(want, v.c.Last().Lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m := v.c.Last(); !m.Has("Open") || !m.Has("Choose…") || !m.Has("yes") || m.Has("Maybe") {
		t.Error("Has finds what is there")
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	team := v.g.Role("team")
	text := v.awa.Mention() + " " + team.Mention() + " @everyone"
	nobody := object{"parse": list()}
	only := object{"parse": list(), "users": list(v.awa.ID)}
	v.g.Bot.Allow(discordtest.MentionEveryone)
	for name, c := range map[string]struct {
		body object
		want []string
	}{
		"when nobody says":  {object{"content": text}, []string{"@awa", "@team", "@everyone"}},
		"nobody":            {object{"content": text, "allowed_mentions": nobody}, nil},
		"one":               {object{"content": text, "allowed_mentions": only}, []string{"@awa"}},
		"text of a message": {v2(words(text)), []string{"@awa", "@team", "@everyone"}},
	} {
		v.ok("POST", v.messages(), c.body)
		if diff := cmp.Diff(c.want, v.c.Last().Pings); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	said := v.awa.Say(v.c, "a question")
	answer := object{"content": "yes", "allowed_mentions": nobody, "message_reference": object{"message_id": said.ID}}
	v.ok("POST", v.messages(), answer)
	if got := v.c.Last().Pings; len(got) != 1 {
		t.Errorf("an answer: %v", got)
	}
	nobody["replied_user"] = false
	if v.ok("POST", v.messages(), answer); len(v.c.Last().Pings) != 0 {
		t.Errorf("a silent answer: %v", v.c.Last().Pings)
	}
}
