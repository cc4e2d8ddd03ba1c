package dates

import "time"

// span is a length of time as people say it. Months and days follow the calendar and keep the local time;
// elapsed is real time, whatever the clocks do meanwhile.
type span struct {
	months, days int
	elapsed      time.Duration
}

func (s span) plus(o span) span {
	return span{s.months + o.months, s.days + o.days, s.elapsed + o.elapsed}
}

// maxPieces is how many pieces one length may have: "2 days 3 hours 30 minutes" has three.
const maxPieces = 4

// spanRule says how long the words of a pattern are; false when the words do not go together.
type spanRule struct {
	pattern string
	length  func(t sequence) (span, bool)
}

// spanRules are the pieces of a length; pieces may follow one another, with or without "et".
var spanRules = []spanRule{
	{"count unit", func(t sequence) (span, bool) { return units(t[0].value, t[1].value), true }},
	// Many say "huit jours" for a week and "quinze jours" for two: read both ways, it is asked about.
	{"article? idiom", func(t sequence) (span, bool) { return span{days: t[1].value}, true }},
	{"count h num", func(t sequence) (span, bool) {
		return clockSpan(t[0].value, t[2].value), t[2].value < 60 && t[2].width != 1
	}},
	{"count unit and half", func(t sequence) (span, bool) { return oneAndHalf(t[0].value, t[1].value) }},
	{"count unit and article? quarter", func(t sequence) (span, bool) {
		return units(t[0].value, hours).plus(clockSpan(0, 15)), t[1].value == hours
	}},
	{"count unit and article half", func(t sequence) (span, bool) { return oneAndHalf(t[0].value, t[1].value) }},
	{"count and article? half unit", func(t sequence) (span, bool) { return oneAndHalf(t[0].value, t[4].value) }},
	{"count? half article? unit", func(t sequence) (span, bool) { return halves(t[0], t[3].value) }},
	{"count? quarter of? article? unit", func(t sequence) (span, bool) {
		return clockSpan(0, 15*max(1, t[0].value)), t[4].value == hours && t[0].value <= 3
	}},
	{"digit . digits unit", decimal},
	{"digit , digits unit", decimal},
}

// units is n times unit u.
func units(n, u int) span {
	switch u {
	case second:
		return span{elapsed: time.Duration(n) * time.Second}
	case minute:
		return clockSpan(0, n)
	case hours:
		return clockSpan(n, 0)
	case days:
		return span{days: n}
	case weeks:
		return span{days: 7 * n}
	case months:
		return span{months: n}
	default:
		return span{months: 12 * n}
	}
}

func clockSpan(h, m int) span {
	return span{elapsed: time.Duration(h)*time.Hour + time.Duration(m)*time.Minute}
}

// oneAndHalf is n units and a half; of hours, minutes and years only: nobody agrees on half a day.
func oneAndHalf(n, u int) (span, bool) {
	h, ok := halves(term{}, u)
	return units(n, u).plus(h), ok
}

// halves is one half of unit u, or as many as n says, which may be one or an article.
func halves(n term, u int) (span, bool) {
	switch {
	case n.value > 1:
		return span{}, false
	case u == minute:
		return span{elapsed: 30 * time.Second}, true
	case u == hours:
		return clockSpan(0, 30), true
	case u == years:
		return span{months: 6}, true
	}
	return span{}, false
}

// decimal reads 1.5 hours and 1,5 heure.
func decimal(t sequence) (span, bool) {
	part := time.Duration(t[2].value) * time.Hour
	for range t[2].width {
		part /= 10
	}
	return clockSpan(t[0].value, 0).plus(span{elapsed: part.Round(time.Second)}), t[3].value == hours
}

// lengths lists the lengths of at most pieces pieces that start at token i, with the text they cover.
func (g grid) lengths(i, pieces int) []term {
	var out []term
	for _, rule := range spanRules {
		for _, s := range g.match(rule.pattern, i) {
			piece, ok := rule.length(s)
			if !ok {
				continue
			}
			out = append(out, term{span: piece, end: s.end()})
			if pieces > 1 {
				out = append(out, g.longer(piece, s.end(), pieces-1)...)
			}
		}
	}
	return out
}

// longer lists the lengths that begin with head and go on at token i.
func (g grid) longer(head span, i, pieces int) []term {
	starts := []int{i}
	for _, link := range g.at(and, i) {
		starts = append(starts, link.end)
	}
	var out []term
	for _, from := range starts {
		if from >= len(g.tokens) {
			continue
		}
		for _, rest := range g.lengths(from, pieces) {
			out = append(out, term{span: head.plus(rest.span), end: rest.end})
		}
	}
	return out
}
