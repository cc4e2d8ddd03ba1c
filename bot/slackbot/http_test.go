package slackbot_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// ask sends a request to Griot and returns what it answers.
func (w world) ask(method, path, body string, header http.Header) (int, string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.base+path, strings.NewReader(body))
	w.must(err)
	if header != nil {
		r.Header = header
	}
	answer, err := http.DefaultClient.Do(r)
	w.must(err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	w.must(err)
	return answer.StatusCode, string(said)
}

// typed is the body of a command as Slack sends it.
func (w world) typed(text string) string {
	w.Helper()
	r, err := w.awa.Request(w.base, w.posts, "/post", text)
	w.must(err)
	b, err := io.ReadAll(r.Body)
	w.must(err)
	return string(b)
}

func TestOnlySlackIsHeard(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	now := w.clock.Now()
	good := w.typed("hello")
	signed := func(at time.Time) http.Header { return w.slack.App.Sign(at, []byte(good)) }
	other := w.slack.App
	other.SigningSecret = "somebody else's"
	without := func(name string) http.Header { h := signed(now); h.Del(name); return h }
	with := func(name, value string) http.Header { h := signed(now); h.Set(name, value); return h }
	for what, h := range map[string]http.Header{
		"another secret": other.Sign(now, []byte(good)), "another body": w.slack.App.Sign(now, []byte(good+"&x=1")),
		"six minutes old": signed(now.Add(-6 * time.Minute)), "from the future": signed(now.Add(6 * time.Minute)),
		"no signature": without("X-Slack-Signature"), "no time": without("X-Slack-Request-Timestamp"), "nothing": {},
		"no time at all": with("X-Slack-Request-Timestamp", "today"), "the end of time": with("X-Slack-Request-Timestamp", "9223372036854775807"),
		"another time": with("X-Slack-Request-Timestamp", "1"), "another version": with("X-Slack-Signature", "v1=00"),
	} {
		for _, path := range []string{"/slack/commands", "/slack/events", "/slack/interactivity"} {
			if code, said := w.ask("POST", path, good, h); code != http.StatusUnauthorized {
				t.Errorf("%s to %s: %d %s", what, path, code, said)
			}
		}
	}
	if len(w.desk.heard()) > 0 {
		t.Fatalf("heard: %v", w.desk.heard())
	}
	// The same request twice is the same act, whoever sends it the second time.
	for range 2 {
		if code, said := w.ask("POST", "/slack/commands", good, signed(now.Add(-4*time.Minute))); code != http.StatusOK || !strings.Contains(said, "hello") {
			t.Errorf("a good one: %d %s", code, said)
		}
	}
	if len(w.desk.heard()) != 2 || w.desk.acts() != 1 {
		t.Errorf("%d requests were %d acts", len(w.desk.heard()), w.desk.acts())
	}
}

func TestWhatIsNoRequestOfSlackIsRefused(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	for path, want := range map[string]int{"/slack/commands": http.StatusMethodNotAllowed, "/slack/events": http.StatusMethodNotAllowed,
		"/slack/interactivity": http.StatusMethodNotAllowed, "/slack/install": http.StatusNotFound, "/slack/oauth": http.StatusNotFound,
		"/slack/": http.StatusNotFound, "/": http.StatusNotFound} {
		if code, _ := w.ask("GET", path, "", nil); code != want {
			t.Errorf("GET %s: %d, want %d", path, code, want)
		}
	}
	huge := strings.Repeat("text=hello&", 1<<20)
	if code, _ := w.ask("POST", "/slack/commands", huge, w.slack.App.Sign(w.clock.Now(), []byte(huge))); code != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB: %d", code)
	}
	for _, body := range []string{"", "payload=%zz", "payload=", "payload=[]", "payload=" + url.QueryEscape(`{"type":5}`), "payload=null"} {
		code, _ := w.ask("POST", "/slack/interactivity", body, w.slack.App.Sign(w.clock.Now(), []byte(body)))
		if code == http.StatusInternalServerError || code == http.StatusUnauthorized {
			t.Errorf("%q: %d", body, code)
		}
	}
	if len(w.desk.heard()) > 0 {
		t.Errorf("heard: %v", w.desk.heard())
	}
	if !w.slack.VerifyURL(w.base) {
		t.Error("the address is not verified")
	}
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
}

func TestAnEventThatComesAgainIsKeptOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.shelf.breaks(errors.New("the disk is full"))
	if ack := w.awa.Mention(w.posts, "hello"); ack.Status != http.StatusServiceUnavailable || ack.Tries != 2 {
		t.Errorf("nothing was kept: %+v", ack)
	}
	w.shelf.breaks(nil)
	w.slack.Redeliver(2)
	for _, ack := range w.slack.Retry() {
		w.ok(ack)
	}
	w.ok(w.awa.DirectMessage("bonjour"))
	w.slack.Eventually("the answers", func() bool { return w.awa.Ephemeral().ID != "" && len(w.awa.Direct().Messages()) == 2 })
	if w.shelf.kept() != 2 || w.desk.acts() != 2 || len(w.desk.heard()) != 2 {
		t.Errorf("%d kept of %v, %d acts", w.shelf.kept(), w.shelf.ids, len(w.desk.heard()))
	}
}

func TestABrokenHandlerIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.card("p1")
	w.ok(w.awa.Command(w.posts, "/post", "draft"))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	w.desk.before(func(context.Context, chat.Event) error { return errors.New("the database is away") })

	const sorry = "Une erreur est survenue de notre côté"
	ack := w.awa.Submit(slacktest.Values{"Text": {"Kept as it is"}})
	w.says(ack.Errors["Text"], sorry)
	if got := w.awa.Modal().Values["Text"]; got != "Kept as it is" {
		t.Errorf("the form has %q", got)
	}
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
	w.says(w.awa.Ephemeral().String(), sorry)
	before := len(w.awa.Ephemerals())
	w.ok(w.awa.Press(w.posts.Last(), "Approve"))
	w.slack.Eventually("what went wrong", func() bool { return len(w.awa.Ephemerals()) > before })
	w.says(w.awa.Ephemeral().String(), sorry)

	w.desk.before(nil)
	w.ok(w.awa.Submit(nil))
	if w.desk.state("p1") != "Kept as it is" {
		t.Errorf("sent again: %q", w.desk.state("p1"))
	}
}

func TestASlowHandlerIsStoppedInTime(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.before(func(ctx context.Context, _ chat.Event) error {
		<-ctx.Done()
		return ctx.Err()
	})
	ack := w.awa.Command(w.posts, "/post", "hello")
	w.ok(ack)
	w.says(w.awa.Ephemeral().String(), "Une erreur est survenue de notre côté")
	if ack.Took > 3*time.Second {
		t.Errorf("it took %v", ack.Took)
	}
}

func TestWhatComesTooLateOverHTTPIsShown(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, slack: slacktest.Options{Lenient: true, Wait: 200 * time.Millisecond}})
	gone := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		context.AfterFunc(r.Context(), func() { close(gone) })
		w.griot.Handler().ServeHTTP(out, r)
	}))
	t.Cleanup(server.Close)
	w.slack.OverHTTP(server.URL)
	w.desk.before(func(context.Context, chat.Event) error {
		<-gone
		return nil
	})
	if ack := w.awa.Command(w.posts, "/post", "hello"); !ack.Late {
		t.Errorf("acknowledged: %+v", ack)
	}
	w.slack.Eventually("the answer", func() bool { return w.awa.Ephemeral().String() == "✅ You said: post hello" })
}

func TestASlackThatIsAwayIsSaidToWhoeverTypes(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, griot: func(o *slackbot.Options) { o.API = "http://127.0.0.1:1/" }})
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
	w.says(w.awa.Ephemeral().String(), "nothing of yours was changed")
	if len(w.desk.heard()) > 0 {
		t.Errorf("heard: %v", w.desk.heard())
	}
}

func TestAnAnswerHasNoSecretAndIsNotCached(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, griot: func(o *slackbot.Options) {
		o.ClientID, o.ClientSecret, o.BaseURL = "client", "client-secret-x", "https://griot.example"
	}})
	for _, path := range []string{"/slack/commands", "/slack/events", "/slack/install", "/slack/oauth", "/slack/oauth?state=x&code=y"} {
		for _, method := range []string{"GET", "POST"} {
			r, err := http.NewRequestWithContext(t.Context(), method, w.base+path, strings.NewReader("x"))
			w.must(err)
			answer, err := http.DefaultTransport.RoundTrip(r)
			w.must(err)
			said, err := io.ReadAll(answer.Body)
			w.must(errors.Join(err, answer.Body.Close()))
			var all bytes.Buffer
			w.must(answer.Header.Write(&all))
			if text := all.String() + string(said); secret.MatchString(text) {
				t.Errorf("%s %s tells a secret:\n%s", method, path, text)
			}
			if got := answer.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s %s may be cached: %q", method, path, got)
			}
		}
	}
}
