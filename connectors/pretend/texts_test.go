package pretend

import "testing"

func TestEverySentenceHasBothLanguages(t *testing.T) {
	t.Parallel()
	for name, w := range words {
		if w.En == "" || w.Fr == "" {
			t.Errorf("%s: %+v", name, w)
		}
	}
	for name, c := range counted {
		if c.One.En == "" || c.One.Fr == "" || c.Many.En == "" || c.Many.Fr == "" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
