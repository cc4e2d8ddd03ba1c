package chat

import "sort"

// Space is how much of a card is shown: the longest run of text in runes, how many fields, sections and pictures, buttons, and
// options of a select.
type Space struct{ Runes, Parts, Buttons, Options int }

// Fit draws as much of a card as a frame holds. Spaces are tried one after the other: the first that is held is taken, with its
// runs of text as long as they fit, at most runes, and at least as long as the space says. What the last one draws is returned
// whatever its size.
func Fit[T any](spaces []Space, runes int, draw func(Space) T, holds func(T) bool) T {
	var out T
	for _, r := range spaces {
		with := func(n int) T { return draw(Space{n, r.Parts, r.Buttons, r.Options}) }
		if out = with(runes); holds(out) {
			return out
		}
		if out = with(r.Runes); holds(out) {
			n := sort.Search(runes-r.Runes, func(i int) bool { return !holds(with(r.Runes + i + 1)) })
			return with(r.Runes + n)
		}
	}
	return out
}
