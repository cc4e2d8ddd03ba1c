package discordbot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// tooEarly is an answer that Discord has for a call before it has read what that call follows.
const tooEarly = "10015: Unknown Webhook"

func draft(w world) discordtest.Ack { return w.awa.Command(w.posts, "post draft", nil) }

func TestAFormOfOneWindow(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			w.ok(w.awa.Command(w.posts, "post draft", discordtest.Values{"text": {"hello"}}))
			want := []string{"form: New post", "  Text * = hello", "  When", "  Pictures", "  [Submit] [Cancel]"}
			if diff := cmp.Diff(want, w.awa.Modal().Lines); diff != "" {
				t.Errorf("form (-want +got):\n%s", diff)
			}
			ack := w.awa.Submit(discordtest.Values{"When": {"tomorrow"}})
			w.ok(ack)
			wantEvent := chat.Event{ID: ack.ID, Place: w.at(w.posts), Form: true, Tag: chat.Tag{Verb: "run", Subject: "post draft"},
				Values: chat.Values{"text": {"hello"}, "at": {"tomorrow"}}, Who: w.desk.last().Who}
			if diff := cmp.Diff(wantEvent, w.desk.last()); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
			w.says(w.awa.Ephemeral().String(), "Post p1", "hello")
			w.unrefused()
		})
	}
}

func TestAFormOfTwoWindows(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.many = true })
	w.ok(draft(w))
	w.says(w.awa.Modal().Title, "New post (1/2)")
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}, "Field one": {"1"}}))
	w.says(w.awa.Ephemeral().String(), "La partie 1 sur 2 est gardée")
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("half a form was sent: heard %d", n)
	}
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Continuer"))
	w.says(w.awa.Modal().Title, "New post (2/2)")
	w.awa.Close() // and opened again: nothing is lost
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Continuer"))
	w.ok(w.awa.Submit(discordtest.Values{"Field three": {"3"}}))
	if diff := cmp.Diff(chat.Values{"text": {"hello"}, "one": {"1"}, "three": {"3"}}, w.desk.last().Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if e := w.desk.last(); e.Tag != (chat.Tag{Verb: "run", Subject: "post draft"}) || !e.Form || e.Message != "" {
		t.Errorf("event: %+v", e)
	}
	if all := w.awa.Ephemerals(); len(all) != 1 || !strings.Contains(all[0].String(), "Post p1") {
		t.Errorf("the answer stands elsewhere: %v", all)
	}
	w.unrefused()
}

func TestARefusedFormComesBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	for what, many := range map[string]bool{"one window": false, "two windows": true} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: true})
			w.desk.set(func(d *desk) { d.many = many })
			w.ok(draft(w))
			w.ok(w.awa.Submit(discordtest.Values{"Text": {"bad"}, "When": {"tomorrow"}}))
			if many {
				w.ok(w.awa.Press(w.awa.Ephemeral(), "Continuer"))
				w.ok(w.awa.Submit(discordtest.Values{"Field three": {"3"}}))
			}
			w.says(w.awa.Ephemeral().String(), "Not that.", "Ce n’est pas encore envoyé", "[Corriger]")
			w.ok(w.awa.Press(w.awa.Ephemeral(), "Corriger"))
			if got := w.awa.Modal().Values; got["Text"] != "bad" || got["When"] != "tomorrow" {
				t.Errorf("typed before: %v", got)
			}
			w.says(w.awa.Modal().String(), "Not that.")
			w.ok(w.awa.Submit(discordtest.Values{"Text": {"good"}}))
			want := chat.Values{"text": {"good"}, "at": {"tomorrow"}}
			if many {
				w.ok(w.awa.Press(w.awa.Ephemeral(), "Continuer"))
				if got := w.awa.Modal().Values["Field three"]; got != "3" {
					t.Errorf("typed before in the second window: %q", got)
				}
				w.ok(w.awa.Submit(nil))
				want["three"] = []string{"3"}
			}
			if diff := cmp.Diff(want, w.desk.last().Values); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			w.says(w.awa.Ephemeral().String(), "Post p1")
			w.unrefused()
		})
	}
}

func TestALongTextGoesThroughAForm(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.card("p1")
	long := strings.TrimSpace(strings.Repeat("<été> & *x* ", 300))
	w.ok(w.awa.Press(w.posts.Last(), "Edit"))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {long}}))
	if got := w.desk.last().Values.Get("text"); got != long {
		t.Errorf("%d bytes of %d", len(got), len(long))
	}
	w.unrefused()
}

func TestAFormOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.many = true })
	bo := w.acme.Person(discordtest.Profile{Name: "bo"})
	w.ok(draft(w))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"a secret"}}))
	tag := ""
	for name := range w.store.shelved() {
		tag = chat.Tag{Verb: "form.step", Subject: name, Rev: 1}.String()
	}
	for kind, data := range map[int]string{3: fmt.Sprintf(`{"custom_id":%q}`, tag), 5: fmt.Sprintf(`{"custom_id":%q,"components":[]}`, tag)} {
		body := fmt.Sprintf(`{"id":"%d","type":%d,"token":"t","guild_id":%q,"channel_id":%q,"member":{"user":{"id":%q}},"data":%s}`, kind, kind, w.acme.ID, w.posts.ID, bo.ID, data)
		code, said := w.ask("POST", interactions, body, w.discord.App.Sign(w.clock.Now(), []byte(body)))
		if code != 200 || !strings.Contains(said, "no longer kept") || strings.Contains(said, "secret") {
			t.Errorf("%d %s", code, said)
		}
	}
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("heard %d", n)
	}
}

func TestAFormThatIsNoLongerKeptIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.many = true })
	w.ok(draft(w))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}}))
	offer := w.awa.Ephemeral()
	w.ok(w.awa.Press(offer, "Continuer"))
	w.store.forget()
	w.ok(w.awa.Submit(nil))
	w.says(w.awa.Ephemeral().String(), "Ce formulaire date de plus d’un jour")
	w.ok(w.awa.Press(offer, "Continuer"))
	w.says(w.awa.Ephemeral().String(), "Ce formulaire date de plus d’un jour")
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("heard %d", n)
	}
}

func TestAFormThatCannotBeKeptIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.desk.set(func(d *desk) { d.many = true })
	w.store.breaks(errors.New("the disk is full"))
	w.ok(draft(w))
	w.says(w.awa.Ephemeral().String(), "Une erreur est survenue de notre côté")
	if w.awa.Modal().Open() {
		t.Error("there is a form")
	}
}

func TestAFormIsAnsweredLongAfterItWasOpened(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	ref := w.card("p1")
	w.ok(w.awa.Press(w.posts.Last(), "Edit"))
	w.clock.move(40 * time.Minute) // the token of the press is over, that of the form is its own
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"late"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.discord.Eventually("the answer", func() bool { return w.whispered("late") })
	if e := w.desk.last(); e.Message != ref.Message || w.desk.state("p1") != "late" {
		t.Errorf("event: %+v", e)
	}
	w.unrefused(tooEarly)
}

func TestAnAnswerAfterTheTokenGoesToThePerson(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	goOn := w.shelf.waits()
	defer goOn()
	w.ok(draft(w))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"late"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	if !w.awa.Ephemeral().Thinking {
		t.Errorf("awa reads %v", w.awa.Ephemeral())
	}
	w.clock.move(16 * time.Minute)
	goOn()
	w.discord.Eventually("the answer", func() bool { return strings.Contains(w.awa.Direct().Last().String(), "late") })
	w.unrefused()
}

func TestAFormThatIsAskedForAfterTheTokenIsOfferedToThePerson(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	goOn := w.shelf.waits()
	defer goOn()
	w.ok(w.awa.Command(w.posts, "post draft", discordtest.Values{"media": {w.awa.Upload("a.png", png(100))}}))
	w.clock.move(16 * time.Minute)
	goOn()
	w.discord.Eventually("that it is to be typed again", func() bool { return strings.Contains(w.awa.Direct().Last().String(), "Tapez à nouveau la commande") })
}

func TestClosedDirectMessagesHarmNobody(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	shy := w.acme.Person(discordtest.Profile{Name: "shy", DMsClosed: true})
	goOn := w.shelf.waits()
	defer goOn()
	w.ok(shy.Command(w.posts, "post draft", nil))
	w.ok(shy.Submit(discordtest.Values{"Text": {"late"}, "Pictures": {shy.Upload("a.png", png(100))}}))
	w.clock.move(16 * time.Minute)
	goOn()
	w.discord.Eventually("it is known", func() bool {
		return strings.Contains(w.log.String(), "answer not shown") && w.desk.state("p1") == "late"
	})
	n := chat.Nudge{Key: "n", To: chat.Who{Surface: "discord", Workspace: w.acme.ID, User: shy.ID}, Words: []chat.Span{chat.Plain("look")}}
	w.wants("a nudge", w.griot.Nudge(t.Context(), n), chat.ErrOutside)
}
