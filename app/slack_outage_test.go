package app

import (
	"slices"
	"strings"
	"testing"

	"griot/bot/slackbot/slacktest"
	"griot/social"
)

// TestSlackChannelThatIsNoMore: where Griot may not write any more, the admins read so with what helps; once it may again, the
// next change stands there.
func TestSlackChannelThatIsNoMore(t *testing.T) {
	type act func(*slacktest.Channel) slacktest.Ack
	for what, x := range map[string]struct {
		private     bool
		close, open act // open is nil for what cannot be undone
	}{
		"archived": {false, (*slacktest.Channel).Archive, (*slacktest.Channel).Unarchive},
		"kicked":   {true, (*slacktest.Channel).Kick, (*slacktest.Channel).Invite},
		"deleted":  {false, (*slacktest.Channel).Delete, nil},
	} {
		t.Run(what, func(t *testing.T) {
			d := newDesktop(t, "")
			c := d.channels[approvals]
			if x.private {
				c = d.closet()
			}
			post := d.waitingIn("Rentrée.", c)
			d.acted(what, x.close(c))
			d.decides(leo, post, social.SendBack)
			d.wait("the admin to be told", func() bool {
				return containsAll(d.directly(awa), []string{"Je ne peux plus écrire dans", "sur Slack", "/invite @Griot", "/marque"})
			})
			d.quiet()
			d.decides(nora, post, social.Submit) // the others go on, and nobody is told twice a day
			d.reads("Rentrée.", "À valider")
			d.quiet()
			if n := strings.Count(d.directly(awa), "Je ne peux plus écrire dans"); n != 1 {
				t.Errorf("told %d times", n)
			}
			if x.open == nil {
				return
			}
			d.acted("open again", x.open(c))
			d.decides(leo, post, social.Approve)
			d.catchesUp(d.team, post, c)
			if n := len(cardsOf(c)); n != 1 {
				t.Errorf("%d cards stand there", n)
			}
		})
	}
}

// closet makes a private channel the one for approvals.
func (d *desktop) closet() *slacktest.Channel {
	d.Helper()
	c := d.space.Private("direction", d.people[awa], d.people[nora], d.people[leo])
	d.acted("invitation", c.Invite())
	d.acted("the brand's channel", d.people[awa].Command(c, "/marque", "canal validations canal:ici"))
	return c
}

// cardsOf are the messages of a channel that show a card.
func cardsOf(c *slacktest.Channel) []slacktest.Message {
	return slices.DeleteFunc(c.Messages(), func(m slacktest.Message) bool { return m.Metadata["event_type"] != "griot_card" })
}

// TestSlackMessageThatPeopleDelete: a card that somebody deletes is placed again with the next change, once.
func TestSlackMessageThatPeopleDelete(t *testing.T) {
	d := newDesktop(t, "")
	c := d.channels[approvals]
	post := d.waiting("Effacée.")
	d.acted("deleted", c.Remove(d.card(post).ID))
	d.decides(leo, post, social.SendBack)
	d.wait("the card again", func() bool { return len(cardsOf(c)) == 1 })
	d.catchesUp(d.team, post, c)
	d.acted("pressed", d.people[nora].Press(d.card(post), "post.submit"))
	d.only(post, "send_back", "submit")
	if n := len(cardsOf(c)); n != 1 {
		t.Errorf("%d cards stand there", n)
	}
}

// TestSlackIsDown: while Slack's own servers fail, people go on elsewhere; what they press in Slack all the same is done; once
// it works again everything stands there, once.
func TestSlackIsDown(t *testing.T) {
	hangs := func(s *slacktest.Server) {
		for range 100 {
			for _, method := range []string{"chat.update", "chat.postMessage", "response_url"} {
				s.HoldCall(method)
			}
		}
	}
	for how, fails := range map[string]func(*slacktest.Server){
		"errors": func(s *slacktest.Server) { s.Fail("", slacktest.Unavailable, 1<<30) },
		"cut":    func(s *slacktest.Server) { s.Fail("", slacktest.Cut, 1<<30) },
		"hangs":  hangs,
	} {
		t.Run(how, func(t *testing.T) {
			d := newDesktopNow(t, "")
			c := d.channels[approvals]
			post, other := d.waiting("Pendant la panne."), d.waiting("Pressée pendant la panne.")
			card := d.card(other)
			before := len(d.Calls(""))
			fails(d.Server)
			d.decides(leo, post, social.SendBack)
			d.decides(nora, post, social.Submit)
			d.acted("a press", d.people[leo].Press(card, "post.approve"))
			d.acted("a command", d.people[nora].Command(d.channels[general], "/griot", "post liste"))
			d.types(nora, `/post rediger texte:"Née pendant la panne." vers:village`)
			born := d.posted("Née pendant la panne.")
			d.decides(nora, born, social.Submit)
			d.reads("Pressée pendant la panne.", "Validée")
			if how == "hangs" {
				d.wait("a call to be given up", func() bool { return strings.Contains(d.log.String(), "context deadline exceeded") })
			} else {
				d.wait("several tries", func() bool { return len(d.Calls("")) > before+6 })
			}
			d.Recover()
			for _, p := range []string{post, other, born} {
				d.wait("the card in Slack", func() bool { return d.standsAt(d.team, p, c) != "" })
				d.catchesUp(d.team, p, c)
			}
			if n := len(cardsOf(c)); n != 3 {
				t.Errorf("%d cards for three posts", n)
			}
			d.only(other, "approve")
		})
	}
}
