package pretend

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a piece of a text: plain words, or a link. The template escapes both.
type span struct {
	Text, Href string
	Tag        bool // a hashtag, which leads nowhere
}

var marks = regexp.MustCompile(`https?://[^\s\p{Z}<>"']+|@[a-z0-9][a-z0-9-]*|#[\p{L}\p{N}_]+`)

// spans finds the links, the names of people who live here, and the hashtags.
func (p *page) spans(text string) []span {
	var out []span
	from := 0
	plain := func(to int) {
		if to > from {
			out = append(out, span{Text: text[from:to]})
		}
	}
	for _, m := range marks.FindAllStringIndex(text, -1) {
		word := text[m[0]:m[1]]
		s := span{Text: word, Tag: word[0] == '#'}
		switch {
		case word[0] == '@':
			if p.town.handles[word[1:]] == nil || inWord(text[:m[0]]) {
				continue
			}
			s.Href = "/" + word
		case s.Tag && inWord(text[:m[0]]):
			continue
		case !s.Tag:
			s.Text = strings.TrimRight(word, ".,;:!?)»”’")
			s.Href = s.Text
		}
		plain(m[0])
		out = append(out, s)
		from = m[0] + len(s.Text)
	}
	plain(len(text))
	return out
}

// inWord reports whether what comes next continues a word, as in an e-mail address.
func inWord(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '.'
}
