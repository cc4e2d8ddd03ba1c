package blockkit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

// hostile is text from people who try.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", "\n", "<!channel>", "<!here|x>", "<@U1>", "<#C1|general>", "<http://x|y>", "```\nrm -rf\n```", "*b* _i_ ~s~ `c`", ":tada: :+1:",
			"&amp; & < >", "a\u202eb\u2066c", "\u200f\u061cשלום", "é\u0301\u0000\x07", "> quote\n> more", "@here @channel", "https://example.org/?a=1&b=2", "🟡👩‍👩‍👧", "\xff\xfe",
			"</textarea>", "{date} {time}", "a\r\nb\u2028c", "mailto:x@example.org", "|pipe|", "“quotes” «\u202foui\u202f»",
		}),
		rapid.String(),
		rapid.Map(rapid.SampledFrom([]string{"<!channel> ", "mot ", "字", "🎉", "a\n", "&<>", "\""}), func(s string) string { return strings.Repeat(s, 700) }),
		rapid.Custom(func(t *rapid.T) string {
			if rapid.IntRange(0, 9).Draw(t, "rarely") > 0 {
				return "short"
			}
			return strings.Repeat("0123456789 <@U1>", 2500) // 40 000 characters
		}),
	)
}

func anyTag() *rapid.Generator[chat.Tag] {
	return rapid.Custom(func(t *rapid.T) chat.Tag {
		return chat.Tag{
			Verb:    rapid.SampledFrom([]string{"run", "run", "post.approve", "delivery.retry", "link:1", "", "a|b", strings.Repeat("v", 120)}).Draw(t, "verb"),
			Subject: rapid.SampledFrom([]string{"pst_1", "post draft", "", "a|b", strings.Repeat("s", 90)}).Draw(t, "subject"),
			Rev:     rapid.Int64Range(-1, 5).Draw(t, "rev"),
		}
	})
}

func anyLink() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{
		"", "https://example.org/a|b>c d", "http://x", "javascript:alert(1)", "https://", "//x", "https://example.org/" + strings.Repeat("p", 3200), "https://example.org/" + strings.Repeat("q", 900),
	}), hostile())
}

func anySpan() *rapid.Generator[chat.Span] {
	return rapid.Custom(func(t *rapid.T) chat.Span {
		text := hostile().Draw(t, "text")
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return chat.Bold(text)
		case 1:
			return chat.Code(text)
		case 2:
			return chat.Link{Label: text, URL: anyLink().Draw(t, "url")}
		case 3:
			return chat.When{T: rapid.SampledFrom([]time.Time{{}, time.Unix(0, 0), time.Unix(1_773_734_400, 0), time.Unix(1<<40, 0)}).Draw(t, "at"), Text: text}
		case 4:
			return chat.Person{Name: text}
		case 5:
			return chat.Break{}
		}
		return chat.Plain(text)
	})
}

func anySpans() *rapid.Generator[[]chat.Span] {
	return rapid.OneOf(rapid.SliceOfN(anySpan(), 0, 4), rapid.Map(rapid.SampledFrom([]int{0, 40}), func(n int) []chat.Span {
		var out []chat.Span
		for range n {
			out = append(out, chat.Bold("b"), chat.Plain("p"), chat.Link{Label: "l", URL: "https://example.org"}, chat.Break{})
		}
		return out
	}))
}

func anyOptions() *rapid.Generator[[]chat.Option] {
	return rapid.Custom(func(t *rapid.T) []chat.Option {
		out := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Option {
			return chat.Option{Value: hostile().Draw(t, "value"), Label: hostile().Draw(t, "label")}
		}), 0, 3).Draw(t, "options")
		for i := range rapid.SampledFrom([]int{0, 3, 11, 130}).Draw(t, "more") {
			out = append(out, chat.Option{Value: fmt.Sprintf("value-%d", i), Label: strings.Repeat("l", i)})
		}
		return out
	})
}

var (
	anyTone   = rapid.SampledFrom([]chat.Tone{chat.Neutral, chat.Good, chat.Waiting, chat.Bad, "other"})
	anyLocale = rapid.SampledFrom(append([]i18n.Locale{""}, i18n.Locales...))
)

// many draws a slice that is mostly short and sometimes far too long.
func many[T any](t *rapid.T, name string, g *rapid.Generator[T]) []T {
	return rapid.SliceOfN(g, 0, rapid.SampledFrom([]int{0, 1, 1, 2, 2, 3, 4, 40}).Draw(t, name+"s")).Draw(t, name)
}

func anyCard() *rapid.Generator[chat.Card] {
	return rapid.Custom(func(t *rapid.T) chat.Card {
		return chat.Card{
			Subject: rapid.SampledFrom([]string{"", "pst_1"}).Draw(t, "subject"), Locale: anyLocale.Draw(t, "locale"), Tone: anyTone.Draw(t, "tone"),
			Title: hostile().Draw(t, "title"), Lead: anySpans().Draw(t, "lead"), Body: anySpans().Draw(t, "body"), Foot: anySpans().Draw(t, "foot"),
			Fields: many(t, "field", rapid.Custom(func(t *rapid.T) chat.Field {
				return chat.Field{Label: hostile().Draw(t, "label"), Value: anySpans().Draw(t, "value")}
			})),
			Sections: many(t, "section", rapid.Custom(func(t *rapid.T) chat.Section {
				return chat.Section{Title: hostile().Draw(t, "title"), Tone: anyTone.Draw(t, "tone"), Note: anySpans().Draw(t, "note"), Body: anySpans().Draw(t, "body")}
			})),
			Images: many(t, "image", rapid.Custom(func(t *rapid.T) chat.Image { return chat.Image{Hash: "1", Alt: hostile().Draw(t, "alt")} })),
			Buttons: many(t, "button", rapid.Custom(func(t *rapid.T) chat.Button {
				return chat.Button{Label: hostile().Draw(t, "label"), Tag: anyTag().Draw(t, "tag"), Confirm: hostile().Draw(t, "confirm"), URL: anyLink().Draw(t, "url"),
					Style: rapid.SampledFrom([]chat.Style{chat.Usual, chat.Primary, chat.Risky}).Draw(t, "style")}
			})),
			Selects: many(t, "select", rapid.Custom(func(t *rapid.T) chat.Select {
				return chat.Select{Label: hostile().Draw(t, "label"), Tag: anyTag().Draw(t, "tag"), Options: anyOptions().Draw(t, "options")}
			})),
		}
	})
}

func TestSlackTakesAnyCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCard().Draw(t, "card")
		k := rapid.SampledFrom([]blockkit.Look{{}, uploaded}).Draw(t, "look")
		m := blockkit.Card(c, k)
		acceptMessage(t, m.Text, m.Blocks)
		if rapid.Bool().Draw(t, "at home") {
			acceptView(t, blockkit.Home(c, k))
			return
		}
		acceptView(t, blockkit.Window(hostile().Draw(t, "title"), c, k, strings.Repeat("m", rapid.IntRange(0, 4000).Draw(t, "meta"))))
	})
}

func anyInput() *rapid.Generator[chat.Input] {
	return rapid.Custom(func(t *rapid.T) chat.Input {
		in := chat.Input{
			Name: rapid.OneOf(rapid.SampledFrom([]string{"text", "text:acc_1", "a.b.c"}), hostile()).Draw(t, "name"), Label: hostile().Draw(t, "label"),
			Kind: rapid.SampledFrom([]chat.Kind{chat.Line, chat.Text, chat.Secret, chat.Choice, chat.Many, chat.Moment, chat.Files, chat.Room, "other"}).Draw(t, "kind"),
			Help: hostile().Draw(t, "help"), Required: rapid.Bool().Draw(t, "required"), Options: anyOptions().Draw(t, "options"),
			Value: rapid.SliceOfN(hostile(), 0, 3).Draw(t, "value"), Error: hostile().Draw(t, "error"), Max: rapid.SampledFrom([]int{0, 1, 10, 500, 9000}).Draw(t, "max"),
		}
		if rapid.Bool().Draw(t, "chosen") {
			in.Value = append(in.Value, "value-1", "value-2", "value-129", "2026-12-01T08:00:00Z")
		}
		return in
	})
}

func anyForm() *rapid.Generator[chat.Form] {
	return rapid.Custom(func(t *rapid.T) chat.Form {
		return chat.Form{Title: hostile().Draw(t, "title"), Locale: anyLocale.Draw(t, "locale"), Tag: anyTag().Draw(t, "tag"), Intro: anySpans().Draw(t, "intro"),
			Submit: hostile().Draw(t, "submit"), Inputs: many(t, "input", anyInput())}
	})
}

func TestSlackTakesAnyForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyForm().Draw(t, "form")
		acceptView(t, blockkit.Modal(f, hostile().Draw(t, "meta")))
		acceptView(t, blockkit.Waiting(f.Title, hostile().Draw(t, "words")))
	})
}

func TestSlackTakesAnyNudge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		to := rapid.SampledFrom([]string{"U1", "W2", "", "!channel", "<!here>", "U1> <!channel"}).Draw(t, "to")
		m := blockkit.Nudge(to, anySpans().Draw(t, "words"))
		j, want := judged(t, m.Blocks, 50), 0
		if to == "U1" || to == "W2" {
			want = 1
		}
		text, pings := strings.CutPrefix(m.Text, "<@"+to+"> ")
		if j.pings != want || pings != (want == 1) || len(m.Text) > 3000 {
			t.Errorf("%q: %d pings, text %.80q", to, j.pings, m.Text)
		}
		if strings.ContainsAny(entity.ReplaceAllString(text, ""), "<>&") {
			t.Errorf("text is not escaped: %.200q", text)
		}
		j.report(t)
	})
}
