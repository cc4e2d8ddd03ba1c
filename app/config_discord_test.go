package app

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
)

func TestDiscordIsRead(t *testing.T) {
	t.Parallel()
	const api = "https://discord.com/api/v10"
	key := strings.Repeat("ab", 32)
	for what, c := range map[string]struct {
		env  map[string]string
		want Discord
		on   bool
	}{
		"nothing": {nil, Discord{APIURL: api, Gateway: GatewayOn}, false},
		"the gateway": {map[string]string{"DISCORD_BOT_TOKEN": " a.b.c ", "DISCORD_APPLICATION_ID": "123456789012345678", "DISCORD_SHARDS": "3"},
			Discord{Token: "a.b.c", App: "123456789012345678", APIURL: api, Gateway: GatewayOn, Shards: "3"}, true},
		"HTTP alone": {map[string]string{"DISCORD_BOT_TOKEN": "a.b.c", "DISCORD_APPLICATION_ID": "123456789012345678", "DISCORD_PUBLIC_KEY": strings.ToUpper(key),
			"DISCORD_GATEWAY": "OFF", "GRIOT_BASE_URL": "https://griot.example.org", "DISCORD_API_URL": "http://127.0.0.1:9/api/"},
			Discord{Token: "a.b.c", App: "123456789012345678", PublicKey: key, APIURL: "http://127.0.0.1:9/api", Gateway: GatewayOff}, true},
	} {
		got, err := read(c.env)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(c.want, got.Discord); diff != "" || got.Discord.On() != c.on || got.playground() == c.on {
			t.Errorf("%s: on %v, playground %v (-want +got):\n%s", what, got.Discord.On(), got.playground(), diff)
		}
	}
}

func TestDiscordSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	with := func(more ...string) map[string]string {
		env := map[string]string{"DISCORD_BOT_TOKEN": "a.b.c", "DISCORD_APPLICATION_ID": "123456789012345678"}
		for i := 0; i < len(more); i += 2 {
			env[more[i]] = more[i+1]
		}
		return env
	}
	for what, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"a token alone":          {with("DISCORD_APPLICATION_ID", ""), errDiscordTogether.In(i18n.En, "DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID")},
		"an application alone":   {with("DISCORD_BOT_TOKEN", ""), errDiscordTogether.In(i18n.En, "DISCORD_APPLICATION_ID", "DISCORD_BOT_TOKEN")},
		"a key alone":            {map[string]string{"DISCORD_PUBLIC_KEY": "ab"}, errDiscordTogether.In(i18n.En, "DISCORD_PUBLIC_KEY", "DISCORD_BOT_TOKEN")},
		"a token with its word":  {with("DISCORD_BOT_TOKEN", "Bot a.b.c"), errDiscordToken.En},
		"a client secret":        {with("DISCORD_BOT_TOKEN", "abcdef"), errDiscordToken.En},
		"a name for a number":    {with("DISCORD_APPLICATION_ID", "griot"), errDiscordApp.In(i18n.En, "griot")},
		"half a key":             {with("DISCORD_PUBLIC_KEY", "abab"), errDiscordKey.En},
		"no such gateway":        {with("DISCORD_GATEWAY", "yes"), errDiscordGateway.In(i18n.En, "yes")},
		"deaf for want of a key": {with("DISCORD_GATEWAY", "off"), errDiscordDeaf.In(i18n.En, "DISCORD_PUBLIC_KEY")},
		"deaf for want of an address": {with("DISCORD_GATEWAY", "off", "DISCORD_PUBLIC_KEY", strings.Repeat("ab", 32)),
			errDiscordDeaf.In(i18n.En, "GRIOT_BASE_URL")},
		"an address of nothing": {with("DISCORD_API_URL", "discord.com"), errDiscordAPI.In(i18n.En, "discord.com")},
		"no number of shards":   {with("DISCORD_SHARDS", "many"), errDiscordShards.In(i18n.En, "many")},
		"too many shards":       {with("DISCORD_SHARDS", "5000"), errDiscordShards.In(i18n.En, "5000")},
	} {
		_, err := read(c.env)
		if got := fault.For(err, i18n.En); got != c.want || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
