package conntest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// Faults stands between a connector and its network, on a real socket, and makes chosen requests go wrong. What no fault
// is set for passes through. It counts every request that arrives.
type Faults struct {
	next http.Handler

	mu    sync.Mutex // guards what follows
	rules []*rule
	seen  []*http.Request // without bodies
	busy  int
	turn  chan struct{} // closed and replaced at every change
}

type rule struct {
	match Match
	fault Fault
	times int
}

// Match chooses requests.
type Match func(*http.Request) bool

// Always is for On: every matching request, until Clear.
const Always = -1

// NewFaults wraps next: a fake server's handler, or Proxy of a real one.
func NewFaults(next http.Handler) *Faults {
	return &Faults{next: next, turn: make(chan struct{})}
}

// Proxy passes requests on to a real server, each once and on its own connection.
func Proxy(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport: &http.Transport{DisableKeepAlives: true},
	}
}

// Serve listens on a free loopback port until the test ends, and returns the base URL.
func (f *Faults) Serve(t testing.TB) string {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// On makes the next matching requests, as many as times says, go wrong. Faults for the same request apply in the order they were set.
func (f *Faults) On(m Match, fault Fault, times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = append(f.rules, &rule{m, fault, times})
}

// Clear takes every fault away and forgets what was counted.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules, f.seen = nil, nil
}

// Count says how many matching requests arrived since the last Clear.
func (f *Faults) Count(m Match) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count(m)
}

func (f *Faults) count(m Match) int {
	n := 0
	for _, r := range f.seen {
		if m(r) {
			n++
		}
	}
	return n
}

// WaitIdle returns when no request is being worked on, also none whose client is gone.
func (f *Faults) WaitIdle(ctx context.Context) error {
	return f.wait(ctx, func() bool { return f.busy == 0 })
}

// WaitFor returns when n matching requests have arrived.
func (f *Faults) WaitFor(ctx context.Context, m Match, n int) error {
	return f.wait(ctx, func() bool { return f.count(m) >= n })
}

// wait calls done under the mutex at each change.
func (f *Faults) wait(ctx context.Context, done func() bool) error {
	for {
		f.mu.Lock()
		ok, change := done(), f.turn
		f.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ServeHTTP is one request.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The body is read whole first: only then does the server notice that the client went away.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	fault := f.arrive(r)
	defer f.leave()
	if fault == nil {
		f.next.ServeHTTP(w, r)
		return
	}
	fault(w, r, body, f.next)
}

// arrive counts r and returns its fault, nil when there is none.
func (f *Faults) arrive(r *http.Request) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := r.Clone(context.WithoutCancel(r.Context()))
	head.Body = http.NoBody
	f.seen = append(f.seen, head)
	f.busy++
	f.changed()
	for _, rule := range f.rules {
		if rule.times != 0 && rule.match(r) {
			rule.times--
			return rule.fault
		}
	}
	return nil
}

func (f *Faults) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy--
	f.changed()
}

func (f *Faults) changed() {
	close(f.turn)
	f.turn = make(chan struct{})
}
