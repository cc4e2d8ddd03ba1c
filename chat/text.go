package chat

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// dateRunes is the longest date in words.
const dateRunes = 255

var endings = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// Clean drops what is no text: control characters, and the marks by which one run of text turns the direction of what stands
// beside it. Letters keep the direction of their own.
func Clean(text string) string {
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

// Words is one span as plain text.
func Words(s Span) string {
	switch s := s.(type) {
	case Plain:
		return Clean(string(s))
	case Bold:
		return Clean(string(s))
	case Code:
		return Clean(string(s))
	case Link:
		return Clean(s.Label)
	case When:
		return s.words()
	case Person:
		return Clean(s.Name)
	case Break:
		return "\n"
	}
	return ""
}

// words is a date in words; never empty.
func (w When) words() string {
	if text := strings.TrimSpace(Clean(w.Text)); text != "" {
		return Cut(text, dateRunes)
	}
	return w.T.UTC().Format(time.RFC3339)
}

// Flat is spans as plain text.
func Flat(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(Words(s))
	}
	return b.String()
}

// CutSpans shortens spans to about n runes, the last one an ellipsis. A link counts for its address when that is longer.
func CutSpans(spans []Span, n int) []Span {
	for i, s := range spans {
		size := utf8.RuneCountInString(Words(s))
		if l, ok := s.(Link); ok {
			size = max(size, len(l.URL))
		}
		if size > n {
			return append(slices.Clone(spans[:i]), shorten(s, n))
		}
		n -= size
	}
	return spans
}

func shorten(s Span, n int) Span {
	text := Cut(Words(s), max(n, 1))
	switch s.(type) {
	case Bold:
		return Bold(text)
	case Code:
		return Code(text)
	case Break:
		return Plain("…")
	}
	return Plain(text)
}

// Address is where a link leads, and whether that is in the web and at most n bytes long.
func Address(link string, n int) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", false
	}
	return u.String(), len(u.String()) <= n
}

// Carried reports whether a tag comes back from the wire as it was.
func (t Tag) Carried() bool {
	back, err := ParseTag(t.String())
	return err == nil && back == t && utf8.ValidString(t.String())
}
