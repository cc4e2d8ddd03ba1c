package blockkit

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"griot/chat"
)

// whenFormat shows an instant in the reader's own zone and language: "tomorrow, 9:00", "Tuesday, March 17th, 2026, 9:00".
// Source: docs.slack.dev, reference/block-kit/block-elements/date-element, read 2026-11.
const whenFormat = "{date_long_pretty}, {time}"

// lastInstant is the end of the year 9999, in seconds since 1970.
const lastInstant = 253402300799

var endings = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// clean drops what is no text: control characters, and the marks by which one run of text turns the direction of what stands
// beside it. Letters keep the direction of their own.
func clean(text string) string {
	if !strings.ContainsFunc(text, odd) && utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if odd(r) {
			return -1
		}
		return r
	}, endings.Replace(strings.ToValidUTF8(text, "\ufffd")))
}

// odd says whether a rune is no text, or ends a line in a way of its own.
func odd(r rune) bool {
	switch {
	case r >= ' ' && r < 0x7f || r == '\n' || r == '\t':
		return false
	case r == '\u2028' || r == '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// escape is text as Slack reads it where markup counts. Source: docs.slack.dev, messaging/formatting-message-text.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// plain is text in which nothing is markup, a mention or a shortcode; at most n runes, and never empty.
func plain(text string, n int) *slack.TextBlockObject {
	text = chat.Cut(strings.TrimSpace(clean(text)), n)
	if text == "" {
		text = "…"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// words is one span as plain text.
func words(s chat.Span) string {
	switch s := s.(type) {
	case chat.Plain:
		return clean(string(s))
	case chat.Bold:
		return clean(string(s))
	case chat.Code:
		return clean(string(s))
	case chat.Link:
		return clean(s.Label)
	case chat.When:
		return instant(s)
	case chat.Person:
		return clean(s.Name)
	case chat.Break:
		return "\n"
	}
	return ""
}

// instant is a date in words; never empty.
func instant(w chat.When) string {
	if text := strings.TrimSpace(clean(w.Text)); text != "" {
		return chat.Cut(text, fallbackRunes)
	}
	return w.T.UTC().Format(time.RFC3339)
}

// flat is spans as plain text.
func flat(spans []chat.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(words(s))
	}
	return b.String()
}

// cut shortens spans to about n runes, the last one an ellipsis. A link counts for its address when that is longer.
func cut(spans []chat.Span, n int) []chat.Span {
	for i, s := range spans {
		size := utf8.RuneCountInString(words(s))
		if l, ok := s.(chat.Link); ok {
			size = max(size, len(l.URL))
		}
		if size > n {
			return append(slices.Clone(spans[:i]), shorten(s, n))
		}
		n -= size
	}
	return spans
}

func shorten(s chat.Span, n int) chat.Span {
	text := chat.Cut(words(s), max(n, 1))
	switch s.(type) {
	case chat.Bold:
		return chat.Bold(text)
	case chat.Code:
		return chat.Code(text)
	case chat.Break:
		return chat.Plain("…")
	}
	return chat.Plain(text)
}

// address is where a link leads as Slack takes it, and whether it is one of the web's own.
func address(link string) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", false
	}
	return u.String(), len(u.String()) <= urlBytes
}

// dated says whether Slack can show an instant in the reader's own way.
func dated(w chat.When) bool { return w.T.Unix() > 0 && w.T.Unix() <= lastInstant }

// rich is spans as literal text: what looks like markup, a mention or a shortcode stays what was typed.
func rich(spans []chat.Span) []slack.RichTextSectionElement {
	var out line
	for _, s := range spans {
		switch x := s.(type) {
		case chat.Bold:
			out.add(words(s), slack.RichTextSectionTextStyle{Bold: true})
		case chat.Code:
			out.add(words(s), slack.RichTextSectionTextStyle{Code: true})
		case chat.Link:
			out.link(x)
		case chat.When:
			out.when(x)
		default:
			out.add(words(s), slack.RichTextSectionTextStyle{})
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
		l.add(words(x), slack.RichTextSectionTextStyle{})
		return
	}
	*l = append(*l, slack.NewRichTextSectionLinkElement(to, strings.TrimSpace(words(x)), nil))
}

func (l *line) when(x chat.When) {
	text := words(x)
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
