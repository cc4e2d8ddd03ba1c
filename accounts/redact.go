package accounts

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"griot/connectors"
)

// hider takes secrets out of what is said or logged.
type hider struct{ words *strings.Replacer }

// What is shorter, in bytes, is taken for a word of every day: nobody can tell a token from a number among facts.
const (
	shortSecret = 4
	shortFact   = 16
)

// hide knows the hidden ones among secrets, and every long fact.
func hide(info connectors.Info, secrets, facts map[string]string) hider {
	var all []string
	for _, k := range info.Secrets {
		if k.Kind == connectors.Hidden {
			all = append(all, secrets[k.Key])
		}
	}
	for _, v := range facts {
		if len(v) >= shortFact {
			all = append(all, v)
		}
	}
	return hideAll(all...)
}

// hideAll knows words that nobody may read.
func hideAll(words ...string) hider {
	var all, pairs []string
	for _, v := range words {
		if len(v) >= shortSecret {
			all = append(all, v, url.QueryEscape(v))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // one may begin another
	for _, v := range all {
		pairs = append(pairs, v, "•••")
	}
	return hider{strings.NewReplacer(pairs...)}
}

// text is s without the secrets.
func (h hider) text(s string) string { return h.words.Replace(s) }

// err is e without the secrets in anything it says. What it is stays, for errors.Is and for a network's answer.
func (h hider) err(e error) error {
	if e == nil {
		return nil
	}
	if n, ok := e.(*connectors.Error); ok {
		return h.answer(n)
	}
	return &hidden{e, h}
}

func (h hider) answer(n *connectors.Error) *connectors.Error {
	clean := *n
	clean.Words, clean.Err = h.text(n.Words), h.err(n.Err)
	return &clean
}

// hidden is an error that says less than its cause. It has no Unwrap, which would say all of it.
type hidden struct {
	cause error
	hider hider
}

// Error is the cause's words without the secrets.
func (e *hidden) Error() string { return e.hider.text(e.cause.Error()) }

// Is sees through to the cause.
func (e *hidden) Is(target error) bool { return errors.Is(e.cause, target) }

// As finds a network's answer in the cause and gives it without the secrets.
func (e *hidden) As(target any) bool {
	t, ok := target.(**connectors.Error)
	if !ok {
		return false
	}
	n, ok := errors.AsType[*connectors.Error](e.cause)
	if ok {
		*t = e.hider.answer(n)
	}
	return ok
}
