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

// gates keep what each workspace of each chat bears: how many calls are under way, and until when it wants none, in one
// channel or in all.
type gates struct {
	now  func() time.Time
	mu   sync.Mutex // guards what follows
	all  map[[2]string]*gate
	shut map[chat.Place]time.Time // until when; a place without a channel is its whole workspace
}

type gate struct {
	inside  int
	refused int // turned away since there was room: they come back the later, the more they are
}

func newGates(now func() time.Time) gates {
	return gates{now: now, all: map[[2]string]*gate{}, shut: map[chat.Place]time.Time{}}
}

func (g *gates) at(p chat.Place) *gate {
	k := [2]string{p.Surface, p.Workspace}
	if g.all[k] == nil {
		g.all[k] = &gate{}
	}
	return g.all[k]
}

// closed is how long p wants no calls; zero when it may be tried.
func (g *gates) closed(p chat.Place) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wait(p)
}

// enter counts a call in, or says how long to wait.
func (g *gates) enter(p chat.Place) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	wait := g.wait(p)
	if wait == 0 {
		g.at(p).inside++
	}
	return wait
}

func (g *gates) wait(p chat.Place) time.Duration {
	if left := max(g.left(whole(p)), g.left(p)); left > 0 {
		return left
	}
	at := g.at(p)
	if at.inside < perWorkspace {
		return 0
	}
	at.refused++
	return min(patience, crowded*time.Duration(1+at.refused/perWorkspace))
}

// left is how long one channel, or a whole workspace, stays shut.
func (g *gates) left(p chat.Place) time.Duration {
	left := g.shut[p].Sub(g.now())
	if left <= 0 {
		delete(g.shut, p)
	}
	return left
}

// leave counts a call out.
func (g *gates) leave(p chat.Place) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.at(p)
	at.inside--
	at.refused = max(0, at.refused-1)
}

// close keeps calls out of a channel for a while; out of the whole workspace when p has none.
func (g *gates) close(p chat.Place, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := g.now().Add(wait); until.After(g.shut[p]) {
		g.shut[p] = until
	}
}

// whole is the workspace of a place.
func whole(p chat.Place) chat.Place { return chat.Place{Surface: p.Surface, Workspace: p.Workspace} }
