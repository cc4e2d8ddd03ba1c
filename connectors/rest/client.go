package rest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"griot/connectors"
)

// Client makes the calls of one credential on one network. It is safe for concurrent use and keeps nothing open.
type Client struct {
	network string
	guard   *Guard
	base    *url.URL
	token   string
	hide    redactor
	timeout map[Effect]time.Duration
	limit   int64
	log     func(ctx context.Context, what string)
}

// Option changes a Client.
type Option func(*Client) error

// Base sets the server that paths are joined to, as typed by a person; see NormaliseBase.
func Base(typed string) Option {
	return func(c *Client) error {
		s, err := NormaliseBase(typed)
		if err != nil {
			return err
		}
		if c.base, err = url.Parse(s); err != nil {
			return err
		}
		return c.guard.Check(c.base)
	}
}

// Bearer sends token in Authorization on every call, and hides it everywhere else.
func Bearer(token string) Option {
	return func(c *Client) error {
		c.token = token
		c.hide = c.hide.with(token)
		return nil
	}
}

// Hide keeps secrets out of errors and logs: passwords and tokens that travel in bodies.
func Hide(secrets ...string) Option {
	return func(c *Client) error {
		c.hide = c.hide.with(secrets...)
		return nil
	}
}

// Timeout is how long one call may take in all, body included. Default 30 s for both effects; the caller's own deadline counts too.
func Timeout(e Effect, d time.Duration) Option {
	return func(c *Client) error {
		c.timeout[e] = d
		return nil
	}
}

// BodyLimit is the longest answer that is read, in bytes. Default 2 MiB.
func BodyLimit(bytes int64) Option {
	return func(c *Client) error {
		c.limit = bytes
		return nil
	}
}

// Log receives one short phrase per call: method, path without query, status or kind of failure. It may be nil.
func Log(log func(ctx context.Context, what string)) Option {
	return func(c *Client) error {
		c.log = log
		return nil
	}
}

// New makes a Client for network, which names it in errors. Errors: Refused, wrapping ErrAddress or ErrForbidden.
func New(network string, guard *Guard, opts ...Option) (*Client, error) {
	c := &Client{
		network: network,
		guard:   guard,
		timeout: map[Effect]time.Duration{Safe: 30 * time.Second, Visible: 30 * time.Second},
		limit:   2 << 20,
	}
	for _, o := range opts {
		if err := o(c); err != nil {
			return nil, &connectors.Error{Kind: connectors.Refused, Network: c.network, Err: c.hide.cause(err)}
		}
	}
	return c, nil
}

// Server is the normalised base: "https://social.example".
func (c *Client) Server() string {
	if c.base == nil {
		return ""
	}
	return c.base.String()
}

// Call is one call.
type Call struct {
	Method string // GET when empty
	Path   string // joined to the base, escaped by the caller where it must be; or a whole URL
	Query  url.Values
	Header http.Header // more headers
	Body   Body
	Effect Effect // Safe when empty
}

// Answer is what came back.
type Answer struct {
	Status int // 0: nothing did
	Header http.Header
	Body   []byte // at most the Client's BodyLimit
	Code   string // the network's machine word for a refusal ("InvalidSwap"), when its JSON has one
	call   Call
	client *Client
}
