package slacktest

import (
	"net/http"
	"slices"
	"sync"
)

// Held is a call that a test keeps waiting, so that something else can happen first: the app may die meanwhile.
type Held struct {
	method  string
	done    bool          // before its answer; otherwise before it is done
	reached chan struct{} // closed once the call is there
	free    chan struct{} // closed when it may go on
	once    sync.Once
	here    bool // the call has come; guarded by the server's mutex
}

// HoldCall keeps the next call of a method, "response_url" for those, waiting before it is done. It never is when the app goes
// first.
func (s *Server) HoldCall(method string) *Held { return s.keep(method, false) }

// HoldAnswer lets the next call of a method be done, and keeps its answer back.
func (s *Server) HoldAnswer(method string) *Held { return s.keep(method, true) }

func (s *Server) keep(method string, done bool) *Held {
	h := &Held{method: method, done: done, reached: make(chan struct{}), free: make(chan struct{})}
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
func (s *Server) hold(r *http.Request, method string, done bool) bool {
	s.mu.Lock()
	i := slices.IndexFunc(s.held, func(h *Held) bool { return !h.here && h.method == method && h.done == done })
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
