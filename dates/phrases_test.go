package dates_test

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"griot/dates"
	"griot/fault"
	"griot/i18n"
)

// phrase is one line of testdata/phrases.txt.
type phrase struct {
	line   int
	now    time.Time
	locale i18n.Locale
	text   string
	want   string
}

func (p phrase) parse() (dates.Moment, error) {
	return dates.Parse(p.text, p.now, p.now.Location(), p.locale)
}

func phrases(t testing.TB) []phrase {
	t.Helper()
	f, err := os.Open("testdata/phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []phrase
	at := phrase{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		at.line++
		switch line := lines.Text(); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "@ "):
			at.now, at.locale = reference(t, line)
		default:
			text, want, ok := strings.Cut(line, " | ")
			if !ok {
				t.Fatalf("line %d has no answer: %s", at.line, line)
			}
			at.text, at.want = shown.Replace(text), strings.TrimSpace(want)
			out = append(out, at)
		}
	}
	return out
}

// shown writes the characters that do not show.
var shown = strings.NewReplacer(`\u202f`, "\u202f", `\u00a0`, "\u00a0", `\u003a`, ":")

func reference(t testing.TB, line string) (time.Time, i18n.Locale) {
	t.Helper()
	f := strings.Fields(line)
	zone, err := time.LoadLocation(f[2])
	if err != nil {
		t.Fatal(err)
	}
	layout := "2006-01-02T15:04"
	if len(f[1]) > len(layout) {
		layout += ":05"
	}
	now, err := time.ParseInLocation(layout, f[1], zone)
	if err != nil {
		t.Fatal(err)
	}
	return now, i18n.Locale(f[3])
}

// answer is what the table says of a moment or a refusal.
func answer(m dates.Moment, err error) string {
	var r dates.Reason
	if errors.As(err, &r) {
		return "? " + string(r)
	}
	if err != nil {
		return "? " + err.Error()
	}
	shift := map[dates.Shift]string{dates.Skipped: " skipped", dates.Doubled: " doubled"}[m.Shift]
	return m.At.Format("2006-01-02T15:04") + shift
}

func TestPhrases(t *testing.T) {
	t.Parallel()
	all := phrases(t)
	if len(all) < 320 {
		t.Errorf("the table has %d phrases, want at least 320", len(all))
	}
	for _, p := range all {
		m, err := p.parse()
		if got := answer(m, err); got != p.want {
			t.Errorf("line %d, %q: got %s, want %s (%v)", p.line, p.text, got, p.want, err)
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("line %d, %q: the refusal is not Invalid: %v", p.line, p.text, err)
		}
	}
}
