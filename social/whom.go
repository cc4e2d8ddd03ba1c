package social

import (
	"strings"

	"griot/i18n"
)

var (
	orWhom   = i18n.Text{En: " or ", Fr: " ou "}
	somebody = i18n.Text{En: "an admin", Fr: "un administrateur"}
)

// Whom names the people whom somebody can turn to, five at most: "Awa, Léo or Nora"; "an admin" when nobody is known.
func Whom(members []Member) i18n.Localised {
	var names whom
	for _, m := range members[:min(len(members), 5)] {
		names = append(names, m.Name)
	}
	return names
}

type whom []string

func (w whom) In(l i18n.Locale, _ ...any) string {
	switch n := len(w); n {
	case 0:
		return somebody.In(l)
	case 1:
		return w[0]
	default:
		return strings.Join(w[:n-1], ", ") + orWhom.In(l) + w[n-1]
	}
}
