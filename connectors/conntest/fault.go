package conntest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// Fault answers a request in next's place, or after it. Body is the request's.
type Fault func(w http.ResponseWriter, r *http.Request, body []byte, next http.Handler)

// Answer says status with a JSON body; next never hears of the request. More headers are pairs of name and value.
func Answer(status int, body string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte, _ http.Handler) {
		h := http.Header{}
		for i := 0; i+1 < len(headers); i += 2 {
			h.Add(headers[i], headers[i+1])
		}
		if h.Get("Content-Type") == "" {
			h.Set("Content-Type", "application/json; charset=utf-8")
		}
		maps.Copy(w.Header(), h)
		w.WriteHeader(status)
		io.WriteString(w, body) // the client may be gone: that is what is tested
	}
}

// HTML answers a proxy's page.
func HTML(status int) Fault {
	return Answer(status, "<!DOCTYPE html><title>Please wait</title><p>The server is starting.", "Content-Type", "text/html; charset=utf-8")
}

// Echo refuses with words that repeat the request's Authorization and body.
func Echo(status int) Fault {
	return func(w http.ResponseWriter, r *http.Request, body []byte, next http.Handler) {
		words := fmt.Sprintf("%q sent %q", r.Header.Get("Authorization"), body)
		Answer(status, fmt.Sprintf(`{"error":"Odd","message":%q}`, words))(w, r, body, next)
	}
}

// Huge answers a well-formed yes that is 64 MiB long.
func Huge() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		block := bytes.Repeat([]byte(" "), 1<<20)
		for range 64 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
}

// Drip answers a yes of which one byte comes every 20 ms, without end.
func Drip() Fault {
	return func(w http.ResponseWriter, r *http.Request, _ []byte, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			io.WriteString(w, " ") // seen below
			if http.NewResponseController(w).Flush() != nil {
				return
			}
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			}
		}
	}
}

// Never answers nothing until the client goes away; next never hears of the request.
func Never() Fault {
	return func(_ http.ResponseWriter, r *http.Request, _ []byte, _ http.Handler) { <-r.Context().Done() }
}

// Reset cuts the line without an answer; next never hears of the request.
func Reset() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte, _ http.Handler) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			tcp.SetLinger(0) // without it the line still ends
		}
		c.Close()
	}
}

// Cut promises a long answer and ends the line in the middle of it.
func Cut() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"id":"10`)        // the client may be gone
		http.NewResponseController(w).Flush() // likewise
		panic(http.ErrAbortHandler)
	}
}

// AcceptThen lets next do its work, throws its answer away, and goes on with then.
func AcceptThen(then Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, body []byte, next http.Handler) {
		accept(r, body, next)
		then(w, r, body, next)
	}
}

// AcceptLate lets next do its work only after the client has given up.
func AcceptLate() Fault {
	return func(_ http.ResponseWriter, r *http.Request, body []byte, next http.Handler) {
		<-r.Context().Done()
		accept(r, body, next)
	}
}

func accept(r *http.Request, body []byte, next http.Handler) {
	alone := r.Clone(context.WithoutCancel(r.Context()))
	alone.Body = io.NopCloser(bytes.NewReader(body))
	next.ServeHTTP(httptest.NewRecorder(), alone)
}
