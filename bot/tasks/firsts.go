package tasks

import "sync"

// acquainted is how many acts are remembered.
const acquainted = 2048

// Firsts are the acts that were met. A chat delivers an act again when it does not hear of it in time: each delivery is
// acknowledged, but an answer shown twice would come once too late, over what others have decided meanwhile. The zero value
// has met none.
type Firsts struct {
	mu  sync.Mutex // guards what follows
	all map[string]bool
	old []string // oldest first
}

// First reports whether an act is met for the first time. An act without an id always is.
func (f *Firsts) First(id string) bool {
	if id == "" {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all[id] {
		return false
	}
	if f.all == nil {
		f.all = map[string]bool{}
	}
	f.all[id] = true
	if f.old = append(f.old, id); len(f.old) > acquainted {
		delete(f.all, f.old[0])
		f.old = f.old[1:]
	}
	return true
}
