package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"sync"

	"griot/chat"
	"griot/commands"
)

// remembered is how many answers are kept to be given again when a chat delivers an event again.
const remembered = 2048

// flights are the events under way and, for a while, the answers of those that ended well. What failed, and what
// only opened a form, is forgotten at once: trying again is safe and must work.
type flights struct {
	mu  sync.Mutex // guards what follows
	all map[string]*flight
	old []string // keys of answers that are kept, oldest first
}

type flight struct {
	done   chan struct{}
	answer chat.Answer
	err    error
}

// join takes off with key and reports true, or finds the one that did before.
func (f *flights) join(key string) (*flight, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one := f.all[key]; one != nil && key != "" {
		return one, false
	}
	one := &flight{done: make(chan struct{})}
	if key != "" {
		f.all[key] = one
	}
	return one, true
}

// land gives everybody who waits the answer, and keeps it when it is one.
func (f *flights) land(key string, one *flight, a chat.Answer, err error) {
	one.answer, one.err = a, err
	close(one.done)
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, asks := a.(chat.Ask); err != nil || asks { // nothing was done: the same form may be sent again, and be right by then
		delete(f.all, key)
		return
	}
	if key == "" {
		return
	}
	if f.old = append(f.old, key); len(f.old) > remembered {
		delete(f.all, f.old[0])
		f.old = f.old[1:]
	}
}

// clear ends a flight whose answer is nobody else's.
func (f *flights) clear(key string, one *flight) {
	close(one.done)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, key)
}

func (one *flight) wait(ctx context.Context) (chat.Answer, error) {
	select {
	case <-one.done:
		return one.answer, one.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// keyOf names the act itself: the same when the chat delivers it again.
func keyOf(e chat.Event) string {
	if e.ID == "" {
		return ""
	}
	return "event|" + e.Who.Surface + "|" + e.Who.Workspace + "|" + e.ID
}

// pressOf names what the act decides: the same person, the same thing, the same revision, the same words. Empty for what
// may well be done twice.
func pressOf(e chat.Event) string {
	if e.Tag.Verb == "" || e.Tag.Verb == commands.RunVerb || e.Tag.Rev == 0 {
		return ""
	}
	h := sha256.New()
	word(h, e.Who.Surface, e.Who.Workspace, e.Who.User, e.Tag.String())
	if e.Form {
		word(h, "form")
	}
	for _, name := range slices.Sorted(maps.Keys(e.Values)) {
		word(h, name)
		word(h, e.Values[name]...)
	}
	for _, f := range e.Files {
		word(h, f.Input, f.Name)
	}
	return "press|" + hex.EncodeToString(h.Sum(nil)[:16])
}
