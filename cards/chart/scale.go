package chart

import "math"

// scale is an axis: what stands at its ends, and how far apart its marks are. Zero is always one of the marks.
type scale struct{ low, high, step float64 }

// newScale holds all values and zero, with at most so many steps, each one, two or five times a power of ten and at least
// one: what is counted here comes in whole.
func newScale(values []*float64, most int) scale {
	low, high := 0.0, 0.0
	for _, v := range values {
		if v != nil {
			low, high = min(low, *v), max(high, *v)
		}
	}
	if low == high {
		high = 1
	}
	for power := 1.0; ; power *= 10 {
		for _, n := range []float64{1, 2, 5} {
			s := scale{step: n * power}
			s.low, s.high = math.Floor(low/s.step)*s.step, math.Ceil(high/s.step)*s.step
			if (s.high-s.low)/s.step <= float64(most) {
				return s
			}
		}
	}
}

// tight ends the axis at the values themselves, where they need no mark above them: a small loss takes little room.
func (s scale) tight(values []*float64) scale {
	low, high := 0.0, 0.0
	for _, v := range values {
		if v != nil {
			low, high = min(low, *v), max(high, *v)
		}
	}
	if low < high {
		s.low, s.high = low, high
	}
	return s
}

// marks are the values written beside the axis, from the lowest.
func (s scale) marks() []float64 {
	var out []float64
	for i := math.Ceil(s.low / s.step); i*s.step <= s.high; i++ {
		out = append(out, i*s.step)
	}
	return out
}

// share is where a value stands between the ends: 0 at the low one, 1 at the high one.
func (s scale) share(v float64) float64 { return (v - s.low) / (s.high - s.low) }
