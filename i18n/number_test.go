package i18n_test

import (
	"testing"

	"griot/i18n"
)

func TestNumbersAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n              float64
		en, fr, change string
	}{
		{0, "0", "0", "0"},
		{-0.04, "0", "0", "0"},
		{7, "7", "7", "+7"},
		{-3, "−3", "−3", "−3"},
		{999, "999", "999", "+999"},
		{1000, "1,000", "1\u202f000", "+1,000"},
		{12.5, "12.5", "12,5", "+12.5"},
		{-1234567.5, "−1,234,567.5", "−1\u202f234\u202f567,5", "−1,234,567.5"},
	} {
		if got := i18n.Decimal(c.n, i18n.En); got != c.en {
			t.Errorf("%v in English: %q, want %q", c.n, got, c.en)
		}
		if got := i18n.Decimal(c.n, i18n.Fr); got != c.fr {
			t.Errorf("%v in French: %q, want %q", c.n, got, c.fr)
		}
		if got := i18n.Change(c.n, i18n.En); got != c.change {
			t.Errorf("%v as a change: %q, want %q", c.n, got, c.change)
		}
	}
}
