package delivery

import (
	"context"
	"sync"
)

// Pass does one turn of the loop, waits for what it began, and tells the news.
func (s *Service) Pass(ctx context.Context) error {
	var workers sync.WaitGroup
	_, err := s.pass(ctx, ctx, &workers)
	workers.Wait()
	for more := true; more && err == nil; {
		more, err = s.announce(ctx)
	}
	if err != nil {
		return err
	}
	return s.tellLate(ctx)
}

// Announce tells one batch of news.
func (s *Service) Announce(ctx context.Context) (bool, error) { return s.announce(ctx) }
