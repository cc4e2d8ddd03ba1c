package slacktest

import (
	"fmt"
	"net"
	"slices"
)

// Connected is how many sockets are open and not told to go.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.sockets.open {
		if !c.leaving {
			n++
		}
	}
	return n
}

// Connections is how many sockets were ever opened.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sockets.opened
}

// WaitConnected waits until n sockets are open.
func (s *Server) WaitConnected(n int) {
	s.t.Helper()
	s.Eventually(fmt.Sprintf("%d open sockets", n), func() bool { return s.Connected() >= n })
}

// Drop cuts every socket at once, without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	open := slices.Clone(s.sockets.open)
	s.mu.Unlock()
	for _, c := range open {
		if tcp, ok := c.conn.UnderlyingConn().(*net.TCPConn); ok {
			tcp.SetLinger(0) // a reset; when it cannot be set the end is a polite one
		}
		c.conn.UnderlyingConn().Close()
	}
}

// Disconnect tells every socket to go, for a reason such as "warning", "refresh_requested" or "link_disabled", and closes it
// after Linger.
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	open := slices.Clone(s.sockets.open)
	s.mu.Unlock()
	for _, c := range open {
		s.dismiss(c, reason)
	}
}

// DisconnectAtOnce makes the next n connections be told to go right after hello, for that reason.
func (s *Server) DisconnectAtOnce(n int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.atOnce, s.sockets.why = n, reason
}

// Silent stops all pings: a client that watches for them connects anew.
func (s *Server) Silent() { s.mute(true) }

// Pings sends them again.
func (s *Server) Pings() { s.mute(false) }

func (s *Server) mute(silent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.silent = silent
}

// BreakAppToken makes apps.connections.open refuse the app-level token with an error such as "invalid_auth" or "token_revoked";
// an empty one makes it good again.
func (s *Server) BreakAppToken(with string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appDead = with
}

// SendRaw sends an envelope of any type with any payload on one socket, and waits for its acknowledgement.
func (s *Server) SendRaw(kind string, payload Object) Ack {
	r, tries := s.deliver(&parcel{kind: kind, body: payload})
	return r.ack(tries)
}
