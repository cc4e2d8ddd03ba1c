package playground_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/chat"
)

// offers asks what an option may become, as the page does.
func offers(t *testing.T, server *httptest.Server, body string) (int, []string) {
	t.Helper()
	res, said := call(t, "POST", server.URL+"/api/typing?as=nora", header{"Sec-Fetch-Site": "same-origin"}, strings.NewReader(body))
	var out struct {
		Options []struct{ Value, Label string }
	}
	if err := json.Unmarshal([]byte(said), &out); err != nil {
		t.Fatalf("%s: %s", res.Status, said)
	}
	var all []string
	for _, o := range out.Options {
		all = append(all, o.Label+"="+o.Value)
	}
	return res.StatusCode, all
}

func TestWhatIsTypedIsOffered(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{})
	server := serve(t, s)
	status, got := offers(t, server, `{"as":"nora","ch":"general","command":"post rediger","option":"at","values":{"at":["demain"],"text":["Bonjour"]}}`)
	if diff := cmp.Diff([]string{"The morning of demain=demain 9h", "The evening of demain=demain 18h"}, got); diff != "" || status != 200 {
		t.Errorf("%d (-want +got):\n%s", status, diff)
	}
	e := y.seen()[0]
	if e.Command != "post draft" || e.Typing != "at" || e.Who.Name != "Nora Diallo" || e.Place != s.Place("general") || !cmp.Equal(chat.Values{"at": {"demain"}, "text": {"Bonjour"}}, e.Values) {
		t.Errorf("the handler was given %+v", e)
	}
	for body, want := range map[string]int{
		`{"as":"nobody","ch":"general","command":"post draft","option":"at"}`: 200,
		`{"as":"nora","ch":"nowhere","command":"post draft","option":"at"}`:   200,
		`{"as":"nora","ch":"general","command":"post nothing","option":"at"}`: 200,
		`{"as":"nora","ch":"general","command":"post draft","option":""}`:     200,
		`{"as":"nora","ch":"general","command":"post draft","option":"text"}`: 200,
		`{"as":"nora"`: 400,
	} {
		if status, got := offers(t, server, body); status != want || len(got) > 0 {
			t.Errorf("%s: %d, %v", body, status, got)
		}
	}
	y.mu.Lock()
	y.broken = 1
	y.mu.Unlock()
	if status, got := offers(t, server, `{"as":"nora","ch":"general","command":"post draft","option":"at"}`); status != 200 || len(got) > 0 {
		t.Errorf("when it fails: %d, %v", status, got)
	}
	if res, body := call(t, "POST", server.URL+"/api/typing", header{"Sec-Fetch-Site": "cross-site"}, strings.NewReader(`{}`)); res.StatusCode != 403 {
		t.Errorf("another page: %s %s", res.Status, body)
	}
}

// TestValuesAreCompletedByKeyboard: an offer is chosen with Tab and stands quoted in the line.
func TestValuesAreCompletedByKeyboard(t *testing.T) {
	s, _ := open(t, playground.Options{})
	server, tab := serve(t, s), browser(t)
	evening := `[...document.querySelectorAll("#complete b")].some((b) => b.textContent === "The evening of `
	do(t, tab, chromedp.Navigate(server.URL+"/?as=paul#general"), ready("paul"), js(`document.querySelector("#say").focus()`),
		keys(`/post draft text:"Hello" at:tomorrow`), wait(evening+`tomorrow")`), keys(kb.ArrowDown+kb.ArrowDown+kb.Tab),
		is(`document.querySelector("#say").value === '/post draft text:"Hello" at:"tomorrow 18h" '`),
		js(`document.querySelector("#say").value = ""`), keys(`/post rediger at:"next week`), wait(evening+`next week")`), keys(kb.Tab),
		is(`document.querySelector("#say").value === '/post rediger at:"next week 9h" '`),
	)
}
