package dates_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/dates"
	"griot/fault"
	"griot/i18n"
)

func paris(t testing.TB, wall string) time.Time {
	t.Helper()
	now, err := time.ParseInLocation(local, wall, zone(t, "Europe/Paris"))
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func TestEchoSaysWhatCounts(t *testing.T) {
	t.Parallel()
	const nb = "\u202f"
	for _, c := range []struct{ now, text, fr, en string }{
		{"2026-02-11T10:15", "demain 9h",
			"jeudi 12 février 2026 à 9" + nb + "h (Europe/Paris), dans 22 heures et 45 minutes",
			"Thursday 12 February 2026 at 09:00 (Europe/Paris), in 22 hours and 45 minutes"},
		{"2026-02-11T10:15", "maintenant",
			"mercredi 11 février 2026 à 10" + nb + "h" + nb + "15 (Europe/Paris), maintenant",
			"Wednesday 11 February 2026 at 10:15 (Europe/Paris), now"},
		{"2026-03-28T20:00", "demain 2h30",
			"dimanche 29 mars 2026 à 3" + nb + "h" + nb + "30 (Europe/Paris), dans 6 heures et 30 minutes. " +
				"Cette nuit-là, l’heure avance et 2" + nb + "h" + nb + "30 n’existe pas" + nb + ": ce sera 3" + nb + "h" + nb + "30.",
			"Sunday 29 March 2026 at 03:30 (Europe/Paris), in 6 hours and 30 minutes. " +
				"The clocks go forward that night and skip 02:30: it will be 03:30."},
		{"2026-10-24T20:00", "dans 6 heures",
			"dimanche 25 octobre 2026 à 2" + nb + "h (Europe/Paris), dans 6 heures. " +
				"Cette nuit-là, l’heure recule et 2" + nb + "h revient deux fois" + nb + ": ce sera la première des deux.",
			"Sunday 25 October 2026 at 02:00 (Europe/Paris), in 6 hours. " +
				"The clocks go back that night and 02:00 comes twice: it will be the first of the two."},
		{"2026-10-24T20:00", "dans 7 heures",
			"dimanche 25 octobre 2026 à 2" + nb + "h (Europe/Paris), dans 7 heures. " +
				"Cette nuit-là, l’heure recule et 2" + nb + "h revient deux fois" + nb + ": ce sera la seconde des deux.",
			"Sunday 25 October 2026 at 02:00 (Europe/Paris), in 7 hours. " +
				"The clocks go back that night and 02:00 comes twice: it will be the second of the two."},
		{"2026-10-24T20:00", "2026-10-25T01:30:00Z",
			"dimanche 25 octobre 2026 à 2" + nb + "h" + nb + "30 (Europe/Paris), dans 7 heures et 30 minutes. " +
				"Cette nuit-là, l’heure recule et 2" + nb + "h" + nb + "30 revient deux fois" + nb + ": ce sera la seconde des deux.",
			"Sunday 25 October 2026 at 02:30 (Europe/Paris), in 7 hours and 30 minutes. " +
				"The clocks go back that night and 02:30 comes twice: it will be the second of the two."},
	} {
		now := paris(t, c.now)
		m, err := dates.Parse(c.text, now, now.Location(), i18n.Fr)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff([]string{c.fr, c.en}, []string{m.Echo(i18n.Fr, now), m.Echo(i18n.En, now)}); diff != "" {
			t.Errorf("echo of %q (-want +got):\n%s", c.text, diff)
		}
	}
}

// TestAnInstantIsThatVeryInstant: what a picker gives is not read as a wall-clock time, even in the night when an hour comes twice.
func TestAnInstantIsThatVeryInstant(t *testing.T) {
	t.Parallel()
	now := paris(t, "2026-10-24T20:00")
	for _, c := range []struct {
		text, want string
		shift      dates.Shift
	}{
		{"2026-10-25T00:30:00Z", "2026-10-25T00:30", dates.Doubled},
		{"2026-10-25T01:30:00Z", "2026-10-25T01:30", dates.Doubled},
		{"2026-10-25T02:30+01:00", "2026-10-25T01:30", dates.Doubled},
		{"2026-10-25T02:30:00Z", "2026-10-25T02:30", dates.None},
		{"2026-10-25T02:30:30Z", "2026-10-25T02:31", dates.None},
	} {
		m, err := dates.Parse(c.text, now, now.Location(), i18n.Fr)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		want, err := time.Parse(local, c.want)
		if err != nil {
			t.Fatal(err)
		}
		wall := want.In(now.Location()).Format(local)
		if !m.At.Equal(want) || m.Local != wall || m.Zone != "Europe/Paris" || m.At.Location() != now.Location() || m.Shift != c.shift {
			t.Errorf("%q is %+v, want %v, %s there, shift %d", c.text, m, want, wall, c.shift)
		}
	}
}

func TestRefusalsAskTheNextQuestion(t *testing.T) {
	t.Parallel()
	const open, shut, nb = "«\u202f", "\u202f»", "\u202f"
	now := paris(t, "2026-02-11T10:15")
	for _, c := range []struct {
		text   string
		locale i18n.Locale
		want   string
	}{
		{"mardi", i18n.Fr, "À quelle heure, le mardi 17 février 2026" + nb + "? Par exemple" + nb + ": " + open + "mardi 9" + nb + "h" + shut + "."},
		{"Tuesday", i18n.En, "At what time on Tuesday 17 February 2026? For example: “Tuesday 9am”."},
		{"this morning", i18n.En, "At what time on Wednesday 11 February 2026? For example: “this morning 11am”."},
		{"03/04 9am", i18n.En, "“03/04 9am” can be read in two ways: Friday 3 April 2026 at 09:00, or Wednesday 4 March 2026 at 09:00. " +
			"Which one? Write for example “Friday 3 April 2026 at 09:00”."},
		{"03/04", i18n.En, "“03/04” can be read in two ways: Friday 3 April 2026, or Wednesday 4 March 2026. " +
			"Which one? Write for example “Friday 3 April 2026 at 09:00”."},
		{"lundi dernier 9h", i18n.En, "That moment is past: it was Monday 9 February 2026 at 09:00. Did you mean “Monday 16 February 2026 at 09:00”?"},
		{"aujourd'hui 9h", i18n.En, "That moment is past: it was Wednesday 11 February 2026 at 09:00. Did you mean “Thursday 12 February 2026 at 09:00”?"},
		{"2026-02-11T08:00:00Z", i18n.En, "That moment is past: it was Wednesday 11 February 2026 at 09:00. Did you mean “Thursday 12 February 2026 at 09:00”?"},
		{"2029-03-03T08:00:00Z", i18n.En, "Saturday 3 March 2029 at 09:00 is more than 2 years ahead. Is the year right? Did you mean “Tuesday 3 March 2026 at 09:00”?"},
		{"3 mars 2025 9h", i18n.En, "That moment is past: it was Monday 3 March 2025 at 09:00. Did you mean “Tuesday 3 March 2026 at 09:00”?"},
		{"mardi 12 février 18h", i18n.En, "The weekday and the date do not go together: that date is Thursday 12 February 2026. " +
			"Did you mean “Thursday 12 February 2026 at 18:00” or “Tuesday 17 February 2026 at 18:00”?"},
		{"Tuesday 9", i18n.En, "The weekday and the date do not go together: that date is Monday 9 March 2026. " +
			"Did you mean “Monday 9 March 2026 at 09:00” or “Tuesday 17 February 2026 at 09:00”?"},
		{"31 février 9h", i18n.En, "No day is “31 février”. Please check the day and the month; write for example “Thursday 12 February 2026 at 09:00”."},
		{"demain vers 9h environ", i18n.En, "I did not understand “vers”, “environ”. Write for example “tomorrow 9am”, “Tuesday 18:30” or “in 2 hours”."},
		{"demain 25h", i18n.Fr, "Aucune horloge n’indique " + open + "25h" + shut + nb + ": les heures vont de 0 à 23, les minutes de 0 à 59. " +
			"Écrivez par exemple " + open + "demain 18 h 30" + shut + "."},
	} {
		_, err := dates.Parse(c.text, now, now.Location(), c.locale)
		if diff := cmp.Diff(c.want, fault.For(err, c.locale)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func ExampleParse() {
	zone, _ := time.LoadLocation("Europe/Paris") // embedded: cannot fail
	now := time.Date(2026, time.March, 28, 20, 0, 0, 0, zone)
	for _, text := range []string{"lundi prochain 18h30", "demain à 2h30", "03/04"} {
		m, err := dates.Parse(text, now, zone, i18n.En)
		if err != nil {
			fmt.Println(fault.For(err, i18n.En))
			continue
		}
		fmt.Println(m.Echo(i18n.En, now))
	}
	// Output:
	// Monday 30 March 2026 at 18:30 (Europe/Paris), in 1 day and 21 hours
	// Sunday 29 March 2026 at 03:30 (Europe/Paris), in 6 hours and 30 minutes. The clocks go forward that night and skip 02:30: it will be 03:30.
	// “03/04” can be read in two ways: Friday 3 April 2026, or Thursday 4 March 2027. Which one? Write for example “Friday 3 April 2026 at 09:00”.
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"20 min": 20 * time.Minute, "20min": 20 * time.Minute, "20 minutes": 20 * time.Minute, "20 mn": 20 * time.Minute,
		"1h30": 90 * time.Minute, "1 h 30 min": 90 * time.Minute, "1h30m": 90 * time.Minute, "2 h": 2 * time.Hour,
		"une demi-heure": 30 * time.Minute, "Une Demi Heure": 30 * time.Minute, "half an hour": 30 * time.Minute,
		"un quart d’heure": 15 * time.Minute, "trois quarts d'heure": 45 * time.Minute,
		"an hour and a half": 90 * time.Minute, "une heure et demie": 90 * time.Minute,
		"1,5 heure": 90 * time.Minute, "1.25 hours": 75 * time.Minute, "90 secondes": 90 * time.Second,
		"2 days": 48 * time.Hour, "2 jours": 48 * time.Hour, "15 jours": 15 * 24 * time.Hour, "une semaine": 7 * 24 * time.Hour,
		"1 day and 6 hours": 30 * time.Hour, "deux heures": 2 * time.Hour,
	} {
		if got, err := dates.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q lasts %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "20", "vite", "20 min environ", "un mois", "1 an", "0 min", "1 mois et 2 jours", "-2 h", "demain", "1h75", "20 min 9h fin"} {
		_, err := dates.ParseDuration(text)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want an Invalid fault", text, err)
		}
		mustBePlain(t, text, err)
	}
}
