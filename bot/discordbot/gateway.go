package discordbot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"griot/chat"
)

// What the library's gateway does wrong in v0.29 is why each connection is a session of its own here, which never reconnects by
// itself: closed for a reason that no second try mends, it tries for ever; and what it takes up again is lost anyway. What happened between two connections is read anew after
// each: which servers Griot is in. Presses are not missed, for Discord tells the person that nobody answered.

// connect keeps the shards open that this process holds, until hangUp is called.
func (s *Surface) connect(ctx context.Context) (hangUp func()) {
	if !s.o.Gateway {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var lines sync.WaitGroup
	lines.Go(func() { s.listen(ctx) })
	return func() { cancel(); lines.Wait() }
}

// listen finds out how many shards there are, and tends each.
func (s *Surface) listen(ctx context.Context) {
	wait := s.o.Pause.Least
	for ctx.Err() == nil {
		n, turns, err := s.askShards(ctx)
		if err == nil {
			s.shards.begin(n)
			err = s.tendAll(ctx, n, turns)
		}
		if ctx.Err() != nil {
			return
		}
		s.shards.refused(0, err, s.o.Now())
		if s.forGood(err) {
			s.o.Log.Error("no gateway to discord until the next start", "surface", Name, "err", err)
			return
		}
		s.o.Log.Error("no gateway to discord", "surface", Name, "err", err)
		pause(ctx, max(wait, after(err)))
		wait = min(2*wait, s.o.Pause.Most)
	}
}

// forGood reports that no try before the next start will help: the token is no good, or what Griot asks for is not given.
func (s *Surface) forGood(err error) bool {
	e, ok := errors.AsType[*websocket.CloseError](err)
	switch {
	case !ok:
	case e.Code == badToken:
		s.rest.limits.kill(err)
	case e.Code == badShard || e.Code == needsShards: // there are more of them now, unless their number was set
		return s.o.Shards > 0
	default:
		return true
	}
	return s.rest.dead() != nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// askShards asks how many shards Discord wants, and how many of them may begin at once. It fails with *chat.Wait when no session
// may be begun today.
func (s *Surface) askShards(ctx context.Context) (n, turns int, err error) {
	var got struct {
		Shards int `json:"shards"`
		Limit  struct {
			Remaining int `json:"remaining"`
			After     int `json:"reset_after"` // milliseconds
			Turns     int `json:"max_concurrency"`
		} `json:"session_start_limit"`
	}
	if err := s.rest.do(ctx, call{method: "GET", path: "/gateway/bot", out: &got}); err != nil {
		return 0, 0, err
	}
	if wait := time.Duration(got.Limit.After) * time.Millisecond; got.Limit.Remaining == 0 && wait > 0 { // one more would cost the token
		return 0, 0, fmt.Errorf("no sessions left today: %w", &chat.Wait{After: wait})
	}
	n = s.o.Shards
	if n == 0 {
		n = max(1, got.Shards)
	}
	return n, max(1, got.Limit.Turns), nil
}

// tendAll tends all shards until one says that their number is wrong, or that nothing will help.
func (s *Surface) tendAll(ctx context.Context, n, turns int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := s.tend(ctx, i, n, turns); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// fatal are the close codes after which another try meets the same. Source: docs.discord.com, topics/opcodes-and-status-codes.
var fatal = []int{badToken, badShard, needsShards, 4012, 4013, 4014}

const (
	badToken    = 4004
	badShard    = 4010
	needsShards = 4011
)

// tend keeps one shard open while this process holds it. It returns why no try will help.
func (s *Surface) tend(ctx context.Context, shard, n, turns int) error {
	name := fmt.Sprintf("discord.shard.%s.%d.%d", s.o.App, shard, n)
	wait := s.o.Pause.Least
	defer func() { _ = s.o.Memory.LetGo(context.WithoutCancel(ctx), name) }() // it ends by itself, a little later
	for ctx.Err() == nil {
		mine, err := s.o.Memory.Hold(ctx, name, 3*s.o.Pause.Renew)
		if err != nil || !mine {
			if err != nil {
				s.shards.refused(shard, err, s.o.Now())
			} else {
				s.shards.elsewhere(shard)
			}
			pause(ctx, s.o.Pause.Renew/2)
			continue
		}
		began := s.o.Now()
		err = s.hold(ctx, name, shard, n, turns)
		if ctx.Err() != nil {
			return nil
		}
		s.shards.refused(shard, err, s.o.Now())
		if websocket.IsCloseError(err, fatal...) {
			return fmt.Errorf("discord closed the connection for good: %w", err)
		}
		if errors.Is(err, errLost) {
			continue
		}
		s.o.Log.Warn("discord's connection ended", "surface", Name, "shard", shard, "err", err)
		if s.o.Now().Sub(began) > time.Minute {
			wait = s.o.Pause.Least
		}
		pause(ctx, max(wait, after(err)))
		wait = min(2*wait, s.o.Pause.Most)
	}
	return nil
}

// errLost says that another process has the shard now.
var errLost = errors.New("discordbot: another process has the shard")

// hold keeps one connection open while the shard is ours.
func (s *Surface) hold(ctx context.Context, name string, shard, n, turns int) error {
	if _, _, err := s.askShards(ctx); err != nil { // each connection costs a session, however it ends
		return err
	}
	if err := s.identifyTurn(ctx, shard%turns); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var renewing sync.WaitGroup
	defer renewing.Wait()
	defer cancel(nil)
	renewing.Go(func() {
		for ctx.Err() == nil {
			pause(ctx, s.o.Pause.Renew)
			mine, err := s.o.Memory.Hold(ctx, name, 3*s.o.Pause.Renew)
			if ctx.Err() == nil && err == nil && !mine {
				cancel(errLost)
			}
		}
	})
	err := s.session(ctx, shard, n)
	if errors.Is(context.Cause(ctx), errLost) {
		return errLost
	}
	return err
}

// identifyTurn waits until a session may begin: one in five seconds of those whose number is the same, whichever process.
func (s *Surface) identifyTurn(ctx context.Context, group int) error {
	if s.o.Pause.Identify < 0 {
		return nil
	}
	back, err := s.shards.turn(ctx, group, s.o.Pause.Identify)
	if err != nil {
		return err
	}
	defer back()
	name := fmt.Sprintf("discord.identify.%s.%d", s.o.App, group)
	for ctx.Err() == nil {
		mine, err := s.o.Memory.Hold(ctx, name, s.o.Pause.Identify)
		if err != nil || mine {
			return err
		}
		pause(ctx, s.o.Pause.Identify/5)
	}
	return ctx.Err()
}

// session is one connection from its beginning to its end. It returns why it ended.
func (s *Surface) session(ctx context.Context, shard, n int) error {
	g, err := s.build(shard, n)
	if err != nil {
		return err
	}
	s.guilds.connects(shard, n)
	g.events = make(chan *discordgo.Event, 256)
	g.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.heard(ctx, g, e) })
	down := make(chan struct{}, 1)
	g.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case down <- struct{}{}:
		default:
		}
	})
	var reading sync.WaitGroup
	done := make(chan struct{})
	reading.Go(func() { s.follow(ctx, g, done, shard, n) })
	defer reading.Wait()
	defer close(done)
	opened := make(chan error, 1)
	go func() { opened <- g.Open() }() // by a proxy it may never return: the connection is cut below, and it is left
	select {
	case err := <-opened:
		if err != nil {
			return err
		}
	case <-time.After(s.o.Pause.Open):
		g.cut()
		return errors.New("discordbot: no session within " + s.o.Pause.Open.String())
	case <-ctx.Done():
		g.cut()
		return ctx.Err()
	}
	s.shards.opened(shard, s.o.Now())
	s.o.Log.Info("discord connected", "surface", Name, "shard", shard)
	select {
	case <-down:
		return errEnded
	case <-g.ended:
		g.cut()
		return errEnded
	case <-ctx.Done():
		return errors.Join(ctx.Err(), g.Close())
	}
}

var errEnded = errors.New("discordbot: the connection ended")
