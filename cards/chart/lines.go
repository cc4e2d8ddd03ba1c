package chart

import (
	"image/color"
	"math"
)

// Lines follows a number from day to day, for each of several names.
type Lines struct {
	Title  string
	Days   []string // what stands below: the first, the middle and the last are written
	Groups []Group  // with a value for each day
	Absent string   // said of the days of which nothing is known
	Mark   func(float64) string
}

// The measures of lines, in pixels.
const (
	headHigh = 54
	lineHigh = 130
	lineGap  = 34
	daysHigh = 40
	keyHigh  = 44
)

// PNG draws one small picture below the other, each with its own axis from zero: lines that cross cannot be told apart on
// a telephone.
func (n Lines) PNG() ([]byte, error) {
	l, err := newLetters()
	if err != nil {
		return nil, err
	}
	each, holes := headHigh+lineHigh+lineGap, n.holes()
	high := margin + titleHigh + len(n.Groups)*each - lineGap + daysHigh + 12
	if holes {
		high += keyHigh
	}
	c := newCanvas(l, high)
	c.write(c.title, black, point{margin, margin + 26}, cut(c.title, n.Title, wide-2*margin))
	left := 0.0
	scales := make([]scale, len(n.Groups))
	for i, g := range n.Groups {
		scales[i] = newScale(g.Values, 3)
		for _, m := range scales[i].marks() {
			left = max(left, measure(c.label, n.Mark(m)))
		}
	}
	p := plot{from: margin + left + 24, to: wide - margin - 14, top: margin + titleHigh}
	for i, g := range n.Groups {
		p.scale = scales[i]
		n.group(c, p, g)
		p.top += float64(each)
	}
	n.days(c, p, p.top-lineGap+30)
	if holes {
		y := float64(high - keyHigh)
		c.rect(hatch, point{margin, y}, point{margin + 34, y + 22})
		c.write(c.label, grey, point{margin + 46, y + 19}, n.Absent)
	}
	return c.png()
}

// hatch is the ground of days of which nothing is known.
var hatch = color.RGBA{228, 231, 236, 255}

func (n Lines) holes() bool {
	for _, g := range n.Groups {
		for _, v := range g.Values {
			if v == nil {
				return true
			}
		}
	}
	return false
}

// at is the middle of a day's column.
func (n Lines) at(p plot, day int) float64 {
	return p.from + (float64(day)+0.5)*n.column(p)
}

func (n Lines) column(p plot) float64 { return (p.to - p.from) / float64(len(n.Days)) }

func (n Lines) group(c *canvas, p plot, g Group) {
	c.write(c.name, black, point{margin, p.top + 25}, cut(c.name, g.Name, wide-2*margin))
	top := p.top + headHigh
	y := func(v float64) float64 { return top + lineHigh - p.share(v)*lineHigh }
	half := n.column(p) / 2
	for i, v := range g.Values {
		if v == nil {
			c.rect(hatch, point{math.Round(n.at(p, i) - half), top}, point{math.Round(n.at(p, i) + half), top + lineHigh})
		}
	}
	for _, m := range p.marks() {
		ink := color.Color(grid)
		if m == 0 {
			ink = grey
		}
		c.rect(ink, point{p.from, y(m) - 1}, point{p.to, y(m) + 1})
		said := n.Mark(m)
		c.write(c.label, grey, point{p.from - 14 - measure(c.label, said), y(m) + 8}, said)
	}
	for i, v := range g.Values {
		if v != nil && i > 0 && g.Values[i-1] != nil {
			c.stroke(blue, point{n.at(p, i-1), y(*g.Values[i-1])}, point{n.at(p, i), y(*v)}, 4)
		}
	}
	for i, v := range g.Values {
		if v != nil {
			c.dot(blue, point{n.at(p, i), y(*v)}, min(6, half))
		}
	}
}

// days writes the first, the middle and the last day where they stand.
func (n Lines) days(c *canvas, p plot, y float64) {
	last := len(n.Days) - 1
	for _, i := range []int{0, last / 2, last} {
		said := n.Days[i]
		x := n.at(p, i) - measure(c.label, said)/2
		if i == last/2 && (i == 0 || last < 4) {
			continue
		}
		c.write(c.label, grey, point{min(max(x, margin), wide-margin-measure(c.label, said)), y}, said)
	}
}
