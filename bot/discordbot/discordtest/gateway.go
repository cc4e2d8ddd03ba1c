package discordtest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// The frames of the gateway. Source: docs.discord.com/developers/topics/opcodes-and-status-codes.
const (
	opEvent, opBeat, opIdentify, opPresence, opResume      = 0, 1, 2, 3, 6
	opReconnect, opBadSession, opHello, opAck              = 7, 9, 10, 11
	unknownOp, badFrame, notAuthenticated, badToken        = 4001, 4002, 4003, 4004
	authenticatedTwice, tooFast, badShard, needsShards     = 4005, 4008, 4010, 4011
	badVersion, badIntents, disallowedIntents, beatsMissed = 4012, 4013, 4014, 4009
)

// gate is the gateway. It is guarded by the server's mutex.
type gate struct {
	open      []*socket
	sessions  []*session
	opened    int // sockets so far
	started   int // sessions so far
	starts    int // sessions that may still be started
	pace      map[int]*window
	refused   []string
	silent    bool // no acknowledgements of heartbeats
	mute      int  // sockets that get no HELLO
	reconnect int  // sockets that are told to reconnect before anything else
	invalid   int  // sessions that are refused
	closing   []int
}

// session is what a RESUME finds again.
type session struct {
	id      string
	intents Intents
	shard   int
	shards  int
	seq     int
	sent    []Object // the newest events, that a RESUME may ask for
	before  int      // events that are not kept any more
	on      *socket  // nil: it may be resumed
	dead    bool
}

// socket is one connection.
type socket struct {
	conn    *websocket.Conn
	out     chan []byte // frames; a nil one ends the connection
	session *session
	gone    chan struct{}
	sends   window
	code    int // to close with
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Server) socketURL(path string) string {
	return "ws" + strings.TrimPrefix(s.URL, "http") + path
}

// serveSocket is one connection's life.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has answered
	}
	defer conn.Close()
	c := &socket{conn: conn, out: make(chan []byte, 4096), gone: make(chan struct{})}
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.gate.opened++
	s.gate.open = append(s.gate.open, c)
	s.busy.Go(c.write)
	q := r.URL.Query()
	s.greet(c, q.Get("v"), q.Get("encoding"), q.Get("compress"))
	s.news()
	s.mu.Unlock()
	s.listen(c)
	s.forget(c)
}

// greet says HELLO, or what a test wants to be said instead. The mutex is held.
func (s *Server) greet(c *socket, version, encoding, compress string) {
	g := &s.gate
	switch {
	case compress != "":
		s.fault("the gateway was asked for compress=%s, which is not served here", compress)
	case version != "9" && version != "10" || encoding != "json":
		s.hangUp(c, badVersion, "Invalid API version")
	case g.mute > 0:
		g.mute--
	case g.reconnect > 0:
		g.reconnect--
		c.send(Object{"op": opReconnect, "d": nil, "s": nil, "t": nil})
	case len(g.closing) > 0:
		code := g.closing[0]
		g.closing = g.closing[1:]
		s.hangUp(c, code, "")
	default:
		c.send(Object{"op": opHello, "d": Object{"heartbeat_interval": s.Heartbeat.Milliseconds()}, "s": nil, "t": nil})
	}
}

// write writes frames in their order until the connection is gone.
func (c *socket) write() {
	for {
		select {
		case <-c.gone:
			return
		case frame := <-c.out:
			c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
			if frame == nil {
				end := websocket.FormatCloseMessage(c.code, "")
				c.conn.WriteControl(websocket.CloseMessage, end, time.Now().Add(time.Second)) // it ends anyway
				c.conn.Close()
				return
			}
			if c.conn.WriteMessage(websocket.TextMessage, frame) != nil {
				c.conn.Close() // listen sees it
				return
			}
		}
	}
}

// send puts a frame into the queue of a connection; one that takes none is ended. The mutex is held.
func (c *socket) send(v Object) {
	select {
	case c.out <- encode(v):
	default:
		c.conn.Close()
	}
}

// hangUp closes a connection with a code, and ends its session unless it may be resumed. The mutex is held.
func (s *Server) hangUp(c *socket, code int, why string) {
	if code >= 4000 && why != "" {
		s.gate.refused = append(s.gate.refused, fmt.Sprintf("gateway: %d: %s", code, why))
	}
	if c.session != nil && !slices.Contains([]int{0, 4000, unknownOp, badFrame, tooFast}, code) {
		c.session.dead = true
	}
	c.code = code
	select {
	case c.out <- nil:
	default:
		c.conn.Close()
	}
}

// listen takes frames until the connection is gone.
func (s *Server) listen(c *socket) {
	for {
		c.conn.SetReadDeadline(time.Now().Add(s.Heartbeat * 2))
		_, raw, err := c.conn.ReadMessage()
		if err != nil {
			if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
				end := websocket.FormatCloseMessage(beatsMissed, "Session timed out.")
				c.conn.WriteControl(websocket.CloseMessage, end, time.Now().Add(time.Second)) // it ends anyway
			}
			s.mu.Lock()
			if c.session != nil && websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
				c.session.dead = true // 1000 and 1001 end the session
			}
			s.mu.Unlock()
			return
		}
		v, err := decode(raw)
		o, ok := v.(Object)
		s.mu.Lock()
		switch {
		case err != nil || !ok || len(raw) > 4096:
			s.hangUp(c, badFrame, "Error while decoding payload")
		case c.sends.take(time.Now(), 120, time.Minute) < 0:
			s.hangUp(c, tooFast, "Rate limited")
		default:
			s.heard(c, o)
		}
		s.news()
		s.mu.Unlock()
	}
}

// heard does what a frame says. The mutex is held.
func (s *Server) heard(c *socket, o Object) {
	op, there := number(o, "op")
	switch {
	case there && op == opBeat:
		if !s.gate.silent {
			c.send(Object{"op": opAck, "d": nil, "s": nil, "t": nil})
		}
	case op == opIdentify:
		s.identify(c, o["d"])
	case op == opResume:
		s.resume(c, o["d"])
	case c.session == nil:
		s.hangUp(c, notAuthenticated, "Not authenticated")
	case op == opPresence:
	default:
		s.hangUp(c, unknownOp, fmt.Sprintf("Unknown opcode %v", o["op"]))
	}
}

// forget ends a connection's part of a session, which then waits for a RESUME.
func (s *Server) forget(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(c.gone)
	s.gate.open = slices.DeleteFunc(s.gate.open, func(x *socket) bool { return x == c })
	if c.session != nil && c.session.on == c {
		c.session.on = nil
	}
	s.gate.sessions = slices.DeleteFunc(s.gate.sessions, func(x *session) bool { return x.dead && x.on == nil })
	s.news()
}
