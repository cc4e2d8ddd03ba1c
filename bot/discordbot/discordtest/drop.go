package discordtest

import (
	"fmt"
	"net"
	"slices"
)

// Connected is how many sockets have a session.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.gate.open {
		if c.session != nil && !c.session.dead {
			n++
		}
	}
	return n
}

// Connections is how many sockets were ever opened.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gate.opened
}

// Sessions is how often a session was asked for by IDENTIFY.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gate.started
}

// WaitConnected waits until n sockets have a session.
func (s *Server) WaitConnected(n int) {
	s.t.Helper()
	s.Eventually(fmt.Sprintf("%d sessions on the gateway", n), func() bool { return s.Connected() >= n })
}

// Drop cuts every socket at once, without a word. Sessions may be resumed.
func (s *Server) Drop() {
	s.mu.Lock()
	open := slices.Clone(s.gate.open)
	s.mu.Unlock()
	for _, c := range open {
		if tcp, ok := c.conn.UnderlyingConn().(*net.TCPConn); ok {
			tcp.SetLinger(0) // a reset; when it cannot be set the end is a polite one
		}
		c.conn.UnderlyingConn().Close()
	}
}

// CloseWith closes every socket with a code, such as 4000 or 4014.
func (s *Server) CloseWith(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.gate.open {
		s.hangUp(c, code, "")
	}
}

// CloseAtOnce makes the next n sockets be closed with a code before HELLO.
func (s *Server) CloseAtOnce(n, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate.closing = append(s.gate.closing, slices.Repeat([]int{code}, n)...)
}

// Reconnect asks every socket to connect anew.
func (s *Server) Reconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.gate.open {
		c.send(Object{"op": opReconnect, "d": nil, "s": nil, "t": nil})
	}
}

// ReconnectAtOnce makes the next n sockets be asked to connect anew by their very first frame, instead of HELLO.
func (s *Server) ReconnectAtOnce(n int) { s.set(func(g *gate) { g.reconnect = n }) }

// NoHello makes the next n sockets hear nothing at all.
func (s *Server) NoHello(n int) { s.set(func(g *gate) { g.mute = n }) }

// RefuseSessions makes the next n IDENTIFYs and RESUMEs be answered with an invalid session.
func (s *Server) RefuseSessions(n int) { s.set(func(g *gate) { g.invalid = n }) }

// EndSessions ends every session and says so, by op 9.
func (s *Server) EndSessions() {
	s.set(func(g *gate) {
		for _, x := range g.sessions {
			x.dead = true
		}
		for _, c := range g.open {
			c.session = nil
			c.send(Object{"op": opBadSession, "d": false, "s": nil, "t": nil})
		}
	})
}

// SendEvent sends an event of any name, with any intents, as Discord does with events that are newer than the app. It goes where the
// events of the guild go.
func (g *Guild) SendEvent(name string, d Object) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.s.dispatch(name, g, 0, d)
}

// Silent stops the acknowledgements of heartbeats: a client that watches for them connects anew.
func (s *Server) Silent() { s.set(func(g *gate) { g.silent = true }) }

// Heard acknowledges them again.
func (s *Server) Heard() { s.set(func(g *gate) { g.silent = false }) }

func (s *Server) set(change func(*gate)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.gate)
	s.news()
}
