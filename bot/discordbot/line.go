package discordbot

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// line is a session with what the library does not tell of its connection.
type line struct {
	*discordgo.Session
	events chan *discordgo.Event
	ended  chan struct{} // closed when the connection gives nothing more

	mu    sync.Mutex // guards what follows
	conns []*watched
	given bool // up: what connects later is not wanted
}

// build makes a session that hears what servers Griot is in, and nothing else: presses and commands come without asking.
func (s *Surface) build(shard, n int) (*line, error) {
	x, err := discordgo.New("Bot " + s.o.Token)
	if err != nil {
		return nil, fmt.Errorf("make a session: %w", err)
	}
	g := &line{Session: x, ended: make(chan struct{})}
	base, err := url.Parse(s.o.API)
	if err != nil {
		return nil, fmt.Errorf("make a session: %w", err)
	}
	x.Client = &http.Client{Timeout: callTime, Transport: elsewhere{base, s.rest.http.Transport}}
	x.StateEnabled, x.ShouldReconnectOnError, x.SyncEvents = false, false, true
	x.LogLevel = -1 // it would write to the default log
	x.Identify.Intents = discordgo.IntentsGuilds
	x.ShardID, x.ShardCount = shard, n
	x.Identify.Shard = &[2]int{shard, n}
	x.Compress, x.Identify.Compress = false, false // watched reads along
	x.Dialer = &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: connectTime, NetDialContext: g.dial(s.o.Pause.Silent, nil)}
	if !byProxy() {
		x.Dialer.NetDialTLSContext = g.dial(s.o.Pause.Silent, secured)
	}
	return g, nil
}

// connectTime is how long a connection may take to be there.
const connectTime = 10 * time.Second

// byProxy reports whether Discord is reached by a proxy: the library encrypts behind it then, and nobody can read along.
func byProxy() bool {
	to, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: "gateway.discord.gg"}})
	return to != nil || err != nil
}

// secured encrypts a connection.
func secured(ctx context.Context, c net.Conn, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	t := tls.Client(c, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	return t, t.HandshakeContext(ctx)
}

// elsewhere sends the library's own calls to the base of the API that is configured.
type elsewhere struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip sends one.
func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = e.base.Scheme, e.base.Host, e.base.Host
	if i := strings.Index(r.URL.Path, "/v"+discordgo.APIVersion+"/"); i >= 0 {
		r.URL.Path = strings.TrimSuffix(e.base.Path, "/") + r.URL.Path[i+len("/v"+discordgo.APIVersion):]
	}
	return e.next.RoundTrip(r)
}

// watched is a connection that is closed when it says nothing for long, for the library waits for ever, and when Discord wants
// another one: asked to reconnect before anything else the library waits for itself, and told that its session is not valid it
// begins another at once and without end, until the day has none left.
type watched struct {
	net.Conn
	idle  time.Duration
	timer *time.Timer
	end   func()
	last  []byte // of what was read, as long as what is looked for
}

// leave is the frame that asks to reconnect, or says that a session is not valid. In what people write its quotes are escaped.
// Source: docs.discord.com, topics/opcodes-and-status-codes, gateway opcodes.
var leave = regexp.MustCompile(`"op":[79][,}]`)

const leaveBytes = len(`"op":7,`)

var errGivenUp = errors.New("discordbot: the connection is not wanted any more")

var errAsked = errors.New("discordbot: discord wants another connection")

// Read reads, for so long.
func (w *watched) Read(p []byte) (int, error) {
	w.timer.Reset(w.idle)
	n, err := w.Conn.Read(p)
	if err == nil && w.asked(p[:n]) {
		n, err = 0, errors.Join(errAsked, w.Close())
	}
	if err != nil {
		w.timer.Stop()
		w.end()
	}
	return n, err
}

// asked reports whether Discord wants another connection.
func (w *watched) asked(read []byte) bool {
	all := append(w.last, read...)
	w.last = bytes.Clone(all[max(0, len(all)-leaveBytes+1):])
	return leave.Match(all)
}

// dial connects, encrypted by secure when there is one.
func (g *line) dial(idle time.Duration, secure func(context.Context, net.Conn, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	var once sync.Once
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		d := net.Dialer{Timeout: connectTime, KeepAlive: 15 * time.Second}
		c, err := d.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		if secure != nil {
			t, err := secure(ctx, c, addr)
			if err != nil {
				return nil, errors.Join(err, c.Close())
			}
			c = t
		}
		// Closing a connection that is closed already does nothing.
		w := &watched{Conn: c, idle: idle, timer: time.AfterFunc(idle, func() { _ = c.Close() }), end: func() { once.Do(func() { close(g.ended) }) }}
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.given {
			w.timer.Stop()
			return nil, errors.Join(errGivenUp, w.Close())
		}
		g.conns = append(g.conns, w)
		return w, nil
	}
}

// cut ends the connection under the library, which may be waiting for itself.
func (g *line) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.given = true
	for _, c := range g.conns {
		_ = c.Close() // it is given up
	}
}
