package discordbot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

func TestCommandsAreRegisteredWhenTheyChange(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.discord.Eventually("the first start", func() bool { return len(w.discord.Calls(discordtest.GetMyGuilds)) > 0 })
	again := func(change func(*discordbot.Options)) int {
		o := w.options(true)
		change(&o)
		stop := w.start(discordbot.New(o))
		asked := len(w.discord.Calls(discordtest.GetMyGuilds))
		w.discord.Eventually("the next start", func() bool { return len(w.discord.Calls(discordtest.GetMyGuilds)) > asked })
		stop()
		return len(w.discord.Calls(discordtest.PutCommands))
	}
	if n := again(func(*discordbot.Options) {}); n != 1 {
		t.Errorf("the same commands were registered %d times", n)
	}
	if n := again(func(o *discordbot.Options) { o.Commands[0].Subs[0].About.Fr = "Écrire" }); n != 2 {
		t.Errorf("other words in French: registered %d times", n)
	}
	if n := again(func(o *discordbot.Options) { o.Commands[0].Subs[0].About.Fr = "Écrire" }); n != 2 {
		t.Errorf("the same words again: registered %d times", n)
	}
}

func TestCommandsAreInBothLanguages(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	var lines []string
	var show func(o discordtest.Object, indent string)
	show = func(o discordtest.Object, indent string) {
		french, _ := o["name_localizations"].(discordtest.Object)
		line := indent + o["name"].(string) + " " + french["fr"].(string)
		if o["autocomplete"] == true {
			line += " …"
		}
		lines = append(lines, line)
		for _, key := range []string{"options", "choices"} {
			all, _ := o[key].([]any)
			for _, x := range all {
				show(x.(discordtest.Object), indent+"  ")
			}
		}
	}
	for _, c := range w.discord.Commands() {
		show(c, "")
	}
	want := strings.Split(`post publication
  draft rediger
    text texte
    brand marque …
    media image
    media2 image2
    media3 image3
  move deplacer
    to vers
      Bluesky Bluesky
      Nowhere Nulle part
    in dans
    for pour
say dire
  what quoi
Turn into a post En faire une publication
Quote Citer`, "\n")
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestACommandArrivesInTheRegistrysWords(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			team := w.acme.Role("team")
			w.awa.Give(team)
			ack := w.awa.Command(w.posts, "publication deplacer", discordtest.Values{"vers": {"Nulle part"}, "dans": {"posts"}, "pour": {"team"}})
			w.ok(ack)
			want := chat.Event{ID: ack.ID, Place: w.at(w.posts), Command: "post move", Values: chat.Values{"to": {"n"}, "in": {w.posts.ID}, "for": {team.ID}},
				Who: chat.Who{Surface: "discord", Workspace: w.acme.ID, User: w.awa.ID, Name: "awa", Locale: "fr", Manager: true}}
			got := w.desk.last()
			groups := strings.Split(got.Who.Groups, ",")
			if len(groups) < 2 || groups[len(groups)-1] != w.acme.ID || !strings.Contains(got.Who.Groups, team.ID) {
				t.Errorf("groups: %q", groups)
			}
			got.Who.Groups = ""
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("command (-want +got):\n%s", diff)
			}
			w.unrefused()
		})
	}
}

func TestWhatIsTypedIsOffered(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	got, ack := w.awa.Complete(w.posts, "post draft", nil, "brand", "ac")
	w.ok(ack)
	if diff := cmp.Diff([]discordtest.Choice{{Name: "Acme for ac", Value: "acme"}}, got); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	if len(w.desk.heard()) > 0 {
		t.Errorf("typing did something: %v", w.desk.heard())
	}
}

func TestMentionsBecomeNames(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	bo := w.acme.Person(discordtest.Profile{Name: "bo", GlobalName: "Bo"})
	team := w.acme.Role("team")
	gone := w.acme.Person(discordtest.Profile{Name: "gone"})
	gone.Leave()
	what := "<" + "@!" + bo.ID + "> " + bo.Mention() + " " + team.Mention() + " <#" + w.posts.ID + "> " + gone.Mention() + " <t:1770638400:f> a < b"
	want := "@bo @bo @team #posts @" + gone.ID + " 2026-02-09 12:00 UTC a < b"
	got := ""
	w.discord.Eventually("names: "+want, func() bool { // a machine that is busy may not ask in time, and ids stand there then
		w.ok(w.awa.Command(w.posts, "say", say(what)))
		got = w.desk.last().Values.Get("what")
		return !strings.Contains(got, bo.ID) && !strings.Contains(got, team.ID) && !strings.Contains(got, w.posts.ID)
	})
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAnEmojiOfTheServerIsRefused(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	w.ok(w.awa.Command(w.posts, "say", say("hurray <:party:1000000000000000001> <a:dance:1000000000000000002>")))
	w.says(w.awa.Ephemeral().String(), ":party:, :dance:", "Seul votre serveur connaît")
	if len(w.desk.heard()) > 0 {
		t.Errorf("heard: %v", w.desk.heard())
	}
	w.ok(w.awa.Command(w.posts, "post draft", nil))
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hurray <:party:1000000000000000001>"}, "When": {"tomorrow"}}))
	w.says(w.awa.Ephemeral().String(), ":party:", "gardé")
	w.ok(w.awa.Press(w.awa.Ephemeral(), "Corriger"))
	if diff := cmp.Diff(map[string]string{"Text": "hurray :party:", "When": "tomorrow", "Pictures": ""}, w.awa.Modal().Values); diff != "" {
		t.Errorf("what was typed (-want +got):\n%s", diff)
	}
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"hurray 🎉"}}))
	if diff := cmp.Diff(chat.Values{"text": {"hurray 🎉"}, "at": {"tomorrow"}}, w.desk.last().Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestAMessageBecomesADraftWithItsPictures(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	bo := w.acme.Person(discordtest.Profile{Name: "bo"})
	bo.Say(w.posts, "Look at *this* "+w.awa.Mention()+" 🎉", bo.Upload("a.png", png(100)), bo.Upload("notes.txt", []byte("notes")))
	w.ok(w.awa.Menu(w.posts.Last(), "En faire une publication"))
	if got := w.awa.Modal().Values["Text"]; got != "Look at *this* @awa 🎉" {
		t.Errorf("the text is %q", got)
	}
	w.says(w.awa.Modal().String(), "1 image est jointe")
	w.ok(w.awa.Submit(discordtest.Values{"Text": {"Look"}}))
	w.discord.Eventually("the post", func() bool { return w.desk.state("p1") == "Look" })
	if diff := cmp.Diff([]string{"media a.png 100 89504e47"}, w.desk.attached()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAMessageIsQuotedWithItsAuthorAndItsLink(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"gateway": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			bo := w.acme.Person(discordtest.Profile{Name: "bo_92", GlobalName: "Bo <3"})
			cleo := w.acme.Person(discordtest.Profile{Name: "cleo"})
			bo.Say(w.posts, "Three weeks "+w.awa.Mention()+" <:angry:1000000000000000001> & *counting*", bo.Upload("a.png", png(100)))
			cleo.Say(w.posts, "", cleo.Upload("b.png", png(100)))
			all := w.posts.Messages()
			quoted, bare := all[len(all)-2], all[len(all)-1]
			link := func(m discordtest.Message) []string {
				return []string{"https://discord.com/channels/" + w.acme.ID + "/" + w.posts.ID + "/" + m.ID}
			}
			for _, c := range []struct {
				m    discordtest.Message
				want chat.Values
			}{
				{quoted, chat.Values{"what": {"Three weeks @awa :angry: & *counting*"}, "by": {"Bo <3"}, "link": link(quoted)}},
				{bare, chat.Values{"what": {""}, "by": {"cleo"}, "link": link(bare)}},
			} {
				ack := w.awa.Menu(c.m, "Citer")
				w.ok(ack)
				got := w.desk.last()
				if diff := cmp.Diff(c.want, got.Values); diff != "" || got.Command != "say" || got.ID != ack.ID || got.Place != w.at(w.posts) || len(got.Files) > 0 {
					t.Errorf("%s at %v with %v (-want +got):\n%s", got.Command, got.Place, got.Files, diff)
				}
			}
			w.unrefused()
		})
	}
}

func TestWhatIsNotOfAServerIsRefused(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{http: true})
	body := `{"id":"1","type":2,"token":"t","user":{"id":"7"},"locale":"fr","data":{"name":"say","type":1}}`
	code, said := w.ask("POST", interactions, body, w.discord.App.Sign(w.clock.Now(), []byte(body)))
	if code != 200 || !strings.Contains(said, "Griot travaille pour l’équipe d’un serveur") || len(w.desk.heard()) > 0 {
		t.Errorf("%d %s", code, said)
	}
	body = `{"id":"2","type":4,"token":"t","user":{"id":"7"},"data":{"name":"say","type":1}}`
	if _, said := w.ask("POST", interactions, body, w.discord.App.Sign(w.clock.Now(), []byte(body))); !strings.Contains(said, `"type":8`) {
		t.Errorf("while typing: %s", said)
	}
}
