package social

import (
	"slices"
	"strings"

	"griot/i18n"
)

// Line is a brand's editorial line in one language: what a model is told, and what is checked without one.
type Line struct {
	TeamID, BrandID string
	Locale          string // "fr", "en"
	Tone            string
	Address         Address
	Themes          []string
	Banned          []string // words that no draft and no reply may hold, whatever case and accents
	Required        []string // words that every post must hold
	Samples         []string // posts as the brand writes them
	Replies         []string // saved replies
	Rev             int64
}

// Address is how the brand speaks to people in languages that know two ways.
type Address string

// The forms of address.
const (
	NoAddress Address = ""
	Tu        Address = "tu"
	Vous      Address = "vous"
)

// Shapers may change an editorial line.
var Shapers = []Role{Approver, Admin}

var (
	bannedWord = i18n.Text{
		En: "%s: the editorial line bans “%s”. Say it otherwise, or change the line with /line.",
		Fr: "%s\u202f: la ligne éditoriale écarte «\u202f%s\u202f». Dites-le autrement, ou changez la ligne avec /ligne.",
	}
	bannedInAlt = i18n.Text{
		En: "%s: the editorial line bans “%s”, which stands in a picture’s description. Say it otherwise, or change the line with /line.",
		Fr: "%s\u202f: la ligne éditoriale écarte «\u202f%s\u202f», qui figure dans la description d’une image. Dites-le autrement, ou changez la ligne avec /ligne.",
	}
	missingWord = i18n.Text{
		En: "%s: the editorial line asks every post to say “%s”. Add it, or change the line with /line.",
		Fr: "%s\u202f: la ligne éditoriale demande «\u202f%s\u202f» dans chaque publication. Ajoutez-le, ou changez la ligne avec /ligne.",
	}
)

// Forbidden lists the words of l that text must not hold and does.
func (l Line) Forbidden(text string) []string { return standing(l.Banned, text) }

// Lacking lists the words of l that a post must hold and text does not.
func (l Line) Lacking(text string) []string {
	there := standing(l.Required, text)
	return slices.DeleteFunc(slices.Clone(l.Required), func(w string) bool { return slices.Contains(there, w) })
}

func standing(words []string, text string) []string {
	var out []string
	for _, i := range NewIndex(words).Match(text) {
		out = append(out, words[i])
	}
	return out
}

// Banned says everything in v that a line of its brand bans: in whatever language the line is, for nobody says in which a
// post is. It is for posts and for answers.
func Banned(v Variant, lines []Line) []Problem {
	var words []string
	for _, l := range lines {
		for _, w := range l.Banned {
			if !slices.ContainsFunc(words, func(o string) bool { return slices.Equal(Words(o), Words(w)) }) {
				words = append(words, w)
			}
		}
	}
	var out []Problem
	for i, p := range v.Parts {
		for _, w := range standing(words, p.Text) {
			out = append(out, Problem{v.Account, i, "text", bannedWord.With(v.Account.Label(), w)})
		}
		for _, m := range p.Media {
			for _, w := range standing(words, m.Alt) {
				out = append(out, Problem{v.Account, i, "alt", bannedInAlt.With(v.Account.Label(), w)})
			}
		}
	}
	return out
}

// Missing says what v lacks of the words that every post of its brand must hold. Of lines in several languages the one that
// lacks least decides: a post in English need not hold the words of the French line. Answers are not asked for any.
func Missing(v Variant, lines []Line) []Problem {
	var texts []string
	for _, p := range v.Parts {
		texts = append(texts, p.Text)
	}
	said := strings.Join(texts, "\n")
	var least []string
	asked := false
	for _, l := range lines {
		lacks := l.Lacking(said)
		if len(l.Required) > 0 && (!asked || len(lacks) < len(least)) {
			least, asked = lacks, true
		}
	}
	var out []Problem
	for _, w := range least {
		out = append(out, Problem{v.Account, 0, "text", missingWord.With(v.Account.Label(), w)})
	}
	return out
}

// LineIn is the line of a brand in a language, else an empty one in that language.
func LineIn(lines []Line, b Brand, locale i18n.Locale) Line {
	for _, l := range lines {
		if l.Locale == string(locale) {
			return l
		}
	}
	return Line{TeamID: b.TeamID, BrandID: b.ID, Locale: string(locale)}
}
