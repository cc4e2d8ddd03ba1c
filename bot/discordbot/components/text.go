package components

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"griot/chat"
)

// units is the length of text as Discord's own programs count it: in UTF-16.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// web is an address that Discord makes a link by itself. Within it nothing is markup.
var web = regexp.MustCompile(`\bhttps?://[^\s<]+`)

// tail is what Discord does not count to an address.
const tail = `.,:;"'])*_~|` + "`\\"

// marks are what Discord reads as markup anywhere.
const marks = "\\*_~|`<[]"

// escaper writes words as Discord shows them: none of them is markup, a mention or a link of their own.
type escaper struct {
	strings.Builder
	begun bool // something stands on this line
}

// plain writes words that mean nothing but themselves. What already is an address stays one.
func (e *escaper) plain(text string) {
	for text != "" {
		at := web.FindStringIndex(text)
		if at == nil {
			e.escaped(text)
			return
		}
		to := strings.TrimRight(text[at[0]:at[1]], tail)
		e.escaped(text[:at[0]])
		if strings.ContainsAny(to, "\\`|*") || len(to) < len("http://x") {
			e.escaped(to)
		} else {
			e.raw(to)
		}
		text = text[at[0]+len(to):]
	}
}

// raw writes what is markup of our own.
func (e *escaper) raw(text string) {
	if text != "" {
		e.WriteString(text)
		e.begun = !strings.HasSuffix(text, "\n")
	}
}

func (e *escaper) escaped(text string) {
	number := false // of a list, at the beginning of a line
	for _, r := range text {
		switch {
		case r == '\n':
			e.begun, number = false, false
			e.WriteRune(r)
			continue
		case strings.ContainsRune(marks, r), !e.begun && strings.ContainsRune("#>-+", r), number && (r == '.' || r == ')'):
			e.WriteByte('\\')
		}
		number = (number || !e.begun) && unicode.IsDigit(r)
		e.WriteRune(r)
		if !unicode.IsSpace(r) {
			e.begun = true
		}
	}
}

// span writes one span.
func (e *escaper) span(s chat.Span) {
	text := chat.Words(s)
	switch x := s.(type) {
	case chat.Bold:
		e.around("**", text)
	case chat.Code:
		e.code(text)
	case chat.Link:
		e.link(x)
	case chat.When:
		if x.T.Unix() > 0 && x.T.Before(lastInstant) {
			e.raw(fmt.Sprintf("<t:%d:f>", x.T.Unix()))
			return
		}
		e.plain(text)
	default:
		e.plain(text)
	}
}

// lastInstant is the first that Discord's own programs do not show: JavaScript's last, rounded down.
var lastInstant = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// around puts words between marks, which must touch them.
func (e *escaper) around(mark, text string) {
	core := strings.TrimSpace(text)
	if core == "" || strings.Contains(core, "\n") {
		e.plain(text)
		return
	}
	before, after, _ := strings.Cut(text, core)
	e.raw(before + mark)
	e.begun = true
	e.plain(core)
	e.raw(mark + after)
}

// code writes words to type. What holds backticks stays plain.
func (e *escaper) code(text string) {
	if strings.ContainsAny(text, "`\n") || strings.TrimSpace(text) == "" {
		e.plain(text)
		return
	}
	e.raw("`" + text + "`")
}

// inAddress keeps an address within its brackets.
var inAddress = strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "(", "%28", ")", "%29", "\\", "%5C", "|", "%7C", "*", "%2A")

func (e *escaper) link(x chat.Link) {
	to, ok := chat.Address(x.URL, urlBytes)
	label := strings.TrimSpace(chat.Words(x))
	switch {
	case !ok:
		e.plain(chat.Words(x))
		return
	case label == "" || web.MatchString(label) || strings.Contains(label, "\n"): // Discord shows no link whose words are another
		e.raw("<" + inAddress.Replace(to) + ">")
		return
	}
	e.raw("[")
	e.begun = true
	e.plain(label)
	e.raw("](<" + inAddress.Replace(to) + ">)")
}

// markdown is spans as Discord shows them, without empty lines at both ends.
func markdown(spans []chat.Span) string {
	var e escaper
	for _, s := range spans {
		e.span(s)
	}
	return strings.Trim(e.String(), "\n ")
}

// quote puts a bar beside every line.
func quote(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }

// small makes every line small print.
func small(text string) string { return "-# " + strings.ReplaceAll(text, "\n", "\n-# ") }

// escaped is words of one line amid markup of ours.
func escaped(text string) string {
	e := escaper{begun: true}
	e.plain(strings.ReplaceAll(chat.Clean(text), "\n", " "))
	return e.String()
}

// plain is text that Discord shows as it is (labels), at most n runes and never empty.
func plain(text string, n int) string {
	text = chat.Cut(strings.TrimSpace(strings.ReplaceAll(chat.Clean(text), "\n", " ")), n)
	for units(text) > n { // emoji count twice
		text = chat.Cut(text, len([]rune(text))-1)
	}
	if text == "" {
		return "…"
	}
	return text
}
