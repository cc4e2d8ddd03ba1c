// Package discordtest is a strict Discord in memory, on real sockets, for tests: the REST API, the gateway, signed HTTP
// interactions and files, with people who act and look. It is written from Discord's documentation, checks every request against
// Discord's own OpenAPI description, shares no code with what it judges, and is itself driven by an independent client
// (discordgo). It refuses what Discord refuses and, where nobody knows, it is the stricter one.
//
// A test makes a Server, guilds, channels and people, and then reads like a day at the office:
//
//	s := discordtest.New(t, discordtest.Options{})
//	acme := s.Guild("Acme")
//	acme.Install()                                     // the bot joins
//	awa := acme.Person(discordtest.Profile{Name: "awa", Locale: "fr", Manager: true})
//	posts := acme.Channel("posts")
//	s.WaitConnected(1)                                 // the app, with s.API() and s.App.Token
//	awa.Command(posts, "post draft", nil)              // waits for the first response
//	awa.Submit(discordtest.Values{"Text": {"Hello"}})  // the modal on awa's screen
//	awa.Press(posts.Last(), "Approve")
//	posts.Last().Lines                                 // the message as a person reads it
//	s.Refused(), s.Faults()                            // what the app did wrong; Faults fail the test by themselves
//
// Every act returns the app's first response. What happens afterwards is the app's business: wait with Eventually.
package discordtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options make a server. The zero value is Discord as it is, on the real clock.
type Options struct {
	Now         func() time.Time // clock of ids, of tokens of interactions, of addresses of files and of rates; nil: time.Now
	Wait        time.Duration    // how long a first response is waited for, in real time; 0: three seconds, as at Discord
	Heartbeat   time.Duration    // between two heartbeats that the gateway asks for, in real time; 0: 41.25 seconds
	Unlimited   bool             // no rate limits and no pace of IDENTIFY: for tests by a clock that stands still
	Shards      int              // that GET /gateway/bot recommends; 0: one. With more than one a bot without shards is refused
	Concurrency int              // max_concurrency, IDENTIFYs in five seconds; 0: one
	Starts      int              // sessions that may still be started; 0: a thousand
	Privileged  Intents          // privileged intents that the owner switched on
	MaxFile     int64            // bytes of a file; 0: 10 MiB
	Lenient     bool             // what goes wrong for people is only kept in Faults; otherwise it fails the test too
}

// Server is one Discord with one app and any number of guilds. It is safe for concurrent use.
type Server struct {
	URL string // of the listener, without a slash at the end
	App App

	Options
	t    testing.TB
	http *httptest.Server
	out  *http.Client   // deliveries over HTTP
	busy sync.WaitGroup // goroutines of the server
	end  chan struct{}  // closed when the test is over

	mu       sync.Mutex // guards what follows
	over     bool       // the test ended: nothing may be told to it
	last     int64      // the newest id
	order    []*Guild
	people   []*Person
	directs  []*Channel
	commands map[string][]Object // registered, by the id of their guild; "": everywhere
	talks    map[string]*interaction
	files    map[string]*file
	nonces   map[string]once
	calls    []Call
	faults   []string
	waves    []*wave
	held     []*Held
	buckets  map[string]*window
	bad      []time.Time // calls that count towards a ban
	banAt    int         // how many of those ban; 0: ten thousand
	banned   bool
	gate     gate
	base     string        // of the app, for HTTP; empty: the gateway
	changed  chan struct{} // closed and replaced whenever something happens
}

// New starts a server that listens on a free loopback port until the test ends.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	official() // before the app is there to wait for it
	s := &Server{
		App: newApp(), Options: o.filled(), t: t, end: make(chan struct{}), out: outgoing(), commands: map[string][]Object{},
		talks: map[string]*interaction{}, files: map[string]*file{}, nonces: map[string]once{}, buckets: map[string]*window{},
		changed: make(chan struct{}),
	}
	s.gate.starts = s.Starts
	s.http = httptest.NewServer(s.routes())
	s.URL = s.http.URL
	t.Cleanup(s.close)
	return s
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	for d, usual := range map[*time.Duration]time.Duration{&o.Wait: 3 * time.Second, &o.Heartbeat: 41250 * time.Millisecond} {
		if *d == 0 {
			*d = usual
		}
	}
	for n, usual := range map[*int]int{&o.Shards: 1, &o.Concurrency: 1, &o.Starts: 1000} {
		if *n == 0 {
			*n = usual
		}
	}
	if o.MaxFile == 0 {
		o.MaxFile = 10 << 20
	}
	return o
}

// outgoing is Discord's own HTTP client: it follows no redirect and keeps connections for many deliveries at once.
func outgoing() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 128},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// API is the base of the REST API, without a slash at the end: what DISCORD_API_URL is set to.
func (s *Server) API() string { return s.URL + "/api/v10" }

// close ends sockets first, so that the listener does not wait for them.
func (s *Server) close() {
	close(s.end)
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	s.Drop()
	s.busy.Wait()
	s.http.CloseClientConnections()
	s.http.Close()
	s.out.CloseIdleConnections()
}

// Faults are the things that went wrong in a way people would see, or that Discord ignores without a word.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// fault keeps what went wrong and, unless Lenient, fails the test. The mutex is held.
func (s *Server) fault(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	s.faults = append(s.faults, what)
	if !s.Lenient && !s.over {
		s.t.Errorf("discord: %s", what)
	}
}

// Eventually waits until ok says yes, looking again whenever something happened here. After twenty seconds the test fails with
// what was waited for. It must be called from the test's own goroutine.
func (s *Server) Eventually(what string, ok func() bool) {
	s.t.Helper()
	late := time.After(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond) // the app's own state changes too
	defer tick.Stop()
	for {
		s.mu.Lock()
		news := s.changed
		s.mu.Unlock()
		if ok() {
			return
		}
		select {
		case <-news:
		case <-tick.C:
		case <-late:
			s.t.Fatalf("discord: waited twenty seconds for %s", what)
		}
	}
}

// news wakes everybody who waits. The mutex is held.
func (s *Server) news() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// epoch is the first millisecond of Discord's ids. Source: docs.discord.com/developers/reference, snowflakes.
const epoch = 1420070400000

// id is a new snowflake: later than all before it. The mutex is held.
func (s *Server) id() string {
	s.last = max((s.Now().UnixMilli()-epoch)<<22, s.last+1)
	return strconv.FormatInt(s.last, 10)
}

// guildID is the snowflake of the nth guild. Guilds take turns on the shards, so that tests know which is where.
func guildID(n int) string { return strconv.FormatInt((1000000000000+int64(n))<<22, 10) }

// stamp is an instant as Discord writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

// Commands are the registered commands that everybody has, as the app wrote them, with their ids.
func (s *Server) Commands() []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copied(s.commands[""]).([]Object)
}

// Call is one call of the REST API.
type Call struct {
	Route  Route
	Path   string   // as called, below the version
	Body   any      // as decoded; of an upload its payload_json
	Files  []string // names of what was uploaded with it
	Status int
	Code   int      // of Discord's error; 0: it went well
	Told   []string // what it was told when it was refused
	At     time.Time
}

// Calls are the calls of a route so far, oldest first; of all routes when it is empty.
func (s *Server) Calls(route Route) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Call
	for _, c := range s.calls {
		if route == "" || c.Route == route {
			found = append(found, c)
		}
	}
	return found
}

// Refused are the calls that were refused, as "POST /channels/1/messages: 50013: Missing Permissions", and what the gateway
// refused, for a test that wants none.
func (s *Server) Refused() []string {
	var found []string
	for _, c := range s.Calls("") {
		if c.Status >= 400 {
			method, _, _ := strings.Cut(string(c.Route), " ")
			found = append(found, fmt.Sprintf("%s %s: %d: %s", method, c.Path, c.Code, strings.Join(c.Told, "; ")))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(found, s.gate.refused...)
}
