package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
)

// read reads a configuration from these variables alone.
func read(env map[string]string) (Config, error) {
	return Read(func(name string) string { return env[name] })
}

func TestSlackIsRead(t *testing.T) {
	t.Parallel()
	const api = "https://slack.com/api/"
	for what, c := range map[string]struct {
		env  map[string]string
		want Slack
		on   bool
	}{
		"nothing": {nil, Slack{APIURL: api}, false},
		"one workspace by Socket Mode": {map[string]string{"SLACK_BOT_TOKEN": " xoxb-1 ", "SLACK_APP_TOKEN": "xapp-1"},
			Slack{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: api}, true},
		"one workspace over HTTP": {map[string]string{"SLACK_BOT_TOKEN": "xoxe.xoxb-1", "SLACK_SIGNING_SECRET": "s"},
			Slack{BotToken: "xoxe.xoxb-1", SigningSecret: "s", APIURL: api}, true},
		"many workspaces": {map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c", "SLACK_SIGNING_SECRET": "s", "GRIOT_BASE_URL": "https://griot.example.org"},
			Slack{ClientID: "1.2", ClientSecret: "c", SigningSecret: "s", APIURL: api}, true},
		"another Web API, a prefix": {map[string]string{"SLACK_API_URL": "http://127.0.0.1:9/api", "SLACK_COMMAND_PREFIX": "G_2-"},
			Slack{APIURL: "http://127.0.0.1:9/api/", Prefix: "g_2-"}, false},
	} {
		got, err := read(c.env)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(c.want, got.Slack); diff != "" || got.Slack.On() != c.on {
			t.Errorf("%s: on %v (-want +got):\n%s", what, got.Slack.On(), diff)
		}
	}
}

func TestSlackSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	many := func(without string) map[string]string {
		env := map[string]string{"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c", "SLACK_SIGNING_SECRET": "s", "GRIOT_BASE_URL": "https://griot.example.org"}
		delete(env, without)
		return env
	}
	for what, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"a person's token":         {map[string]string{"SLACK_BOT_TOKEN": "xoxp-secret", "SLACK_APP_TOKEN": "xapp-1"}, errSlackBotToken.En},
		"both tokens changed over": {map[string]string{"SLACK_BOT_TOKEN": "xapp-secret", "SLACK_APP_TOKEN": "xoxb-secret"}, errSlackBotToken.En},
		"a wrong app token":        {map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-secret"}, errSlackAppToken.En},
		"an app token alone":       {map[string]string{"SLACK_APP_TOKEN": "xapp-1"}, errSlackNobody.In(i18n.En, "SLACK_APP_TOKEN")},
		"a signing secret alone":   {map[string]string{"SLACK_SIGNING_SECRET": "s"}, errSlackNobody.In(i18n.En, "SLACK_SIGNING_SECRET")},
		"a bot token alone":        {map[string]string{"SLACK_BOT_TOKEN": "xoxb-1"}, errSlackDeaf.En},
		"no client id":             {many("SLACK_CLIENT_ID"), errSlackClient.In(i18n.En, "SLACK_CLIENT_ID")},
		"no client secret":         {many("SLACK_CLIENT_SECRET"), errSlackClient.In(i18n.En, "SLACK_CLIENT_SECRET")},
		"no signing secret":        {many("SLACK_SIGNING_SECRET"), errSlackClient.In(i18n.En, "SLACK_SIGNING_SECRET")},
		"no public address":        {many("GRIOT_BASE_URL"), errSlackClient.In(i18n.En, "GRIOT_BASE_URL")},
		"an address of nothing":    {map[string]string{"SLACK_API_URL": "slack.com"}, errSlackAPI.In(i18n.En, "slack.com/")},
		"a prefix with a space":    {map[string]string{"SLACK_COMMAND_PREFIX": "à moi"}, errSlackPrefix.In(i18n.En, "à moi")},
		"a prefix with the slash":  {map[string]string{"SLACK_COMMAND_PREFIX": "/g-"}, errSlackPrefix.In(i18n.En, "/g-")},
		"a prefix too long":        {map[string]string{"SLACK_COMMAND_PREFIX": "thirteen-sign"}, errSlackPrefix.In(i18n.En, "thirteen-sign")},
	} {
		_, err := read(c.env)
		if got := fault.For(err, i18n.En); got != c.want || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

func TestPlaygroundIsOpenWhileNoChatIsConfigured(t *testing.T) {
	t.Parallel()
	on := Slack{BotToken: "xoxb-1", AppToken: "xapp-1"}
	for _, c := range []struct {
		set   Playground
		slack Slack
		want  bool
	}{
		{Auto, Slack{}, true}, {Auto, on, false}, {Auto, Slack{ClientID: "1.2"}, false},
		{On, Slack{}, true}, {On, on, true},
		{Off, Slack{}, false}, {Off, on, false},
	} {
		a := &App{cfg: Config{Playground: c.set, Slack: c.slack}}
		if got := a.cfg.playground(); got != c.want {
			t.Errorf("%q with Slack %v: %v, want %v", c.set, c.slack.On(), got, c.want)
		} else if got {
			continue // every other test opens it
		}
		if err := a.playgrounds(); err != nil || a.Playgrounds != nil {
			t.Errorf("%q with Slack %v: open, %v", c.set, c.slack.On(), err)
		}
	}
}
