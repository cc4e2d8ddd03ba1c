//go:build !race

package app_test

import (
	"fmt"
	"testing"
	"time"

	"griot/storage"
)

// benchLateness lets a thousand posts fall due over a minute, and measures from the instant that a person chose to the one
// at which the network has the post.
func benchLateness(b *testing.B, e storage.Engine, r *results) {
	const n = 1000
	m := install(b, e, "off")
	begin := time.Now().Add(5 * time.Second)
	m.plan(n, func(i int) time.Time { return begin.Add(time.Duration(i) * time.Minute / n) })
	if time.Now().After(begin) {
		b.Fatal("too busy a machine: planning took longer than five seconds")
	}
	m.run(func() { m.live(n) })
	var late []time.Duration
	for _, got := range m.hamlet.Log() {
		late = append(late, got.At.Sub(m.due[got.Key]))
	}
	s := spreadOf(late)
	s.report(b, "")
	const what = "lateness of 1 000 posts in a minute, p50 / p99 / max"
	r.put(e, what, "%s", s)
	r.aim(what, "< 50 ms / < 250 ms")
}

// benchDrain lets ten thousand posts fall due at once: until the receipt of the last one is in the database. River does the
// same calls in its simplest job, without anything that makes a post go out once and only as approved; before and after, so
// that a busy moment of the machine meets both.
func benchDrain(b *testing.B, e storage.Engine, r *results) {
	const n = 10_000
	nothing := drainRiver(b, e, n, idling)
	calls := drainRiver(b, e, n, calling)
	griot := drainGriot(b, e, n)
	calls = (calls + drainRiver(b, e, n, calling)) / 2
	rate := func(d time.Duration) float64 { return n / d.Seconds() }
	b.ReportMetric(rate(griot), "griot/s")
	b.ReportMetric(rate(calls), "river/s")
	b.ReportMetric(rate(nothing), "river-idle/s")
	b.ReportMetric(rate(griot)/rate(calls), "share")
	say := func(d time.Duration) string { return fmt.Sprintf("%.1f s, %.0f/s", d.Seconds(), rate(d)) }
	r.put(e, "10 000 posts due at once", "%s", say(griot))
	r.put(e, "raw River, 10 000 jobs that make the same call", "%s", say(calls))
	r.put(e, "raw River, 10 000 jobs that do nothing", "%s", say(nothing))
	const what = "Griot's rate in that of River with the same calls"
	r.put(e, what, "%.2f", rate(griot)/rate(calls))
	r.aim(what, "≥ 0.50")
}

func drainGriot(b *testing.B, e storage.Engine, n int) time.Duration {
	b.Helper()
	m := install(b, e, "off")
	at := time.Now()
	m.plan(n, func(int) time.Time { return at })
	var took time.Duration
	begun := time.Now()
	m.run(func() {
		m.live(n)
		took = time.Since(begun)
	})
	return took
}
