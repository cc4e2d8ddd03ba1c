package blockkit_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/bot/slackbot/blockkit"
)

func TestEmojiStandWhereTheirNamesDid(t *testing.T) {
	t.Parallel()
	for _, s := range sayings(t, "emoji.txt") {
		want, names, _ := strings.Cut(s.want, " ? ")
		var unknown []string
		if names != "" {
			unknown = strings.Split(names, ", ")
		}
		got, others := blockkit.Emoji(s.in)
		if got != want || !slices.Equal(others, unknown) {
			t.Errorf("line %d, %q: %q and %q, want %q and %q", s.line, s.in, got, others, want, unknown)
		}
	}
}

// glyphs are the lines of the table: a name and its emoji, then those with skin tones.
func glyphs(t *testing.T) [][]string {
	t.Helper()
	b, err := os.ReadFile("emoji.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.Fields(line))
		}
	}
	return out
}

func TestEveryNameIsFound(t *testing.T) {
	t.Parallel()
	all := glyphs(t)
	if len(all) < 1900 {
		t.Errorf("the table has only %d names", len(all))
	}
	for _, g := range all {
		got, unknown := blockkit.Emoji("a :" + g[0] + ": b")
		if want := "a " + g[1] + " b"; got != want || unknown != nil {
			t.Errorf("%s: %q and %q, want %q", g[0], got, unknown, want)
		}
		if len(g) < 3 {
			continue
		}
		for i, tone := range []string{"🏻", "🏼", "🏽", "🏾", "🏿"} {
			want := strings.ReplaceAll(g[2], "🏻", tone)
			if got, _ := blockkit.Emoji(":" + g[0] + "::skin-tone-" + string(rune('2'+i)) + ":"); got != want {
				t.Errorf("%s in tone %s: %q, want %q", g[0], tone, got, want)
			}
		}
	}
}

func TestTheTableIsSortedAndSmall(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("emoji.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 120<<10 {
		t.Errorf("%d bytes", len(b))
	}
	if !strings.Contains(string(b), "# The MIT License (MIT)\n") {
		t.Error("the notice is missing")
	}
	var names []string
	for _, g := range glyphs(t) {
		names = append(names, g[0])
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	if diff := cmp.Diff(slices.Compact(sorted), names); diff != "" {
		t.Errorf("names (-sorted +table):\n%s", diff)
	}
}

// TestEmojiKeepTheWords: whatever the text, what is not a name of an emoji stays, byte for byte.
func TestEmojiKeepTheWords(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		":", "::", ":tada:", ":wave:", ":skin-tone-3:", ":nobody:", "skin-tone-2-3", "https://", " ", "a", "9", ":100:",
	}))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "")
		got, unknown := blockkit.Emoji(text)
		if !strings.Contains(text, ":") && got != text {
			t.Fatalf("%q became %q", text, got)
		}
		for _, name := range unknown {
			if !strings.Contains(got, ":"+name+":") {
				t.Fatalf("%q: %q is not in %q", text, name, got)
			}
		}
	})
}

// TestLongRunsAreReadOnce: no text makes the reading slow. Read anew at each colon, these would take minutes.
func TestLongRunsAreReadOnce(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{":a", ":a:", ":tada:", ":nobody:", "::", ":a:b ", "https://:a:"} {
		text := "https://x" + strings.Repeat(piece, 200_000/len(piece)) + "x"
		blockkit.Emoji(text)
		blockkit.Emoji(text[len("https://x"):])
	}
}
