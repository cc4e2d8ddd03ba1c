package slacktest

import (
	"encoding/json"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Ack is what came of an act: the app's acknowledgement, and what Slack tells the person when there was none.
type Ack struct {
	Status  int               // of HTTP; 200 for an acknowledgement by socket; 0: none came
	Payload json.RawMessage   // of the acknowledgement; nil: it was empty
	Took    time.Duration     // real time until it came, or until nobody waited any longer
	Tries   int               // deliveries: events are tried again, and Redeliver asks for more
	Late    bool              // it did not come in time
	Lost    bool              // no socket was there, or it went before the acknowledgement
	Trouble string            // what the person who acted reads when it went wrong; empty: it went well
	Errors  map[string]string // errors that a submitted modal came back with, by the label of the field
	Refused bool              // the act itself is impossible: there is no such button, menu, modal or command
}

// OK says that the app acknowledged in time and in order, or that there was nothing to send.
func (a Ack) OK() bool { return (a.Tries == 0 || a.Status/100 == 2) && a.Trouble == "" && !a.Refused }

// What Slack tells people. Source: Slack's clients, as quoted in issues of its SDKs.
const (
	troubleConnecting = "We had some trouble connecting. Try again?"
	dispatchFailed    = "%s failed because the app did not respond"
	dispatchError     = "%s failed with the error \"%s\""
)

// parcel is one thing to deliver.
type parcel struct {
	kind    string // of envelope: "events_api", "slash_commands", "interactive", or any other for tests
	body    Object
	form    url.Values // a command as HTTP carries it
	answers bool       // accepts_response_payload
	tries   int        // deliveries so far, for retries of events
	next    time.Time  // when Slack would try again
	why     string     // of the retry
}

// result is what one delivery came back with.
type result struct {
	status  int
	payload json.RawMessage
	took    time.Duration
	lost    bool
	late    bool
	noRetry bool // X-Slack-No-Retry
	ignored bool // too big
}

func (r result) ok() bool { return r.status/100 == 2 && !r.lost && !r.late && !r.ignored }

// OverHTTP delivers to an app at a base URL, signed: base/slack/events, base/slack/commands and base/slack/interactivity.
func (s *Server) OverHTTP(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = base
}

// OverSocket delivers by Socket Mode again.
func (s *Server) OverSocket() { s.OverHTTP("") }

// Redeliver makes every act from now on arrive n more times, one after the other: the same payload, with the same trigger_id,
// in a new envelope. The first acknowledgement that comes is the one that counts.
func (s *Server) Redeliver(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.again, s.together = n, false
}

// RedeliverTogether is Redeliver with all copies at the same time.
func (s *Server) RedeliverTogether(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.again, s.together = n, true
}

// once delivers a parcel one time.
func (s *Server) once(p *parcel) result {
	s.mu.Lock()
	base, wait := s.base, s.Wait
	p.tries++
	try, why := p.tries-1, p.why
	s.mu.Unlock()
	started := time.Now()
	var r result
	if base == "" {
		r = s.bySocket(p, try, why, wait)
	} else {
		r = s.byHTTP(base, p, try, why, wait)
	}
	r.took = time.Since(started)
	return r
}

// deliver delivers a parcel, as often as Redeliver says, and returns the acknowledgement that counts. The mutex is free.
func (s *Server) deliver(p *parcel) (result, int) {
	s.mu.Lock()
	again, together := s.again, s.together
	s.mu.Unlock()
	all := make([]result, again+1)
	if !together {
		for i := range all {
			all[i] = s.once(p)
		}
	} else {
		var busy sync.WaitGroup
		for i := range all {
			busy.Go(func() { all[i] = s.once(p) })
		}
		busy.Wait()
	}
	i := max(slices.IndexFunc(all, result.ok), 0)
	return all[i], len(all)
}

// send delivers an event, trying once more at once when it was not acknowledged, as Slack does; Retry has the tries after
// that. The mutex is held when it is called, and free when it returns. A nil parcel is an event that nobody subscribed to.
func (s *Server) send(p *parcel) Ack {
	if p == nil {
		s.mu.Unlock()
		return Ack{}
	}
	s.mu.Unlock()
	r, tries := s.deliver(p)
	if !r.ok() && !r.noRetry {
		p.why = reason(r)
		r = s.once(p)
		tries++
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !r.ok() && !r.noRetry {
		p.why, p.next = reason(r), s.Now().Add(time.Minute)
		s.unanswered = append(s.unanswered, p)
	}
	s.news()
	return r.ack(tries)
}

// reason is why an event is tried again, in Slack's words.
func reason(r result) string {
	switch {
	case r.late:
		return "http_timeout"
	case r.lost:
		return "connection_failed"
	}
	return "http_error"
}

// later sends an event that nobody waits for. The mutex is held.
func (s *Server) later(p *parcel) {
	if p == nil || s.over {
		return
	}
	s.busy.Go(func() {
		s.mu.Lock()
		s.send(p)
	})
}

// Retry delivers again every event that was not acknowledged, now, whatever the clock says.
func (s *Server) Retry() []Ack { return s.retry(func(*parcel) bool { return true }) }

// RetryDue delivers again the events whose next try is due by the server's clock: a minute after the first two, then five.
func (s *Server) RetryDue() []Ack {
	return s.retry(func(p *parcel) bool { return !s.Now().Before(p.next) })
}

func (s *Server) retry(due func(*parcel) bool) []Ack {
	s.mu.Lock()
	var now []*parcel
	s.unanswered = slices.DeleteFunc(s.unanswered, func(p *parcel) bool {
		if due(p) {
			now = append(now, p)
			return true
		}
		return false
	})
	s.mu.Unlock()
	var all []Ack
	for _, p := range now {
		r := s.once(p)
		s.mu.Lock()
		if !r.ok() && !r.noRetry && p.tries < 4 {
			p.why, p.next = reason(r), s.Now().Add(5*time.Minute)
			s.unanswered = append(s.unanswered, p)
		}
		s.mu.Unlock()
		all = append(all, r.ack(p.tries))
	}
	return all
}

func (r result) ack(tries int) Ack {
	return Ack{Status: r.status, Payload: r.payload, Took: r.took, Tries: tries, Late: r.late, Lost: r.lost}
}

// refuse is an act that a person cannot do. The mutex is held when it is called, and free when it returns.
func (s *Server) refuse(format string, args ...any) Ack {
	s.fault(format, args...)
	s.mu.Unlock()
	return Ack{Refused: true}
}
