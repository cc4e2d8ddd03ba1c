package pretend

import (
	"bytes"
	"embed"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"griot/i18n"
)

//go:embed pages
var files embed.FS

// pageSize is how many posts one page shows.
const pageSize = 30

func (s *Server) routePages() {
	s.pages = template.Must(template.ParseFS(files, "pages/*.html"))
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}":               s.square,
		"GET /{who}":             s.profile,
		"GET /posts/{id}":        s.single,
		"GET /media/{id}":        s.picture,
		"GET /latest":            s.latest,
		"GET /village.css":       s.asset,
		"GET /village.js":        s.asset,
		"GET /village.svg":       s.asset,
		"POST /posts/{id}/like":  s.form(likePost),
		"POST /posts/{id}/share": s.form(sharePost),
		"POST /posts/{id}/reply": s.form(replyToPost),
		"POST /follow/{handle}":  s.form(followAccount),
		"POST /write/{handle}":   s.form(writeToAccount),
		"/":                      s.lost,
	} {
		s.mux.HandleFunc(pattern, s.guarded(h))
	}
}

// guarded refuses forms of other sites, and says what pages may do: nothing from elsewhere.
func (s *Server) guarded(next http.HandlerFunc) http.HandlerFunc {
	frame := "'none'"
	if len(s.opt.FramedBy) > 0 {
		frame = strings.Join(s.opt.FramedBy, " ")
	}
	policy := "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors " + frame
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if err := s.origins.Check(r); err != nil {
			s.sorry(w, r, http.StatusForbidden, "refused", "stranger")
			return
		}
		next(w, r)
	}
}

// knownHost reports whether r was meant for this server: a loopback address, or the host of BaseURL.
func (s *Server) knownHost(r *http.Request) bool {
	if u, err := url.Parse(s.opt.BaseURL); err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host) {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || (err == nil && ip.IsLoopback())
}

// base is the address in links.
func (s *Server) base(r *http.Request) string {
	if s.opt.BaseURL != "" {
		return strings.TrimSuffix(s.opt.BaseURL, "/")
	}
	return "http://" + r.Host
}

func (s *Server) square(w http.ResponseWriter, r *http.Request) {
	p := s.page(w, r, "everyone")
	s.mu.RLock()
	older := s.town.posts[r.FormValue("before")]
	posts := recent(s.town.order, older, pageSize+1, func(q *post) bool { return q.replyTo == "" && q.visible(p.now) })
	p.list(posts)
	p.neighbours()
	s.mu.RUnlock()
	if older == nil {
		p.Watch = true
	}
	s.show(w, http.StatusOK, "square", p)
}

func (s *Server) profile(w http.ResponseWriter, r *http.Request) {
	s.showProfile(w, r, http.StatusOK, draft{})
}

func (s *Server) showProfile(w http.ResponseWriter, r *http.Request, status int, d draft) {
	handle, at := strings.CutPrefix(r.PathValue("who"), "@")
	if !at {
		handle = r.PathValue("handle")
	}
	p := s.page(w, r, "")
	p.Draft = d
	s.mu.RLock()
	a := s.town.handles[handle]
	if a != nil {
		p.account(a)
		p.list(recent(a.posts, s.town.posts[r.FormValue("before")], pageSize+1, func(q *post) bool {
			return q.visible(p.now) && s.town.depth(q) == 1
		}))
		p.neighbours()
	}
	s.mu.RUnlock()
	if a == nil {
		s.lost(w, r)
		return
	}
	p.Path = "/@" + handle
	s.show(w, status, "profile", p)
}

func (s *Server) single(w http.ResponseWriter, r *http.Request) {
	s.showSingle(w, r, http.StatusOK, draft{})
}

func (s *Server) showSingle(w http.ResponseWriter, r *http.Request, status int, d draft) {
	p := s.page(w, r, "")
	p.Draft = d
	s.mu.RLock()
	q := s.town.posts[r.PathValue("id")]
	found := q != nil && q.visible(p.now)
	if found {
		p.conversation(q)
		p.neighbours()
	}
	s.mu.RUnlock()
	if !found {
		s.lost(w, r)
		return
	}
	p.Path = "/posts/" + q.id
	s.show(w, status, "single", p)
}

func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	now := s.opt.Now()
	s.mu.RLock()
	m := s.town.pictures[r.PathValue("id")]
	shown := m != nil && m.shown(now)
	s.mu.RUnlock()
	if !shown {
		http.NotFound(w, r)
		return
	}
	b, err := s.journal.picture(m.id)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", m.mime)
	w.Header().Set("Cache-Control", "private, max-age=300")
	w.Write(b) // a visitor who left sees nothing
}

// latest is the id of the newest post on the square: the script asks whether there is something new.
func (s *Server) latest(w http.ResponseWriter, _ *http.Request) {
	now := s.opt.Now()
	s.mu.RLock()
	posts := recent(s.town.order, nil, 1, func(q *post) bool { return q.replyTo == "" && q.visible(now) })
	s.mu.RUnlock()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if len(posts) > 0 {
		w.Write([]byte(posts[0].id)) // a visitor who left sees nothing
	}
}

func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, files, "pages"+r.URL.Path)
}

func (s *Server) lost(w http.ResponseWriter, r *http.Request) {
	s.sorry(w, r, http.StatusNotFound, "lost", "lostHow")
}

// sorry is a page that says why there is nothing else on it.
func (s *Server) sorry(w http.ResponseWriter, r *http.Request, status int, what, how string) {
	p := s.page(w, r, what)
	p.Path, p.Sorry = "/", how
	s.mu.RLock()
	p.neighbours()
	s.mu.RUnlock()
	s.show(w, status, "sorry", p)
}

// show renders the whole page before the first byte leaves.
func (s *Server) show(w http.ResponseWriter, status int, name string, p *page) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, p); err != nil {
		http.Error(w, words["broken"].In(p.Lang), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // a visitor who left sees nothing
}

// language is the reader's: what they chose, else what their browser asks for, else English.
func language(w http.ResponseWriter, r *http.Request) i18n.Locale {
	if l := i18n.Locale(r.URL.Query().Get("lang")); slices.Contains(i18n.Locales, l) {
		setCookie(w, "village_lang", string(l))
		return l
	}
	if c, err := r.Cookie("village_lang"); err == nil && slices.Contains(i18n.Locales, i18n.Locale(c.Value)) {
		return i18n.Locale(c.Value)
	}
	for _, tag := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := i18n.ParseLocale(tag); ok {
			return l
		}
	}
	return i18n.En
}

func setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
