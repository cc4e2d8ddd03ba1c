// Package tasks is what a chat's surface needs whatever the chat: work beside its receivers that it owns and waits for, and
// a memory of the acts that it has met. It knows nothing of chats.
package tasks

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// lastWords is how long what is under way may go on once a surface stops: an answer that was promised is given.
const lastWords = 5 * time.Second

// Group is the work of one surface. It must not be copied.
type Group struct {
	mu     sync.Mutex // guards what follows
	ctx    context.Context
	cancel context.CancelFunc
	closed bool
	all    sync.WaitGroup

	surface string
	log     *slog.Logger
}

// New is a group that takes no work before Open.
func New(surface string, log *slog.Logger) *Group { return &Group{surface: surface, log: log} }

// Open begins; what is under way outlives parent by five seconds.
func (g *Group) Open(parent context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ctx, g.cancel = context.WithCancel(context.WithoutCancel(parent))
}

// Do runs f beside what is going on, and reports whether it will.
func (g *Group) Do(f func(context.Context)) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ctx == nil || g.closed {
		return false
	}
	ctx := g.ctx
	g.all.Go(func() { g.run(ctx, f) })
	return true
}

// run does f. A mistake of ours that panics costs what f was about, and nothing else.
func (g *Group) run(ctx context.Context, f func(context.Context)) {
	defer func() {
		if v := recover(); v != nil {
			g.log.Error("task panicked", "surface", g.surface, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	f(ctx)
}

// Close takes no more work, waits for what is under way and then ends what is left.
func (g *Group) Close() {
	g.mu.Lock()
	g.closed = true
	cancel := g.cancel
	g.mu.Unlock()
	timer := time.AfterFunc(lastWords, cancel)
	g.all.Wait()
	timer.Stop()
	cancel()
}
