package slacktest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"griot/bot/slackbot/slacktest"
)

type object = map[string]any

// raw is an app made of nothing but sockets and JSON: what it is sent it keeps, and answers as the test says.
type raw struct {
	t     testing.TB
	s     *slacktest.Server
	token string

	mu     sync.Mutex // guards what follows
	got    []object   // envelopes, or bodies over HTTP
	answer func(kind string, payload object) any
}

// village is one workspace with the app in it, a channel with it and awa, and awa.
type village struct {
	*raw
	w    *slacktest.Workspace
	c    *slacktest.Channel
	awa  *slacktest.Person
	base string // over HTTP
}

func settle(t *testing.T, o slacktest.Options) *village {
	t.Helper()
	s := slacktest.New(t, o)
	w := s.Workspace("Acme")
	v := &village{raw: &raw{t: t, s: s, token: w.Install()}, w: w}
	v.awa = w.Person(slacktest.Profile{Name: "awa", RealName: "Awa Diop", Locale: "fr-FR", Zone: "Europe/Paris", Admin: true})
	v.c = w.Channel("posts", v.awa, w.Bot)
	v.answer = func(string, object) any { return nil }
	return v
}

// connected is a village whose app listens by Socket Mode.
func connected(t *testing.T, o slacktest.Options) *village {
	t.Helper()
	v := settle(t, o)
	v.connect()
	v.s.WaitConnected(1)
	return v
}

// connect opens one socket and answers what comes until it ends.
func (r *raw) connect() *websocket.Conn {
	r.t.Helper()
	opened := r.call(r.s.App.Token, "apps.connections.open", nil)
	ws, _, err := websocket.DefaultDialer.Dial(opened["url"].(string), http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		r.t.Fatal(err)
	}
	var writing sync.Mutex
	go func() {
		for {
			var e object
			if ws.ReadJSON(&e) != nil {
				return
			}
			if e["envelope_id"] == nil {
				r.keep(e)
				continue
			}
			go func() {
				answer := r.keep(e)
				if answer == "never" {
					return
				}
				ack := object{"envelope_id": e["envelope_id"]}
				if answer != nil {
					ack["payload"] = answer
				}
				writing.Lock()
				defer writing.Unlock()
				ws.WriteJSON(ack)
			}()
		}
	}()
	r.t.Cleanup(func() { ws.Close() })
	return ws
}

func (r *raw) keep(e object) any {
	r.mu.Lock()
	r.got = append(r.got, e)
	answer := r.answer
	r.mu.Unlock()
	kind, _ := e["type"].(string)
	payload, _ := e["payload"].(object)
	if payload == nil {
		return nil
	}
	return answer(kind, payload)
}

func (r *raw) answers(f func(kind string, payload object) any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// seen are the envelopes of a kind so far.
func (r *raw) seen(kind string) []object {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []object
	for _, e := range r.got {
		if e["type"] == kind {
			all = append(all, e)
		}
	}
	return all
}

// call is one call of the Web API with a JSON body.
func (r *raw) call(token, method string, args object) object {
	r.t.Helper()
	if args == nil {
		args = object{}
	}
	body, err := json.Marshal(args)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.s.API()+method, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return r.do(req)
}

func (r *raw) do(req *http.Request) object {
	r.t.Helper()
	got, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Error(err)
		return object{}
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		r.t.Error(err)
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		o = object{"body": string(raw)}
	}
	o["status"], o["after"] = got.StatusCode, got.Header.Get("Retry-After")
	return o
}

// form is one call with a form.
func (r *raw) form(token, method string, args url.Values) object {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.s.API()+method, strings.NewReader(args.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	return r.do(req)
}

// post sends JSON to an address such as a response URL.
func (r *raw) post(to string, body object) object {
	r.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, to, bytes.NewReader(raw))
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(req)
}

// ok is a call with the bot's token that must go well.
func (v *village) ok(method string, args object) object {
	v.t.Helper()
	got := v.call(v.token, method, args)
	if got["ok"] != true {
		v.t.Errorf("%s: %v", method, got)
	}
	return got
}

func plain(text string) object { return object{"type": "plain_text", "text": text} }

func button(label, action, value string) object {
	return object{"type": "button", "text": plain(label), "action_id": action, "value": value}
}

func list(all ...any) []any { return append([]any{}, all...) }

func parseStamp(s string) (time.Time, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Unix(n, 0), err
}
