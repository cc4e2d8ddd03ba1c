package discordbot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// reborn is Griot after a crash: it remembers nothing. It does not run, for the board only calls it.
func (w world) reborn() *discordbot.Surface { return discordbot.New(w.options(true)) }

func TestACardIsPlacedEditedAndFound(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	ref := w.card("plc_1")
	if diff := cmp.Diff(chat.MessageRef{Place: w.at(w.posts), Message: w.posts.Last().ID}, ref); diff != "" {
		t.Errorf("ref (-want +got):\n%s", diff)
	}
	w.ok(w.awa.Press(w.posts.Last(), "Approve")) // before anybody knows where it stands
	for i := range 250 {                         // more than one page
		w.awa.Say(w.posts, fmt.Sprint("talk ", i))
	}
	found, err := w.reborn().Find(t.Context(), w.at(w.posts), "plc_1")
	w.must(err)
	if found != ref {
		t.Errorf("found %v, not %v", found, ref)
	}
	_, err = w.griot.Find(t.Context(), w.at(w.posts), "plc_2")
	w.wants("one that never was", err, chat.ErrGone)
	w.must(w.griot.Edit(t.Context(), ref, sentence("another")))
	if got := w.posts.Message(ref.Message); got.String() != "✅ another" || got.Edits != 2 {
		t.Errorf("edited: %q, %d edits", got, got.Edits)
	}
	for range 300 {
		w.awa.Say(w.posts, "more talk")
	}
	_, err = w.griot.Find(t.Context(), w.at(w.posts), "plc_1")
	w.wants("one behind five hundred others", err, chat.ErrGone)
	asked := len(w.discord.Calls(discordtest.GetMessages))
	w.clock.move(15 * 24 * time.Hour)
	_, err = w.griot.Find(t.Context(), w.at(w.posts), "plc_1")
	w.wants("one of more than a fortnight ago", err, chat.ErrGone)
	if n := len(w.discord.Calls(discordtest.GetMessages)) - asked; n != 1 {
		t.Errorf("%d pages were read of what is too old", n)
	}
	w.unrefused()
}

func TestACardWhoseSendingIsNotCertainStandsOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	for _, key := range []string{"plc_1", "plc_2"} {
		w.discord.Fail(discordtest.PostMessage, discordtest.AnswerLost, 1)
		if _, err := w.griot.Send(t.Context(), w.at(w.posts), key, w.desk.card(key)); err == nil {
			t.Fatal("nobody knows")
		}
	}
	found, err := w.reborn().Find(t.Context(), w.at(w.posts), "plc_1")
	w.must(err)
	for _, s := range []*discordbot.Surface{w.griot, w.reborn()} {
		ref, err := s.Send(t.Context(), w.at(w.posts), "plc_2", w.desk.card("plc_2")) // Discord gives the first one back
		w.must(err)
		if ref.Message != w.posts.Last().ID {
			t.Errorf("sent again: %v", ref)
		}
	}
	if all := w.posts.Messages(); len(all) != 2 || found.Message != all[0].ID {
		t.Errorf("found %v of %v", found, all)
	}
	w.posts.Remove(w.posts.Last().ID) // people do not want it there, and somebody asks for it anew
	ref, err := w.griot.Send(t.Context(), w.at(w.posts), "plc_2", w.desk.card("plc_2"))
	w.must(err)
	if ref.Message != w.posts.Last().ID || len(w.posts.Messages()) != 2 {
		t.Errorf("after it was deleted: %v of %v", ref, w.posts.Messages())
	}
}

func TestACardInAForumIsAPost(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.images = []chat.Image{picture("one")} })
	forum := w.acme.Forum("ideas")
	ref, err := w.griot.Send(t.Context(), w.at(forum), "plc_1", w.desk.card("plc_1"))
	w.must(err)
	post := forum.Thread(ref.Message)
	if post == nil || ref.Place != w.at(forum) || post.Name != "Hello *world* & @everyone <@&1>" {
		t.Fatalf("ref %v, posts %v", ref, forum.Threads())
	}
	w.says(post.Last().String(), "Post plc_1", "(image: a cat, one)")
	_, err = w.griot.Send(t.Context(), w.at(forum), "plc_2", w.desk.card("plc_2"))
	w.must(err)
	next := w.reborn()
	for _, s := range []*discordbot.Surface{w.griot, next} {
		found, err := s.Find(t.Context(), w.at(forum), "plc_1")
		w.must(err)
		if found != ref {
			t.Errorf("found %v, not %v", found, ref)
		}
	}
	w.must(next.Edit(t.Context(), ref, sentence("another")))
	w.says(post.Last().String(), "another")
	ack := w.awa.Press(forum.Threads()[1].Last(), "Show")
	w.ok(ack)
	if e := w.desk.last(); e.Place != w.at(forum) || e.Message != forum.Threads()[1].ID {
		t.Errorf("a press in a forum is one on its post: %+v", e)
	}
	_, err = next.Find(t.Context(), w.at(forum), "plc_3")
	w.wants("one that never was", err, chat.ErrGone)
	post.Archive()
	w.must(next.Edit(t.Context(), ref, sentence("opened again")))
	if post.Archived() || !strings.Contains(post.Last().String(), "opened again") {
		t.Errorf("archived %v: %v", post.Archived(), post.Last())
	}
	post.Lock()
	w.wants("a post that is locked", w.griot.Edit(t.Context(), ref, sentence("no")), chat.ErrOutside)
	post.Delete()
	w.wants("a post that was deleted", w.griot.Edit(t.Context(), ref, sentence("no")), chat.ErrGone)
}

func TestACardInAThread(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	first := w.card("p1")
	w.must(w.griot.Nudge(t.Context(), w.nudge("n", first.Message)))
	thread := w.posts.Thread(first.Message)
	ref, err := w.griot.Send(t.Context(), w.at(thread), "plc_1", w.desk.card("plc_1"))
	w.must(err)
	found, err := w.reborn().Find(t.Context(), w.at(thread), "plc_1")
	w.must(err)
	if found != ref || ref.Message != thread.Last().ID {
		t.Errorf("found %v, not %v", found, ref)
	}
	thread.Archive()
	w.must(w.griot.Edit(t.Context(), ref, sentence("opened again")))
	w.says(thread.Last().String(), "opened again")
}

func TestWhatDiscordRefusesIsSaidInChatsWords(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	ctx := t.Context()
	send := func(c *discordtest.Channel) error {
		_, err := w.griot.Send(ctx, w.at(c), "k", w.desk.card("k"))
		return err
	}
	edit := func(ref chat.MessageRef) error { return w.griot.Edit(ctx, ref, w.desk.card("k")) }
	find := func(c *discordtest.Channel) error { _, err := w.griot.Find(ctx, w.at(c), "k"); return err }
	under := func(ref chat.MessageRef) error {
		n := w.nudge("n", "")
		n.Thread = ref
		return w.griot.Nudge(ctx, n)
	}
	place := func(name string) (*discordtest.Channel, chat.MessageRef) {
		c := w.acme.Channel(name)
		ref, err := w.griot.Send(ctx, w.at(c), name, w.desk.card(name))
		w.must(err)
		return c, ref
	}
	deleted, inDeleted := place("deleted")
	deleted.Delete()
	hidden, inHidden := place("hidden")
	hidden.Deny(discordtest.ViewChannel)
	quiet, inQuiet := place("quiet")
	quiet.Deny(discordtest.SendMessages | discordtest.SendMessagesInThreads)
	never := w.acme.Channel("never seen")
	never.Deny(discordtest.ViewChannel)
	removed := w.card("removed")
	w.posts.Remove(removed.Message)
	nobody := w.nudge("n", "")
	nobody.To.User = "7"
	voice := w.acme.Channel("voice")
	voice.Delete()
	for what, c := range map[string]struct{ got, want, not error }{
		"edit a message that was deleted": {edit(removed), chat.ErrGone, chat.ErrOutside}, "nudge under it": {under(removed), chat.ErrGone, chat.ErrOutside},
		"send into a deleted channel": {send(deleted), chat.ErrGone, chat.ErrRemoved}, "edit there": {edit(inDeleted), chat.ErrOutside, chat.ErrGone},
		"find there":                 {find(deleted), chat.ErrOutside, chat.ErrGone},
		"send where it sees nothing": {send(hidden), chat.ErrOutside, chat.ErrRemoved}, "edit there too": {edit(inHidden), chat.ErrOutside, chat.ErrGone},
		"nudge where it sees nothing": {under(inHidden), chat.ErrOutside, chat.ErrGone},
		"find where it sees nothing":  {find(hidden), chat.ErrOutside, chat.ErrGone}, "send where it never saw anything": {send(never), chat.ErrOutside, chat.ErrGone},
		"send where it may not": {send(quiet), chat.ErrOutside, chat.ErrRemoved}, "nudge where it may not": {under(inQuiet), chat.ErrOutside, chat.ErrGone},
	} {
		if !errors.Is(c.got, c.want) || errors.Is(c.got, c.not) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	w.must(edit(inQuiet)) // what stands there is its own
	if err := w.griot.Nudge(ctx, nobody); err == nil {
		t.Error("nobody was nudged")
	}
	w.must(send(w.posts))
}

func TestARemovalIsFoundOut(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true}) // nobody tells
	ref := w.card("p1")
	w.acme.Kick()
	w.wants("Edit", w.griot.Edit(t.Context(), ref, w.desk.card("p1")), chat.ErrRemoved)
	_, removed, there := w.guilds.log()
	if diff := cmp.Diff([]string{w.acme.ID}, removed); diff != "" || len(there) != 0 {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	calls := len(w.discord.Calls(""))
	w.wants("Nudge", w.griot.Nudge(t.Context(), w.nudge("n", "")), chat.ErrRemoved)
	if n := len(w.discord.Calls("")); n != calls {
		t.Errorf("%d calls more", n-calls)
	}
	w.acme.Install()
	w.ok(w.awa.Command(w.posts, "say", say("hello")))
	w.discord.Eventually("the invitation", func() bool { told, _, _ := w.guilds.log(); return len(told) == 1 && told[0] == w.acme.ID })
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
	if _, _, there := w.guilds.log(); !cmp.Equal(there, []string{"Acme"}) {
		t.Errorf("there: %v", there)
	}
}
