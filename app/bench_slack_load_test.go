//go:build !race

package app_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// lines is how many connections Slack keeps open to a server here, each with one command under way at most.
const lines = 64

// How much is asked for at most, whatever the servers do.
const (
	mostCalls  = 200_000          // on one line at once
	impatience = 20 * time.Second // with what is under way when the time is up
)

// traffic is Slack as one server meets it: commands of several people, each signed and each another one, on connections that stay
// open. It is written for little work: the servers are measured on the same cores.
type traffic struct {
	lines []*line
	want  []byte // body of every acknowledgement
}

// newTraffic has one command acknowledged on each line, so that what a server asks for once has been asked for. A wrong signature
// must be refused.
func newTraffic(b *testing.B, addr, secret string, commands []url.Values, good func(body []byte) bool) *traffic {
	b.Helper()
	l := &traffic{}
	for i := range lines {
		l.lines = append(l.lines, newLine(addr, i, secret, commands[i%len(commands)]))
	}
	l.all(b, 0, func(i int, x *line, _ time.Time) ([]time.Duration, error) {
		body, err := x.call(nil)
		if err == nil && !good(body) {
			err = fmt.Errorf("acknowledged with %q", body)
		}
		if err != nil || i > 0 {
			return nil, err
		}
		l.want = bytes.Clone(body)
		x.mac = hmac.New(sha256.New, []byte("another secret"))
		if _, err := x.call(nil); !errors.Is(err, errUnsigned) {
			return nil, fmt.Errorf("a wrong signature is not refused with 401: %v", err)
		}
		x.mac = hmac.New(sha256.New, []byte(secret))
		return nil, nil
	})
	return l
}

// crowd keeps a command under way on every line for a while. It returns how long each acknowledgement took.
func (l *traffic) crowd(b *testing.B, d time.Duration) []time.Duration {
	b.Helper()
	return l.all(b, d, func(_ int, x *line, begun time.Time) ([]time.Duration, error) {
		took := make([]time.Duration, 0, 4096)
		for end := begun.Add(d); len(took) < mostCalls; {
			at := time.Now()
			if !at.Before(end) {
				break
			}
			if _, err := x.call(l.want); err != nil {
				return took, err
			}
			took = append(took, time.Since(at))
		}
		return took, nil
	})
}

// stream sends so many commands a second for a while, whether those before are acknowledged or not: only those of one line wait for
// each other. What it returns is counted from the instant at which a command was to be sent.
func (l *traffic) stream(b *testing.B, rate int, d time.Duration) []time.Duration {
	b.Helper()
	return l.all(b, d, func(i int, x *line, begun time.Time) ([]time.Duration, error) {
		var took []time.Duration
		for k := i; ; k += len(l.lines) {
			after := time.Duration(k) * time.Second / time.Duration(rate)
			if after >= d || len(took) == mostCalls {
				return took, nil
			}
			<-time.After(time.Until(begun.Add(after)))
			if _, err := x.call(l.want); err != nil {
				return took, err
			}
			took = append(took, time.Since(begun.Add(after)))
		}
	})
}

// all does on every line at once, from the instant at which all are open, what is over after d.
func (l *traffic) all(b *testing.B, d time.Duration, f func(int, *line, time.Time) ([]time.Duration, error)) []time.Duration {
	b.Helper()
	for _, x := range l.lines {
		if err := x.open(time.Now().Add(d + impatience)); err != nil {
			b.Fatal(err)
		}
		defer x.conn.Close() // it was only talked over
	}
	took := make([][]time.Duration, len(l.lines))
	failed := make([]error, len(l.lines))
	begun := time.Now()
	var all sync.WaitGroup
	for i, x := range l.lines {
		all.Go(func() { took[i], failed[i] = f(i, x, begun) })
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		b.Fatal(err)
	}
	return slices.Concat(took...)
}

// acks is how many commands were sent and acknowledged.
func (l *traffic) acks() int {
	n := 0
	for _, x := range l.lines {
		n += x.acks
	}
	return n
}
