package playground

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// session is the cookie that stands for the key of the URL.
const session = "griot_playground"

// guard lets through who may see the page: the right Host (a rebound name is refused), the right key, and for what changes
// something the page's own origin. Every answer carries the policy.
func (s *Surface) guard(next http.Handler) http.Handler {
	policy := s.policy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		l := s.language(r)
		switch {
		case !s.hostAllowed(r.Host):
			http.Error(w, wrongHost.In(l, r.Host), http.StatusMisdirectedRequest)
		case s.origin.Check(r) != nil:
			http.Error(w, wrongOrigin.In(l), http.StatusForbidden)
		case s.o.Key == "" || s.admitted(r):
			next.ServeHTTP(w, r)
		case s.admit(r):
			http.SetCookie(w, &http.Cookie{
				Name: session, Value: s.token(), Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
			})
			http.Redirect(w, r, s.o.Prefix+"/", http.StatusSeeOther)
		default:
			http.Error(w, wrongKey.In(l), http.StatusForbidden)
		}
	})
}

// policy is the page's Content-Security-Policy. The pictures of a form are shown before they are sent, hence blob:.
func (s *Surface) policy() string {
	frames := "'self'"
	for _, link := range []string{s.o.Beside, s.o.Second} {
		if u, err := url.Parse(link); err == nil && u.Host != "" {
			frames += " " + u.Scheme + "://" + u.Host
		}
	}
	return "default-src 'self'; img-src 'self' blob:; frame-src " + frames +
		"; frame-ancestors 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
}

// hostAllowed refuses names that are neither loopback's nor listed: another site's name that was made to point here.
func (s *Surface) hostAllowed(host string) bool {
	if slices.ContainsFunc(s.o.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback() || slices.Contains(s.o.Hosts, name)
	}
	return strings.EqualFold(name, "localhost") || slices.ContainsFunc(s.o.Hosts, func(h string) bool { return strings.EqualFold(h, name) })
}

// token is what the cookie holds: made from the key, so that two surfaces with one key share it, also after a restart.
func (s *Surface) token() string {
	mac := hmac.New(sha256.New, []byte(s.o.Key))
	mac.Write([]byte(session))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *Surface) admitted(r *http.Request) bool {
	c, err := r.Cookie(session)
	return err == nil && same(c.Value, s.token())
}

// admit spends the key: the printed URL opens the page once, in one browser.
func (s *Surface) admit(r *http.Request) bool {
	if r.Method != http.MethodGet || !same(r.URL.Query().Get("key"), s.o.Key) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spent {
		return false
	}
	s.spent = true
	return true
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
