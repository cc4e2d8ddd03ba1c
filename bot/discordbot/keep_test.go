package discordbot_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// journal is a log that is read while it is written.
type journal struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

// Write adds to it.
func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(b)
}

// String is all of it.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// guilds keep where Griot was invited.
type guilds struct {
	mu      sync.Mutex // guards what follows
	all     map[string]string
	removed []string
	told    []string // whose invitation was told
}

func newGuilds() *guilds { return &guilds{all: map[string]string{}} }

// add notes one that Griot is in since long.
func (g *guilds) add(x *discordtest.Guild) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all[x.ID] = x.Name
}

func (g *guilds) All(context.Context) ([]discordbot.Guild, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []discordbot.Guild
	for id, name := range g.all {
		out = append(out, discordbot.Guild{ID: id, Name: name})
	}
	return out, nil
}

func (g *guilds) Save(_ context.Context, x discordbot.Guild) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all[x.ID] = x.Name
	return nil
}

func (g *guilds) Remove(_ context.Context, id string) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, was := g.all[id]
	delete(g.all, id)
	if was {
		g.removed = append(g.removed, id)
	}
	return was, nil
}

func (g *guilds) invited(_ context.Context, id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told = append(g.told, id)
}

// log are the servers whose invitation was told, those that put Griot out, and the names of those where it is.
func (g *guilds) log() (told, removed, there []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, name := range g.all {
		there = append(there, name)
	}
	slices.Sort(there)
	return slices.Clone(g.told), slices.Clone(g.removed), there
}

// store is what all processes share: what one alone may have, what is kept between two windows, and notes.
type store struct {
	clock *clock

	mu    sync.Mutex // guards what follows
	holds map[string]hold
	waits map[string]int // how often each was refused
	kept  map[string][]byte
	notes map[string]string
	dead  map[string]bool // processes that are gone without a word
	lost  error           // that nothing can be kept; nil: it can
}

type hold struct {
	by    string
	until time.Time
}

func newStore(c *clock) *store {
	return &store{clock: c, holds: map[string]hold{}, waits: map[string]int{}, kept: map[string][]byte{}, notes: map[string]string{}, dead: map[string]bool{}}
}

// memory is what one process sees of a store.
type memory struct {
	*store
	me string
}

// of is the memory of a process.
func (s *store) of(process string) memory { return memory{s, process} }

// kill makes a process do nothing more, not even give back what it holds.
func (s *store) kill(process string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead[process] = true
}

// breaks makes keeping fail, or work again when why is nil.
func (s *store) breaks(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = why
}

// forget is a day later.
func (s *store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.kept)
}

// shelved is what is kept between two windows.
func (s *store) shelved() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.kept)
}

// holders are the processes that hold something.
func (s *store) holders() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]string{}
	for name, h := range s.holds {
		if s.clock.Now().Before(h.until) {
			out[name] = h.by
		}
	}
	return out
}

func (m memory) Shelve(_ context.Context, what []byte) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lost != nil {
		return "", m.lost
	}
	id := fmt.Sprint("shf_", len(m.kept)+1)
	m.kept[id] = slices.Clone(what)
	return id, nil
}

func (m memory) Shelved(_ context.Context, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.kept[id]
	if !ok {
		return nil, chat.ErrGone
	}
	return b, nil
}

func (m memory) Hold(_ context.Context, name string, d time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead[m.me] {
		return false, context.DeadlineExceeded
	}
	now := m.clock.Now()
	h, ok := m.holds[name]
	if ok && h.by != m.me && now.Before(h.until) {
		m.waits[name]++
		return false, nil
	}
	m.holds[name] = hold{m.me, now.Add(d)}
	return true, nil
}

func (m memory) LetGo(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holds[name].by == m.me && !m.dead[m.me] {
		delete(m.holds, name)
	}
	return nil
}

func (m memory) Noted(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.notes[name], nil
}

func (m memory) Note(_ context.Context, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes[name] = value
	return nil
}

// shelf keeps what Discord sent and goes on with it at once, as the jobs do: once per id, again while that fails.
type shelf struct {
	later func(context.Context, []byte) error
	all   sync.WaitGroup

	mu   sync.Mutex // guards what follows
	held map[string]bool
	old  []chat.MessageRef
	why  error         // that nothing can be kept; nil: it can
	gate chan struct{} // closed before anything goes on; nil: at once
}

func (s *shelf) keep(_ context.Context, id string, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why != nil || s.held[id] {
		return s.why
	}
	s.held[id] = true
	gate := s.gate
	s.all.Go(func() {
		if gate != nil {
			<-gate
		}
		for range 5 {
			if s.later(context.Background(), payload) == nil {
				return
			}
		}
	})
	return nil
}

// breaks makes keeping fail, or work again when why is nil.
func (s *shelf) breaks(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.why = why
}

// waits makes everything wait that is kept from now on, until the returned function is called.
func (s *shelf) waits() (goOn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gate := make(chan struct{})
	s.gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

// kept is how many things were kept.
func (s *shelf) kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held)
}

func (s *shelf) stale(_ context.Context, ref chat.MessageRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.old = append(s.old, ref)
	return nil
}

// doubted are the messages of which Griot said that they may not show what was answered.
func (s *shelf) doubted() []chat.MessageRef {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.old)
}
