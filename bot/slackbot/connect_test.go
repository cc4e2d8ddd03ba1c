package slackbot_test

import (
	"strings"
	"testing"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// shared is a house that both workspaces have installed, with a channel of the first that somebody of the second is in.
func shared(t *testing.T) (h house, sam *slacktest.Person) {
	t.Helper()
	h = open(t, setting{})
	h.install(h.awa)
	h.install(h.binta)
	h.posts.Share()
	sam = h.acme.Person(slacktest.Profile{Name: "sam", From: h.other, Admin: true, Owner: true})
	h.posts.Join(sam)
	return h, sam
}

func TestAStrangerActsInTheCardsWorkspaceAndManagesNothing(t *testing.T) {
	t.Parallel()
	h, sam := shared(t)
	ref := h.card("p1")
	checked := func(what string) {
		t.Helper()
		e := h.desk.last()
		if e.Who.User != sam.ID || e.Who.Workspace != h.acme.ID || e.Who.Manager || e.Place.Workspace != h.acme.ID {
			t.Errorf("%s: %+v", what, e)
		}
	}
	h.ok(sam.Press(h.posts.Last(), "Approve"))
	checked("press")
	h.slack.Eventually("the card", func() bool { return strings.Contains(h.posts.Message(ref.Message).String(), "approved by sam") })
	h.ok(sam.Press(h.posts.Last(), "Send back"))
	h.slack.Eventually("the form", func() bool { return sam.Modal().Open() })
	h.ok(sam.Submit(slacktest.Values{"Note": {"No"}}))
	checked("form")
	before := len(h.desk.heard())
	h.ok(sam.Mention(h.posts, "hello"))
	h.slack.Eventually("the mention", func() bool { return len(h.desk.heard()) > before })
	checked("mention")
	h.unrefused()
}

func TestAShortcutBelongsToWhereItWasBegun(t *testing.T) {
	t.Parallel()
	h, sam := shared(t)
	sam.Say(h.posts, "words of a stranger")
	h.ok(h.awa.MessageShortcut(h.posts.Last(), slackbot.MessageDraft))
	h.slack.Eventually("the form", func() bool { return h.awa.Modal().Open() })
	if e := h.desk.last(); e.Who.Workspace != h.acme.ID || !e.Who.Manager || e.Place != (chat.Place{Surface: "slack", Workspace: h.acme.ID, Channel: h.posts.ID}) {
		t.Errorf("begun as %+v in %v", e.Who, e.Place)
	}
}
