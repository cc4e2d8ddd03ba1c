package discordbot_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

func TestAttachedFilesAreFetchedWhileThePersonWaits(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			w.ok(draft(w))
			goOn := w.shelf.waits()
			defer goOn()
			w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}, "Pictures": {w.awa.Upload("a.png", png(100)), w.awa.Upload("b.png", png(200))}}))
			if !w.awa.Ephemeral().Thinking {
				t.Errorf("awa reads %v", w.awa.Ephemeral())
			}
			goOn()
			w.discord.Eventually("the answer", func() bool { return w.whispered("Post p1") })
			if diff := cmp.Diff([]string{"media a.png 100 89504e47", "media b.png 200 89504e47"}, w.desk.attached()); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if n := len(w.awa.Ephemerals()); n != 1 {
				t.Errorf("%d private messages", n)
			}
			w.unrefused(tooEarly)
		})
	}
}

func TestFilesOfACommandComeAlong(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(w.awa.Command(w.posts, "post draft", discordtest.Values{"text": {"hello"}, "media": {w.awa.Upload("a.png", png(100))}, "media2": {w.awa.Upload("b.png", png(200))}}))
	w.discord.Eventually("the form, offered", func() bool { return w.awa.Ephemeral().Has("Continuer") })
	w.says(w.awa.Ephemeral().String(), "2 images sont conservées")
	if diff := cmp.Diff([]string{"media a.png 100 89504e47", "media b.png 200 89504e47"}, w.desk.attached()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Continuer"))
	if got := w.awa.Modal().Values["Text"]; got != "hello" {
		t.Errorf("the text is %q", got)
	}
	w.ok(w.awa.Submit(nil))
	w.discord.Eventually("the answer", func() bool { return w.whispered("Post p1") })
	if n := len(w.desk.attached()); n != 4 {
		t.Errorf("files: %q", w.desk.attached())
	}
	w.unrefused(tooEarly)
}

func TestAFormThatComesBackKeepsItsFiles(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(draft(w))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"bad"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.discord.Eventually("the form", func() bool { return w.awa.Ephemeral().Has("Corriger") })
	w.says(w.awa.Ephemeral().String(), "Not that.", "1 image est conservée")
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Corriger"))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"good"}}))
	w.discord.Eventually("the answer", func() bool { return w.desk.state("p1") == "good" && w.whispered("Post p1") })
	if diff := cmp.Diff([]string{"media a.png 100 89504e47", "media a.png 100 89504e47"}, w.desk.attached()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	w.unrefused(tooEarly)
}

func TestFilesThatDiscordDoesNotGiveAreSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(draft(w))
	goOn := w.shelf.waits()
	defer goOn()
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.clock.move(48 * time.Hour) // its address holds a day
	goOn()
	w.discord.Eventually("the answer", func() bool { return strings.Contains(w.awa.Direct().Last().String(), "Discord ne donne plus a.png") })
	if got := w.desk.attached(); len(got) != 0 || w.desk.state("p1") != "hello" {
		t.Errorf("files: %q, post: %q", got, w.desk.state("p1"))
	}
}

func TestFilesAreFetchedOfDiscordAlone(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, griot: func(o *discordbot.Options) { o.API = strings.Replace(o.API, "127.0.0.1", "localhost", 1) }})
	w.ok(draft(w))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}, "Pictures": {w.awa.Upload("a.png", png(100))}})) // from 127.0.0.1
	w.discord.Eventually("the answer", func() bool { return w.whispered("Discord ne donne plus a.png") })
	if got := w.desk.attached(); len(got) != 0 {
		t.Errorf("files: %q", got)
	}
}

func TestWhatCannotBeKeptIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(draft(w))
	w.shelf.breaks(io.ErrShortWrite)
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.says(w.awa.Ephemeral().String(), "Une erreur est survenue de notre côté")
	if n := len(w.desk.attached()); n != 0 {
		t.Errorf("files: %q", w.desk.attached())
	}
}

func TestWhatIsKeptIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(draft(w))
	failing := make(chan error, 2)
	failing <- errors.New("the database is away")
	failing <- errors.New("still away")
	w.desk.before(func(context.Context, chat.Event) error {
		select {
		case err := <-failing:
			return err
		default:
			return nil
		}
	})
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hello"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.discord.Eventually("the answer", func() bool { return w.whispered("Post p1") })
	if err := w.griot.Later(t.Context(), []byte("no JSON")); err != nil {
		t.Errorf("what can never be read is tried again: %v", err)
	}
}
