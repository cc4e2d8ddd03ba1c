// Package slacktest is a strict Slack in memory, on real sockets, for tests: the Web API, Socket Mode, signed HTTP deliveries,
// OAuth and files, with people who act and look. It is written from Slack's documentation, shares no code with what it
// judges, and is itself judged by Slack's own SDK (test/bolt). It refuses what Slack refuses and, where nobody knows, it is the
// stricter one.
//
// A test makes a Server, workspaces, channels and people, and then reads like a day at the office:
//
//	s := slacktest.New(t, slacktest.Options{})
//	acme := s.Workspace("Acme")
//	token := acme.Install()                          // the bot's
//	awa := acme.Person(slacktest.Profile{Name: "awa", Locale: "fr-FR", Zone: "Europe/Paris", Admin: true})
//	posts := acme.Channel("posts", awa, acme.Bot)
//	s.WaitConnected(1)                               // the app, with s.API(), s.App.Token and token
//	awa.Command(posts, "/post", "draft")             // waits for the acknowledgement
//	awa.Submit(slacktest.Values{"Text": {"Hello"}})  // the modal on awa's screen
//	awa.Press(posts.Last(), "Approve")
//	posts.Last().Lines                               // the message as a person reads it
//	s.Refused(), s.Faults()                          // what the app did wrong; Faults fail the test by themselves
//
// Every act returns the app's acknowledgement. What happens afterwards is the app's business: wait with Eventually.
package slacktest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options make a server. The zero value is Slack as it is, on the real clock.
type Options struct {
	Now     func() time.Time // clock of message ids, triggers, codes, response URLs and rates; nil: time.Now
	Pace    float64          // messages a second in one channel; 0: one, as at Slack; negative: no limit
	Burst   int              // messages in one channel before Pace counts; 0: three
	Tiers   bool             // whether methods have their limits a minute too
	Wait    time.Duration    // how long an acknowledgement is waited for, in real time; 0: three seconds, as at Slack
	Ping    time.Duration    // between two pings on a socket, in real time; 0: one second
	Linger  time.Duration    // between a disconnect frame and the end of that socket, in real time; 0: one second
	Raw     bool             // commands arrive as typed: the manifest says should_escape: false
	Rotate  bool             // OAuth gives tokens that live twelve hours, with a refresh token
	Lenient bool             // what goes wrong for people is only kept in Faults; otherwise it fails the test too
}

// App is the application as its owner sees it at api.slack.com.
type App struct {
	ID, ClientID, ClientSecret, SigningSecret string
	Token                                     string   // app-level, "xapp-…", for Socket Mode
	Redirects                                 []string // allowed redirect URLs, or their beginnings
	Scopes                                    []string // of the bot, as the manifest asks
	Events                                    []string // subscribed bot events; "message.im" and the like
	Commands                                  []string // slash commands, with their slash; empty: any
}

// Server is one Slack with one app and any number of workspaces. It is safe for concurrent use.
type Server struct {
	URL string // of the listener, without a slash at the end
	App App    // set it before the app starts

	Options
	t    testing.TB
	http *httptest.Server
	out  *http.Client   // deliveries over HTTP
	busy sync.WaitGroup // deliveries nobody waits for
	end  chan struct{}  // closed when the test is over

	mu         sync.Mutex // guards what follows
	over       bool       // the test ended: nothing may be told to it
	seq        int        // for ids and message ids
	stamp      time.Time  // of the last message id
	order      []*Workspace
	tokens     map[string]*token
	codes      map[string]*code
	triggers   map[string]*trigger
	urls       map[string]*reply // response URLs by their path
	files      map[string]*file
	views      map[string]*view
	calls      []Call
	faults     []string
	waves      []*wave
	held       []*Held
	buckets    map[string]*bucket
	sockets    sockets
	base       string // of the app, for HTTP; empty: Socket Mode
	again      int    // how often every act is delivered once more
	together   bool   // … at the same time as the first
	unanswered []*parcel
	appDead    string        // the error that the app-level token gives; empty: it is good
	slowFiles  int           // how often a fresh file is refused in blocks
	changed    chan struct{} // closed and replaced whenever something happens
}

// New starts a server that listens on a free loopback port until the test ends.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{
		App: App{
			ID: "A0GRIOT00", ClientID: "1111111111.2222222222", ClientSecret: "client-secret-c0ffee", SigningSecret: "signing-secret-5ea1",
			Token: "xapp-1-A0GRIOT00-333-app-level", Redirects: []string{"http://127.0.0.1", "https://"}, Scopes: usualScopes(), Events: usualEvents(),
		},
		Options: o.filled(), t: t, end: make(chan struct{}), out: outgoing(),
		tokens: map[string]*token{}, codes: map[string]*code{}, triggers: map[string]*trigger{},
		urls: map[string]*reply{}, files: map[string]*file{}, views: map[string]*view{}, buckets: map[string]*bucket{},
		changed: make(chan struct{}),
	}
	s.sockets.tickets, s.sockets.waiting = map[string]bool{}, map[string]*awaited{}
	s.http = httptest.NewServer(s.routes())
	s.URL = s.http.URL
	t.Cleanup(s.close)
	return s
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pace == 0 {
		o.Pace = 1
	}
	if o.Burst == 0 {
		o.Burst = 3
	}
	for d, usual := range map[*time.Duration]time.Duration{&o.Wait: 3 * time.Second, &o.Ping: time.Second, &o.Linger: time.Second} {
		if *d == 0 {
			*d = usual
		}
	}
	return o
}

// outgoing is Slack's own HTTP client: it follows no redirect and keeps connections for many deliveries at once.
func outgoing() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 128},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// usualScopes are those of the app's manifest.
func usualScopes() []string {
	return strings.Fields(`commands chat:write chat:write.public app_mentions:read im:history im:write channels:read channels:history
		groups:read groups:history files:read files:write users:read team:read emoji:read`)
}

// usualEvents are those of the app's manifest.
func usualEvents() []string {
	return strings.Fields(`app_home_opened app_mention message.im member_joined_channel channel_left group_left channel_archive
		channel_unarchive channel_deleted channel_rename user_change tokens_revoked app_uninstalled`)
}

// API is the base of the Web API, with a slash at the end: what SLACK_API_URL is set to.
func (s *Server) API() string { return s.URL + "/api/" }

// AuthorizeURL is the page where a person allows an app to be installed, without its query.
func (s *Server) AuthorizeURL() string { return s.URL + "/oauth/v2/authorize" }

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

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("GET /link/", s.serveSocket)
	mux.HandleFunc("GET /oauth/v2/authorize", s.serveAuthorize)
	mux.HandleFunc("POST /upload/v1/{ticket}", s.serveUpload)
	mux.HandleFunc("GET /files-pri/{id}/{name...}", s.serveFile)
	mux.HandleFunc("POST /commands/{team}/{n}/{secret}", s.serveReply)
	mux.HandleFunc("POST /actions/{team}/{n}/{secret}", s.serveReply)
	return mux
}

// Call is one call of the Web API or of a response URL.
type Call struct {
	Method string   // "chat.postMessage"; "response_url" for those
	Team   string   // id of the workspace of its token; empty when the token was no good
	Args   Object   // as decoded; a token is not in it
	Err    string   // what it was refused with; empty: it went well
	Told   []string // response_metadata.messages of a refusal
	At     time.Time
}

// Calls are the calls of a method so far, oldest first; of all methods when it is empty.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			found = append(found, c)
		}
	}
	return found
}

// Refused are the calls that were refused, as "chat.update: message_not_found: …", for a test that wants none.
func (s *Server) Refused() []string {
	var found []string
	for _, c := range s.Calls("") {
		if c.Err != "" {
			found = append(found, strings.TrimSuffix(c.Method+": "+c.Err+": "+strings.Join(c.Told, "; "), ": "))
		}
	}
	return found
}

// Faults are the things that went wrong in a way people would see, or that Slack ignores without a word.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.faults...)
}

// fault keeps what went wrong and, unless Lenient, fails the test. The mutex is held.
func (s *Server) fault(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	s.faults = append(s.faults, what)
	if !s.Lenient && !s.over {
		s.t.Errorf("slack: %s", what)
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
			s.t.Fatalf("slack: waited twenty seconds for %s", what)
		}
	}
}

// news wakes everybody who waits. The mutex is held.
func (s *Server) news() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// id is a new one in Slack's form: a letter and nine more. The mutex is held.
func (s *Server) id(letter string) string {
	s.seq++
	return fmt.Sprintf("%s0%08d", letter, s.seq)
}

// ts is a new message id, "1512085950.000216": later than all before it. The mutex is held.
func (s *Server) ts() string {
	now := s.Now().Truncate(time.Microsecond)
	if !now.After(s.stamp) {
		now = s.stamp.Add(time.Microsecond)
	}
	s.stamp = now
	return fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
}
