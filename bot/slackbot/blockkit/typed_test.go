package blockkit_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"griot/bot/slackbot/blockkit"
)

// saying is one line of a table in testdata: what Slack delivers, and what it means.
type saying struct {
	line     int
	in, want string
}

func sayings(t *testing.T, file string) []saying {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []saying
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		in, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%s, line %d says nothing: %s", file, n, line)
		}
		out = append(out, saying{n, hidden.Replace(in), hidden.Replace(want)})
	}
	return out
}

// hidden writes the characters that do not show.
var hidden = strings.NewReplacer(`\u202f`, "\u202f", `\n`, "\n")

func named(id string) string { return map[string]string{"U1": "ann", "C1": "news"}[id] }

func TestTypedIsWhatWasMeant(t *testing.T) {
	t.Parallel()
	for _, s := range sayings(t, "typed.txt") {
		if got := blockkit.Typed(s.in, named); got != s.want {
			t.Errorf("line %d, %q: %q, want %q", s.line, s.in, got, s.want)
		}
	}
}

func TestTypedNamesNobodyWithoutNames(t *testing.T) {
	t.Parallel()
	const want = "@U1 #C1 @ann @S1"
	if got := blockkit.Typed("<@U1> <#C1|> <@U1|ann> <!subteam^S1>", nil); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// escape is what Slack does to what people type.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// anyText is made of anything, and often of what looks like Slack's own.
func anyText() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"<", ">", "&", "|", "&lt;", "&gt;", "&amp;", "&amp;lt;", "<@U1>", "<@U1|ann>", "<#C1|>", "<!channel>", "<http://x.example|x>", "amp;",
	}))
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "") })
}

func TestTypedNeverTakesWordsForEntities(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyText().Draw(t, "a"), anyText().Draw(t, "b")
		if got := blockkit.Typed(escape.Replace(a), named); got != a {
			t.Fatalf("%q became %q", a, got)
		}
		want := a + "@ann" + b
		if got := blockkit.Typed(escape.Replace(a)+"<@U1>"+escape.Replace(b), named); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

// TestTypedTakesAnything: Slack's words of tomorrow break nothing.
func TestTypedTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { blockkit.Typed(anyText().Draw(t, "text"), nil) })
}
