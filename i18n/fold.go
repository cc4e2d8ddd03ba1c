package i18n

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold forgets what people leave out when they type: case, accents and joined letters. "Rédiger" is "rediger", "Cœur" is
// "coeur". Two texts that fold alike are the same word to Griot.
func Fold(text string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
	return strings.NewReplacer("œ", "oe", "æ", "ae").Replace(plain)
}
