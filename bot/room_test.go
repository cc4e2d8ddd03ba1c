package bot_test

import (
	"context"
	"strconv"
	"sync"
	"time"

	"griot/chat"
)

// room is a chat in memory: channels with messages, people who delete them, limits, and calls that go wrong.
type room struct {
	name string

	mu     sync.Mutex // guards what follows
	last   int
	said   []*line
	nudges map[string]chat.Nudge
	closed map[string]bool
	sends  int
	edits  int
	limit  time.Duration            // answered to everything while it is set
	slow   map[string]time.Duration // answered to everything in a channel
	gone   bool                     // Griot was removed from the workspace
	calls  map[string]int           // that reached the chat, by channel
	asked  []chat.Nudge             // every nudge that reached the chat
	// Before is called with the lock free, before a call has its effect; after, when it had.
	before, after func(call string) error
	drawn         func(chat.Card) // after each edit
}

type line struct {
	id, channel, key string
	card             chat.Card
}

func newRoom(name string) *room {
	return &room{name: name, nudges: map[string]chat.Nudge{}, closed: map[string]bool{}, slow: map[string]time.Duration{}, calls: map[string]int{}}
}

func (r *room) Name() string { return r.name }

func (r *room) Run(ctx context.Context, _ chat.Handler) error { <-ctx.Done(); return nil }

func (r *room) do(ctx context.Context, call, channel string, f func() error) error {
	r.mu.Lock()
	r.calls[channel]++
	before, after, limit, closed, slow, gone := r.before, r.after, r.limit, r.closed[channel], r.slow[channel], r.gone
	r.mu.Unlock()
	switch {
	case gone:
		return chat.ErrRemoved
	case slow > 0:
		return &chat.Wait{After: slow, Channel: channel}
	case limit > 0:
		return &chat.Wait{After: limit}
	case closed:
		return chat.ErrOutside
	}
	if before != nil {
		if err := before(call); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.mu.Lock()
	err := f()
	r.mu.Unlock()
	if err == nil && after != nil {
		return after(call)
	}
	return err
}

func (r *room) Send(ctx context.Context, to chat.Place, key string, c chat.Card) (ref chat.MessageRef, err error) {
	err = r.do(ctx, "send", to.Channel, func() error {
		r.last++
		r.sends++
		m := &line{id: "m" + strconv.Itoa(r.last), channel: to.Channel, key: key, card: c}
		r.said = append(r.said, m)
		ref = chat.MessageRef{Place: to, Message: m.id}
		return nil
	})
	return ref, err
}

func (r *room) Edit(ctx context.Context, ref chat.MessageRef, c chat.Card) error {
	return r.do(ctx, "edit", ref.Channel, func() error {
		for _, m := range r.said {
			if m.id == ref.Message && m.channel == ref.Channel {
				m.card = c
				r.edits++
				if r.drawn != nil {
					r.drawn(c)
				}
				return nil
			}
		}
		return chat.ErrGone
	})
}

func (r *room) Find(ctx context.Context, in chat.Place, key string) (ref chat.MessageRef, err error) {
	err = r.do(ctx, "find", in.Channel, func() error {
		for _, m := range r.said {
			if m.key == key && m.channel == in.Channel {
				ref = chat.MessageRef{Place: in, Message: m.id}
				return nil
			}
		}
		return chat.ErrGone
	})
	return ref, err
}

func (r *room) Nudge(ctx context.Context, n chat.Nudge) error {
	r.set(func(r *room) { r.asked = append(r.asked, n) })
	return r.do(ctx, "nudge", n.Thread.Channel, func() error {
		if _, ok := r.nudges[n.Key]; !ok {
			r.nudges[n.Key] = n
		}
		return nil
	})
}

// put is an interaction's own answer.
func (r *room) put(message string, c chat.Card) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.said {
		if m.id == message {
			m.card = c
		}
	}
}

func (r *room) delete(channel string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var kept []*line
	for _, m := range r.said {
		if m.channel != channel {
			kept = append(kept, m)
		}
	}
	r.said = kept
}

func (r *room) set(f func(*room)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(r)
}

// fail makes what comes after a call had its effect; an empty call ends it.
func (r *room) fail(call string, with func() error) {
	r.set(func(r *room) {
		r.after = func(c string) error {
			if c == call {
				return with()
			}
			return nil
		}
	})
}

// cards are what a channel shows, in order.
func (r *room) cards(channel string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{}
	for _, m := range r.said {
		if m.channel == channel {
			out = append(out, show(m.card))
		}
	}
	return out
}

func (r *room) message(channel string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.said {
		if m.channel == channel {
			return m.id
		}
	}
	return ""
}

// of is the message that shows a subject.
func (r *room) of(subject string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.said {
		if m.card.Subject == subject {
			return m.id
		}
	}
	return ""
}

func (r *room) told() []chat.Nudge {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []chat.Nudge
	for _, n := range r.nudges {
		out = append(out, n)
	}
	return out
}

func (r *room) counts() (sends, edits int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sends, r.edits
}
