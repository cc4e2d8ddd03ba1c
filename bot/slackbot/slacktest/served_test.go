package slacktest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

	"griot/bot/slackbot/slacktest"
)

// served is a village whose app listens over HTTP.
func served(t *testing.T, o slacktest.Options) *village {
	t.Helper()
	v := settle(t, o)
	l := httptest.NewServer(v)
	t.Cleanup(l.Close)
	v.base = l.URL
	v.s.OverHTTP(l.URL)
	return v
}

// ServeHTTP is the app over HTTP. It looks at the signature.
func (v *village) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Error(err)
	}
	at, err := parseStamp(r.Header.Get("X-Slack-Request-Timestamp"))
	if err != nil || v.s.App.Sign(at, body).Get("X-Slack-Signature") != r.Header.Get("X-Slack-Signature") {
		http.Error(w, "bad signature", http.StatusUnauthorized)
		return
	}
	var payload object
	kind := "events_api"
	switch r.URL.Path {
	case "/slack/events":
		err = json.Unmarshal(body, &payload)
		if payload["type"] == "url_verification" {
			io.WriteString(w, payload["challenge"].(string))
			return
		}
	case "/slack/commands":
		var form url.Values
		form, err = url.ParseQuery(string(body))
		kind, payload = "slash_commands", object{}
		for k := range form {
			payload[k] = form.Get(k)
		}
	case "/slack/interactivity":
		var form url.Values
		form, err = url.ParseQuery(string(body))
		kind = "interactive"
		if err == nil {
			err = json.Unmarshal([]byte(form.Get("payload")), &payload)
		}
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		v.t.Error(err)
	}
	e := object{"type": kind, "payload": payload, "retry": r.Header.Get("X-Slack-Retry-Num"), "reason": r.Header.Get("X-Slack-Retry-Reason")}
	switch answer := v.keep(e).(type) {
	case nil:
	case int:
		if answer == http.StatusTeapot {
			w.Header().Set("X-Slack-No-Retry", "1")
		}
		w.WriteHeader(answer)
	case string:
		if answer == "never" {
			<-r.Context().Done()
			return
		}
		io.WriteString(w, answer)
	default:
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(answer)
	}
}

// browser is somebody's browser: it keeps cookies and says where it is sent.
type browser struct {
	t *testing.T
	c *http.Client
}

func visitor(t *testing.T) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return browser{t, &http.Client{Jar: jar, CheckRedirect: stay}}
}

func (b browser) get(address string) *http.Response {
	b.t.Helper()
	r, err := b.c.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Body.Close()
	return r
}
