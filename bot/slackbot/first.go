package slackbot

import "sync"

// acquainted is how many acts are remembered by which Slack may deliver again what it was told too late.
const acquainted = 2048

// firsts are the acts whose answer is being shown. Slack delivers an act again when it does not hear of it in time: each
// delivery is acknowledged, but an answer shown twice would come once too late, over what others have decided meanwhile.
type firsts struct {
	mu  sync.Mutex // guards what follows
	all map[string]bool
	old []string // oldest first
}

// first reports whether an act is met for the first time. An act without an id always is.
func (f *firsts) first(id string) bool {
	if id == "" {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all[id] {
		return false
	}
	f.all[id] = true
	if f.old = append(f.old, id); len(f.old) > acquainted {
		delete(f.all, f.old[0])
		f.old = f.old[1:]
	}
	return true
}
