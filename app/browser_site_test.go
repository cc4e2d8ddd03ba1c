package app

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"griot/accounts"
	"griot/connectors/pretend"
	"griot/i18n"
)

// tide is a clock that runs as ours does, from a Monday in February, and can be moved on.
type tide struct {
	began time.Time

	mu   sync.Mutex
	more time.Duration
}

func (c *tide) Now() time.Time {
	return time.Date(2026, 2, 9, 13, 0, 0, 0, time.UTC).Add(c.Mono()) // 14:00 in Paris
}

func (c *tide) Mono() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.began) + c.more
}

// passes lets time go by.
func (c *tide) passes(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.more += d
}

// site is Griot as `griot serve` runs it: SQLite in a folder, two chats, the practice network beside, on real sockets.
type site struct {
	*testing.T
	clock *tide
	cfg   Config
	log   *journal
	home  string // where the first chat is, without a slash at the end
	town  string // where the practice network is

	app  *App
	stop context.CancelFunc
	over chan error
}

// newSite is a site that runs. Hosts are let through the guard.
func newSite(t *testing.T, hosts ...string) *site {
	t.Helper()
	return newSiteAt(t, &tide{began: time.Now()}, hosts...)
}

// newSiteAt is the same by a clock that others go by too.
func newSiteAt(t *testing.T, clock *tide, hosts ...string) *site {
	t.Helper()
	s := &site{T: t, clock: clock, log: &journal{}}
	s.cfg = Config{Data: t.TempDir(), SecretKey: accounts.NewKey(), Locale: i18n.Fr, Zone: "Europe/Paris", AllowHosts: hosts}
	s.cfg.Addr = "127.0.0.1:0"
	s.start()
	t.Cleanup(func() {
		s.end()
		if t.Failed() {
			t.Logf("the log of Griot:\n%s", s.log)
		}
	})
	return s
}

// listen takes the address that was taken before, or a free one.
func (s *site) listen(before string) net.Listener {
	s.Helper()
	if before == "" {
		before = "http://127.0.0.1:0"
	}
	l, err := net.Listen("tcp", before[len("http://"):])
	if err != nil {
		s.Fatal(err)
	}
	return l
}

// start begins, or begins again at the same addresses.
func (s *site) start() {
	s.Helper()
	here, there := s.listen(s.home), s.listen(s.town)
	s.home, s.town = origin(here.Addr()), origin(there.Addr())
	zone, err := time.LoadLocation(s.cfg.Zone)
	if err != nil {
		s.Fatal(err)
	}
	v := &village{base: s.town, listener: there}
	v.server, err = pretend.NewServer(pretend.Options{Now: s.clock.Now, Zone: zone, Folder: filepath.Join(s.cfg.Data, "village"), BaseURL: s.town, FramedBy: []string{s.home}})
	if err != nil {
		s.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	app, err := New(s.Context(), s.cfg, Parts{Now: s.clock.Now, Mono: s.clock.Mono, Log: log, Village: s.town, Second: "/two"})
	if err != nil {
		s.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(s.Context()))
	s.app, s.stop, s.over = app, stop, make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		err := app.Run(ctx, here, v, func() error { close(ready); return nil })
		if e := app.DB.Close(); err == nil {
			err = e
		}
		s.over <- err
	}()
	<-ready
}

// end stops Griot in good order.
func (s *site) end() {
	s.Helper()
	if s.app == nil {
		return
	}
	s.stop()
	if err := <-s.over; err != nil {
		s.Errorf("stop: %v", err)
	}
	s.app = nil
}

// shelf is a picture worth publishing: books on a shelf in the evening.
func shelf() []byte {
	const w, h = 1200, 630
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		part := float64(y) / h
		line := color.RGBA{uint8(252 - 30*part), uint8(226 - 70*part), uint8(178 - 40*part), 255}
		draw.Draw(m, image.Rect(0, y, w, y+1), image.NewUniform(line), image.Point{}, draw.Src)
	}
	for y := range 240 { // the sun
		for x := range 240 {
			if (x-120)*(x-120)+(y-120)*(y-120) < 118*118 {
				m.Set(820+x, 60+y, color.RGBA{255, 246, 214, 255})
			}
		}
	}
	spines := []color.RGBA{{32, 62, 78, 255}, {178, 68, 50, 255}, {226, 160, 60, 255}, {72, 112, 96, 255}, {116, 52, 74, 255}, {240, 228, 204, 255}}
	x := 70
	for i := 0; x < w-130; i++ {
		width, height := 44+(i*37)%52, 270+(i*83)%170
		book := image.Rect(x, 540-height, x+width, 540)
		ink := spines[(i*5+i/4)%len(spines)]
		draw.Draw(m, book, image.NewUniform(ink), image.Point{}, draw.Src)
		band := color.RGBA{ink.R/2 + 120, ink.G/2 + 110, ink.B/2 + 90, 255}
		for _, at := range []int{34, 48, height - 70} {
			draw.Draw(m, image.Rect(x, 540-height+at, x+width, 540-height+at+6), image.NewUniform(band), image.Point{}, draw.Src)
		}
		x += width + 5
		if i%7 == 4 {
			x += 60
		}
	}
	draw.Draw(m, image.Rect(40, 540, w-40, 566), image.NewUniform(color.RGBA{92, 58, 40, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a picture in memory
	}
	return b.Bytes()
}
