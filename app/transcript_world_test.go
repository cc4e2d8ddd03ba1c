package app

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"griot/accounts"
	"griot/bot/playground"
	"griot/connectors/pretend"
	"griot/delivery"
	"griot/i18n"
	"griot/storage/storagetest"
)

// clock is the only clock of a test: the database's, the process's and the network's.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	steady time.Duration
}

// monday is when every transcript begins: Monday 9 February 2026, 14:00 in Paris.
func monday() *clock { return &clock{now: time.Date(2026, 2, 9, 13, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Mono() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.steady
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.steady = c.now.Add(d), c.steady+d
}

// jump moves the wall clock alone, as somebody who sets it.
func (c *clock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is Griot as it runs, with two playgrounds, beside a village on a real socket.
type world struct {
	*testing.T
	clock *clock
	cfg   Config
	town  *pretend.Server
	web   *httptest.Server
	tune  func(*delivery.Options)
	other func(*Parts) // what a test wants to be otherwise; nil: nothing

	app  *App
	stop context.CancelFunc
	over chan error
	log  *journal
}

// onEach runs f on SQLite and on PostgreSQL.
func onEach(t *testing.T, l i18n.Locale, f func(*world)) {
	t.Helper()
	run := func(t *testing.T, database string) {
		w := newWorld(t, database, l)
		w.start()
		f(w)
	}
	t.Run("sqlite", func(t *testing.T) { run(t, "") })
	t.Run("postgres", func(t *testing.T) { run(t, storagetest.Database(t)) })
}

// newWorld is a world in which nothing runs yet. An empty database is SQLite.
func newWorld(t *testing.T, database string, l i18n.Locale) *world {
	t.Helper()
	w := &world{T: t, clock: monday(), log: &journal{}}
	w.cfg = Config{Addr: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: database, SecretKey: accounts.NewKey(), Locale: l, Zone: "Europe/Paris"}
	var err error
	if w.town, err = pretend.NewServer(pretend.Options{Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	w.web = httptest.NewServer(w.town)
	t.Cleanup(func() {
		w.end()
		_ = w.town.Close() // in memory: closing cannot fail
		w.web.Close()
		if t.Failed() {
			t.Logf("the log of Griot:\n%s", w.log)
		}
	})
	return w
}

// begin is start, with its error.
func (w *world) begin() error {
	app, err := New(w.Context(), w.cfg, w.parts())
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(w.Context()))
	w.app, w.stop, w.over = app, stop, make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		err := app.Run(ctx, l, nil, func() error { close(ready); return nil })
		if e := app.DB.Close(); err == nil {
			err = e
		}
		w.over <- err
	}()
	<-ready
	w.wait("both chats listen", func() bool {
		for _, s := range app.Playgrounds {
			if !s.Ready() {
				return false
			}
		}
		return true
	})
	return nil
}

// calm is how long an act may take in a test: a disk that is busy with others can keep a commit waiting for seconds.
const calm = 30 * time.Second

func (w *world) parts() Parts {
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	p := Parts{Now: w.clock.Now, Mono: w.clock.Mono, Log: log, Village: w.web.URL, Second: "/two", Tune: w.tune, OneClock: true, Unpaced: true,
		Budget: calm} // these tests are about what happens, not about how fast this disk is today
	if w.other != nil {
		w.other(&p)
	}
	return p
}

func (w *world) start() {
	w.Helper()
	if err := w.begin(); err != nil {
		w.Fatal(err)
	}
}

// end stops Griot in good order.
func (w *world) end() {
	w.Helper()
	if w.app == nil {
		return
	}
	w.stop()
	if err := <-w.over; err != nil {
		w.Errorf("stop: %v", err)
	}
	w.app = nil
}

// chat is the playground of that name.
func (w *world) chat(name string) *playground.Surface {
	w.Helper()
	for _, s := range w.app.Playgrounds {
		if s.Name() == name {
			return s
		}
	}
	w.Fatalf("no chat called %q", name)
	return nil
}

// patience is how long a test waits for what must happen soon: two seconds by design, more on a busy machine.
const patience = 20 * time.Second

// wait returns when done is so, and fails when that takes too long.
func (w *world) wait(what string, done func() bool) {
	w.Helper()
	if !w.soon(patience, done) {
		w.Fatalf("waited for %s", what)
	}
}

// soon reports whether done became so within the time given. A delivery loop that sleeps is woken: a real one looks at the
// clock each second, and this clock jumps.
func (w *world) soon(within time.Duration, done func() bool) bool {
	limit := time.After(within)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-limit:
			return done()
		case <-look.C:
			w.app.Delivery.Wake()
		}
	}
	return true
}

// journal keeps a log for when a test fails.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}
