package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"griot/connectors"
	"griot/connectors/rest"
)

func TestWordsOfTheNetwork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, mime, body, code, words string }{
		{"mastodon", "application/json; charset=utf-8", `{"error":"Validation failed"}`, "", "Validation failed"},
		{"oauth", "application/json", `{"error":"invalid_grant","error_description":"The token was revoked"}`, "invalid_grant", "The token was revoked"},
		{"xrpc", "application/json", `{"error":"InvalidSwap","message":"Record was at x"}`, "InvalidSwap", "Record was at x"},
		{"graph", "application/json", `{"error":{"message":"Duplicate status message","code":506}}`, "", "Duplicate status message"},
		{"problem", "application/problem+json", `{"title":"Forbidden","detail":"duplicate content"}`, "", "duplicate content"},
		{"list", "application/json", `{"errors":["slow down"]}`, "", "slow down"},
		{"list of objects", "application/json", `{"errors":[{"message":"slow down"}]}`, "", "slow down"},
		{"plain", "text/plain", "Not\tallowed\r\nhere\x00\u202e ", "", "Not allowed here"},
		{"page", "text/html", "<html><TITLE lang=x>502 &lt;Bad&gt;\n Gateway</TITLE><p>long story", "", "502 <Bad> Gateway"},
		{"page without a title", "text/html", "<p>long story", "", ""},
		{"broken", "application/json", `{"error":`, "", ""},
		{"binary", "application/octet-stream", "\x00\x01", "", ""},
		{"not UTF-8", "text/plain", "caf\xe9 ferm\xe9", "", "caf ferm"},
		{"long", "text/plain", strings.Repeat("é", 1000), "", strings.Repeat("é", 299) + "…"},
	} {
		client, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.mime)
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(c.body))
		})
		a, err := client.Do(t.Context(), rest.Call{Path: "/"})
		if e := wantKind(t, err, connectors.Refused); e.Words != c.words || a.Code != c.code {
			t.Errorf("%s: code %q words %q, want %q %q", c.name, a.Code, e.Words, c.code, c.words)
		}
	}
}

func TestNoSecretInErrorsOrLogs(t *testing.T) {
	t.Parallel()
	const password = `p"ss <wörd>&\`
	var mu sync.Mutex
	var log []string
	keep := func(_ context.Context, what string) {
		mu.Lock()
		defer mu.Unlock()
		log = append(log, what)
	}
	c, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		quoted, _ := json.Marshal(token + password)
		switch path := r.URL.Path; {
		case path == "/json":
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":"Bad","message":"%s: Bearer abcdef123456 access_token=zzz999zzz \"refreshJwt\":\"yyy888yyy\" %s abc"}`, r.Header.Get("Authorization"), strings.Trim(string(quoted), `"`))
		case path == "/redirect":
			w.Header().Set("Location", "https://elsewhere.example/?token="+token)
			w.WriteHeader(http.StatusFound)
		case strings.HasPrefix(path, "/cut"):
			panic(http.ErrAbortHandler)
		}
	}, rest.Hide(password, "abc"), rest.Log(keep))
	base := s.URL
	var said []string
	for _, call := range []rest.Call{
		{Path: "/json"}, {Path: "/json?key=" + token}, {Method: http.MethodPost, Path: "/redirect", Effect: rest.Visible},
		{Path: "/cut?x=" + token}, {Path: base + "/cut/" + token}, {Path: "http://10.0.0.1/?x=" + token}, {Path: "https://nowhere.invalid/" + token},
		{Path: "http://" + token + "@bad host/"}, {Method: "BAD METHOD", Path: "/" + token},
	} {
		_, err := c.Do(t.Context(), call)
		if err == nil {
			t.Errorf("%s %s answered", call.Method, call.Path)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			said = append(said, fmt.Sprintf("%v %+v", err, err))
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for _, line := range append(said, log...) {
		for _, secret := range []string{token, password, "abcdef123456", "zzz999zzz", "yyy888yyy"} {
			if strings.Contains(line, secret) {
				t.Errorf("%q stands in %q", secret, line)
			}
		}
	}
	if !strings.Contains(said[0], " abc") {
		t.Errorf("a word too short to be a secret was taken out: %q", said[0])
	}
	if len(log) == 0 {
		t.Error("nothing was logged")
	}
}
