package mastodon

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"griot/connectors"
	"griot/connectors/rest"
)

// fetch is rest.Fetch with what this network's words say beyond the status.
func fetch[T any](ctx context.Context, c *rest.Client, call rest.Call) (T, rest.Answer, error) {
	v, a, err := rest.Fetch[T](ctx, c, call)
	return v, a, refine(err)
}

// Words that mean something else than a plain no. Servers may say them in the account's own language.
// Sources: Mastodon's and GoToSocial's API controllers.
var (
	signIn   = regexp.MustCompile(`(?i)\bscopes?\b|access token|your login|log in|your account (is|has been)|pending approval|confirmed e-?mail`)
	notReady = regexp.MustCompile(`(?i)not finished processing|not been processed|not processed|not yet processed|en cours de traitement|noch nicht fertig`)
)

// refine turns some refusals into what they are: the token's fault, or a matter of seconds.
func refine(err error) error {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.Refused {
		return err
	}
	better := *e
	switch {
	case e.Status == http.StatusForbidden && signIn.MatchString(e.Words),
		e.Status == http.StatusUnprocessableEntity && authenticated.MatchString(e.Words):
		better.Kind = connectors.SignIn
	case e.Status == http.StatusUnprocessableEntity && notReady.MatchString(e.Words):
		better.Kind = connectors.Temporary
	default:
		return err
	}
	return &better
}

// authenticated is how Mastodon says, with status 422, that a token belongs to no user.
var authenticated = regexp.MustCompile(`(?i)requires an authenticated user`)

// gone reports the server's own word that an item is not there any more. A page that says 404 is somebody else's: a proxy that
// has lost its server says it of everything.
func gone(a rest.Answer) bool {
	return (a.Status == http.StatusNotFound || a.Status == http.StatusGone) && strings.HasPrefix(a.Header.Get("Content-Type"), "application/json")
}

// absent reports an answer that says: no such call here.
func absent(err error) bool {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		return false
	}
	return e.Status == http.StatusNotFound || e.Status == http.StatusGone || e.Status == http.StatusMethodNotAllowed
}
