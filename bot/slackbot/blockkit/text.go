package blockkit

import (
	"strings"

	"github.com/slack-go/slack"

	"griot/chat"
)

// whenFormat shows an instant in the reader's own zone and language: "tomorrow, 9:00", "Tuesday, March 17th, 2026, 9:00".
// Source: docs.slack.dev, reference/block-kit/block-elements/date-element, read 2026-11.
const whenFormat = "{date_long_pretty}, {time}"

// lastInstant is the end of the year 9999, in seconds since 1970.
const lastInstant = 253402300799

// escape is text as Slack reads it where markup counts. Source: docs.slack.dev, messaging/formatting-message-text.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// plain is text in which nothing is markup, a mention or a shortcode; at most n runes, and never empty.
func plain(text string, n int) *slack.TextBlockObject {
	text = chat.Cut(strings.TrimSpace(chat.Clean(text)), n)
	if text == "" {
		text = "…"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// address is where a link leads as Slack takes it, and whether it is one of the web's own.
func address(link string) (string, bool) { return chat.Address(link, urlBytes) }

// dated says whether Slack can show an instant in the reader's own way.
func dated(w chat.When) bool { return w.T.Unix() > 0 && w.T.Unix() <= lastInstant }

// rich is spans as literal text: what looks like markup, a mention or a shortcode stays what was typed.
func rich(spans []chat.Span) []slack.RichTextSectionElement {
	var out line
	for _, s := range spans {
		switch x := s.(type) {
		case chat.Bold:
			out.add(chat.Words(s), slack.RichTextSectionTextStyle{Bold: true})
		case chat.Code:
			out.add(chat.Words(s), slack.RichTextSectionTextStyle{Code: true})
		case chat.Link:
			out.link(x)
		case chat.When:
			out.when(x)
		default:
			out.add(chat.Words(s), slack.RichTextSectionTextStyle{})
		}
	}
	return out.trim()
}

// line is rich text being written; neighbours of one style are one element.
type line []slack.RichTextSectionElement

func (l *line) add(text string, style slack.RichTextSectionTextStyle) {
	if text == "" {
		return
	}
	e := slack.NewRichTextSectionTextElement(text, nil)
	if style != (slack.RichTextSectionTextStyle{}) {
		e.Style = &style
	}
	if last := l.last(); last != nil && alike(last.Style, e.Style) && len(last.Text)+len(text) <= runRunes {
		last.Text += text
		return
	}
	*l = append(*l, e)
}

func alike(a, b *slack.RichTextSectionTextStyle) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func (l *line) link(x chat.Link) {
	to, ok := address(x.URL)
	if !ok {
		l.add(chat.Words(x), slack.RichTextSectionTextStyle{})
		return
	}
	*l = append(*l, slack.NewRichTextSectionLinkElement(to, strings.TrimSpace(chat.Words(x)), nil))
}

func (l *line) when(x chat.When) {
	text := chat.Words(x)
	if !dated(x) {
		l.add(text, slack.RichTextSectionTextStyle{})
		return
	}
	*l = append(*l, slack.NewRichTextSectionDateElement(x.T.Unix(), whenFormat, nil, &text))
}

// last is the text at the end; nil when something else stands there.
func (l line) last() *slack.RichTextSectionTextElement {
	if len(l) == 0 {
		return nil
	}
	e, _ := l[len(l)-1].(*slack.RichTextSectionTextElement)
	return e
}

// trim takes empty lines from both ends.
func (l line) trim() line {
	for len(l) > 0 {
		e, ok := l[0].(*slack.RichTextSectionTextElement)
		if !ok {
			break
		}
		if e.Text = strings.TrimLeft(e.Text, "\n"); e.Text != "" {
			break
		}
		l = l[1:]
	}
	for e := l.last(); e != nil; e = l.last() {
		if e.Text = strings.TrimRight(e.Text, " \n"); e.Text != "" {
			break
		}
		l = l[:len(l)-1]
	}
	return l
}

// section is a paragraph; never empty, for Slack takes none that is.
func section(line []slack.RichTextSectionElement) *slack.RichTextSection {
	if len(line) == 0 {
		line = []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement("…", nil)}
	}
	return slack.NewRichTextSection(line...)
}

// quote is a paragraph with a bar beside it.
func quote(line []slack.RichTextSectionElement) *slack.RichTextQuote {
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: line}
}

// paragraph is spans in a block of their own; no block when they say nothing.
func paragraph(spans ...chat.Span) []slack.Block {
	line := rich(spans)
	if len(line) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("", section(line))}
}

// brief is text for a notification: escaped, and of at most textBytes with a mention before it. It is never empty.
func brief(text string) string {
	text = strings.TrimSpace(text)
	if whole := escape.Replace(text); whole != "" && len(whole) <= textBytes-100 {
		return whole
	}
	runes, bytes := 0, 0
	for _, r := range text {
		if bytes += len(escape.Replace(string(r))); bytes > textBytes-100 {
			text = chat.Cut(text, runes)
			break
		}
		runes++
	}
	if text == "" {
		text = "…"
	}
	return escape.Replace(text)
}
