package dates

import "time"

// slot is one thing a phrase can say about a moment; each can be said once.
type slot uint16

const (
	saidDay slot = 1 << iota
	saidWeekday
	saidWeek
	saidClock
	saidPart
	saidMeridian
	saidSpan
	saidElapsed
	saidNow
)

// excludes says which slots contradict one another: nothing can be both "tomorrow" and "in two hours".
var excludes = map[slot]slot{
	saidDay:      saidDay | saidWeek | saidSpan | saidNow,
	saidWeekday:  saidWeekday | saidSpan | saidNow,
	saidWeek:     saidWeek | saidDay | saidSpan | saidNow,
	saidClock:    saidClock | saidElapsed | saidNow,
	saidPart:     saidPart | saidElapsed | saidNow,
	saidMeridian: saidMeridian | saidElapsed | saidNow,
	saidSpan:     saidSpan | saidDay | saidWeekday | saidWeek | saidNow,
	saidElapsed:  saidElapsed | saidClock | saidPart | saidMeridian | saidNow,
	saidNow:      ^slot(0),
}

// fits reports whether what o says can stand beside what s says.
func (s slot) fits(o slot) bool {
	for one, not := range excludes {
		if s&one != 0 && o&not != 0 {
			return false
		}
	}
	return true
}

// which weekday is meant when several are to come.
type which int

const (
	coming   which = iota // the first that is still to come, today's too
	afterNow              // prochain, next: the first that is not today
	gone                  // dernier, last
)

// meaning is what a phrase, or a part of it, says. Only the fields of its slots count.
type meaning struct {
	slots    slot
	day      time.Time // at midnight UTC
	weekday  time.Weekday
	which    which
	week     int // weeks from the current one
	clock    clock
	part     int
	meridian int
	span     span
	bare     int // the number right after a weekday: a day of the month, unless it was meant as an hour

	refused Reason // why this can be no moment, empty when it can
	words   string // the words that are refused
}

// and puts together two meanings whose slots fit.
func (m meaning) and(o meaning) meaning {
	both := m
	both.slots |= o.slots
	if o.slots&saidDay != 0 {
		both.day = o.day
	}
	if o.slots&saidWeekday != 0 {
		both.weekday, both.which = o.weekday, o.which
	}
	if o.slots&saidWeek != 0 {
		both.week = o.week
	}
	if o.slots&saidClock != 0 {
		both.clock = o.clock
	}
	if o.slots&saidPart != 0 {
		both.part = o.part
	}
	if o.slots&saidMeridian != 0 {
		both.meridian = o.meridian
	}
	if o.slots&saidSpan != 0 {
		both.span = o.span
	}
	both.bare = max(m.bare, o.bare)
	if both.refused == "" {
		both.refused, both.words = o.refused, o.words
	}
	return both
}

func (m meaning) said(s slot) bool { return m.slots&s != 0 }
