package dates_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"griot/dates"
	"griot/fault"
	"griot/i18n"
)

// zoneNames are zones whose clocks change in different ways, or never.
var zoneNames = []string{
	"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC",
	"America/Santiago", "Africa/Casablanca", "Pacific/Chatham", "Europe/Dublin", "America/Havana",
}

func zone(t rapid.TB, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func drawNow(t *rapid.T) time.Time {
	z := zone(t, rapid.SampledFrom(zoneNames).Draw(t, "zone"))
	sec := rapid.Int64Range(1_767_225_600, 2_082_758_400).Draw(t, "now") // 2026 to 2035
	return time.Unix(sec, 0).In(z)
}

// words are enough to build phrases that are right, wrong and absurd.
var words = strings.Fields(`demain aujourd'hui hier après-demain lundi mardi tue friday prochain next ce this dernier
	matin soir après-midi evening tonight midi minuit noon midnight 9h 9h30 2h30 18:30 6:30pm 12am 25h neuf heures
	et demie moins le quart half past nine quarter to six dans in 2 3 jours days une demi-heure semaine week month
	3 mars march 3rd 15/04 03/04 31 février 2026 2027 2026-10-25 2027-03-28 à at le the maintenant en huit from
	an hour and a half blah 29 february il y a ago UTC . , : / - ( )`)

func drawPhrase(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 7).Draw(t, "words"), " ")
}

func drawLocale(t *rapid.T) i18n.Locale { return rapid.SampledFrom(i18n.Locales).Draw(t, "locale") }

func TestNeverInThePastNorTooFar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, text := drawNow(t), drawPhrase(t)
		m, err := dates.Parse(text, now, now.Location(), drawLocale(t))
		if err != nil {
			mustBePlain(t, text, err)
			return
		}
		if m.At.Before(now) || m.At.After(now.AddDate(dates.MaxYears, 0, 1)) {
			t.Fatalf("%q said at %v is %v", text, now, m.At)
		}
		if m.At.Location() != now.Location() || m.Zone != now.Location().String() {
			t.Fatalf("%q is in %v (%s), want %v", text, m.At.Location(), m.Zone, now.Location())
		}
		if said := m.At.Format("2006-01-02T15:04"); (said == m.Local) == (m.Shift == dates.Skipped) {
			t.Fatalf("%q is %v, kept as %s, shift %d", text, m.At, m.Local, m.Shift)
		}
	})
}

// mustBePlain checks that err is a refusal with a reason and a sentence in both languages.
func mustBePlain(t rapid.TB, text string, err error) {
	var r dates.Reason
	if !fault.Is(err, fault.Invalid) || !errors.As(err, &r) || r == "" {
		t.Fatalf("%q is refused with %#v", text, err)
	}
	en, fr := fault.For(err, i18n.En), fault.For(err, i18n.Fr)
	if en == "" || en == fr || !strings.Contains(text, "%!") && strings.Contains(en+fr, "%!") {
		t.Fatalf("%q is refused with %q and %q", text, en, fr)
	}
}

func TestWhatIsShownIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, l := drawNow(t), drawLocale(t)
		ahead := time.Duration(rapid.Int64Range(1, 2*364*24*60).Draw(t, "minutes")) * time.Minute
		at := now.Add(ahead).Truncate(time.Minute)
		m, err := dates.Parse(i18n.Moment(at, l), now, now.Location(), l)
		wall := at.Format("2006-01-02T15:04")
		want, _ := dates.Resolve(wall, now.Location())
		if want.Shift != dates.Doubled && !want.At.Equal(at) {
			t.Fatalf("%s resolves to %v, want %v", wall, want.At, at)
		}
		if want.At.Before(now) {
			return // the first of two, just gone
		}
		if err != nil || !m.At.Equal(want.At) || m.Local != wall {
			t.Fatalf("%q is read as %v (%v), want %v", i18n.Moment(at, l), m.At, err, want.At)
		}
	})
}

func TestSameWordsSameMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, text, l := drawNow(t), drawPhrase(t), drawLocale(t)
		first := answer(dates.Parse(text, now, now.Location(), l))
		again := answer(dates.Parse(text, now.UTC(), now.Location(), l))
		if first != again {
			t.Fatalf("%q: %s, then %s", text, first, again)
		}
	})
}

// TestTypingHabits types every phrase of the table as other people would.
func TestTypingHabits(t *testing.T) {
	t.Parallel()
	habits := map[string]func(string) string{
		"capitals":       strings.ToUpper,
		"no accents":     unaccented,
		"decomposed":     norm.NFD.String,
		"curly":          strings.NewReplacer("'", "’").Replace,
		"straight":       strings.NewReplacer("’", "'").Replace,
		"no-break space": strings.NewReplacer(" ", "\u00a0").Replace,
		"narrow space":   strings.NewReplacer(" ", "\u202f").Replace,
		"marks":          func(s string) string { return "\u200e" + strings.ReplaceAll(s, " ", " \u200b") + "\ufeff" },
		"spaced":         func(s string) string { return "  " + s + " \t" },
		"wide digits":    strings.NewReplacer("9", "９", "3", "３").Replace,
	}
	for _, p := range phrases(t) {
		for name, habit := range habits {
			q := p
			q.text = habit(p.text)
			if got := answer(q.parse()); got != p.want {
				t.Errorf("line %d, %s: %q is %s, want %s", p.line, name, q.text, got, p.want)
			}
		}
	}
}

func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// TestExamplesAreRead types what each refusal proposes, in both languages.
func TestExamplesAreRead(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range phrases(t) {
		_, err := p.parse()
		if err == nil {
			continue
		}
		for _, l := range i18n.Locales {
			for _, typed := range examples(fault.For(err, l)) {
				seen++
				if _, again := dates.Parse(typed, p.now, p.now.Location(), l); again != nil {
					t.Errorf("line %d, %q proposes %q, which is refused: %v", p.line, p.text, typed, again)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d examples were found in the sentences", seen)
	}
}

// examples lists what stands between quotes after the words that announce a proposal.
func examples(sentence string) []string {
	sentence = strings.NewReplacer("«\u202f", "“", "\u202f»", "”").Replace(sentence)
	for _, announce := range []string{"xample", "xemple", "did you mean", "Did you mean", "Vouliez-vous dire"} {
		_, rest, ok := strings.Cut(sentence, announce)
		if !ok {
			continue
		}
		var out []string
		for _, piece := range strings.Split(rest, "“")[1:] {
			typed, _, _ := strings.Cut(piece, "”")
			out = append(out, typed)
		}
		return out
	}
	return nil
}

func FuzzParse(f *testing.F) {
	for _, p := range phrases(f) {
		f.Add(p.text, p.now.Unix(), p.locale == i18n.Fr)
	}
	f.Fuzz(func(t *testing.T, text string, unix int64, french bool) {
		l := i18n.En
		if french {
			l = i18n.Fr
		}
		now := time.Unix(unix%4_000_000_000, 0).In(zone(t, zoneNames[len(text)%len(zoneNames)]))
		m, err := dates.Parse(text, now, now.Location(), l)
		if err != nil {
			mustBePlain(t, text, err)
		} else if m.At.Before(now) || m.Echo(l, now) == "" {
			t.Fatalf("%q said at %v is %v", text, now, m.At)
		}
		if d, err := dates.ParseDuration(text); err != nil {
			mustBePlain(t, text, err)
		} else if d <= 0 {
			t.Fatalf("%q lasts %v", text, d)
		}
	})
}
