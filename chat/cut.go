package chat

import "strings"

// Cut shortens text to n runes, the last one an ellipsis, at a word when one ends in the second half.
func Cut(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	short := string(r[:n-1])
	if i := strings.LastIndex(short, " "); r[n-1] != ' ' && i > len(short)/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " .,;:\u00a0\u202f") + "…"
}
