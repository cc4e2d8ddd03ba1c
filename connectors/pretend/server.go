package pretend

import (
	"crypto/rand"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Keys says what the server does with the key of a post.
type Keys string

// The two ways.
const (
	Honoured Keys = "honoured" // a second call with the same key gives back the post of the first; for ever
	Ignored  Keys = "ignored"  // every call makes a post, and no listing tells keys
)

// Options is what a Server needs to know.
type Options struct {
	Now      func() time.Time // the clock; required
	Zone     *time.Location   // of the dates on the pages; nil: UTC
	Folder   string           // keeps accounts, posts and pictures over a restart; empty: in memory
	BaseURL  string           // public address, "http://127.0.0.1:8081"; empty: as the request says
	Keys     Keys             // empty: Honoured
	Faults   bool             // opens /_faults to anybody who reaches the server: tests only
	FramedBy []string         // origins whose pages may show these in a frame
}

// Record is one accepted call to POST /api/posts.
type Record struct {
	At      time.Time
	Handle  string // without @
	Key     string
	Content string // the text
	PostID  string
	Repeat  bool // the key was known: the post existed already
}

// maxRecords is how many accepted calls Log remembers.
const maxRecords = 10_000

// Server is the pretend network. It is an http.Handler for the root of a host, safe for concurrent use.
type Server struct {
	opt     Options
	mux     *http.ServeMux
	origins *http.CrossOriginProtection
	pages   *template.Template
	faults  faults
	holds   holds
	done    chan struct{} // closed by Close
	end     sync.Once

	mu      sync.RWMutex // guards what follows
	town    *village
	journal *journal
	records []Record
	closed  bool
}

var errClosed = errors.New("pretend: the server is closed")

// NewServer makes a server, with what its folder holds. It fails without a clock, and when the folder cannot be read.
func NewServer(opt Options) (*Server, error) {
	if opt.Now == nil {
		return nil, errors.New("pretend: no clock")
	}
	if opt.Keys == "" {
		opt.Keys = Honoured
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	s := &Server{
		opt: opt, mux: http.NewServeMux(), origins: http.NewCrossOriginProtection(),
		done: make(chan struct{}), town: newVillage(),
	}
	j, err := openJournal(opt.Folder, s.town.apply)
	if err != nil {
		return nil, err
	}
	s.journal = j
	s.routeAPI()
	s.routePages()
	return s, nil
}

// ServeHTTP answers one request. It refuses what was meant for another host (a name that somebody pointed at this
// machine), and calls that a page of another site makes; pages say the latter in a page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.knownHost(r) {
		http.Error(w, "unknown host", http.StatusMisdirectedRequest)
		return
	}
	if err := s.origins.Check(r); err != nil && !isPage(r) {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	s.mux.ServeHTTP(w, r)
}

func isPage(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/_")
}

// Close lets go of every call that waits, without effect, and closes the folder. It may be called many times.
func (s *Server) Close() error {
	var err error
	s.end.Do(func() {
		close(s.done)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.closed = true
		err = s.journal.close()
	})
	return err
}

// Misbehave orders a fault for calls to come.
func (s *Server) Misbehave(f Fault) { s.faults.add(f) }

// Behave forgets the faults that have not happened yet.
func (s *Server) Behave() { s.faults.forget() }

// Hold stops the next call that comes to p.
func (s *Server) Hold(p Point) *Hold { return s.holds.add(p) }

// Enrol opens an account under a free handle like name and returns its handle, without @, and its token.
// POST /api/accounts does the same.
func (s *Server) Enrol(name string) (handle, token string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, token, err := s.enrol(name)
	if err != nil {
		return "", "", err
	}
	return a.handle, token, nil
}

// Revoke makes every token of an account worthless. Enrolling its name again gives it a new one.
func (s *Server) Revoke(handle string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.town.handles[handle]
	if a == nil {
		return errors.New("pretend: nobody is called " + handle)
	}
	return s.record(&event{Do: revoked, Who: a.id})
}

// Accepted counts the posts that accounts made with exactly this text, including those taken down since: the calls
// that were accepted, whatever the client heard of it.
func (s *Server) Accepted(content string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.town.texts[content])
}

// Live counts the posts of accounts with exactly this text that everybody can see now.
func (s *Server) Live(content string) int {
	now := s.opt.Now()
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for _, p := range s.town.texts[content] {
		if p.visible(now) {
			n++
		}
	}
	return n
}

// Log lists the accepted calls since the server was made, oldest first; at most the last 10 000.
func (s *Server) Log() []Record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.records)
}

// record makes e happen: kept first, seen afterwards. It gives what is made an id. The caller holds s.mu.
func (s *Server) record(e *event) error {
	if s.closed {
		return errClosed
	}
	e.At = s.opt.Now().UTC()
	if e.ID == "" && (e.Do == enrolled || e.Do == said || e.Do == uploaded) {
		e.ID = s.town.id(e.At)
	}
	if err := s.journal.write(*e); err != nil {
		return err
	}
	s.town.apply(*e)
	return nil
}

// enrol gives name an account of its own; a name whose tokens were revoked gets its account back, for practice
// accounts have no password. The caller holds s.mu.
func (s *Server) enrol(name string) (*account, string, error) {
	token := "village_" + rand.Text()
	if a := s.town.handles[slug(name)]; a != nil && a.name == name && len(a.tokens) == 0 {
		return a, token, s.record(&event{Do: entrusts, Who: a.id, Token: digest(token)})
	}
	e := &event{Do: enrolled, Name: name, Handle: s.town.free(name), Token: digest(token)}
	if err := s.record(e); err != nil {
		return nil, "", err
	}
	return s.town.accounts[e.ID], token, nil
}

// logged remembers an accepted call. The caller holds s.mu.
func (s *Server) logged(r Record) {
	if len(s.records) >= maxRecords {
		s.records = slices.Delete(s.records, 0, maxRecords/10)
	}
	s.records = append(s.records, r)
}
