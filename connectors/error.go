package connectors

import (
	"errors"
	"fmt"
	"time"

	"griot/i18n"
)

// Kind is what an answer means for the row that waits for it.
type Kind string

// The kinds. Source of the classification: platforms' documented answers; see rest.Classify.
const (
	Temporary Kind = "temporary" // provably not accepted: another try is safe
	Limited   Kind = "limited"   // not accepted; wait After
	SignIn    Kind = "sign_in"   // the credential is no longer good: a person must connect the account again
	Refused   Kind = "refused"   // the network said no, in Words
	Unsure    Kind = "unsure"    // sent, then no clear answer: never repeated blindly
)

// Error is a network's answer that is not a yes. It never holds a secret.
type Error struct {
	Kind    Kind
	Network string
	Status  int           // HTTP status; 0: no answer
	Words   string        // the network's own words, at most 300 runes, from outside
	After   time.Duration // Limited: how long to wait; 0 when the network did not say
	Err     error         // cause; redacted
	// Tell is the connector's own sentence for people, what happened and the one next step, where it knows better than the kind
	// and the network's words; nil: it does not.
	Tell i18n.Localised
}

// Error is for logs.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s", e.Network, e.Kind)
	if e.Status != 0 {
		s += fmt.Sprintf(" (%d)", e.Status)
	}
	if e.Words != "" {
		s += ": " + e.Words
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of err. Anything that is not a network's answer is Unsure: nobody knows what happened.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Unsure
}

// ErrRaced is wrapped by Credential.Save when somebody else saved newer facts.
var ErrRaced = errors.New("connectors: facts were saved by another process")
