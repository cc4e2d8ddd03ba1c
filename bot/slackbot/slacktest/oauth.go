package slacktest

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// How long codes and rotated tokens live. Source: docs.slack.dev/authentication, read 2026-11.
const (
	codeFor  = 10 * time.Minute
	tokenFor = 12 * time.Hour
)

// code is what a browser carries from the authorize page to the app.
type code struct {
	p        *Person
	redirect string
	scopes   []string
	ends     time.Time
	used     bool
}

// install gives the workspace a bot token with these scopes. The mutex is held.
func (w *Workspace) install(scopes []string) *token {
	s := w.s
	w.installed = true
	for _, scope := range scopes {
		if !slices.Contains(w.scopes, scope) {
			w.scopes = append(slices.Clip(w.scopes), scope)
		}
	}
	if t := s.tokens[w.token]; t != nil && t.dead == "" && !s.Rotate { // installing again gives the same token
		return t
	}
	s.seq++
	t := &token{value: fmt.Sprintf("xoxb-%s-%d-bot", w.ID, s.seq), w: w}
	if s.Rotate {
		t.value = "xoxe." + t.value
		t.ends = s.Now().Add(tokenFor)
		t.refresh = fmt.Sprintf("xoxe-1-%s-%d-refresh", w.ID, s.seq)
	}
	w.token = t.value
	s.tokens[t.value] = t
	return t
}

// serveAuthorize is the page of a browser that is signed in as nobody yet: it asks who one is. With person=U… it is that person
// who allows, or with deny=1 does not.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	if wrong := s.wrongAuthorize(q); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	var p *Person
	for _, space := range s.order {
		if p == nil {
			p = space.person(q.Get("person"))
		}
	}
	if p == nil {
		s.askWho(w, r.URL)
		return
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		http.Error(w, "bad_redirect_uri", http.StatusBadRequest)
		return
	}
	answer := back.Query()
	answer.Set("state", q.Get("state"))
	if q.Get("deny") != "" {
		answer.Set("error", "access_denied")
	} else {
		s.seq++
		value := fmt.Sprintf("%d.%d.code", 10000000+s.seq, s.seq)
		s.codes[value] = &code{p: p, redirect: q.Get("redirect_uri"), scopes: strings.Split(q.Get("scope"), ","), ends: s.Now().Add(codeFor)}
		answer.Set("code", value)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// wrongAuthorize is what Slack's page complains about; empty when it does not. The mutex is held.
func (s *Server) wrongAuthorize(q url.Values) string {
	switch {
	case q.Get("client_id") != s.App.ClientID:
		return "invalid_client_id"
	case q.Get("scope") == "":
		return "invalid_scope: Missing scope"
	case !slices.ContainsFunc(s.App.Redirects, func(r string) bool { return strings.HasPrefix(q.Get("redirect_uri"), r) }):
		return "bad_redirect_uri: did not match any configured URIs"
	}
	for scope := range strings.SplitSeq(q.Get("scope"), ",") {
		if !slices.Contains(s.App.Scopes, scope) {
			return "invalid_scope: " + scope
		}
	}
	return ""
}

// askWho is the page with everybody on it. The mutex is held.
func (s *Server) askWho(w http.ResponseWriter, at *url.URL) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintln(w, "<!doctype html><title>Slack</title><h1>Sign in</h1>")
	for _, space := range s.order {
		for _, p := range space.people {
			if p.Bot || p.home != space {
				continue
			}
			q := at.Query()
			q.Set("person", p.ID)
			name := html.EscapeString(p.Name + " @ " + space.Name)
			fmt.Fprintf(w, "<p><a href=\"?%s\">%s</a>", html.EscapeString(q.Encode()), name)
			q.Set("deny", "1")
			fmt.Fprintf(w, " <a href=\"?%s\">%s: no</a>\n", html.EscapeString(q.Encode()), name)
		}
	}
}

// Allow is the browser's part of an install: the person opens the link that the app sends them to and allows it. It returns
// where Slack sends the browser then, with code and state; the test opens that.
func (p *Person) Allow(link string) (string, error) { return p.authorize(link, "") }

// Deny is Allow with the other button.
func (p *Person) Deny(link string) (string, error) { return p.authorize(link, "1") }

func (p *Person) authorize(link, deny string) (string, error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("person", p.ID)
	if deny != "" {
		q.Set("deny", deny)
	}
	u.RawQuery = q.Encode()
	r, err := p.w.s.out.Get(u.String())
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusFound {
		return "", errors.New("slack: the authorize page says " + r.Status)
	}
	return r.Header.Get("Location"), nil
}

// oauthAccess is oauth.v2.access: a code for a token, or a refresh token for the next one.
func oauthAccess(c *call) (Object, *refusal) {
	id, secret := c.basic[0], c.basic[1]
	if id == "" {
		id, secret = c.text("client_id"), c.text("client_secret")
	}
	delete(c.args, "client_secret")
	switch {
	case id != c.s.App.ClientID:
		return nil, no("invalid_client_id")
	case secret != c.s.App.ClientSecret:
		return nil, no("bad_client_secret")
	}
	switch c.text("grant_type") {
	case "refresh_token":
		return c.refresh()
	case "", "authorization_code":
		return c.exchange()
	}
	return nil, no("invalid_grant_type")
}

// exchange is the first half.
func (c *call) exchange() (Object, *refusal) {
	k := c.s.codes[c.text("code")]
	switch {
	case k == nil:
		return nil, no("invalid_code")
	case k.used:
		return nil, no("code_already_used")
	case c.s.Now().After(k.ends):
		return nil, no("invalid_code")
	case k.redirect != c.text("redirect_uri"):
		return nil, no("bad_redirect_uri")
	}
	k.used = true
	c.w = k.p.w
	return installed(c.w.install(k.scopes), k.p), nil
}

// refresh is the second half: the refresh token is good no longer, the access token before it until its time is over.
func (c *call) refresh() (Object, *refusal) {
	for _, t := range c.s.tokens {
		if t.refresh == "" || t.refresh != c.text("refresh_token") {
			continue
		}
		if t.dead != "" || !t.w.installed {
			return nil, no("invalid_refresh_token")
		}
		t.refresh = ""
		c.w = t.w
		return installed(t.w.install(nil), nil), nil
	}
	return nil, no("invalid_refresh_token")
}

// installed is the answer of oauth.v2.access. The mutex is held.
func installed(t *token, by *Person) Object {
	w := t.w
	o := Object{
		"access_token": t.value, "token_type": "bot", "scope": strings.Join(w.scopes, ","), "bot_user_id": w.Bot.ID, "app_id": w.s.App.ID,
		"team": Object{"name": w.Name, "id": w.ID}, "enterprise": nil, "is_enterprise_install": false, "authed_user": Object{},
	}
	if by != nil {
		o["authed_user"] = Object{"id": by.ID}
	}
	if t.refresh != "" {
		o["refresh_token"], o["expires_in"] = t.refresh, int(tokenFor/time.Second)
	}
	return o
}
