package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/http"
	"regexp"
	"strings"
)

// ErrUnreadable is wrapped when an answer says yes in a form that is not the network's: a proxy's page, cut or foreign JSON.
var ErrUnreadable = errors.New("the answer is not what this network sends")

// Decode reads the JSON of a 2xx answer, after a look at its Content-Type. Errors wrap ErrUnreadable: Unsure for a visible call,
// Temporary for another.
func Decode[T any](a Answer) (T, error) {
	var v T
	err := readable(a)
	if err == nil {
		err = json.Unmarshal(a.Body, &v)
	}
	if err == nil {
		return v, nil
	}
	var zero T
	return zero, a.Unreadable(err.Error())
}

// Fetch is Do, then Decode.
func Fetch[T any](ctx context.Context, c *Client, call Call) (T, Answer, error) {
	a, err := c.Do(ctx, call)
	if err != nil {
		var zero T
		return zero, a, err
	}
	v, err := Decode[T](a)
	return v, a, err
}

// Unreadable is the error for a 2xx answer that lacks what it must have, such as the new item's id. What says which.
func (a Answer) Unreadable(what string) error {
	err := fmt.Errorf("%w: %s", ErrUnreadable, what)
	return Classify(Outcome{
		Network: a.client.network, Effect: a.call.Effect, Reach: MaybeSent, Status: a.Status, Err: a.client.hide.cause(err),
	})
}

func readable(a Answer) error {
	if !isJSON(a.Header) {
		return fmt.Errorf("content type %q", a.Header.Get("Content-Type"))
	}
	return nil
}

func isJSON(h http.Header) bool {
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (t == "application/json" || strings.HasSuffix(t, "+json"))
}

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// said finds the network's own words in a refusal, and its machine word when there is one beside them.
func said(h http.Header, body []byte) (code, words string) {
	if isJSON(h) {
		return saidJSON(body)
	}
	switch t, _, _ := mime.ParseMediaType(h.Get("Content-Type")); t {
	case "text/plain":
		return "", string(body[:min(len(body), 4*maxWords)])
	case "text/html":
		if m := title.FindSubmatch(body); m != nil {
			return "", html.UnescapeString(string(m[1]))
		}
	}
	return "", ""
}

// saidJSON knows the shapes in use: {"error": code or words, "message": words}, {"error": {"message": …}},
// {"error", "error_description"}, {"detail"}, {"errors": […]}.
func saidJSON(body []byte) (code, words string) {
	var b struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
		Message     string          `json:"message"`
		Detail      string          `json:"detail"`
		Errors      []json.RawMessage
	}
	if json.Unmarshal(body, &b) != nil {
		return "", ""
	}
	word := text(b.Error)
	switch {
	case b.Message != "":
		return word, b.Message
	case b.Description != "":
		return word, b.Description
	case word != "":
		return "", word
	case b.Detail != "":
		return "", b.Detail
	case len(b.Errors) > 0:
		return "", text(b.Errors[0])
	}
	return "", ""
}

// text is a JSON string, or the message inside a JSON object.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var o struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(raw, &o) == nil {
		return o.Message
	}
	return ""
}
