package mastodon_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/mastodon"
	"griot/connectors/mastodon/mastodontest"
	"griot/connectors/rest"
)

func TestBattery(t *testing.T) {
	for name, o := range map[string]mastodontest.Options{
		"keys honoured":        {},
		"keys ignored":         {Keys: mastodontest.Ignored},
		"pictures worked on":   {Pictures: mastodontest.Worked, Sources: mastodontest.Absent},
		"old server":           {Pictures: mastodontest.Old, Keys: mastodontest.Ignored, Privacy: "unlisted"},
		"gotosocial":           {Software: mastodontest.GoToSocial},
		"gotosocial, no words": {Software: mastodontest.GoToSocial, Sources: mastodontest.Absent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.Budget = 100_000
			conntest.Run(t, target(t, mastodontest.New(o)))
		})
	}
}

// TestBatteryThroughProxy is how the battery meets a server that runs elsewhere.
func TestBatteryThroughProxy(t *testing.T) {
	t.Parallel()
	s := mastodontest.Start(t, mastodontest.Options{Budget: 100_000, Keys: mastodontest.Ignored})
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	conntest.Run(t, through(t, s, conntest.Proxy(u)))
}

func target(t *testing.T, s *mastodontest.Server) conntest.Target { return through(t, s, s) }

// through is a target whose requests pass by next on their way to s.
func through(t *testing.T, s *mastodontest.Server, next http.Handler) conntest.Target {
	faults := conntest.NewFaults(next)
	base := faults.Serve(t)
	guard := guardFor(t, base)
	return conntest.Target{
		New:     func() connectors.Connector { return mastodon.New(guard).Polling(5 * time.Millisecond) },
		Secrets: map[string]string{mastodon.Server: base, mastodon.Token: mastodontest.Token},
		Revoked: map[string]string{mastodon.Server: base, mastodon.Token: "a-token-of-yesterday"},
		Faults:  faults,
		Role:    role,
		Items:   func(*testing.T) []conntest.Item { return items(s) },
		Stranger: func(*testing.T) connectors.Receipt {
			return connectors.Receipt{RemoteID: s.Say("Et vous, à quelle heure ?", "public")}
		},
		Answer: func(_ *testing.T, to connectors.Receipt) connectors.Receipt {
			return connectors.Receipt{RemoteID: s.Answer(to.RemoteID, "je crois que oui")}
		},
		Mention: func(_ *testing.T, text string) string { return s.Mention(text) },
		Like:    func(_ *testing.T, r connectors.Receipt) { s.Like(r.RemoteID) },
	}
}

func guardFor(t *testing.T, base string) *rest.Guard {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	g, err := rest.NewGuard([]string{u.Host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func items(s *mastodontest.Server) []conntest.Item {
	var all []conntest.Item
	for _, p := range s.Posts() {
		i := conntest.Item{RemoteID: p.ID, Text: p.Text, Parent: p.Parent}
		for _, f := range p.Pictures {
			i.Alts = append(i.Alts, f.Alt)
		}
		all = append(all, i)
	}
	return all
}

func role(r *http.Request) conntest.Role {
	path := r.URL.Path
	switch {
	case path == "/api/v1/accounts/verify_credentials", strings.HasSuffix(path, "/instance"):
		return conntest.Opening
	case strings.HasSuffix(path, "/context"):
		return conntest.Asking
	case path == "/api/v1/notifications":
		return conntest.Hearing
	case strings.HasSuffix(path, "/media"):
		return conntest.Upload
	case r.Method == http.MethodPost && path == "/api/v1/statuses":
		return conntest.Visible
	case strings.HasPrefix(path, "/api/v1/accounts/"):
		return conntest.Looking
	case r.Method == http.MethodDelete:
		return conntest.Removing
	case strings.HasPrefix(path, "/api/v1/statuses") && !strings.HasSuffix(path, "/source"):
		return conntest.Counting
	}
	return conntest.Other
}
