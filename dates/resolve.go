package dates

import (
	"time"

	"griot/fault"
)

// Shift says whether the clocks change at the moment that was meant.
type Shift int

const (
	None    Shift = iota // the clock shows that time once
	Skipped              // the clocks jump over that time: it becomes the same distance after the jump (02:30 becomes 03:30)
	Doubled              // the clocks come back and that time happens twice: a wall-clock time means the first of the two
)

// layout is how wall-clock times are written for machines.
const layout = "2006-01-02T15:04"

// Resolve finds the instant of a wall-clock time written "2006-01-02T15:04", under the written policy of Shift.
// It is an Invalid fault when local is not written so. It does not depend on what the time package answers for
// times that do not exist or happen twice, which differs from zone to zone.
func Resolve(local string, zone *time.Location) (Moment, error) {
	wall, err := time.Parse(layout, local)
	if err != nil {
		return Moment{}, fault.New(fault.Invalid, notWallClock, local)
	}
	return resolve(wall, zone), nil
}

// period is a stretch of instants in which a zone keeps one distance to UTC.
type period struct {
	start, end time.Time // zero when there is none
	offset     time.Duration
}

func (p period) holds(t time.Time) bool {
	return (p.start.IsZero() || !t.Before(p.start)) && (p.end.IsZero() || t.Before(p.end))
}

// farthest is more than any zone's distance to UTC, and more than the day that Samoa once left out.
const farthest = 50 * time.Hour

// resolve takes the wall-clock time as if it were UTC.
func resolve(wall time.Time, zone *time.Location) Moment {
	m := Moment{Local: wall.Format(layout), Zone: zone.String()}
	around := periods(wall.Add(-farthest), wall.Add(farthest), zone)
	var at []time.Time
	for _, p := range around {
		if t := wall.Add(-p.offset); p.holds(t) {
			at = append(at, t)
		}
	}
	switch {
	case len(at) == 0:
		m.At, m.Shift = beyondGap(wall, around), Skipped
	case len(at) > 1:
		m.At, m.Shift = at[0], Doubled
	default:
		m.At = at[0]
	}
	m.At = m.At.In(zone)
	return m
}

// periods lists the periods of zone from one instant to another, in order.
func periods(from, to time.Time, zone *time.Location) []period {
	var out []period
	for t := from; ; {
		start, end := t.In(zone).ZoneBounds()
		_, offset := t.In(zone).Zone()
		out = append(out, period{start, end, time.Duration(offset) * time.Second})
		if end.IsZero() || end.After(to) {
			return out
		}
		t = end
	}
}

// beyondGap counts a skipped time with the clock from before the change.
func beyondGap(wall time.Time, around []period) time.Time {
	last := around[0]
	for _, p := range around {
		if wall.Add(-p.offset).Before(p.start) {
			break
		}
		last = p
	}
	return wall.Add(-last.offset)
}
