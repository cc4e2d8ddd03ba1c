package slackbot_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

func TestSlackIsAskedWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	binta := w.acme.Person(slacktest.Profile{Name: "binta", Locale: "pt-BR", Zone: "Africa/Dakar"})
	w.posts.Join(binta)
	who := func() chat.Who {
		w.ok(binta.Command(w.posts, "/post", "hello"))
		return w.desk.last().Who
	}
	// Slack that does not say so in time costs nothing but that.
	w.slack.Fail("users.info", slacktest.Unavailable, 1)
	bare := chat.Who{Surface: "slack", Workspace: w.acme.ID, User: binta.ID, Name: "binta"}
	if diff := cmp.Diff(bare, who()); diff != "" {
		t.Errorf("not known (-want +got):\n%s", diff)
	}
	known := bare
	known.Zone = "Africa/Dakar"
	for range 3 {
		if diff := cmp.Diff(known, who()); diff != "" {
			t.Errorf("known (-want +got):\n%s", diff)
		}
	}
	if n := len(w.slack.Calls("users.info")); n > 2 {
		t.Errorf("asked %d times", n)
	}
	binta.Change(slacktest.Profile{Name: "binta2", RealName: "Binta D.", Locale: "fr-FR", Zone: "Europe/Paris", Owner: true})
	known.Name, known.Locale, known.Zone, known.Manager = "binta2", "fr", "Europe/Paris", true
	if diff := cmp.Diff(known, who()); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	before := len(w.slack.Calls("users.info"))
	w.clock.move(16 * time.Minute)
	who()
	if n := len(w.slack.Calls("users.info")); n != before+1 {
		t.Error("what Slack said is believed for ever")
	}
}

func TestWhereACommandBelongs(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	secret, public := w.acme.Private("secret", w.awa), w.acme.Channel("public", w.awa)
	at := func(c *slacktest.Channel) chat.Place {
		w.ok(w.awa.Command(c, "/post", "hello"))
		return w.desk.last().Place
	}
	for what, c := range map[string]struct{ in, want *slacktest.Channel }{
		"where Griot is": {w.posts, w.posts}, "where it may write": {public, public}, "directly": {w.awa.Direct(), w.awa.Direct()},
		"where it may not": {secret, w.awa.Direct()},
	} {
		if got := at(c.in); got != w.at(c.want) {
			t.Errorf("%s: %v, want %v", what, got, w.at(c.want))
		}
		if m := w.awa.Ephemeral(); m.Channel != c.in.ID { // whoever typed is answered where they typed
			t.Errorf("%s: answered in %s", what, m.Channel)
		}
	}
	secret.Invite()
	w.clock.move(2 * time.Minute)
	if got := at(secret); got != w.at(secret) {
		t.Errorf("after an invitation: %v", got)
	}
	w.unrefused("conversations.info: channel_not_found")
}

func TestChannelsAreKnownByName(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ctx := t.Context()
	secret, private, old := w.acme.Private("secret", w.awa), w.acme.Private("private", w.awa), w.acme.Channel("old", w.awa)
	private.Invite()
	old.Archive()
	want := []chat.Option{{Value: w.posts.ID, Label: "#posts"}, {Value: private.ID, Label: "#private"}}
	if diff := cmp.Diff(want, w.griot.Rooms(ctx, w.acme.ID)); diff != "" {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	for c, want := range map[*slacktest.Channel]string{w.posts: "#posts", private: "#private", secret: ""} {
		if got := w.griot.RoomName(ctx, w.at(c)); got != want {
			t.Errorf("name %q, want %q", got, want)
		}
	}
	for c, want := range map[*slacktest.Channel]error{w.posts: nil, private: nil, old: chat.ErrGone, secret: slackbot.ErrHidden} {
		if name, err := w.griot.Reaches(ctx, w.at(c)); !errors.Is(err, want) || err == nil && name != "#"+c.Name {
			t.Errorf("%s: %q, %v; want %v", c.Name, name, err, want)
		}
	}
	if got := w.griot.Rooms(ctx, "T0NEVERWAS"); got != nil {
		t.Errorf("rooms of nowhere: %v", got)
	}
	report, err := w.griot.Examine(ctx, "")
	w.must(err)
	if report.Workspace != w.acme.ID || report.Name != "acme" || report.BotUser != w.acme.Bot.ID || len(report.Lacking) > 0 {
		t.Errorf("the doctor says %+v", report)
	}
	w.acme.Grant("commands")
	report, err = w.griot.Examine(ctx, w.acme.ID)
	w.must(err)
	if len(report.Lacking) < 5 || report.Lacking[0].Why.Fr == "" {
		t.Errorf("the doctor lacks %+v", report.Lacking)
	}
}
