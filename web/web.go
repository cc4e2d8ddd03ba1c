// Package web is where the outside reaches Griot over HTTP: health, metrics, the pages that take a network's secrets, and
// whatever surfaces bring along. It may know connectors and the features; it never sees a row.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"griot/accounts"
	"griot/i18n"
)

// Options are what the server stands on.
type Options struct {
	Accounts *accounts.Service // behind the pages that take secrets
	BaseURL  string            // public address; its origin is trusted like the request's own. Empty: there is none
	Locale   i18n.Locale       // of pages whose reader is not known
	Now      func() time.Time
	Log      *slog.Logger

	Database func(ctx context.Context) error // nil error: it answers
	Jobs     func(ctx context.Context) error // nil error: they run
	Chats    func() map[string]error         // by surface: nil when it is up; a nil func: none

	Metrics      *Metrics
	MetricsToken string // lets a bearer of it read the metrics from anywhere; empty: nobody but loopback

	// Mounts are the handlers of surfaces and of the playground, by pattern as http.ServeMux reads it. They bring their own
	// checks and deadlines.
	Mounts map[string]http.Handler
}

// ownTime is how long a request to one of this package's own pages may take, its body included: a network is given twenty
// seconds to say whose account it is.
const ownTime = 30 * time.Second

// New makes the handler of everything. It panics on two mounts of one pattern.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	own := func(pattern string, h http.Handler) { mux.Handle(pattern, timed(h)) }
	own("GET /healthz", http.HandlerFunc(healthy))
	own("GET /readyz", ready(o))
	own("GET /metrics", o.Metrics.guarded(o.MetricsToken))
	pages := newPages(o)
	own("GET /connect/{network}/secret/{code}", http.HandlerFunc(pages.show))
	own("POST /connect/{network}/secret/{code}", http.HandlerFunc(pages.sent))
	for pattern, h := range o.Mounts {
		mux.Handle(pattern, h)
	}
	return o.Metrics.counted(mux, recovered(o.Log, mux))
}

// timed bounds what a slow or silent client can hold.
func timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), ownTime)
		defer cancel()
		if end, ok := ctx.Deadline(); ok {
			c := http.NewResponseController(w)
			_ = c.SetReadDeadline(end)  // a writer of tests has no connection
			_ = c.SetWriteDeadline(end) // likewise
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// recovered turns a panic into a logged 500. The log names the route and never the path: it may hold a code.
func recovered(log *slog.Logger, mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			_, route := mux.Handler(r)
			log.ErrorContext(r.Context(), "request not handled", "route", route, "err", fmt.Errorf("panic: %v", v), "stack", string(debug.Stack()))
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}()
		mux.ServeHTTP(w, r)
	})
}
