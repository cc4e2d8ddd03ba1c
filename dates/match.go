package dates

import "strings"

// Classes that are built from several words; grid.at knows how.
const (
	number class = "num"    // 0 to 99, in digits or in letters
	count  class = "count"  // how many: any number of at most four digits, or an article
	year   class = "year"   // four digits
	digit  class = "digit"  // digits only, one or two: the numbers of 15/04 and of 18:30
	digits class = "digits" // digits only, one to four: the decimals of 1.5 hours
	length class = "length" // a length of time: 2 heures 30, three quarters of an hour
	oneDay class = "day"    // a weekday or a relative day
)

// term is a group of tokens understood as one class.
type term struct {
	value int
	width int // how many digits it was typed with; 0 when in letters
	span  span
	end   int // index of the token after it
}

// grid is the phrase being read: its tokens, and what a range of them can be.
type grid struct{ tokens []token }

// sequence is one way for a pattern to match: its terms, in the pattern's order.
type sequence []term

func (s sequence) end() int { return s[len(s)-1].end }

// match finds every way to read the tokens from i on as pattern: classes separated by spaces, a word followed by
// "?" being optional. A missing optional term is the zero term, with end at the place where it would stand.
func (g grid) match(pattern string, i int) []sequence {
	found := []sequence{{}}
	for want := range strings.FieldsSeq(pattern) {
		name, optional := strings.CutSuffix(want, "?")
		var longer []sequence
		for _, s := range found {
			from := i
			if len(s) > 0 {
				from = s.end()
			}
			for _, t := range g.at(class(name), from) {
				longer = append(longer, append(s[:len(s):len(s)], t))
			}
			if optional {
				longer = append(longer, append(s[:len(s):len(s)], term{end: from}))
			}
		}
		found = longer
	}
	return found
}

// at lists the terms of class c that start at token i.
func (g grid) at(c class, i int) []term {
	if i >= len(g.tokens) {
		return nil
	}
	switch c {
	case number:
		return g.number(i)
	case digit:
		return g.digits(i, 1, 2)
	case digits:
		return g.digits(i, 1, 4)
	case year:
		return g.digits(i, 4, 4)
	case count:
		return append(append(g.digits(i, 3, 4), g.number(i)...), g.words(article, i)...)
	case oneDay:
		return append(g.words(weekday, i), g.words(relative, i)...)
	case length:
		return g.lengths(i, maxPieces)
	case ":", "/", ".", ",", "-":
		if g.tokens[i].word == string(c) {
			return []term{{end: i + 1}}
		}
		return nil
	}
	return g.words(c, i)
}

// words looks for groups of class c in the lexicon, shortest first.
func (g grid) words(c class, i int) []term {
	var out []term
	var group string
	for end := i + 1; end <= min(i+longestGroup, len(g.tokens)); end++ {
		group = strings.TrimPrefix(group+" "+g.tokens[end-1].word, " ")
		for _, s := range lexicon[group] {
			if s.class == c {
				out = append(out, term{value: s.value, end: end})
			}
		}
	}
	return out
}

// digits reads one token of low to high digits.
func (g grid) digits(i, low, high int) []term {
	n := g.tokens[i].digits()
	if n < low || n > high {
		return nil
	}
	value := 0
	for _, d := range g.tokens[i].word {
		value = value*10 + int(d-'0')
	}
	return []term{{value: value, width: n, end: i + 1}}
}

// number reads digits, or the longest number in letters: "vingt et une" is 21, never 20 then 1.
func (g grid) number(i int) []term {
	if g.tokens[i].digits() > 0 {
		return g.digits(i, 1, 2)
	}
	if plain := g.words(numeral, i); len(plain) > 0 {
		return plain[len(plain)-1:]
	}
	all := g.words(tens, i)
	if len(all) == 0 {
		return nil
	}
	ten := all[0]
	from := ten.end
	if link := g.at(and, from); len(link) > 0 {
		from = link[0].end
	}
	for _, one := range g.at(numeral, from) {
		if one.value > 0 && one.value < 10 {
			return []term{{value: ten.value + one.value, end: one.end}}
		}
	}
	return []term{ten}
}
