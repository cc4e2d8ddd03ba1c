package discordbot

import "sync"

// remembered is how many things a cache holds.
const remembered = 5000

// cache remembers what can be asked for again. The zero value is empty.
type cache[T any] struct {
	mu  sync.Mutex // guards all
	all map[string]T
}

func (c *cache[T]) get(key string) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.all[key]
	return x, ok
}

func (c *cache[T]) put(key string, x T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil || len(c.all) >= remembered {
		c.all = map[string]T{} // rarely, and then it is asked for again
	}
	c.all[key] = x
}

func (c *cache[T]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.all, key)
}
