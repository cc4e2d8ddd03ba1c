package bluesky

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/social"

	"golang.org/x/net/publicsuffix"
)

// feature is what a stretch of text is besides its letters. Nothing is alive on Bluesky that is not marked by its author.
type feature string

const (
	link    feature = "link"
	mention feature = "mention"
	tag     feature = "tag"
)

// span is a marked stretch of a text, in bytes of UTF-8, end exclusive.
type span struct {
	Start, End int
	Feature    feature
	Value      string // address, handle in lower case, or tag without #
}

// spans finds the links, mentions and hashtags of text, in order, without overlap. Like Bluesky's own apps it also takes
// www.example.com for a link when its end is a real one; unlike them it sees a mark right after an emoji or an opening quote.
func spans(text string) []span {
	var out []span
	before := rune(0)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if begins(before) {
			if s, ok := at(text[i:]); ok {
				s.Start, s.End = i, i+s.End
				out = append(out, s)
				before, _ = utf8.DecodeLastRuneInString(text[:s.End])
				i = s.End
				continue
			}
		}
		before, i = r, i+size
	}
	return out
}

// begins reports whether something new can begin after r: not inside a word, an address or another mark.
func begins(r rune) bool {
	switch {
	case r == 0, r == emojiStyle:
		return true
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
		return false
	}
	return !strings.ContainsRune("_@#＃/.-&=+%~$\\", r)
}

// at finds what begins exactly where s does.
func at(s string) (span, bool) {
	switch r, _ := utf8.DecodeRuneInString(s); {
	case r == '@':
		return mentionAt(s)
	case r == '#', r == '＃':
		return tagAt(s)
	}
	if found, ok := linkAt(s); ok {
		return found, true
	}
	return domainAt(s)
}

var (
	linkForm   = regexp.MustCompile(`^(?i:https?)://[^\s<>"\x{200B}\x{2060}\x{FEFF}\p{Z}]+`)
	domainForm = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[a-z]{2,63}`)
	tailForm   = regexp.MustCompile(`^(?::[0-9]{1,5})?(?:[/?#][^\s<>"\x{200B}\x{2060}\x{FEFF}\p{Z}]*)?`)
	handleForm = regexp.MustCompile(`^@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?`)
)

func linkAt(s string) (span, bool) {
	a := trimmed(linkForm.FindString(s))
	u, err := url.Parse(a)
	if a == "" || err != nil || u.Hostname() == "" {
		return span{}, false
	}
	return span{End: len(a), Feature: link, Value: a}, true
}

// domainAt finds an address without https://: its last part must be one that names are registered under, in lower case
// ("fini.Il" is a missing space), and what follows must not make it an e-mail address or a longer word.
func domainAt(s string) (span, bool) {
	name := domainForm.FindString(s)
	if name == "" {
		return span{}, false
	}
	if _, known := publicsuffix.PublicSuffix(name); !known {
		return span{}, false
	}
	a := trimmed(name + tailForm.FindString(s[len(name):]))
	if len(a) < len(name) {
		return span{}, false
	}
	if next, _ := utf8.DecodeRuneInString(s[len(a):]); next == '@' || next == '_' || len(s) > len(a) && (unicode.IsLetter(next) || unicode.IsNumber(next)) {
		return span{}, false
	}
	return span{End: len(a), Feature: link, Value: "https://" + a}, true
}

// trimmed takes off what ends a sentence rather than an address. A closing bracket stays when the address opened it.
func trimmed(a string) string {
	for a != "" {
		r, size := utf8.DecodeLastRuneInString(a)
		cut := strings.ContainsRune(".,;:!?'*…", r) || unicode.In(r, unicode.Pi, unicode.Pf)
		if open, closes := map[rune]string{')': "(", ']': "[", '}': "{"}[r]; closes {
			cut = strings.Count(a, string(r)) > strings.Count(a, open)
		}
		if !cut {
			return a
		}
		a = a[:len(a)-size]
	}
	return ""
}

// maxHandle is the length of a handle in bytes. Source: https://atproto.com/specs/handle.
const maxHandle = 253

func mentionAt(s string) (span, bool) {
	h := handleForm.FindString(s)
	if h == "" || len(h) > 1+maxHandle {
		return span{}, false
	}
	if next, _ := utf8.DecodeRuneInString(s[len(h):]); next == '@' || next == '_' {
		return span{}, false
	}
	return span{End: len(h), Feature: mention, Value: strings.ToLower(h[1:])}, true
}

// The length of a tag. Source: app.bsky.richtext.facet#tag.
const (
	maxTag      = 64 // graphemes
	maxTagBytes = 640
)

const (
	emojiStyle = '\uFE0F' // after #: the emoji of a key, not a hashtag
	keycap     = '\u20E3'
)

func tagAt(s string) (span, bool) {
	_, mark := utf8.DecodeRuneInString(s)
	body := s[mark:]
	if end := strings.IndexFunc(body, endsTag); end >= 0 {
		body = body[:end]
	}
	body = strings.TrimRightFunc(body, unicode.IsPunct)
	if !strings.ContainsFunc(body, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsPunct(r) }) {
		return span{}, false
	}
	if first, _ := utf8.DecodeRuneInString(body); first == emojiStyle || first == keycap {
		return span{}, false
	}
	if len(body) > maxTagBytes || social.Graphemes.Count(body) > maxTag {
		return span{}, false
	}
	return span{End: mark + len(body), Feature: tag, Value: body}, true
}

// endsTag: a space, an invisible mark other than the one inside emoji, another tag, a bracket or an opening quote.
func endsTag(r rune) bool {
	const joiner = '\u200D'
	return unicode.IsSpace(r) || r == '#' || r == '＃' || r == '\u00AD' || r == '\u2060' || r == '\u200B' || r == '\u200C' ||
		r != joiner && unicode.IsControl(r) || unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pi) || r == '»' || r == '”' || r == '"' || r == '<' || r == '>'
}
