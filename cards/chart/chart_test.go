package chart_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"griot/cards/chart"
	"griot/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

// values are numbers of which those below −900 are not known.
func values(all ...float64) []*float64 {
	out := make([]*float64, len(all))
	for i, v := range all {
		if v > -900 {
			out[i] = &all[i]
		}
	}
	return out
}

const unknown = -999

// words are what a chart says in a language.
type words struct {
	locale          i18n.Locale
	absent          string
	bars, over      string
	rows            []string
	few, some, many []string
}

var (
	english = words{i18n.En, "no data", "Followers gained on Monday 16 March", "Followers gained each day",
		[]string{"Mon 16", "Sun 15", "usual"},
		[]string{"Mastodon · @library@social.example"}, []string{"Mastodon", "Bluesky", "Village"},
		[]string{"Mastodon · @the.very.long.name.of.a.public.library.and.its.friends@social.example", "Bluesky", "Village", "Facebook", "Instagram", "LinkedIn"}}
	french = words{i18n.Fr, "pas de données", "Abonnés gagnés lundi 16 mars", "Abonnés gagnés chaque jour",
		[]string{"lundi 16", "dimanche 15", "d’habitude"},
		[]string{"Mastodon · @bibliotheque@social.example"}, []string{"Mastodon", "Bluesky", "Village"},
		[]string{"Mastodon · @la.tres.grande.bibliotheque.et.ses.amis.de.toujours@social.example", "Bluesky", "Village", "Facebook", "Instagram", "LinkedIn"}}
)

func (w words) mark(n float64) string   { return i18n.Decimal(n, w.locale) }
func (w words) change(n float64) string { return i18n.Change(n, w.locale) }

func (w words) bar(names []string, of ...[]*float64) chart.Bars {
	b := chart.Bars{Title: w.bars, Rows: w.rows, Absent: w.absent, Write: w.change, Mark: w.mark}
	for i, n := range names {
		b.Groups = append(b.Groups, chart.Group{Name: n, Values: of[i]})
	}
	return b
}

func (w words) line(names []string, of ...[]*float64) chart.Lines {
	n := chart.Lines{Title: w.over, Absent: w.absent, Mark: w.mark}
	for day := range of[0] {
		n.Days = append(n.Days, i18n.DayMonth(3+day, 3, w.locale))
	}
	for i, name := range names {
		n.Groups = append(n.Groups, chart.Group{Name: name, Values: of[i]})
	}
	return n
}

// TestChartsLookAsTheyDid: the golden files were looked at by people.
func TestChartsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	fortnight := values(3, 5, 2, 8, unknown, unknown, 4, 6, 12, 9, -2, 0, 5, 7)
	steep := values(0, 0, 120, 90, 1340, 860, 420, 300, 260, unknown, 180, 150, 160, 140)
	for _, w := range []words{english, french} {
		for name, draw := range map[string]func() ([]byte, error){
			"bars-one":   w.bar(w.few, values(12, 8, 7.5)).PNG,
			"bars-three": w.bar(w.some, values(1240, 860, 910.5), values(0, 3, unknown), values(-4, unknown, 2)).PNG,
			"bars-six": w.bar(w.many, values(12, 8, 7.5), values(0, 0, 0), values(unknown, unknown, unknown), values(31, 24, 28),
				values(45, 52, 39.5), values(-3, 1, unknown)).PNG,
			"bars-nothing": w.bar(w.few, values(unknown, unknown, unknown)).PNG,
			"lines-one":    w.line(w.few, fortnight).PNG,
			"lines-three":  w.line(w.some, fortnight, steep, values(make([]float64, 14)...)).PNG,
		} {
			t.Run(name+"."+string(w.locale), func(t *testing.T) {
				t.Parallel()
				golden(t, filepath.Join("testdata", name+"."+string(w.locale)+".png"), draw)
			})
		}
	}
}

func golden(t *testing.T, file string, draw func() ([]byte, error)) {
	t.Helper()
	got, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is drawn otherwise; look at it after: go test ./cards/chart -update", file)
	}
}
