package slackbot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// lastWords is how long what is under way may go on once the surface stops: an answer that was promised is given.
const lastWords = 5 * time.Second

// tasks are what the surface does beside its receivers: it owns them and waits for them.
type tasks struct {
	mu     sync.Mutex // guards what follows
	ctx    context.Context
	cancel context.CancelFunc
	closed bool
	all    sync.WaitGroup

	log *slog.Logger
}

// open begins; tasks outlive parent by lastWords.
func (t *tasks) open(parent context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ctx, t.cancel = context.WithCancel(context.WithoutCancel(parent))
}

// do runs f beside what is going on, and reports whether it will.
func (t *tasks) do(f func(context.Context)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx == nil || t.closed {
		return false
	}
	ctx := t.ctx
	t.all.Go(func() { t.run(ctx, f) })
	return true
}

// run does f. A mistake of ours that panics costs what f was about, and nothing else.
func (t *tasks) run(ctx context.Context, f func(context.Context)) {
	defer func() {
		if v := recover(); v != nil {
			t.log.Error("task panicked", "surface", Name, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	f(ctx)
}

// close takes no more tasks, waits for those under way and then ends what is left.
func (t *tasks) close() {
	t.mu.Lock()
	t.closed = true
	cancel := t.cancel
	t.mu.Unlock()
	timer := time.AfterFunc(lastWords, cancel)
	t.all.Wait()
	timer.Stop()
	cancel()
}
