package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"griot/i18n"
)

// token is one word, one number or one sign of what was typed.
type token struct {
	word       string // folded: small letters without accents, digits, or a sign
	start, end int    // bytes of the cleaned text, for saying back what was not understood
}

// digits is how many digits the token has; 0 when it is a word or a sign.
func (t token) digits() int {
	if t.word[0] < '0' || t.word[0] > '9' {
		return 0
	}
	return len(t.word)
}

// clean gives text one form for each character: no-break spaces become spaces, wide digits digits.
func clean(text string) string {
	return strings.TrimSpace(norm.NFC.String(norm.NFKC.String(strings.ToValidUTF8(text, "\ufffd"))))
}

// lex cuts a cleaned text into tokens. Apostrophes, quotes, brackets, list commas and the hyphens inside words
// separate and disappear, so that "l’après-midi", "l'apres midi" and "L’APRÈS-MIDI" are the same three words.
func lex(text string) []token {
	var out []token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := i + size
		switch {
		case isDigit(r):
			end = i + run(text[i:], isDigit)
			out = append(out, token{text[i:end], i, end})
		case unicode.IsLetter(r):
			end = i + run(text[i:], isWord)
			out = append(out, token{i18n.Fold(text[i:end]), i, end})
		case r == '@':
			out = append(out, token{"at", i, end})
		case !silent(text, i, r):
			out = append(out, token{sign(r), i, end})
		}
		i = end
	}
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) }

// run counts the leading bytes of text whose runes are in.
func run(text string, in func(rune) bool) int {
	if n := strings.IndexFunc(text, func(r rune) bool { return !in(r) }); n >= 0 {
		return n
	}
	return len(text)
}

// silent reports whether the sign r at text[i] only separates words. Points, commas and hyphens speak
// when they could belong to a number.
func silent(text string, i int, r rune) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
	switch r {
	case '.', ',':
		return !isDigit(before) || !isDigit(after)
	case '-', '‐', '‑', '–', '—', '−':
		return !isDigit(after) || unicode.IsLetter(before)
	case '\'', '’', '‘', 'ʼ', '`', '"', '«', '»', '“', '”', '(', ')', '!', '?', ';':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Mn, unicode.Cf)
}

// sign writes every hyphen and minus the same way.
func sign(r rune) string {
	if unicode.Is(unicode.Pd, r) || r == '−' {
		return "-"
	}
	return string(r)
}
