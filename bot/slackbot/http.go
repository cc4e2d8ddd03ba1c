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
		payload, err := payloadOf(kind, body)
		if err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		if word := challenge(kind, payload); word != "" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, word) // nobody to tell when the client is gone
			return
		}
		s.answerHTTP(w, r, kind, payload)
	}
}

func (s *Surface) answerHTTP(w http.ResponseWriter, r *http.Request, kind string, payload []byte) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience) // what is begun is not given up because a line broke
	defer cancel()
	reply, err := s.receive(ctx, kind, payload)
	if err != nil {
		s.o.Log.Warn("not acknowledged to slack", "surface", Name, "kind", kind, "err", err)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
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
	if reply.after != nil && !s.tasks.do(reply.after) {
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

// payloadOf is the JSON of a request: events are JSON, interactions hide it in a field, commands are fields themselves.
func payloadOf(kind string, body []byte) ([]byte, error) {
	if kind == eventKind {
		return body, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	if kind == interactiveKind {
		return []byte(form.Get("payload")), nil
	}
	return json.Marshal(command{Team: form.Get("team_id"), Channel: form.Get("channel_id"), User: form.Get("user_id"),
		UserName: form.Get("user_name"), Command: form.Get("command"), Text: form.Get("text"), URL: form.Get("response_url"),
		Trigger: form.Get("trigger_id")})
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
