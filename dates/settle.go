package dates

import "time"

// outcome is where one reading of a phrase leads: a moment, or the reason why it is none.
type outcome struct {
	reason Reason
	moment Moment
	day    time.Time // midnight UTC; zero when the reading has no day
	clock  clock
	weekly bool         // only a weekday was said
	named  time.Weekday // the weekday that was said, when it is not the date's
	bare   int          // the number after it that may have been an hour
	words  string       // what was refused, as typed
}

// settle turns a meaning into moments. Only a midnight with a day gives more than one.
func (s scene) settle(m meaning) []outcome {
	switch {
	case m.refused != "":
		return []outcome{{reason: m.refused, words: m.words}}
	case m.slots == 0:
		return []outcome{{reason: Empty}}
	case m.said(saidNow):
		return []outcome{{moment: s.atInstant(s.now)}}
	case m.said(saidElapsed):
		return []outcome{s.elapsed(m.span)}
	}
	c, timed, ok := m.time(s)
	if !ok {
		return []outcome{{reason: Contradiction}}
	}
	days, reason := s.days(m)
	if reason != "" {
		return []outcome{{reason: reason, day: m.day, clock: c, named: m.weekday, bare: m.bareHour()}}
	}
	if !timed {
		return []outcome{s.untimed(days)}
	}
	if !c.midnight || m.slots&(saidDay|saidWeekday|saidSpan) == 0 {
		o := s.earliest(days, c)
		o.weekly = m.slots&(saidDay|saidWeekday) == saidWeekday
		return []outcome{o}
	}
	return s.midnights(m, days, c)
}

// time is the time of day of m; timed is false when it says none, ok is false when its words contradict one another.
func (m meaning) time(s scene) (c clock, timed, ok bool) {
	c, timed, ok = m.clock, m.said(saidClock), true
	if timed && m.said(saidMeridian) {
		c, ok = c.in(m.meridian)
	}
	switch {
	case !ok:
	case timed && m.said(saidPart):
		c, ok = c.in(m.part)
	case m.said(saidPart):
		c, timed = clock{hour: parts[m.part].usual}, true
		late := m.said(saidDay) && m.day.Equal(s.today) && s.now.Hour() >= c.hour && s.now.Hour() <= parts[m.part].last
		timed = !late
	case !timed && m.said(saidSpan):
		up := roundUp(s.now)
		c, timed = clock{hour: up.Hour(), minute: up.Minute()}, true
	case !timed:
		c = clock{hour: usualHour}
	}
	return c, timed, ok
}

// bareHour is the number after the weekday when it may have been an hour: no other time was said.
func (m meaning) bareHour() int {
	if m.said(saidClock) || m.said(saidPart) || !(clock{hour: m.bare}).valid() {
		return 0
	}
	return m.bare
}

// roundUp is t, or the next whole minute.
func roundUp(t time.Time) time.Time {
	whole := t.Truncate(time.Minute)
	if whole.Before(t) {
		whole = whole.Add(time.Minute)
	}
	return whole
}

// days lists the days m can be on, soonest first, or says why there is none.
func (s scene) days(m meaning) ([]time.Time, Reason) {
	switch {
	case m.said(saidSpan):
		day, ok := s.after(m.span)
		if !ok {
			return nil, NoSuchDay
		}
		return []time.Time{day}, ""
	case m.said(saidDay):
		if m.said(saidWeekday) && m.day.Weekday() != m.weekday {
			return nil, WrongWeekday
		}
		return []time.Time{m.day}, ""
	case m.said(saidWeek) && m.said(saidWeekday):
		monday := s.inDays(-(int(s.today.Weekday()) + 6) % 7)
		return []time.Time{first(m.weekday, monday.AddDate(0, 0, 7*m.week))}, ""
	case m.said(saidWeek):
		return nil, NeedDay
	case m.said(saidWeekday):
		return s.weekdays(m.weekday, m.which), ""
	}
	return []time.Time{s.today, s.inDays(1)}, ""
}

func (s scene) weekdays(d time.Weekday, w which) []time.Time {
	switch w {
	case afterNow:
		return []time.Time{first(d, s.inDays(1))}
	case gone:
		return []time.Time{first(d, s.inDays(-7))}
	}
	day := first(d, s.today)
	return []time.Time{day, day.AddDate(0, 0, 7)}
}

// after is the day that is p after today; false when months lead to a day that does not exist, as 31 February.
func (s scene) after(p span) (time.Time, bool) {
	y, m, d := s.today.Date()
	day, ok := civil(y, int(m)+p.months, d)
	return day.AddDate(0, 0, p.days), ok
}

// elapsed counts hours, minutes and seconds from now as real time, after the days and months if any.
func (s scene) elapsed(p span) outcome {
	from := s.now
	if p.months != 0 || p.days != 0 {
		day, ok := s.after(p)
		if !ok {
			return outcome{reason: NoSuchDay}
		}
		from = resolve(day.Add(timeOfDay(s.now)), s.now.Location()).At
	}
	return s.judge(outcome{moment: s.atInstant(roundUp(from.Add(p.elapsed)))})
}

func timeOfDay(t time.Time) time.Duration {
	h, m, sec := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(sec)*time.Second
}

// atInstant is the moment of an instant: its wall-clock time is what it is, never skipped.
func (s scene) atInstant(t time.Time) Moment {
	t = t.In(s.now.Location())
	local := t.Format(layout)
	m := resolve(midnightUTC(t).Add(timeOfDay(t).Truncate(time.Minute)), t.Location())
	return Moment{At: t, Local: local, Zone: m.Zone, Shift: m.Shift}
}

// untimed asks for the time on the first day that is not over.
func (s scene) untimed(days []time.Time) outcome {
	o := outcome{reason: NeedTime, day: days[0]}
	if o.day.Before(s.today) {
		o.reason, o.clock = Past, clock{hour: usualHour}
	}
	return o
}

// earliest is the first of days on which c is still to come, or the last word on the first day.
func (s scene) earliest(days []time.Time, c clock) outcome {
	var said outcome
	for i, day := range days {
		wall := day.Add(time.Duration(c.hour)*time.Hour + time.Duration(c.minute)*time.Minute)
		o := s.judge(outcome{moment: resolve(wall, s.now.Location()), day: day, clock: c})
		if o.reason != Past {
			return o
		}
		if i == 0 {
			said = o
		}
	}
	return said
}

// judge refuses a moment that is gone, or too far.
func (s scene) judge(o outcome) outcome {
	limit := resolve(s.today.AddDate(MaxYears, 0, 0).Add(timeOfDay(s.now)), s.now.Location()).At
	switch {
	case o.moment.At.Before(s.now):
		o.reason = Past
	case o.moment.At.After(limit):
		o.reason = TooFar
	}
	return o
}

// midnights are the two ends of a day: its first minute and its last, unless one is gone or the evening was said.
func (s scene) midnights(m meaning, days []time.Time, c clock) []outcome {
	next := make([]time.Time, len(days))
	for i, day := range days {
		next[i] = day.AddDate(0, 0, 1)
	}
	begins, ends := s.earliest(days, c), s.earliest(next, c)
	if begins.reason == Past || m.said(saidPart) && (m.part == evening || m.part == tonight) {
		return []outcome{ends}
	}
	return []outcome{begins, ends}
}
