package digest

import (
	"slices"
	"time"

	"griot/social"
)

// fresh is how old the last total before an instant may be to count as the total at that instant. Accounts are read every
// hour; what is older was missed, and what was gained around it cannot be told apart from the days beside.
const fresh = 3 * time.Hour

// weeks is how many weeks back the usual figure looks, and known how many of them must be known.
const weeks, known = 4, 2

// Question is what is asked about a brand: a span of dates, and what it is compared with.
type Question struct {
	Span   social.Span
	Before social.Span
	Usual  bool // compared with the same days of the last weeks, too
	Daily  bool // day by day as well
	SoFar  bool // the span is not over: it ends at Now
	Now    time.Time
}

// Morning asks about the days since the digest before, as they are told on a day: yesterday against the day before; several
// days at once against the same days of the week before.
func Morning(on social.Day, days social.TellDays, now time.Time) Question {
	s := social.Span{First: days.Before(on), Last: on.Plus(-1)}
	q := Question{Span: s, Before: s.Plus(-7), Usual: true, Now: now}
	if s.Days() == 1 {
		q.Before = s.Plus(-1)
	}
	return q
}

// Over asks about a span of dates against as many dates just before it.
func Over(s social.Span, today social.Day, now time.Time) Question {
	return Question{Span: s, Before: s.Plus(-s.Days()), Daily: s.Days() > 1, SoFar: s.Last >= today, Now: now}
}

// edges are the instants at which totals must be known to answer, each once.
func (q Question) edges(in *time.Location) []time.Time {
	var out []time.Time
	add := func(s social.Span) { out = append(out, s.Begins(in), q.end(s, in)) }
	add(q.Span)
	add(q.Before)
	for w := 1; q.Usual && w <= weeks; w++ {
		add(q.Span.Plus(-7 * w))
	}
	for d := q.Span.First; q.Daily && d <= q.Span.Last; d = d.Plus(1) {
		add(social.Span{First: d, Last: d})
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// end is the instant at which a span ends, or now when that is sooner.
func (q Question) end(s social.Span, in *time.Location) time.Time {
	if e := s.Ends(in); e.Before(q.Now) {
		return e
	}
	return q.Now
}

// totals are the samples of one metric of one account, oldest first.
type totals []social.Sample

// at is the total at an instant: the last one not after it, unless that is too old to be it.
func (t totals) at(when time.Time) (int64, bool) {
	i, _ := slices.BinarySearchFunc(t, when, func(s social.Sample, at time.Time) int {
		if s.At.After(at) {
			return 1
		}
		return -1
	})
	if i == 0 || when.Sub(t[i-1].At) > fresh {
		return 0, false
	}
	return t[i-1].Value, true
}

// gained is what the total rose by between two instants; nil when it is not known at one of them.
func (t totals) gained(from, to time.Time) *int64 {
	before, ok := t.at(from)
	after, too := t.at(to)
	if !ok || !too || !from.Before(to) {
		return nil
	}
	n := after - before
	return &n
}

// Figures answers the question for one account, from totals of it that include those at every edge, in any order.
func (q Question) Figures(samples []social.Sample, in *time.Location) ([]social.Figure, []social.DayFigure) {
	by := map[social.Metric]totals{}
	for _, s := range samples {
		by[s.Metric] = append(by[s.Metric], s)
	}
	var out []social.Figure
	var days []social.DayFigure
	for _, m := range social.Headlines {
		t := by[m]
		if len(t) == 0 {
			continue
		}
		slices.SortStableFunc(t, func(a, b social.Sample) int { return a.At.Compare(b.At) })
		out = append(out, q.figure(m, t, in))
		for d := q.Span.First; q.Daily && len(out) == 1 && d <= q.Span.Last; d = d.Plus(1) {
			one := social.Span{First: d, Last: d}
			days = append(days, social.DayFigure{Day: d, Gained: t.gained(one.Begins(in), q.end(one, in))})
		}
	}
	return out, days
}

func (q Question) figure(m social.Metric, t totals, in *time.Location) social.Figure {
	f := social.Figure{Metric: m, Gained: t.gained(q.Span.Begins(in), q.end(q.Span, in)),
		Before: t.gained(q.Before.Begins(in), q.end(q.Before, in))}
	if v, ok := t.at(q.end(q.Span, in)); ok {
		f.Total = &v
	}
	var past []int64
	for w := 1; q.Usual && w <= weeks; w++ {
		s := q.Span.Plus(-7 * w)
		if n := t.gained(s.Begins(in), s.Ends(in)); n != nil {
			past = append(past, *n)
		}
	}
	f.Weeks = len(past)
	if len(past) >= known {
		m := median(past)
		f.Usual = &m
	}
	return f
}

// median is the middle of n numbers, or half way between the two in the middle.
func median(n []int64) float64 {
	slices.Sort(n)
	return float64(n[(len(n)-1)/2]+n[len(n)/2]) / 2
}
