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

func TestALimitIsWaitedForWithoutAsking(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		limit func(world)
		wait  func(world) chat.Wait
		other bool // another channel is free
	}{
		"of a channel": {func(w world) {
			w.discord.RateLimit(discordtest.Limit{Route: discordtest.PostMessage, Channel: w.posts.ID, After: 7500 * time.Millisecond, Times: 1})
		}, func(w world) chat.Wait { return chat.Wait{After: 7500 * time.Millisecond, Channel: w.posts.ID} }, true},
		"shared": {func(w world) {
			w.discord.RateLimit(discordtest.Limit{Route: discordtest.PostMessage, Channel: w.posts.ID, After: 7 * time.Second, Times: 1, Shared: true})
		}, func(w world) chat.Wait { return chat.Wait{After: 7 * time.Second, Channel: w.posts.ID} }, true},
		"global": {func(w world) {
			w.discord.RateLimit(discordtest.Limit{Route: discordtest.PostMessage, After: 7 * time.Second, Times: 1, Global: true})
		}, func(world) chat.Wait { return chat.Wait{After: 7 * time.Second} }, false},
		"a page of HTML": {func(w world) { w.discord.Ban() }, func(world) chat.Wait { return chat.Wait{After: 10 * time.Minute} }, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: true})
			other := w.acme.Channel("other")
			send := func(to *discordtest.Channel) error {
				_, err := w.griot.Send(t.Context(), w.at(to), "k", w.desk.card("k"))
				return err
			}
			w.card("p0")
			w.must(send(other)) // what they are is known: only sending is left
			c.limit(w)
			want := c.wait(w)
			first := send(w.posts)
			calls := len(w.discord.Calls(""))
			again := send(w.posts)
			for i, err := range []error{first, again} {
				if got, ok := errors.AsType[*chat.Wait](err); !ok || *got != want {
					t.Errorf("%d: %v, want %+v", i, err, want)
				}
			}
			elsewhere := send(other)
			if c.other != (elsewhere == nil) {
				t.Errorf("elsewhere: %v", elsewhere)
			}
			if n := len(w.discord.Calls("")) - calls; n != 0 && !c.other || n > 1 {
				t.Errorf("%d calls meanwhile", n)
			}
			w.ok(w.awa.Command(w.posts, "say", say("hello"))) // an answer is no call of the bot
			w.clock.move(want.After)
			w.discord.Recover()
			w.must(send(w.posts))
		})
	}
}

func TestAUsedUpLimitIsNotTried(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, limited: true})
	for i := range 5 {
		w.card(fmt.Sprint("p", i))
	}
	_, err := w.griot.Send(t.Context(), w.at(w.posts), "p6", w.desk.card("p6"))
	if got, ok := errors.AsType[*chat.Wait](err); !ok || got.Channel != w.posts.ID || got.After != 5*time.Second {
		t.Errorf("a sixth: %v", err)
	}
	w.clock.move(5 * time.Second)
	w.card("p6")
	w.unrefused()
}

func TestADirectLimitIsThePersons(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.discord.RateLimit(discordtest.Limit{Route: discordtest.PostMessage, After: 7 * time.Second, Times: 1})
	err := w.griot.Nudge(t.Context(), w.nudge("n", ""))
	if got, ok := errors.AsType[*chat.Wait](err); !ok || got.Channel != "@"+w.awa.ID {
		t.Errorf("%v", err)
	}
}

func TestAnOutageIsWorthAnotherTry(t *testing.T) {
	t.Parallel()
	for _, how := range []discordtest.Outage{discordtest.Unavailable, discordtest.Cut} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: true})
			ref := w.card("p1")
			for what, call := range map[string]func() error{
				"Send": func() error { _, err := w.griot.Send(t.Context(), w.at(w.posts), "p2", w.desk.card("p2")); return err },
				"Find": func() error { _, err := w.griot.Find(t.Context(), w.at(w.posts), "p2"); return err },
				"Edit": func() error { return w.griot.Edit(t.Context(), ref, w.desk.card("p1")) }, "Nudge": func() error { return w.griot.Nudge(t.Context(), w.nudge("n", "")) },
			} {
				w.discord.Fail("", how, 5)
				err := call()
				w.discord.Recover()
				_, wait := errors.AsType[*chat.Wait](err)
				if err == nil || wait || errors.Is(err, chat.ErrGone) || errors.Is(err, chat.ErrOutside) || errors.Is(err, chat.ErrRemoved) {
					t.Errorf("%s: %v", what, err)
				}
			}
			w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
			w.must(w.griot.Health())
		})
	}
}

func TestRefusalsNeverLeadToABan(t *testing.T) {
	t.Parallel()
	const most = 1000
	w := begin(t, setting{http: true, discord: discordtest.Options{Lenient: true}})
	ref := w.card("p1")
	w.discord.BanAt(most + 10)
	w.posts.Deny(discordtest.ViewChannel)
	for range most + 50 {
		if _, err := w.griot.Find(t.Context(), w.at(w.posts), "p1"); err == nil {
			t.Fatal("found")
		}
	}
	if n := w.discord.Invalid(); n > most {
		t.Errorf("%d refused calls", n)
	}
	w.posts.Allow(discordtest.ViewChannel)
	err := w.griot.Edit(t.Context(), ref, w.desk.card("p1"))
	if got, ok := errors.AsType[*chat.Wait](err); !ok || got.Channel != "" || got.After != 10*time.Minute {
		t.Errorf("afterwards: %v", err)
	}
	w.clock.move(10*time.Minute + time.Second)
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
}

func TestACardOfAnyLengthIsShown(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	for i, letter := range []string{"a", "я", "漢", "<", "*", "\n", "🎉", "@everyone ", "`", "https://example.com/ "} {
		long := strings.Repeat(letter, 4096/len([]rune(letter)))
		c := chat.Card{Subject: "p", Title: long, Lead: []chat.Span{chat.Bold(long)}, Body: []chat.Span{chat.Plain(long), chat.Code(long)}, Foot: []chat.Span{chat.Plain(long)},
			Sections: []chat.Section{{Title: long, Body: []chat.Span{chat.Plain(long)}}, {Title: "b", Body: []chat.Span{chat.Plain(long)}}}, Buttons: w.desk.card("p").Buttons}
		ref, err := w.griot.Send(t.Context(), w.at(w.posts), fmt.Sprint("k", i), c)
		w.must(err)
		w.must(w.griot.Edit(t.Context(), ref, c))
		if got := w.posts.Last(); !got.Has("Approve") || len(got.Pings) > 0 {
			t.Errorf("%q: %d bytes, pings %q", letter, len(got.String()), got.Pings)
		}
	}
	w.unrefused()
	if strings.Contains(w.log.String(), "does not take a card's look") {
		t.Error("a look was refused")
	}
}

func TestALookThatDiscordRefusesIsShownAsWords(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true, discord: discordtest.Options{MaxFile: 100}}) // the server takes smaller files than most
	plain := w.desk.card("p1")
	w.desk.set(func(d *desk) { d.images = []chat.Image{picture("one")}; d.posts["p1"] = "approved" })
	want := []string{"Post p1", "Hello *world* & @everyone <@&1>", "approved"}
	ref, err := w.griot.Send(t.Context(), w.at(w.posts), "p1", w.desk.card("p1"))
	w.must(err)
	if diff := cmp.Diff(want, w.posts.Last().Lines); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	found, err := w.reborn().Find(t.Context(), w.at(w.posts), "p1")
	w.must(err)
	if found != ref {
		t.Errorf("found %v, not %v", found, ref)
	}
	forum := w.acme.Forum("ideas")
	_, err = w.griot.Send(t.Context(), w.at(forum), "p1", w.desk.card("p1"))
	w.must(err)
	w.must(w.griot.Edit(t.Context(), ref, plain))
	w.says(w.posts.Last().String(), "[Approve]")
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p1")))
	if diff := cmp.Diff(want, w.posts.Last().Lines); diff != "" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
	w.says(w.log.String(), "does not take a card's look")
}

func TestWhereGriotReaches(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	account, err := w.griot.Examine(t.Context())
	w.must(err)
	if diff := cmp.Diff(discordbot.Account{Name: "griot", App: w.discord.App.ID, Key: w.discord.App.PublicKey, Endpoint: w.base + interactions}, account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	name, lacks, err := w.griot.Reaches(t.Context(), w.at(w.posts))
	w.must(err)
	if name != "#posts" || len(lacks) != 0 {
		t.Errorf("%s lacks %v", name, lacks)
	}
	w.posts.Deny(discordtest.SendMessages, w.acme.Everyone)
	w.posts.Deny(discordtest.AttachFiles)
	_, lacks, err = w.griot.Reaches(t.Context(), w.at(w.posts))
	w.must(err)
	if len(lacks) != 2 || lacks[0].En != "Send Messages" || lacks[1].En != "Attach Files" {
		t.Errorf("lacks %v", lacks)
	}
	w.posts.Deny(discordtest.ViewChannel)
	_, _, err = w.griot.Reaches(t.Context(), w.at(w.posts))
	w.wants("unseen", err, chat.ErrOutside)
	w.acme.Kick()
	_, _, err = w.griot.Reaches(t.Context(), w.at(w.posts))
	w.wants("removed", err, chat.ErrRemoved)
	servers, err := w.griot.Servers(t.Context())
	w.must(err)
	if len(servers) != 0 {
		t.Errorf("servers %v", servers)
	}
}
