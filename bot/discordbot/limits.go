package discordbot

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"griot/chat"
)

// banned is how long to stay away when Discord does not say.
const banned = 5 * time.Minute

// mostInvalid is how many refusals in ten minutes are borne. Discord shuts an address out at 10 000; other processes share it.
// Source: docs.discord.com, topics/rate-limits, invalid request limit.
const (
	mostInvalid   = 1000
	invalidWindow = 10 * time.Minute
)

// limits are what Discord has said about how much it bears.
type limits struct {
	now func() time.Time

	mu    sync.Mutex           // guards what follows
	until map[string]time.Time // by bucket; "": of everything
	bad   int                  // refusals since since
	since time.Time
	death error
}

// left is how long a bucket is closed; zero: it may be tried.
func (l *limits) left(bucket string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := l.until[bucket].Sub(l.now())
	if left <= 0 {
		delete(l.until, bucket)
		return 0
	}
	return left
}

// heard notes that a bucket is used up, as the headers of an answer say.
func (l *limits) heard(bucket string, h http.Header) {
	if h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	if s, err := strconv.ParseFloat(cmp.Or(h.Get("X-RateLimit-Reset-After"), "0"), 64); err == nil && s > 0 {
		l.shut(bucket, time.Duration(s*float64(time.Second)))
	}
}

func (l *limits) shut(bucket string, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until == nil {
		l.until = map[string]time.Time{}
	}
	if until := l.now().Add(d); until.After(l.until[bucket]) {
		l.until[bucket] = until
	}
}

// invalid counts a refusal. After too many nothing is called any more until their ten minutes are over.
func (l *limits) invalid() {
	l.mu.Lock()
	now := l.now()
	if now.Sub(l.since) > invalidWindow {
		l.since, l.bad = now, 0
	}
	l.bad++
	full, left := l.bad >= mostInvalid, l.since.Add(invalidWindow).Sub(now)
	l.mu.Unlock()
	if full {
		l.shut("", left)
	}
}

// kill notes that the token is no good: nothing more is called, for refused calls lead to a ban.
func (l *limits) kill(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.death == nil {
		l.death = &chat.Silence{From: l.now(), Err: errors.Join(chat.ErrRemoved, why)}
	}
}

func (l *limits) killed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.death
}
