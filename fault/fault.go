// Package fault is the one error type whose sentence a person may read. Everything else that goes wrong
// is wrapped, logged once at the edge, and told to people as "something broke on our side".
package fault

import (
	"errors"

	"griot/i18n"
)

// Kind says whose turn it is after the refusal.
type Kind int

const (
	Internal Kind = iota // ours: logged, never shown in detail
	Invalid              // what was typed or attached must be changed
	NotFound             // the thing no longer exists, or never did for this team
	Conflict             // somebody was faster, or the thing has moved on
	Denied               // another person must do it
	Busy                 // try again in a moment
)

// Error is a refusal with its sentence in every language.
type Error struct {
	Kind  Kind
	Say   i18n.Localised // what happened and the one next step
	Field string         // name of the form field or option that is wrong; empty when it is not one
	Err   error          // cause for the log; may be nil
}

// Error gives the English sentence and the cause, for logs.
func (e *Error) Error() string {
	s := e.Say.In(i18n.En)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a refusal that says say with args.
func New(k Kind, say i18n.Text, args ...any) *Error { return &Error{Kind: k, Say: say.With(args...)} }

// In is New for a mistake in one form field or option.
func In(field string, say i18n.Text, args ...any) *Error {
	return &Error{Kind: Invalid, Say: say.With(args...), Field: field}
}

// At returns err with the field it concerns, when err is a refusal without one.
func At(field string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Field != "" {
		return err
	}
	at := *e
	at.Field = field
	return &at
}

// KindOf is the kind of err; Internal for anything that is not a refusal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a refusal of kind k.
func Is(err error, k Kind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == k
}

var broken = i18n.Text{
	En: "Something broke on our side; nothing of yours was changed. It has been noted: please try again in a minute.",
	Fr: "Une erreur est survenue de notre côté ; rien n’a été modifié. Elle est notée : réessayez dans une minute.",
}

// For is the sentence that a reader of l may see for err.
func For(err error, l i18n.Locale) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind != Internal {
		return e.Say.In(l)
	}
	return broken.In(l)
}
