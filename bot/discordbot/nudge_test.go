package discordbot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// nudge is one line to awa: under a message of posts, or directly when that is empty. Its words would ping everybody.
func (w world) nudge(key, under string) chat.Nudge {
	n := chat.Nudge{Key: key, To: chat.Who{Surface: "discord", Workspace: w.acme.ID, User: w.awa.ID}, Words: []chat.Span{chat.Plain("look & *decide* @everyone @here <@&" + w.acme.ID + ">")}}
	if under != "" {
		n.Thread = chat.MessageRef{Place: w.at(w.posts), Message: under}
	}
	return n
}

const nudged = "@awa look & *decide* @everyone @here <@&"

// pings fails the test when a message is not the nudge, or pings anybody else.
func (w world) pings(m discordtest.Message) {
	w.Helper()
	w.says(m.String(), nudged)
	if diff := cmp.Diff([]string{"@awa"}, m.Pings); diff != "" {
		w.Errorf("pings (-want +got):\n%s", diff)
	}
}

func TestANudgePingsOnePersonOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, ready: func(w world) { w.acme.Bot.Allow(discordtest.MentionEveryone) }})
	ref := w.card("plc_1")
	if p := w.posts.Last().Pings; len(p) > 0 {
		t.Errorf("a card pings %q", p)
	}
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_1", ref.Message))) // begins the thread
	thread := w.posts.Thread(ref.Message)
	if thread == nil || !strings.HasPrefix(thread.Name, "look & *decide*") {
		t.Fatalf("thread: %+v", thread)
	}
	w.pings(thread.Last())
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_2", ref.Message))) // it is there
	thread.Archive()
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_3", ref.Message)))
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_4", "")))
	w.pings(w.awa.Direct().Last())
	next := w.reborn()
	for key, under := range map[string]string{"ntc_1": ref.Message, "ntc_2": ref.Message, "ntc_3": ref.Message, "ntc_4": ""} {
		n := w.nudge(key, under)
		n.Again = true
		w.must(next.Nudge(t.Context(), n))
	}
	if said, direct := len(thread.Messages()), len(w.awa.Direct().Messages()); said != 3 || direct != 1 || len(w.posts.Threads()) != 1 {
		t.Errorf("said again: %d in the thread, %d directly", said, direct)
	}
	for key, under := range map[string]string{"ntc_5": ref.Message, "ntc_6": ""} {
		n := w.nudge(key, under)
		n.Again = true // it was tried, and Discord never had it
		w.must(next.Nudge(t.Context(), n))
	}
	if said, direct := len(thread.Messages()), len(w.awa.Direct().Messages()); said != 4 || direct != 2 {
		t.Errorf("not said: %d in the thread, %d directly", said, direct)
	}
	w.unrefused("10003: Unknown Channel") // the thread that is not there yet
}

func TestANudgeWhoseSendingIsNotCertainIsSaidOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	ref := w.card("plc_1")
	for key, under := range map[string]string{"ntc_1": ref.Message, "ntc_2": ""} {
		w.must(w.griot.Nudge(t.Context(), w.nudge(key+"before", under)))
		w.discord.Fail(discordtest.PostMessage, discordtest.AnswerLost, 1)
		if err := w.griot.Nudge(t.Context(), w.nudge(key, under)); err == nil {
			t.Error("nobody knows")
		}
		w.must(w.griot.Nudge(t.Context(), w.nudge(key, under))) // Discord gives the first one back
	}
	if said, direct := len(w.posts.Thread(ref.Message).Messages()), len(w.awa.Direct().Messages()); said != 2 || direct != 2 {
		t.Errorf("%d in the thread, %d directly", said, direct)
	}
}

func TestANudgeStandsWhereItMay(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.posts.Deny(discordtest.CreatePublicThreads)
	ref := w.card("plc_1")
	w.must(w.griot.Nudge(t.Context(), w.nudge("ntc_1", ref.Message)))
	w.pings(w.posts.Last())
	again := w.nudge("ntc_1", ref.Message)
	again.Again = true
	w.must(w.reborn().Nudge(t.Context(), again))
	if n := len(w.posts.Messages()); n != 2 || len(w.posts.Threads()) != 0 {
		t.Errorf("%d messages", n)
	}
	calls := w.discord.Calls(discordtest.PostMessage)
	if answers, _ := calls[len(calls)-1].Body.(discordtest.Object)["message_reference"].(discordtest.Object); answers["message_id"] != ref.Message {
		t.Errorf("it is no answer to the card: %v", calls[len(calls)-1].Body)
	}

	forum := w.acme.Forum("ideas")
	post, err := w.griot.Send(t.Context(), w.at(forum), "plc_2", w.desk.card("plc_2"))
	w.must(err)
	n := w.nudge("ntc_2", "")
	n.Thread = post
	w.must(w.griot.Nudge(t.Context(), n))
	w.pings(forum.Thread(post.Message).Last())

	thread := forum.Thread(post.Message) // and a card in a thread
	inside, err := w.griot.Send(t.Context(), w.at(thread), "plc_3", w.desk.card("plc_3"))
	w.must(err)
	n = w.nudge("ntc_3", "")
	n.Thread = inside
	w.must(w.griot.Nudge(t.Context(), n))
	w.pings(thread.Last())
}

func TestNobodyIsPingedByWords(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, ready: func(w world) { w.acme.Bot.Allow(discordtest.MentionEveryone) }})
	what := "all @everyone @here <@" + w.awa.ID + "> <@&" + w.acme.ID + ">"
	w.ok(w.awa.Command(w.posts, "say", say(what)))
	w.must(w.griot.Edit(t.Context(), w.card("p1"), sentence(what)))
	for _, m := range w.posts.Messages() {
		if len(m.Pings) > 0 {
			t.Errorf("%v pings %q", m, m.Pings)
		}
	}
}
