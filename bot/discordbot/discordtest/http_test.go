package discordtest_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"griot/bot/discordbot/discordtest"
)

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// overHTTP is a village whose app takes interactions over HTTP and answers in the body, or by a call when it has none.
func overHTTP(t *testing.T, o discordtest.Options, answer func(v *village, i object) (int, any)) (*village, string) {
	t.Helper()
	v := settle(t, o)
	key, err := hex.DecodeString(v.s.App.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a body cut short has no good signature
		signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var i object
		if json.Unmarshal(body, &i) != nil || r.URL.Path != "/discord/interactions" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		status, a := answer(v, i)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if a != nil {
			w.Write(encoded(t, a)) // whoever has gone needs it no more
		}
	}))
	t.Cleanup(app.Close)
	return v, app.URL
}

func TestInteractionsOverHTTP(t *testing.T) {
	t.Parallel()
	v, base := overHTTP(t, discordtest.Options{Wait: 5 * time.Second}, func(v *village, i object) (int, any) {
		if i["type"] == 1.0 {
			return 200, object{"type": 1}
		}
		switch i["data"].(object)["custom_id"] {
		case "body":
			return 200, object{"type": 7, "data": object{"components": list(words("in the body"))}}
		case "call":
			v.callback(i, object{"type": 7, "data": object{"components": list(words("by a call"))}})
			return 202, nil
		}
		return 500, nil
	})
	if !v.s.VerifyURL(base) {
		t.Error("the address is not verified")
	}
	v.s.OverHTTP(base)
	for button, want := range map[string]string{"body": "in the body", "call": "by a call"} {
		v.ok("POST", v.messages(), v2(row(object{"type": 2, "style": 1, "label": "Go", "custom_id": button})))
		if ack := v.awa.Press(v.c.Last(), "Go"); !ack.OK() || v.c.Last().String() != want {
			t.Errorf("%s: %+v: %s", button, ack, v.c.Last())
		}
	}
	v.ok("POST", v.messages(), v2(row(button("Go", "broken"))))
	if ack := v.awa.Press(v.c.Last(), "Go"); ack.OK() || ack.Status != 500 || ack.Trouble == "" {
		t.Errorf("%+v", ack)
	}
	if got := v.ok("GET", "/applications/@me", nil)["interactions_endpoint_url"]; got != base+"/discord/interactions" {
		t.Errorf("%v", got)
	}
}

func TestBadAnswersOverHTTPAreFaults(t *testing.T) {
	t.Parallel()
	v, base := overHTTP(t, discordtest.Options{Lenient: true}, func(*village, object) (int, any) { return 200, object{"type": 9, "data": object{}} })
	v.s.OverHTTP(base)
	v.ok("POST", v.messages(), v2(row(button("Go", "go"))))
	if ack := v.awa.Press(v.c.Last(), "Go"); ack.Trouble != "This interaction failed" || len(v.s.Faults()) != 1 {
		t.Errorf("%+v: %v", ack, v.s.Faults())
	}
	if v.s.VerifyURL(base) {
		t.Error("a modal is no PONG")
	}
}

func TestFilesAreThereUntilTheirAddressEnds(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, discordtest.Options{Now: c.Now})
	f := v.awa.Say(v.c, "look", v.awa.Upload("a.png", []byte("meow"))).Attachments[0]
	get := func(address string) (int, string) {
		got, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		body, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		return got.StatusCode, string(body)
	}
	if status, body := get(f.URL); status != 200 || body != "meow" {
		t.Errorf("%d %q", status, body)
	}
	if status, _ := get(f.URL[:len(f.URL)-2] + "0"); status != 404 {
		t.Errorf("a wrong signature: %d", status)
	}
	c.pass(25 * time.Hour)
	if status, _ := get(f.URL); status != 404 {
		t.Errorf("an old address: %d", status)
	}
}
