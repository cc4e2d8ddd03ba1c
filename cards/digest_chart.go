package cards

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"griot/cards/chart"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	usualWord   = i18n.Text{En: "usual", Fr: "d’habitude"}
	dayBefore   = i18n.Text{En: "the day before", Fr: "la veille"}
	weekBefore  = i18n.Text{En: "the week before", Fr: "la semaine d’avant"}
	spanBefore  = i18n.Text{En: "the days before", Fr: "les jours d’avant"}
	theDay      = i18n.Text{En: "that day", Fr: "ce jour-là"}
	theDays     = i18n.Text{En: "these days", Fr: "ces jours-ci"}
	today       = i18n.Text{En: "today", Fr: "aujourd’hui"}
	wholeBefore = i18n.Text{En: "yesterday", Fr: "hier"}
	chartAbsent = i18n.Text{En: "no data", Fr: "pas de données"}
	chartBars   = i18n.Text{En: "%s: change", Fr: "%s\u202f: évolution"}
	chartLines  = i18n.Text{En: "%s: change day by day", Fr: "%s\u202f: évolution jour par jour"}
	chartAlt    = i18n.Text{En: "Chart. %s. %s", Fr: "Graphique. %s. %s"}
	altLines    = i18n.Text{En: "%s: between %s and %s a day", Fr: "%s\u202f: entre %s et %s par jour"}
	altHoles    = i18n.Plural{One: i18n.Text{En: ", no data on %d day", Fr: ", pas de données pour %d jour"}, Many: i18n.Text{En: ", no data on %d days", Fr: ", pas de données pour %d jours"}}
	altUnknown  = i18n.Text{En: "%s: no data", Fr: "%s\u202f: pas de données"}
	altIs       = i18n.Text{En: "%s: ", Fr: "%s\u202f: "}
)

// charted is how many accounts a chart shows at most; the card's lines tell all of them.
const charted = 8

// names are what a report's span is, what it is compared with, and what is usual.
func (d report) names() []string {
	now, before := theDays, spanBefore
	switch one := d.Span.Days() == 1; {
	case one && d.SoFar:
		now, before = today, wholeBefore
	case one:
		now, before = theDay, dayBefore
	case d.Span.Plus(-7) == d.Before:
		before = weekBefore
	}
	out := []string{now.In(d.l), before.In(d.l)}
	if d.Usual {
		out = append(out, usualWord.In(d.l))
	}
	return out
}

// chart is the picture of the first number that an account gives, for all accounts that give it; none when nothing of it is
// known.
func (d report) chart() []chat.Image {
	metric, ok := d.charts()
	if !ok {
		return nil
	}
	draw, alt := d.bars(metric)
	if d.daily() {
		draw, alt = d.lines(metric)
	}
	picture, err := draw()
	if err != nil {
		return nil // the fonts are in the program: the lines above say the same
	}
	hash := sha256.Sum256(picture)
	return []chat.Image{{Hash: hex.EncodeToString(hash[:]), Type: "image/png", Alt: alt,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(picture)), nil }}}
}

// charts is the metric that is drawn: the first one of which something is known.
func (d report) charts() (social.Metric, bool) {
	for _, m := range social.Headlines {
		for _, a := range d.Accounts {
			if f, ok := figureOf(a, m); ok && (f.Gained != nil || f.Before != nil || f.Usual != nil) {
				return m, true
			}
		}
	}
	return "", false
}

func figureOf(a social.AccountRow, m social.Metric) (social.Figure, bool) {
	for _, f := range a.Figures {
		if f.Metric == m {
			return f, true
		}
	}
	return social.Figure{}, false
}

// daily reports whether the report tells each of its days.
func (d report) daily() bool {
	for _, a := range d.Accounts {
		if len(a.Days) > 0 {
			return true
		}
	}
	return false
}

// drawn are the accounts of a chart: those that gave numbers at any time.
func (d report) drawn() []social.AccountRow {
	var out []social.AccountRow
	for _, a := range d.Accounts {
		if (a.Read || len(a.Figures) > 0) && len(out) < charted {
			out = append(out, a)
		}
	}
	return out
}

// label names an account in a chart: its network, with its handle when the brand has several there.
func (d report) label(a social.AccountRow) string {
	n := 0
	for _, other := range d.Accounts {
		if other.Network == a.Network {
			n++
		}
	}
	if n > 1 {
		return social.Account{NetworkName: a.Network, Handle: a.Handle}.Name()
	}
	return cmp.Or(a.Network, a.Handle)
}

func (d report) bars(m social.Metric) (func() ([]byte, error), string) {
	b := chart.Bars{Title: chartBars.In(d.l, MetricNames[m]), Rows: d.names(), Absent: chartAbsent.In(d.l), Write: d.change, Mark: d.mark}
	var said []string
	for _, a := range d.drawn() {
		f, _ := figureOf(a, m)
		g := chart.Group{Name: d.label(a), Values: []*float64{real(f.Gained), real(f.Before)}}
		if d.Usual {
			g.Values = append(g.Values, f.Usual)
		}
		b.Groups = append(b.Groups, g)
		var words []string
		for i, v := range g.Values {
			n := altIs.In(d.l, b.Rows[i]) + b.Absent
			if v != nil {
				n = b.Rows[i] + " " + d.change(*v)
			}
			words = append(words, n)
		}
		said = append(said, altIs.In(d.l, g.Name)+strings.Join(words, ", "))
	}
	return b.PNG, chartAlt.In(d.l, b.Title, strings.Join(said, ". ")+".")
}

func (d report) lines(m social.Metric) (func() ([]byte, error), string) {
	n := chart.Lines{Title: chartLines.In(d.l, MetricNames[m]), Absent: chartAbsent.In(d.l), Mark: d.mark}
	for day := d.Span.First; day <= d.Span.Last; day = day.Plus(1) {
		at := day.Date()
		n.Days = append(n.Days, i18n.DayMonth(at.Day(), int(at.Month()), d.l))
	}
	var said []string
	for _, a := range d.drawn() {
		g := chart.Group{Name: d.label(a), Values: make([]*float64, len(n.Days))}
		if _, ok := figureOf(a, m); ok && a.Figures[0].Metric == m {
			for i, day := range a.Days {
				g.Values[i] = real(day.Gained)
			}
		}
		n.Groups = append(n.Groups, g)
		said = append(said, d.run(g))
	}
	return n.PNG, chartAlt.In(d.l, n.Title, strings.Join(said, ". ")+".")
}

// run says a line in words.
func (d report) run(g chart.Group) string {
	var low, high *float64
	holes := 0
	for _, v := range g.Values {
		switch {
		case v == nil:
			holes++
		case low == nil:
			low, high = v, v
		case *v < *low:
			low = v
		case *v > *high:
			high = v
		}
	}
	if low == nil {
		return altUnknown.In(d.l, g.Name)
	}
	said := altLines.In(d.l, g.Name, d.change(*low), d.change(*high))
	if holes > 0 {
		said += altHoles.In(d.l, holes)
	}
	return said
}

func (d report) change(n float64) string { return i18n.Change(n, d.l) }
func (d report) mark(n float64) string   { return i18n.Decimal(n, d.l) }

// real is a count as a number to draw; nil: not known.
func real(n *int64) *float64 {
	if n == nil {
		return nil
	}
	v := float64(*n)
	return &v
}
