package web

import (
	"sync"
	"time"
)

// limiter lets each key act burst times at once, then once per each.
type limiter struct {
	burst float64
	each  time.Duration
	now   func() time.Time

	mu  sync.Mutex // guards what follows
	all map[string]bucket
}

// bucket is what a key has left at an instant.
type bucket struct {
	left float64
	at   time.Time
}

// mostKeys bounds the memory that strangers can take.
const mostKeys = 10_000

func newLimiter(burst int, each time.Duration, now func() time.Time) *limiter {
	return &limiter{burst: float64(burst), each: each, now: now, all: map[string]bucket{}}
}

// allow takes one from what key has left, if there is one.
func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.all) >= mostKeys {
		l.forget(now)
	}
	b, ok := l.all[key]
	if !ok {
		b.left = l.burst
	} else {
		b.left = min(l.burst, b.left+float64(max(0, now.Sub(b.at)))/float64(l.each))
	}
	b.at = now
	if b.left < 1 {
		l.all[key] = b
		return false
	}
	b.left--
	l.all[key] = b
	return true
}

// forget drops the keys that have everything left again; all of them when that frees nothing. The caller holds mu.
func (l *limiter) forget(now time.Time) {
	full := time.Duration(l.burst) * l.each
	for k, b := range l.all {
		if now.Sub(b.at) >= full {
			delete(l.all, k)
		}
	}
	if len(l.all) >= mostKeys {
		clear(l.all)
	}
}
