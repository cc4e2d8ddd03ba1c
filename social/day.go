package social

import "time"

// Day is a date of the calendar, "2026-03-17", wherever it is lived.
type Day string

// DayOf is the date that t has in its own zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Date is noon of the day in UTC, to write it and to reckon with it.
func (d Day) Date() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{} // nobody's day
	}
	return t.Add(12 * time.Hour)
}

// Plus is n days later, or earlier.
func (d Day) Plus(n int) Day { return DayOf(d.Date().AddDate(0, 0, n)) }

// Days counts the dates from d to the day before end.
func (d Day) Days(end Day) int { return int(end.Date().Sub(d.Date()) / (24 * time.Hour)) }

// Begins is the first instant of the day in a zone: a day that begins twice begins the first time, one without a midnight
// when the clocks have moved on.
func (d Day) Begins(in *time.Location) time.Time { return d.At(0, in) }

// At is the first instant of the day at which the clocks of a zone show that many minutes after midnight, or would but for
// their having just moved on.
func (d Day) At(minute int, in *time.Location) time.Time {
	date := d.Date()
	wall := time.Date(date.Year(), date.Month(), date.Day(), minute/60, minute%60, 0, 0, time.UTC)
	t := time.Date(date.Year(), date.Month(), date.Day(), minute/60, minute%60, 0, 0, in)
	switch shown := onWall(t); {
	case shown.Before(wall): // skipped, and read by the clocks from after it
		_, end := t.ZoneBounds()
		return end
	case shown.After(wall): // skipped, and read by the clocks from before it
		start, _ := t.ZoneBounds()
		return start
	}
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t
	}
	_, before := start.Add(-time.Second).Zone()
	_, after := t.Zone()
	if first := t.Add(time.Duration(after-before) * time.Second); before > after && onWall(first).Equal(wall) && first.Before(start) {
		return first
	}
	return t
}

// onWall is what the clocks show at t, as if they were in UTC.
func onWall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
