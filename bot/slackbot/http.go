package slackbot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What a request over HTTP may be. Slack's largest are forms of some 250 KB.
const (
	largestBody = 1 << 20 // bytes
	window      = 5 * time.Minute
	ownTime     = 30 * time.Second // of a whole request, its body included
)

// Handler answers Slack under /slack/: events, commands, interactions, and the installation into other workspaces. What is
// not configured is not found.
func (s *Surface) Handler() http.Handler {
	mux := http.NewServeMux()
	if s.o.SigningSecret != "" {
		mux.HandleFunc("POST /slack/events", s.signed(eventKind))
		mux.HandleFunc("POST /slack/commands", s.signed(commandKind))
		mux.HandleFunc("POST /slack/interactivity", s.signed(interactiveKind))
	}
	if s.o.ClientID != "" && s.o.BaseURL != "" {
		mux.HandleFunc("GET /slack/install", s.install)
		mux.HandleFunc("GET /slack/oauth", s.authorized)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), ownTime)
		defer cancel()
		if end, ok := ctx.Deadline(); ok {
			_ = http.NewResponseController(w).SetReadDeadline(end) // a writer of tests has no connection
		}
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r.WithContext(ctx))
	})
}

// signed takes a request that Slack signed, and nothing else.
func (s *Surface) signed(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
		if err != nil {
			code := http.StatusBadRequest
			if _, large := errors.AsType[*http.MaxBytesError](err); large {
				code = http.StatusRequestEntityTooLarge
			}
			http.Error(w, http.StatusText(code), code)
			return
		}
		if !genuine(r.Header, body, s.o.SigningSecret, s.o.Now()) {
			http.Error(w, "This request is not signed by Slack, or its signature is too old. Check SLACK_SIGNING_SECRET and this machine's clock.", http.StatusUnauthorized)
			return
		}
		if word := challenge(kind, body); word != "" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, word) // nobody to tell when the client is gone
			return
		}
		do, err := s.delivered(kind, body)
		if err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		s.answerHTTP(w, r, kind, do)
	}
}

func (s *Surface) answerHTTP(w http.ResponseWriter, r *http.Request, kind string, do func(context.Context) (reply, error)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience) // what is begun is not given up because a line broke
	defer cancel()
	reply, err := do(ctx)
	if err != nil {
		s.o.Log.Warn("not acknowledged to slack", "surface", Name, "kind", kind, "err", err)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	if r.Context().Err() != nil {
		reply.beside() // Slack has waited long enough
	}
	body, err := reply.body()
	if err != nil {
		s.o.Log.Error("answer not written", "surface", Name, "kind", kind, "err", err)
	}
	if body != nil {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)                      // nobody to tell when the client is gone
	_ = http.NewResponseController(w).Flush() // a writer of tests cannot
	if reply.after != nil && !s.tasks.Do(reply.after) {
		reply.after(context.WithoutCancel(r.Context())) // Griot stops: what was promised is done before the request ends
	}
}

// genuine checks Slack's signature, version v0, over the raw body. Source: chat-platforms.md A2.
func genuine(h http.Header, body []byte, secret string, now time.Time) bool {
	at := h.Get("X-Slack-Request-Timestamp")
	sent, err := strconv.ParseInt(at, 10, 64)
	if err != nil || now.Sub(time.Unix(sent, 0)).Abs() > window {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+at+":") // a hash never fails
	_, _ = mac.Write(body)
	given := h.Get("X-Slack-Signature")
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(given), []byte(want))
}

// delivered reads what came over HTTP, and says what is to be done about it: events are JSON, interactions hide it in a field,
// commands are fields themselves.
func (s *Surface) delivered(kind string, body []byte) (func(context.Context) (reply, error), error) {
	if kind == eventKind {
		return func(ctx context.Context) (reply, error) { return s.receive(ctx, kind, body) }, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	if kind == interactiveKind {
		return func(ctx context.Context) (reply, error) { return s.receive(ctx, kind, []byte(form.Get("payload"))) }, nil
	}
	field := func(name string) string { return strings.ToValidUTF8(form.Get(name), "\ufffd") } // as in JSON
	c := command{Team: field("team_id"), Channel: field("channel_id"), User: field("user_id"), UserName: field("user_name"),
		Command: field("command"), Text: field("text"), URL: field("response_url"), Trigger: field("trigger_id")}
	return func(ctx context.Context) (reply, error) { return s.command(ctx, c) }, nil
}

// challenge is the word by which Slack checks an address; empty when it does not.
func challenge(kind string, payload []byte) string {
	if kind != eventKind {
		return ""
	}
	var c struct{ Type, Challenge string }
	if json.Unmarshal(payload, &c) != nil || c.Type != "url_verification" {
		return ""
	}
	return c.Challenge
}
