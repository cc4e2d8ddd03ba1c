package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"griot/connectors"
	"griot/connectors/rest"
)

func path(method string) string { return "xrpc/" + method }

func query(method string, values url.Values) rest.Call {
	return rest.Call{Path: path(method), Query: values}
}

func procedure(method string, body []byte) rest.Call {
	return rest.Call{Method: http.MethodPost, Path: path(method), Body: rest.JSON(body)}
}

// ask makes a safe call and reads its answer.
func ask[T any](ctx context.Context, s *session, call rest.Call) (T, error) {
	a, err := s.do(ctx, call)
	if err != nil {
		var zero T
		return zero, err
	}
	return rest.Decode[T](a)
}

// code is the field error of a refusal: "InvalidSwap". The message beside it may be missing.
func code(a rest.Answer) string {
	if a.Status < 400 || a.Code != "" {
		return a.Code
	}
	var said struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(a.Body, &said) != nil {
		return "" // a proxy's page, or nothing
	}
	return said.Error
}

// stale reports whether a says that the token is not good, so that another one may be.
func stale(a rest.Answer) bool {
	c := code(a)
	return c == "ExpiredToken" || c == "InvalidToken"
}

// judge gives a refusal the kind that its field error proves; see rest.Classify for what may be changed.
func judge(a rest.Answer, err error) error {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.Refused {
		return err
	}
	kind, ok := kinds[code(a)]
	if !ok {
		return err
	}
	better := *e
	better.Kind = kind
	return &better
}

// kinds are words that mean more than "no". Sources: com.atproto lexicons; the reference server's answers, measured 2026-11.
var kinds = map[string]connectors.Kind{
	"ExpiredToken":            connectors.Temporary, // the next preparation renews it
	"BlobNotFound":            connectors.Temporary, // uploaded too long ago: the next preparation uploads again
	"InvalidToken":            connectors.SignIn,
	"AuthMissing":             connectors.SignIn,
	"AuthenticationRequired":  connectors.SignIn,
	"AuthFactorTokenRequired": connectors.SignIn, // the account's own password was typed instead of an app password
	"RateLimitExceeded":       connectors.Limited,
	"InvalidSwap":             connectors.Unsure, // see publisher.Send
}
