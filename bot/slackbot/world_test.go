package slackbot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
	"griot/i18n"
)

// world is one Slack with one workspace, and a Griot that listens to it.
type world struct {
	*testing.T
	slack  *slacktest.Server
	acme   *slacktest.Workspace
	awa    *slacktest.Person  // French, an admin
	posts  *slacktest.Channel // awa and Griot are in it
	griot  *slackbot.Surface
	base   string // of Griot's HTTP address; empty: it listens by sockets
	desk   *desk
	rights *rights
	shelf  *shelf
	clock  *clock
	log    *journal
	stop   func() // ends Griot and waits for it
}

// setting is what a test wants to be otherwise. The zero value is one workspace by Socket Mode.
type setting struct {
	http  bool
	slack slacktest.Options
	griot func(*slackbot.Options)
	ready func(world) // before Griot starts
}

// begin makes a world in which Griot runs until the test ends.
func begin(t *testing.T, s setting) world {
	t.Helper()
	w := world{T: t, clock: newClock(), log: &journal{}, desk: newDesk()}
	s.slack.Now = w.clock.Now
	if s.slack.Pace == 0 {
		s.slack.Pace = -1
	}
	w.slack = slacktest.New(t, s.slack)
	w.acme = w.slack.Workspace("acme")
	w.acme.Install()
	w.awa = w.acme.Person(slacktest.Profile{Name: "awa", Locale: "fr-FR", Zone: "Europe/Paris", Admin: true})
	w.posts = w.acme.Channel("posts", w.awa)
	w.posts.Invite() // nobody listens yet
	w.rights = newRights(w.clock)
	if s.ready != nil {
		s.ready(w)
	}
	o := slackbot.Options{API: w.slack.API(), BotToken: w.acme.Token(), AppToken: w.slack.App.Token, Installs: w.rights, Locale: i18n.En,
		Roots: roots(), Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Pause: slackbot.Pause{Least: 20 * time.Millisecond, Most: 100 * time.Millisecond}}
	if s.http {
		o.AppToken, o.SigningSecret = "", w.slack.App.SigningSecret
	}
	w.shelf = &shelf{held: map[string]bool{}}
	o.Keep, o.Stale = w.shelf.keep, w.shelf.stale
	if s.griot != nil {
		s.griot(&o)
	}
	w.griot = slackbot.New(o)
	w.shelf.later = w.griot.Later
	w.run(o.AppToken != "")
	if s.http {
		w.serve()
	}
	return w
}

// run starts Griot. The test ends it, unless stop did before.
func (w *world) run(sockets bool) {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- w.griot.Run(ctx, w.desk.handle) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-over; !errors.Is(err, context.Canceled) {
			w.Errorf("Griot ended with %v", err)
		}
		w.shelf.all.Wait()
	})
	w.Cleanup(func() { w.stop(); w.secrets() })
	if sockets {
		w.slack.WaitConnected(2)
		w.slack.Eventually("health", func() bool { return w.griot.Health() == nil })
	}
}

// serve makes Slack deliver over HTTP.
func (w *world) serve() {
	server := httptest.NewServer(w.griot.Handler())
	w.Cleanup(server.Close)
	w.base = server.URL
	w.slack.OverHTTP(server.URL)
}

// secret is what must never be in a log: tokens, secrets, addresses that whoever has them may answer or connect by.
var secret = regexp.MustCompile(`xox[a-z]-|xoxe|xapp-|client-secret|signing-secret|/secret\d|ticket=`)

// secrets fails the test when the log has any.
func (w world) secrets() {
	for line := range strings.SplitSeq(w.log.String(), "\n") {
		if secret.MatchString(line) {
			w.Errorf("a secret in the log: %s", line)
		}
	}
}

// unrefused fails the test when Slack refused a call, but for those that a test expects.
func (w world) unrefused(but ...string) {
	w.Helper()
	if refused := slices.DeleteFunc(w.slack.Refused(), func(s string) bool { return slices.Contains(but, s) }); len(refused) > 0 {
		w.Errorf("Slack refused: %q", refused)
	}
}

// tooEarly is a look for a window that Slack has not shown yet: what follows an acknowledgement may be there before it.
const tooEarly = "views.update: not_found"

func (w world) ok(ack slacktest.Ack) {
	w.Helper()
	if !ack.OK() {
		w.Fatalf("not acknowledged in order: %+v", ack)
	}
}

// must fails the test for good.
func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// says fails the test when a text does not have all of what it should.
func (w world) says(text string, all ...string) {
	w.Helper()
	for _, x := range all {
		if !strings.Contains(text, x) {
			w.Errorf("%q is not in:\n%s", x, text)
		}
	}
}

func (w world) at(c *slacktest.Channel) chat.Place {
	return chat.Place{Surface: slackbot.Name, Workspace: w.acme.ID, Channel: c.ID}
}

// card places the card of a post in posts, as the board does.
func (w world) card(id string) chat.MessageRef {
	w.Helper()
	ref, err := w.griot.Send(w.Context(), w.at(w.posts), id, w.desk.card(id))
	w.must(err)
	return ref
}

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)} }

// Now is the instant it shows.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// journal is a log that is read while it is written.
type journal struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

// Write adds to it.
func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(b)
}

// String is all of it.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// shelf keeps what Slack sent and goes on with it at once, as the jobs do: once per id, again while that fails.
type shelf struct {
	later func(context.Context, []byte) error
	all   sync.WaitGroup

	mu    sync.Mutex // guards what follows
	held  map[string]bool
	ids   []string // in the order in which they came, each time
	old   []chat.MessageRef
	why   error // that nothing can be kept; nil: it can
	paper [][]byte
	lost  []error // of Later
}

func (s *shelf) keep(_ context.Context, id string, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why != nil {
		return s.why
	}
	s.ids = append(s.ids, id)
	if s.held[id] {
		return nil
	}
	s.held[id] = true
	s.paper = append(s.paper, payload)
	s.all.Go(func() {
		for range 5 {
			err := s.later(context.Background(), payload)
			if err == nil {
				return
			}
			s.mu.Lock()
			s.lost = append(s.lost, err)
			s.mu.Unlock()
		}
	})
	return nil
}

// breaks makes keeping fail, or work again when why is nil.
func (s *shelf) breaks(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.why = why
}

// kept is how many things were kept.
func (s *shelf) kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held)
}

// failures are the errors of Later.
func (s *shelf) failures() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]error(nil), s.lost...)
}

func (s *shelf) stale(_ context.Context, ref chat.MessageRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.old = append(s.old, ref)
	return nil
}

// doubted are the messages of which Griot said that they may not show what was answered.
func (s *shelf) doubted() []chat.MessageRef {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]chat.MessageRef(nil), s.old...)
}
