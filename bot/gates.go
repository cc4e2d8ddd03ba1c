package bot

import (
	"sync"
	"time"

	"griot/chat"
)

// How much one slow or strict chat may hold of this process.
const (
	perWorkspace = 6                      // calls at once
	crowded      = 150 * time.Millisecond // before asking for a place among them again
)

// gates keep what each workspace of each chat bears: how many calls are under way, and until when it wants none.
type gates struct {
	mu  sync.Mutex // guards all
	all map[[2]string]*gate
	now func() time.Time
}

type gate struct {
	inside int
	until  time.Time
}

func (g *gates) at(p chat.Place) *gate {
	k := [2]string{p.Surface, p.Workspace}
	if g.all[k] == nil {
		g.all[k] = &gate{}
	}
	return g.all[k]
}

// enter counts a call in, or says how long to wait.
func (g *gates) enter(p chat.Place) (wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.at(p)
	switch left := at.until.Sub(g.now()); {
	case left > 0:
		return left
	case at.inside >= perWorkspace:
		return crowded
	}
	at.inside++
	return 0
}

// leave counts a call out, and remembers what the chat said about its rate.
func (g *gates) leave(p chat.Place, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.at(p)
	at.inside--
	if until := g.now().Add(wait); wait > 0 && until.After(at.until) {
		at.until = until
	}
}
