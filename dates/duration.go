package dates

import (
	"time"
	"unicode/utf8"
)

// ParseDuration reads a length of time for a setting: "20 min", "1h30", "une demi-heure", "2 days". A day is 24 hours,
// a week seven days; months and years have no fixed length and are refused, as is zero. The error is always
// an Invalid *fault.Error whose cause is NoDuration.
func ParseDuration(text string) (time.Duration, error) {
	phrase := clean(text)
	if utf8.RuneCountInString(phrase) > MaxRunes {
		return 0, refuse(NoDuration, noDuration, quote(phrase))
	}
	g := grid{lex(phrase)}
	for _, t := range g.at(length, 0) {
		whole := t.end == len(g.tokens)
		if d := time.Duration(t.span.days)*24*time.Hour + t.span.elapsed; whole && t.span.months == 0 && d > 0 {
			return d, nil
		}
	}
	return 0, refuse(NoDuration, noDuration, quote(phrase))
}
