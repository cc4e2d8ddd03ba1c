package discordtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"griot/bot/discordbot/discordtest"
)

type object = map[string]any

// raw is an app made of nothing but sockets and JSON: what it is sent it keeps, and answers as the test says.
type raw struct {
	t testing.TB
	s *discordtest.Server

	mu     sync.Mutex // guards what follows
	got    []object   // events
	answer func(i object) object
}

// village is one guild with the app in it, a channel, and awa.
type village struct {
	*raw
	g   *discordtest.Guild
	c   *discordtest.Channel
	awa *discordtest.Person
}

func settle(t *testing.T, o discordtest.Options) *village {
	t.Helper()
	s := discordtest.New(t, o)
	v := &village{raw: &raw{t: t, s: s}, g: s.Guild("Acme")}
	v.g.Install()
	v.awa = v.g.Person(discordtest.Profile{Name: "awa", GlobalName: "Awa Diop", Locale: "fr", Manager: true})
	v.c = v.g.Channel("posts")
	v.answer = func(object) object { return object{"type": 5, "data": object{"flags": 64}} }
	return v
}

// connected is a village whose app listens on the gateway.
func connected(t *testing.T, o discordtest.Options) *village {
	t.Helper()
	v := settle(t, o)
	v.connect(discordtest.Guilds)
	v.s.WaitConnected(1)
	return v
}

// dial opens a socket.
func (r *raw) dial() *websocket.Conn {
	r.t.Helper()
	address := r.call("GET", "/gateway", nil)["url"].(string)
	ws, _, err := websocket.DefaultDialer.Dial(address+"/?v=10&encoding=json", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { ws.Close() })
	return ws
}

// identify is the frame that starts a session.
func (r *raw) identify(intents discordtest.Intents) object {
	return object{"op": 2, "d": object{
		"token": r.s.App.Token, "intents": intents, "properties": object{"os": "linux", "browser": "raw", "device": "raw"},
	}}
}

// connect opens a socket with a session and answers what comes until it ends.
func (r *raw) connect(intents discordtest.Intents) *websocket.Conn {
	r.t.Helper()
	ws := r.dial()
	r.frame(ws) // HELLO
	r.write(ws, r.identify(intents))
	go func() {
		for {
			var e object
			if ws.ReadJSON(&e) != nil {
				return
			}
			r.keep(e)
		}
	}()
	return ws
}

func (r *raw) keep(e object) {
	r.mu.Lock()
	r.got = append(r.got, e)
	answer := r.answer
	r.mu.Unlock()
	if e["t"] != "INTERACTION_CREATE" {
		return
	}
	i := e["d"].(object)
	if a := answer(i); a != nil {
		r.callback(i, a)
	}
}

// callback gives a first response.
func (r *raw) callback(i, a object) object {
	return r.call("POST", fmt.Sprintf("/interactions/%s/%s/callback", i["id"], i["token"]), a)
}

// frame is the next frame of a socket.
func (r *raw) frame(ws *websocket.Conn) object {
	r.t.Helper()
	ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	var e object
	if err := ws.ReadJSON(&e); err != nil {
		r.t.Fatal(err)
	}
	ws.SetReadDeadline(time.Time{})
	return e
}

// closed is the code that a socket is closed with, whatever comes before.
func (r *raw) closed(ws *websocket.Conn) int {
	r.t.Helper()
	ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := ws.ReadMessage(); err != nil {
			if e, ok := err.(*websocket.CloseError); ok {
				return e.Code
			}
			r.t.Fatal(err)
		}
	}
}

func (r *raw) write(ws *websocket.Conn, v any) {
	r.t.Helper()
	if err := ws.WriteJSON(v); err != nil {
		r.t.Fatal(err)
	}
}

func (r *raw) answers(f func(i object) object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// seen are the events of a kind so far.
func (r *raw) seen(kind string) []object {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []object
	for _, e := range r.got {
		if e["t"] == kind {
			all = append(all, e["d"].(object))
		}
	}
	return all
}

// call is one call with the bot's token and a JSON body. The status is in "status", headers in "head", lists in "list".
func (r *raw) call(method, path string, body any) object {
	r.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			r.t.Fatal(err)
		}
	}
	return r.do(method, path, "application/json", raw, "Bot "+r.s.App.Token)
}

func (r *raw) do(method, path, kind string, body []byte, token string) object {
	r.t.Helper()
	req, err := http.NewRequest(method, r.s.API()+path, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	got, err := http.DefaultClient.Do(req)
	if err != nil {
		return object{"lost": err.Error()}
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(got.Body)
	if err != nil {
		r.t.Error(err)
	}
	o := object{"head": got.Header}
	var v any
	if json.Unmarshal(answer, &v) != nil {
		v = string(answer)
	}
	switch x := v.(type) {
	case object:
		for k, y := range x {
			o[k] = y
		}
	default:
		o["list"] = x
	}
	o["status"] = got.StatusCode
	return o
}

// upload is a call with files.
func (r *raw) upload(method, path string, body any, files map[string]string) object {
	r.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	payload, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	w.WriteField("payload_json", string(payload)) // a buffer takes everything
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		part, err := w.CreateFormFile(fmt.Sprintf("files[%d]", i), name)
		if err != nil {
			r.t.Fatal(err)
		}
		io.WriteString(part, files[name]) // a buffer takes everything
	}
	w.Close() // a buffer takes everything
	return r.do(method, path, w.FormDataContentType(), b.Bytes(), "Bot "+r.s.App.Token)
}

// ok is a call that must go well.
func (r *raw) ok(method, path string, body any) object {
	r.t.Helper()
	got := r.call(method, path, body)
	if status := got["status"].(int); status >= 300 {
		r.t.Errorf("%s %s: %v", method, path, got)
	}
	return got
}

// no is a call that must be refused with a code, and says something.
func (r *raw) no(code int, says, method, path string, body any) {
	r.t.Helper()
	r.refused(r.call(method, path, body), code, says)
}

func (r *raw) refused(got object, code int, says string) {
	r.t.Helper()
	text, err := json.Marshal(got)
	if err != nil {
		r.t.Fatal(err)
	}
	if got["code"] != float64(code) || !strings.Contains(string(text), says) {
		r.t.Errorf("refused with %d %q? %s", code, says, text)
	}
}

func list(all ...any) []any { return append([]any{}, all...) }

func row(all ...any) object { return object{"type": 1, "components": list(all...)} }

func button(label, id string) object {
	return object{"type": 2, "style": 1, "label": label, "custom_id": id}
}

func words(text string) object { return object{"type": 10, "content": text} }

// v2 is a message of components.
func v2(all ...any) object { return object{"flags": 1 << 15, "components": list(all...)} }

func option(name string, kind int) object {
	return object{"type": kind, "name": name, "description": "An option"}
}
