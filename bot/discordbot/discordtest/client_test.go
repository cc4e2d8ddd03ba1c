package discordtest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/discordbot/discordtest"
)

// toFake sends what discordgo calls to the fake, whatever host it thinks of.
type toFake struct{ base *url.URL }

func (f toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = f.base.Scheme, f.base.Host, f.base.Host
	return http.DefaultTransport.RoundTrip(r)
}

// client is discordgo, with the fake for Discord.
func client(t *testing.T, s *discordtest.Server) *discordgo.Session {
	t.Helper()
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	d, err := discordgo.New("Bot " + s.App.Token)
	if err != nil {
		t.Fatal(err)
	}
	d.Client = &http.Client{Transport: toFake{base}, Timeout: 5 * time.Second}
	d.Identify.Intents = discordgo.IntentGuilds
	return d
}

func TestAnIndependentClient(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	d := client(t, v.s)
	created := make(chan string, 1)
	d.AddHandler(func(_ *discordgo.Session, g *discordgo.GuildCreate) { created <- g.Name })
	d.AddHandler(func(d *discordgo.Session, i *discordgo.InteractionCreate) {
		name := i.Member.User.Username
		if i.Type == discordgo.InteractionApplicationCommand {
			name += " at " + i.ApplicationCommandData().GetOption("when").StringValue()
		}
		r := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{
			Content:         "hello " + name,
			Components:      []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "Again", CustomID: "again"}}}},
			AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		}}
		if err := d.InteractionRespond(i.Interaction, r); err != nil {
			t.Error(err)
		}
	})
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if name := <-created; name != "Acme" {
		t.Errorf("guild %q", name)
	}
	when := &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString, Name: "when", Description: "When", Required: true}
	greet := &discordgo.ApplicationCommand{Name: "greet", Description: "Greets", Options: []*discordgo.ApplicationCommandOption{when}}
	if _, err := d.ApplicationCommandBulkOverwrite(v.s.App.ID, "", []*discordgo.ApplicationCommand{greet}); err != nil {
		t.Fatal(err)
	}
	if ack := v.awa.Command(v.c, "greet", discordtest.Values{"when": {"noon"}}); !ack.OK() || v.c.Last().String() != "hello awa at noon\n[Again]" {
		t.Errorf("%+v: %s", ack, v.c.Last())
	}
	if ack := v.awa.Press(v.c.Last(), "Again"); !ack.OK() || len(v.c.Messages()) != 2 {
		t.Errorf("%+v: %s", ack, v.c.Last())
	}
	m, err := d.ChannelMessageSend(v.c.ID, "plain")
	if err != nil {
		t.Fatal(err)
	}
	if m, err = d.ChannelMessageEdit(v.c.ID, m.ID, "edited"); err != nil || m.Content != "edited" {
		t.Errorf("%v: %v", err, m)
	}
	if all := v.s.Refused(); len(all) != 0 {
		t.Error(all)
	}
}
