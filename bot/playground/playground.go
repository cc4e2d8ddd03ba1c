// Package playground is a chat surface that needs no platform: a web page with channels, people to speak as, cards, buttons
// and forms, live over server-sent events. It is what `griot serve` shows when no chat is configured, what tests talk to, and
// the strictest surface of all: it never forgives a message sent twice. It knows chat and i18n and nothing else of Griot.
package playground

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"griot/chat"
	"griot/i18n"
)

// Griot is the user id under which Griot's own messages stand.
const Griot = "griot"

// defaultMaxUpload is the largest attached file in bytes when Options say nothing: what a social network takes as a picture.
const defaultMaxUpload = 20_000_000

// Options is all a surface needs. Name, Now and at least one person and one channel are required.
type Options struct {
	Name      string                          // surface name, also its workspace; two can be opened at once
	Title     i18n.Text                       // heading of the page; "Griot" when empty
	Prefix    string                          // path it is mounted under: "" for the root, or "/two"
	People    []Person                        // to speak as; the first one is whom a new visitor speaks as
	Channels  []Channel                       // in the order they are shown
	Commands  func(i18n.Locale) []Completion  // command completion; nil: none
	Gallery   func(i18n.Locale) []GalleryCard // all cards with sample data; nil: no gallery page
	Beside    string                          // URL of the pretend network's page; empty: no link
	Second    string                          // URL of another surface's page; empty: no link
	Journal   string                          // file that keeps messages over a restart; pictures stand in Journal + ".files"; empty: memory only
	Hosts     []string                        // Host headers answered besides loopback's ("griot.example", "10.0.0.5:8080")
	Key       string                          // when set, the page asks for ?key= once, then for its cookie
	Now       func() time.Time                // the clock
	Log       *slog.Logger                    // nil: silent
	MaxUpload int64                           // largest attached file in bytes; 0: 20 MB
}

// Person is somebody to speak as.
type Person struct {
	User, Name string
	Locale     i18n.Locale
	Zone       string // IANA name; empty: the browser's own
	Manager    bool   // may manage the workspace
}

// Channel is a place to talk in. ID must not start with "dm:", which direct conversations with Griot do.
type Channel struct{ ID, Name string }

// Completion is one command as a person of one language types it.
type Completion struct {
	Canonical string // English words by which the registry knows it: "post draft"
	Name      string // the same in the reader's language: "post rediger"
	Usage     string // "/post rediger text:… at:…"
	About     string // one line
	Options   []CompletionOption
}

// CompletionOption is a named argument, typed as name:"value".
type CompletionOption struct {
	Canonical   string // as an event names it
	Name, About string
	Required    bool
	Offers      bool // there is something to offer while it is typed: the handler is asked
}

// GalleryCard is a card of the gallery with a name for its heading.
type GalleryCard struct {
	Name string
	Card chat.Card
}

// Surface is the playground. Its zero value does not work: use New.
type Surface struct {
	o      Options
	origin *http.CrossOriginProtection
	blobs  *blobs
	feed   *feed
	acts   *acts
	live   lives         // private answers that may still change
	stop   chan struct{} // closed when Run ends: streams end with it
	once   sync.Once     // closes stop

	running sync.WaitGroup // acts under way; Run waits for them

	mu      sync.Mutex // guards what follows
	handler chat.Handler
	people  []Person
	closed  map[string]bool       // channels Griot was put out of
	said    map[string][]*Message // by channel, oldest first
	nudged  map[string]bool       // keys of nudges already shown
	journal *journal              // nil: memory only
	last    int64                 // highest message or line number given; begins at the clock's Unix milliseconds
	spent   bool                  // the key of the URL has been used
}

// New opens a surface and reads its journal. Errors: a required option is missing or contradictory, or the journal cannot be
// read or written.
func New(o Options) (*Surface, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.fill()
	s := &Surface{
		o:      o,
		origin: http.NewCrossOriginProtection(),
		blobs:  newBlobs(o.Journal),
		feed:   newFeed(),
		acts:   newActs(),
		stop:   make(chan struct{}),
		people: append([]Person(nil), o.People...),
		closed: map[string]bool{},
		said:   map[string][]*Message{},
		nudged: map[string]bool{},
	}
	if o.Journal != "" {
		if err := s.restore(); err != nil {
			return nil, fmt.Errorf("open playground %s: %w", o.Name, err)
		}
	}
	// A lost journal must not give old ids anew: what is still written down about a lost message would change another one.
	s.last = max(s.last, o.Now().UnixMilli())
	return s, nil
}

func (o Options) check() error {
	switch {
	case o.Name == "":
		return errors.New("playground: Name is empty")
	case o.Now == nil:
		return errors.New("playground: Now is nil")
	case len(o.People) == 0 || len(o.Channels) == 0:
		return errors.New("playground: somebody to speak as and a channel are needed")
	case o.Prefix != "" && (!strings.HasPrefix(o.Prefix, "/") || strings.HasSuffix(o.Prefix, "/")):
		return fmt.Errorf("playground: Prefix %q must start with / and not end with it", o.Prefix)
	}
	for _, c := range o.Channels {
		if c.ID == "" || strings.HasPrefix(c.ID, direct) {
			return fmt.Errorf("playground: channel id %q", c.ID)
		}
	}
	for _, p := range o.People {
		if p.User == "" || p.User == Griot {
			return fmt.Errorf("playground: user id %q", p.User)
		}
	}
	for _, link := range []string{o.Beside, o.Second} {
		if _, err := url.Parse(link); err != nil {
			return fmt.Errorf("playground: link: %w", err)
		}
	}
	return nil
}

func (o *Options) fill() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxUpload <= 0 {
		o.MaxUpload = defaultMaxUpload
	}
	if o.Title == (i18n.Text{}) {
		o.Title = i18n.Text{En: "Griot", Fr: "Griot"}
	}
	if o.Commands == nil {
		o.Commands = func(i18n.Locale) []Completion { return nil }
	}
}

// Name is the surface's name, as it stands in places and in Who.
func (s *Surface) Name() string { return s.o.Name }

// Run lets people act until ctx ends, then waits for the acts under way. Before and after it, what people do is refused with a
// sentence and nothing is stored. It returns ctx's error, and may be called once.
func (s *Surface) Run(ctx context.Context, h chat.Handler) error {
	s.mu.Lock()
	s.handler = h
	s.mu.Unlock()
	<-ctx.Done()
	s.mu.Lock()
	s.handler = nil
	s.mu.Unlock()
	s.once.Do(func() { close(s.stop) })
	s.running.Wait()
	return ctx.Err()
}

// Close gives the journal back. Messages sent afterwards are refused.
func (s *Surface) Close() error {
	s.once.Do(func() { close(s.stop) })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.journal == nil {
		return nil
	}
	return s.journal.close()
}

// AddPerson lets visitors speak as p too, or changes who p is when the user is known. The page follows at once. It fails for
// an empty user id and for Griot's own.
func (s *Surface) AddPerson(p Person) error {
	if p.User == "" || p.User == Griot {
		return fmt.Errorf("playground: user id %q", p.User)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.people, func(old Person) bool { return old.User == p.User })
	if i >= 0 {
		s.people[i] = p
	} else {
		s.people = append(s.people, p)
	}
	s.feed.publish("people", "", s.roster())
	return nil
}

// Place is a channel as the rest of Griot names it; Direct(user) is a channel too.
func (s *Surface) Place(channel string) chat.Place {
	return chat.Place{Surface: s.o.Name, Workspace: s.o.Name, Channel: channel}
}

// Direct is the id of the conversation between a user and Griot.
func Direct(user string) string { return direct + user }

const direct = "dm:"

// Who is a person as the rest of Griot knows them; false when nobody has that user id.
func (s *Surface) Who(user string) (chat.Who, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.who(user)
}

func (s *Surface) who(user string) (chat.Who, bool) {
	for _, p := range s.people {
		if p.User == user {
			return chat.Who{
				Surface: s.o.Name, Workspace: s.o.Name, User: p.User, Name: p.Name,
				Locale: p.Locale, Zone: p.Zone, Manager: p.Manager,
			}, true
		}
	}
	return chat.Who{}, false
}

// known reports whether a channel exists. The caller holds mu.
func (s *Surface) known(channel string) bool {
	if user, ok := strings.CutPrefix(channel, direct); ok {
		_, ok = s.who(user)
		return ok
	}
	for _, c := range s.o.Channels {
		if c.ID == channel {
			return true
		}
	}
	return false
}

// Ready reports whether Run listens to what people do.
func (s *Surface) Ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handler != nil
}
