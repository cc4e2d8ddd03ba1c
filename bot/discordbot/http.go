package discordbot

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// What a request over HTTP may be.
const (
	largestBody = 1 << 20 // bytes
	window      = 5 * time.Minute
	ownTime     = 30 * time.Second // of reading one
)

// Handler answers Discord at /discord/interactions, when there is a key to know it by.
func (s *Surface) Handler() http.Handler {
	mux := http.NewServeMux()
	if s.o.PublicKey != "" {
		mux.HandleFunc("POST /discord/interactions", s.overHTTP)
	}
	return mux
}

// overHTTP takes an interaction that Discord signed, and nothing else.
func (s *Surface) overHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	timed, cancel := context.WithTimeout(r.Context(), ownTime)
	defer cancel()
	if end, ok := timed.Deadline(); ok {
		_ = http.NewResponseController(w).SetReadDeadline(end) // a writer of tests has no connection
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		code := http.StatusBadRequest
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			code = http.StatusRequestEntityTooLarge
		}
		http.Error(w, http.StatusText(code), code)
		return
	}
	if !genuine(r.Header, raw, s.o.PublicKey, s.o.Now()) {
		http.Error(w, "This request is not signed by Discord, or its signature is too old. Check DISCORD_PUBLIC_KEY and this machine's clock.", http.StatusUnauthorized)
		return
	}
	in, err := s.parse(raw)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	ctx := context.WithoutCancel(r.Context()) // what is begun is not given up because a line broke
	answer := s.receive(ctx, in)
	w.Header().Set("Content-Type", "application/json")
	said, err := json.Marshal(answer)
	if err == nil {
		w.Header().Set("Content-Length", strconv.Itoa(len(said))) // so that it is whole for Discord before what follows it begins
		_, err = w.Write(said)
	}
	if err == nil {
		err = http.NewResponseController(w).Flush()
	}
	if err != nil {
		s.unheard(ctx, in, answer, err)
	}
	if answer.after != nil && s.firsts.First(in.ID) && !s.tasks.Do(answer.after) {
		s.o.Log.Warn("answer cut short", "surface", Name, "guild", in.Guild)
	}
}

// genuine reports whether a request was signed by the holder of a key within the last minutes. Source: docs.discord.com,
// interactions/overview, validating security request headers.
func genuine(h http.Header, raw []byte, key string, now time.Time) bool {
	public, err := hex.DecodeString(key)
	sig, err2 := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	stamp := h.Get("X-Signature-Timestamp")
	at, err3 := strconv.ParseInt(stamp, 10, 64)
	if err != nil || err2 != nil || err3 != nil || len(public) != ed25519.PublicKeySize || now.Sub(time.Unix(at, 0)).Abs() > window {
		return false
	}
	return ed25519.Verify(public, append([]byte(stamp), raw...), sig)
}

// fromDiscord reports whether files may be fetched from a host: Discord's own, or that of another base of the API.
func (s *Surface) fromDiscord(host string) bool {
	base, err := url.Parse(s.o.API)
	return err == nil && host == base.Hostname() || host == "cdn.discordapp.com" || host == "media.discordapp.net"
}
