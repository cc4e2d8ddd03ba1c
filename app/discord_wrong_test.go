package app

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/bot/playground"
	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// club is a team in the playground and in Discord, with posts that wait there.
type club struct {
	*world
	*server
	team string
}

func newClub(t *testing.T, database string) *club {
	t.Helper()
	w := newWorld(t, database, i18n.Fr)
	c := &club{world: w, server: w.inGuild(discordtest.Options{Unlimited: true, Lenient: true})}
	c.team = w.member(awa).TeamID
	return c
}

// onClubs runs f on SQLite and on PostgreSQL.
func onClubs(t *testing.T, f func(*club)) {
	t.Helper()
	onEngines(t, func(t *testing.T, database string) { f(newClub(t, database)) })
}

// waiting is a post sent for approval, whose card stands in Discord.
func (c *club) waiting(text string) string {
	c.Helper()
	c.types(nora, `/post rediger texte:"`+text+`" vers:village`)
	all, err := storage.Posts(c.Context(), c.app.DB, c.team, storage.PostFilter{Text: text, Limit: 1})
	if err != nil || len(all) != 1 {
		c.Fatalf("posts %d, %v", len(all), err)
	}
	id := all[0].ID
	_, err = c.app.Publishing.Move(c.Context(), c.member(nora), id, all[0].Rev, social.Submit, social.Change{})
	c.must(err)
	c.shows(approvals, text, "À valider")
	return id
}

// shows waits until the newest card in a channel with some words has others, too.
func (c *club) shows(channel, about string, words ...string) {
	c.Helper()
	last := ""
	if !c.soon(patience, func() bool {
		last = c.cardOf(channel, about).String()
		return containsAll(last, words)
	}) {
		c.Fatalf("#%s shows\n%s\nwant %q", channel, last, words)
	}
}

// told waits until somebody is told words directly, in whatever chat.
func (c *club) told(user string, words ...string) {
	c.Helper()
	var last string
	if !c.soon(patience, func() bool {
		last = ""
		for _, s := range c.app.Playgrounds {
			last += strings.Join(asked(s.Messages(playground.Direct(user)), nil), "\n")
		}
		for _, m := range c.people[user].Direct().Messages() {
			last += m.String()
		}
		return containsAll(last, words)
	}) {
		c.Fatalf("%s was told %q", user, last)
	}
}

// TestDiscordPutsGriotOutAndInvitesItAgain: the admins are told where they can be reached, and what was decided meanwhile is
// shown when Griot is back, in the same message.
func TestDiscordPutsGriotOutAndInvitesItAgain(t *testing.T) {
	onClubs(t, func(c *club) {
		post := c.waiting("Samedi, on ouvre.")
		before := c.cardOf(approvals, "Samedi").ID
		c.guild.Kick()
		c.told(awa, "Griot a été retiré de Comptoir sur Discord")
		_, err := c.app.Publishing.Move(c.Context(), c.member(leo), post, 0, social.Approve, social.Change{})
		c.must(err)
		c.quiet()
		c.shows(approvals, "Samedi", "À valider") // nobody could draw it
		c.guild.Install()
		c.shows(approvals, "Samedi", "Validée par\u202f: Léo")
		if after := c.cardOf(approvals, "Samedi").ID; after != before {
			t.Error("it stands there a second time")
		}
	})
}

// TestDiscordTakesARightAway: the admins are told which channel, and in the channel who acts is told what is missing.
func TestDiscordTakesARightAway(t *testing.T) {
	onClubs(t, func(c *club) {
		c.channels[approvals].Deny(discordtest.SendMessages | discordtest.ViewChannel)
		c.types(nora, `/post rediger texte:"Sans droit." vers:village`)
		all, err := storage.Posts(c.Context(), c.app.DB, c.team, storage.PostFilter{Text: "Sans droit", Limit: 1})
		c.must(err)
		_, err = c.app.Publishing.Move(c.Context(), c.member(nora), all[0].ID, all[0].Rev, social.Submit, social.Change{})
		c.must(err)
		c.told(awa, "Je ne peux plus écrire dans", "Discord", "Voir le salon")
		c.channels[general].Deny(discordtest.SendMessages)
		said := c.typed(c.server, nora, "post rediger", discordtest.Values{"texte": {"Ici non plus."}, "vers": {"Village"}})
		if !containsAll(said.String(), []string{"il lui manque, dans ce salon, «\u202fEnvoyer des messages\u202f»"}) {
			t.Errorf("nora reads\n%s", said)
		}
		c.channels[approvals].Allow(discordtest.SendMessages | discordtest.ViewChannel)
		c.shows(approvals, "Sans droit", "À valider")
		if invalid := c.Invalid(); invalid > 20 {
			t.Errorf("%d calls that count towards a ban", invalid)
		}
	})
}

// TestDiscordServerOfNobody: a server whose people have not begun, or not been linked, reads how to; it sees nothing of others.
func TestDiscordServerOfNobody(t *testing.T) {
	c := newClub(t, "")
	c.waiting("Entre nous.")
	other := c.Guild("Ailleurs")
	zoe := other.Person(discordtest.Profile{Name: "zoe", Locale: "fr"})
	room := other.Channel("general")
	other.Install()
	c.Eventually("the invitation is noted", func() bool {
		i, err := storage.Installation(c.Context(), c.app.DB, discordbot.Name, other.ID)
		return err == nil && i.Active && i.Name == "Ailleurs"
	})
	for _, command := range []string{"post liste", "accueil"} {
		if ack := zoe.Command(room, command, nil); !ack.OK() {
			t.Fatalf("%s: %+v", command, ack)
		}
		if got := zoe.Ephemeral().String(); !containsAll(got, []string{"Griot ne connaît pas encore ce serveur", "/demarrer"}) || strings.Contains(got, "Entre nous") {
			t.Errorf("%s: zoe reads\n%s", command, got)
		}
	}
	// A press whose custom_id names a post of another team finds nothing.
	post := c.cardOf(approvals, "Entre nous")
	ack := zoe.Press(discordtest.Message{ID: post.ID, Channel: post.Channel}, "Valider")
	if ack.OK() && !ack.Refused {
		t.Errorf("zoe presses what she cannot see: %+v", ack)
	}
}

// TestDiscordCodesAreNotGuessed: a thousand wrong codes by one person let nobody in, and Griot says when to try again; the right
// code of somebody else still works afterwards.
func TestDiscordCodesAreNotGuessed(t *testing.T) {
	c := newClub(t, "")
	thief := c.guild.Person(discordtest.Profile{Name: "thief", Locale: "fr"})
	busy := 0
	for i := range 1000 {
		ack := thief.Command(c.channels[general], "equipe lier", discordtest.Values{"code": {"GUESS" + strconv.Itoa(100+i)}})
		if !ack.OK() {
			t.Fatalf("guess %d: %+v", i, ack)
		}
		if strings.Contains(fmt.Sprint(ack.Data), "15 minutes") {
			busy++
		}
	}
	if busy < 990 {
		t.Errorf("%d of 1000 guesses were turned away", busy)
	}
	if _, err := storage.MemberAt(t.Context(), c.app.DB, discordbot.Name, c.guild.ID, thief.ID); err == nil {
		t.Error("the thief is a member")
	}
	ids, err := storage.Identities(t.Context(), c.app.DB, c.team, c.member(leo).ID)
	c.must(err)
	var at []string
	for _, i := range ids {
		at = append(at, chat.Title(i.Surface))
	}
	if diff := cmp.Diff([]string{"Discord", "Playground", "Playground2"}, at); diff != "" {
		t.Errorf("leo is known in (-want +got):\n%s", diff)
	}
}
