// Package language tells in which language a short post is written, where its network does not say. It knows texts and
// nothing of Griot.
package language

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

// fewest is how many words a post must have for its language to be told.
const fewest = 3

// long is how many letters a post must have for its trigrams to be worth more than silence. Source: nlp.md §3; with 40
// characters and seven languages, seven posts of eight are told well.
const long = 40

// beside is what no language has: links, hashtags and handles, addresses.
var beside = regexp.MustCompile(`(?i)https?://\S+|www\.\S+|\S+@\S+|[@#]\S+`)

// Of is the language of a post as two letters ("fr", "en", "es", "de", "it", "pt", "nl"); empty when it has fewer than three
// words or its language is not sure. French and English are told by their small words and accents, which a post of a line has
// already; the others by their trigrams, from a longer post on.
func Of(text string) string {
	text = strings.ToLower(beside.ReplaceAllString(text, " "))
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	if len(words) < fewest {
		return ""
	}
	fr, en, others := votes(words)
	switch {
	case fr >= 2 && fr >= 2*en && fr > others:
		return "fr"
	case en >= 2 && en >= 2*fr && en > others:
		return "en"
	}
	return guess(words, others >= 4 && others > fr && others > en)
}

// votes counts what speaks for French, for English, and for any other language.
func votes(words []string) (fr, en, others int) {
	for _, w := range words {
		fr += french[w]
		en += english[w]
		others += foreign[w]
		if _, known := french[w]; !known && strings.ContainsAny(w, "çœêèùâîôûà") {
			fr++
		}
		if strings.ContainsAny(w, "ßñãõäöåøłžščòì") {
			others += 2
		}
	}
	return fr, en, others
}

var among = whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{whatlanggo.Fra: true, whatlanggo.Eng: true, whatlanggo.Spa: true,
	whatlanggo.Deu: true, whatlanggo.Ita: true, whatlanggo.Por: true, whatlanggo.Nld: true}}

// guess goes by trigrams, when there are enough of them and they are clear; less clear ones do when the small words say too
// that it is neither French nor English.
func guess(words []string, other bool) string {
	text := strings.Join(words, " ")
	if utf8.RuneCountInString(text) < long {
		return ""
	}
	info := whatlanggo.DetectWithOptions(text, among)
	if got := info.Lang.Iso6391(); info.IsReliable() || other && got != "fr" && got != "en" {
		return got
	}
	return ""
}
