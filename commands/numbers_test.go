package commands_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/digest"
	"griot/fault"
	"griot/team"
)

// counts gives a desk the feature of numbers.
func counts(d *desk) {
	d.services.Digest = &digest.Service{DB: d.db, Log: slog.New(slog.DiscardHandler)}
}

// TestPeriodsAreNamedAsPeopleDo: it is Tuesday 17 March 2026 at nine in Paris.
func TestPeriodsAreNamedAsPeopleDo(t *testing.T) {
	t.Parallel()
	each(t, counts, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		got := map[string]string{}
		for _, line := range []string{"kpi", "kpi today", "kpi hier", `kpi "30 days"`, "chiffres du:2026-03-10 au:2026-03-12", `kpi from:"3 March" until:yesterday`,
			`kpi from:"20 December"`, "kpi until:2026-03-15"} {
			got[line] = card(t, of(d.types(awa, line))).Title
		}
		want := map[string]string{
			"kpi":                                  "Maison: how it went from Tuesday 10 March to Monday 16 March 2026",
			"kpi today":                            "Maison: how today goes so far",
			"kpi hier":                             "Maison: how Monday 16 March 2026 went",
			`kpi "30 days"`:                        "Maison: how it went from Sunday 15 February to Monday 16 March 2026",
			"chiffres du:2026-03-10 au:2026-03-12": "Maison: how it went from Tuesday 10 March to Thursday 12 March 2026",
			`kpi from:"3 March" until:yesterday`:   "Maison: how it went from Tuesday 3 March to Monday 16 March 2026",
			`kpi from:"20 December"`:               "Maison: how it went from Saturday 20 December 2025 to Tuesday 17 March 2026",
			"kpi until:2026-03-15":                 "Maison: how it went from Monday 9 March to Sunday 15 March 2026",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("titles (-want +got):\n%s", diff)
		}
		for line, field := range map[string]string{
			"kpi today from:yesterday":             "period",
			"kpi from:2026-03-12 until:2026-03-10": "until",
			"kpi from:2025-01-01":                  "from",
			"kpi until:tomorrow":                   "until",
			"kpi from:baguette":                    "from",
		} {
			_, err := d.types(awa, line)
			t.Log(line)
			refused(t, err, fault.Invalid, field)
		}
	})
}

// TestNumbersAreShownToAllWhenSomebodySaysSo: the days that were asked for, in the brand's language, by those who may know them.
func TestNumbersAreShownToAllWhenSomebodySaysSo(t *testing.T) {
	t.Parallel()
	each(t, counts, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		brand := d.begin(awa, "Maison")
		if got := labels(card(t, of(d.types(awa, "kpi"))).Buttons); slices.Contains(got, "Show in the channel") {
			t.Errorf("nothing can be shown yet: %q", got)
		}
		m, _, err := d.services.Team.Who(t.Context(), team.Person(awa))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.services.Accounts.Connect(t.Context(), m, brand.ID, "toy", map[string]string{"token": rightToken}); err != nil {
			t.Fatal(err)
		}
		for line, title := range map[string]string{
			"kpi until:2026-03-15": "Maison: how it went from Monday 9 March to Sunday 15 March 2026",
			"digest":               "Maison: how Monday 16 March 2026 went",
		} {
			buttons := card(t, of(d.types(awa, line))).Buttons
			i := slices.IndexFunc(buttons, func(b chat.Button) bool { return b.Label == "Show in the channel" })
			if i < 0 {
				t.Fatalf("%s: %q", line, labels(buttons))
			}
			a, err := d.presses(awa, chat.Event{Tag: buttons[i].Tag}, nil)
			said, ok := a.(chat.Say)
			if err != nil || !ok || said.Private || said.Card.Title != title || slices.Contains(labels(said.Card.Buttons), "Show in the channel") {
				t.Errorf("%s: %+v, %v", line, a, err)
			}
			if _, err = d.presses(manager("Zoe"), chat.Event{Tag: buttons[i].Tag}, nil); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: for a stranger: %v", line, err)
			}
		}
	})
}

// TestAChannelChoosesItsHour: in the channel for numbers alone, and it says what was chosen.
func TestAChannelChoosesItsHour(t *testing.T) {
	t.Parallel()
	each(t, counts, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		if _, err := d.types(awa, "digest hour:8:30"); !fault.Is(err, fault.Invalid) {
			t.Errorf("chosen where no numbers are told: %v", err)
		}
		if foot := said(card(t, of(d.types(awa, "digest"))).Foot); !strings.Contains(foot, "/brand channel purpose:numbers") {
			t.Errorf("nobody says how a channel is told: %q", foot)
		}
		if _, err := d.types(awa, "brand channel numbers channel:here"); err != nil {
			t.Fatal(err)
		}
		for _, c := range [][2]string{
			{"digest hour:2:30", "This channel is told the numbers of Maison at 02:30 (Europe/London), from Monday to Friday; Monday covers the weekend."},
			{"bilan jours:tous remarques:non", "This channel is told the numbers of Maison at 02:30 (Europe/London), every day, without remarks."},
			{"digest send:off", "This channel is not told the numbers of Maison. /digest send:on brings them back."},
		} {
			if got := said(card(t, of(d.types(awa, c[0]))).Body); got != c[1] {
				t.Errorf("%s: %q, want %q", c[0], got, c[1])
			}
		}
		_, err := d.types(awa, "digest hour:baguette")
		refused(t, err, fault.Invalid, "hour")
	})
}
