package rest

import (
	"errors"
	"net/http"
	"time"

	"griot/connectors"
)

// Effect is what a call can do to the world.
type Effect string

// The effects.
const (
	Safe    Effect = "safe"    // reading, uploading, deleting: may be repeated
	Visible Effect = "visible" // makes words visible: never repeated in doubt
)

// Reach is how far a request that was not answered can have come.
type Reach string

// The reaches.
const (
	Unsent    Reach = "unsent"     // provably not one byte of it left
	MaybeSent Reach = "maybe_sent" // all or part of it may have arrived
)

// Outcome is what is known about one call after it ended.
type Outcome struct {
	Network string
	Effect  Effect
	Reach   Reach         // read when Status is 0
	Status  int           // HTTP status; 0: no answer
	Words   string        // the network's own words, cleaned
	After   time.Duration // announced wait; 0 when there is none
	Err     error         // what went wrong with the connection or the body; redacted. With a 2xx status: the answer cannot be read
}

// Classify says what o means, nil when it is a yes. A connector may know better from the network's own words, in one direction
// only: it may turn Refused into SignIn, Limited or Temporary when those words prove it, never Unsure into anything.
func Classify(o Outcome) *connectors.Error {
	if o.Err == nil && o.Status >= 200 && o.Status < 300 {
		return nil
	}
	e := &connectors.Error{Kind: kindOf(o), Network: o.Network, Status: o.Status, Words: o.Words, Err: o.Err}
	if e.Kind == connectors.Limited {
		e.After = o.After
	}
	return e
}

func kindOf(o Outcome) connectors.Kind {
	doubt := connectors.Temporary
	if o.Effect == Visible {
		doubt = connectors.Unsure
	}
	switch s := o.Status; {
	case s == 0 && errors.Is(o.Err, ErrForbidden):
		return connectors.Refused
	case s == 0 && o.Reach == Unsent:
		return connectors.Temporary
	case s == 0, s < 300:
		return doubt
	case s < 400: // a redirect that was not followed
		return connectors.Refused
	case s == http.StatusUnauthorized:
		return connectors.SignIn
	case s == http.StatusTooManyRequests:
		return connectors.Limited
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s >= 500:
		return doubt
	}
	return connectors.Refused
}
