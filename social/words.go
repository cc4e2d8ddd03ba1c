package social

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"
)

// What people look for and what people write is compared word by word, after forgetting what is left out in a hurry:
//
//   - case, accents, joined letters: "ÉTAT", "état" and "etat" are one word, "cœur" is "coeur", "Straße" is "strasse";
//   - everything that is no letter and no digit stands between words, # and @ and both apostrophes too: "l’état" is two
//     words, "état" is found in it, and "tat" is not;
//   - an emoji is a word of its own, in whatever colour of skin;
//   - what is invisible (a soft hyphen, a joiner) is not there.
//
// Writing without spaces between words, as in Japanese, is one long word: it is found only as a whole.

// Words lists the words of text, folded.
func Words(text string) []string {
	f := fold(folded{}, text)
	out := make([]string, len(f.words))
	for i, w := range f.words {
		out[i] = string(f.text[w.from:w.to])
	}
	return out
}

// Index finds many terms in a text at once: as fast with ten thousand as with ten. Its zero value finds nothing.
type Index struct {
	runs   map[string]run   // by folded words with one space between them
	tagged map[string][]int // terms of several words by their words joined, as hashtags and handles write them
}

// run is a row of words with which terms begin, or which is one.
type run struct {
	terms   []int // that it is
	longest int   // words of the longest term that begins with it; said of single words alone
}

// NewIndex makes an index of terms: words, phrases, emoji. A term without a word in it is never found.
func NewIndex(terms []string) *Index {
	x := &Index{runs: map[string]run{}, tagged: map[string][]int{}}
	for i, t := range terms {
		words := Words(t)
		if len(words) == 0 {
			continue
		}
		first := x.runs[words[0]]
		first.longest = max(first.longest, len(words))
		x.runs[words[0]] = first
		whole := x.runs[strings.Join(words, " ")]
		whole.terms = append(whole.terms, i)
		x.runs[strings.Join(words, " ")] = whole
		if len(words) > 1 {
			tag := strings.Join(words, "")
			x.tagged[tag] = append(x.tagged[tag], i)
		}
	}
	return x
}

// Match lists which terms stand in text, by their place in what NewIndex was given, each once, in the order in which they
// are met. A term of several words is also found as one hashtag or handle: "crédit agricole" in "#CréditAgricole". It is not
// found in one plain word, or "à voir" would be in every "avoir".
func (x *Index) Match(text string) []int { return x.match(nil, text) }

// match is Match that adds to found.
func (x *Index) match(found []int, text string) []int {
	var (
		chars [1024]byte // room for a usual post, so that reading it allocates nothing
		spans [192]span
	)
	f := fold(folded{text: chars[:0], words: spans[:0]}, text)
	for i, w := range f.words {
		begin := x.runs[string(f.text[w.from:w.to])]
		found = add(found, begin.terms)
		for j := i + 1; j < len(f.words) && j-i < begin.longest; j++ {
			found = add(found, x.runs[string(f.text[w.from:f.words[j].to])].terms)
		}
		if w.tag {
			found = add(found, x.tagged[string(f.text[w.from:w.to])])
		}
	}
	return found
}

func add(found, terms []int) []int {
	for _, t := range terms {
		if !slices.Contains(found, t) {
			found = append(found, t)
		}
	}
	return found
}

// folded is a text as words with one space between them.
type folded struct {
	text  []byte
	words []span
}

// span is one word, in bytes of the folded text.
type span struct {
	from, to int
	tag      bool // it was written as a hashtag or a handle
}

// fold adds text to f.
func fold(f folded, text string) folded {
	from, tag := -1, false // of the word being read; from < 0: between words
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		switch c := kind(r); c {
		case letter:
			was := len(f.text)
			if from < 0 && was > 0 {
				f.text = append(f.text, ' ')
			}
			start := len(f.text)
			if f.text = plain(f.text, r); len(f.text) == start { // nothing is left of it
				f.text = f.text[:was]
				break
			}
			if from < 0 {
				from = start
			}
		case symbol:
			if from >= 0 {
				f.words = append(f.words, span{from, len(f.text), tag})
			}
			if len(f.text) > 0 {
				f.text = append(f.text, ' ')
			}
			from, tag = len(f.text), false
			size = cluster(text[i:])
			f.text = bare(f.text, text[i:i+size])
			f.words = append(f.words, span{from, len(f.text), false})
			from = -1
		case between:
			if from >= 0 {
				f.words = append(f.words, span{from, len(f.text), tag})
				from = -1
			}
			tag = r == '#' || r == '@' || r == '＃' || r == '＠'
		}
		i += size
	}
	if from >= 0 {
		f.words = append(f.words, span{from, len(f.text), tag})
	}
	return f
}

// class is what a rune is to words.
type class int

const (
	between class = iota
	letter        // or digit
	symbol        // begins an emoji
	silent        // not seen, or an accent
)

func kind(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return between
	case r >= 0xC0 && r < tableEnd:
		if latin[r-0xC0] != "" {
			return letter
		}
		return between
	case r == 0x200B || r == utf8.RuneError: // a space without width is still one
		return between
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return silent
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r):
		return letter
	case r >= 0x2300 && unicode.Is(unicode.So, r) || r >= 0x1F000 && r < 0x1FB00:
		return symbol
	}
	return between
}

// tableEnd is the end of Latin Extended-B: every language in Latin letters is before it, but for rare ones.
const tableEnd = 0x250

// latin is how runes from À on are folded; empty: not a letter. It is made once, because decomposing a rune takes ten times
// as long as looking it up.
var latin = func() (t [tableEnd - 0xC0]string) {
	for i := range t {
		if r := rune(0xC0 + i); unicode.IsLetter(r) {
			t[i] = string(decomposed(nil, r))
		}
	}
	return t
}()

// joined are letters that Unicode does not take apart, as people type them without their key.
var joined = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŧ': "t", 'ς': "σ"}

// plain adds r without case and accents.
func plain(to []byte, r rune) []byte {
	switch {
	case 'A' <= r && r <= 'Z':
		return append(to, byte(r)+'a'-'A')
	case r < utf8.RuneSelf:
		return append(to, byte(r))
	case r >= 0xC0 && r < tableEnd:
		return append(to, latin[r-0xC0]...)
	}
	return decomposed(to, r)
}

// decomposed is plain for any rune.
func decomposed(to []byte, r rune) []byte {
	for _, d := range norm.NFKD.String(string(r)) {
		if d = unicode.ToLower(d); joined[d] != "" {
			to = append(to, joined[d]...)
		} else if unicode.IsLetter(d) || unicode.IsNumber(d) || unicode.Is(unicode.Mc, d) {
			to = utf8.AppendRune(to, d)
		}
	}
	return to
}

// cluster is how many bytes the emoji takes with which text begins.
func cluster(text string) int {
	g := graphemes.FromString(text)
	g.Next()
	return len(g.Value())
}

// bare adds an emoji without its colour of skin and without what asks for a picture of it.
func bare(to []byte, emoji string) []byte {
	first := true
	for _, r := range emoji {
		if first || !(r >= 0x1F3FB && r <= 0x1F3FF) && !unicode.Is(unicode.Mn, r) {
			to = utf8.AppendRune(to, r)
		}
		first = false
	}
	return to
}
