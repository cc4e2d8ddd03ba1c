package social_test

import (
	"testing"

	"griot/i18n"
	"griot/social"
)

func TestWhomIsAChoiceOfFew(t *testing.T) {
	t.Parallel()
	var all []social.Member
	for _, name := range []string{"Awa", "Léo", "Nora", "Bob", "Ana", "Cléo"} {
		all = append(all, social.Member{Name: name})
	}
	for n, want := range map[int][2]string{
		0: {"an admin", "un administrateur"}, 1: {"Awa", "Awa"}, 2: {"Awa or Léo", "Awa ou Léo"},
		6: {"Awa, Léo, Nora, Bob or Ana", "Awa, Léo, Nora, Bob ou Ana"},
	} {
		who := social.Whom(all[:n])
		if en, fr := who.In(i18n.En), who.In(i18n.Fr); en != want[0] || fr != want[1] {
			t.Errorf("%d: %q, %q", n, en, fr)
		}
	}
}
