package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"griot/connectors/pretend"
	"griot/i18n"
	"griot/social"
	"griot/storage/storagetest"
)

// cable is between Griot and PostgreSQL, and can be cut.
type cable struct {
	listener net.Listener
	to       string

	mu   sync.Mutex // guards what follows
	down bool
	open map[net.Conn]bool
}

// newCable returns a cable and the database's address through it.
func newCable(t *testing.T, database string) (*cable, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l, to: u.Host, open: map[net.Conn]bool{}}
	u.Host = l.Addr().String()
	var all sync.WaitGroup
	all.Go(func() { c.serve(&all) })
	t.Cleanup(func() {
		_ = l.Close() // ends serve
		c.cut()
		all.Wait()
	})
	return c, u.String()
}

func (c *cable) serve(all *sync.WaitGroup) {
	for {
		in, err := c.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", c.to)
		if err != nil || !c.join(in, out) {
			_ = in.Close() // the line is down
			continue
		}
		for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
			all.Go(func() {
				_, _ = io.Copy(pair[0], pair[1]) // ends when either side does
				_ = pair[0].Close()
			})
		}
	}
}

func (c *cable) join(in, out net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down {
		_ = out.Close() // nobody used it
		return false
	}
	c.open[in], c.open[out] = true, true
	return true
}

// cut ends every connection and refuses new ones.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = true
	for x := range c.open {
		_ = x.Close() // that is the point
	}
	clear(c.open)
}

func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = false
}

// pressed sends a line as the page does, and returns what the page is told.
func (w *world) pressed(line string) (int, string) {
	w.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	err := form.WriteField("act", `{"id":"`+rand.Text()+`","kind":"line","as":"nora","ch":"general","text":"`+line+`"}`)
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		w.Fatal(err)
	}
	r := httptest.NewRequestWithContext(context.WithoutCancel(w.Context()), http.MethodPost, "http://127.0.0.1/api/act?as=nora", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer := httptest.NewRecorder()
	w.app.Handler().ServeHTTP(answer, r)
	return answer.Code, answer.Body.String()
}

// outage is what must hold whatever takes the database away, and gives it back.
func outage(w *world, away, back func()) {
	w.Helper()
	w.brand()
	due := w.approved("Due pendant la panne.", "14h10")
	hold := w.town.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Accepted, Content: "En route."})
	leaving := w.approved("En route.", "maintenant")
	<-hold.Reached() // the network has it, and has not said so yet
	away()
	hold.Release() // the receipt comes while nothing can be written
	w.wait("the receipt to be kept in hand", func() bool { return strings.Contains(w.log.String(), "kept in hand") })

	code, said := w.pressed("/post liste")
	wrote, words := w.pressed("/post rediger texte:x vers:village")
	if wrote != http.StatusServiceUnavailable || !strings.Contains(words, "enregistr") {
		w.Errorf("writing while the database is away: %d %s", wrote, words)
	}
	w.Logf("reading: %d %.60s", code, said)

	w.clock.advance(11 * time.Minute) // something falls due meanwhile
	w.wait("a try to claim it", func() bool { return strings.Contains(w.log.String(), "delivery pass failed") })
	w.taken("Due pendant la panne.", 0)

	back()
	w.turns(leaving, social.Live, social.NoReason)
	w.turns(due, social.Live, social.NoReason)
	w.taken("En route.", 1)
	w.taken("Due pendant la panne.", 1)
	w.reads("En route.", "en ligne")
	w.reads("Due pendant la panne.", "en ligne")
	if code, said := w.pressed("/post rediger texte:\\\"De retour.\\\" vers:village"); code != http.StatusOK {
		w.Errorf("after the outage: %d %s", code, said)
	}
}

// TestDatabaseGone: the press is answered, nothing new is sent, and a receipt in hand is written when it can be.
func TestDatabaseGone(t *testing.T) {
	line, database := newCable(t, storagetest.Database(t))
	w := newWorld(t, database, i18n.Fr)
	w.start()
	outage(w, line.cut, line.mend)
}

// TestDiskFull is the same for a disk on which nothing more can be written.
func TestDiskFull(t *testing.T) {
	w := newWorld(t, "", i18n.Fr)
	w.start()
	var before syscall.Rlimit
	limit := func(l syscall.Rlimit) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { limit(before) })
	outage(w, func() { limit(syscall.Rlimit{Cur: 0, Max: before.Max}) }, func() { limit(before) })
}
