package discordbot

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"griot/chat"
)

// shards is how the connections of this process are doing.
type shards struct {
	mu    sync.Mutex // guards what follows
	all   []health
	why   error // of what went wrong last
	since time.Time
	slots map[int]chan struct{}
}

type health struct {
	open   bool
	others bool // another process has it
	since  time.Time
	why    error
}

func (x *shards) begin(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.all) != n {
		x.all = make([]health, n)
	}
}

func (x *shards) change(i int, f func(*health)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if i < len(x.all) {
		f(&x.all[i])
	}
}

func (x *shards) opened(i int, now time.Time) {
	x.change(i, func(h *health) { *h = health{open: true, since: now} })
}

func (x *shards) elsewhere(i int) {
	x.change(i, func(h *health) { h.open, h.others = false, true })
}

func (x *shards) refused(i int, why error, now time.Time) {
	x.mu.Lock()
	if x.why == nil {
		x.since = now
	}
	x.why = why
	x.mu.Unlock()
	x.change(i, func(h *health) {
		if h.open || h.others || h.since.IsZero() {
			h.since = now
		}
		h.open, h.others, h.why = false, false, why
	})
}

var errNotYet = errors.New("discordbot: not connected yet")

// health is nil while every shard is open here or somewhere else.
func (x *shards) health() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.all) == 0 {
		if x.why == nil {
			return errNotYet
		}
		return &chat.Silence{From: x.since, Err: x.why}
	}
	for _, h := range x.all {
		if !h.open && !h.others {
			return &chat.Silence{From: h.since, Err: cmp.Or(h.why, errNotYet)}
		}
	}
	return nil
}

// turn is one of the sessions that may begin in a group; back gives it to the next one after a while.
func (x *shards) turn(ctx context.Context, group int, d time.Duration) (back func(), err error) {
	x.mu.Lock()
	if x.slots == nil {
		x.slots = map[int]chan struct{}{}
	}
	slot := x.slots[group]
	if slot == nil {
		slot = make(chan struct{}, 1)
		x.slots[group] = slot
		slot <- struct{}{}
	}
	x.mu.Unlock()
	select {
	case <-slot:
		return func() { time.AfterFunc(d, func() { slot <- struct{}{} }) }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
