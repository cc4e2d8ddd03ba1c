package chat_test

import (
	"testing"

	"griot/chat"
)

func TestCutEndsAtAWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"douze signes", "douze signes"},
		{"Le catalogue d’automne", "Le catalogu…"},
		{"Bonjour à tous", "Bonjour à…"},
		{"Quel plaisir\u202f!", "Quel plaisi…"},
		{"Trois mots, et le reste", "Trois mots…"},
		{"ééééééééééééé", "ééééééééééé…"},
	} {
		if got := chat.Cut(c.text, 12); got != c.want || len([]rune(got)) > 12 {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
