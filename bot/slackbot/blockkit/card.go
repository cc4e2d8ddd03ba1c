package blockkit

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"

	"griot/chat"
)

// separate is how many sections stand in blocks of their own; more share one, closer together.
const separate = 12

// fit draws as much of c as the frame takes.
func fit(c chat.Card, k Look, in frame) []slack.Block {
	return chat.Fit(rooms, runRunes, func(r chat.Space) []slack.Block { return draw(c, k, r) }, in.holds)
}

// holds says whether blocks are few and short enough.
func (f frame) holds(blocks []slack.Block) bool {
	if len(blocks) > f.blocks {
		return false
	}
	b := encode(blocks)
	return len(b) <= f.units || units(string(b)) <= f.units // no text has more units than bytes
}

// units is the length of text as Slack's own programs count it: in UTF-16.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// encode writes blocks as they are sent; < > & as six bytes each, which is more than Slack counts.
func encode(blocks []slack.Block) []byte {
	b, err := json.Marshal(blocks)
	if err != nil {
		panic("blockkit: blocks that cannot be written: " + err.Error()) // they are strings and numbers of our own
	}
	return b
}

// draw shows c in a room.
func draw(c chat.Card, k Look, r chat.Space) []slack.Block {
	return something(slices.Concat(
		head(c, r), small(c.Lead, r.Runes), body(c, r), pictures(c, k, r), facts(c, r), sections(c, r),
		small(c.Foot, r.Runes), buttons(c, r), selects(c, r)))
}

// something is blocks, and an ellipsis when there are none: Slack shows nothing as an error.
func something(blocks []slack.Block) []slack.Block {
	if len(blocks) == 0 {
		return []slack.Block{slack.NewRichTextBlock("", section(nil))}
	}
	return blocks
}

func head(c chat.Card, r chat.Space) []slack.Block {
	if !titled(c) {
		return nil
	}
	return []slack.Block{slack.NewHeaderBlock(plain(icons[c.Tone]+c.Title, min(headerRunes, max(r.Runes, 2))))}
}

func titled(c chat.Card) bool { return strings.TrimSpace(chat.Clean(c.Title)) != "" }

// body is the words of a card. Those of a post, which has its networks below, are somebody's: they are quoted.
func body(c chat.Card, r chat.Space) []slack.Block {
	spans := chat.CutSpans(c.Body, r.Runes)
	if !titled(c) && icons[c.Tone] != "" && len(rich(spans)) > 0 {
		spans = append([]chat.Span{chat.Plain(icons[c.Tone])}, spans...)
	}
	if line := rich(spans); c.Subject != "" && len(c.Sections) > 0 && len(line) > 0 {
		return []slack.Block{slack.NewRichTextBlock("", quote(line))}
	}
	return paragraph(spans...)
}

// pictures are shown where they were uploaded, and else said.
func pictures(c chat.Card, k Look, r chat.Space) []slack.Block {
	var shown []slack.Block
	var said []chat.Span
	for _, i := range c.Images[:min(len(c.Images), r.Parts)] {
		alt := chat.Cut(strings.TrimSpace(chat.Clean(i.Alt)), min(altRunes, r.Runes))
		if alt == "" {
			alt = aPicture.In(c.Locale)
		}
		if id, ok := picture(k, i); ok {
			shown = append(shown, slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: id}, alt, "", nil))
			continue
		}
		if len(said) > 0 {
			said = append(said, chat.Break{})
		}
		said = append(said, chat.Plain("🖼 "+alt))
	}
	return append(shown, paragraph(said...)...)
}

func picture(k Look, i chat.Image) (string, bool) {
	if k.Picture == nil {
		return "", false
	}
	id, ok := k.Picture(i)
	return id, ok && id != ""
}

// facts are the fields, one a line.
func facts(c chat.Card, r chat.Space) []slack.Block {
	var spans []chat.Span
	for i, f := range c.Fields {
		if i > 0 {
			spans = append(spans, chat.Break{})
		}
		if i == r.Parts {
			spans = append(spans, chat.Plain("…"))
			break
		}
		if label := strings.TrimSpace(chat.Clean(f.Label)); label != "" {
			spans = append(spans, chat.Bold(labelled.In(c.Locale, chat.Cut(label, r.Runes))), chat.Plain(" "))
		}
		spans = append(spans, chat.CutSpans(f.Value, r.Runes)...)
	}
	return paragraph(spans...)
}

// sections are each a title with what stands beside it, and their words behind a bar.
func sections(c chat.Card, r chat.Space) []slack.Block {
	var parts [][]slack.RichTextElement
	for _, s := range c.Sections[:min(len(c.Sections), r.Parts)] {
		if e := part(s, r); len(e) > 0 {
			parts = append(parts, e)
		}
	}
	if len(c.Sections) > r.Parts {
		parts = append(parts, []slack.RichTextElement{section(nil)})
	}
	if len(parts) > separate {
		parts = [][]slack.RichTextElement{slices.Concat(parts...)}
	}
	var out []slack.Block
	for _, e := range parts {
		out = append(out, slack.NewRichTextBlock("", e...))
	}
	return out
}

func part(s chat.Section, r chat.Space) []slack.RichTextElement {
	var out []slack.RichTextElement
	name, note := strings.TrimSpace(chat.Clean(s.Title)), chat.CutSpans(s.Note, r.Runes)
	title := []chat.Span{chat.Plain(icons[s.Tone]), chat.Bold(chat.Cut(name, r.Runes))}
	if name != "" && strings.TrimSpace(chat.Flat(note)) != "" {
		title = append(title, chat.Plain(" — "))
	}
	if line := rich(append(title, note...)); len(line) > 0 {
		out = append(out, section(line))
	}
	if line := rich(chat.CutSpans(s.Body, r.Runes)); len(line) > 0 {
		out = append(out, quote(line))
	}
	return out
}

// said is a card as one would read it aloud, for notifications.
func said(c chat.Card) string {
	lines := []string{chat.Clean(c.Title), chat.Flat(c.Lead), chat.Flat(c.Body)}
	for _, f := range c.Fields {
		lines = append(lines, labelled.In(c.Locale, chat.Clean(f.Label))+" "+chat.Flat(f.Value))
	}
	for _, s := range c.Sections {
		title := chat.Clean(s.Title)
		if note := chat.Flat(s.Note); note != "" {
			title += " — " + note
		}
		lines = append(lines, title, chat.Flat(s.Body))
	}
	for _, i := range c.Images {
		lines = append(lines, chat.Clean(i.Alt))
	}
	lines = slices.DeleteFunc(append(lines, chat.Flat(c.Foot)), func(s string) bool { return strings.TrimSpace(s) == "" })
	return brief(strings.Join(lines, "\n"))
}
