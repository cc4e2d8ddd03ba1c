package dates

import (
	"time"

	"griot/i18n"
)

// scene is where and when a phrase is said.
type scene struct {
	now    time.Time // in the brand's zone
	today  time.Time // its local day, at midnight UTC: days are counted where every day has 24 hours
	locale i18n.Locale
}

// dayRule says which days the words of a pattern can be.
type dayRule struct {
	pattern string
	read    func(s scene, t sequence) []meaning
}

// dayRules are the days, the parts of the day, and the lengths of time counted from now.
var dayRules = []dayRule{
	{"relative", func(s scene, t sequence) []meaning { return on(s.inDays(t[0].value)) }},
	{"relative later", func(s scene, t sequence) []meaning { return on(s.inDays(t[0].value + 7*t[1].value)) }},
	{"count unit from relative", func(s scene, t sequence) []meaning {
		return weeksOnly(t[1], on(s.inDays(t[3].value+7*t[0].value)))
	}},

	{"weekday", func(_ scene, t sequence) []meaning { return named(t[0], coming) }},
	{"this weekday", func(_ scene, t sequence) []meaning { return named(t[1], coming) }},
	{"next weekday", func(_ scene, t sequence) []meaning { return named(t[1], afterNow) }},
	{"this next weekday", func(_ scene, t sequence) []meaning { return named(t[2], afterNow) }},
	{"weekday next", func(_ scene, t sequence) []meaning { return named(t[0], afterNow) }},
	{"weekday last", func(_ scene, t sequence) []meaning { return named(t[0], gone) }},
	{"last weekday", func(_ scene, t sequence) []meaning { return named(t[1], gone) }},
	{"weekday later", func(s scene, t sequence) []meaning { return s.weeksAfter(t[0], t[1].value) }},
	{"count unit from weekday", func(s scene, t sequence) []meaning {
		return weeksOnly(t[1], s.weeksAfter(t[3], t[0].value))
	}},

	{"of? week", func(_ scene, t sequence) []meaning { return []meaning{{slots: saidWeek, week: t[1].value}} }},
	{"vague", func(scene, sequence) []meaning { return []meaning{{slots: saidWeek, refused: NeedDay}} }},

	{"num ord? of? month year? next?", func(s scene, t sequence) []meaning { return s.dated(t[0], t[3], t[4]) }},
	{"nth of? month year?", func(s scene, t sequence) []meaning { return s.dated(t[0], t[2], t[3]) }},
	{"tens nth of? month year?", func(s scene, t sequence) []meaning { return s.dated(sum(t[0], t[1]), t[3], t[4]) }},
	{"month the? num ord? year?", func(s scene, t sequence) []meaning { return s.dated(t[2], t[0], t[4]) }},
	{"month the? nth year?", func(s scene, t sequence) []meaning { return s.dated(t[2], t[0], t[3]) }},
	{"month the? tens nth year?", func(s scene, t sequence) []meaning { return s.dated(sum(t[2], t[3]), t[0], t[4]) }},
	{"num ord? of? nextmonth", func(s scene, t sequence) []meaning {
		return onCivil(s.today.Year(), int(s.today.Month())+1, t[0].value)
	}},
	{"weekday digit", func(s scene, t sequence) []meaning {
		on := with(s.dayOfMonth(t[1]), named(t[0], coming)[0])
		on[0].bare = t[1].value
		return on
	}},
	{"weekday the digit", func(s scene, t sequence) []meaning {
		return with(s.dayOfMonth(t[2]), named(t[0], coming)[0])
	}},
	{"weekday the? digit ord", func(s scene, t sequence) []meaning {
		return with(s.dayOfMonth(t[2]), named(t[0], coming)[0])
	}},
	{"the digit ord?", func(s scene, t sequence) []meaning { return s.dayOfMonth(t[1]) }},
	{"the nth", func(s scene, t sequence) []meaning { return s.dayOfMonth(t[1]) }},

	{"digit / digit", func(s scene, t sequence) []meaning { return s.numeric(t[0], t[2], term{}) }},
	{"digit / digit / year", func(s scene, t sequence) []meaning { return s.numeric(t[0], t[2], t[4]) }},
	{"digit / digit / digit", func(s scene, t sequence) []meaning { return s.numeric(t[0], t[2], century(t[4])) }},
	{"digit - digit - year", func(s scene, t sequence) []meaning { return s.numeric(t[0], t[2], t[4]) }},
	{"digit . digit . year", func(s scene, t sequence) []meaning { return s.dated(t[0], t[2], t[4]) }},
	{"digit . digit . digit", func(s scene, t sequence) []meaning { return s.dated(t[0], t[2], century(t[4])) }},
	{"year - digit - digit", func(s scene, t sequence) []meaning { return s.dated(t[4], t[2], t[0]) }},
	{"year / digit / digit", func(s scene, t sequence) []meaning { return s.dated(t[4], t[2], t[0]) }},

	{"of? part", func(_ scene, t sequence) []meaning { return []meaning{dayPart(t[1])} }},
	{"in the part", func(_ scene, t sequence) []meaning { return []meaning{dayPart(t[2])} }},
	{"meridian", func(_ scene, t sequence) []meaning { return []meaning{half24(t[0])} }},
	{"this part", func(s scene, t sequence) []meaning { return with(on(s.today), dayPart(t[1])) }},
	{"tonight", func(s scene, t sequence) []meaning { return with(on(s.today), dayPart(t[0])) }},
	{"this noon", func(s scene, t sequence) []meaning { return with(on(s.today), noonAnd(t[1], 0)[0]) }},

	{"in length", func(_ scene, t sequence) []meaning { return fromNowOn(t[1].span, +1) }},
	{"in length time", func(_ scene, t sequence) []meaning { return fromNowOn(t[1].span, +1) }},
	{"length fromnow", func(_ scene, t sequence) []meaning { return fromNowOn(t[0].span, +1) }},
	{"length ago", func(_ scene, t sequence) []meaning { return fromNowOn(t[0].span, -1) }},
	{"ago length", func(_ scene, t sequence) []meaning { return fromNowOn(t[1].span, -1) }},
	{"now", func(scene, sequence) []meaning { return []meaning{{slots: saidNow}} }},
	{"zone", func(scene, sequence) []meaning { return []meaning{{refused: ZoneGiven}} }},
	{"filler", func(scene, sequence) []meaning { return []meaning{{}} }},
}

func (s scene) inDays(n int) time.Time { return s.today.AddDate(0, 0, n) }

// first is the first d on or after from.
func first(d time.Weekday, from time.Time) time.Time {
	return from.AddDate(0, 0, (int(d)-int(from.Weekday())+7)%7)
}

// on is one day.
func on(day time.Time) []meaning { return []meaning{{slots: saidDay, day: day}} }

// nowhere is a day that does not exist.
func nowhere() []meaning { return []meaning{{slots: saidDay, refused: NoSuchDay}} }

func named(d term, w which) []meaning {
	return []meaning{{slots: saidWeekday, weekday: time.Weekday(d.value), which: w}}
}

// weeksAfter is n weeks after weekday d. Said on that very weekday it can be counted from today or from the next
// one, and is asked about.
func (s scene) weeksAfter(d term, n int) []meaning {
	from := first(time.Weekday(d.value), s.today)
	said := on(from.AddDate(0, 0, 7*n))
	if from.Equal(s.today) {
		said = append(said, on(from.AddDate(0, 0, 7*n+7))...)
	}
	return said
}

func weeksOnly(u term, said []meaning) []meaning {
	if u.value != weeks {
		return nil
	}
	return said
}

// civil is day d of month m of year y, where m may be 13 for the next January; false when it does not exist.
func civil(y, m, d int) (time.Time, bool) {
	start := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
	day := start.AddDate(0, 0, d-1)
	return day, d > 0 && day.Month() == start.Month()
}

// leapWait is how many years hold a 29 February for certain, 2096 to 2104 included.
const leapWait = 9

// dated is day d of month m, of year y, or of the first year that has it still to come when y is not said.
func (s scene) dated(d, m, y term) []meaning {
	if m.value < 1 || m.value > 12 {
		return nowhere()
	}
	if y.width > 0 {
		return onCivil(y.value, m.value, d.value)
	}
	for year := range leapWait {
		if day, ok := civil(s.today.Year()+year, m.value, d.value); ok && !day.Before(s.today) {
			return on(day)
		}
	}
	return nowhere()
}

// dayOfMonth is the coming day d, of this month or of the first one after it that has such a day.
func (s scene) dayOfMonth(d term) []meaning {
	for month := range 12 {
		if day, ok := civil(s.today.Year(), int(s.today.Month())+month, d.value); ok && !day.Before(s.today) {
			return on(day)
		}
	}
	return nowhere()
}

// onCivil is day d of month m of year y, when it exists.
func onCivil(y, m, d int) []meaning {
	if day, ok := civil(y, m, d); ok {
		return on(day)
	}
	return nowhere()
}

// numeric reads 3/4: the day first in French; in English both ways, so that it is asked about unless only
// one of them exists.
func (s scene) numeric(a, b, y term) []meaning {
	if s.locale == i18n.Fr || a.value > 12 {
		return s.dated(a, b, y)
	}
	if b.value > 12 || a.value == b.value {
		return s.dated(b, a, y)
	}
	return append(s.dated(a, b, y), s.dated(b, a, y)...)
}

// century makes a year of its last two digits.
func century(y term) term {
	if y.width != 2 {
		return term{value: 0, width: 1, end: y.end}
	}
	return term{value: 2000 + y.value, width: 4, end: y.end}
}

func sum(a, b term) term { return term{value: a.value + b.value, end: b.end} }

func fromNowOn(s span, sign int) []meaning {
	s = span{sign * s.months, sign * s.days, time.Duration(sign) * s.elapsed}
	m := meaning{slots: saidSpan, span: s}
	if s.elapsed != 0 || s == (span{}) {
		m.slots |= saidElapsed
	}
	return []meaning{m}
}
