package bluesky_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/bluesky"
	"griot/connectors/bluesky/blueskytest"
	"griot/connectors/conntest"
	"griot/connectors/rest"
)

// hiddenFacts are the tokens.
var hiddenFacts = []string{"access", "refresh"}

func TestBattery(t *testing.T) {
	t.Parallel()
	server := blueskytest.New(time.Now)
	faults := conntest.NewFaults(server)
	base := faults.Serve(t)
	server.Move(base)
	conntest.Run(t, conntest.Target{
		New:         newConnector(t, time.Now, base),
		Secrets:     secrets(base, blueskytest.Handle, blueskytest.AppPassword),
		Revoked:     secrets(base, blueskytest.Handle, "pass-word-of-yesterday"),
		HiddenFacts: hiddenFacts,
		Faults:      faults,
		Role:        role,
		Items: func(t *testing.T) []conntest.Item {
			var all []conntest.Item
			for uri, raw := range server.Records() {
				all = append(all, item(t, uri, raw))
			}
			return all
		},
		Stranger: func(*testing.T) connectors.Receipt {
			uri, cid := server.Say("Et vous, à quelle heure ?", "", "")
			return connectors.Receipt{RemoteID: uri, Ref: cid}
		},
		Answer: func(_ *testing.T, to connectors.Receipt) connectors.Receipt {
			uri, cid := server.Say("Je crois que oui", to.RemoteID, to.RemoteID)
			return connectors.Receipt{RemoteID: uri, Ref: cid}
		},
		Mention: func(_ *testing.T, text string) string { return server.Mention(text) },
		Like:    func(_ *testing.T, r connectors.Receipt) { server.Like(r.RemoteID) },
	})
}

func secrets(server, identifier, password string) map[string]string {
	return map[string]string{bluesky.Server: server, bluesky.Identifier: identifier, bluesky.AppPassword: password}
}

// newConnector makes connectors that may call bases and nothing else on this machine.
func newConnector(t *testing.T, now func() time.Time, bases ...string) func() connectors.Connector {
	t.Helper()
	var allow []string
	for _, b := range bases {
		allow = append(allow, parse(t, b).Host)
	}
	guard, err := rest.NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	return func() connectors.Connector { return bluesky.New(guard, now) }
}

func parse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func role(r *http.Request) conntest.Role {
	switch strings.TrimPrefix(r.URL.Path, "/xrpc/") {
	case "com.atproto.server.createSession", "com.atproto.server.refreshSession":
		return conntest.Opening
	case "com.atproto.repo.uploadBlob":
		return conntest.Upload
	case "com.atproto.repo.putRecord":
		return conntest.Visible
	case "com.atproto.repo.getRecord":
		return conntest.Looking
	case "com.atproto.repo.deleteRecord":
		return conntest.Removing
	case "app.bsky.feed.getPosts":
		return conntest.Counting
	case "app.bsky.feed.getPostThread", "com.atproto.repo.listRecords":
		return conntest.Asking
	case "app.bsky.notification.listNotifications":
		return conntest.Hearing
	}
	return conntest.Other
}

func visible(r *http.Request) bool { return role(r) == conntest.Visible }

// item is a record as a visitor sees it.
func item(t *testing.T, uri string, raw json.RawMessage) conntest.Item {
	t.Helper()
	var rec struct {
		Text  string
		Reply struct{ Parent struct{ URI string } }
		Embed struct{ Images []struct{ Alt string } }
	}
	if err := json.Unmarshal(raw, &rec); err != nil {
		t.Fatal(err)
	}
	i := conntest.Item{RemoteID: uri, Text: rec.Text, Parent: rec.Reply.Parent.URI}
	for _, p := range rec.Embed.Images {
		i.Alts = append(i.Alts, p.Alt)
	}
	return i
}
