package pretend

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Call names a kind of API call.
type Call string

// The calls.
const (
	PostCall     Call = "post"     // POST /api/posts
	MediaCall    Call = "media"    // POST /api/media
	ReadCall     Call = "read"     // GET /api/posts/{id} and GET /api/posts?id=…
	ListCall     Call = "list"     // GET /api/accounts/{handle}/posts
	RemoveCall   Call = "remove"   // DELETE /api/posts/{id}
	MeCall       Call = "me"       // GET /api/me
	EnrolCall    Call = "enrol"    // POST /api/accounts
	RevokeCall   Call = "revoke"   // DELETE /api/token
	InstanceCall Call = "instance" // GET /api/instance
	MentionsCall Call = "mentions" // GET /api/mentions
	AnswersCall  Call = "answers"  // GET /api/posts/{id}/answers
)

// Misdeed is a way to misbehave.
type Misdeed string

// The misdeeds. Those that end in Before leave no effect; those that end in After have it.
const (
	Late       Misdeed = "late"        // takes the call after Wait, even when the client has gone, then answers
	Refuse     Misdeed = "refuse"      // answers Status (422) with Words; no effect
	Limit      Misdeed = "limit"       // answers 429 with Wait in Retry-After; no effect
	FailBefore Misdeed = "fail_before" // answers Status (503); no effect
	FailAfter  Misdeed = "fail_after"  // has the effect, answers Status (502)
	CutBefore  Misdeed = "cut_before"  // closes the connection; no effect
	CutDuring  Misdeed = "cut_during"  // closes the connection, and has the effect after Wait
	CutAfter   Misdeed = "cut_after"   // has the effect, closes the connection without an answer
	Half       Misdeed = "half"        // has the effect, closes the connection in the middle of the answer
	Silence    Misdeed = "silence"     // never answers; no effect
	Mute       Misdeed = "mute"        // has the effect, never answers
	HTML       Misdeed = "html"        // answers 200 with a web page; no effect
	Garble     Misdeed = "garble"      // has the effect, answers 200 with JSON that breaks off
	Stall      Misdeed = "stall"       // reads the body only after Wait; Content is not known yet and not compared
	Processing Misdeed = "processing"  // takes the post but shows it only after Wait
	Stale      Misdeed = "stale"       // lists nothing younger than Wait
)

// Misdeeds lists every misdeed.
var Misdeeds = []Misdeed{
	Late, Refuse, Limit, FailBefore, FailAfter, CutBefore, CutDuring, CutAfter, Half,
	Silence, Mute, HTML, Garble, Stall, Processing, Stale,
}

// Fault is one order to misbehave. As JSON for POST /_faults, Wait is a number of nanoseconds.
type Fault struct {
	Do      Misdeed       `json:"do"`
	Call    Call          `json:"call,omitempty"`    // empty: PostCall; ListCall for Stale
	Content string        `json:"content,omitempty"` // only calls whose text is exactly this; empty: any
	Times   int           `json:"times,omitempty"`   // how many calls; 0: one; Always: until forgotten
	Wait    time.Duration `json:"wait,omitempty"`
	Words   string        `json:"words,omitempty"`
	Status  int           `json:"status,omitempty"`
}

// Always is a Fault.Times without end.
const Always = -1

// faults are the orders that have not been used up, oldest first.
type faults struct {
	mu   sync.Mutex
	next []Fault
}

func (f *faults) add(o Fault) {
	if o.Call == "" {
		o.Call = PostCall
		if o.Do == Stale {
			o.Call = ListCall
		}
	}
	if o.Times == 0 {
		o.Times = 1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = append(f.next, o)
}

func (f *faults) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = nil
}

// take uses up the first order for this call. Stall is asked for on its own, before the content is known.
func (f *faults) take(call Call, content string, stall bool) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, o := range f.next {
		if o.Call != call || (o.Do == Stall) != stall || (!stall && o.Content != "" && o.Content != content) {
			continue
		}
		if f.next[i].Times > 0 {
			if f.next[i].Times--; f.next[i].Times == 0 {
				f.next = slices.Delete(f.next, i, i+1)
			}
		}
		return o
	}
	return Fault{}
}

// known says what is wrong with an order that came over the wire; empty when nothing is.
func (o Fault) known() string {
	switch {
	case !slices.Contains(Misdeeds, o.Do):
		var all []string
		for _, m := range Misdeeds {
			all = append(all, string(m))
		}
		return "do must be one of " + strings.Join(all, ", ")
	case o.Times < Always || o.Wait < 0:
		return "times and wait cannot be negative (times -1: always)"
	}
	return ""
}
