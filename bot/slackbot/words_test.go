package slackbot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

func TestWhatIsTypedArrivesAsItWasMeant(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.acme.Person(slacktest.Profile{Name: "binta"})
	for typed, want := range map[string]string{
		"Hello <b> & co":                "Hello <b> & co",
		"ask @binta in #posts":          "ask @binta in #posts",
		"@channel come":                 "@channel come",
		"see https://example.com/a?b&c": "see https://example.com/a?b&c",
		"see example.com, please":       "see example.com, please",
		"write to a.b@example.com":      "write to a.b@example.com",
		"Bravo 🎉 et 👍🏽":                 "Bravo 🎉 et 👍🏽",
		`text:"two words" and 'one'`:    `text:"two words" and 'one'`,
		"at 10:30:00, std::vector":      "at 10:30:00, std::vector",
		"&amp; stays":                   "&amp; stays",
	} {
		w.ok(w.awa.Command(w.posts, "/post", typed))
		if got := w.desk.last().Text; got != want {
			t.Errorf("command: %q, want %q", got, want)
		}
		before := len(w.desk.heard())
		w.ok(w.awa.Mention(w.posts, typed))
		w.slack.Eventually("the mention", func() bool { return len(w.desk.heard()) > before })
		if got := w.desk.last().Words; got != want {
			t.Errorf("mention: %q, want %q", got, want)
		}
	}
	curly := w.acme.Person(slacktest.Profile{Name: "chloe", Curly: true})
	w.posts.Join(curly)
	w.ok(curly.Command(w.posts, "/post", `"deux mots"`))
	if got := w.desk.last().Text; got != "“deux mots”" {
		t.Errorf("curly quotes: %q", got)
	}
	w.unrefused()
}

func TestEveryNameOfGriotLeadsToTheRegistry(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	for slash, want := range map[string][2]string{"/griot": {"", ""}, "/griot post list": {"griot", "post list"}, "/post list": {"post", "list"},
		"/historique 3": {"historique", "3"}, "/unknown x": {"unknown", "x"}} {
		command, text, _ := strings.Cut(slash, " ")
		w.ok(w.awa.Command(w.posts, command, text))
		if e := w.desk.last(); e.Command != want[0] || e.Text != want[1] {
			t.Errorf("%s: %q %q", slash, e.Command, e.Text)
		}
	}
}

func TestGriotIsCalledByEitherFormOfItsName(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	for _, text := range []string{"<@" + w.acme.Bot.ID + "> help me", "<@" + w.acme.Bot.ID + "|griot> help me", "help <@" + w.acme.Bot.ID + "|griot>me"} {
		before := len(w.desk.heard())
		w.ok(w.acme.SendEvent(slacktest.Object{"type": "app_mention", "user": w.awa.ID, "text": text, "channel": w.posts.ID, "ts": w.posts.Last().ID}))
		w.slack.Eventually("the mention", func() bool { return len(w.desk.heard()) > before })
		if got := strings.Join(strings.Fields(w.desk.last().Words), " "); got != "help me" {
			t.Errorf("%q arrives as %q", text, got)
		}
	}
}

func TestAnEmojiOfTheWorkspaceIsRefusedByName(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	const refused = "Seul votre espace de travail connaît l’émoji :acme-party:"
	w.ok(w.awa.Command(w.posts, "/post", "Bravo :acme-party: :acme-party:"))
	w.says(w.awa.Ephemeral().String(), refused)
	w.ok(w.awa.Mention(w.posts, "Bravo :acme-party:"))
	w.slack.Eventually("the answer to the mention", func() bool { return len(w.awa.Ephemerals()) == 2 })
	w.says(w.awa.Ephemeral().String(), refused)
	w.ok(w.awa.DirectMessage("Bravo :acme-party:"))
	w.slack.Eventually("the direct answer", func() bool { return len(w.awa.Direct().Messages()) == 2 })
	w.says(w.awa.Direct().Last().String(), refused)
	if len(w.desk.heard()) > 0 {
		t.Errorf("heard: %v", w.desk.heard())
	}

	w.ok(w.awa.Command(w.posts, "/post", "draft"))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	ack := w.awa.Submit(slacktest.Values{"Text": {"Bravo :acme-party: 🎉"}})
	w.says(ack.Errors["Text"], ":acme-party:")
	if w.desk.state("p1") != "" {
		t.Error("it was stored")
	}
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"Bravo 🎉"}}))
	if got := w.desk.state("p1"); got != "Bravo 🎉" {
		t.Errorf("stored: %q", got)
	}
}

func TestOnlyPeopleWhoSpeakToGriotAreHeard(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	direct := w.awa.Direct()
	said := slacktest.Object{"type": "message", "channel": direct.ID, "channel_type": "im", "text": "hello", "ts": "1.1"}
	but := func(more slacktest.Object) slacktest.Object {
		e := slacktest.Object{}
		for _, o := range []slacktest.Object{said, more} {
			for k, v := range o {
				e[k] = v
			}
		}
		return e
	}
	for what, e := range map[string]slacktest.Object{
		"Griot itself":  but(slacktest.Object{"user": w.acme.Bot.ID}),
		"another bot":   but(slacktest.Object{"user": "U0BOT", "bot_id": "B0BOT"}),
		"nobody":        said,
		"a change":      but(slacktest.Object{"subtype": "message_changed", "user": w.awa.ID}),
		"a deletion":    but(slacktest.Object{"subtype": "message_deleted", "user": w.awa.ID}),
		"in a channel":  but(slacktest.Object{"user": w.awa.ID, "channel": w.posts.ID, "channel_type": "channel"}),
		"a bot's name":  but(slacktest.Object{"type": "app_mention", "channel": w.posts.ID, "user": "U0BOT", "bot_id": "B0BOT"}),
		"somebody left": but(slacktest.Object{"subtype": "channel_leave", "user": w.awa.ID}),
	} {
		if ack := w.acme.SendEvent(e); !ack.OK() || ack.Tries != 1 {
			t.Errorf("%s: %+v", what, ack)
		}
	}
	w.ok(w.awa.DirectMessage("first"))
	w.slack.Eventually("the answer", func() bool { return len(direct.Messages()) == 2 })
	w.ok(w.awa.EditMessage(direct, direct.Messages()[0].ID, "second"))
	direct.Remove(direct.Messages()[0].ID)
	w.ok(w.awa.DirectMessage("third"))
	w.slack.Eventually("the next answer", func() bool { return len(direct.Messages()) == 3 })
	var words []string
	for _, e := range w.desk.heard() {
		words = append(words, e.Words)
	}
	if diff := cmp.Diff([]string{"first", "third"}, words); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

func TestAnAnswerIsGivenWhereGriotWasAsked(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("p1")
	// In a channel: what is for all goes into the thread, what is private to one person there.
	w.ok(w.awa.Mention(w.posts, "post say for all"))
	begun := w.posts.Last().ID
	w.slack.Eventually("the answer in a new thread", func() bool { return len(w.posts.Thread(begun)) == 2 })
	w.says(w.posts.Thread(begun)[1].String(), "for all")
	w.ok(w.awa.Reply(w.posts, ref.Message, "@griot post say about it"))
	w.slack.Eventually("the answer in the card's thread", func() bool { return len(w.posts.Thread(ref.Message)) == 3 })
	if got := w.desk.last().Message; got != ref.Message {
		t.Errorf("said about %q, the card is %q", got, ref.Message)
	}
	w.ok(w.awa.Reply(w.posts, ref.Message, "@griot why"))
	w.slack.Eventually("the private answer", func() bool { return w.awa.Ephemeral().ID != "" })
	if m := w.awa.Ephemeral(); m.Thread != ref.Message {
		t.Errorf("the private answer is in %q, not in the card's thread %q:\n%s", m.Thread, ref.Message, m)
	}
	// Directly: no thread, and nobody else to hear it.
	w.ok(w.awa.DirectMessage("why"))
	direct := w.awa.Direct()
	w.slack.Eventually("the direct answer", func() bool { return len(direct.Messages()) == 2 })
	if m := direct.Last(); m.Thread != "" || m.Private {
		t.Errorf("answered in thread %q", m.Thread)
	}
	w.unrefused()
}

func TestAFormThatWordsAskForIsOffered(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.ok(w.awa.Mention(w.posts, "post draft Hello & <you> 🎉"))
	w.slack.Eventually("the offer", func() bool { return w.awa.Ephemeral().Has("Open the form") })
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Open the form"))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	if got := w.awa.Modal().Values["Text"]; got != "Hello & <you> 🎉" {
		t.Errorf("the form has %q", got)
	}
	w.ok(w.awa.Submit(nil))
	if got := w.desk.state("p1"); got != "Hello & <you> 🎉" {
		t.Errorf("stored: %q", got)
	}

	long := strings.Repeat("mot ", 700)
	w.ok(w.awa.DirectMessage("post draft " + long))
	direct := w.awa.Direct()
	w.slack.Eventually("the direct offer", func() bool { return direct.Last().Has("Open the form") })
	w.says(direct.Last().String(), strings.TrimSpace(long)) // too long for the button: it can be copied
	w.ok(w.awa.Press(direct.Last(), "Open the form"))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Title == "New post" })
	w.unrefused()
}

func TestAnAnswerThatMustWaitIsGivenOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.slack.RateLimit("chat.postMessage", w.posts.ID, 3*time.Second, 2)
	w.ok(w.awa.Mention(w.posts, "post say hello"))
	w.slack.Eventually("the answer", func() bool { return len(w.posts.All()) == 2 })
	w.stop()
	if n := len(w.posts.All()); n != 2 {
		t.Errorf("%d messages", n)
	}
	for _, err := range w.shelf.failures() {
		if wait, ok := errors.AsType[*chat.Wait](err); !ok || *wait != (chat.Wait{After: 3 * time.Second, Channel: w.posts.ID}) {
			t.Errorf("Later: %v", err)
		}
	}
	for _, payload := range []string{"", "{", "[]", `{"kind":"events_api","payload":5}`, `{"kind":"interactive","payload":{"type":"view_submission"}}`, `{"kind":"new"}`} {
		if err := w.griot.Later(t.Context(), []byte(payload)); err != nil {
			t.Errorf("%s: tried again for ever: %v", payload, err)
		}
	}
}

func TestWordsThatDecideAreAnswered(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.ok(w.awa.Mention(w.posts, "post approve p7"))
	w.slack.Eventually("the answer", func() bool { return strings.Contains(w.awa.Ephemeral().String(), "approved by awa") })
	ref := w.card("p8")
	w.ok(w.awa.Reply(w.posts, ref.Message, "@griot post approve p8")) // its card is before everybody: the board draws it
	w.slack.Eventually("the decision", func() bool { return w.desk.state("p8") != "" })
	w.stop()
	if n := len(w.awa.Ephemerals()); n != 1 {
		t.Errorf("%d answers", n)
	}
}

func TestNobodyIsAnsweredWhereGriotCannotSpeak(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.desk.before(nil)
	w.ok(w.acme.SendEvent(slacktest.Object{"type": "app_mention", "user": w.awa.ID, "text": "post say hi", "channel": "C0GONE", "ts": "1.1"}))
	w.slack.Eventually("the try", func() bool { return len(w.slack.Calls("chat.postMessage")) > 0 })
	w.stop()
	if all := w.shelf.failures(); len(all) > 0 {
		t.Errorf("tried again for ever: %v", all)
	}
	if e := w.desk.last(); e.Place != (chat.Place{Surface: "slack", Workspace: w.acme.ID, Channel: "C0GONE"}) {
		t.Errorf("said in %v", e.Place)
	}
}
