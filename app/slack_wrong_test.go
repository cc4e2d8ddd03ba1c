package app

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/slackbot/slacktest"
	"griot/social"
	"griot/storage"
)

// TestSlackRequestsThatAreNotSlacks: what is not signed by Slack, or was long ago, does nothing; what is sent again does it
// once; what is far too large is not read.
func TestSlackRequestsThatAreNotSlacks(t *testing.T) {
	d := newDesktop(t, "")
	post := d.waiting("Samedi, on ouvre.")
	d.acted("history", d.people[leo].Press(d.card(post), "post.history"))
	press := d.tap.heard("/slack/interactivity")
	press.body = bytes.ReplaceAll(press.body, []byte("post.history"), []byte("post.approve"))
	press.body = bytes.ReplaceAll(press.body, []byte("trigger_id%22%3A%22"), []byte("trigger_id%22%3A%22again."))
	now := d.clock.Now()
	bare := request{press.path, press.header.Clone(), press.body}
	bare.header.Del("X-Slack-Signature")
	forged := d.signed(press, now)
	forged.header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
	older := d.signed(press, now)
	older.header.Set("X-Slack-Request-Timestamp", fmt.Sprint(now.Add(-time.Minute).Unix())) // another instant than was signed
	for what, r := range map[string]request{
		"unsigned": bare, "forged": forged, "of another body": press, "of another instant": older,
		"old": d.signed(press, now.Add(-5*time.Minute-time.Second)), "from the future": d.signed(press, now.Add(5*time.Minute+time.Second)),
	} {
		if code, said := d.sends(r); code != http.StatusUnauthorized || !strings.Contains(said, "SLACK_SIGNING_SECRET") {
			t.Errorf("%s: %d %s", what, code, said)
		}
	}
	large := d.signed(request{press.path, press.header, append([]byte("payload="), bytes.Repeat([]byte("a"), 10<<20)...)}, now)
	if code, _ := d.sends(large); code != http.StatusRequestEntityTooLarge {
		t.Errorf("ten megabytes: %d", code)
	}
	d.only(post)

	good := d.signed(press, now)
	for range 3 {
		if code, said := d.sends(good); code != http.StatusOK {
			t.Errorf("as Slack sends it: %d %s", code, said)
		}
	}
	d.clock.advance(6 * time.Minute)
	if code, _ := d.sends(good); code != http.StatusUnauthorized {
		t.Errorf("the same six minutes later: %d", code)
	}
	d.only(post, "approve")
}

// TestSlackDeliveryOfYesterdaysNews: a press that is delivered again when others have decided meanwhile changes nothing, not
// even what the card shows.
func TestSlackDeliveryOfYesterdaysNews(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		d := newDesktop(t, database)
		post := d.waiting("Deux fois.")
		d.acted("approval", d.people[leo].Press(d.card(post), "post.approve"))
		d.only(post, "approve")
		press := d.tap.heard("/slack/interactivity")
		answers := len(d.Calls("response_url"))
		d.clock.advance(time.Minute)
		_, err := d.app.Publishing.Move(t.Context(), d.member(leo), post, 0, social.SendBack, social.Change{Note: "Encore un mot."})
		d.must(err)
		d.only(post, "approve", "send_back")
		if code, said := d.sends(d.signed(press, d.clock.Now())); code != http.StatusOK {
			t.Errorf("delivered again: %d %s", code, said)
		}
		d.quiet()
		d.only(post, "approve", "send_back")
		if n := len(d.Calls("response_url")); n != answers {
			t.Errorf("answered %d times more", n-answers)
		}
	})
}

// TestSlackPressesThatMeanNothing: unknown actions are acknowledged and change nothing; buttons of an older Griot and of what
// was cancelled say so.
func TestSlackPressesThatMeanNothing(t *testing.T) {
	d := newDesktop(t, "")
	post := d.waiting("Annulée.")
	who, card := d.people[leo], d.card(post)
	raw := func(verb, value string) slacktest.Ack {
		return d.SendRaw("interactive", slacktest.Object{
			"type": "block_actions", "trigger_id": storage.NewID("trg"), "team": slacktest.Object{"id": d.space.ID},
			"user":      slacktest.Object{"id": who.ID, "name": who.Name, "team_id": d.space.ID},
			"container": slacktest.Object{"type": "message", "message_ts": card.ID, "channel_id": card.Channel}, "channel": slacktest.Object{"id": card.Channel},
			"actions": []any{slacktest.Object{"type": "button", "action_id": verb, "block_id": "b", "value": value}},
		})
	}
	for verb, value := range map[string]string{"dance": "polka", "post.approve": "", "": "post.approve|" + post + "|1", "post.cancel": "post.approve|" + post + "|1",
		"post.publish": "post.publish|" + strings.Repeat("x", 3000) + "|1"} {
		d.acted(verb+" "+value, raw(verb, value))
	}
	d.only(post)
	d.acted("an older Griot's", raw("post.dance", "post.dance|"+post+"|1"))
	d.told(who, "Ce bouton ne fonctionne plus")
	d.acted("somebody's who is not there", raw("post.approve", "post.approve|pst_nothing|1"))
	d.told(who, "n’existe plus, ou n’appartient pas à votre équipe")

	_, err := d.app.Publishing.Move(t.Context(), d.member(nora), post, 0, social.Cancel, social.Change{})
	d.must(err)
	d.catchesUp(d.team, post, d.channels[approvals])
	d.acted("of a cancelled post", who.Press(card, "post.approve"))
	d.told(who, "Nora l’a annulée")
	d.acted("the form of a cancelled post", who.Press(card, "post.edit"))
	d.Eventually("the form", func() bool { return who.Modal().Open() })
	d.acted("sent", who.Submit(slacktest.Values{field(who.Modal(), "Texte"): {"Quand même."}}))
	d.Eventually("the refusal", func() bool { return strings.Contains(strings.Join(who.Modal().Lines, "\n"), "Nora l’a annulée") })
	d.only(post, "cancel")
}

// TestSlackPeopleWithoutTheRight: a member without a role, a colleague whom the team does not know, and people of another
// workspace whom the channel is shared with read why not, and change nothing.
func TestSlackPeopleWithoutTheRight(t *testing.T) {
	d := newDesktop(t, "")
	post := d.waiting("Réservé.")
	brands, err := d.app.Team.Brands(t.Context(), d.member(awa))
	d.must(err)
	guest := d.space.Person(slacktest.Profile{Name: "guest", RealName: "Gaston", Locale: "fr-FR"})
	colleague := d.space.Person(slacktest.Profile{Name: "colleague", RealName: "Colette", Locale: "fr-FR"})
	other := d.Workspace("Ailleurs")
	other.Install()
	far := d.space.Person(slacktest.Profile{Name: "far", RealName: "Farid", Locale: "fr-FR", From: other, Admin: true, Owner: true})
	d.channels[approvals].Share()
	d.channels[approvals].Join(guest, colleague, far)
	d.known(d.team, brands[0], d.space, guest)

	for verb := range tags(d.card(post).Blocks) {
		if verb == "post.history" {
			continue
		}
		before := len(guest.Ephemerals())
		d.acted(verb, guest.Press(d.card(post), verb))
		if !slices.Contains([]string{"post.edit", "post.fix", "post.send_back", "post.schedule"}, verb) {
			d.Eventually("the refusal of "+verb, func() bool {
				return len(guest.Ephemerals()) > before && strings.Contains(guest.Ephemeral().String(), "Vous n’avez pas le rôle")
			})
			continue
		}
		d.Eventually("the form of "+verb, func() bool { return guest.Modal().Open() })
		d.refusedForm(guest, guest.Modal())
	}
	for _, line := range []string{`post rediger texte:"Moi aussi" vers:village`, "post publier publication:" + post, "post annuler publication:" + post, "marque regler seul:oui", "connecter"} {
		d.acted(line, guest.Command(d.channels[approvals], "/griot", line))
		d.told(guest, "🔴")
	}
	d.only(post)

	for _, who := range []*slacktest.Person{colleague, far} {
		for verb := range tags(d.card(post).Blocks) {
			d.acted(verb, who.Press(d.card(post), verb))
			d.told(who, "Vous n’êtes pas encore dans l’équipe", "[Demander l’accès]")
		}
	}
	d.acted("a command", colleague.Command(d.channels[approvals], "/griot", "post liste"))
	d.told(colleague, "Vous n’êtes pas encore dans l’équipe")
	if ack := far.Command(d.channels[approvals], "/griot", "demarrer"); !ack.Refused {
		t.Errorf("people of another workspace have commands here: %+v", ack)
	}
	d.acted("a mention", far.Mention(d.channels[approvals], "demarrer"))
	d.told(far, "Vous n’êtes pas encore dans l’équipe")
	d.acted("access", colleague.Press(colleague.Ephemeral(), "team.ask"))
	d.Eventually("the admin to be asked", func() bool {
		return strings.Contains(d.directly(awa), "colleague demande à rejoindre l’équipe")
	})
	d.only(post)
}

// refusedForm sends a form that somebody without a role was shown, and checks that it is refused.
func (d *desktop) refusedForm(who *slacktest.Person, v slacktest.View) {
	d.Helper()
	values := slacktest.Values{}
	for label, value := range v.Values {
		if value == "" && (strings.HasPrefix(label, "Que faut-il") || strings.HasPrefix(label, "Quand")) {
			values[label] = []string{"vendredi 9h"}
		}
	}
	if ack := who.Submit(values); ack.Trouble != "" && len(ack.Errors) == 0 {
		d.Errorf("%s: %+v", v.Title, ack)
	}
	d.Eventually("the refusal of "+v.Title, func() bool {
		return strings.Contains(strings.Join(who.Modal().Lines, "\n"), "Vous n’avez pas le rôle") || who.Modal().Has("post.date")
	})
	if m := who.Modal(); m.Has("post.date") {
		d.acted("the yes to a date", who.Press(m, "post.date"))
		d.Eventually("the refusal of a date", func() bool {
			return strings.Contains(strings.Join(who.Modal().Lines, "\n"), "Vous n’avez pas le rôle")
		})
	}
	who.CloseAll()
}

// TestSlackFormSentTwice: one window sent twice, by a thumb or by Slack, at once or later, decides once.
func TestSlackFormSentTwice(t *testing.T) {
	onEngines(t, func(t *testing.T, database string) {
		d := newDesktop(t, database)
		who := d.people[leo]
		for n, again := range []func(){func() { d.RedeliverTogether(3) }, func() { d.Redeliver(3) }, func() { d.Redeliver(0) }} {
			post := d.waiting(fmt.Sprintf("Envoi %d.", n))
			d.acted("the form", who.Press(d.card(post), "post.send_back"))
			d.Eventually("the window", func() bool { return who.Modal().Open() })
			again()
			d.acted("sent", who.Submit(slacktest.Values{field(who.Modal(), "Que faut-il"): {"Plus court."}}))
			d.Redeliver(0)
			form := d.tap.heard("/slack/interactivity")
			for range 2 {
				d.clock.advance(time.Minute)
				if code, said := d.sends(d.signed(form, d.clock.Now())); code != http.StatusOK {
					t.Errorf("delivered again: %d %s", code, said)
				}
			}
			d.only(post, "send_back")
		}
	})
}
