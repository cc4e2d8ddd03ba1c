package conntest_test

import (
	"context"

	"griot/connectors"
	"griot/social"
)

// asked is connectors.Account.Answered.
type asked = func(context.Context, social.Remote) (string, error)

// blurred are ways of asking for an answer with one mistake each, and the part of the battery that must see it.
var blurred = map[string]struct {
	part string
	make func(asked) asked
}{
	"sees no answer of its own":             {"answered already", func(a asked) asked { return unseeing(a) }},
	"sees an answer everywhere":             {"answered already", func(asked) asked { return imagining }},
	"calls an item that is gone unanswered": {"answered already", func(a asked) asked { return forgiving(a, connectors.Refused) }},
	"calls an outage silence":               {"asking fails", func(a asked) asked { return forgiving(a, connectors.Temporary) }},
}

func unseeing(a asked) asked {
	return func(ctx context.Context, to social.Remote) (string, error) {
		_, err := a(ctx, to)
		return "", err
	}
}

func imagining(context.Context, social.Remote) (string, error) {
	return "https://social.example/1", nil
}

func forgiving(a asked, kind connectors.Kind) asked {
	return func(ctx context.Context, to social.Remote) (string, error) {
		url, err := a(ctx, to)
		if err != nil && connectors.KindOf(err) == kind {
			return "", nil
		}
		return url, err
	}
}
