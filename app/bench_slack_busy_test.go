//go:build !race

package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"griot/app"
	"griot/storage"
)

// What goes on while commands are acknowledged.
const (
	leaving    = 200             // posts a second
	typing     = 200             // commands a second, to begin with
	watched    = 6 * time.Second // each of the two ways to send commands
	preparing  = 8 * time.Second // until the first post leaves
	slackWaits = 3 * time.Second // for an acknowledgement
)

// benchBusy has commands acknowledged while posts leave through the pretend network: first as many as a large company types, then as
// many as 64 connections bring.
func benchBusy(b *testing.B, e storage.Engine, r *results) {
	o := newBureau(b)
	m := install(b, e, app.Off)
	n := leaving * int(2*watched/time.Second)
	begin := time.Now().Add(preparing)
	m.plan(n, func(i int) time.Time { return begin.Add(time.Duration(i) * time.Second / leaving) })
	m.moves(o)
	griot := child(b, "Griot", m.environment(o))
	l := newTraffic(b, griot.addr, o.App.SigningSecret, o.commands(b), says(helpTitle))
	if time.Now().After(begin) {
		b.Fatalf("too busy a machine: planning took longer than %s", preparing)
	}
	<-time.After(time.Until(begin))
	calm := l.stream(b, typing, watched)
	crowded := l.crowd(b, watched)
	await(b, "all posts have left", func() bool { return int(m.hamlet.calls.Load()) >= n })
	griot.stop()
	m.tell(e, r, begin.Add(watched), calm, crowded)
	if got, want := m.seen(), l.acks(); got != want {
		b.Errorf("%d acts are remembered of %d", got, want)
	}
	m.hamlet.close()
}

// tell puts what was measured in the table. The posts of the first half left while commands came calmly.
func (m *measured) tell(e storage.Engine, r *results, half time.Time, calm, crowded []time.Duration) {
	m.Helper()
	var late [2][]time.Duration
	for _, got := range m.hamlet.Log() {
		i, due := 0, m.due[got.Key]
		if !due.Before(half) {
			i = 1
		}
		late[i] = append(late[i], got.At.Sub(due))
	}
	over := 0
	for _, d := range slices.Concat(calm, crowded) {
		if d > slackWaits {
			over++
		}
	}
	const posts = "  lateness of those posts, p50 / p99 / max"
	r.put(e, fmt.Sprintf("acks of %d commands a second while %d posts a second leave, p50 / p99 / max", typing, leaving), "%s", spreadOf(calm))
	r.put(e, posts, "%s", spreadOf(late[0]))
	r.put(e, fmt.Sprintf("commands acknowledged on %d connections while %d posts a second leave", lines, leaving), "%.0f/s", float64(len(crowded))/watched.Seconds())
	r.put(e, "  their acks, p50 / p99 / max", "%s", spreadOf(crowded))
	r.put(e, posts+" ", "%s", spreadOf(late[1]))
	const what = "acks of all these that took over 3 s"
	r.put(e, what, "%d of %d", over, len(calm)+len(crowded))
	r.aim(what, "0")
	m.ReportMetric(float64(over), "over-3s")
}
