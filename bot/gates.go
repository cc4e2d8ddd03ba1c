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
	inside  int
	refused int // turned away since there was room: they come back the later, the more they are
	until   time.Time
}

func (g *gates) at(p chat.Place) *gate {
	k := [2]string{p.Surface, p.Workspace}
	if g.all[k] == nil {
		g.all[k] = &gate{}
	}
	return g.all[k]
}

// closed is how long p's workspace wants no calls; zero when it may be tried.
func (g *gates) closed(p chat.Place) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wait(g.at(p))
}

// enter counts a call in, or says how long to wait.
func (g *gates) enter(p chat.Place) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.at(p)
	wait := g.wait(at)
	if wait == 0 {
		at.inside++
	}
	return wait
}

func (g *gates) wait(at *gate) time.Duration {
	switch left := at.until.Sub(g.now()); {
	case left > 0:
		return left
	case at.inside >= perWorkspace:
		at.refused++
		return min(patience, crowded*time.Duration(1+at.refused/perWorkspace))
	}
	return 0
}

// leave counts a call out, and remembers what the chat said about its rate.
func (g *gates) leave(p chat.Place, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.at(p)
	at.inside--
	at.refused = max(0, at.refused-1)
	if until := g.now().Add(wait); wait > 0 && until.After(at.until) {
		at.until = until
	}
}
