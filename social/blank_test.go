package social_test

import (
	"testing"

	"griot/social"
)

func TestTextThatNobodySeesIsNothingToSay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 1, "\u200b\u200b": 1, "\u202e \u200f": 1, "\u00a0": 1, "🎉": 0, "…": 0, "é": 0} {
		v := social.Variant{Parts: []social.Part{{Text: text}}}
		if got := len(v.Check()); got != want {
			t.Errorf("%q: %d problems, want %d", text, got, want)
		}
	}
}
