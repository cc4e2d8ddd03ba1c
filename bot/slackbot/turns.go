package slackbot

import (
	"context"
	"sync"
)

// turns let one at a time do something about the same thing: the others find it done.
type turns struct {
	mu  sync.Mutex // guards all
	all map[string]*turn
}

// turn is one thing that somebody is at.
type turn struct {
	free   chan struct{} // holds one when nobody is at it
	wanted int           // by how many, whoever is at it among them
}

// take waits until nobody else is at key, and is given back by whoever took it. Errors: ctx's.
func (t *turns) take(ctx context.Context, key string) (back func(), err error) {
	one := t.join(key)
	select {
	case <-one.free:
		return func() { one.free <- struct{}{}; t.leave(key) }, nil
	case <-ctx.Done():
		t.leave(key)
		return nil, ctx.Err()
	}
}

func (t *turns) join(key string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all[key] == nil {
		t.all[key] = &turn{free: make(chan struct{}, 1)}
		t.all[key].free <- struct{}{}
	}
	t.all[key].wanted++
	return t.all[key]
}

func (t *turns) leave(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all[key].wanted--; t.all[key].wanted == 0 {
		delete(t.all, key)
	}
}
