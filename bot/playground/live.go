package playground

import (
	"context"
	"sync"

	"griot/chat"
)

// keptLives is how many answers may still change at one time; older ones stay as they are.
const keptLives = 256

// lives are the answers that may still change, by the event that each answers. The zero value is empty.
type lives struct {
	mu    sync.Mutex // guards what follows
	by    map[string]chat.MessageRef
	order []string
}

func (l *lives) add(event string, at chat.MessageRef) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = map[string]chat.MessageRef{}
	}
	if _, known := l.by[event]; !known {
		l.order = append(l.order, event)
	}
	l.by[event] = at
	if len(l.order) > keptLives {
		delete(l.by, l.order[0])
		l.order = l.order[1:]
	}
}

func (l *lives) at(event string) (chat.MessageRef, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ref, ok := l.by[event]
	return ref, ok
}

var _ chat.Reviser = (*Surface)(nil)

// Revise makes a live answer show c. Errors: chat.ErrGone when it was dismissed, or never given.
func (s *Surface) Revise(ctx context.Context, event string, c chat.Card) error {
	ref, ok := s.live.at(event)
	if !ok {
		return chat.ErrGone
	}
	return s.Edit(ctx, ref, c)
}
