package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"

	"griot/connectors"
)

// ErrTooLarge is wrapped when an answer is longer than the Client reads.
var ErrTooLarge = errors.New("the answer is larger than Griot reads")

// maxRedirects is how many are followed when reading.
const maxRedirects = 3

// Do makes one call, once. The error is nil for a 2xx answer whose body was read whole, otherwise a *connectors.Error by
// Classify; the Answer holds what came back in either case, for a connector that knows its network's words better.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) {
	if call.Method == "" {
		call.Method = http.MethodGet
	}
	if call.Effect == "" {
		call.Effect = Safe
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout[call.Effect])
	defer cancel()
	a := Answer{call: call, client: c}
	reach, err := c.exchange(ctx, call, &a)
	if e := c.judge(&a, reach, err); e != nil {
		c.note(ctx, call, string(e.Kind), e.Status)
		return a, e
	}
	c.note(ctx, call, "answered", a.Status)
	return a, nil
}

// judge turns what happened into an error, nil when it is a yes.
func (c *Client) judge(a *Answer, reach Reach, err error) *connectors.Error {
	o := Outcome{Network: c.network, Effect: a.call.Effect, Reach: reach, Status: a.Status, Err: c.hide.cause(err)}
	if a.Status >= 300 {
		code, words := said(a.Header, a.Body)
		a.Code, o.Words = c.hide.words(code), c.hide.words(words)
		o.After = waitOf(a.Header)
		o.Err = nil // the status decides; a body cut short does not change it
	}
	if a.Status >= 300 && a.Status < 400 {
		o.Err = c.hide.cause(fmt.Errorf("the server sends this call on to %s: the address of the server may be wrong", place(a.Header)))
	}
	return Classify(o)
}

// exchange sends the call, follows redirects when it reads, and fills a.
func (c *Client) exchange(ctx context.Context, call Call, a *Answer) (Reach, error) {
	u, err := c.resolve(call)
	if err != nil {
		return Unsent, err
	}
	first := u
	for hop := 0; ; hop++ {
		if err := c.guard.Check(u); err != nil {
			return Unsent, err
		}
		if !sameOrigin(u, first) {
			call.Header = withoutCredentials(call.Header)
		}
		reach, err := c.once(ctx, call, u, a)
		if err != nil || call.Method != http.MethodGet || call.Effect == Visible || hop == maxRedirects || !redirects(a) {
			return reach, err
		}
		if u, err = u.Parse(a.Header.Get("Location")); err != nil {
			return reach, nil // the answer stays a redirect, and is judged as one
		}
	}
}

func redirects(a *Answer) bool {
	switch a.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a.Header.Get("Location") != ""
	}
	return false
}

func withoutCredentials(h http.Header) http.Header {
	h = h.Clone()
	for _, name := range []string{"Authorization", "Cookie", "Dpop"} {
		h.Del(name)
	}
	return h
}

// once is one request and its answer on one connection.
func (c *Client) once(ctx context.Context, call Call, u *url.URL, a *Answer) (Reach, error) {
	a.Status, a.Header, a.Body = 0, nil, nil
	var f flight
	req, err := c.request(httptrace.WithClientTrace(ctx, f.trace(ctx.Err)), call, u)
	if err != nil {
		return Unsent, err
	}
	transport := c.guard.reads
	if call.Effect == Visible {
		transport = c.guard.once
	}
	res, err := transport.RoundTrip(req) // not http.Client: no redirect, no cookie, no URL in the error
	if err != nil {
		if call.Effect == Visible {
			return f.reach(), err
		}
		return MaybeSent, err
	}
	defer res.Body.Close()
	a.Status, a.Header = res.StatusCode, res.Header
	a.Body, err = io.ReadAll(io.LimitReader(res.Body, c.limit+1))
	if int64(len(a.Body)) > c.limit {
		a.Body, err = a.Body[:c.limit], fmt.Errorf("%w: over %d bytes", ErrTooLarge, c.limit)
	}
	return MaybeSent, err
}

// request has no GetBody, so that nothing in net/http can send it a second time.
func (c *Client) request(ctx context.Context, call Call, u *url.URL) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, call.Method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Griot/1")
	if call.Body.open != nil {
		req.Header.Set("Content-Type", call.Body.kind)
		if req.Body, err = call.Body.open(); err != nil {
			return nil, err
		}
		if req.ContentLength = call.Body.size; call.Body.size == 0 {
			req.Body.Close()
			req.Body = http.NoBody
		}
	}
	for k, vs := range call.Header {
		req.Header[http.CanonicalHeaderKey(k)] = vs
	}
	if c.token != "" && c.base != nil && sameOrigin(u, c.base) && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

func (c *Client) resolve(call Call) (*url.URL, error) {
	raw := call.Path
	if !strings.Contains(raw, "://") {
		if c.base == nil {
			return nil, fmt.Errorf("%w: no base", ErrAddress)
		}
		raw = c.base.String() + "/" + strings.TrimLeft(raw, "/")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: the path cannot be read", ErrAddress)
	}
	if call.Query != nil {
		u.RawQuery = call.Query.Encode()
	}
	return u, nil
}

// sameOrigin: Authorization goes there and nowhere else, not even to a subdomain or to the same host without https.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

// place is where a redirect leads, without path or query.
func place(h http.Header) string {
	u, err := url.Parse(h.Get("Location"))
	if err != nil || u.Host == "" {
		return "another page"
	}
	return u.Scheme + "://" + u.Host
}

func (c *Client) note(ctx context.Context, call Call, how string, status int) {
	if c.log == nil {
		return
	}
	path, _, _ := strings.Cut(call.Path, "?")
	c.log(ctx, c.hide.text(fmt.Sprintf("%s %s %s %d", strings.ToLower(call.Method), path, how, status)))
}
