package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// waitOf reads how long the answer asks to wait, whichever header says so: Retry-After in seconds or as a date, then
// X-RateLimit-Reset and RateLimit-Reset as an instant (ISO 8601 or Unix seconds) or, when small, in seconds.
// Instants are taken relative to the answer's own Date, so that a wrong clock here does not matter. When the header stands there
// several times the longest counts. 0: the network did not say.
func waitOf(h http.Header) time.Duration {
	date, _ := http.ParseTime(h.Get("Date")) // the zero time without one: then an instant says nothing
	for _, name := range []string{"Retry-After", "X-RateLimit-Reset", "RateLimit-Reset"} {
		var wait time.Duration
		for _, v := range h.Values(name) {
			wait = max(wait, waitIn(strings.TrimSpace(v), date))
		}
		if wait > 0 {
			return min(wait, longest)
		}
	}
	return 0
}

// longest is the longest wait that is believed: a day.
const longest = 24 * time.Hour

// epochs begin where no server means seconds to wait: about the year 2001.
const epochs = 1_000_000_000

func waitIn(v string, date time.Time) time.Duration {
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		switch {
		case !(n >= 0 && n < 1e12): // negative, not a number, beyond any date
			return 0
		case n < epochs:
			return time.Duration(min(n, longest.Seconds()) * float64(time.Second))
		}
		return until(time.Unix(int64(n), 0), date)
	}
	if t, err := http.ParseTime(v); err == nil {
		return until(t, date)
	}
	if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
		return until(t, date)
	}
	return 0
}

// until never says zero for an announced instant: one that is just over still asks for a short pause.
func until(t, date time.Time) time.Duration {
	if date.IsZero() {
		return 0
	}
	return max(t.Sub(date), time.Second)
}
