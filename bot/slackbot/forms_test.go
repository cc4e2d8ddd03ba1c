package slackbot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// opened is awa's form after a command.
func (w world) opened(command string) slacktest.View {
	w.Helper()
	w.ok(w.awa.Command(w.posts, "/post", command))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Submit == "Save" })
	return w.awa.Modal()
}

func TestAFormThatSlackOpensTooLateIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.card("p1")
	w.desk.before(func(context.Context, chat.Event) error {
		w.clock.move(4 * time.Second) // the trigger lives three
		return nil
	})
	w.ok(w.awa.Command(w.posts, "/post", "draft"))
	w.slack.Eventually("why there is no form", func() bool { return len(w.awa.Ephemerals()) == 1 })
	w.ok(w.awa.Press(w.posts.Last(), "Send back"))
	w.slack.Eventually("why there is no form again", func() bool { return len(w.awa.Ephemerals()) == 2 })
	for _, m := range w.awa.Ephemerals() {
		w.says(m.String(), "Slack did not open the form in time")
	}
	if w.awa.Modal().Open() {
		t.Error("there is a form")
	}
}

func TestAMistakeIsSaidAtItsField(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft bad")
	ack := w.awa.Submit(slacktest.Values{"When": {"tomorrow"}})
	if diff := cmp.Diff(map[string]string{"Text": "Not that."}, ack.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if got := w.awa.Modal().Values; got["Text"] != "bad" || got["When"] != "tomorrow" {
		t.Errorf("the form forgot what was typed: %v", got)
	}
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"good"}}))
	w.says(strings.Join(w.awa.Modal().Lines, "\n"), "Post p1", "good")
	want := chat.Values{"text": {"good"}, "at": {"tomorrow"}}
	if diff := cmp.Diff(want, w.desk.last().Values); diff != "" || w.desk.state("p1") != "good" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	w.unrefused()
}

func TestARefusedFormMayBeSentAgainAsItIs(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft all of you")
	w.desk.shut(true)
	if ack := w.awa.Submit(nil); ack.Errors["Text"] == "" {
		t.Fatalf("not refused: %+v", ack)
	}
	w.desk.shut(false) // somebody did what was missing
	w.ok(w.awa.Submit(nil))
	w.slack.Eventually("the answer for all", func() bool { return strings.Contains(w.posts.Last().String(), "all of you") })
}

func TestTheSecondStepIsInTheSameWindow(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	first := w.opened("draft next")
	w.ok(w.awa.Submit(nil))
	second := w.awa.Modal()
	if second.ID != first.ID || second.Title != "Where to" || len(w.awa.Modals()) != 1 {
		t.Fatalf("windows: %+v", w.awa.Modals())
	}
	w.ok(w.awa.Submit(slacktest.Values{"To": {"Bluesky"}}))
	if got := w.desk.state("p1"); got != "sent to b" {
		t.Errorf("stored: %q", got)
	}
	if e := w.desk.last(); e.Place != w.at(w.posts) || !e.Form {
		t.Errorf("the second step knows neither where it began nor what it is: %+v", e)
	}
}

func TestAFormThatIsSentTwiceIsOneAct(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft once")
	w.slack.RedeliverTogether(1)
	w.ok(w.awa.Submit(nil))
	if heard, acts := len(w.desk.heard()), w.desk.acts(); heard < 3 || acts != 2 { // the command and the form
		t.Errorf("heard %d, %d acts", heard, acts)
	}
	w.says(strings.Join(w.awa.Modal().Lines, "\n"), "once")
}

func TestWhatAFormAnswersIsShownToWhomItIsFor(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft all of you")
	w.ok(w.awa.Submit(nil))
	w.slack.Eventually("the answer for all", func() bool { return strings.Contains(w.posts.Last().String(), "all of you") })
	if w.awa.Modal().Open() {
		t.Error("the window is still open")
	}
	w.opened("draft quiet")
	w.ok(w.awa.Submit(nil))
	if w.awa.Modal().Open() || w.awa.Ephemeral().ID != "" {
		t.Error("there is an answer to what wants none")
	}
	w.unrefused()
}

func TestAPressInAWindowIsAnsweredThere(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft hello")
	w.ok(w.awa.Submit(nil))
	window := w.awa.Modal()
	lines := func() string { return strings.Join(w.awa.Modal().Lines, "\n") }
	w.ok(w.awa.Press(window, "Again"))
	w.slack.Eventually("the next card", func() bool { return strings.Contains(lines(), "Post window") })
	w.ok(w.awa.Choose(w.awa.Modal(), "Move to", "Monday"))
	w.slack.Eventually("what was chosen", func() bool { return strings.Contains(lines(), "Moved.") && w.desk.state("window") == "moved to mon" })
	w.ok(w.awa.Press(window, "Send back"))
	w.slack.Eventually("a form in it", func() bool { return w.awa.Modal().Title == "Send back" })
	w.ok(w.awa.Submit(slacktest.Values{"Note": {"Too long"}}))
	w.says(lines(), "Post p1", "sent back: Too long")
	if got := w.awa.Modal(); got.ID != window.ID || len(w.awa.Modals()) != 1 {
		t.Errorf("windows: %+v", w.awa.Modals())
	}
	w.unrefused()
}

func TestAFormOfACardComesBackToIt(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("p1")
	w.ok(w.awa.Press(w.posts.Last(), "Send back"))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	w.ok(w.awa.Submit(slacktest.Values{"Note": {"Too long"}}))
	w.slack.Eventually("the card", func() bool { return strings.Contains(w.posts.Message(ref.Message).String(), "sent back: Too long") })
	if e := w.desk.last(); e.Message != ref.Message || e.Place != ref.Place {
		t.Errorf("the form is about %q in %v", e.Message, e.Place)
	}
	if w.awa.Modal().Open() || w.awa.Ephemeral().ID != "" {
		t.Error("something else was shown")
	}
}

func TestAnAnswerThatItsAddressDoesNotTakeIsSaidOtherwise(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.card("p1")
	w.slack.Fail("response_url", slacktest.Unavailable, 1)
	w.ok(w.awa.Press(w.posts.Last(), "Show"))
	w.slack.Eventually("the answer", func() bool { return strings.Contains(w.awa.Ephemeral().String(), "Pressed post.open") })
	secret := w.acme.Private("secret", w.awa) // where Griot may not even whisper
	w.ok(w.awa.Command(secret, "/post", "draft"))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	w.slack.Fail("response_url", slacktest.Unavailable, 1)
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"all of you"}}))
	w.slack.Eventually("the answer for all, as near as can be", func() bool { return strings.Contains(w.awa.Direct().Last().String(), "all of you") })
}

func TestALongAnswerGoesAnotherWay(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "я", "漢", "<", "&", "\"", "🎉", "<漢漢"} {
		t.Run(letter, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{}) // by socket: the fake fails the test when an acknowledgement is too large
			w.ok(w.awa.Command(w.posts, "/post", "long "+letter))
			w.slack.Eventually("the private answer", func() bool { return len(w.awa.Ephemeral().String()) > 1000 })
			before := len(w.posts.Messages())
			w.ok(w.awa.Command(w.posts, "/post", "shout "+letter))
			w.slack.Eventually("the answer for all", func() bool { return len(w.posts.Messages()) > before && len(w.posts.Last().String()) > 1000 })
			if n := len(w.awa.Ephemerals()); n != 1 {
				t.Errorf("%d private answers", n)
			}
			w.opened("draft long")
			w.ok(w.awa.Submit(nil))
			w.slack.Eventually("the answer in the window", func() bool { return len(strings.Join(w.awa.Modal().Lines, "\n")) > 1000 })
			w.unrefused(tooEarly)
		})
	}
}

func TestALongFormComesBackWhole(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	long := strings.TrimSpace(strings.Repeat("<été> & ", 1000))
	w.ok(w.awa.Command(w.posts, "/post", "draft "+long))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	w.ok(w.awa.Submit(nil))
	if got := w.desk.last().Values.Get("text"); got != long {
		t.Errorf("%d bytes of %d came back", len(got), len(long))
	}
}

func TestAGlobalShortcutBeginsADraft(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.ok(w.awa.Shortcut(slackbot.GlobalDraft))
	w.slack.Eventually("the form", func() bool { return w.awa.Modal().Open() })
	if e := w.desk.last(); e.Command != "post draft" || e.Place != w.at(w.awa.Direct()) {
		t.Errorf("the shortcut arrived as %+v", e)
	}
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"hello"}}))
	w.says(strings.Join(w.awa.Modal().Lines, "\n"), "Post p1")
	w.ok(w.awa.Shortcut("of.another.version"))
	w.unrefused()
}
