package bluesky

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestSpans reads a text with Go’s escapes, then what is alive in it: kind, bytes from-to, value.
func TestSpans(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/facets.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, block := range strings.Split(string(raw), "\n\n") {
		var text, want []string
		for line := range strings.Lines(block) {
			line = strings.TrimSuffix(line, "\n")
			switch {
			case strings.HasPrefix(line, "  "):
				want = append(want, line)
			default:
				text = append(text, line)
			}
		}
		if len(text) == 0 {
			continue
		}
		cases++
		said, err := strconv.Unquote(`"` + strings.Join(text, `\n`) + `"`)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		t.Run(text[0], func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range spans(said) {
				got = append(got, fmt.Sprintf("  %s %d-%d %s", s.Feature, s.Start, s.End, s.Value))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", said, diff)
			}
		})
	}
	if cases < 20 {
		t.Errorf("%d texts were read", cases)
	}
}

// TestSpansNeverBreakText: whatever people write, marks are in order, apart, and between whole characters.
func TestSpansNeverBreakText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"#", "@", "a", "é", "alice.test", "https://", "example.com", "/", ".", ")", "(", " ", "\n", "👩‍👩‍👧", "\uFE0F", "»", "1", "_", "＃", "\xff", "\u200d",
		})).Draw(t, "text"), "")
		last := 0
		for _, s := range spans(text) {
			if s.Start < last || s.End <= s.Start || s.End > len(text) || s.Value == "" {
				t.Fatalf("%q: %+v after %d", text, s, last)
			}
			if !utf8.RuneStart(text[s.Start]) || s.End < len(text) && utf8.ValidString(text) && !utf8.RuneStart(text[s.End]) {
				t.Fatalf("%q: %+v cuts a character", text, s)
			}
			last = s.End
		}
	})
}
