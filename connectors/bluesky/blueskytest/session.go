package blueskytest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Life of the tokens, as measured.
const (
	AccessLife  = 2 * time.Hour
	RefreshLife = 90 * 24 * time.Hour
)

type use bool

const (
	accessToken  use = false
	refreshToken use = true
)

// withToken refuses as the reference server does: 401 without a token, 400 with a bad one.
func (s *Server) withToken(u use, next handler) handler {
	return func(r *http.Request) (any, *refusal) {
		shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			return nil, no(401, "AuthMissing", "Authentication Required")
		}
		t, known := s.tokens[shown]
		switch {
		case !known && u == refreshToken, known && !s.now().Before(t.ends):
			return nil, no(400, "ExpiredToken", "Token has expired")
		case !known:
			return nil, no(400, "InvalidToken", "Token could not be verified")
		case t.refresh != bool(u):
			return nil, no(400, "InvalidToken", "Invalid token type")
		}
		return next(r)
	}
}

func (s *Server) createSession(r *http.Request) (any, *refusal) {
	var in struct{ Identifier, Password string }
	if refused := read(r, &in); refused != nil {
		return nil, refused
	}
	if in.Identifier != s.account.handle && in.Identifier != "alice@test.invalid" || in.Password != s.account.password || in.Password == "" {
		return nil, no(401, "AuthenticationRequired", "Invalid identifier or password")
	}
	return s.session(), nil
}

// refreshSession keeps the old pair good, as the reference server does for two hours.
func (s *Server) refreshSession(*http.Request) (any, *refusal) { return s.session(), nil }

func (s *Server) session() any {
	out := s.who()
	out["accessJwt"], out["refreshJwt"] = s.jwt(AccessLife, false), s.jwt(RefreshLife, true)
	return out
}

func (s *Server) getSession(*http.Request) (any, *refusal) { return s.who(), nil }

func (s *Server) who() map[string]any {
	out := map[string]any{"did": s.account.did, "handle": s.account.handle, "active": s.account.status == ""}
	if s.account.status != "" {
		out["status"] = s.account.status
	}
	if s.home != "" {
		out["didDoc"] = map[string]any{"id": s.account.did, "service": []map[string]any{
			{"id": "#other", "type": "Other", "serviceEndpoint": map[string]string{"uri": "https://other.example"}},
			{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": s.home},
		}}
	}
	return out
}

func (s *Server) resolveHandle(r *http.Request) (any, *refusal) {
	switch r.URL.Query().Get("handle") {
	case s.account.handle:
		return map[string]string{"did": s.account.did}, nil
	case "bob.test":
		return map[string]string{"did": Bob}, nil
	}
	return nil, no(400, "InvalidRequest", "Unable to resolve handle")
}

// read takes a JSON body with the fields of v and no other.
func read(r *http.Request, v any) *refusal {
	if r.Header.Get("Content-Type") != "application/json" {
		return no(400, "InvalidRequest", "Wrong request encoding (Content-Type): %s", r.Header.Get("Content-Type"))
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return no(400, "InvalidRequest", "Input: %v", err)
	}
	return nil
}
