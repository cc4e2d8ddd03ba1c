// Package slackbot is Slack as a chat surface: it takes what people do there, by Socket Mode or over HTTP, from any number of
// workspaces, gives it to the handler, and shows what comes back within Slack's limits. It knows chat and i18n, and how
// Slack's things look (blockkit); it never sees a post or a team.
package slackbot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"griot/bot/tasks"
	"griot/chat"
	"griot/i18n"
)

// Name is the surface's name in places and identities.
const Name = "slack"

// Install is Griot's right to speak in one workspace.
type Install struct {
	Workspace   string // Slack's team id
	Name        string // of the workspace, as people know it
	App         string // Slack's app id
	BotUser     string // Griot's own user id there
	InstalledBy string // user id of who installed the app; empty: not known
	Scopes      []string
	Token       string
	Refresh     string    // single-use; empty when tokens are not rotated
	Expires     time.Time // of Token; zero: never
}

// Installs keep the rights of many workspaces, sealed. Errors other than chat.ErrRemoved are worth another try.
type Installs interface {
	// Get reads one; chat.ErrRemoved when the workspace has not installed Griot, or no longer does.
	Get(ctx context.Context, workspace string) (Install, error)
	// Save stores a right that a workspace has just given.
	Save(ctx context.Context, i Install) error
	// Rotate lets refresh fetch new tokens, one process at a time, and stores them; what another process has just fetched is
	// returned instead.
	Rotate(ctx context.Context, workspace string, refresh func(context.Context, Install) (Install, error)) (Install, error)
	// Remove forgets a right and tells the team's admins in their other chats.
	Remove(ctx context.Context, workspace string) error
	// NewState makes the single-use word that binds an installation to who began it; UseState spends it, and reports whether
	// it was good.
	NewState(ctx context.Context) (string, error)
	UseState(ctx context.Context, state string) (bool, error)
}

// Options are what the surface stands on. Installs, Keep, Stale and Now are required.
type Options struct {
	API           string // base of the Web API, ends in "/"; empty: https://slack.com/api/
	BotToken      string // of the one workspace; empty: Installs alone know workspaces
	AppToken      string // for Socket Mode; empty: over HTTP only
	SigningSecret string // of requests over HTTP; empty: Socket Mode only
	ClientID      string // with ClientSecret and BaseURL: any workspace may install Griot at /slack/install
	ClientSecret  string
	BaseURL       string // public address of Griot, without a path
	Prefix        string // before the short names of commands
	Roots         []Root // first words of commands, as the manifest lists them
	Installs      Installs

	// Keep stores what came from Slack without anybody waiting for an answer, once per id, until Later has dealt with it.
	Keep func(ctx context.Context, id string, payload []byte) error
	// Stale says that a message may not show what the handler answered to a press of it.
	Stale func(ctx context.Context, ref chat.MessageRef) error
	// Installed is told that a workspace has just given, or given back, its right; nil: nobody.
	Installed func(ctx context.Context, workspace string)

	Locale i18n.Locale // of people whose language is not known
	Now    func() time.Time
	Log    *slog.Logger // nil: silent
	Pause  Pause        // between connections; zero: half a second, doubled up to fifteen
}

// Surface is Slack.
type Surface struct {
	o      Options
	http   *http.Client
	bots   bots
	people profiles
	rooms  rooms
	lists  lists
	files  uploads
	lines  []*line
	tasks  *tasks.Group
	turns  turns
	firsts tasks.Firsts

	mu      sync.Mutex // guards handler
	handler chat.Handler
}

var _ chat.Surface = (*Surface)(nil)

// callTime bounds one call of the Web API.
const callTime = 15 * time.Second

// New makes a surface that does not listen yet.
func New(o Options) *Surface {
	o.API = cmp.Or(o.API, "https://slack.com/api/")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Pause = o.Pause.orUsual()
	s := &Surface{o: o, http: &http.Client{Timeout: callTime, Transport: transport(), CheckRedirect: stayHere}}
	s.bots.all = map[string]*bot{}
	s.people.all, s.rooms.all, s.files.all = map[string]profile{}, map[string]room{}, map[string]uploaded{}
	s.lists.all = map[string]list{}
	s.turns.all, s.tasks = map[string]*turn{}, tasks.New(Name, o.Log)
	if o.AppToken != "" {
		s.lines = []*line{{pause: o.Pause}, {pause: o.Pause}}
	}
	return s
}

// transport keeps enough connections open for a busy minute: all calls go to one host.
func transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 32
	return t
}

// Name is the surface's name.
func (s *Surface) Name() string { return Name }

var errNotRunning = errors.New("slackbot: does not run")

// Run takes what people do until ctx ends, then waits for what is under way. Before and after it, Slack is refused and
// delivers again. It returns ctx's error and may be called once.
func (s *Surface) Run(ctx context.Context, h chat.Handler) error {
	s.mu.Lock()
	s.handler = h
	s.mu.Unlock()
	s.tasks.Open(ctx)
	if s.o.BotToken != "" {
		s.tasks.Do(func(context.Context) { s.introduce(ctx) })
	}
	hangUp := s.connect(ctx)
	<-ctx.Done()
	s.tasks.Close()
	hangUp()
	s.mu.Lock()
	s.handler = nil
	s.mu.Unlock()
	s.http.CloseIdleConnections()
	return ctx.Err()
}

// onItsWay is how long the last acknowledgements get to leave before their sockets close.
const onItsWay = 100 * time.Millisecond

// connect opens the sockets until hangUp is called: they outlive ctx, so that what is answered last goes out on them.
func (s *Surface) connect(ctx context.Context) (hangUp func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var lines sync.WaitGroup
	for i, l := range s.lines {
		lines.Go(func() { s.listen(ctx, i, l) })
	}
	return func() {
		if len(s.lines) > 0 {
			<-time.After(onItsWay)
		}
		cancel()
		lines.Wait()
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
func place(workspace, channel string) chat.Place {
	return chat.Place{Surface: Name, Workspace: workspace, Channel: channel}
}

// Health is nil while what people do in Slack reaches Griot, and else says since when it does not, and why.
func (s *Surface) Health() error {
	if err := s.bots.trouble(); err != nil {
		return err
	}
	if len(s.lines) == 0 {
		return nil
	}
	now := s.o.Now()
	var last *chat.Silence
	for _, l := range s.lines {
		silence := l.health(now)
		if silence == nil {
			return nil
		}
		if last == nil || silence.From.After(last.From) {
			last = silence // until then that one heard what people do
		}
	}
	if last.From.IsZero() {
		return last.Err
	}
	return last
}
