// Package chart draws the charts of cards as pictures: for a telephone first, with every bar and line named and numbered
// where it stands, an axis that begins at zero, and what is not known left empty and said. The same numbers always give
// the same bytes. It knows numbers and words, nothing of Griot.
package chart

import (
	"image/color"
	"math"
)

// Bars compares a few numbers of each of several groups.
type Bars struct {
	Title  string
	Rows   []string // what the bars of every group are: at most three
	Groups []Group
	Absent string               // written where a number is not known
	Write  func(float64) string // a number with its sign, as people write it
	Mark   func(float64) string // a number beside the axis
}

// Group is one name with a number for each row; nil: not known.
type Group struct {
	Name   string
	Values []*float64
}

// The measures of bars, in pixels.
const (
	titleHigh = 66
	nameHigh  = 42
	rowHigh   = 38
	thick     = 26
	groupGap  = 26
	axisHigh  = 44
	least     = 4 // of a bar that is not zero
)

var inks = []color.Color{blue, sky, orange}

// PNG draws the bars, lying: names and numbers are read without turning the head, however many there are.
func (b Bars) PNG() ([]byte, error) {
	l, err := newLetters()
	if err != nil {
		return nil, err
	}
	c := newCanvas(l, margin+titleHigh+len(b.Groups)*b.high()+axisHigh)
	c.write(c.title, black, point{margin, margin + 26}, cut(c.title, b.Title, wide-2*margin))
	var all []*float64
	left, right := 0.0, 0.0
	for _, g := range b.Groups {
		all = append(all, g.Values...)
		for _, v := range g.Values {
			if v != nil {
				right = max(right, measure(c.value, b.Write(*v)))
			}
		}
	}
	for _, r := range b.Rows {
		left = max(left, measure(c.label, r))
	}
	p := plot{scale: newScale(all, 4).tight(all), from: margin + left + 20, to: wide - margin - max(right, 40) - 12, top: margin + titleHigh}
	p.bottom = p.top + float64(len(b.Groups)*b.high()) - groupGap
	b.axis(c, p)
	for i, g := range b.Groups {
		b.group(c, p, g, p.top+float64(i*b.high()))
	}
	return c.png()
}

// high is how much room a group takes.
func (b Bars) high() int { return nameHigh + len(b.Rows)*rowHigh + groupGap }

// plot is where numbers become lengths.
type plot struct {
	scale
	from, to, top, bottom float64
}

func (p plot) x(v float64) float64 { return p.from + p.share(v)*(p.to-p.from) }

func (b Bars) axis(c *canvas, p plot) {
	for _, v := range p.marks() {
		ink, x := color.Color(grid), p.x(v)
		if v == 0 {
			ink = grey
		}
		for i := range b.Groups { // beside the bars alone: names stand free
			from := p.top + float64(i*b.high()+nameHigh) - 4
			c.rect(ink, point{x - 1, from}, point{x + 1, from + float64(len(b.Rows)*rowHigh)})
		}
		said := b.Mark(v)
		at := min(max(x-measure(c.label, said)/2, margin), wide-margin-measure(c.label, said))
		c.write(c.label, grey, point{at, p.bottom + 30}, said)
	}
}

func (b Bars) group(c *canvas, p plot, g Group, y float64) {
	c.write(c.name, black, point{margin, y + 25}, cut(c.name, g.Name, wide-2*margin))
	y += nameHigh
	for i, r := range b.Rows {
		c.write(c.label, grey, point{margin, y + 21}, r)
		v := g.Values[i]
		zero := p.x(0)
		if v == nil {
			c.rect(paper, point{zero + 6, y}, point{zero + 20 + measure(c.label, b.Absent), y + thick})
			c.write(c.label, grey, point{zero + 12, y + 21}, b.Absent)
		} else {
			end := p.x(*v)
			if *v != 0 && math.Abs(end-zero) < least {
				end = zero + math.Copysign(least, *v)
			}
			c.bar(inks[i], zero, end, y, thick)
			at := point{max(end, zero) + 10, y + 22}
			said := b.Write(*v)
			c.rect(paper, point{at.x - 4, y}, point{at.x + 4 + measure(c.value, said), y + thick})
			c.write(c.value, black, at, said)
		}
		y += rowHigh
	}
}
