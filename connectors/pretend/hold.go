package pretend

import (
	"slices"
	"sync"
)

// Step is how far a call has come.
type Step string

// The steps, in their order.
const (
	Begun    Step = "begun"    // headers are read, the body is not
	Arrived  Step = "arrived"  // the whole request is read, nothing is done
	Accepted Step = "accepted" // it has had its effect, and is not answered
	Answered Step = "answered" // the answer is on the wire
)

// Point is where calls can be stopped.
type Point struct {
	Call    Call
	Step    Step
	Content string // only calls whose text is exactly this; empty: any. Nothing has a text yet at Begun
}

// Hold stops one call at a point. Make one with Server.Hold.
type Hold struct {
	at      Point
	reached chan struct{}
	open    chan struct{}
	once    sync.Once
	drop    bool // written before open is closed, read after
}

// Reached is closed when a call stands at the point.
func (h *Hold) Reached() <-chan struct{} { return h.reached }

// Release lets the call go on; a call that comes later is not stopped any more. It may be called many times.
func (h *Hold) Release() { h.end(false) }

// Drop ends the call by cutting its line: before Accepted without effect, afterwards with it.
func (h *Hold) Drop() { h.end(true) }

func (h *Hold) end(drop bool) {
	h.once.Do(func() {
		h.drop = drop
		close(h.open)
	})
}

// holds are the points at which the next call stops.
type holds struct {
	mu    sync.Mutex
	armed []*Hold
}

func (hs *holds) add(p Point) *Hold {
	h := &Hold{at: p, reached: make(chan struct{}), open: make(chan struct{})}
	hs.mu.Lock()
	defer hs.mu.Unlock()
	hs.armed = append(hs.armed, h)
	return h
}

// at is the hold that the call must wait for, taken by it alone; nil when there is none.
func (hs *holds) at(p Point) *Hold {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	for i, h := range hs.armed {
		if h.at.Call != p.Call || h.at.Step != p.Step || (h.at.Content != "" && h.at.Content != p.Content) {
			continue
		}
		hs.armed = slices.Delete(hs.armed, i, i+1)
		return h
	}
	return nil
}
