package slackbot_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// renewals is how often Slack gave new tokens for old ones.
func (h house) renewals() int {
	all := h.slack.Calls("oauth.v2.access")
	return len(slices.DeleteFunc(all, func(c slacktest.Call) bool { return c.Err != "" || c.Args["grant_type"] != "refresh_token" }))
}

// rotating is a house whose tokens live twelve hours, and where awa has installed it.
func rotating(t *testing.T) house {
	t.Helper()
	h := open(t, setting{slack: slacktest.Options{Rotate: true}})
	h.install(h.awa)
	h.slack.Eventually("a welcome", func() bool { return len(h.awa.Direct().Messages()) == 1 })
	return h
}

func TestATokenIsRenewedOnceByMany(t *testing.T) {
	t.Parallel()
	h := rotating(t)
	h.card("p1")
	if n := h.renewals(); n != 0 {
		t.Errorf("renewed %d times while it lasts", n)
	}
	h.clock.move(11*time.Hour + 40*time.Minute)
	card := h.posts.Last()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := h.griot.Send(t.Context(), h.at(h.posts), "p2", h.desk.card("p2")); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if ack := h.awa.Press(card, "Show"); !ack.OK() {
				t.Errorf("press: %+v", ack)
			}
		})
	}
	all.Wait()
	h.clock.move(time.Hour) // the first token has ended by now
	h.ok(h.awa.Press(card, "Approve"))
	h.slack.Eventually("the card", func() bool { return strings.Contains(h.posts.Message(card.ID).String(), "approved by awa") })
	if n := h.renewals(); n != 1 {
		t.Errorf("renewed %d times", n)
	}
}

func TestAnOldTokenServesWhileItLasts(t *testing.T) {
	t.Parallel()
	h := rotating(t)
	h.clock.move(11*time.Hour + 40*time.Minute)
	h.slack.RateLimit("oauth.v2.access", "", time.Second, 2)
	h.card("p1")
	h.clock.move(time.Hour)
	_, err := h.griot.Send(t.Context(), h.at(h.posts), "p2", h.desk.card("p2"))
	if err == nil || errors.Is(err, chat.ErrRemoved) || len(h.rights.gone()) > 0 {
		t.Errorf("Slack was away for a moment: %v, removed %v", err, h.rights.gone())
	}
	h.card("p2")
	if n := h.renewals(); n != 1 {
		t.Errorf("renewed %d times", n)
	}
}

func TestWhatAnotherProcessRenewedIsUsed(t *testing.T) {
	t.Parallel()
	h := rotating(t)
	second := slackbot.New(slackbot.Options{API: h.slack.API(), ClientID: h.slack.App.ClientID, ClientSecret: h.slack.App.ClientSecret,
		Installs: h.rights, Keep: h.shelf.keep, Stale: h.shelf.stale, Now: h.clock.Now})
	ref, err := second.Send(t.Context(), h.at(h.posts), "p1", h.desk.card("p1"))
	h.must(err)
	h.clock.move(11*time.Hour + 40*time.Minute)
	h.card("p2") // the first renews
	h.must(second.Edit(t.Context(), ref, h.desk.card("p1")))
	if n := h.renewals(); n != 1 {
		t.Errorf("renewed %d times", n)
	}
}

func TestATokenThatIsRenewedNoMoreIsARightTakenBack(t *testing.T) {
	t.Parallel()
	h := rotating(t)
	h.rights.spoil(h.acme.ID) // a process died between Slack's answer and the database
	h.clock.move(13 * time.Hour)
	for range 2 {
		if _, err := h.griot.Send(t.Context(), h.at(h.posts), "p1", h.desk.card("p1")); !errors.Is(err, chat.ErrRemoved) {
			t.Errorf("Send: %v", err)
		}
	}
	if gone := h.rights.gone(); !slices.Equal(gone, []string{h.acme.ID}) {
		t.Errorf("removed: %v", gone)
	}
}

func TestAWorkspaceThatPutsGriotOutIsForgotten(t *testing.T) {
	t.Parallel()
	for what, out := range map[string]func(house) slacktest.Ack{
		"uninstalled":                            func(h house) slacktest.Ack { return h.acme.Uninstall() },
		"token revoked":                          func(h house) slacktest.Ack { return h.acme.Revoke() },
		"uninstalled long after its token ended": func(h house) slacktest.Ack { h.clock.move(48 * time.Hour); return h.acme.Uninstall() },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := rotating(t)
			h.ok(out(h))
			h.slack.Eventually("the end of a right", func() bool { return len(h.rights.gone()) > 0 })
			if _, err := h.griot.Send(t.Context(), h.at(h.posts), "p1", h.desk.card("p1")); !errors.Is(err, chat.ErrRemoved) {
				t.Errorf("Send: %v", err)
			}
			h.install(h.awa)
			h.card("p1")
		})
	}
}

func TestARightThatIsFoundDeadIsRemovedOnce(t *testing.T) {
	t.Parallel()
	h := open(t, setting{ready: func(w world) { w.slack.App.Events = nil }}) // Slack tells nothing
	h.install(h.awa)
	h.acme.Uninstall()
	for range 3 {
		if _, err := h.griot.Send(t.Context(), h.at(h.posts), "p1", h.desk.card("p1")); !errors.Is(err, chat.ErrRemoved) {
			t.Errorf("Send: %v", err)
		}
	}
	if gone := h.rights.gone(); !slices.Equal(gone, []string{h.acme.ID}) {
		t.Errorf("removed: %v", gone)
	}
}

func TestOldNewsOfAnEndDoNotEndANewRight(t *testing.T) {
	t.Parallel()
	h := rotating(t)
	h.ok(h.acme.SendEvent(slacktest.Object{"type": "app_uninstalled"})) // it was installed again since
	h.ok(h.acme.SendEvent(slacktest.Object{"type": "tokens_revoked", "tokens": slacktest.Object{"bot": []any{h.acme.Bot.ID}}}))
	h.ok(h.acme.SendEvent(slacktest.Object{"type": "tokens_revoked", "tokens": slacktest.Object{"oauth": []any{h.awa.ID}}}))
	h.stop()
	if gone := h.rights.gone(); len(gone) > 0 || len(h.shelf.failures()) > 0 {
		t.Errorf("removed %v, %v", gone, h.shelf.failures())
	}
	h.card("p1")
}
