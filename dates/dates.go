// Package dates reads the moments people type, in French and in English: "demain 9h", "mardi prochain 18h30",
// "next Tuesday at 6:30pm", "dans une demi-heure". It is a grammar in tables (words.go, clock.go, day.go, span.go);
// a phrase is read only when every word of it has a place, and what is doubtful is answered with a question.
//
// The policy, which the echo lets a person check before anything counts:
//
//   - Both languages are understood whatever the locale, which decides the order of 3/4 and the language of sentences.
//   - A time without a day is today's when it is still to come, otherwise tomorrow's.
//   - A weekday alone is the first still to come, today's included; with prochain, next or coming it is the first one
//     after today, even when it is tomorrow. Weeks begin on Monday.
//   - A day without a year is the next one to come.
//   - Hours without am, pm or a part of the day are on the 24-hour clock. Parts of the day have an hour of their own
//     when no other is said: morning 9:00, afternoon 14:00, evening 19:00.
//   - Midnight alone is the coming one. With a day it can be its first or its last minute, and is asked about.
//   - Seconds, minutes and hours counted from now are real time, rounded up to the minute; days, weeks, months and
//     years keep the local time.
//   - Skipped and doubled times follow the policy written at Shift.
//   - An instant as machines write it, with its distance to UTC (RFC 3339, as the pickers of chats give it), is that very
//     instant, whatever the clocks do; only seconds are rounded up to the minute.
//
// It may know i18n and fault, and no clock: the caller says what time it is.
package dates

import (
	"strings"
	"time"
	"unicode/utf8"

	"griot/i18n"
)

// Moment is one moment as a person meant it.
type Moment struct {
	At    time.Time // the instant, in the brand's zone: At.Location() is that zone; on a whole minute except for "now"
	Local string    // the wall-clock time that was meant, "2006-01-02T15:04"; a skipped time is kept as it was said
	Zone  string    // IANA name of the zone
	Shift Shift     // whether the clocks change there
}

// MaxRunes is the longest phrase that is read, in runes; a longer one is no date.
const MaxRunes = 120

// MaxYears is how far ahead a moment may be. Further is nearly always a slip in the year.
const MaxYears = 2

// Parse reads text as one moment that is not before now, in zone. The same text, now, zone and locale always give
// the same moment. The error is always an Invalid *fault.Error that asks a question or says what to write,
// and whose cause is a Reason.
func Parse(text string, now time.Time, zone *time.Location, l i18n.Locale) (Moment, error) {
	now = now.In(zone)
	s := scene{now: now, today: midnightUTC(now), locale: l}
	phrase := clean(text)
	phrase = strings.TrimSpace(strings.TrimSuffix(phrase, "("+zone.String()+")"))
	if utf8.RuneCountInString(phrase) > MaxRunes {
		return Moment{}, refuse(Unknown, tooLong, MaxRunes)
	}
	if len(lex(phrase)) == 0 {
		return Moment{}, refuse(Empty, nothingTyped)
	}
	if at, ok := instant(phrase); ok {
		return s.exactly(phrase, at)
	}
	readings, left := s.read(phrase)
	if len(left) > 0 {
		return Moment{}, refuse(Unknown, notUnderstood, quotedAll(left))
	}
	return s.choose(phrase, readings)
}

// midnightUTC is the local day of t as days are counted here.
func midnightUTC(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Echo says m back to the person who typed it: weekday, date, time, zone, how far that is from now, and what was
// chosen when the clocks change there. "jeudi 12 février 2026 à 9 h (Europe/Paris), dans 22 heures et 45 minutes".
func (m Moment) Echo(l i18n.Locale, now time.Time) string {
	said := echo.In(l, i18n.When(m.At), distance(m.At.Sub(now)))
	switch m.Shift {
	case Skipped:
		wall, err := time.Parse(layout, m.Local)
		if err != nil { // a Moment nobody resolved: there is nothing to explain
			return said
		}
		said += skippedSaid.In(l, clockOf(wall), clockOf(m.At))
	case Doubled:
		said += m.whichOfTwo().In(l, clockOf(m.At))
	}
	return said
}

// whichOfTwo is the sentence for a doubled time. Hours counted from now can end in the second of the two.
func (m Moment) whichOfTwo() i18n.Text {
	if one, err := Resolve(m.Local, m.At.Location()); err == nil && m.At.After(one.At.Add(time.Minute)) {
		return secondSaid
	}
	return firstSaid
}

func distance(d time.Duration) i18n.Localised {
	switch {
	case d.Abs() < time.Minute:
		return rightNow.With()
	case d < 0:
		return inThePast.With(i18n.Span(d))
	}
	return inFuture.With(i18n.Span(d))
}
