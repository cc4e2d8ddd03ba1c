package discordtest

import (
	"net/http"
	"slices"
	"sync"
)

// Held is a call that a test keeps waiting, so that something else can happen first: the app may die meanwhile.
type Held struct {
	route   Route
	done    bool          // before its answer; otherwise before it is done
	reached chan struct{} // closed once the call is there
	free    chan struct{} // closed when it may go on
	once    sync.Once
	here    bool // the call has come; guarded by the server's mutex
}

// HoldCall keeps the next call of a route waiting before it is done. It never is when the app goes first.
func (s *Server) HoldCall(route Route) *Held { return s.keep(route, false) }

// HoldAnswer lets the next call of a route be done, and keeps its answer back.
func (s *Server) HoldAnswer(route Route) *Held { return s.keep(route, true) }

func (s *Server) keep(route Route, done bool) *Held {
	h := &Held{route: route, done: done, reached: make(chan struct{}), free: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = append(s.held, h)
	return h
}

// Reached is closed once the call has come.
func (h *Held) Reached() <-chan struct{} { return h.reached }

// Release lets the call go on. It may be called twice.
func (h *Held) Release() { h.once.Do(func() { close(h.free) }) }

// hold keeps a call waiting where a test asked for that, and reports whether whoever called is still there. Its body must have
// been read.
func (s *Server) hold(r *http.Request, route Route, done bool) bool {
	s.mu.Lock()
	i := slices.IndexFunc(s.held, func(h *Held) bool { return !h.here && h.route == route && h.done == done })
	if i < 0 {
		s.mu.Unlock()
		return true
	}
	h := s.held[i]
	h.here = true
	s.mu.Unlock()
	close(h.reached)
	select {
	case <-h.free:
	case <-r.Context().Done():
	case <-s.end:
	}
	return r.Context().Err() == nil
}

// Outage is how Discord fails.
type Outage string

// The outages.
const (
	Unavailable Outage = "unavailable" // HTTP 503, nothing was done
	Cut         Outage = "cut"         // the connection ends before anything was done
	AnswerLost  Outage = "answer lost" // it was done, and the connection ends before the answer
)

// wave is what the next calls meet: a limit or an outage.
type wave struct {
	limit *Limit // nil: an outage
	how   Outage
	route Route // empty: every route
	times int
}

// Fail makes the next calls of a route fail so many times. An empty route is all of them.
func (s *Server) Fail(route Route, how Outage, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waves = append(s.waves, &wave{how: how, route: route, times: times})
}

// hit is the outage that a call meets; empty when there is none.
func (s *Server) hit(route Route) Outage {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.waves {
		if w.limit == nil && w.times > 0 && (w.route == "" || w.route == route) {
			w.times--
			return w.how
		}
	}
	return ""
}

// Recover ends all that RateLimit, Ban, BanAt and Fail asked for, forgets invalid calls, and lets go of what HoldCall and
// HoldAnswer keep or would keep.
func (s *Server) Recover() {
	s.mu.Lock()
	held := s.held
	s.waves, s.held, s.banned, s.banAt, s.bad = nil, nil, false, 0, nil
	s.mu.Unlock()
	for _, h := range held {
		h.Release()
	}
}
