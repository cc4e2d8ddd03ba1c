package blockkit

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Emoji replaces Slack's names of emoji (":tada:", ":wave::skin-tone-3:") by the emoji themselves, in what Typed gave or in
// a field of a form. Slack delivers names whether people typed a name, chose from its list or pasted the emoji itself, so a
// name counts wherever an emoji can stand: after an option ("text::tada: hello"), against a word (":tada:Bravo"). Colons of
// hours, code and addresses stay.
//
// Unknown are names between colons that stand apart from words and are no emoji of Unicode, each once, in the order of the
// text: emoji that only this workspace has. They stay in out.
func Emoji(text string) (out string, unknown []string) {
	r := shortcodes{text: text}
	for r.colon() {
		switch run, end := runOf(text, r.at); {
		case len(run) == 0:
			r.at++
		case r.address && !ends(text, end):
			r.at = end - 1
		default:
			r.take(run, end)
		}
	}
	r.out.WriteString(text[r.done:])
	return r.out.String(), r.unknown
}

// shortcodes is one reading of a text, from left to right.
type shortcodes struct {
	text    string
	at      int  // the colon being looked at
	seen    int  // what address is about
	address bool // the word being read began as an address: https://…

	done    int // what of text stands in out
	out     strings.Builder
	unknown []string
}

// colon goes on to the next colon from at, and reports whether there is one.
func (r *shortcodes) colon() bool {
	i := strings.IndexByte(r.text[r.at:], ':')
	if i < 0 {
		return false
	}
	r.at += i
	if strings.ContainsFunc(r.text[r.seen:r.at], unicode.IsSpace) {
		r.address = false
	}
	r.seen = r.at
	r.address = r.address || strings.HasPrefix(r.text[r.at:], "://") && before(r.text, r.at) == word
	return true
}

// take replaces what it can of a run of names that goes up to end, and notes the unknown ones.
func (r *shortcodes) take(run []string, end int) {
	left, right := before(r.text, r.at), after(r.text, end)
	settled := false // what became of the last name
	for i := 0; i < len(run); i++ {
		name := run[i]
		from, to := r.at, r.at+len(name)+2
		g, known := find(name)
		shown := g.plain
		if toned, ok := g.toned(run[i+1:]); ok {
			i++
			shown, to = toned, to+len(run[i])+2
		}
		r.at = to
		settled = known && fits(name, left, right) || !known && apart(name, left, right)
		switch {
		case !settled:
		case known:
			r.out.WriteString(r.text[r.done:from] + shown)
			r.done = to
		case !slices.Contains(r.unknown, name):
			r.unknown = append(r.unknown, name)
		}
	}
	if !settled {
		r.at = end - 1 // its last colon may open another name
	}
}

// fits reports whether an emoji's name means the emoji between these neighbours, and not an option, an hour or code.
func fits(name string, left, right side) bool {
	switch {
	case strings.Trim(name, "0123456789") == "":
		return left != word && right == clear // ":100:", and not 10:100:30
	case left == clear || right == clear:
		return true
	case left == colon:
		return right == word // text::tada:Bravo, and not std::key::push
	}
	return len(name) >= shortest // Bravo:tada:merci, and not a:b:c
}

// apart reports whether a name that is no emoji of Unicode stands as one: by itself, or first after an option.
func apart(name string, left, right side) bool {
	return left != word && right == clear && strings.ContainsFunc(name, isLetter)
}

// shortest is the length from which an emoji's name counts in the middle of a word.
const shortest = 4

// side is what stands beside names of emoji.
type side int

const (
	clear side = iota // nothing, a space, a mark
	word              // a letter or a digit
	colon             // a colon that belongs to something else
)

// before is what stands before the byte at i.
func before(text string, i int) side {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	switch {
	case r == ':':
		return colon
	case isLetter(r) || unicode.IsDigit(r):
		return word
	}
	return clear
}

// after is what stands after a run of names that ends before the byte at i.
func after(text string, i int) side {
	r, size := utf8.DecodeRuneInString(text[i:])
	next, _ := utf8.DecodeRuneInString(text[i+size:])
	switch {
	case isLetter(r) || unicode.IsDigit(r) || strings.HasPrefix(text[i-1:], "://"):
		return word
	case r == ':' && (isLetter(next) || unicode.IsDigit(next)):
		return colon
	}
	return clear
}

// ends reports whether a word ends before the byte at i.
func ends(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return i == len(text) || unicode.IsSpace(r)
}

func isLetter(r rune) bool { return r != utf8.RuneError && unicode.IsLetter(r) }

// longest is how long a name of an emoji can be in Slack, in bytes.
const longest = 100

// runOf reads the names that stand one against the other from the colon at i, and where they end.
func runOf(text string, i int) (names []string, end int) {
	for end = i; end < len(text) && text[end] == ':'; {
		n := strings.IndexFunc(text[end+1:], func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("_'+-", r))
		})
		if n < 1 || n > longest || text[end+1+n] != ':' {
			break
		}
		names = append(names, text[end+1:end+1+n])
		end += n + 2
	}
	return names, end
}

// table has a line per name, sorted: its head says more. It is read where it lies in the program, so that it costs no
// memory beside it.
//
//go:embed emoji.txt
var table string

// glyph is an emoji as it is, in skin tone 2, and in tones 2 and 3 where it shows two people; empty where there are none.
type glyph struct{ plain, one, two string }

// find looks a name up in the table.
func find(name string) (glyph, bool) {
	from, to := 0, len(table)
	for from < to {
		start := 1 + strings.LastIndexByte(table[:(from+to)/2], '\n')
		end := start + strings.IndexByte(table[start:], '\n')
		key, rest, _ := strings.Cut(table[start:end], " ")
		switch {
		case key == name:
			var g glyph
			g.plain, rest, _ = strings.Cut(rest, " ")
			g.one, g.two, _ = strings.Cut(rest, " ")
			return g, true
		case key < name:
			from = end + 1
		default:
			to = start
		}
	}
	return glyph{}, false
}

// toned is the emoji in the skin tone that the first of the names after it gives: "skin-tone-3", "skin-tone-2-5". Not ok: it
// gives none, or the emoji has none.
func (g glyph) toned(names []string) (shown string, ok bool) {
	if len(names) == 0 || g.one == "" {
		return "", false
	}
	m := tones.FindStringSubmatch(names[0])
	switch {
	case m == nil:
		return "", false
	case m[2] == "" || m[2] == m[1]:
		return strings.ReplaceAll(g.one, tone("2"), tone(m[1])), true
	}
	return strings.NewReplacer(tone("2"), tone(m[1]), tone("3"), tone(m[2])).Replace(g.two), g.two != ""
}

var tones = regexp.MustCompile(`^skin-tone-([2-6])(?:-([2-6]))?$`)

// tone is the modifier of Unicode for Slack's skin tone "2" (light) to "6" (dark).
func tone(n string) string { return string(rune(0x1F3FB + int(n[0]-'2'))) }
