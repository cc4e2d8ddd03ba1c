package playground_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/chat"
)

func serve(t *testing.T, s *playground.Surface) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close) // waits for every request: a stream that does not end would hang here
	return server
}

type header map[string]string

func call(t *testing.T, method, url string, h header, body io.Reader) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range h {
		r.Header.Set(name, value)
	}
	if h["Host"] != "" {
		r.Host = h["Host"]
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// attached is a file of an act.
type attached struct {
	input, name string
	data        []byte
}

// post sends an act as the page does.
func post(t *testing.T, server *httptest.Server, act string, files ...attached) (int, map[string]any) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if err := m.WriteField("act", act); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		w, err := m.CreateFormFile(f.input, f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	h := header{"Content-Type": m.FormDataContentType(), "Sec-Fetch-Site": "same-origin"}
	res, body := call(t, "POST", server.URL+"/api/act?as=nora", h, &b)
	var out map[string]any
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%s: %s", res.Status, body)
	}
	return res.StatusCode, out
}

func TestPageHasNothingInline(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{Beside: "http://127.0.0.1:9/timeline", Second: "/two/"})
	server := serve(t, s)
	for _, path := range []string{"/", "/gallery"} {
		res, body := call(t, "GET", server.URL+path, nil, nil)
		policy := "default-src 'self'; img-src 'self' blob:; frame-src 'self' http://127.0.0.1:9; frame-ancestors 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
		if diff := cmp.Diff(policy, res.Header.Get("Content-Security-Policy")); diff != "" {
			t.Errorf("%s policy (-want +got):\n%s", path, diff)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be sniffed", path)
		}
		if bad := regexp.MustCompile(`(?i)\s(style|on\w+)=|<style|<script(?: type="module")?>|javascript:`).FindString(body); bad != "" {
			t.Errorf("%s has %q in it", path, bad)
		}
	}
}

func TestPageIsSmall(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	server := serve(t, s)
	_, page := call(t, "GET", server.URL+"/", nil, nil)
	script := 0
	for _, m := range regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		res, body := call(t, "GET", server.URL+m[1], header{"Accept-Encoding": "gzip"}, nil)
		if res.StatusCode != http.StatusOK || len(body) == 0 || len(body) > 8_000 || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s, %d bytes travel, kept: %q", m[1], res.Status, len(body), res.Header.Get("Cache-Control"))
		}
		if strings.HasSuffix(m[1], ".js") {
			script += len(body)
		}
	}
	if script == 0 || script > 20_000 {
		t.Errorf("%d bytes of script travel, at most 20 kB", script)
	}
	if res, _ := call(t, "GET", server.URL+"/assets/x/page.html", nil, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("the template itself: %s", res.Status)
	}
}

func TestOnlyOwnNamesAndOwnPage(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{Hosts: []string{"griot.example", "10.0.0.5:8080"}})
	server := serve(t, s)
	for _, c := range []struct {
		name, method string
		h            header
		want         int
	}{
		{"loopback", "GET", nil, 200},
		{"localhost", "GET", header{"Host": "localhost:1234"}, 200},
		{"IPv6 loopback", "GET", header{"Host": "[::1]:80"}, 200},
		{"listed name", "GET", header{"Host": "Griot.example:443"}, 200},
		{"listed address", "GET", header{"Host": "10.0.0.5:8080"}, 200},
		{"another port of it", "GET", header{"Host": "10.0.0.5:81"}, 421},
		{"rebound name", "GET", header{"Host": "evil.example"}, 421},
		{"loopback's look-alike", "GET", header{"Host": "127.0.0.1.evil.example"}, 421},
		{"cross-site post", "POST", header{"Sec-Fetch-Site": "cross-site"}, 403},
		{"same-site post", "POST", header{"Sec-Fetch-Site": "same-site"}, 403},
		{"post of another origin", "POST", header{"Origin": "http://evil.example"}, 403},
		{"post of no origin", "POST", header{"Origin": "null"}, 403},
	} {
		path := "/"
		if c.method == "POST" {
			path = "/api/act"
		}
		if res, body := call(t, c.method, server.URL+path, c.h, strings.NewReader("{}")); res.StatusCode != c.want {
			t.Errorf("%s: %s, want %d: %s", c.name, res.Status, c.want, body)
		}
	}
}

func TestKeyOpensOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{Prefix: "/two", Key: "open sesame"})
	server := serve(t, s)
	for _, path := range []string{"/two/", "/two/api/state?as=nora", "/two/api/events?as=nora", "/two/assets/x/page.js", "/two/?key=wrong"} {
		if res, _ := call(t, "GET", server.URL+path, nil, nil); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s without the key: %s", path, res.Status)
		}
	}
	res, _ := call(t, "GET", server.URL+"/two/?key=open+sesame", nil, nil)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/two/" || len(res.Cookies()) != 1 {
		t.Fatalf("with the key: %s to %q, cookies %v", res.Status, res.Header.Get("Location"), res.Cookies())
	}
	cookie := res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || strings.Contains(cookie.Value, "sesame") {
		t.Errorf("cookie %v", cookie)
	}
	if res, _ := call(t, "GET", server.URL+"/two/", header{"Cookie": cookie.Name + "=" + cookie.Value}, nil); res.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: %s", res.Status)
	}
	if res, _ := call(t, "GET", server.URL+"/two/?key=open+sesame", nil, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("with the key again: %s", res.Status)
	}
}

func TestActOverHTTP(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{})
	server := serve(t, s)
	act := `{"id":"a1","kind":"line","as":"nora","ch":"general","text":"/aide"}`
	status, first := post(t, server, act)
	_, second := post(t, server, act)
	if diff := cmp.Diff(first, second); status != 200 || diff != "" {
		t.Errorf("%d; the same act again (-first +second):\n%s", status, diff)
	}
	if n := len(y.seen()); n != 1 {
		t.Errorf("the handler was asked %d times", n)
	}
	y.broken = 1
	status, out := post(t, server, `{"id":"a2","kind":"line","as":"nora","ch":"general","text":"/aide"}`)
	if status != 503 || out["error"] != "Rien n’a été enregistré. Veuillez réessayer." {
		t.Errorf("a handler that fails: %d %v", status, out)
	}
	for _, bad := range []string{`{`, `{"kind":"line"}`, `{"id":"a3","kind":"press","as":"nora","ch":"general","tag":"no tag"}`,
		`{"id":"a4","kind":"line","as":"zoe","ch":"general","text":"x"}`, `{"id":"a5","kind":"line","as":"nora","ch":"dm:paul","text":"x"}`} {
		if status, out := post(t, server, bad); status != 400 || out["error"] == "" {
			t.Errorf("%s: %d %v", bad, status, out)
		}
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{MaxUpload: 50_000})
	server := serve(t, s)
	image := evening(40, 30)
	act := `{"id":"f1","kind":"form","as":"nora","ch":"general","tag":"post.draft|new|0","values":{"text":["Bonjour"]}}`
	if status, out := post(t, server, act, attached{"media", `C:\photos\soir.png`, image}); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	if diff := cmp.Diff([]string{fmt.Sprintf("media soir.png %d", len(image))}, y.files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	e := y.seen()[0]
	if !e.Form || e.Tag != (chat.Tag{Verb: "post.draft", Subject: "new"}) || e.Values.Get("text") != "Bonjour" || e.ID != "f1" {
		t.Errorf("event %+v", e)
	}
	line := `{"id":"f2","kind":"line","as":"nora","ch":"general","text":""}`
	if status, out := post(t, server, line, attached{"file", "page.html", []byte("<script>alert(1)</script>")}); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	all := s.Messages("general")
	res, body := call(t, "GET", server.URL+"/files/"+all[len(all)-1].Files[0].Hash, nil, nil)
	if res.Header.Get("Content-Type") != "application/octet-stream" || res.Header.Get("Content-Disposition") != "attachment" || body == "" {
		t.Errorf("a page somebody attached is served as %v", res.Header)
	}
	for _, path := range []string{"/files/..%2f..%2fetc%2fpasswd", "/files/nothing"} {
		if res, _ := call(t, "GET", server.URL+path, nil, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	big := attached{"media", "soir.png", make([]byte, 60_000)}
	status, out := post(t, server, strings.Replace(act, "f1", "f3", 1), big)
	if want := "«\u202fsoir.png\u202f» dépasse 50\u00a0ko. Veuillez choisir un fichier plus léger."; status != 413 || out["error"] != want {
		t.Errorf("%d %q, want %q", status, out["error"], want)
	}
	if len(y.seen()) != 1 {
		t.Error("the handler heard of an act that was refused")
	}
}

func TestSecretIsNotWrittenIntoThePage(t *testing.T) {
	t.Parallel()
	s, err := playground.New(options(playground.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	run(t, s, func(context.Context, chat.Event) (chat.Answer, error) {
		return chat.Ask{Form: chat.Form{Title: "Connect", Tag: chat.Tag{Verb: "connect"}, Inputs: []chat.Input{
			{Name: "token", Label: "App password", Kind: chat.Secret, Value: []string{"hunter2"}, Error: "It was refused."},
		}}}, nil
	})
	_, out := post(t, serve(t, s), `{"id":"s","kind":"line","as":"nora","ch":"general","text":"/aide"}`)
	if b, _ := json.Marshal(out); strings.Contains(string(b), "hunter2") || !strings.Contains(string(b), "It was refused.") {
		t.Errorf("form: %s", b)
	}
}

// listener reads a stream of one person.
type listener struct {
	lines chan string
	stop  context.CancelFunc
}

func listen(t *testing.T, server *httptest.Server, user, since string, h header) *listener {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/api/events?as="+user+"&since="+since, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range h {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("stream of %q", got)
	}
	l := &listener{make(chan string, 100), stop}
	go func() {
		defer close(l.lines)
		defer res.Body.Close()
		for sc := bufio.NewScanner(res.Body); sc.Scan(); {
			l.lines <- sc.Text()
		}
	}()
	t.Cleanup(stop)
	return l
}

// next is the next line that begins with prefix; empty when the stream ended.
func (l *listener) next(prefix string) string {
	for line := range l.lines {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return rest
		}
	}
	return ""
}

func cursor(t *testing.T, server *httptest.Server) string {
	t.Helper()
	_, body := call(t, "GET", server.URL+"/api/state?as=nora", nil, nil)
	var st struct{ Cursor string }
	if err := json.Unmarshal([]byte(body), &st); err != nil {
		t.Fatal(err)
	}
	return st.Cursor
}

func TestStreamCarriesWhatOnePersonSees(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	server := serve(t, s)
	start := cursor(t, server)
	nora, paul := listen(t, server, "nora", start, nil), listen(t, server, "paul", start, nil)
	if _, err := s.Type(t.Context(), "nora", "general", "/aide"); err != nil {
		t.Fatal(err)
	}
	send(t, s, "general", "k", cancelled())
	if got := nora.next("data: "); !strings.Contains(got, "Ce que Griot sait faire") {
		t.Errorf("nora reads %s", got)
	}
	if got := paul.next("data: "); !strings.Contains(got, "Not sent") {
		t.Errorf("paul reads %s", got)
	}
	if err := s.AddPerson(playground.Person{User: "zoe", Name: "Zoé"}); err != nil {
		t.Fatal(err)
	}
	if got := paul.next("event: "); got != "people" {
		t.Errorf("paul hears of %s", got)
	}
}

func TestStreamGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	server := serve(t, s)
	first := listen(t, server, "nora", cursor(t, server), nil)
	send(t, s, "general", "1", cancelled())
	id := first.next("id: ")
	first.stop()
	ref := send(t, s, "general", "2", cancelled())
	if err := s.Edit(t.Context(), ref, scheduled("Paul")); err != nil {
		t.Fatal(err)
	}
	again := listen(t, server, "nora", "", header{"Last-Event-ID": id})
	if a, b := again.next("data: "), again.next("data: "); !strings.Contains(a, "Not sent") || !strings.Contains(b, "Scheduled") {
		t.Errorf("after the break: %s then %s", a, b)
	}
	for _, foreign := range []string{"", "otherrun-3", strings.Replace(id, "-1", "-99", 1)} {
		if got := listen(t, server, "nora", foreign, nil).next("event: "); got != "reset" {
			t.Errorf("from %q: %q, want reset", foreign, got)
		}
	}
	for i := range 1100 {
		if err := s.Edit(t.Context(), ref, chat.Card{Title: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := listen(t, server, "nora", id, nil).next("event: "); got != "reset" {
		t.Errorf("too far back: %q, want reset", got)
	}
}

func TestStreamEndsWithRun(t *testing.T) {
	t.Parallel()
	s, err := playground.New(options(playground.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- s.Run(ctx, (&toy{}).handle) }()
	until(t, s.Ready)
	server := serve(t, s)
	l := listen(t, server, "nora", cursor(t, server), nil)
	l.next("retry: ")
	stop()
	<-over
	if got := l.next("event: "); got != "" {
		t.Errorf("after Run: %s", got)
	}
}

func TestPrivateAnswerIsDismissedByItsReader(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	server := serve(t, s)
	if _, err := s.Type(t.Context(), "nora", "general", "/aide"); err != nil {
		t.Fatal(err)
	}
	id := s.Messages("general")[0].Ref.Message
	for _, c := range []struct {
		as   string
		want int
		left int
	}{{"paul", 403, 1}, {"nora", 200, 0}, {"nora", 200, 0}} {
		body := strings.NewReader(fmt.Sprintf(`{"as":%q,"ch":"general","message":%q}`, c.as, id))
		res, _ := call(t, "POST", server.URL+"/api/dismiss", nil, body)
		if res.StatusCode != c.want || len(s.Messages("general")) != c.left {
			t.Errorf("%s: %s, %d left", c.as, res.Status, len(s.Messages("general")))
		}
	}
}
