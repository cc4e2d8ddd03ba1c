package slackbot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// nudge is one line to awa: under a message, or directly when that is empty.
func (w world) nudge(key, under string) chat.Nudge {
	n := chat.Nudge{Key: key, To: chat.Who{Surface: "slack", Workspace: w.acme.ID, User: w.awa.ID}, Words: []chat.Span{chat.Plain("look & <decide>")}}
	if under != "" {
		n.Thread = chat.MessageRef{Place: w.at(w.posts), Message: under}
	}
	return n
}

func TestACardIsPlacedEditedAndFound(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("plc_1")
	if diff := cmp.Diff(chat.MessageRef{Place: w.at(w.posts), Message: w.posts.Last().ID}, ref); diff != "" {
		t.Errorf("ref (-want +got):\n%s", diff)
	}
	want := slacktest.Object{"event_type": "griot_card", "event_payload": slacktest.Object{"key": "plc_1"}}
	if diff := cmp.Diff(want, w.posts.Last().Metadata); diff != "" {
		t.Errorf("mark (-want +got):\n%s", diff)
	}
	w.must(w.griot.Edit(t.Context(), ref, sentence("another")))
	if got := w.posts.Last(); got.String() != "✅ another" || got.Text != "another" || got.Edits != 1 {
		t.Errorf("edited: %q (%q), %d edits", got, got.Text, got.Edits)
	}
	for i := range 250 { // more than one page
		w.awa.Say(w.posts, fmt.Sprint("talk ", i))
	}
	found, err := w.griot.Find(t.Context(), w.at(w.posts), "plc_1")
	w.must(err)
	if found != ref {
		t.Errorf("found %v, not %v", found, ref)
	}
	w.clock.move(15 * 24 * time.Hour)
	for _, key := range []string{"plc_2", "plc_1"} { // one that never was, and one of more than a fortnight ago
		if _, err := w.griot.Find(t.Context(), w.at(w.posts), key); !errors.Is(err, chat.ErrGone) {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		args := w.slack.Calls(method)[0].Args
		if args["unfurl_links"] != "false" && method == "chat.postMessage" || args["unfurl_media"] != "false" && method == "chat.postMessage" || args["parse"] == "full" || args["link_names"] != nil {
			t.Errorf("%s unfurls or parses: %v", method, args)
		}
	}
	w.unrefused()
}

func TestACardWhoseSendingIsNotCertainIsFound(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.slack.Fail("chat.postMessage", slacktest.AnswerLost, 1)
	if _, err := w.griot.Send(t.Context(), w.at(w.posts), "plc_1", w.desk.card("p1")); err == nil {
		t.Fatal("nobody knows")
	}
	ref, err := w.griot.Find(t.Context(), w.at(w.posts), "plc_1")
	w.must(err)
	if ref.Message != w.posts.Last().ID || len(w.posts.Messages()) != 1 {
		t.Errorf("found %v of %d", ref, len(w.posts.Messages()))
	}
}

func TestANudgePingsOnePersonOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("plc_1")
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_1", ref.Message)))
	all := w.posts.Thread(ref.Message)
	if len(all) != 2 || all[1].String() != "@awa look & <decide>" || all[1].Text != "<@"+w.awa.ID+"> look &amp; &lt;decide&gt;" {
		t.Fatalf("thread: %q", all)
	}
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_2", "")))
	if got := w.awa.Direct().Last().String(); got != "@awa look & <decide>" {
		t.Errorf("directly: %q", got)
	}
	for i := range 250 { // the thread is longer than a page
		w.awa.Reply(w.posts, ref.Message, fmt.Sprint("talk ", i))
	}
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_3", ref.Message)))
	for key, under := range map[string]string{"ntc_1": ref.Message, "ntc_2": "", "ntc_3": ref.Message} {
		n := w.nudge(key, under)
		n.Again = true
		w.must(w.griot.Nudge(t.Context(), n))
	}
	if said, direct := len(w.posts.Thread(ref.Message)), len(w.awa.Direct().Messages()); said != 253 || direct != 1 {
		t.Errorf("said again: %d messages in the thread, %d directly", said, direct)
	}
	for key, under := range map[string]string{"ntc_4": ref.Message, "ntc_5": ""} {
		n := w.nudge(key, under)
		n.Again = true // it was tried, and Slack never had it
		w.must(w.griot.Nudge(t.Context(), n))
	}
	if said, direct := len(w.posts.Thread(ref.Message)), len(w.awa.Direct().Messages()); said != 254 || direct != 2 {
		t.Errorf("not said: %d messages in the thread, %d directly", said, direct)
	}
	w.unrefused()
}

func TestAnAnswerToACardWithAThreadIsBesideIt(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("p1")
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_1", ref.Message)))
	w.ok(w.awa.Press(w.posts.Last(), "Show"))
	w.slack.Eventually("the answer", func() bool { return w.awa.Ephemeral().ID != "" })
	if got := w.awa.Ephemeral().Thread; got != "" {
		t.Errorf("it is in the thread %q, where nobody looks who pressed in the channel", got)
	}
}

func TestWhatSlackRefusesIsSaidInChatsWords(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ctx := t.Context()
	send := func(c *slacktest.Channel) error {
		_, err := w.griot.Send(ctx, w.at(c), "k", w.desk.card("k"))
		return err
	}
	archived, secret := w.acme.Channel("old", w.awa), w.acme.Private("secret", w.awa)
	archived.Invite()
	secret.Invite()
	old, err := w.griot.Send(ctx, w.at(archived), "old", w.desk.card("old"))
	w.must(err)
	hidden, err := w.griot.Send(ctx, w.at(secret), "hidden", w.desk.card("hidden"))
	w.must(err)
	archived.Archive()
	secret.Kick()
	removed, foreign := w.card("removed"), w.card("foreign")
	w.posts.Remove(removed.Message)
	foreign.Channel = "C0NEVERWAS"
	edit := func(ref chat.MessageRef) error { return w.griot.Edit(ctx, ref, w.desk.card("k")) }
	under := func(ref chat.MessageRef) error {
		n := w.nudge("n", ref.Message)
		n.Thread = ref
		return w.griot.Nudge(ctx, n)
	}
	find := func(c *slacktest.Channel) error { _, err := w.griot.Find(ctx, w.at(c), "k"); return err }
	nobody := w.nudge("n", "")
	nobody.To.User = "U0NEVERWAS"
	elsewhere := w.at(w.posts)
	elsewhere.Workspace = "T0NEVERWAS"
	_, removedErr := w.griot.Send(ctx, elsewhere, "k", w.desk.card("k"))

	for what, c := range map[string]struct{ got, want error }{
		"edit a message that was deleted": {edit(removed), chat.ErrGone}, "nudge under it": {under(removed), chat.ErrGone},
		"send into an archived channel": {send(archived), chat.ErrGone}, "edit there": {edit(old), chat.ErrOutside},
		"send where Griot was put out": {send(secret), chat.ErrGone}, "edit where it was": {edit(hidden), chat.ErrOutside},
		"find where it was": {find(secret), chat.ErrOutside}, "edit nowhere": {edit(foreign), chat.ErrOutside},
		"nudge nobody": {w.griot.Nudge(ctx, nobody), chat.ErrGone}, "another workspace": {removedErr, chat.ErrRemoved},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	public := w.acme.Channel("public", w.awa)
	w.must(send(public)) // a public channel needs no invitation
	w.acme.Grant(strings.Fields("commands chat:write channels:read channels:history im:write users:read")...)
	if err := send(public); !errors.Is(err, chat.ErrOutside) {
		t.Errorf("send where an invitation is needed: %v", err)
	}
}

func TestALimitIsTheChannelsOrTheWorkspaces(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("p1")
	for _, method := range []string{"chat.postMessage", "chat.update", "conversations.history"} {
		w.slack.RateLimit(method, "", 7*time.Second, 1)
	}
	_, sent := w.griot.Send(t.Context(), w.at(w.posts), "p2", w.desk.card("p2"))
	_, found := w.griot.Find(t.Context(), w.at(w.posts), "p1")
	for what, c := range map[string]struct {
		err  error
		want chat.Wait
	}{
		"send": {sent, chat.Wait{After: 7 * time.Second, Channel: w.posts.ID}},
		"find": {found, chat.Wait{After: 7 * time.Second, Channel: w.posts.ID}},
		"edit": {w.griot.Edit(t.Context(), ref, w.desk.card("p1")), chat.Wait{After: 7 * time.Second}},
	} {
		got, ok := errors.AsType[*chat.Wait](c.err)
		if !ok || *got != c.want {
			t.Errorf("%s: %v, want %+v", what, c.err, c.want)
		}
	}
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
}

// drags makes the next call of a method take two seconds.
func (w world) drags(method string) {
	h := w.slack.HoldAnswer(method)
	<-h.Reached()
	w.clock.move(2 * time.Second)
	h.Release()
}

func TestABoardIsToldOfAnAnswerThatMayBeOvertaken(t *testing.T) {
	t.Parallel()
	for what, late := range map[string]func(world, chat.MessageRef){
		"slow":    func(w world, _ chat.MessageRef) { go w.drags("response_url") },
		"hangs":   func(w world, _ chat.MessageRef) { w.slack.HoldCall("response_url") },
		"away":    func(w world, _ chat.MessageRef) { w.slack.Fail("response_url", slacktest.Unavailable, 1) },
		"lost":    func(w world, _ chat.MessageRef) { w.slack.Fail("response_url", slacktest.AnswerLost, 1) },
		"expired": func(w world, _ chat.MessageRef) { w.clock.move(31 * time.Minute) },
		"gone":    func(w world, ref chat.MessageRef) { w.posts.Remove(ref.Message) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{})
			ref := w.card("p1")
			w.desk.before(func(context.Context, chat.Event) error {
				late(w, ref)
				return nil
			})
			w.ok(w.awa.Press(w.posts.Last(), "Approve"))
			w.slack.Eventually("doubt", func() bool { return len(w.shelf.doubted()) > 0 })
			if diff := cmp.Diff([]chat.MessageRef{ref}, w.shelf.doubted()); diff != "" {
				t.Errorf("doubted (-want +got):\n%s", diff)
			}
			if what != "slow" {
				return
			}
			w.desk.before(nil)
			w.ok(w.awa.Press(w.posts.Last(), "Send back"))
			w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
			w.clock.move(40 * time.Minute) // a form that is sent long after its button was pressed
			w.ok(w.awa.Submit(slacktest.Values{"Note": {"late"}}))
			w.slack.Eventually("doubt", func() bool { return len(w.shelf.doubted()) > 1 })
		})
	}
}
