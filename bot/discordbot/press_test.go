package discordbot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

func TestAPressIsAnsweredInPlace(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			ref := w.card("p1")
			ack := w.awa.Press(w.posts.Last(), "Approve")
			w.ok(ack)
			if got := w.posts.Last(); ack.Type != 7 || got.ID != ref.Message || !strings.Contains(got.String(), "approved by awa") || got.Edits != 1 {
				t.Errorf("type %d: %v", ack.Type, got)
			}
			want := chat.Event{ID: ack.ID, Who: w.desk.last().Who, Place: w.at(w.posts), Message: ref.Message, Tag: chat.Tag{Verb: "post.approve", Subject: "p1", Rev: 1}}
			if diff := cmp.Diff(want, w.desk.last()); diff != "" {
				t.Errorf("press (-want +got):\n%s", diff)
			}
			if n := len(w.awa.Ephemerals()); n != 0 {
				t.Errorf("%d private messages", n)
			}
			w.ok(w.awa.Choose(w.posts.Last(), "Move to", "Tuesday"))
			w.discord.Eventually("what is told", func() bool { return w.awa.Ephemeral().String() == "✅ Moved." })
			w.says(w.posts.Last().String(), "moved to tue")
			ack = w.awa.Press(w.posts.Last(), "Show")
			w.ok(ack)
			if got := w.awa.Ephemeral().String(); ack.Type != 4 || !strings.Contains(got, "Pressed post.open|p1|1") {
				t.Errorf("type %d: %s", ack.Type, got)
			}
			w.unrefused(tooEarly)
			if old := w.shelf.doubted(); len(old) > 0 {
				t.Errorf("doubted: %v", old)
			}
		})
	}
}

// TestALiveAnswerChanges where it stands, for as long as Discord lets it; another one does not.
func TestALiveAnswerChanges(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			ack := w.awa.Command(w.posts, "say", say("live"))
			w.ok(ack)
			w.must(w.griot.Revise(t.Context(), ack.ID, sentence("I am writing: Saturday")))
			w.must(w.griot.Revise(t.Context(), ack.ID, sentence("It is written.")))
			if all := w.awa.Ephemerals(); len(all) != 1 || all[0].String() != "✅ It is written." || all[0].Edits != 2 || len(w.posts.Messages()) != 0 {
				t.Errorf("private: %v, in the channel: %v", all, w.posts.Messages())
			}
			still := w.awa.Command(w.posts, "say", say("hello"))
			w.ok(still)
			w.wants("an answer that stays", w.griot.Revise(t.Context(), still.ID, sentence("no")), chat.ErrGone)
			w.clock.move(15 * time.Minute)
			w.wants("an answer of long ago", w.griot.Revise(t.Context(), ack.ID, sentence("no")), chat.ErrGone)
			if got := w.awa.Ephemerals()[0]; got.Edits != 2 {
				t.Errorf("changed after its time: %v", got)
			}
			w.unrefused()
		})
	}
}

// TestALiveAnswerThatCameLate is one whose handler took longer than Discord waits.
func TestALiveAnswerThatCameLate(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	open := make(chan struct{})
	w.desk.before(func(context.Context, chat.Event) error { <-open; return nil })
	ack := w.awa.Command(w.posts, "say", say("live"))
	w.ok(ack)
	w.wants("before it is given", w.griot.Revise(t.Context(), ack.ID, sentence("no")), chat.ErrGone)
	close(open)
	w.discord.Eventually("the answer", func() bool { return w.awa.Ephemeral().String() == "✅ I am writing." })
	w.must(w.griot.Revise(t.Context(), ack.ID, sentence("It is written.")))
	if all := w.awa.Ephemerals(); len(all) != 1 || all[0].String() != "✅ It is written." {
		t.Errorf("private: %v", all)
	}
}

func TestWhatIsRiskyIsAskedFirst(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	ref := w.card("p1")
	w.ok(w.awa.Press(w.posts.Last(), "Delete"))
	if e := w.desk.last(); !e.Unsure || e.Tag.Verb != "post.delete" || w.desk.state("p1") != "" {
		t.Errorf("event: %+v", e)
	}
	asked := w.awa.Ephemeral()
	w.says(asked.String(), "Really?", "[Yes, do it]")
	ack := w.awa.Press(asked, "Yes, do it")
	w.ok(ack)
	if e := w.desk.last(); e.Unsure || w.desk.state("p1") != "deleted" || e.Message != "" {
		t.Errorf("event: %+v", e)
	}
	if all := w.awa.Ephemerals(); ack.Type != 7 || len(all) != 1 || all[0].String() != "✅ Deleted." {
		t.Errorf("type %d: %v", ack.Type, all)
	}
	if got := w.posts.Message(ref.Message); got.Edits != 0 {
		t.Errorf("the card: %v", got)
	}
	w.unrefused()
}

func TestAPressInAHiddenMessage(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(w.awa.Command(w.posts, "say", say("picture")))
	shown := w.awa.Ephemeral()
	ack := w.awa.Press(shown, "Approve")
	w.ok(ack)
	if all := w.awa.Ephemerals(); ack.Type != 7 || len(all) != 1 || !strings.Contains(all[0].String(), "approved by awa") {
		t.Errorf("type %d: %v", ack.Type, all)
	}
	if e := w.desk.last(); e.Message != "" || e.Place != w.at(w.posts) {
		t.Errorf("what one person sees is no message of the board: %+v", e)
	}
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Show"))
	if all := w.awa.Ephemerals(); len(all) != 2 || !strings.Contains(all[1].String(), "Pressed") {
		t.Errorf("private messages: %v", all)
	}
	w.ok(w.awa.Press(w.awa.Ephemerals()[0], "New picture"))
	w.discord.Eventually("a picture in it", func() bool { return strings.Contains(w.awa.Ephemerals()[0].String(), "(image: a cat, another)") })
	w.unrefused(tooEarly)
}

func TestPicturesStayInACard(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.images = []chat.Image{picture("one"), picture("two")} })
	ref := w.card("p1")
	names := func() (out []string) {
		for _, f := range w.posts.Message(ref.Message).Attachments {
			out = append(out, f.Name+" "+f.Alt)
		}
		return out
	}
	both := []string{"pone.png a cat, one", "ptwo.png a cat, two"}
	if diff := cmp.Diff(both, names()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	w.ok(w.awa.Press(w.posts.Last(), "Approve"))
	if diff := cmp.Diff(both, names()); diff != "" {
		t.Errorf("after a press (-want +got):\n%s", diff)
	}
	w.says(w.posts.Last().String(), "(image: a cat, one)", "(image: a cat, two)", "approved by awa")
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
	if n := len(w.discord.Calls(discordtest.EditMessage)[0].Files); n != 0 {
		t.Errorf("%d pictures were sent again", n)
	}

	ack := w.awa.Press(w.posts.Last(), "New picture")
	w.ok(ack)
	w.discord.Eventually("doubt", func() bool { return len(w.shelf.doubted()) == 1 })
	if ack.Type != 6 || w.shelf.doubted()[0] != ref {
		t.Errorf("type %d, doubted %v", ack.Type, w.shelf.doubted())
	}
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1"))) // as the board does then
	if diff := cmp.Diff([]string{"panother.png a cat, another"}, names()); diff != "" {
		t.Errorf("another picture (-want +got):\n%s", diff)
	}
	w.ok(w.awa.Press(w.posts.Last(), "Card"))
	w.discord.Eventually("the same picture in another message", func() bool { return w.whispered("(image: a cat, another)") })
	w.desk.set(func(d *desk) { d.images = nil })
	w.ok(w.awa.Press(w.posts.Last(), "Approve"))
	w.discord.Eventually("more doubt", func() bool { return len(w.shelf.doubted()) == 2 })
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
	if len(names()) > 0 {
		t.Errorf("no picture: %q", names())
	}
	w.unrefused(tooEarly)
}

func TestAPictureInAPrivateAnswer(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.images = []chat.Image{picture("one")} })
	w.ok(w.awa.Command(w.posts, "say", say("picture")))
	w.discord.Eventually("the picture", func() bool { return w.whispered("(image: a cat, one)") })
	w.unrefused(tooEarly)
}

func TestAnAnswerThatIsNotTakenIsDrawnByTheBoard(t *testing.T) {
	t.Parallel()
	for what, trouble := range map[string]func(world){
		"away": func(w world) { w.discord.Fail(discordtest.PostCallback, discordtest.Unavailable, 1) },
		"lost": func(w world) { w.discord.Fail(discordtest.PostCallback, discordtest.AnswerLost, 1) },
		"gone": func(w world) { w.posts.Remove(w.posts.Last().ID) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{discord: discordtest.Options{Lenient: true, Wait: 300 * time.Millisecond}})
			ref := w.card("p1")
			card := w.posts.Last()
			w.desk.before(func(context.Context, chat.Event) error { trouble(w); return nil })
			w.awa.Press(card, "Approve")
			w.discord.Eventually("doubt", func() bool { return len(w.shelf.doubted()) == 1 })
			if diff := cmp.Diff([]chat.MessageRef{ref}, w.shelf.doubted()); diff != "" || w.desk.state("p1") != "approved by awa" {
				t.Errorf("doubted (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAnswerThatMayBeOvertakenIsDrawnAgain(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	ref := w.card("p1")
	w.desk.before(func(context.Context, chat.Event) error { w.clock.move(2 * time.Second); return nil })
	w.ok(w.awa.Press(w.posts.Last(), "Approve"))
	w.discord.Eventually("doubt", func() bool { return len(w.shelf.doubted()) == 1 && w.shelf.doubted()[0] == ref })
}

func TestWhatIsOfAnOlderGriotIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	body := `{"id":"1","type":3,"token":"t","guild_id":"` + w.acme.ID + `","member":{"user":{"id":"7"}},"data":{"custom_id":"of another one"}}`
	if code, said := w.ask("POST", interactions, body, w.discord.App.Sign(w.clock.Now(), []byte(body))); code != 200 || !strings.Contains(said, "from an older Griot") {
		t.Errorf("%d %s", code, said)
	}
}

func TestAnAnswerThatNobodyMaySeeSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.posts.Deny(discordtest.SendMessages)
	w.ok(w.awa.Command(w.posts, "say", say("quiet")))
	w.says(w.awa.Ephemeral().String(), "Griot ne peut pas l’afficher ici", "Envoyer des messages")
	w.posts.Allow(discordtest.SendMessages)
	w.ok(w.awa.Command(w.posts, "say", say("quiet")))
	w.says(w.awa.Ephemeral().String(), "cela s’affiche dans ce salon dans un instant")
}
