// Package i18n holds what makes a sentence readable by one person: its words in every language,
// its plural, and the way dates, times and sizes are written. It knows nothing of Griot.
package i18n

import (
	"fmt"
	"strings"
)

// Locale is a language people read Griot in.
type Locale string

// The two languages of Griot.
const (
	En Locale = "en"
	Fr Locale = "fr"
)

// Locales lists every language a Text has words in.
var Locales = []Locale{En, Fr}

// ParseLocale reads a chat profile's language tag ("fr", "fr-CA", "en_US") and reports whether Griot speaks it.
func ParseLocale(tag string) (Locale, bool) {
	switch base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-"); base {
	case "fr", "français", "francais", "french":
		return Fr, true
	case "en", "english", "anglais":
		return En, true
	}
	return En, false
}

// Text is one sentence in every language. A missing language is a gap in the literal that a test finds,
// not a missing key at run time. It may hold fmt verbs; both languages take the same arguments in the
// same order (French may reorder with %[2]s).
type Text struct{ En, Fr string }

// Localised is anything that has words of its own in each language, and so may be an argument of a Text.
type Localised interface {
	In(l Locale, args ...any) string
}

// In returns the sentence in l. Arguments that are themselves Localised are rendered in l first.
func (t Text) In(l Locale, args ...any) string {
	s := t.En
	if l == Fr {
		s = t.Fr
	}
	if len(args) == 0 {
		return s
	}
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = a
		if w, ok := a.(Localised); ok {
			said[i] = w.In(l)
		}
	}
	return fmt.Sprintf(s, said...)
}

// With fixes the arguments of a Text, so that the whole can be passed where one sentence is expected.
func (t Text) With(args ...any) Localised { return bound{t, args} }

type bound struct {
	text Text
	args []any
}

func (b bound) In(l Locale, _ ...any) string { return b.text.In(l, b.args...) }

// Plural is a counted sentence; its first argument is the count. French takes the singular for 0 and 1,
// English for 1 only.
type Plural struct{ One, Many Text }

// Of binds the count n, then args.
func (p Plural) Of(n int, args ...any) Localised { return counted{p, n, args} }

// In returns the sentence for n in l.
func (p Plural) In(l Locale, n int, args ...any) string { return p.Of(n, args...).In(l) }

type counted struct {
	plural Plural
	n      int
	args   []any
}

func (c counted) In(l Locale, _ ...any) string {
	t := c.plural.Many
	if c.n == 1 || (c.n == 0 && l == Fr) {
		t = c.plural.One
	}
	return t.In(l, append([]any{c.n}, c.args...)...)
}
