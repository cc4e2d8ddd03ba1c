package app

import (
	"net/http/httptest"
	"strings"
	"testing"

	"griot/bot/discordbot/discordtest"
	"griot/i18n"
)

// inGuild is a team that works in Discord, over the gateway.
func (w *world) inGuild(manners discordtest.Options) *server {
	w.Helper()
	d := w.settlesAt(bySocket, languages{}, manners)
	w.start()
	w.brand()
	w.enters(d)
	return d
}

// TestDoctorOfDiscord: what is missing is said in plain words with the one next step, and what is right is said to be.
func TestDoctorOfDiscord(t *testing.T) {
	w := newWorld(t, "", i18n.Fr)
	d := w.inGuild(discordtest.Options{Unlimited: true, Lenient: true})
	f := newFindings(w, "Discord")
	front := httptest.NewServer(w.app.Handler())
	t.Cleanup(front.Close)
	good := w.cfg
	good.Addr = strings.TrimPrefix(front.URL, "http://")
	with := func(change func(*Config)) Config {
		c := good
		change(&c)
		return c
	}
	f.says("all is well, by the gateway", good)
	f.says("a token that Discord does not know", with(func(c *Config) { c.Discord.Token = "of.somebody.else" }))
	f.says("a token of another application", with(func(c *Config) { c.Discord.App = "123456789012345678" }))
	f.says("a key of another application", with(func(c *Config) { c.Discord.PublicKey = strings.Repeat("0", 64) }))
	f.says("HTTP alone, and nothing says where to call", with(func(c *Config) {
		c.Discord.PublicKey, c.Discord.Gateway, c.BaseURL = d.App.PublicKey, GatewayOff, "https://griot.example.org"
	}))
	f.says("Discord is not reached", with(func(c *Config) { c.Discord.APIURL = "http://127.0.0.1:1/api/v10" }))
	f.says("Griot does not run", with(func(c *Config) { c.Addr = "127.0.0.1:1" }))
	d.channels[approvals].Deny(discordtest.ReadMessageHistory | discordtest.AttachFiles)
	f.says("two rights are missing", good)
	d.channels[approvals].Deny(discordtest.ViewChannel)
	f.says("Griot does not see the brand's channel", good)
	d.guild.Kick()
	f.says("Griot was put out", good)
	f.asWritten()
}
