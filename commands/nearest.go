package commands

import (
	"strings"

	"griot/i18n"
)

// fold forgets case, accents and the kind of spaces: "Rédiger " is "rediger".
func fold(s string) string { return strings.Join(strings.Fields(i18n.Fold(s)), " ") }

// nearest is the one of all that looks most like typed; empty when none is near: more than a third of it is different.
func nearest(typed string, all []string) string {
	best, least := "", 0
	for _, a := range all {
		d := distance(typed, a)
		if limit := max(1, max(len(typed), len(a))/3); d <= limit && (best == "" || d < least) {
			best, least = a, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change, or swap with their neighbour, to make b of a.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}
