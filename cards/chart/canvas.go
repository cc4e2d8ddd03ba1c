package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// wide is the width of every chart in pixels: twice that of a chat on a telephone, so that lines and letters are sharp there.
const wide = 720

const margin = 32

// ink is what things are drawn with. The three strong colours are of Okabe and Ito's palette: people who see colours
// differently tell them apart, and beside each stands what it is in words.
var (
	paper  = color.RGBA{255, 255, 255, 255}
	black  = color.RGBA{31, 36, 43, 255}
	grey   = color.RGBA{92, 101, 112, 255}
	grid   = color.RGBA{226, 230, 235, 255}
	blue   = color.RGBA{0, 114, 178, 255}
	sky    = color.RGBA{86, 180, 233, 255}
	orange = color.RGBA{230, 159, 0, 255}
)

// type sizes in pixels, and their letters.
type letters struct {
	title, name, value, label font.Face
}

func newLetters() (letters, error) {
	var l letters
	for _, f := range []struct {
		to   *font.Face
		ttf  []byte
		size float64
	}{{&l.title, gobold.TTF, 30}, {&l.name, gomedium.TTF, 25}, {&l.value, gomedium.TTF, 24}, {&l.label, goregular.TTF, 23}} {
		parsed, err := opentype.Parse(f.ttf)
		if err != nil {
			return l, fmt.Errorf("read a font: %w", err)
		}
		if *f.to, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.size, DPI: 72}); err != nil {
			return l, fmt.Errorf("size a font: %w", err)
		}
	}
	return l, nil
}

// canvas is a white picture that shapes and words are put on.
type canvas struct {
	*image.RGBA
	letters
}

func newCanvas(l letters, high int) *canvas {
	c := &canvas{image.NewRGBA(image.Rect(0, 0, wide, high)), l}
	draw.Draw(c, c.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	return c
}

func (c *canvas) png() ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, c.RGBA); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return b.Bytes(), nil
}

// point is a place on the canvas, in pixels from its upper left corner.
type point struct{ x, y float64 }

// fill paints the area inside a closed line.
func (c *canvas) fill(ink color.Color, line ...point) {
	lo, hi := line[0], line[0]
	for _, p := range line {
		lo = point{min(lo.x, p.x), min(lo.y, p.y)}
		hi = point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	box := image.Rect(int(lo.x)-1, int(lo.y)-1, int(hi.x)+2, int(hi.y)+2)
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(p point) (float32, float32) {
		return float32(p.x - float64(box.Min.X)), float32(p.y - float64(box.Min.Y))
	}
	r.MoveTo(at(line[0]))
	for _, p := range line[1:] {
		r.LineTo(at(p))
	}
	r.ClosePath()
	r.Draw(c.RGBA, box, image.NewUniform(ink), image.Point{})
}

func (c *canvas) rect(ink color.Color, from, to point) {
	c.fill(ink, from, point{to.x, from.y}, to, point{from.x, to.y})
}

// bar is a rectangle whose end is rounded: that away from the axis, on the right or on the left.
func (c *canvas) bar(ink color.Color, axis, end, y, thick float64) {
	r := min(6, math.Abs(end-axis), thick/2)
	side := 1.0
	if end < axis {
		side = -1
	}
	line := []point{{axis, y}, {end - side*r, y}}
	for a := range 9 {
		t := float64(a) * math.Pi / 16
		line = append(line, point{end - side*r + side*r*math.Sin(t), y + r - r*math.Cos(t)})
	}
	for a := range 9 {
		t := float64(a) * math.Pi / 16
		line = append(line, point{end - side*r + side*r*math.Cos(t), y + thick - r + r*math.Sin(t)})
	}
	c.fill(ink, append(line, point{axis, y + thick})...)
}

func (c *canvas) dot(ink color.Color, at point, r float64) {
	var line []point
	for a := range 32 {
		t := float64(a) * math.Pi / 16
		line = append(line, point{at.x + r*math.Cos(t), at.y + r*math.Sin(t)})
	}
	c.fill(ink, line...)
}

func (c *canvas) stroke(ink color.Color, a, b point, thick float64) {
	long := math.Hypot(b.x-a.x, b.y-a.y)
	dx, dy := (b.y-a.y)/long*thick/2, (b.x-a.x)/long*thick/2
	c.fill(ink, point{a.x + dx, a.y - dy}, point{b.x + dx, b.y - dy}, point{b.x - dx, b.y + dy}, point{a.x - dx, a.y + dy})
}

// narrow stands for the narrow no-break space, which the font does not have: a fifth of the size of its letters.
const narrow = '\u202f'

func gap(f font.Face) fixed.Int26_6 { return f.Metrics().Height / 6 }

// measure is how wide words are.
func measure(f font.Face, words string) float64 {
	var w fixed.Int26_6
	for i, part := range strings.Split(words, string(narrow)) {
		if i > 0 {
			w += gap(f)
		}
		w += font.MeasureString(f, part)
	}
	return float64(w) / 64
}

// write puts words on a line that begins at a point.
func (c *canvas) write(f font.Face, ink color.Color, at point, words string) {
	d := font.Drawer{Dst: c.RGBA, Src: image.NewUniform(ink), Face: f, Dot: fixed.Point26_6{X: fixed.Int26_6(at.x * 64), Y: fixed.Int26_6(at.y * 64)}}
	for i, part := range strings.Split(words, string(narrow)) {
		if i > 0 {
			d.Dot.X += gap(f)
		}
		d.DrawString(part)
	}
}

// cut is the beginning of words that fits a width.
func cut(f font.Face, words string, room float64) string {
	if measure(f, words) <= room {
		return words
	}
	r := []rune(words)
	for len(r) > 1 && measure(f, string(r)+"…") > room {
		r = r[:len(r)-1]
	}
	return strings.TrimRight(string(r), " ·") + "…"
}
