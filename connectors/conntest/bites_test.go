package conntest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/mastodon"
	"griot/connectors/mastodon/mastodontest"
	"griot/connectors/rest"
)

// broken are connectors with one mistake each, and the part of the battery that must see it.
var broken = map[string]struct {
	part string
	make func(good) connectors.Publisher
}{
	"sends again after a lost answer":        {"lost answers", func(g good) connectors.Publisher { return resends{g} }},
	"lets Go's transport send again":         {"lost answers", func(g good) connectors.Publisher { return &riding{good: g} }},
	"calls doubt an outage":                  {"lost answers", func(g good) connectors.Publisher { return certain{g} }},
	"finds nothing":                          {"crash before the receipt", func(g good) connectors.Publisher { return blind{g} }},
	"finds the newest, whatever it says":     {"find", func(g good) connectors.Publisher { return careless{g} }},
	"hides that it could not look":           {"looking fails", func(g good) connectors.Publisher { return careless{g} }},
	"publishes while preparing":              {"text", func(g good) connectors.Publisher { return hasty{g} }},
	"forgets descriptions":                   {"pictures with descriptions", func(g good) connectors.Publisher { return mute{g} }},
	"forgets the parent":                     {"thread", func(g good) connectors.Publisher { return loose{g} }},
	"puts the request into its errors":       {"secrets stay secret", func(g good) connectors.Publisher { return chatty{g} }},
	"calls an item that is gone a failure":   {"remove", func(g good) connectors.Publisher { return strict{g} }},
	"goes on when it is cancelled":           {"cancelled", func(g good) connectors.Publisher { return deaf{g} }},
	"does not wait for the limit's end":      {"waits", func(g good) connectors.Publisher { return restless{g} }},
	"cuts what is too long":                  {"length", func(g good) connectors.Publisher { return shortening{g} }},
	"keeps what it needs outside of Request": {"crash before the receipt", func(g good) connectors.Publisher { return &forgetful{good: g} }},
}

// good is a publisher without a mistake, and what a mistake needs.
type good struct {
	connectors.Publisher
	server, token string
	metrics       connectors.MetricsReader
}

type resends struct{ good }

func (p resends) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	got, err := p.good.Send(ctx, r)
	if connectors.KindOf(err) == connectors.Unsure && err != nil {
		return p.good.Send(ctx, r)
	}
	return got, err
}

// riding warms up a connection, and sends on it in the way of most clients.
type riding struct {
	good
	http http.Client
}

func (p *riding) do(ctx context.Context, method, path, body, key string) error {
	req, err := http.NewRequestWithContext(ctx, method, p.server+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := p.http.Do(req)
	if err != nil {
		return &connectors.Error{Kind: connectors.Unsure, Network: "mastodon"}
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func (p *riding) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	p.http.Transport = &http.Transport{}
	if err := p.do(ctx, http.MethodGet, "/api/v1/accounts/verify_credentials", "", ""); err != nil {
		return connectors.Request{}, err
	}
	return p.good.Prepare(ctx, d)
}

func (p *riding) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	return connectors.Receipt{}, p.do(ctx, http.MethodPost, "/api/v1/statuses", r.Body, r.Key)
}

type certain struct{ good }

func (p certain) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	got, err := p.good.Send(ctx, r)
	if e, ok := errors.AsType[*connectors.Error](err); ok && e.Kind == connectors.Unsure {
		e.Kind = connectors.Temporary
	}
	return got, err
}

type blind struct{ good }

func (blind) Find(context.Context, connectors.Request) ([]connectors.Receipt, error) { return nil, nil }

type careless struct{ good }

func (p careless) Find(ctx context.Context, r connectors.Request) ([]connectors.Receipt, error) {
	found, err := p.good.Find(ctx, r)
	if err != nil {
		return nil, nil
	}
	return append(found, connectors.Receipt{RemoteID: "1"}), nil
}

type hasty struct{ good }

func (p hasty) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	r, err := p.good.Prepare(ctx, d)
	if err == nil {
		_, err = p.good.Send(ctx, r)
	}
	return r, err
}

type mute struct{ good }

func (p mute) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	for i := range d.Media {
		d.Media[i].Alt = ""
	}
	return p.good.Prepare(ctx, d)
}

type loose struct{ good }

func (p loose) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	d.ReplyTo = d.Root
	return p.good.Prepare(ctx, d)
}

type chatty struct{ good }

func (p chatty) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	got, err := p.good.Send(ctx, r)
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		e.Err = fmt.Errorf("with %s", p.token)
	}
	return got, err
}

type strict struct{ good }

func (p strict) Remove(ctx context.Context, r connectors.Receipt) error {
	counts, err := p.metrics.OfPosts(ctx, []connectors.Receipt{r})
	if err == nil && len(counts) == 0 {
		return &connectors.Error{Kind: connectors.Refused, Network: "mastodon", Status: http.StatusNotFound}
	}
	return p.good.Remove(ctx, r)
}

type deaf struct{ good }

func (p deaf) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return p.good.Send(ctx, r)
}

type restless struct{ good }

func (p restless) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	got, err := p.good.Send(ctx, r)
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		e.After = 0
	}
	return got, err
}

type shortening struct{ good }

func (p shortening) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	if len(d.Text) > 300 {
		d.Text = d.Text[:300]
	}
	return p.good.Prepare(ctx, d)
}

type forgetful struct {
	good
	sent bool
}

func (p *forgetful) Send(ctx context.Context, r connectors.Request) (connectors.Receipt, error) {
	p.sent = true
	return p.good.Send(ctx, r)
}

func (p *forgetful) Find(ctx context.Context, r connectors.Request) ([]connectors.Receipt, error) {
	if !p.sent {
		return nil, nil
	}
	return p.good.Find(ctx, r)
}

// connector is Mastodon with a mistake.
type connector struct {
	mastodon.Connector
	spoil  func(good) connectors.Publisher
	deafen func(connectors.MentionSource) connectors.MentionSource
	blur   func(asked) asked
}

func (c connector) Open(ctx context.Context, cred connectors.Credential) (connectors.Account, error) {
	a, err := c.Connector.Open(ctx, cred)
	a.Publish = c.spoil(good{a.Publish, cred.Secrets[mastodon.Server], cred.Secrets[mastodon.Token], a.Metrics})
	a.Mentions = c.deafen(a.Mentions)
	a.Answered = c.blur(a.Answered)
	return a, err
}

const which = "CONNTEST_BROKEN"

// TestBatteryBites runs the battery, in a process of its own, on each broken connector, and on one that is not.
func TestBatteryBites(t *testing.T) {
	t.Parallel()
	parts := map[string]string{}
	for name, b := range broken {
		parts[name] = b.part
	}
	for name, b := range deafened {
		parts[name] = b.part
	}
	for name, b := range blurred {
		parts[name] = b.part
	}
	for name, part := range parts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, err := battery(t, name, part); err == nil || !strings.Contains(out, "--- FAIL: TestOne/"+strings.ReplaceAll(part, " ", "_")) {
				t.Errorf("%q did not see it: %v\n%s", part, err, out)
			}
			if out, err := battery(t, "none", part); err != nil {
				t.Errorf("%q sees a mistake where there is none: %v\n%s", part, err, out)
			}
		})
	}
}

// TestGosTransportIsSeen: the mistake above is seen for what it is.
func TestGosTransportIsSeen(t *testing.T) {
	t.Parallel()
	if out, _ := battery(t, "lets Go's transport send again", "lost answers"); !strings.Contains(out, "2 visible calls, want 1") {
		t.Errorf("not two calls:\n%s", out)
	}
}

func battery(t *testing.T, name, part string) (string, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, "-test.run", "^TestOne$/^"+strings.ReplaceAll(part, " ", "_")+"$", "-test.timeout", "60s")
	c.Env = append(os.Environ(), which+"="+name)
	out, err := c.CombinedOutput()
	return string(out), err
}

// TestOne is the battery on one connector. By itself it runs on one without a mistake.
func TestOne(t *testing.T) {
	spoil := func(g good) connectors.Publisher { return g }
	if b, ok := broken[os.Getenv(which)]; ok {
		spoil = b.make
	}
	deafen := func(m connectors.MentionSource) connectors.MentionSource { return m }
	if b, ok := deafened[os.Getenv(which)]; ok {
		deafen = b.make
	}
	blur := func(a asked) asked { return a }
	if b, ok := blurred[os.Getenv(which)]; ok {
		blur = b.make
	}
	s := mastodontest.New(mastodontest.Options{Budget: 100_000, Keys: mastodontest.Ignored})
	faults := conntest.NewFaults(s)
	base := faults.Serve(t)
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := rest.NewGuard([]string{u.Host})
	if err != nil {
		t.Fatal(err)
	}
	conntest.Run(t, conntest.Target{
		New:     func() connectors.Connector { return connector{mastodon.New(guard), spoil, deafen, blur} },
		Secrets: map[string]string{mastodon.Server: base, mastodon.Token: mastodontest.Token},
		Faults:  faults,
		Role: func(r *http.Request) conntest.Role {
			switch {
			case r.Method == http.MethodPost && r.URL.Path == "/api/v1/statuses":
				return conntest.Visible
			case strings.HasSuffix(r.URL.Path, "/media"):
				return conntest.Upload
			case r.Method == http.MethodDelete:
				return conntest.Removing
			case strings.HasSuffix(r.URL.Path, "/1/statuses"):
				return conntest.Looking
			case r.URL.Path == "/api/v1/statuses":
				return conntest.Counting
			case strings.HasSuffix(r.URL.Path, "/context"):
				return conntest.Asking
			case strings.HasSuffix(r.URL.Path, "/notifications"):
				return conntest.Hearing
			case strings.HasSuffix(r.URL.Path, "verify_credentials"), strings.HasSuffix(r.URL.Path, "/instance"):
				return conntest.Opening
			}
			return conntest.Other
		},
		Items: func(*testing.T) []conntest.Item {
			var all []conntest.Item
			for _, p := range s.Posts() {
				i := conntest.Item{RemoteID: p.ID, Text: p.Text, Parent: p.Parent}
				for _, f := range p.Pictures {
					i.Alts = append(i.Alts, f.Alt)
				}
				all = append(all, i)
			}
			return all
		},
		Mention:  func(_ *testing.T, text string) string { return s.Mention(text) },
		Stranger: func(*testing.T) connectors.Receipt { return connectors.Receipt{RemoteID: s.Say("?", "public")} },
		Answer: func(_ *testing.T, to connectors.Receipt) connectors.Receipt {
			return connectors.Receipt{RemoteID: s.Answer(to.RemoteID, "oui")}
		},
	})
}
