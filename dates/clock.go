package dates

// clock is a time of day as it was said.
type clock struct {
	hour, minute int
	midnight     bool // said as midnight, so that the day it belongs to is open
}

// valid reports whether a day has this time.
func (c clock) valid() bool { return c.hour < 24 && c.minute < 60 }

// moved is c some minutes later or earlier. A quarter to midnight is no longer midnight: its day is certain.
func (c clock) moved(minutes int) clock {
	total := (c.hour*60 + c.minute + minutes + 24*60) % (24 * 60)
	return clock{total / 60, total % 60, c.midnight && minutes >= 0}
}

// clockRule says which times the words of a pattern can be. No time means that the words are not a time at all.
type clockRule struct {
	pattern string
	read    func(t sequence) []meaning
}

// clockRules are the times of day. Hours said without am, pm or a part of the day are on the 24-hour clock
// in both languages; the echo shows it.
var clockRules = []clockRule{
	{"num h", func(t sequence) []meaning { return oclockAt(t[0], 0) }},
	{"num oclock", func(t sequence) []meaning { return oclockAt(t[0], 0) }},
	{"at num", func(t sequence) []meaning { return oclockAt(t[1], 0) }},
	{"num h num", hourMinute},
	{"num h num unit", func(t sequence) []meaning {
		if t[3].value != minute {
			return nil
		}
		return oclockAt(t[0], t[2].value)
	}},
	{"num h and half", func(t sequence) []meaning { return oclockAt(t[0], 30) }},
	{"num h and quarter", func(t sequence) []meaning { return oclockAt(t[0], 15) }},
	{"num h minus the? quarter", func(t sequence) []meaning { return around(t[0], -15) }},
	{"num h minus num", func(t sequence) []meaning { return around(t[0], -t[3].value) }},
	{"digit : digit", func(t sequence) []meaning {
		if t[2].width != 2 {
			return nil
		}
		return oclockAt(t[0], t[2].value)
	}},
	{"digit : digit : digit", func(t sequence) []meaning {
		if t[2].width != 2 || t[4].width != 2 || t[4].value != 0 {
			return nil
		}
		return oclockAt(t[0], t[2].value)
	}},
	{"num meridian", func(t sequence) []meaning { return with(oclockAt(t[0], 0), half24(t[1])) }},
	{"digit . digit meridian", func(t sequence) []meaning {
		return with(oclockAt(t[0], t[2].value), half24(t[3]))
	}},
	{"num of part", func(t sequence) []meaning { return with(oclockAt(t[0], 0), dayPart(t[2])) }},
	{"num in the part", func(t sequence) []meaning { return with(oclockAt(t[0], 0), dayPart(t[3])) }},
	{"num at part", func(t sequence) []meaning { return with(oclockAt(t[0], 0), dayPart(t[2])) }},

	{"noon", func(t sequence) []meaning { return noonAnd(t[0], 0) }},
	{"noon num", func(t sequence) []meaning {
		if t[1].width == 1 {
			return nil
		}
		return noonAnd(t[0], t[1].value)
	}},
	{"noon and half", func(t sequence) []meaning { return noonAnd(t[0], 30) }},
	{"noon and quarter", func(t sequence) []meaning { return noonAnd(t[0], 15) }},
	{"noon minus the? quarter", func(t sequence) []meaning { return noonAnd(t[0], -15) }},
	{"noon minus num", func(t sequence) []meaning { return noonAnd(t[0], -t[2].value) }},

	{"half past num oclock?", func(t sequence) []meaning { return oclockAt(t[2], 30) }},
	{"half past noon", func(t sequence) []meaning { return noonAnd(t[2], 30) }},
	{"article? quarter past num oclock?", func(t sequence) []meaning { return oclockAt(t[3], 15) }},
	{"article? quarter past noon", func(t sequence) []meaning { return noonAnd(t[3], 15) }},
	{"article? quarter to num oclock?", func(t sequence) []meaning { return around(t[3], -15) }},
	{"article? quarter to noon", func(t sequence) []meaning { return noonAnd(t[3], -15) }},
	{"num unit? past num oclock?", func(t sequence) []meaning { return minutesFrom(t[0], t[1], t[3], +1) }},
	{"num unit? to num oclock?", func(t sequence) []meaning { return minutesFrom(t[0], t[1], t[3], -1) }},
}

// oclockAt is m minutes after hour h.
func oclockAt(h term, m int) []meaning { return clockAt(clock{hour: h.value, minute: m}) }

// clockAt is the meaning of c, refused when no day has that time.
func clockAt(c clock) []meaning {
	m := meaning{slots: saidClock, clock: c}
	if !c.valid() {
		m.refused = NoSuchTime
	}
	return []meaning{m}
}

// hourMinute reads 9h30. A single digit may be a slip: 9h5 is 9 h 05 or 9 h 50, and is asked about.
func hourMinute(t sequence) []meaning {
	said := oclockAt(t[0], t[2].value)
	if t[2].width == 1 && t[2].value > 0 {
		said = append(said, oclockAt(t[0], t[2].value*10)...)
	}
	return said
}

// around is some minutes before or after hour h, on either side of it.
func around(h term, minutes int) []meaning {
	if c := (clock{hour: h.value}); c.valid() && minutes > -60 {
		return clockAt(c.moved(minutes))
	}
	return clockAt(clock{hour: 24})
}

// noonAnd is some minutes after or before noon or midnight.
func noonAnd(noon term, minutes int) []meaning {
	if minutes <= -60 || minutes >= 60 {
		return clockAt(clock{hour: 24})
	}
	return clockAt(clock{hour: noon.value, midnight: noon.value == 0}.moved(minutes))
}

// minutesFrom reads "ten past nine" and "25 minutes to six"; u may be missing. Bare digits ("5 to 9") could be a range
// and are left.
func minutesFrom(m, u, h term, sign int) []meaning {
	counted := u.value == minute
	if !counted && (m.width > 0 || m.value%5 != 0) || m.value >= 60 {
		return nil
	}
	return around(h, sign*m.value)
}

// with adds what o says to each of all.
func with(all []meaning, o meaning) []meaning {
	for i, m := range all {
		all[i] = m.and(o)
	}
	return all
}

func half24(t term) meaning { return meaning{slots: saidMeridian, meridian: t.value} }

func dayPart(t term) meaning { return meaning{slots: saidPart, part: t.value} }

// hoursOf is the hours a part of the day has, and the one that is meant when no other is said.
type hoursOf struct{ first, last, usual int }

// unsaid is the usual hour of what has none: "tomorrow pm" still needs a time.
const unsaid = -1

// parts is the written policy of the parts of the day.
var parts = map[int]hoursOf{
	morning:   {0, 11, 9},
	afternoon: {12, 18, 14},
	evening:   {17, 23, 19},
	tonight:   {17, 23, 19},
	am:        {0, 11, unsaid},
	pm:        {12, 23, unsaid},
}

// in moves c into a part of the day: 8 in the evening is 20:00. False when it cannot be there.
func (c clock) in(part int) (clock, bool) {
	p := parts[part]
	if part == am || part == pm {
		if c.hour == 12 && c.minute < 60 && part == am {
			return clock{0, c.minute, true}, true
		}
		if c.hour == 0 {
			return c, false
		}
	}
	if c.midnight {
		return c, part == evening || part == tonight || part == am
	}
	for _, h := range []int{c.hour, c.hour + 12} {
		if h >= p.first && h <= p.last && (h == c.hour || c.hour < 12) {
			return clock{h, c.minute, false}, true
		}
	}
	return c, false
}
