package slackbot

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"griot/chat"
)

var proxy = http.ProxyFromEnvironment

var errClosed = errors.New("the connection was closed")

// Pause is the time between two tries to connect: a random part of Least, doubled with each connection that did not last,
// up to Most.
type Pause struct{ Least, Most time.Duration }

// lasting is how long a connection has to last for the next to be opened at once.
const lasting = 30 * time.Second

func (p Pause) orUsual() Pause {
	if p.Most == 0 {
		return Pause{500 * time.Millisecond, 15 * time.Second}
	}
	return p
}

// line is one of the sockets, over all its connections.
type line struct {
	pause Pause

	mu    sync.Mutex // guards what follows
	live  bool       // there is a connection
	up    bool       // … and Slack takes it
	heard time.Time  // last byte
	since time.Time  // of up, or of not up
	short int        // connections that did not last or were refused, in a row
	why   error      // the last refusal; nil: none
}

// begin says that the line is not up yet.
func (l *line) begin(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.since.IsZero() {
		l.since = now
	}
}

func (l *line) dialled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.live = true
}

// opened says that Slack took the connection. One that is over by now was heard of too late.
func (l *line) opened(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live {
		l.up, l.since, l.heard, l.why = true, now, now, nil
	}
}

func (l *line) refused(err error, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up {
		l.up, l.since = false, now
	}
	l.why = err
	l.short++
}

func (l *line) closed(lived time.Duration, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live = false; l.up {
		l.up, l.since = false, now
	}
	if l.short++; lived >= lasting {
		l.short = 0
	}
}

func (l *line) hear(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = now
}

// wait is how long to wait before the next connection.
func (l *line) wait() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.short == 0 {
		return 0
	}
	most := min(l.pause.Most, l.pause.Least<<min(l.short, 16))
	return rand.N(most) + time.Millisecond
}

// health is nil while the line is up and hears Slack's pings.
func (l *line) health(now time.Time) *chat.Silence {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.up && now.Sub(l.heard) <= 2*pings+5*time.Second:
		return nil
	case l.up:
		return &chat.Silence{From: l.heard}
	case l.since.IsZero():
		return &chat.Silence{Err: errNotRunning}
	}
	return &chat.Silence{From: l.since, Err: cmp.Or(l.why, errClosed)}
}

// client asks for new connections after the line's pause: the library itself would ask again at once, and thousands of times.
func (l *line) client(of *http.Client) *http.Client {
	return &http.Client{Timeout: of.Timeout + l.pause.Most, Transport: slowly{l, of.Transport}}
}

type slowly struct {
	line *line
	next http.RoundTripper
}

// RoundTrip asks for a connection once the pause is over.
func (s slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "apps.connections.open") {
		select {
		case <-time.After(s.line.wait()):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return s.next.RoundTrip(r)
}

func (l *line) dial(now func() time.Time) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		d := net.Dialer{KeepAlive: pings}
		c, err := d.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		l.dialled()
		return &wire{Conn: c, line: l, now: now, born: now()}, nil
	}
}

// wire is a connection that tells its line what it lives through.
type wire struct {
	net.Conn
	line *line
	now  func() time.Time
	born time.Time
	once sync.Once
}

// Read hears.
func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		w.line.hear(w.now())
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		w.over()
	}
	return n, err
}

// Close ends it.
func (w *wire) Close() error {
	w.over()
	return w.Conn.Close()
}

func (w *wire) over() {
	w.once.Do(func() { now := w.now(); w.line.closed(now.Sub(w.born), now) })
}
