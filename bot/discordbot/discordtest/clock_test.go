package discordtest_test

import (
	"sync"
	"time"
)

// clock is one that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func noon() *clock { return &clock{at: time.Date(2026, 2, 9, 12, 0, 0, 0, time.UTC)} }

// Now is safe for concurrent use.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
