package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"testing"
)

// TestSealing: what is sealed cannot send any more, and what has sent cannot be sealed.
func TestSealing(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(net.Conn) net.Conn{
		"plain": func(c net.Conn) net.Conn { return c },
		"TLS":   func(c net.Conn) net.Conn { return tls.Client(c, &tls.Config{}) },
	} {
		got := func() (*flight, net.Conn) {
			here, there := net.Pipe()
			t.Cleanup(func() { here.Close(); there.Close() })
			go io.Copy(io.Discard, there)
			w := watch(here)
			if _, err := w.Write([]byte("hello")); err != nil { // a handshake, before the request gets the connection
				t.Fatal(err)
			}
			var f flight
			f.trace(nil).GotConn(httptrace.GotConnInfo{Conn: wrap(w)})
			return &f, w
		}
		f, w := got()
		if r := f.reach(); r != Unsent {
			t.Errorf("%s: nothing written, and %s", name, r)
		}
		if _, err := w.Write([]byte("x")); !errors.Is(err, errSealed) {
			t.Errorf("%s: a sealed connection writes: %v", name, err)
		}
		f, w = got()
		if _, err := w.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if r := f.reach(); r != MaybeSent {
			t.Errorf("%s: one byte written, and %s", name, r)
		}
	}
	if r := (&flight{}).reach(); r != Unsent {
		t.Errorf("no connection, and %s", r)
	}
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close(); there.Close() })
	var f flight
	f.trace(nil).GotConn(httptrace.GotConnInfo{Conn: here})
	if r := f.reach(); r != MaybeSent {
		t.Errorf("a connection that the Guard did not make, and %s", r)
	}
}

// TestNothingLeavesAfterItsTime: a process that was stopped before the first byte wakes up when others have decided.
func TestNothingLeavesAfterItsTime(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close(); there.Close() })
	go io.Copy(io.Discard, there)
	late := false
	w := watch(here)
	var f flight
	f.trace(func() error {
		if late {
			return context.DeadlineExceeded
		}
		return nil
	}).GotConn(httptrace.GotConnInfo{Conn: w})
	late = true
	if _, err := w.Write([]byte("x")); !errors.Is(err, errSealed) {
		t.Errorf("written after its time: %v", err)
	}
	if r := f.reach(); r != Unsent {
		t.Errorf("nothing left, and %s", r)
	}
}
