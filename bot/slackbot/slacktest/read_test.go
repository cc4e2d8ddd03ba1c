package slacktest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
)

func TestReadIsWhatAPersonReads(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	v.ok("chat.postMessage", object{"channel": v.c.ID, "text": "fallback", "blocks": list(
		object{"type": "header", "text": plain("Draft & co")},
		object{"type": "section", "text": mrkdwn("*Bold*, _slanted_ ~gone~ `*code*` 2*3*4 &lt;b&gt; <https://a.example|here> <https://b.example>\n<@" + v.awa.ID + "> in <#" + v.c.ID + "> <!date^1770710400^{date}|tomorrow> <!here>")},
		object{"type": "section", "fields": list(mrkdwn("*When*\nnow"), plain("x")), "accessory": object{"type": "image", "image_url": "https://a.example/a.png", "alt_text": "dot"}},
		object{"type": "context", "elements": list(mrkdwn("small"), plain("print"))},
		object{"type": "divider"},
		object{"type": "image", "image_url": "https://a.example/a.png", "alt_text": "A hand", "title": plain("Poster")},
		object{"type": "rich_text", "elements": list(
			object{"type": "rich_text_section", "elements": list(object{"type": "text", "text": "See "}, object{"type": "link", "url": "https://c.example", "text": "this"}, object{"type": "text", "text": " x", "style": object{"code": true}})},
			object{"type": "rich_text_list", "style": "ordered", "elements": list(object{"type": "rich_text_section", "elements": list(object{"type": "text", "text": "one"})})},
			object{"type": "rich_text_quote", "elements": list(object{"type": "text", "text": "said\ntwice"}, object{"type": "user", "user_id": v.awa.ID})},
		)},
		actions(button("Approve", "a", "1"), button("Reject", "b", "1"), menu(2), button("More", "c", "1")),
	)})
	want := []string{
		"Draft & co",
		"Bold, slanted gone `*code*` 2*3*4 <b> here <https://a.example> https://b.example", "@awa in #posts tomorrow @here",
		"When", "now", "x", "(image: dot)",
		"small print", "———", "Poster", "(image: A hand)",
		"See this <https://c.example>` x`", "1. one", "> said", "> twice@awa",
		"[Approve] [Reject]", "(Pick label 0 | label 1)", "[More]",
	}
	m := v.c.Last()
	if diff := cmp.Diff(want, m.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"@awa", "@here"}, m.Pings); diff != "" {
		t.Errorf("pings (-want +got):\n%s", diff)
	}
	if got := slacktest.Read(m.Blocks)[2]; got != "@"+v.awa.ID+" in #"+v.c.ID+" tomorrow @here" {
		t.Errorf("without a workspace: %q", got)
	}
}
