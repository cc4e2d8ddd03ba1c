package rest_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
)

// deadly answers GET and keeps the connection, and reads a POST whole, then cuts the line. It counts the POSTs.
func deadly(t *testing.T) (string, *atomic.Int64) {
	t.Helper()
	var posts atomic.Int64
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					io.Copy(io.Discard, r.Body)
					if r.Method == http.MethodPost {
						posts.Add(1)
						return
					}
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
				}
			}()
		}
	}()
	return l.Addr().String(), &posts
}

// TestNothingIsSentTwice: Go's transport sends a request that carries an Idempotency-Key again when the kept-alive connection it
// chose dies. The first half shows that it does; the second that ours does not.
func TestNothingIsSentTwice(t *testing.T) {
	t.Parallel()
	addr, posts := deadly(t)
	plain := &http.Client{Transport: &http.Transport{}}
	res, err := plain.Get("http://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	req, _ := http.NewRequest(http.MethodPost, "http://"+addr, strings.NewReader("x"))
	req.Header.Set("Idempotency-Key", "k")
	if _, err := plain.Do(req); err == nil {
		t.Fatal("the line was not cut")
	}
	if posts.Load() != 2 {
		t.Logf("Go sent %d times: its transport has changed", posts.Load())
	}

	addr, posts = deadly(t)
	c := client(t, "http://"+addr, []string{addr})
	for _, effect := range []rest.Effect{rest.Visible, rest.Safe} {
		posts.Store(0)
		if _, err := c.Do(t.Context(), rest.Call{Path: "/"}); err != nil { // leaves an idle connection
			t.Fatal(err)
		}
		_, err := c.Do(t.Context(), rest.Call{
			Method: http.MethodPost, Path: "/", Effect: effect, Body: rest.JSON([]byte("x")),
			Header: http.Header{"Idempotency-Key": {"k"}},
		})
		wantKind(t, err, map[rest.Effect]connectors.Kind{rest.Visible: connectors.Unsure, rest.Safe: connectors.Temporary}[effect])
		if n := posts.Load(); n != 1 {
			t.Errorf("%s: sent %d times", effect, n)
		}
	}
}

// TestUnsentIsKnown: no byte of the call can have left, so another try is safe.
func TestUnsentIsKnown(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()

	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, never speaks TLS
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })

	untrusted := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a call came") }))
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)

	over, cancel := context.WithCancel(t.Context())
	cancel()
	soon, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	t.Cleanup(cancel)
	for _, c := range []struct {
		name, base string
		ctx        context.Context
	}{
		{"nobody listens", "http://" + nobody, t.Context()},
		{"no such name", "https://nowhere.invalid", t.Context()},
		{"no TLS in time", "https://" + silent.Addr().String(), soon},
		{"no trust", untrusted.URL, t.Context()},
		{"over before it began", "http://" + nobody, over},
	} {
		t.Run(c.name, func(t *testing.T) {
			allow := []string{nobody, silent.Addr().String(), untrusted.Listener.Addr().String()}
			_, err := client(t, c.base, allow).Do(c.ctx, rest.Call{Method: http.MethodPost, Path: "/", Body: rest.JSON([]byte("1")), Effect: rest.Visible})
			wantKind(t, err, connectors.Temporary)
		})
	}
}

// TestWrittenIsUnsure: the server read the first byte of the call, and nobody knows what it did with it.
func TestWrittenIsUnsure(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		if c, err := l.Accept(); err == nil {
			io.ReadFull(c, make([]byte, 1))
		}
	}()
	c := client(t, "http://"+l.Addr().String(), []string{l.Addr().String()})
	_, err = c.Do(ctx, rest.Call{Method: http.MethodPost, Path: "/", Body: rest.JSON([]byte("1")), Effect: rest.Visible})
	wantKind(t, err, connectors.Unsure)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cause: %v", err)
	}
}
