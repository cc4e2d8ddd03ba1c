package digest_test

import (
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/social"
	"griot/storage"
)

// truth is what happened to an account, hour by hour, whoever looked: its total after each hour of the year, and in which
// hours its network said nothing.
type truth struct {
	total []int64
	dark  []bool
}

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const hours = 365 * 24

// instant is when the total of an hour is read.
func instant(hour int) time.Time { return newYear.Add(time.Duration(hour)*time.Hour + 57*time.Minute) }

// happened invents a year of an account. The totals are made of small steps that only a hash knows; one of them is restated.
func happened(seed string) truth {
	x := truth{total: make([]int64, hours), dark: make([]bool, hours)}
	sum := int64(1000)
	for h := range hours {
		f := fnv.New32a()
		_, _ = f.Write([]byte(seed + strconv.Itoa(h))) // a hash takes everything
		sum += int64(f.Sum32()%7) - 2
		x.total[h] = sum
	}
	return x
}

func (x *truth) darken(from, until time.Time) {
	for h := range hours {
		if at := instant(h); !at.Before(from) && at.Before(until) {
			x.dark[h] = true
		}
	}
}

// evenings are the totals by which the test reckons, written otherwise than the program does: the last one that was heard in
// a local day, when it was heard after nine in the evening.
func (x truth) evenings(in *time.Location) map[string]int64 {
	out := map[string]int64{}
	for h := range hours {
		if local := instant(h).In(in); !x.dark[h] && local.Hour() >= 21 {
			out[local.Format("2006-01-02")] = x.total[h]
		}
	}
	return out
}

// rise is what was gained from the day after one date to another, and whether both evenings were heard.
func rise(evenings map[string]int64, before, last time.Time) (int64, bool) {
	a, ok := evenings[before.Format("2006-01-02")]
	b, too := evenings[last.Format("2006-01-02")]
	return b - a, ok && too
}

// expect is the figure of a digest told on a day, reckoned from the evenings.
func expect(e map[string]int64, day time.Time) social.Figure {
	length := 1
	if day.Weekday() == time.Monday {
		length = 3
	}
	last := day.AddDate(0, 0, -1)
	of := func(back int) *int64 {
		end := last.AddDate(0, 0, -back)
		if n, ok := rise(e, end.AddDate(0, 0, -length), end); ok {
			return &n
		}
		return nil
	}
	f := social.Figure{Metric: social.Followers, Gained: of(0), Before: of(1)}
	if length == 3 {
		f.Before = of(7)
	}
	if n, ok := e[last.Format("2006-01-02")]; ok {
		f.Total = &n
	}
	var same []float64
	for _, back := range []int{7, 14, 21, 28} {
		if n := of(back); n != nil {
			same = append(same, float64(*n))
		}
	}
	f.Weeks = len(same)
	slices.Sort(same)
	var m float64
	switch len(same) {
	case 4:
		m = (same[1] + same[2]) / 2
	case 3:
		m = same[1]
	case 2:
		m = (same[0] + same[1]) / 2
	default:
		return f
	}
	f.Usual = &m
	return f
}

// TestAYearOfMornings: every digest once and at its hour, every figure as it was, every gap said.
func TestAYearOfMornings(t *testing.T) {
	t.Parallel()
	in := paris(t)
	each(t, newYear, func(w *world) {
		truths := map[string]truth{}
		for _, network := range []string{"Mastodon", "Bluesky", "Village"} {
			x := happened(network)
			switch network {
			case "Bluesky": // says nothing for a day and a half
				x.darken(time.Date(2026, 5, 5, 14, 0, 0, 0, in), time.Date(2026, 5, 7, 2, 0, 0, 0, in))
			case "Village": // takes back 300 followers that were none
				for h := 4000; h < hours; h++ {
					x.total[h] -= 300
				}
			}
			x.darken(time.Date(2026, 8, 10, 3, 0, 0, 0, in), time.Date(2026, 8, 13, 11, 30, 0, 0, in)) // nobody's numbers are read
			truths[w.account(network)] = x
		}
		w.remember(truths)
		away := [2]time.Time{time.Date(2026, 9, 9, 1, 0, 0, 0, in), time.Date(2026, 9, 11, 16, 0, 0, 0, in)} // no process runs
		s := w.service(w.db)
		for h := range hours {
			now := newYear.Add(time.Duration(h) * time.Hour)
			if now.After(away[0]) && now.Before(away[1]) {
				continue
			}
			if h == hours/2 { // the process is stopped and another one started
				if err := w.db.Close(); err != nil {
					w.Fatal(err)
				}
				w.db = w.open()
				s = w.service(w.db)
			}
			w.at(now)
			if err := s.Due(w.Context()); err != nil {
				w.Fatal(err)
			}
		}
		w.judge(truths, away[1], in)
	})
}

// remember stores what was heard in the year, as Collect would have.
func (w *world) remember(truths map[string]truth) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		for id, x := range truths {
			if err := tx.Watch(ctx, social.Watched{TeamID: w.team, BrandID: w.brand, AccountID: id, Since: newYear, ReadAt: newYear}); err != nil {
				return err
			}
			for h := range hours {
				if local := instant(h).In(time.UTC); x.dark[h] || local.Hour() < 17 {
					continue // the hours far from any midnight in Paris say nothing about a day
				}
				err := tx.AddSample(ctx, social.Sample{TeamID: w.team, BrandID: w.brand, AccountID: id, Metric: social.Followers,
					Value: x.total[h], At: instant(h), Means: "test 1"})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (w *world) judge(truths map[string]truth, back time.Time, in *time.Location) {
	w.Helper()
	type mornings = map[string]time.Time
	want, got := mornings{}, mornings{}
	for day := time.Date(2026, 1, 1, 9, 0, 0, 0, in); day.Before(newYear.AddDate(1, 0, 0)); day = day.AddDate(0, 0, 1) {
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			want[day.Format("2006-01-02")] = day
		}
	}
	delete(want, "2026-09-09") // nobody was there; of what was missed the last one is told
	delete(want, "2026-09-10")
	want["2026-09-11"] = back
	evenings := map[string]map[string]int64{}
	for id, x := range truths {
		evenings[id] = x.evenings(in)
	}
	gaps := 0
	for _, d := range w.told() {
		if _, twice := got[string(d.Day)]; twice {
			w.Errorf("told twice on %s", d.Day)
		}
		got[string(d.Day)] = d.At.In(in)
		day, err := time.ParseInLocation("2006-01-02", string(d.Day), in)
		if err != nil {
			w.Fatal(err)
		}
		for _, row := range d.Report.Accounts {
			want := expect(evenings[row.AccountID], day)
			if want.Gained == nil {
				gaps++
			}
			var have social.Figure
			if len(row.Figures) > 0 {
				have = row.Figures[0]
			} else if want.Gained != nil || want.Before != nil || want.Usual != nil || want.Total != nil {
				w.Errorf("%s: nothing is said of %s", d.Day, row.Network)
				continue
			} else {
				have = want
			}
			if diff := cmp.Diff(want, have); diff != "" {
				w.Errorf("%s, %s (-want +got):\n%s", d.Day, row.Network, diff)
			}
		}
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
		w.Errorf("mornings (-want +got):\n%s", diff)
	}
	if gaps < 3+2+3*3 { // the first day, Bluesky's silence, everybody's silence
		w.Errorf("only %d gaps were said", gaps)
	}
}
