package playground

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"griot/i18n"
)

//go:embed assets
var assets embed.FS

// requestTime is how long one request other than the stream may take, upload included.
const requestTime = time.Minute

// Handler is the page with all it needs, under Options.Prefix: the page at "/", the gallery, the assets, pictures, and the
// API the page talks to. Mount it at Prefix + "/"; streams end when Run does.
func (s *Surface) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page("chat"))
	if s.o.Gallery != nil {
		mux.HandleFunc("GET /gallery", s.page("gallery"))
		mux.HandleFunc("GET /api/gallery", s.gallery)
	}
	mux.HandleFunc("GET /assets/{version}/{file}", s.asset)
	mux.HandleFunc("GET /files/{hash}", s.blobs.serve)
	mux.HandleFunc("GET /api/state", s.state)
	mux.HandleFunc("POST /api/act", s.act)
	mux.HandleFunc("POST /api/typing", s.typing)
	mux.HandleFunc("POST /api/dismiss", s.dismissed)
	all := http.NewServeMux()
	all.HandleFunc("GET /api/events", s.events)
	all.Handle("/", timed(mux))
	return http.StripPrefix(s.o.Prefix, s.guard(all))
}

// timed bounds how long a request may take, a slow upload too.
func timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		if end, ok := ctx.Deadline(); ok {
			c := http.NewResponseController(w)
			_ = c.SetReadDeadline(end)  // a writer of tests has no connection
			_ = c.SetWriteDeadline(end) // likewise
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

var pages = template.Must(template.ParseFS(assets, "assets/page.html"))

// modules are the parts of the page's script; page.js is the one that starts.
var modules = []string{"act.js", "card.js", "composer.js", "dom.js", "form.js", "room.js"}

// pack is the style and the scripts as they travel. The version is made of their bytes, so that a browser may keep them for ever.
type pack struct {
	version string
	files   map[string][]byte // gzip
}

var packed = sync.OnceValue(func() pack {
	p := pack{files: map[string][]byte{}}
	sum := sha256.New()
	for _, name := range append([]string{"playground.css", "theme.js", "page.js"}, modules...) {
		plain, err := fs.ReadFile(assets, "assets/"+name)
		if err != nil {
			panic(err) // not embedded: a mistake of ours
		}
		sum.Write(plain)
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(plain) // into memory: Close tells
		if err := z.Close(); err != nil {
			panic(err)
		}
		p.files[name] = b.Bytes()
	}
	p.version = hex.EncodeToString(sum.Sum(nil))[:12]
	return p
})

type pageData struct {
	Page, Prefix, Surface, Title, Lang string
	Assets                             string // where the assets are, version included
	Modules                            []string
	MaxUpload                          int64
	T                                  map[string]string
	Gallery                            bool
	Beside, Second                     string
}

func (s *Surface) page(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := s.language(r)
		data := pageData{
			Page: name, Prefix: s.o.Prefix, Surface: s.o.Name, Title: s.o.Title.In(l), Lang: string(l),
			Assets: s.o.Prefix + "/assets/" + packed().version, Modules: modules,
			MaxUpload: s.o.MaxUpload, T: words(l), Gallery: s.o.Gallery != nil, Beside: s.o.Beside, Second: s.o.Second,
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := pages.ExecuteTemplate(w, "page.html", data); err != nil {
			s.o.Log.Warn("page not written", "surface", s.o.Name, "err", err)
		}
	}
}

func (s *Surface) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if strings.HasSuffix(name, ".html") {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if r.PathValue("version") == packed().version {
		h.Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	small, ok := packed().files[name]
	if !ok || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		http.ServeFileFS(w, r, assets, "assets/"+name)
		return
	}
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Content-Encoding", "gzip")
	h.Set("Vary", "Accept-Encoding")
	_, _ = w.Write(small) // the browser went away
}

// language is that of the person spoken as, else the browser's, else the first person's.
func (s *Surface) language(r *http.Request) i18n.Locale {
	s.mu.Lock()
	defer s.mu.Unlock()
	if who, ok := s.who(r.URL.Query().Get("as")); ok && who.Locale != "" {
		return who.Locale
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	if l, ok := i18n.ParseLocale(first); ok {
		return l
	}
	if l := s.people[0].Locale; l != "" {
		return l
	}
	return i18n.En
}

const (
	heartbeat = 15 * time.Second // a comment, so that a proxy keeps the line and a dead one is noticed
	writeTime = 10 * time.Second // for one write of the stream
)

// events streams what changes to one person. It ends when the browser goes away or Run ends; a page that missed too much is
// told to load everything again.
func (s *Surface) events(w http.ResponseWriter, r *http.Request) {
	user := r.URL.Query().Get("as")
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = r.URL.Query().Get("since")
	}
	seq, ok := s.feed.parse(from)
	st := stream{w: w, c: http.NewResponseController(w)}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if st.write(r.Context(), "retry: 1000\n\n") != nil {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		all, more, kept := s.feed.since(seq)
		if !ok || !kept {
			_ = st.write(r.Context(), "event: reset\ndata: {}\n\n") // the stream ends here either way
			return
		}
		if st.news(r.Context(), s.feed, all, user) != nil {
			return
		}
		if len(all) > 0 {
			seq = all[len(all)-1].seq
		}
		select {
		case <-more:
		case <-beat.C:
			if st.write(r.Context(), ": still here\n\n") != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		}
	}
}

type stream struct {
	w http.ResponseWriter
	c *http.ResponseController
}

// write sends text at once. The deadline is each write's own: a server's general one would end the stream.
func (st stream) write(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if end, ok := ctx.Deadline(); ok {
		_ = st.c.SetWriteDeadline(end) // a writer of tests has no connection
	}
	if _, err := fmt.Fprint(st.w, text); err != nil {
		return err
	}
	return st.c.Flush()
}

func (st stream) news(ctx context.Context, f *feed, all []news, user string) error {
	var b strings.Builder
	for _, n := range all {
		if n.to == "" || n.to == user {
			fmt.Fprintf(&b, "id: %s\nevent: %s\ndata: %s\n\n", f.at(n.seq), n.kind, n.data)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return st.write(ctx, b.String())
}
