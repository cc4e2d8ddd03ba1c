package social_test

import (
	"testing"
	"time"

	"griot/social"
)

// TestADayBeginsWhereItIsLived: also where the clocks change at midnight.
func TestADayBeginsWhereItIsLived(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone   string
		day    social.Day
		minute int
		want   string // in UTC
	}{
		{"Europe/Paris", "2026-03-17", 0, "2026-03-16T23:00"},
		{"Europe/Paris", "2026-03-29", 0, "2026-03-28T23:00"},
		{"Europe/Paris", "2026-03-30", 0, "2026-03-29T22:00"},   // after 23 hours
		{"Europe/Paris", "2026-03-29", 150, "2026-03-29T01:00"}, // half past two is skipped
		{"Europe/Paris", "2026-10-25", 150, "2026-10-25T00:30"}, // and comes twice
		{"Europe/Paris", "2026-10-25", 180, "2026-10-25T02:00"},
		{"America/New_York", "2026-03-08", 150, "2026-03-08T07:00"},
		{"America/New_York", "2026-11-01", 90, "2026-11-01T05:30"},
		{"America/Sao_Paulo", "2018-11-04", 0, "2018-11-04T03:00"}, // no midnight
		{"America/Havana", "2026-11-01", 0, "2026-11-01T04:00"},    // two midnights
		{"Africa/Casablanca", "2026-02-15", 150, "2026-02-15T01:30"},
		{"Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:30"}, // half an hour is skipped
		{"Asia/Kathmandu", "2026-01-01", 540, "2026-01-01T03:15"},
		{"UTC", "2026-02-28", 1439, "2026-02-28T23:59"},
	} {
		in, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.day.At(c.minute, in).UTC().Format("2006-01-02T15:04"); got != c.want {
			t.Errorf("%s, minute %d in %s: %s, want %s", c.day, c.minute, c.zone, got, c.want)
		}
	}
}

func TestDaysAreReckoned(t *testing.T) {
	t.Parallel()
	if got := social.Day("2024-02-28").Plus(2); got != "2024-03-01" {
		t.Errorf("two days later: %s", got)
	}
	span := social.Span{First: "2026-03-13", Last: "2026-03-15"}
	if span.Days() != 3 || span.Plus(-7) != (social.Span{First: "2026-03-06", Last: "2026-03-08"}) {
		t.Errorf("%d days, a week before %v", span.Days(), span.Plus(-7))
	}
	if got := social.WorkingDays.Before("2026-03-16"); got != "2026-03-13" {
		t.Errorf("before Monday: %s", got)
	}
	if got := social.WorkingDays.After("2026-03-13"); got != "2026-03-16" {
		t.Errorf("after Friday: %s", got)
	}
}
