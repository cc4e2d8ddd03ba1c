package rest

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
)

// watched is a connection that knows whether anything was written since a request got it, and that can be sealed.
// Go's transport may still be writing when it reports a failure; once sealed, nothing can leave any more, so that
// "nothing was sent" is known and not guessed.
type watched struct {
	net.Conn
	mu     sync.Mutex
	writes int
	sealed bool
	from   int          // writes before the request that has the connection now
	ended  func() error // of that request: its time is up; nil: nobody asks
}

var errSealed = errors.New("connection given up before anything was sent")

func watch(c net.Conn) net.Conn {
	if c == nil {
		return nil
	}
	return &watched{Conn: c}
}

// Write counts before it writes: a write that failed half-way may have reached the other side.
func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	// A process that was stopped before the first byte may wake up when others have long decided: then nothing leaves.
	if w.writes == w.from && w.ended != nil && w.ended() != nil {
		w.sealed = true
	}
	sealed := w.sealed
	if !sealed {
		w.writes++
	}
	w.mu.Unlock()
	if sealed {
		return 0, errSealed
	}
	return w.Conn.Write(b)
}

// begin gives the connection to a request whose time ended says, and returns how much was written before it.
func (w *watched) begin(ended func() error) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.from, w.ended = w.writes, ended
	return w.writes
}

// sealAt closes the connection to writing if nothing was written since it counted n, and reports whether it did.
func (w *watched) sealAt(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writes != n {
		return false
	}
	w.sealed = true
	return true
}

// flight follows one request: which connection it got, and how much had been written there before (the TLS handshake).
type flight struct {
	mu   sync.Mutex
	got  bool
	conn *watched
	from int
}

func (f *flight) trace(ended func() error) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.got, f.conn = true, underlying(i.Conn)
		if f.conn != nil {
			f.from = f.conn.begin(ended)
		}
	}}
}

// reach says, after a visible call failed, whether the request can have left. It makes Unsent certain by sealing the connection.
func (f *flight) reach() Reach {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.got || f.conn != nil && f.conn.sealAt(f.from) {
		return Unsent
	}
	return MaybeSent
}

func underlying(c net.Conn) *watched {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	w, _ := c.(*watched) // anything else is not from the Guard: then nothing is known, and nothing is claimed
	return w
}
