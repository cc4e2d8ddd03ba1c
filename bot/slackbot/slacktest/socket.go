package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode's own limits. Source: docs.slack.dev/apis/events-api/using-socket-mode, read 2026-11.
const (
	maxSockets = 10
	maxAck     = 20_000 // bytes of a response: more is ignored without a word
)

// sockets are the connections of the app. They are guarded by the server's mutex.
type sockets struct {
	tickets map[string]bool
	open    []*socket
	turn    int                 // whose turn the next envelope is
	waiting map[string]*awaited // by envelope id
	atOnce  int                 // connections that are told to go right after hello
	why     string              // … and the reason they are told
	silent  bool                // no pings
	opened  int                 // connections so far
	told    int                 // tickets given so far
}

// socket is one connection.
type socket struct {
	conn    *websocket.Conn
	leaving bool // told to disconnect: nothing is sent to it any more

	writing sync.Mutex // guards writes to conn
}

// awaited is an acknowledgement that somebody waits for.
type awaited struct {
	on  *socket
	got chan result // one comes
}

// openConnection is apps.connections.open.
func openConnection(c *call) (Object, *refusal) {
	n := &c.s.sockets.told
	*n++
	ticket := fmt.Sprintf("ticket-%08d", *n)
	c.s.sockets.tickets[ticket] = true
	base := "ws" + strings.TrimPrefix(c.s.URL, "http")
	return Object{"url": base + "/link/?ticket=" + ticket + "&app_id=" + c.s.App.ID}, nil
}

// upgrader takes any Origin: slack-go sends https://api.slack.com.
var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveSocket is one connection's life.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	good := s.sockets.tickets[ticket]
	delete(s.sockets.tickets, ticket)
	s.mu.Unlock()
	if !good {
		http.Error(w, "link is no longer good", http.StatusForbidden)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has answered
	}
	c := &socket{conn: conn}
	defer conn.Close()
	s.greet(c)
	gone := make(chan struct{})
	defer close(gone)
	s.mu.Lock()
	over := s.over
	if !over {
		s.busy.Go(func() { s.ping(c, gone) })
	}
	s.mu.Unlock()
	if !over {
		s.listen(c)
	}
	s.forget(c)
}

// greet says hello, and goodbye to a connection that is one too many.
func (s *Server) greet(c *socket) {
	s.mu.Lock()
	reason := ""
	switch {
	case s.sockets.atOnce > 0:
		s.sockets.atOnce--
		reason = s.sockets.why
	case len(s.sockets.open) >= maxSockets:
		reason = "too_many_websockets"
	}
	s.sockets.opened++
	n := len(s.sockets.open) + 1
	s.mu.Unlock()
	c.write(Object{
		"type": "hello", "num_connections": n, "connection_info": Object{"app_id": s.App.ID},
		"debug_info": Object{"host": "applink-0", "build_number": 1, "approximate_connection_time": 18060},
	})
	s.mu.Lock()
	c.leaving = reason != ""
	s.sockets.open = append(s.sockets.open, c)
	s.news()
	s.mu.Unlock()
	if reason != "" {
		s.dismiss(c, reason)
	}
}

// dismiss tells a socket to go and closes it after a while.
func (s *Server) dismiss(c *socket, reason string) {
	s.mu.Lock()
	c.leaving = true
	s.news()
	linger, over := s.Linger, s.over
	if !over {
		s.busy.Go(func() {
			t := time.NewTimer(linger)
			defer t.Stop()
			select {
			case <-t.C:
			case <-s.end:
			}
			c.conn.Close()
		})
	}
	s.mu.Unlock()
	c.write(Object{"type": "disconnect", "reason": reason, "debug_info": Object{"host": "applink-0"}})
}

// ping pings until the connection is gone.
func (s *Server) ping(c *socket, gone chan struct{}) {
	t := time.NewTicker(s.Ping)
	defer t.Stop()
	for {
		s.mu.Lock()
		silent := s.sockets.silent
		s.mu.Unlock()
		if !silent {
			c.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second)) // listen sees when it is gone
		}
		select {
		case <-t.C:
		case <-gone:
			return
		}
	}
}

// write sends a frame; a connection that is gone is noticed by listen.
func (c *socket) write(v Object) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	c.conn.WriteMessage(websocket.TextMessage, encode(v))
}

// listen takes acknowledgements until the connection is gone.
func (s *Server) listen(c *socket) {
	for {
		_, raw, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(raw, &ack); err != nil || ack.ID == "" {
			s.mu.Lock()
			s.fault("a frame on the socket that is no acknowledgement: %.200s", raw)
			s.mu.Unlock()
			continue
		}
		r := result{status: http.StatusOK, payload: content(ack.Payload)}
		s.mu.Lock()
		if len(raw) >= maxAck {
			s.fault("an acknowledgement of %d bytes is ignored: a socket takes fewer than %d", len(raw), maxAck)
			r = result{ignored: true}
		}
		if waits := s.sockets.waiting[ack.ID]; waits != nil {
			delete(s.sockets.waiting, ack.ID)
			waits.got <- r
		}
		s.mu.Unlock()
	}
}

// content is what an acknowledgement carries; nil when that is nothing.
func content(raw json.RawMessage) json.RawMessage {
	switch strings.TrimSpace(string(raw)) {
	case "", "null", "{}", `""`:
		return nil
	}
	return raw
}

// forget gives up what was sent on a connection that is gone.
func (s *Server) forget(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.open = slices.DeleteFunc(s.sockets.open, func(x *socket) bool { return x == c })
	for id, waits := range s.sockets.waiting {
		if waits.on == c {
			delete(s.sockets.waiting, id)
			waits.got <- result{lost: true}
		}
	}
	s.news()
}

// bySocket sends an envelope on the socket whose turn it is and waits for its acknowledgement.
func (s *Server) bySocket(p *parcel, try int, why string, wait time.Duration) result {
	envelope := Object{"type": p.kind, "payload": p.body, "accepts_response_payload": p.answers}
	if p.kind == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = 0, ""
		if why != "" {
			envelope["retry_attempt"], envelope["retry_reason"] = try, strings.TrimPrefix(why, "http_")
		}
	}
	s.mu.Lock()
	c := s.next()
	if c == nil {
		s.mu.Unlock()
		return result{lost: true}
	}
	s.seq++
	id := fmt.Sprintf("e0000000-0000-4000-8000-%012d", s.seq)
	envelope["envelope_id"] = id
	waits := &awaited{on: c, got: make(chan result, 1)}
	s.sockets.waiting[id] = waits
	s.mu.Unlock()
	c.write(envelope)
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case r := <-waits.got:
		return r
	case <-t.C:
	case <-s.end:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sockets.waiting, id)
	return result{late: true}
}

// next is the socket whose turn it is; nil when none is open. The mutex is held.
func (s *Server) next() *socket {
	for range s.sockets.open {
		s.sockets.turn++
		c := s.sockets.open[s.sockets.turn%len(s.sockets.open)]
		if !c.leaving {
			return c
		}
	}
	return nil
}
