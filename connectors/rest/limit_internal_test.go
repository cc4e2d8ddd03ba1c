package rest

import (
	"net/http"
	"testing"
	"time"
)

func TestWaits(t *testing.T) {
	t.Parallel()
	const now = "Sun, 22 Nov 2026 09:00:00 GMT"
	for _, c := range []struct {
		name string
		h    http.Header
		want time.Duration
	}{
		{"nothing", http.Header{"Date": {now}}, 0},
		{"seconds", http.Header{"Retry-After": {"30"}}, 30 * time.Second},
		{"fraction", http.Header{"Retry-After": {" 0.75 "}}, 750 * time.Millisecond},
		{"date", http.Header{"Date": {now}, "Retry-After": {"Sun, 22 Nov 2026 09:01:30 GMT"}}, 90 * time.Second},
		{"two headers", http.Header{"Retry-After": {"5", "60"}}, time.Minute},
		{"iso", http.Header{"Date": {now}, "X-Ratelimit-Reset": {"2026-11-22T09:05:00.250000Z"}}, 5*time.Minute + 250*time.Millisecond},
		{"iso with zone", http.Header{"Date": {now}, "X-Ratelimit-Reset": {"2026-11-22T10:05:00+01:00"}}, 5 * time.Minute},
		{"epoch", http.Header{"Date": {now}, "Ratelimit-Reset": {"1795338060"}}, time.Minute},
		{"epoch under the other name", http.Header{"Date": {now}, "X-Ratelimit-Reset": {"1795338060"}}, time.Minute},
		{"delta", http.Header{"Ratelimit-Reset": {"17"}}, 17 * time.Second},
		{"first header wins", http.Header{"Date": {now}, "Retry-After": {"3"}, "Ratelimit-Reset": {"1795338060"}}, 3 * time.Second},
		{"zero, then a reset", http.Header{"Retry-After": {"0"}, "Ratelimit-Reset": {"17"}}, 17 * time.Second},
		{"just over", http.Header{"Date": {now}, "Ratelimit-Reset": {"1795337990"}}, time.Second},
		{"no clock", http.Header{"Ratelimit-Reset": {"1795338060"}}, 0},
		{"next year", http.Header{"Date": {now}, "Ratelimit-Reset": {"1830000000"}}, 24 * time.Hour},
		{"absurd", http.Header{"Date": {now}, "Retry-After": {"1e300"}}, 0},
		{"negative", http.Header{"Retry-After": {"-5"}}, 0},
		{"not a number", http.Header{"Retry-After": {"NaN"}}, 0},
		{"words", http.Header{"Retry-After": {"soon"}}, 0},
	} {
		if got := waitOf(c.h); got != c.want {
			t.Errorf("%s: wait %v, want %v", c.name, got, c.want)
		}
	}
}
