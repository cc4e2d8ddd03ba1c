package slacktest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
	"griot/needs"
)

// judge is an app of Slack's own SDK, in a process of its own: test/bolt/run.mjs.
type judge struct {
	t *testing.T
	s *slacktest.Server

	mu   sync.Mutex // guards what follows
	said []object
}

// judged starts the SDK against a fake Slack; env says how it is to listen.
func judged(t *testing.T, s *slacktest.Server, env ...string) *judge {
	t.Helper()
	installed := needs.Bolt(t)
	folder := t.TempDir()
	script, err := os.ReadFile("../../../test/bolt/run.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "run.mjs"), script, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(installed, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", filepath.Join(folder, "run.mjs"))
	node.Env = append(os.Environ(), append(env, "SLACK_API_URL="+s.API())...)
	hold, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var wrong strings.Builder
	node.Stderr = &wrong
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	j := &judge{t: t, s: s}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		j.listen(out)
	}()
	t.Cleanup(func() {
		hold.Close() // it ends itself
		<-heard
		if err := node.Wait(); err != nil || t.Failed() {
			t.Errorf("node: %v\n%s\nsaid: %v", err, wrong.String(), j.said)
		}
	})
	j.heard("ready")
	return j
}

func (j *judge) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var o object
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			j.t.Errorf("it said %q", lines.Text())
			continue
		}
		if o["what"] == "error" {
			j.t.Errorf("the SDK complains: %v", o)
		}
		j.mu.Lock()
		j.said = append(j.said, o)
		j.mu.Unlock()
	}
}

// heard waits until it said something about that, and returns the newest.
func (j *judge) heard(what string) object {
	j.t.Helper()
	var got object
	j.s.Eventually("the SDK to say "+what, func() bool {
		j.mu.Lock()
		defer j.mu.Unlock()
		i := slices.IndexFunc(j.said, func(o object) bool { return o["what"] == what })
		if i < 0 {
			return false
		}
		got = j.said[i]
		j.said = slices.Delete(j.said, i, i+1)
		delete(got, "what")
		return true
	})
	return got
}

func (j *judge) hears(what string, want object) {
	j.t.Helper()
	if diff := cmp.Diff(want, j.heard(what)); diff != "" {
		j.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// TestBoltAgrees lets Slack's SDK live a day with the fake: what it accepts and understands, the fake does right.
func TestBoltAgrees(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{})
	v.w.Channel("other")
	j := judged(t, v.s, "SLACK_BOT_TOKEN="+v.token, "SLACK_APP_TOKEN="+v.s.App.Token, "CHANNEL="+v.c.ID)
	v.s.WaitConnected(1)
	drive(t, v, j)

	tour := v.awa.MessageShortcut(v.c.Last(), "tour")
	if !tour.OK() {
		t.Errorf("tour: %+v", tour)
	}
	got := j.heard("tour")
	wrong := object{"code": "invalid_blocks", "messages": list("[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]")}
	want := object{
		"file": v.w.Files()[0].ID, "marked": 1.0, "rooms": 1.0, "more": true, "wrong": wrong, "scopes": true, "from": got["from"],
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tour (-want +got):\n%s", diff)
	}

	before := v.s.Connections()
	v.s.Disconnect("refresh_requested")
	v.s.Eventually("the SDK to connect again", func() bool { return v.s.Connections() > before && v.s.Connected() == 1 })
	if ack := v.awa.Mention(v.c, "still there?"); !ack.OK() {
		t.Errorf("after the refresh: %+v", ack)
	}
	j.heard("mention")
}

// TestBoltAgreesOverHTTP is the same over signed requests, after an install by OAuth.
func TestBoltAgreesOverHTTP(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t, slacktest.Options{})
	w := s.Workspace("Acme")
	v := &village{raw: &raw{t: t, s: s}, w: w}
	v.awa = w.Person(slacktest.Profile{Name: "awa", RealName: "Awa Diop", Locale: "fr-FR", Zone: "Europe/Paris", Admin: true})
	v.c = w.Channel("posts", v.awa, w.Bot)
	base := "http://127.0.0.1:" + freePort(t)
	j := judged(t, s, "PORT="+base[len("http://127.0.0.1:"):], "SLACK_SIGNING_SECRET="+s.App.SigningSecret, "CHANNEL="+v.c.ID,
		"SLACK_CLIENT_ID="+s.App.ClientID, "SLACK_CLIENT_SECRET="+s.App.ClientSecret, "SLACK_AUTHORIZE_URL="+s.AuthorizeURL())
	s.OverHTTP(base)
	if !s.VerifyURL(base) {
		t.Error("the challenge did not come back")
	}
	browser := visitor(t)
	link := browser.get(base + "/slack/install").Header.Get("Location")
	back, err := v.awa.Allow(link)
	if err != nil {
		t.Fatal(err)
	}
	browser.get(back)
	j.hears("installed", object{"team": "Acme", "token": w.Token(), "scopes": list("commands", "chat:write", "app_mentions:read")})
	w.Grant(s.App.Scopes...)
	v.token = w.Token()
	drive(t, v, j)
	if ack := w.Uninstall(); !ack.OK() {
		t.Errorf("uninstall: %+v", ack)
	}
}

// drive is what people do and what the SDK must make of it.
func drive(t *testing.T, v *village, j *judge) {
	t.Helper()
	well := func(what string, ack slacktest.Ack) {
		t.Helper()
		if !ack.OK() {
			t.Errorf("%s: %+v", what, ack)
		}
	}
	user := v.awa.ID
	well("mention", v.awa.Mention(v.c, "hello & <you> 🎉"))
	j.hears("mention", object{"text": fmt.Sprintf("<@%s> hello &amp; &lt;you&gt; :tada:", v.w.Bot.ID), "user": user, "bot": v.w.Bot.ID})
	v.s.Eventually("an answer in the thread", func() bool { return len(v.c.Thread(v.c.Messages()[0].ID)) == 2 })

	well("direct message", v.awa.DirectMessage("Hi"))
	j.hears("message", object{"text": "Hi", "kind": "im"})

	well("command", v.awa.Command(v.c, "/post", "draft for @griot see example.com"))
	j.hears("command", object{
		"text": fmt.Sprintf("draft for <@%s|griot> see <http://example.com|example.com>", v.w.Bot.ID), "channel": "posts", "user": "awa",
	})
	if got := v.awa.Ephemeral().Text; !strings.HasPrefix(got, "On it: draft") {
		t.Errorf("the answer to the command is %q", got)
	}
	v.s.Eventually("the whole form", func() bool { return strings.Contains(strings.Join(v.awa.Modal().Lines, "\n"), "Write it") })
	picture := v.awa.Upload("b.png", []byte("\x89PNG\r\n\x1a\n"))
	ack := v.awa.Submit(slacktest.Values{
		"Text": {"bad"}, "Accounts": {"Mastodon", "Bluesky"}, "When": {"2026-02-10 09:00"}, "Pictures": {picture},
	})
	well("submit with a mistake", ack)
	if diff := cmp.Diff(map[string]string{"Text": "Not that"}, ack.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	well("submit again", v.awa.Submit(slacktest.Values{"Text": {"Samedi & dimanche"}}))
	j.hears("submitted", object{
		"text": "Samedi & dimanche", "to": list("m", "b"), "when": 1770710400.0, "files": list("b.png image/png"), "metadata": "rev 1", "user": "awa",
	})
	if v.awa.Modal().Open() {
		t.Error("the form is still there")
	}
	v.s.Eventually("a card", func() bool { return v.c.Last().Has("Approve") })
	card := v.c.Last()
	well("choose", v.awa.Choose(card, "Later", "Tomorrow"))
	j.hears("chosen", object{"value": "1"})
	well("press", v.awa.Press(card, "Approve"))
	j.hears("pressed", object{"value": "p1", "text": "A draft"})
	v.s.Eventually("the card approved and a whisper", func() bool {
		return v.c.Message(card.ID).String() == "Approved" && v.awa.Ephemeral().Text == "Only you see this"
	})

	well("home", v.awa.OpenHome())
	j.hears("home", object{"locale": "fr-FR", "zone": "Europe/Paris"})
	if got := strings.Join(v.awa.Home().Lines, "\n"); got != "Nothing waits for you" {
		t.Errorf("home: %q", got)
	}
	well("shortcut", v.awa.Shortcut("new"))
	j.hears("shortcut", object{"kind": "shortcut"})
	v.s.Eventually("a form from the shortcut", func() bool { return v.awa.Modal().Open() })
	well("close", v.awa.Close())
	j.hears("closed", object{"view": "draft"})
	if refused := v.s.Refused(); len(refused) > 0 {
		t.Errorf("refused: %q", refused)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
