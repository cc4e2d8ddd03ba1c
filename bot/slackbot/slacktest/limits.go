package slacktest

import (
	"math"
	"net/http"
	"time"
)

// wave is a time of 429s or of outages that a test asked for.
type wave struct {
	method, channel string
	after, left     int
	outage          Outage // empty: 429
}

// Outage is how Slack fails.
type Outage string

// The outages.
const (
	Unavailable Outage = "unavailable" // HTTP 503, nothing was done
	Cut         Outage = "cut"         // the connection ends before anything was done
	AnswerLost  Outage = "answer lost" // it was done, and the connection ends before the answer
)

// ends answers as the outage has it, and reports whether there is one.
func (o Outage) ends(w http.ResponseWriter) bool {
	switch o {
	case Unavailable:
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
	case Cut, AnswerLost:
		panic(http.ErrAbortHandler) // net/http ends the connection
	}
	return o != ""
}

// Fail makes the next calls of a method, "response_url" for those, fail so many times. An empty method is all of them.
func (s *Server) Fail(method string, how Outage, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waves = append(s.waves, &wave{method: method, left: times, outage: how})
}

// Recover ends all that RateLimit and Fail asked for, and lets go of what HoldCall and HoldAnswer keep or would keep.
func (s *Server) Recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.held {
		h.Release()
	}
	s.waves, s.held = nil, nil
}

// outage is how this call is to fail; empty: not at all. The mutex is held.
func (s *Server) outage(name string) Outage {
	for _, v := range s.waves {
		if v.outage != "" && v.left > 0 && (v.method == "" || v.method == name) {
			v.left--
			return v.outage
		}
	}
	return ""
}

// bucket is what is left of a rate.
type bucket struct {
	left float64
	at   time.Time
}

// RateLimit refuses the next calls of a method, so many times, with 429 and Retry-After in whole seconds. An empty method is
// every method, an empty channel every channel.
func (s *Server) RateLimit(method, channel string, retryAfter time.Duration, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waves = append(s.waves, &wave{method: method, channel: channel, after: int(math.Ceil(retryAfter.Seconds())), left: times})
}

// slow refuses a call that comes too soon. The mutex is held.
func (s *Server) slow(name string, m method, c *call) *refusal {
	channel := c.text("channel")
	for _, v := range s.waves {
		if v.outage == "" && v.left > 0 && (v.method == "" || v.method == name) && (v.channel == "" || v.channel == channel) {
			v.left--
			return &refusal{code: "ratelimited", after: max(v.after, 1)}
		}
	}
	team := ""
	if c.w != nil {
		team = c.w.ID
	}
	if name == "chat.postMessage" && s.Pace > 0 {
		return s.take("post "+team+" "+channel, s.Pace, float64(s.Burst))
	}
	if s.Tiers && m.tier > 0 {
		return s.take(name+" "+team, float64(m.tier)/60, float64(m.tier))
	}
	return nil
}

// take takes one of what comes at a rate a second, up to a store of so many. The mutex is held.
func (s *Server) take(key string, rate, store float64) *refusal {
	now := s.Now()
	b := s.buckets[key]
	if b == nil {
		b = &bucket{store, now}
		s.buckets[key] = b
	}
	b.left = min(store, b.left+max(now.Sub(b.at).Seconds(), 0)*rate)
	b.at = now
	if b.left < 1 {
		return &refusal{code: "ratelimited", after: int(max(math.Ceil((1-b.left)/rate), 1))}
	}
	b.left--
	return nil
}
