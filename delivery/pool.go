package delivery

import (
	"context"
	"time"

	"griot/storage"
)

// fewest is how many deliveries are claimed at once while others are under way: one transaction for several.
func (s *Service) fewest() int { return max(s.Workers/8, 1) }

// room is how many more calls may begin, and which networks have had their share: half of the pool, so that one that
// does not answer never holds the others.
func (s *Service) room() (free int, skip []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	share, most := max(s.Workers/2, 1), 0
	for network, n := range s.busy {
		if n > share-s.fewest() {
			skip = append(skip, network)
			continue
		}
		most = max(most, n)
	}
	free = min(s.Workers-s.all, share-most)
	if free < s.fewest() {
		return 0, skip
	}
	return free, skip
}

func (s *Service) enter(network string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy[network]++
	s.all++
}

func (s *Service) leave(network string) {
	s.mu.Lock()
	s.busy[network]--
	if s.busy[network] == 0 {
		delete(s.busy, network)
	}
	s.all--
	s.mu.Unlock()
	s.Wake()
}

// sleep waits for the next instant of the queue, a wake, or Idle. While claiming pauses, or the pool is full, no instant
// of the queue matters.
func (s *Service) sleep(ctx context.Context) {
	wait := s.Idle
	switch free, skip := s.room(); {
	case free == 0 || s.watch.paused():
	case len(skip) > 0:
		wait = min(wait, glance) // looking past a busy network's backlog costs more than a short sleep
	default:
		wait = s.until(ctx)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-t.C:
	}
}

// breath is the shortest sleep: what is due and was not to be had is another process's just now.
const breath = 2 * time.Millisecond

// glance is how often the queue is looked at for other networks while one has its share.
const glance = 50 * time.Millisecond

func (s *Service) until(ctx context.Context) time.Duration {
	at, err := storage.NextWake(ctx, s.DB)
	if err != nil || at.IsZero() {
		return s.Idle
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return s.Idle
	}
	return min(s.Idle, max(at.Sub(now), breath))
}
