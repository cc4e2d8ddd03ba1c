package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"griot/app"
	"griot/delivery"
	"griot/publishing"
	"griot/social"
)

// What the parent tells a child that runs Griot, and what it hears back: one JSON line each, over pipes.

// order is what a child does next. The first one comes before Griot starts.
type order struct {
	End   ending   // from now on, the process ends (or stands still) there
	Words []string // posts to write and approve, to leave at once
	Shown bool     // with a picture
	Says  []saying // answers to mentions
}

// answer lists the posts that were approved, in the order of the words.
type answer struct{ Posts []string }

// ending is one instruction of a delivery: the nth time a step is reached.
type ending struct {
	Step   string
	Nth    int
	Signal syscall.Signal
}

// whereabouts are what a child finds in its environment as JSON, besides Griot's own configuration.
type whereabouts struct {
	Village, Team, Member, Brand, Account, Picture string
	Lease                                          time.Duration
	Looks                                          [2]time.Duration
	Hears                                          bool // reads what is said, again and again
}

// crashChild is the name of the environment's variable that turns the test binary into a child.
const crashChild = "GRIOT_CRASH_CHILD"

// TestCrashChild is Griot in a process of its own, for TestCrash and its like. It does nothing by itself.
func TestCrashChild(t *testing.T) {
	at := os.Getenv(crashChild)
	if at == "" {
		return
	}
	c := &crashing{in: json.NewDecoder(os.Stdin), out: json.NewEncoder(os.NewFile(3, "answers"))}
	if err := json.Unmarshal([]byte(at), &c.where); err != nil {
		t.Fatal(err)
	}
	if err := c.run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// crashing is a child at work.
type crashing struct {
	where whereabouts
	in    *json.Decoder
	out   *json.Encoder
	app   *app.App
	end   trigger
}

// run obeys until the parent has no more orders; then Griot stops in good order.
func (c *crashing) run(ctx context.Context) error {
	var first order
	if err := c.in.Decode(&first); err != nil {
		return fmt.Errorf("read the first order: %w", err)
	}
	c.end.arm(first.End)
	cfg, err := app.Read(os.Getenv)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	if c.app, err = app.New(ctx, cfg, c.parts()); err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var hearing sync.WaitGroup
	err = c.app.Run(ctx, listener, nil, func() error {
		defer stop()
		if c.where.Hears {
			hearing.Go(func() { c.hear(ctx) })
		}
		return c.obey(ctx, first)
	})
	hearing.Wait()
	return errors.Join(err, c.app.DB.Close())
}

func (c *crashing) parts() app.Parts {
	born := time.Now()
	return app.Parts{
		Now: time.Now, Mono: func() time.Duration { return time.Since(born) }, Village: c.where.Village,
		Log:  slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Hear: hurry,
		Tune: func(o *delivery.Options) {
			o.Lease, o.Looks, o.Idle, o.Step = c.where.Lease, c.where.Looks, 250*time.Millisecond, c.end.step
		},
	}
}

func (c *crashing) obey(ctx context.Context, o order) error {
	for {
		if err := c.write(ctx, o); err != nil {
			return err
		}
		o = order{}
		if err := c.in.Decode(&o); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		c.end.arm(o.End)
	}
}

// write approves the posts of o, and only then lets the process end where it should: what the parent was told of is
// what counts.
func (c *crashing) write(ctx context.Context, o order) error {
	by := social.Member{ID: c.where.Member, TeamID: c.where.Team, Roles: map[string][]social.Role{c.where.Brand: {social.Admin, social.Writer, social.Approver}}}
	var told answer
	for _, text := range o.Words {
		content := publishing.Content{Text: text, Accounts: []string{c.where.Account}, When: social.Soon}
		if o.Shown {
			content.Media = []social.Media{{Hash: c.where.Picture, Name: "lune.png", Alt: "La lune"}}
		}
		sheet, err := c.app.Publishing.Draft(ctx, by, c.where.Brand, content)
		if err != nil {
			return fmt.Errorf("write %q: %w", text, err)
		}
		told.Posts = append(told.Posts, sheet.Post.ID)
	}
	for _, id := range told.Posts {
		if _, err := c.app.Publishing.Move(ctx, by, id, 0, social.Approve, social.Change{}); err != nil {
			return fmt.Errorf("approve %s: %w", id, err)
		}
	}
	if err := c.say(ctx, by, o.Says); err != nil {
		return err
	}
	err := c.out.Encode(told)
	c.end.open()
	return err
}

// trigger ends the process at an instruction, once what led there is known to the parent.
type trigger struct {
	mu   sync.Mutex
	at   ending
	seen int
	gate chan struct{}
}

func (g *trigger) arm(at ending) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.seen, g.gate = at, 0, make(chan struct{})
}

func (g *trigger) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.gate)
}

// step is called at every named step of every delivery.
func (g *trigger) step(name string) {
	g.mu.Lock()
	if name != g.at.Step {
		g.mu.Unlock()
		return
	}
	g.seen++
	hit, gate, signal := g.seen == g.at.Nth, g.gate, g.at.Signal
	g.mu.Unlock()
	if !hit {
		return
	}
	<-gate
	if err := syscall.Kill(os.Getpid(), signal); err != nil {
		panic(err)
	}
	if signal == syscall.SIGKILL {
		select {} // nothing more is done here
	}
}
