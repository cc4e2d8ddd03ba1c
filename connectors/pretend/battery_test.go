package pretend_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/pretend"
	"griot/connectors/rest"
)

func TestBatteryWithKeysHonoured(t *testing.T) {
	t.Parallel()
	battery(t, pretend.Honoured)
}

func TestBatteryWithKeysIgnored(t *testing.T) {
	t.Parallel()
	battery(t, pretend.Ignored)
}

func battery(t *testing.T, keys pretend.Keys) {
	s := village(t, pretend.Options{Keys: keys})
	faults := conntest.NewFaults(s)
	base := faults.Serve(t)
	_, neighbour, err := s.Enrol("Boulangerie")
	if err != nil {
		t.Fatal(err)
	}
	passer := newBrowser(t, s) // the village closes when the browser does
	conntest.Run(t, conntest.Target{
		New:         func() connectors.Connector { return pretend.New(base, guard(t, base)) },
		Secrets:     map[string]string{"name": "Maison Lune"},
		HiddenFacts: []string{"token"},
		Faults:      faults,
		Role:        role,
		Items:       func(t *testing.T) []conntest.Item { return items(t, s) },
		Stranger: func(t *testing.T) connectors.Receipt {
			_, token, err := s.Enrol("Café des Halles")
			if err != nil {
				t.Fatal(err)
			}
			id := call[struct{ ID string }](t, s, token, "POST", "/api/posts", `{"text":"Une question"}`).ID
			return connectors.Receipt{RemoteID: id, URL: base + "/posts/" + id}
		},
		Answer: func(t *testing.T, to connectors.Receipt) connectors.Receipt {
			id := call[struct{ ID string }](t, s, neighbour, "POST", "/api/posts", `{"text":"Moi, je sais","reply_to":"`+to.RemoteID+`"}`).ID
			return connectors.Receipt{RemoteID: id, URL: base + "/posts/" + id}
		},
		Mention: func(t *testing.T, text string) string {
			body, err := json.Marshal(map[string]string{"text": "@maison-lune " + text})
			if err != nil {
				t.Fatal(err)
			}
			return call[struct{ ID string }](t, s, neighbour, "POST", "/api/posts", string(body)).ID
		},
		Like: func(_ *testing.T, r connectors.Receipt) {
			passer.press("/posts/"+r.RemoteID, "/posts/"+r.RemoteID+"/like", nil)
		},
	})
}

func role(r *http.Request) conntest.Role {
	switch p := r.URL.Path; {
	case p == "/api/instance", p == "/api/accounts":
		return conntest.Opening
	case p == "/api/media":
		return conntest.Upload
	case p == "/api/posts" && r.Method == http.MethodPost:
		return conntest.Visible
	case p == "/api/posts":
		return conntest.Counting
	case strings.HasSuffix(p, "/answers"):
		return conntest.Asking
	case p == "/api/mentions":
		return conntest.Hearing
	case strings.HasPrefix(p, "/api/accounts/"):
		return conntest.Looking
	case r.Method == http.MethodDelete:
		return conntest.Removing
	}
	return conntest.Other
}

// items reads every account's posts as a visitor sees them; only the tested account and strangers exist.
func items(t *testing.T, s *pretend.Server) []conntest.Item {
	t.Helper()
	type posts struct {
		Posts []struct {
			ID      string
			Text    string
			ReplyTo string `json:"reply_to"`
			Media   []struct{ Alt string }
		}
	}
	var out []conntest.Item
	for before := ""; ; {
		got := call[posts](t, s, "", "GET", "/api/accounts/maison-lune/posts?limit=100&before="+before, "")
		for _, p := range got.Posts {
			i := conntest.Item{RemoteID: p.ID, Text: p.Text, Parent: p.ReplyTo}
			for _, m := range p.Media {
				i.Alts = append(i.Alts, m.Alt)
			}
			out = append(out, i)
			before = p.ID
		}
		if len(got.Posts) < 100 {
			return out
		}
	}
}

// village is a server in memory with the real clock, unless opt says otherwise.
func village(t *testing.T, opt pretend.Options) *pretend.Server {
	t.Helper()
	if opt.Now == nil {
		opt.Now = time.Now
	}
	s, err := pretend.NewServer(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// serve puts s on a socket.
func serve(t *testing.T, s *pretend.Server) string {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil { // first: it lets go of calls that are held
			t.Error(err)
		}
		web.CloseClientConnections()
		web.Close()
	})
	return web.URL
}

func guard(t *testing.T, base string) *rest.Guard {
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

// call asks s past every socket; the answer must be a yes.
func call[T any](t *testing.T, s *pretend.Server, token, method, path, body string) T {
	t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1"+path, bytes.NewReader([]byte(body)))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Result().Body)
	if err != nil || w.Code >= 300 {
		t.Fatalf("%s %s: %d %s %v", method, path, w.Code, b, err)
	}
	var v T
	if len(b) > 0 {
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatalf("%s %s: %s: %v", method, path, b, err)
		}
	}
	return v
}
