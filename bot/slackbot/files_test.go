package slackbot_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// png is a picture, as far as its first bytes go, of n bytes.
func png(n int) []byte {
	return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, n-8)...)
}

// held makes every form with files wait in its handler until the returned function is called.
func (w world) held() (release func()) {
	gate := make(chan struct{})
	w.desk.before(func(_ context.Context, e chat.Event) error {
		if e.Form {
			<-gate
		}
		return nil
	})
	return func() { close(gate) }
}

func (w world) window() string { return strings.Join(w.awa.Modal().Lines, "\n") }

// shows waits until awa's window has words.
func (w world) shows(words string) {
	w.Helper()
	w.slack.Eventually(words, func() bool { return strings.Contains(w.window(), words) })
}

func TestAttachedFilesAreFetchedWhileTheWindowWaits(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft hello")
	release := w.held()
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("a.png", png(100)), w.awa.Upload("b.png", png(200))}}))
	w.shows("Griot récupère vos images")
	release()
	w.shows("Post p1")
	want := []string{"media a.png 100 89504e47", "media b.png 200 89504e47"}
	if diff := cmp.Diff(want, w.desk.attached()); diff != "" || w.desk.state("p1") != "hello" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	w.stop()
	if r, err := w.desk.last().Files[0].Open(); err == nil {
		t.Error("the file still lies about", r.Close())
	}
	w.unrefused(tooEarly)
}

func TestAFormThatComesBackKeepsItsFiles(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft bad")
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.shows("Not that.")
	w.says(w.window(), "Text * = bad", "1 picture is kept")
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"good"}}))
	w.shows("Post p1")
	want := []string{"media a.png 100 89504e47", "media a.png 100 89504e47"}
	if diff := cmp.Diff(want, w.desk.attached()); diff != "" || w.desk.state("p1") != "good" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	// The next form is another one: what was sent before is stored, and is not sent again.
	w.opened("draft next")
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("b.png", png(100))}}))
	w.shows("form: Where to")
	w.ok(w.awa.Submit(slacktest.Values{"To": {"Bluesky"}}))
	w.shows("sent to b")
	if n := len(w.desk.attached()); n != 3 {
		t.Errorf("files: %q", w.desk.attached())
	}
	w.unrefused(tooEarly)
}

func TestAClosedWindowLosesNothing(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft hello")
	release := w.held()
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.shows("Griot récupère vos images")
	w.awa.Close()
	release()
	w.slack.Eventually("the answer", func() bool { return strings.Contains(w.awa.Ephemeral().String(), "Post p1") })

	w.desk.before(nil)
	w.opened("draft bad")
	release = w.held()
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("b.png", png(100))}}))
	w.shows("Griot récupère vos images")
	w.awa.Close()
	release()
	w.slack.Eventually("the form, offered", func() bool { return w.awa.Ephemeral().Has("Open the form") })
	w.desk.before(nil)
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Open the form"))
	w.shows("1 picture is kept")
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"good"}}))
	w.shows("good")
	if all := w.desk.attached(); len(all) != 3 || all[2] != "media b.png 100 89504e47" {
		t.Errorf("files: %q", all)
	}
}

func TestFilesThatSlackDoesNotGiveAreSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	few := strings.Fields("commands chat:write im:write channels:read groups:read users:read files:write")
	w.opened("draft hello")
	w.acme.Grant(few...)
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.shows("Slack ne laisse pas Griot lire a.png")
	if got := w.desk.attached(); len(got) != 0 || w.desk.state("p1") != "hello" {
		t.Errorf("files: %q, post: %q", got, w.desk.state("p1"))
	}
	w.ok(w.awa.Command(w.posts, "/post", "draft"))
	w.slack.Eventually("why there is no form", func() bool { return w.awa.Ephemeral().ID != "" })
	w.says(w.awa.Ephemeral().String(), "nothing of yours was changed")
	w.stop()
	if all := w.shelf.failures(); len(all) > 0 {
		t.Errorf("tried again for ever: %v", all)
	}
}

func TestAMessageBecomesADraftWithItsPictures(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	binta := w.acme.Person(slacktest.Profile{Name: "binta"})
	w.posts.Join(binta)
	large := w.awa.Upload("large.png", png(21_000_000))
	binta.Say(w.posts, "Look at *this* <3 @awa 🎉 https://example.com", binta.Upload("a.png", png(100)), binta.Upload("notes.txt", []byte("notes")), large)
	w.ok(w.awa.MessageShortcut(w.posts.Last(), slackbot.MessageDraft))
	w.shows("2 pictures of the message come along")
	if got := w.awa.Modal().Values["Text"]; got != "Look at *this* <3 @awa 🎉 https://example.com" {
		t.Errorf("the text is %q", got)
	}
	if e := w.desk.last(); e.Command != "post draft" || e.Place != w.at(w.posts) || e.Who.User != w.awa.ID {
		t.Errorf("the shortcut arrived as %+v", e)
	}
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"Look"}}))
	w.shows("Post p1")
	want := []string{"media a.png 100 89504e47", fmt.Sprintf("media large.png %d 89504e47", 20_000_001)} // whoever keeps it sees that it is too large
	if diff := cmp.Diff(want, w.desk.attached()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	w.unrefused(tooEarly)
}

func TestAMessageWithAnEmojiOfTheWorkspaceBecomesADraft(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.awa.Say(w.posts, "Bravo :acme-party:")
	w.ok(w.awa.MessageShortcut(w.posts.Last(), slackbot.MessageDraft))
	w.shows("Text * = Bravo :acme-party:")
	ack := w.awa.Submit(nil)
	w.says(ack.Errors["Text"], ":acme-party:")
}

func TestAMessageIsQuotedWithItsAuthorAndItsLink(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	binta := w.acme.Person(slacktest.Profile{Name: "binta"})
	w.posts.Join(binta)
	binta.Say(w.posts, "Three weeks <3 @awa :acme-party: 🎉", binta.Upload("a.png", png(100)))
	said := w.posts.Last()
	binta.Reply(w.posts, said.ID, "and counting")
	closed := w.acme.Private("closed", w.awa, binta) // Griot is not in it
	binta.Say(closed, "between us")
	direct := w.awa.Direct()
	for _, c := range []struct {
		m    slacktest.Message
		text string
		link string
		at   chat.Place
	}{
		{said, "Three weeks <3 @awa :acme-party: 🎉", w.permalink(w.posts, said), w.at(w.posts)},
		{w.posts.Thread(said.ID)[1], "and counting", w.permalink(w.posts, w.posts.Thread(said.ID)[1]), w.at(w.posts)},
		{closed.Last(), "between us", "https://acme.slack.com/archives/" + closed.ID + "/p" + strings.ReplaceAll(closed.Last().ID, ".", ""), w.at(direct)},
	} {
		w.ok(w.awa.MessageShortcut(c.m, slackbot.MessageMention))
		w.slack.Eventually("the act", func() bool { return w.desk.last().Values.Get("text") == c.text })
		e := w.desk.last()
		want := chat.Values{"text": {c.text}, "author": {"binta"}, "link": {c.link}}
		if diff := cmp.Diff(want, e.Values); diff != "" || e.Command != "mention add" || e.Place != c.at || e.Who.User != w.awa.ID {
			t.Errorf("%s at %v by %s (-want +got):\n%s", e.Command, e.Place, e.Who.User, diff)
		}
	}
}

// permalink is where a message stands, as Slack says.
func (w world) permalink(in *slacktest.Channel, m slacktest.Message) string {
	w.Helper()
	link, err := slack.New(w.acme.Token(), slack.OptionAPIURL(w.slack.API())).GetPermalinkContext(w.Context(), &slack.PermalinkParameters{Channel: in.ID, Ts: m.ID})
	w.must(err)
	return link
}

func TestWhatCannotBeKeptStaysInItsForm(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft hello")
	w.shelf.breaks(io.ErrShortWrite)
	ack := w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("a.png", png(100))}})
	w.says(ack.Errors["Text"], "Une erreur est survenue de notre côté")
	w.shelf.breaks(nil)
	w.ok(w.awa.Submit(nil))
	w.shows("Post p1")
	if n := len(w.desk.attached()); n != 1 {
		t.Errorf("files: %q", w.desk.attached())
	}
}

func TestAFormWithFilesThatIsSentTwiceIsKeptOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.opened("draft hello")
	w.slack.RedeliverTogether(2)
	w.ok(w.awa.Submit(slacktest.Values{"Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.shows("Post p1")
	if n := len(w.desk.attached()); n != 1 || w.shelf.kept() != 1 {
		t.Errorf("files: %q, kept %d", w.desk.attached(), w.shelf.kept())
	}
}
