package i18n_test

import (
	"testing"

	"griot/i18n"
)

func TestFoldForgetsCaseAndAccents(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"Rédiger": "rediger", "re\u0301diger": "rediger", "CŒUR": "coeur", "Œuvre": "oeuvre", "Lætitia": "laetitia", "ÀÉ ç": "ae c", "": ""} {
		if got := i18n.Fold(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
