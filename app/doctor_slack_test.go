package app

import (
	"bytes"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot"
	"griot/bot/slackbot/slacktest"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// ward is a Griot in Slack that a doctor looks at.
type ward struct {
	*desktop
	*findings
}

// findings are what the doctor said so far of one chat, by language.
type findings struct {
	world *world
	about string // "Slack"
	said  map[i18n.Locale]*strings.Builder
}

func newFindings(w *world, about string) *findings {
	return &findings{w, about, map[i18n.Locale]*strings.Builder{i18n.Fr: {}, i18n.En: {}}}
}

// private hides what differs from run to run.
var private = regexp.MustCompile(`http://127\.0\.0\.1:\d+|127\.0\.0\.1:\d+|C0\d{8}|\d{17,20}`)

// says lets the doctor look, in both languages, and notes what is said of the chat and whether all is well.
func (f *findings) says(what string, cfg Config) {
	f.world.Helper()
	for l, said := range f.said {
		var out bytes.Buffer
		c := Command{Version: "test", Out: &out, Getenv: func(name string) string { return map[string]string{"GRIOT_LOCALE": string(l)}[name] }}
		err := c.doctor(f.world.Context(), cfg)
		said.WriteString("# " + what + "\n")
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, f.about) && !strings.Contains(line, cfg.Data) {
				said.WriteString(private.ReplaceAllString(line, "…"))
			}
		}
		switch {
		case fault.Is(err, fault.Conflict):
			said.WriteString("→ " + fault.For(err, l) + "\n")
		case err != nil:
			f.world.Errorf("%s: %v", what, err)
		}
		said.WriteString("\n")
	}
}

// asWritten compares what was said with the files of testdata.
func (f *findings) asWritten() {
	f.world.Helper()
	for l, said := range f.said {
		file := "testdata/doctor/" + strings.ToLower(f.about) + "." + string(l) + ".txt"
		if *update {
			f.world.must(os.MkdirAll("testdata/doctor", 0o755))
			f.world.must(os.WriteFile(file, []byte(said.String()), 0o644))
		}
		want, err := os.ReadFile(file)
		f.world.must(err)
		if diff := cmp.Diff(string(want), said.String()); diff != "" {
			f.world.Errorf("%s (-want +said); -update writes it anew:\n%s", file, diff)
		}
	}
}

// TestDoctorOfSlack: what is missing is said in plain words with the one next step, and what is right is said to be.
func TestDoctorOfSlack(t *testing.T) {
	d := newWorld(t, "", i18n.Fr).sockets(slacktest.Options{Ping: time.Hour})
	w := &ward{d, newFindings(d.world, "Slack")}
	front := httptest.NewServer(w.app.Handler())
	t.Cleanup(front.Close)
	good := w.cfg
	good.Addr = strings.TrimPrefix(front.URL, "http://")
	with := func(change func(*Config)) Config {
		c := good
		change(&c)
		return c
	}
	w.says("all is well, by Socket Mode", good)
	w.says("all is well, over HTTP", with(func(c *Config) {
		c.BaseURL, c.Slack.AppToken, c.Slack.SigningSecret = "https://griot.example.org", "", w.App.SigningSecret
	}))
	w.says("a signing secret without a public address", with(func(c *Config) { c.Slack.SigningSecret = w.App.SigningSecret }))
	w.says("a bot token that Slack does not know", with(func(c *Config) { c.Slack.BotToken = "xoxb-of-somebody-else" }))
	w.says("Slack is not reached", with(func(c *Config) { c.Slack.APIURL = "http://127.0.0.1:1/api/" }))
	w.says("Griot does not run", with(func(c *Config) { c.Addr = "127.0.0.1:1" }))

	w.BreakAppToken("missing_scope")
	w.says("an app token without connections:write", good)
	w.BreakAppToken("")
	w.space.Grant(strings.Fields("commands chat:write chat:write.public app_mentions:read im:history im:write channels:read channels:history groups:read groups:history files:write team:read")...)
	w.says("two rights are missing", good)
	w.space.Grant(w.App.Scopes...)

	w.acted("the archive", w.channels[approvals].Archive())
	w.says("the brand's channel is archived", good)
	w.acted("the archive", w.channels[approvals].Unarchive())
	w.moveTo(w.space.Private("direction", w.people[awa]))
	w.says("Griot is not in the brand's private channel", good)
	w.moveTo(w.channels[approvals])

	w.clock.advance(10 * time.Minute)
	w.says("the running Griot hears nothing", good)

	w.asWritten()
}

// moveTo makes another channel the one for approvals, behind everybody's back.
func (w *ward) moveTo(c *slacktest.Channel) {
	w.Helper()
	ctx := w.Context()
	brands, err := w.app.Team.Brands(ctx, w.member(awa))
	w.must(err)
	w.must(w.app.DB.InTx(ctx, func(tx *storage.Tx) error {
		all, err := storage.ChannelsOf(ctx, tx, slackbot.Name)
		if err != nil {
			return err
		}
		for _, was := range all {
			if err := tx.DropChannel(ctx, was.Channel); err != nil {
				return err
			}
		}
		return tx.PutChannel(ctx, social.Channel{TeamID: w.team, BrandID: brands[0].ID, Surface: slackbot.Name, Workspace: w.space.ID,
			Channel: c.ID, Purpose: social.Approvals})
	}))
}

// TestDoctorOfWorkspacesThatInstalled: each is looked at, one that left disturbs no other, and of tokens that have ended none is
// renewed.
func TestDoctorOfWorkspacesThatInstalled(t *testing.T) {
	for what, c := range map[string]struct {
		ago    time.Duration // when they installed Griot
		before func(e *estate, river *tenant)
		lines  []string
		wrong  int // lines with ✖
	}{
		"all is well": {time.Minute, func(*estate, *tenant) {}, []string{"✔ Slack: Griot speaks in “Lune”.", "✔ Slack: Griot speaks in “River”.",
			"/slack/install.", "✔ Slack: Griot can write in #validations (Maison Lune).", "✔ Slack: Griot can write in #validations (Riverside Library)."}, 0},
		"one left and nobody heard it": {time.Minute, func(e *estate, river *tenant) { e.end(); river.space.Uninstall() },
			[]string{"✔ Slack: Griot speaks in “Lune”.", "✖ Slack: “River” took its right back. Install Griot there again at "}, 1},
		"tokens have ended": {13 * time.Hour, func(*estate, *tenant) {},
			[]string{"– Slack: the right of “Lune” has to be renewed.", "– Slack: the right of “River” has to be renewed."}, 0},
	} {
		t.Run(what, func(t *testing.T) {
			e := newEstateAgo(t, c.ago)
			_, river := e.pair()
			c.before(e, river)
			calls := len(e.slack.Calls("oauth.v2.access"))
			var out bytes.Buffer
			d := Command{Version: "test", Out: &out, Getenv: func(string) string { return "en" }}
			if err := d.doctor(t.Context(), e.cfg); fault.Is(err, fault.Conflict) != (c.wrong > 0) {
				t.Error(err)
			}
			if got := out.String(); !containsAll(got, c.lines) || strings.Count(got, "✖") != c.wrong {
				t.Errorf("the doctor says:\n%s", got)
			}
			if len(e.slack.Calls("oauth.v2.access")) != calls {
				t.Error("the doctor renews tokens")
			}
			i, err := storage.Installation(t.Context(), river.reader(), slackbot.Name, river.space.ID)
			if err != nil || !i.Active {
				t.Errorf("the doctor removes an installation: %v", err)
			}
		})
	}
}

// newEstateAgo is one whose clock is behind the machine's.
func newEstateAgo(t *testing.T, ago time.Duration) *estate {
	t.Helper()
	w := newWorld(t, "", i18n.Fr)
	w.clock.jump(time.Since(w.clock.Now()) - ago)
	return w.estate(slacktest.Options{Rotate: true})
}

// reader is the database, whether Griot runs or not.
func (x *tenant) reader() *storage.DB {
	x.Helper()
	db, err := storage.OpenReader(x.Context(), x.cfg.storage())
	x.must(err)
	x.Cleanup(func() {
		if err := db.Close(); err != nil {
			x.Error(err)
		}
	})
	return db
}
