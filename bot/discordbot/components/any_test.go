package components_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

// hostile is text from people who try.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", "\n", "@everyone", "<@123456789012345678>", "<#1>", "||spoiler||", "```\nrm -rf\n```", "*b* _i_ ~~s~~ `c`", "# Title", "> quote", "- one\n- two",
			"1. first", "[click](https://example.org)", "</post:123456789012345678>", "<t:1:R>", "a\u202eb\u2066c", "\u200f\u061cשלום", "https://example.org/a_b_c?x=*", "🟡👩‍👩‍👧",
			"\xff\xfe", "a\r\nb\u2028c", `\*`, "-# small",
		}),
		rapid.String(),
		rapid.Map(rapid.SampledFrom([]string{"<@1> ", "mot ", "字", "🎉", "a\n", "***", "[](x)"}), func(s string) string { return strings.Repeat(s, 900) }),
	)
}

func anySpans() *rapid.Generator[[]chat.Span] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Span {
		text := hostile().Draw(t, "text")
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return chat.Bold(text)
		case 1:
			return chat.Code(text)
		case 2:
			return chat.Link{Label: text, URL: rapid.OneOf(rapid.Just("https://example.org/a(b)"), hostile()).Draw(t, "url")}
		case 3:
			return chat.When{T: rapid.SampledFrom([]time.Time{{}, time.Unix(1_773_734_400, 0), time.Unix(1<<50, 0)}).Draw(t, "at"), Text: text}
		case 4:
			return chat.Person{Name: text}
		case 5:
			return chat.Break{}
		}
		return chat.Plain(text)
	}), 0, 4)
}

func anyCard() *rapid.Generator[chat.Card] {
	return rapid.Custom(func(t *rapid.T) chat.Card {
		c := chat.Card{Subject: rapid.SampledFrom([]string{"", "pst_1"}).Draw(t, "subject"), Locale: i18n.Fr, Title: hostile().Draw(t, "title"),
			Tone: rapid.SampledFrom([]chat.Tone{chat.Neutral, chat.Good, chat.Bad}).Draw(t, "tone"), Lead: anySpans().Draw(t, "lead"),
			Body: anySpans().Draw(t, "body"), Foot: anySpans().Draw(t, "foot")}
		for range rapid.IntRange(0, 20).Draw(t, "fields") {
			c.Fields = append(c.Fields, chat.Field{Label: hostile().Draw(t, "label"), Value: anySpans().Draw(t, "value")})
		}
		for range rapid.IntRange(0, 30).Draw(t, "sections") {
			c.Sections = append(c.Sections, chat.Section{Title: hostile().Draw(t, "name"), Note: anySpans().Draw(t, "note"), Body: anySpans().Draw(t, "words")})
		}
		for range rapid.IntRange(0, 12).Draw(t, "images") {
			c.Images = append(c.Images, chat.Image{Hash: "h", Alt: hostile().Draw(t, "alt")})
		}
		for range rapid.IntRange(0, 30).Draw(t, "buttons") {
			c.Buttons = append(c.Buttons, chat.Button{Label: hostile().Draw(t, "press"), Confirm: "?", Style: rapid.SampledFrom([]chat.Style{chat.Usual, chat.Risky}).Draw(t, "style"),
				Tag: chat.Tag{Verb: "run", Subject: rapid.SampledFrom([]string{"x", strings.Repeat("s", 92)}).Draw(t, "about")}})
		}
		for range rapid.IntRange(0, 4).Draw(t, "selects") {
			x := chat.Select{Label: hostile().Draw(t, "menu"), Tag: chat.Tag{Verb: "choose"}}
			for range rapid.IntRange(0, 40).Draw(t, "options") {
				x.Options = append(x.Options, chat.Option{Value: hostile().Draw(t, "v"), Label: hostile().Draw(t, "l")})
			}
			c.Selects = append(c.Selects, x)
		}
		return c
	})
}

func wide(text string) int { return len(utf16.Encode([]rune(text))) }

// count checks what stands in a message, whatever it shows.
func count(t *rapid.T, all []components.Component, ids map[string]bool) (parts, text int) {
	for _, c := range all {
		p, n := count(t, c.Components, ids)
		parts, text = parts+p+1, text+n+wide(c.Content)
		if c.Type == 10 && strings.TrimSpace(c.Content) == "" {
			t.Errorf("a text that says nothing")
		}
		if c.CustomID != "" && (ids[c.CustomID] || len(c.CustomID) > 100) {
			t.Errorf("the custom_id %q stands here twice, or is too long", c.CustomID)
		}
		ids[c.CustomID] = true
		if c.Type == 2 && (wide(c.Label) > 80 || c.Label == "") || wide(c.Placeholder) > 150 || len(c.Options) > 25 || len(c.Items) > 10 {
			t.Errorf("too much: %+v", c)
		}
		if c.Type == 1 && (len(c.Components) == 0 || len(c.Components) > 5) || c.Type == 3 && len(c.Options) == 0 {
			t.Errorf("a row or a menu of %d", len(c.Components))
		}
		for _, o := range c.Options {
			if wide(o.Label) > 100 || wide(o.Value) > 100 || o.Value == "" || o.Label == "" {
				t.Errorf("option %+v", o)
			}
		}
	}
	return parts, text
}

// TestAnyCardFits: whatever a card holds, Discord takes it.
func TestAnyCardFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := components.Card(anyCard().Draw(t, "card"), travelling)
		parts, text := count(t, m.Components, map[string]bool{})
		if parts > 40 || text > 4000 || parts == 0 {
			t.Errorf("%d parts, %d characters", parts, text)
		}
	})
}

// TestWordsFromOutsideNeverAct: what people wrote elsewhere is shown as they wrote it.
func TestWordsFromOutsideNeverAct(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, want string }{
		{"hello", "hello"},
		{"*b* _i_ ~~s~~ `c` ||d||", "\\*b\\* \\_i\\_ \\~\\~s\\~\\~ \\`c\\` \\|\\|d\\|\\|"},
		{"<@123456789012345678> <#12> <:x:123456789012345678> <t:0>", `\<@123456789012345678> \<#12> \<:x:123456789012345678> \<t:0>`},
		{"# big\n## b\n> q\n- l\n+ m\n1. n\n12) o\n-# p", "\\# big\n\\## b\n\\> q\n\\- l\n\\+ m\n1\\. n\n12\\) o\n\\-# p"},
		{"C# > 1. - 3", "C# > 1. - 3"},
		{"  # still a title", `\# still a title`},
		{"[click](https://example.org/x)", `\[click\](https://example.org/x)`},
		{"https://example.org/a_b_c?d=e, and *more*", `https://example.org/a_b_c?d=e, and \*more\*`},
		{"xhttps://a_b_", `xhttps://a\_b\_`},
		{`back\slash`, `back\\slash`},
		{"a\u202eb\x00c", "abc"},
	} {
		m := components.Card(chat.Card{Body: []chat.Span{chat.Plain(c.typed)}}, components.Look{})
		if diff := cmp.Diff(c.want, m.Components[0].Components[0].Content); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.typed, diff)
		}
	}
}

// TestOurOwnMarkup: what Griot itself makes bold, links and dates.
func TestOurOwnMarkup(t *testing.T) {
	t.Parallel()
	c := chat.Card{Body: []chat.Span{chat.Bold(" a*b "), chat.Plain("- "), chat.Code("/post draft"), chat.Code("a`b"), chat.Break{},
		chat.Link{Label: "here [now]", URL: "https://example.org/a b(c)"}, chat.Plain(" "), chat.Link{Label: "https://other.example", URL: "https://example.org/"},
		chat.Link{Label: " no", URL: "javascript:alert(1)"}, chat.Break{}, chat.When{T: time.Unix(1_773_734_400, 0), Text: "demain"}, chat.When{Text: "un_jour"}}}
	want := "**a\\*b** - `/post draft`a\\`b\n[here \\[now\\]](<https://example.org/a%20b%28c%29>) <https://example.org/> no\n<t:1773734400:f>un\\_jour"
	got := components.Card(c, components.Look{}).Components[0].Components[0].Content
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNudgePingsOne: whatever the words say.
func TestNudgePingsOne(t *testing.T) {
	t.Parallel()
	m := components.Nudge("123456789012345678", []chat.Span{chat.Plain("@everyone <@999999999999999999> come")})
	if diff := cmp.Diff(components.Mentions{Parse: []string{}, Users: []string{"123456789012345678"}}, m.Mentions); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
	if got, want := m.Components[0].Content, `<@123456789012345678> @everyone \<@999999999999999999> come`; got != want {
		t.Errorf("it says %q", got)
	}
}

// TestPressed: a tag comes back from the custom_id of a button, and whether the handler is to ask first.
func TestPressed(t *testing.T) {
	t.Parallel()
	approve, cancel := chat.Tag{Verb: "post.approve", Subject: "pst_1", Rev: 3}, chat.Tag{Verb: "post.cancel", Subject: "pst_1"}
	c := chat.Card{Buttons: []chat.Button{{Label: "A", Tag: approve}, {Label: "B", Tag: approve}, {Label: "C", Tag: cancel, Style: chat.Risky, Confirm: "Sure?"},
		{Label: "D", Tag: cancel, Style: chat.Risky}}}
	m := components.Card(c, components.Look{})
	type pressed struct {
		Tag    chat.Tag
		Unsure bool
		OK     bool
	}
	var got []pressed
	for _, b := range m.Components[0].Components[0].Components {
		tag, unsure, ok := components.Pressed(b.CustomID)
		got = append(got, pressed{tag, unsure, ok})
	}
	if diff := cmp.Diff([]pressed{{approve, false, true}, {approve, false, true}, {cancel, true, true}, {cancel, false, true}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, _, ok := components.Pressed("somebody else's"); ok {
		t.Error("what is no tag is one")
	}
	if !components.Asks(m.Components) {
		t.Error("a risky button that asks no more is not seen")
	}
}

// TestTyped: what people chose from menus while typing becomes what they meant.
func TestTyped(t *testing.T) {
	t.Parallel()
	names := map[string]string{"@123456789012345678": "nora", "#123456789012345678": "général"}
	plain, custom := components.Typed("<@123456789012345678> <@!123456789012345678> in <#123456789012345678>, <@&123456789012345679>: <:party:123456789012345678><a:party:123456789012345678> </post draft:123456789012345678> a<b <t:0:R>",
		func(sign, id string) string { return names[sign+id] })
	if want := "@nora @nora in #général, @123456789012345679: :party::party: /post draft a<b 1970-01-01 00:00 UTC"; plain != want {
		t.Errorf("meant %q", plain)
	}
	if diff := cmp.Diff([]string{"party"}, custom); diff != "" {
		t.Errorf("custom (-want +got):\n%s", diff)
	}
}
