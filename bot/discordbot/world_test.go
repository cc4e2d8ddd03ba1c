package discordbot_test

import (
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

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
	"griot/i18n"
)

// world is one Discord with one server, and a Griot that listens to it.
type world struct {
	*testing.T
	discord *discordtest.Server
	acme    *discordtest.Guild
	awa     *discordtest.Person // French, manages the server
	posts   *discordtest.Channel
	griot   *discordbot.Surface
	base    string // of Griot's HTTP address; empty: it listens to the gateway
	desk    *desk
	guilds  *guilds
	store   *store
	shelf   *shelf
	clock   *clock
	log     *journal
	stop    func() // ends Griot and waits for it
}

// setting is what a test wants to be otherwise. The zero value is one server by the gateway.
type setting struct {
	http    bool
	limited bool // Discord's own limits hold, by the test's clock
	discord discordtest.Options
	griot   func(*discordbot.Options)
	ready   func(world) // before Griot starts
	unheard bool        // nobody waits until Griot is there
}

// begin makes a world in which Griot runs until the test ends.
func begin(t *testing.T, s setting) world {
	t.Helper()
	w := world{T: t, clock: newClock(), log: &journal{}, desk: newDesk(), guilds: newGuilds(), shelf: &shelf{held: map[string]bool{}}}
	s.discord.Now, s.discord.Unlimited = w.clock.Now, !s.limited
	w.store = newStore(w.clock)
	w.discord = discordtest.New(t, s.discord)
	w.acme = w.discord.Guild("Acme")
	w.acme.Install()
	w.guilds.add(w.acme)
	w.awa = w.acme.Person(discordtest.Profile{Name: "awa", Locale: "fr", Manager: true})
	w.posts = w.acme.Channel("posts")
	if s.ready != nil {
		s.ready(w)
	}
	o := w.options(s.http)
	if s.griot != nil {
		s.griot(&o)
	}
	w.griot = discordbot.New(o)
	w.shelf.later = w.griot.Later
	w.run(w.griot)
	switch {
	case s.unheard:
	case s.http:
		w.serve()
	default:
		w.discord.WaitConnected(1)
		w.discord.Eventually("health", func() bool { return w.griot.Health() == nil })
	}
	if !s.unheard {
		w.discord.Eventually("the commands", func() bool { return len(w.discord.Commands()) > 0 })
	}
	return w
}

// options are those of a Griot that listens to the gateway, or over HTTP.
func (w world) options(http bool) discordbot.Options {
	o := discordbot.Options{API: w.discord.API(), Token: w.discord.App.Token, App: w.discord.App.ID, Gateway: !http, Commands: commands(), Menus: menus(),
		Guilds: w.guilds, Memory: w.store.of("first"), Keep: w.shelf.keep, Stale: w.shelf.stale, Installed: w.guilds.invited, Locale: i18n.En, Now: w.clock.Now,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Pause: discordbot.Pause{Identify: -1, Least: 10 * time.Millisecond, Most: 50 * time.Millisecond, Silent: time.Minute,
			Open: 5 * time.Second, Renew: 20 * time.Millisecond}}
	if http {
		o.PublicKey = w.discord.App.PublicKey
	}
	return o
}

// run starts a Griot. The test ends it, unless stop did before.
func (w *world) run(griot *discordbot.Surface) {
	w.Helper()
	w.stop = w.start(griot)
	w.Cleanup(func() { w.shelf.all.Wait(); w.secrets() })
}

// start runs one more Griot, until stop or the end of the test.
func (w world) start(griot *discordbot.Surface) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- griot.Run(ctx, w.desk.handle) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-over; !errors.Is(err, context.Canceled) {
			w.Errorf("Griot ended with %v", err)
		}
	})
	w.Cleanup(stop)
	return stop
}

// serve makes Discord deliver over HTTP.
func (w *world) serve() {
	server := httptest.NewServer(w.griot.Handler())
	w.Cleanup(server.Close)
	w.base = server.URL
	w.discord.OverHTTP(server.URL)
}

// secret is what must never be in a log: the token of the bot, and those of interactions.
var secret = regexp.MustCompile(`aW50ZXJhY3Rpb24|Bot [\w.-]{20}`)

// secrets fails the test when the log has any.
func (w world) secrets() {
	for line := range strings.SplitSeq(w.log.String(), "\n") {
		if secret.MatchString(line) || strings.Contains(line, w.discord.App.Token) {
			w.Errorf("a secret in the log: %s", line)
		}
	}
}

// unrefused fails the test when Discord refused a call, but for those that a test expects.
func (w world) unrefused(but ...string) {
	w.Helper()
	if refused := slices.DeleteFunc(w.discord.Refused(), func(s string) bool {
		return slices.ContainsFunc(but, func(b string) bool { return strings.Contains(s, b) })
	}); len(refused) > 0 {
		w.Errorf("Discord refused: %q", refused)
	}
}

func (w world) ok(ack discordtest.Ack) {
	w.Helper()
	if !ack.OK() {
		w.Fatalf("not answered in order: %+v", ack)
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

func (w world) at(c *discordtest.Channel) chat.Place {
	return chat.Place{Surface: discordbot.Name, Workspace: w.acme.ID, Channel: c.ID}
}

// card places the card of a post in posts, as the board does.
func (w world) card(id string) chat.MessageRef {
	w.Helper()
	ref, err := w.griot.Send(w.Context(), w.at(w.posts), id, w.desk.card(id))
	w.must(err)
	return ref
}

// wants fails the test when an error is not of a kind.
func (w world) wants(what string, got, want error) {
	w.Helper()
	if !errors.Is(got, want) {
		w.Errorf("%s: %v, want %v", what, got, want)
	}
}

// whispered reports whether something that awa alone sees says words.
func (w world) whispered(words string) bool {
	return slices.ContainsFunc(w.awa.Ephemerals(), func(m discordtest.Message) bool { return strings.Contains(m.String(), words) })
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
