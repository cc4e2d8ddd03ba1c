package drafting

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"griot/social"
)

// A number in letters is read in French and in English at once, for a model mixes them: "vingt-cinq", "quatre-vingt-onze", "two
// hundred and fifty". Words that also mean something else ("neuf", "second", "quart") are taken for the number: no remark is
// better than a false one. "un", "une" and "one" alone are articles.

// ratio is a number that no table holds, because whoever says it has computed: "half", "twice", "a third", "dozens".
const ratio = ""

// spelled lists the numbers that stand in text in letters, each in figures as numbers writes them, or as ratio.
func spelled(text string) []string {
	var out []string
	for _, c := range clauses.FindAllString(percents.ReplaceAllString(text, " percent "), -1) {
		out = append(out, said(social.Words(c))...)
	}
	return out
}

// said lists the numbers of one clause.
func said(w []string) []string {
	var out []string
	for i := 0; i < len(w); {
		n, size := cardinal(w[i:])
		switch {
		case size > 0 && computed(w, i, i+size):
			out = append(out, ratio)
		case size > 0 && at(w, i+size) == "percent":
			out = append(out, n+"%")
		case size > 0:
			out = append(out, n)
		case ratios.MatchString(w[i]) || digits.MatchString(w[i]) && computed(w, i, i+1):
			out = append(out, ratio)
		}
		i += max(size, 1)
	}
	return out
}

var (
	percents = regexp.MustCompile(`(?i)[\s\p{Zs}-]*(?:%|\b(?:pour|per)[\s\p{Zs}-]?cents?\b)`)
	clauses  = regexp.MustCompile(`[^.,;:!?…()\n]+`) // no number goes on behind one of these
	digits   = regexp.MustCompile(`^[0-9]+$`)

	// ratios are words for how many times something is, for a part of it, for a rank from the second on, and for many that
	// nobody has counted.
	ratios = regexp.MustCompile(`^(?:` + strings.Join([]string{
		`(?:re|de)?doubl.*`, `(?:tri|quadru|quintu|sextu|septu|octu|nonu|decu|centu)pl.*`, `twice|thrice|\w*fold`, `multipl[iy].*|divise.*|divid.*`,
		`hal(?:f|ves?|ved|ving)|moities?|demie?s?|tiers|quart(?:er)?s?|thirds?`,
		`\w*iemes?|secondes?|seconds?|secondly|fourths?|(?:fif|six|seven|eigh|nin|ten|eleven|twelf|hundred|thousand|million|billion|\w*teen|\w*tie)ths?`,
		`tens|dozens|hundreds|thousands|dizaines|douzaines|(?:quinz|vingt|trent|quarant|cinquant|soixant|cent)aines|milliers`,
		`[0-9]+(?:x|k|m|md|mds|mn|bn|fois|fold)|x[0-9]+`,
	}, "|") + `)$`)
)

// at is the word there, if there is one.
func at(w []string, i int) string {
	if i < 0 || i >= len(w) {
		return ""
	}
	return w[i]
}

// computed reports whether the number that stands in w from one place to another is not said for itself: "deux fois plus", "12
// millions", "deux douzaines", "trois virgule cinq", "un abonné sur deux".
func computed(w []string, from, to int) bool {
	switch next := at(w, to); {
	case slices.Contains([]string{"fois", "times", "x", "fold", "k", "m", "md", "mds", "mn", "bn"}, next), numeral[next].joins(), collective[next] > 0:
		return true
	case next == "virgule" || next == "point":
		_, size := cardinal(w[min(to+1, len(w)):])
		return size > 0 || digits.MatchString(at(w, to+1))
	}
	const near = 4 // "une des publications sur deux"
	return slices.Contains([]string{"sur", "in", "of"}, at(w, from-1)) &&
		slices.ContainsFunc(w[max(0, from-1-near):max(0, from-1)], func(a string) bool { return numeral[a].kind == article || a == "every" || a == "chaque" })
}

// collective are nouns for about as many, in the singular.
var collective = map[string]int64{
	"couple": 2, "pair": 2, "pairs": 2, "paire": 2, "paires": 2, "duo": 2, "trio": 3, "huitaine": 8, "dizaine": 10, "douzaine": 12, "dozen": 12,
	"quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000,
}

// kind is what a number's word does to what stands before it.
type kind int

const (
	noNumber kind = iota
	article       // one, which counts only behind tens and hundreds
	unit          // is added
	ten           // is added, and takes units behind it
	hundred       // multiplies what stands before it
	thousand      // the same, of all that stands before it
)

type word struct {
	kind  kind
	value int64
}

// joins reports whether the word multiplies: behind figures it makes another number of them.
func (x word) joins() bool { return x.kind >= hundred }

var numeral = map[string]word{
	"un": {article, 1}, "une": {article, 1}, "one": {article, 1},
	"zero": {unit, 0}, "deux": {unit, 2}, "two": {unit, 2}, "trois": {unit, 3}, "three": {unit, 3}, "quatre": {unit, 4}, "four": {unit, 4},
	"cinq": {unit, 5}, "five": {unit, 5}, "six": {unit, 6}, "sept": {unit, 7}, "seven": {unit, 7}, "huit": {unit, 8}, "eight": {unit, 8},
	"neuf": {unit, 9}, "nine": {unit, 9}, "dix": {unit, 10}, "ten": {unit, 10}, "onze": {unit, 11}, "eleven": {unit, 11},
	"douze": {unit, 12}, "twelve": {unit, 12}, "treize": {unit, 13}, "thirteen": {unit, 13}, "quatorze": {unit, 14}, "fourteen": {unit, 14},
	"quinze": {unit, 15}, "fifteen": {unit, 15}, "seize": {unit, 16}, "sixteen": {unit, 16}, "seventeen": {unit, 17},
	"eighteen": {unit, 18}, "nineteen": {unit, 19},
	"vingt": {ten, 20}, "vingts": {ten, 20}, "twenty": {ten, 20}, "trente": {ten, 30}, "thirty": {ten, 30}, "quarante": {ten, 40}, "forty": {ten, 40},
	"cinquante": {ten, 50}, "fifty": {ten, 50}, "soixante": {ten, 60}, "sixty": {ten, 60}, "septante": {ten, 70}, "seventy": {ten, 70},
	"huitante": {ten, 80}, "octante": {ten, 80}, "eighty": {ten, 80}, "nonante": {ten, 90}, "ninety": {ten, 90},
	"cent": {hundred, 100}, "cents": {hundred, 100}, "hundred": {hundred, 100},
	"mille": {thousand, 1_000}, "mil": {thousand, 1_000}, "thousand": {thousand, 1_000}, "million": {thousand, 1_000_000}, "millions": {thousand, 1_000_000},
	"milliard": {thousand, 1_000_000_000}, "milliards": {thousand, 1_000_000_000}, "billion": {thousand, 1_000_000_000}, "billions": {thousand, 1_000_000_000},
}

// cardinal reads the number with which words begin: its figures, and how many words it takes. None: no words.
func cardinal(w []string) (string, int) {
	if n := collective[at(w, 0)]; n > 0 {
		return strconv.FormatInt(n, 10), 1
	}
	var s sum
	size := 0
	for i := range w {
		if and := w[i] == "et" || w[i] == "and"; and && s.open() && s.takes(numeral[at(w, i+1)]) {
			continue
		}
		x := numeral[w[i]]
		if !s.takes(x) {
			break
		}
		s.add(x)
		size = i + 1
	}
	return strconv.FormatInt(s.whole+s.part, 10), size
}

// sum is a number that is being read: whole thousands, and the part below them.
type sum struct {
	whole, part int64
	scale       int64 // of the last thousands or millions; they go down
	begun       bool
}

// open reports whether "and" may go on: "twenty and one", "two hundred and fifty", not "cinq et six".
func (s sum) open() bool { return s.begun && s.part%10 == 0 && s.part != 10 }

func (s sum) takes(x word) bool {
	last := s.part % 100
	switch x.kind {
	case article:
		return s.begun && (last == 0 && s.part+s.whole > 0 || last >= 20 && last%10 == 0)
	case unit:
		switch {
		case !s.begun:
			return true
		case x.value == 0 || s.part+s.whole == 0:
			return false
		case x.value < 10:
			return last == 0 || last >= 20 && last%10 == 0 || last == 10 && x.value >= 7 // dix-sept
		}
		return last == 0 || last == 60 || last == 80 // soixante-dix, quatre-vingt-onze
	case ten:
		return !s.begun || s.part+s.whole > 0 && (last == 0 || x.value == 20 && last == 4) // quatre-vingts
	case hundred:
		return !s.begun || s.part < 100 && s.part+s.whole > 0
	case thousand:
		return !s.begun || (s.part > 0 || s.whole == 0) && s.part+s.whole > 0 && (s.scale == 0 || x.value < s.scale)
	}
	return false
}

func (s *sum) add(x word) {
	s.begun = true
	switch {
	case x.kind == thousand:
		s.whole, s.part, s.scale = s.whole+max(s.part, 1)*x.value, 0, x.value
	case x.kind == hundred:
		s.part = max(s.part, 1) * x.value
	case x.kind == ten && s.part%100 == 4:
		s.part += 76
	default:
		s.part += x.value
	}
}
