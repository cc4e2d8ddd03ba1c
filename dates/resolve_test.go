package dates_test

import (
	"testing"
	"time"

	"griot/dates"
	"griot/fault"
)

const local = "2006-01-02T15:04"

// nights are changes of clocks: the local minutes around each are all tried.
var nights = []struct {
	zone string
	near string // UTC
}{
	{"Europe/Paris", "2026-03-29T01:00"},
	{"Europe/Paris", "2026-10-25T01:00"},
	{"America/New_York", "2026-03-08T07:00"},
	{"America/New_York", "2026-11-01T06:00"},
	{"Australia/Lord_Howe", "2026-04-04T15:00"},
	{"Australia/Lord_Howe", "2026-10-03T15:30"},
	{"Pacific/Apia", "2011-12-30T10:00"},
	{"Pacific/Apia", "2021-04-03T14:00"},
	{"America/Santiago", "2026-09-06T04:00"}, // midnight itself is skipped
	{"America/Havana", "2026-11-01T05:00"},
	{"Africa/Casablanca", "2026-02-15T02:00"},
	{"Africa/Casablanca", "2026-03-22T02:00"},
	{"Pacific/Chatham", "2026-04-04T14:00"},
	{"Europe/Dublin", "2026-03-29T01:00"},
	{"Antarctica/Troll", "2026-03-29T01:00"}, // two hours at once
	{"Asia/Kolkata", "2026-03-29T01:00"},     // never
}

// TestEveryMinuteOfChangingNights compares Resolve with a clock that is simply watched, minute by minute.
func TestEveryMinuteOfChangingNights(t *testing.T) {
	t.Parallel()
	for _, night := range nights {
		z := zone(t, night.zone)
		change, err := time.Parse(local, night.near)
		if err != nil {
			t.Fatal(err)
		}
		shown := watched(change, z)
		_, offset := change.In(z).Zone()
		middle := change.Add(time.Duration(offset) * time.Second)
		for wall := middle.Add(-27 * time.Hour); wall.Before(middle.Add(27 * time.Hour)); wall = wall.Add(time.Minute) {
			want, shift := expected(wall, shown)
			got, err := dates.Resolve(wall.Format(local), z)
			if err != nil || !got.At.Equal(want) || got.Shift != shift || got.Local != wall.Format(local) {
				t.Fatalf("%s in %s is %v (shift %d, %v), want %v (shift %d)",
					wall.Format(local), night.zone, got.At, got.Shift, err, want, shift)
			}
		}
	}
}

// watched writes down, for each wall-clock minute around an instant, the instants at which the clock showed it.
func watched(around time.Time, z *time.Location) map[string][]time.Time {
	shown := map[string][]time.Time{}
	for t := around.Add(-60 * time.Hour); t.Before(around.Add(60 * time.Hour)); t = t.Add(time.Minute) {
		wall := t.In(z).Format(local)
		shown[wall] = append(shown[wall], t)
	}
	return shown
}

// expected is the policy said in the simplest way: the first time the clock shows it; when it never does, as long
// after the last minute shown before it.
func expected(wall time.Time, shown map[string][]time.Time) (time.Time, dates.Shift) {
	switch at := shown[wall.Format(local)]; len(at) {
	case 0:
		before := wall
		for len(shown[before.Format(local)]) == 0 {
			before = before.Add(-time.Minute)
		}
		return shown[before.Format(local)][0].Add(wall.Sub(before)), dates.Skipped
	case 1:
		return at[0], dates.None
	default:
		return at[0], dates.Doubled
	}
}

func TestResolveWantsAWallClock(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"", "2026-02-30T10:00", "2026-04-15 18:00", "2026-04-15T18:00Z", "demain"} {
		if _, err := dates.Resolve(wrong, time.UTC); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want an Invalid fault", wrong, err)
		}
	}
}
