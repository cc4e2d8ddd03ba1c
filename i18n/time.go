package i18n

import (
	"fmt"
	"time"
)

var weekdays = map[Locale][7]string{
	En: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	Fr: {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
}

var months = map[Locale][12]string{
	En: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	Fr: {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
}

// Weekday names d in l, without a capital in French.
func Weekday(d time.Weekday, l Locale) string { return weekdays[l][d] }

// Month names m in l, without a capital in French.
func Month(m time.Month, l Locale) string { return months[l][m-1] }

// Date writes the local day of t: "jeudi 12 février 2026", "Thursday 12 February 2026".
func Date(t time.Time, l Locale) string {
	day := fmt.Sprint(t.Day())
	if l == Fr && t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %s %d", Weekday(t.Weekday(), l), day, Month(t.Month(), l), t.Year())
}

// Clock writes the local time of t: "9 h 05" with narrow no-break spaces, "09:05".
func Clock(t time.Time, l Locale) string {
	if l == Fr {
		if t.Minute() == 0 {
			return fmt.Sprintf("%d\u202fh", t.Hour())
		}
		return fmt.Sprintf("%d\u202fh\u202f%02d", t.Hour(), t.Minute())
	}
	return fmt.Sprintf("%02d:%02d", t.Hour(), t.Minute())
}

// Moment writes t as weekday, date, time and zone, all in t's own location:
// "jeudi 12 février 2026 à 9 h (Europe/Paris)", "Thursday 12 February 2026 at 09:00 (Europe/Paris)".
func Moment(t time.Time, l Locale) string {
	return moment.In(l, Date(t, l), Clock(t, l), t.Location().String())
}

// When is Moment bound for use as an argument of a Text.
func When(t time.Time) Localised { return when{t} }

type when struct{ t time.Time }

func (w when) In(l Locale, _ ...any) string { return Moment(w.t, l) }

var moment = Text{En: "%s at %s (%s)", Fr: "%s à %s (%s)"}

var (
	seconds = Plural{One: Text{"%d second", "%d seconde"}, Many: Text{"%d seconds", "%d secondes"}}
	minutes = Plural{One: Text{"%d minute", "%d minute"}, Many: Text{"%d minutes", "%d minutes"}}
	hours   = Plural{One: Text{"%d hour", "%d heure"}, Many: Text{"%d hours", "%d heures"}}
	days    = Plural{One: Text{"%d day", "%d jour"}, Many: Text{"%d days", "%d jours"}}
)

var twoSpans = Text{En: "%s and %s", Fr: "%s et %s"}

// Span says how long d is, rounded to what a person would say: "22 h 45" is "22 hours and 45 minutes".
func Span(d time.Duration) Localised { return span{d.Abs()} }

type span struct{ d time.Duration }

func (s span) In(l Locale, _ ...any) string {
	switch d := s.d; {
	case d < time.Minute:
		return seconds.In(l, int(d.Round(time.Second)/time.Second))
	case d < time.Hour:
		return minutes.In(l, int(d/time.Minute))
	case d < 24*time.Hour:
		return both(l, hours, int(d/time.Hour), minutes, int(d%time.Hour/time.Minute))
	default:
		return both(l, days, int(d/(24*time.Hour)), hours, int(d%(24*time.Hour)/time.Hour))
	}
}

func both(l Locale, big Plural, n int, small Plural, m int) string {
	if m == 0 {
		return big.In(l, n)
	}
	return twoSpans.In(l, big.Of(n), small.Of(m))
}

// Size writes a number of bytes: "60 MB", "60 Mo".
func Size(n int64) Localised { return size{n} }

type size struct{ n int64 }

func (s size) In(l Locale, _ ...any) string {
	unit := map[Locale][3]string{En: {"bytes", "kB", "MB"}, Fr: {"octets", "ko", "Mo"}}[l]
	switch {
	case s.n < 1000:
		return fmt.Sprintf("%d\u00a0%s", s.n, unit[0])
	case s.n < 1_000_000:
		return fmt.Sprintf("%d\u00a0%s", (s.n+500)/1000, unit[1])
	default:
		return fmt.Sprintf("%d\u00a0%s", (s.n+500_000)/1_000_000, unit[2])
	}
}
