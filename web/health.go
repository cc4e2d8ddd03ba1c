package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// healthy says that the process answers, and nothing more.
func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n") // nobody to tell when the client is gone
}

// readiness is the body of /readyz. Each word is "ok" or "down".
type readiness struct {
	Ready    bool              `json:"ready"`
	Database string            `json:"database"`
	Jobs     string            `json:"jobs"`
	Chats    map[string]string `json:"chats"` // also "down since" an instant; does not make Griot unready: what is due still leaves
}

// ready says whether the database answers and jobs run. Why they do not is logged, not shown.
func ready(o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := readiness{Chats: map[string]string{}}
		b.Database = probe(r.Context(), o.Log, "database", o.Database)
		b.Jobs = probe(r.Context(), o.Log, "jobs", o.Jobs)
		b.Ready = b.Database == up && b.Jobs == up
		if o.Chats != nil {
			for name, err := range o.Chats() {
				b.Chats[name] = chatWord(err)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		if !b.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(b) // nobody to tell when the client is gone
	})
}

const (
	up   = "ok"
	down = "down"
)

func word(err error) string {
	if err != nil {
		return down
	}
	return up
}

// chatWord is word for a chat, which may know since when it hears nothing. Why is for the log.
func chatWord(err error) string {
	if s, ok := errors.AsType[silent](err); ok {
		return down + " since " + s.Since().UTC().Format(time.RFC3339)
	}
	return word(err)
}

// silent is a chat's error that knows since when it hears nothing.
type silent interface {
	error
	Since() time.Time
}

func probe(ctx context.Context, log *slog.Logger, what string, ask func(context.Context) error) string {
	err := ask(ctx)
	if err != nil {
		log.WarnContext(ctx, "not ready", "part", what, "err", err)
	}
	return word(err)
}
