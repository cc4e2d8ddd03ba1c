package discordbot_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

const interactions = "/discord/interactions"

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

// typed is the body of a command as Discord sends it.
func (w world) typed(what string) string {
	w.Helper()
	r, err := w.awa.Request(w.base, w.posts, "say", discordtest.Values{"what": {what}})
	w.must(err)
	b, err := io.ReadAll(r.Body)
	w.must(err)
	return string(b)
}

func say(what string) discordtest.Values { return discordtest.Values{"what": {what}} }

func TestOnlyDiscordIsHeard(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	now := w.clock.Now()
	good := w.typed("hello")
	signed := func(at time.Time) http.Header { return w.discord.App.Sign(at, []byte(good)) }
	_, key, err := ed25519.GenerateKey(nil)
	w.must(err)
	other := signed(now)
	other.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(key, []byte(other.Get("X-Signature-Timestamp")+good))))
	without := func(name string) http.Header { h := signed(now); h.Del(name); return h }
	with := func(name, value string) http.Header { h := signed(now); h.Set(name, value); return h }
	const sign, at = "X-Signature-Ed25519", "X-Signature-Timestamp"
	for what, h := range map[string]http.Header{
		"another key": other, "another body": w.discord.App.Sign(now, []byte(good+" ")),
		"six minutes old": signed(now.Add(-6 * time.Minute)), "from the future": signed(now.Add(6 * time.Minute)),
		"no signature": without(sign), "no time": without(at), "nothing": {}, "an empty signature": with(sign, ""), "a short one": with(sign, "00"),
		"no hexadecimal": with(sign, strings.Repeat("z", 128)), "all zero": with(sign, strings.Repeat("0", 128)),
		"no time at all": with(at, "today"), "the end of time": with(at, "9223372036854775807"), "another time": with(at, "1"),
	} {
		if code, said := w.ask("POST", interactions, good, h); code != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", what, code, said)
		}
	}
	if len(w.desk.heard()) > 0 {
		t.Fatalf("heard: %v", w.desk.heard())
	}
	if code, said := w.ask("POST", interactions, good, signed(now.Add(-4*time.Minute))); code != http.StatusOK || !strings.Contains(said, "hello") {
		t.Errorf("a good one: %d %s", code, said)
	}
}

func TestWhatIsNoRequestOfDiscordIsRefused(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	for path, want := range map[string]int{interactions: http.StatusMethodNotAllowed, "/discord/": http.StatusNotFound, "/": http.StatusNotFound} {
		if code, _ := w.ask("GET", path, "", nil); code != want {
			t.Errorf("GET %s: %d, want %d", path, code, want)
		}
	}
	huge := `{"type":1,"x":"` + strings.Repeat("x", 2<<20) + `"}`
	if code, _ := w.ask("POST", interactions, huge, w.discord.App.Sign(w.clock.Now(), []byte(huge))); code != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MB: %d", code)
	}
	for _, body := range []string{"", "{", "[]", `"x"`, `{"type":"five"}`, `{"type":2,"data":5}`} {
		if code, _ := w.ask("POST", interactions, body, w.discord.App.Sign(w.clock.Now(), []byte(body))); code != http.StatusBadRequest {
			t.Errorf("%q: %d", body, code)
		}
	}
	for _, body := range []string{"null", "{}", `{"type":99,"guild_id":"1"}`, `{"type":2,"guild_id":"` + w.acme.ID + `"}`, `{"type":3,"guild_id":"` + w.acme.ID + `"}`, `{"type":5,"guild_id":"` + w.acme.ID + `","data":{"components":[{"type":18}]}}`} {
		if code, said := w.ask("POST", interactions, body, w.discord.App.Sign(w.clock.Now(), []byte(body))); code != http.StatusOK || !strings.Contains(said, `"type":4`) {
			t.Errorf("%q: %d %s", body, code, said)
		}
	}
	ping := `{"type":1}`
	if code, said := w.ask("POST", interactions, ping, w.discord.App.Sign(w.clock.Now(), []byte(ping))); code != http.StatusOK || strings.TrimSpace(said) != `{"type":1}` {
		t.Errorf("PING: %d %s", code, said)
	}
	if !w.discord.VerifyURL(w.base) {
		t.Error("the address is not verified")
	}
	w.ok(w.awa.Command(w.posts, "say", say("hello")))
}

func TestWithoutAKeyNothingIsAnswered(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	server := httptest.NewServer(w.griot.Handler())
	t.Cleanup(server.Close)
	w.base = server.URL
	if code, _ := w.ask("POST", interactions, `{"type":1}`, w.discord.App.Sign(w.clock.Now(), []byte(`{"type":1}`))); code != http.StatusNotFound {
		t.Errorf("%d", code)
	}
}

// twice delivers everything to Griot a second time, behind the first, and keeps what was answered.
func (w world) twice() (answers func() [][2]string) {
	var all [][2]string
	done := make(chan bool, 10)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.Error(err)
		}
		var said [2]string
		for i := range said {
			again := r.Clone(r.Context())
			again.Body = io.NopCloser(strings.NewReader(string(body)))
			rec := httptest.NewRecorder()
			w.griot.Handler().ServeHTTP(rec, again)
			said[i] = rec.Body.String()
		}
		all = append(all, said)
		out.Header().Set("Content-Type", "application/json")
		io.WriteString(out, said[0]) // Discord is there: it is the test
		done <- true
	}))
	w.Cleanup(server.Close)
	w.discord.OverHTTP(server.URL)
	return func() [][2]string {
		for len(done) > 0 {
			<-done
		}
		return all
	}
}

func TestAReplayedInteractionIsOneAct(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, discord: discordtest.Options{Lenient: true}})
	w.card("p1")
	answers := w.twice()
	w.ok(w.awa.Command(w.posts, "say", say("hello")))
	w.ok(w.awa.Choose(w.posts.Last(), "Move to", "Tuesday"))
	w.ok(w.awa.Command(w.posts, "post draft", discordtest.Values{"media": {w.awa.Upload("a.png", png(100))}}))
	w.discord.Eventually("the follow-ups", func() bool { return len(w.awa.Ephemerals()) == 3 && w.whispered("Continuer") })
	w.stop()
	for _, both := range answers() {
		if diff := cmp.Diff(both[0], both[1]); diff != "" {
			t.Errorf("another answer (-first +second):\n%s", diff)
		}
	}
	if n := len(w.awa.Ephemerals()); n != 3 || w.shelf.kept() != 1 {
		t.Errorf("%d private answers, %d kept", n, w.shelf.kept())
	}
	if diff := cmp.Diff([]string{"media a.png 100 89504e47"}, w.desk.attached()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// slow makes the next act take longer than Discord waits, until the returned function is called.
func (w world) slow() (goOn func()) {
	gate := make(chan struct{})
	w.desk.before(func(ctx context.Context, _ chat.Event) error {
		select {
		case <-gate:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return func() { close(gate); w.desk.before(nil) }
}

func TestASlowHandlerIsAnsweredInTwoParts(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			ref := w.card("p1")
			command := func(words string, v discordtest.Values) func() discordtest.Ack {
				return func() discordtest.Ack { return w.awa.Command(w.posts, words, v) }
			}
			press := func(button string) func() discordtest.Ack {
				return func() discordtest.Ack { return w.awa.Press(w.posts.Message(ref.Message), button) }
			}
			for what, c := range map[string]struct {
				do   func() discordtest.Ack
				kind int
				both bool // over HTTP and by the gateway
				seen func() bool
			}{
				"said":        {command("say", say("hello")), 5, true, func() bool { return w.whispered("You said: hello") }},
				"said to all": {command("say", say("all of you")), 5, false, func() bool { return w.posts.Last().String() == "✅ all of you" && w.whispered("C’est fait") }},
				"quiet":       {command("say", say("quiet")), 5, false, func() bool { return w.whispered("C’est fait") }},
				"a form":      {command("post draft", nil), 5, false, func() bool { return w.whispered("[Continuer]") }},
				"pressed":     {press("Approve"), 6, true, func() bool { return cmp.Equal([]chat.MessageRef{ref}, w.shelf.doubted()) }},
				"asked":       {press("Show"), 6, false, func() bool { return w.whispered("Pressed post.open") }},
			} {
				if !c.both && !http {
					continue
				}
				goOn := w.slow()
				ack := c.do()
				if !ack.OK() || ack.Type != c.kind || ack.Took > 3*time.Second {
					t.Errorf("%s: %+v", what, ack)
				}
				goOn()
				w.discord.Eventually(what, c.seen)
			}
			w.unrefused()
		})
	}
}

func TestABrokenHandlerIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.card("p1")
	w.desk.before(func(context.Context, chat.Event) error { return errors.New("the database is away") })
	const sorry = "Une erreur est survenue de notre côté"
	w.ok(w.awa.Command(w.posts, "say", say("hello")))
	w.says(w.awa.Ephemeral().String(), sorry)
	before := len(w.awa.Ephemerals())
	w.ok(w.awa.Press(w.posts.Last(), "Approve"))
	w.discord.Eventually("what went wrong", func() bool { return len(w.awa.Ephemerals()) > before })
	w.says(w.awa.Ephemeral().String(), sorry)
	if w.posts.Last().Edits != 0 {
		t.Error("the card was changed")
	}
	w.desk.before(nil)
	w.ok(w.awa.Press(w.posts.Last(), "Approve"))
	w.says(w.posts.Last().String(), "approved by awa")
}
