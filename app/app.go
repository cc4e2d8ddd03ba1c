package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"griot/accounts"
	"griot/bot"
	"griot/bot/discordbot"
	"griot/bot/playground"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/commands"
	"griot/connectors"
	"griot/connectors/all"
	"griot/connectors/rest"
	"griot/delivery"
	"griot/digest"
	"griot/inbox"
	"griot/jobs"
	"griot/media"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/team"
	"griot/web"
	"griot/writing"
)

// Parts are what an App stands on besides its configuration. Tests put their own clock in.
type Parts struct {
	Now      func() time.Time
	Mono     func() time.Duration // a clock that never jumps
	Log      *slog.Logger
	Village  string                  // base URL of the pretend network
	Second   string                  // path of the second playground
	Key      string                  // one-time key of the playground's URL; empty on loopback
	Tune     func(*delivery.Options) // tests shorten waits and watch steps; nil: nothing
	Hear     func(*inbox.Options)    // the same of what is heard
	Pause    slackbot.Pause          // between Slack's connections; zero: its own
	Gateway  discordbot.Pause        // the same for Discord's
	Unpaced  bool                    // chats get messages as fast as they come: a test's clock stands still
	Budget   time.Duration           // what a handler may take; zero: two seconds
	Patience time.Duration           // with a language model; zero: its own
	OneClock bool                    // Now is PostgreSQL's clock too, so that a test can move it
}

var errNotUp = errors.New("not running")

// App is Griot in one process.
type App struct {
	cfg   Config
	parts Parts

	DB          *storage.DB
	Bot         *bot.Bot
	Board       *bot.Board
	Delivery    *delivery.Service
	Queue       *jobs.Queue
	Commands    *commands.Registry
	Accounts    *accounts.Service
	Team        *team.Service
	Publishing  *publishing.Service
	Inbox       *inbox.Service
	Writing     *writing.Service
	Digest      *digest.Service
	Media       *media.Store
	Surfaces    map[string]chat.Surface
	Playgrounds []*playground.Surface
	Slack       *slackbot.Surface   // nil: not configured
	Discord     *discordbot.Surface // nil: not configured
	owner       string              // of leases: unique to this process
	rights      *accounts.Installs
	shelf       *accounts.Shelf
	guard       *rest.Guard
	metrics     *web.Metrics
}

// New opens everything and starts nothing. Errors: faults that say what to mend.
func New(ctx context.Context, cfg Config, p Parts) (*App, error) {
	o := cfg.storage()
	o.Clock, o.DatabaseClock = p.Now, o.DatabaseClock && !p.OneClock
	db, err := storage.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, parts: p, DB: db, owner: storage.NewID("own"), Surfaces: map[string]chat.Surface{}}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	if err := a.DB.Migrate(ctx); err != nil {
		return err
	}
	if err := a.features(ctx); err != nil {
		return err
	}
	if err := a.playgrounds(); err != nil {
		return err
	}
	a.slack()
	a.discord()
	a.board()
	return a.queue(ctx)
}

// features makes what people's commands call.
func (a *App) features(ctx context.Context) error {
	seal, err := a.seal(ctx)
	if err != nil {
		return err
	}
	village := strings.TrimPrefix(a.parts.Village, "http://")
	if a.guard, err = rest.NewGuard(append([]string{village}, a.cfg.AllowHosts...)); err != nil {
		return err
	}
	a.Media = media.New(filepath.Join(a.cfg.Data, mediaName), a.DB)
	a.Accounts = accounts.New(a.DB, seal, all.Connectors(a.guard, a.parts.Now, a.parts.Village), a.parts.Log)
	a.rights, a.shelf = accounts.NewInstalls(a.DB, seal), accounts.NewShelf(a.DB, seal)
	a.Team = team.New(a.DB)
	do := delivery.Options{DB: a.DB, Log: a.parts.Log, Owner: a.owner, Media: a.Media,
		Open: a.openAccount, SignIn: a.Accounts.MarkSignIn, Now: a.parts.Now, Mono: a.parts.Mono}
	a.metrics = web.NewMetrics(a.countDeliveries)
	do.Left = a.metrics.Late
	if a.parts.Tune != nil {
		a.parts.Tune(&do)
	}
	a.Delivery = delivery.New(do)
	a.Publishing = &publishing.Service{DB: a.DB, Wake: a.Delivery.Wake}
	a.Digest = &digest.Service{DB: a.DB, Log: a.parts.Log, Open: a.openAccount, Remarks: a.remarks}
	a.Accounts.Stop = a.Publishing.StopAccount
	a.Writing = a.writes()
	in := inbox.Options{DB: a.DB, Log: a.parts.Log, Owner: a.owner, Open: a.openAccount, SignIn: a.Accounts.MarkSignIn,
		Replies: a.replies, Wake: a.Delivery.Wake}
	if a.parts.Hear != nil {
		a.parts.Hear(&in)
	}
	a.Inbox = inbox.New(in)
	a.Commands = commands.New(commands.All(a.services())...)
	return nil
}

func (a *App) openAccount(ctx context.Context, team, id string) (connectors.Account, error) {
	x, _, err := a.Accounts.Open(ctx, team, id)
	return x, err
}

// seal opens the key: the one that is set, or the one kept in the data folder, made at the first start.
func (a *App) seal(ctx context.Context) (*accounts.Seal, error) {
	key := a.cfg.SecretKey
	if key == "" {
		file := filepath.Join(a.cfg.Data, keyName)
		b, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			b = []byte(accounts.NewKey() + "\n")
			err = os.WriteFile(file, b, 0o600)
		}
		if err != nil {
			return nil, fmt.Errorf("keep the key: %w", err)
		}
		key = string(b)
	}
	s, err := accounts.NewSeal(key)
	if err != nil {
		return nil, err
	}
	return s, s.Check(ctx, a.DB)
}

// board makes what shows cards and answers people.
func (a *App) board() {
	a.Board = bot.NewBoard(bot.BoardOptions{DB: a.DB, Surfaces: a.Surfaces, Draw: a.draw, Home: a.home, Pace: a.pace, Name: a.roomName,
		Owner: a.owner, Clock: a.parts.Now, Log: a.parts.Log})
	a.Bot = bot.New(bot.Options{DB: a.DB, Commands: a.Commands, People: people{a.Team}, Board: a.Board, Locale: a.cfg.Locale, Log: a.parts.Log, Budget: a.parts.Budget})
}

// queue makes what runs later and by the clock.
func (a *App) queue(ctx context.Context) error {
	w := jobs.NewWorkers()
	jobs.Handle(w, a.Board.Show)
	jobs.Handle(w, a.Board.Redraw)
	jobs.Handle(w, a.Board.Tell)
	jobs.Handle(w, a.connect)
	jobs.Handle(w, a.write)
	jobs.Handle(w, a.sayDirectly)
	jobs.Handle(w, a.later)
	jobs.Handle(w, a.Inbox.Suggest)
	w.Every("board", time.Minute, a.Board.Sweep)
	w.Every("inbox", 10*time.Second, a.Inbox.Collect)
	w.Every("claims", time.Minute, a.Inbox.Free)
	w.Every("numbers", time.Minute, a.Digest.Collect)
	w.Every("digest", time.Minute, a.Digest.Due)
	w.Every("prune", time.Hour, a.forget)
	w.Every("accounts", 24*time.Hour, a.Accounts.ProbeAll)
	w.Every("pictures", 24*time.Hour, func(ctx context.Context) error {
		_, err := a.Media.Sweep(ctx)
		return err
	})
	var err error
	a.Queue, err = jobs.Open(ctx, jobs.Options{DB: a.DB, Workers: w, Clock: a.parts.Now, Log: a.parts.Log})
	return err
}

func (a *App) forget(ctx context.Context) error {
	return a.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.Prune(ctx) })
}

// people lets the bot ask the team.
type people struct{ team *team.Service }

// Who says which member somebody is, by what their chat says today of the groups they are in.
func (p people) Who(ctx context.Context, w chat.Who) (social.Member, social.Team, error) {
	if err := p.team.Seen(ctx, team.Person(w)); err != nil {
		return social.Member{}, social.Team{}, fmt.Errorf("write down their groups: %w", err)
	}
	return p.team.Who(ctx, team.Person(w))
}

// Brand is the one named, else the one of the place.
func (p people) Brand(ctx context.Context, by social.Member, at chat.Place, named string) (social.Brand, error) {
	if named != "" {
		return p.team.BrandNamed(ctx, by, named)
	}
	return p.team.BrandAt(ctx, by, team.Place(at))
}
