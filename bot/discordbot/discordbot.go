// Package discordbot is Discord as a chat surface: it takes what people do there, over the gateway or over HTTP, from any
// number of servers, gives it to the handler, and shows what comes back within Discord's limits. It knows chat and i18n, and
// how Discord's things look (components); it never sees a post or a team.
package discordbot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"griot/bot/discordbot/components"
	"griot/bot/tasks"
	"griot/chat"
	"griot/i18n"
)

// Name is the surface's name in places and identities.
const Name = "discord"

// Guild is a server that Griot was invited to.
type Guild struct{ ID, Name string }

// Guilds keep where Griot was invited, over restarts.
type Guilds interface {
	// All lists the servers that Griot is in, as far as was noted.
	All(ctx context.Context) ([]Guild, error)
	// Save notes one that it was invited to.
	Save(ctx context.Context, g Guild) error
	// Remove notes that it was put out of one, and tells the team's admins in their other chats. It reports false when it was not
	// noted as being there.
	Remove(ctx context.Context, id string) (bool, error)
}

// Memory keeps small things over restarts, for every process.
type Memory interface {
	// Shelve keeps for a day what a person has typed between two windows, and gives the short name to find it by.
	Shelve(ctx context.Context, what []byte) (id string, err error)
	// Shelved reads it; chat.ErrGone when it is no more.
	Shelved(ctx context.Context, id string) ([]byte, error)
	// Hold takes a thing that one process alone may have, or keeps it; false while another has it.
	Hold(ctx context.Context, name string, d time.Duration) (bool, error)
	// LetGo gives it back.
	LetGo(ctx context.Context, name string) error
	// Noted reads what Note has kept under a name; empty when there is nothing.
	Noted(ctx context.Context, name string) (string, error)
	Note(ctx context.Context, name, value string) error
}

// Options are what the surface stands on. Token, App, Guilds, Memory, Keep, Stale and Now are required.
type Options struct {
	API       string // base of the REST API; empty: https://discord.com/api/v10
	Token     string // of the bot, without "Bot "
	App       string // id of the application
	PublicKey string // of requests over HTTP, in hexadecimal; empty: they are not answered
	Gateway   bool   // whether to listen there; without it HTTP alone
	Shards    int    // of the gateway; zero: as many as Discord says
	Commands  []Command
	Menus     []Menu
	Guilds    Guilds
	Memory    Memory

	// Keep stores what came from Discord and takes longer than it waits, once per id, until Later has dealt with it.
	Keep func(ctx context.Context, id string, payload []byte) error
	// Stale says that a message may not show what the handler answered to a press of it.
	Stale func(ctx context.Context, ref chat.MessageRef) error
	// Installed is told that a server has just invited Griot, or again; nil: nobody.
	Installed func(ctx context.Context, guild string)

	Locale i18n.Locale // of people whose language is not known
	Now    func() time.Time
	Log    *slog.Logger // nil: silent
	Pause  Pause
}

// Pause is how long the gateway waits for what; zero: as Discord wants it. Tests shorten it.
type Pause struct {
	Identify time.Duration // between two sessions of a shard; 5 s; negative: none
	Least    time.Duration // before connecting again, doubled up to Most; 1 s
	Most     time.Duration // 30 s
	Silent   time.Duration // after which a connection that says nothing is dead; 100 s
	Open     time.Duration // for a connection to be there; 30 s
	Renew    time.Duration // between two looks at who has a shard; 10 s
}

func (p Pause) orUsual() Pause {
	return Pause{Identify: cmp.Or(p.Identify, 5*time.Second), Least: cmp.Or(p.Least, time.Second), Most: cmp.Or(p.Most, 30*time.Second),
		Silent: cmp.Or(p.Silent, 100*time.Second), Open: cmp.Or(p.Open, 30*time.Second), Renew: cmp.Or(p.Renew, 10*time.Second)}
}

// Surface is Discord.
type Surface struct {
	o      Options
	rest   *rest
	tasks  *tasks.Group
	firsts tasks.Firsts
	rooms  cache[room]
	shown  cache[[]string]          // names of the pictures of a message, by its id
	sends  cache[int]               // messages sent for a key by this process
	homes  cache[string]            // the conversation with somebody, by their id
	opened cache[components.Window] // forms that were opened at once, by who has them and their tag: Discord does not send back what they are
	live   cache[interaction]       // what was answered by an answer that may still change, by the event's id
	guilds known
	noting sync.Mutex // one invitation or removal is noted at a time
	shards shards

	mu      sync.Mutex // guards handler
	handler chat.Handler
}

var _ chat.Surface = (*Surface)(nil)

// New makes a surface that does not listen yet.
func New(o Options) *Surface {
	o.API = cmp.Or(o.API, "https://discord.com/api/v10")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Pause = o.Pause.orUsual()
	s := &Surface{o: o, tasks: tasks.New(Name, o.Log)}
	s.rest = newRest(o.API, o.Token, o.Now, o.Log)
	return s
}

// Name is the surface's name.
func (s *Surface) Name() string { return Name }

var errNotRunning = errors.New("discordbot: does not run")

// Run takes what people do until ctx ends, then waits for what is under way. It returns ctx's error and may be called once.
func (s *Surface) Run(ctx context.Context, h chat.Handler) error {
	s.mu.Lock()
	s.handler = h
	s.mu.Unlock()
	s.tasks.Open(ctx)
	s.tasks.Do(func(context.Context) { s.introduce(ctx) })
	hangUp := s.connect(ctx)
	<-ctx.Done()
	s.tasks.Close()
	hangUp()
	s.mu.Lock()
	s.handler = nil
	s.mu.Unlock()
	s.rest.http.CloseIdleConnections()
	return ctx.Err()
}

// introduce registers the commands, and finds out where Griot was invited when no gateway says so.
func (s *Surface) introduce(ctx context.Context) {
	wait := s.o.Pause.Least
	for ctx.Err() == nil {
		err := s.register(ctx)
		if err == nil && !s.o.Gateway {
			err = s.census(ctx)
		}
		if err == nil || s.rest.dead() != nil {
			return
		}
		s.o.Log.Warn("not at home in discord yet", "surface", Name, "err", err)
		select {
		case <-time.After(max(wait, after(err))):
		case <-ctx.Done():
		}
		wait = min(2*wait, s.o.Pause.Most)
	}
}

// handle asks the handler, when there is one.
func (s *Surface) handle(ctx context.Context, e chat.Event) (chat.Answer, error) {
	s.mu.Lock()
	h := s.handler
	s.mu.Unlock()
	if h == nil {
		return nil, errNotRunning
	}
	return h(ctx, e)
}

// place is a channel as the rest of Griot names it.
func place(guild, channel string) chat.Place {
	return chat.Place{Surface: Name, Workspace: guild, Channel: channel}
}

// Health is nil while what people do in Discord reaches Griot, and else says since when it does not, and why.
func (s *Surface) Health() error {
	if err := s.rest.dead(); err != nil {
		return err
	}
	if !s.o.Gateway {
		return nil
	}
	return s.shards.health()
}

// shardOf is the shard of a server. Source: docs.discord.com, events/gateway, sharding.
func shardOf(guild string, n int) int {
	id, err := strconv.ParseUint(guild, 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return int((id >> 22) % uint64(n))
}

// transport keeps enough connections open for a busy minute: all calls go to one host.
func transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 32
	return t
}
