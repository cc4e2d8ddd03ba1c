package app

import (
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"

	"griot/fault"
	"griot/i18n"
)

// Discord is how Griot reaches Discord. Its zero value is no Discord at all.
type Discord struct {
	Token     string
	App       string // id of the application
	PublicKey string // in hexadecimal; with it requests over HTTP are answered
	Gateway   Gateway
	Shards    string // of the gateway, as it was set; empty: as many as Discord says
	APIURL    string
}

// Gateway is whether Griot listens at Discord's gateway.
type Gateway string

// The settings of DISCORD_GATEWAY; empty is on.
const (
	GatewayOn  Gateway = "on"
	GatewayOff Gateway = "off"
)

// On reports whether Griot is to speak in Discord.
func (d Discord) On() bool { return d.Token != "" }

var (
	errDiscordTogether = i18n.Text{
		En: "%s is set, but %s is not. For Discord, DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID go together: both stand on your application's pages at discord.com/developers, under “Bot” and “General Information”.",
		Fr: "%s est réglée, mais pas %s. Pour Discord, DISCORD_BOT_TOKEN et DISCORD_APPLICATION_ID vont ensemble\u202f: les deux sont sur les pages de votre application, sur discord.com/developers, sous «\u202fBot\u202f» et «\u202fGeneral Information\u202f».",
	}
	errDiscordToken = i18n.Text{
		En: "DISCORD_BOT_TOKEN is not a bot's token: those have three parts with dots between them, and no “Bot” before them. Make one at discord.com/developers, under “Bot”, “Reset Token”.",
		Fr: "DISCORD_BOT_TOKEN n’est pas un jeton de bot\u202f: ceux-ci ont trois parties séparées par des points, sans «\u202fBot\u202f» devant. Créez-en un sur discord.com/developers, sous «\u202fBot\u202f», «\u202fReset Token\u202f».",
	}
	errDiscordApp = i18n.Text{
		En: "DISCORD_APPLICATION_ID is “%s”. It is a number of about 19 digits, at discord.com/developers under “General Information”, “Application ID”.",
		Fr: "DISCORD_APPLICATION_ID vaut «\u202f%s\u202f». C’est un nombre d’environ 19 chiffres, sur discord.com/developers sous «\u202fGeneral Information\u202f», «\u202fApplication ID\u202f».",
	}
	errDiscordKey = i18n.Text{
		En: "DISCORD_PUBLIC_KEY is not a key: it has 64 characters, digits and a to f, at discord.com/developers under “General Information”, “Public Key”.",
		Fr: "DISCORD_PUBLIC_KEY n’est pas une clé\u202f: elle a 64 caractères, des chiffres et de a à f, sur discord.com/developers sous «\u202fGeneral Information\u202f», «\u202fPublic Key\u202f».",
	}
	errDiscordGateway = i18n.Text{
		En: "DISCORD_GATEWAY is “%s”. Write on or off, or leave it out.",
		Fr: "DISCORD_GATEWAY vaut «\u202f%s\u202f». Écrivez on ou off, ou ne la mettez pas.",
	}
	errDiscordDeaf = i18n.Text{
		En: "DISCORD_GATEWAY is off, so Discord must call Griot: that needs %s too. Set it, or leave DISCORD_GATEWAY out.",
		Fr: "DISCORD_GATEWAY vaut off\u202f: c’est donc Discord qui appelle Griot, et il faut aussi %s. Réglez-la, ou ne mettez pas DISCORD_GATEWAY.",
	}
	errDiscordAPI = i18n.Text{
		En: "DISCORD_API_URL is “%s”. Write an address like https://discord.com/api/v10, or leave it out.",
		Fr: "DISCORD_API_URL vaut «\u202f%s\u202f». Écrivez une adresse comme https://discord.com/api/v10, ou ne la mettez pas.",
	}
	errDiscordShards = i18n.Text{
		En: "DISCORD_SHARDS is “%s”. Write a number from 1 to 1000, or leave it out: Discord says how many it wants.",
		Fr: "DISCORD_SHARDS vaut «\u202f%s\u202f». Écrivez un nombre de 1 à 1000, ou ne la mettez pas\u202f: Discord dit combien il en veut.",
	}
)

// readDiscord takes Discord's part of the configuration from the environment.
func readDiscord(or func(name, otherwise string) string) Discord {
	return Discord{
		Token: or("DISCORD_BOT_TOKEN", ""), App: or("DISCORD_APPLICATION_ID", ""), PublicKey: strings.ToLower(or("DISCORD_PUBLIC_KEY", "")),
		Gateway: Gateway(strings.ToLower(or("DISCORD_GATEWAY", "on"))),
		APIURL:  strings.TrimSuffix(or("DISCORD_API_URL", "https://discord.com/api/v10"), "/"),
		Shards:  or("DISCORD_SHARDS", ""),
	}
}

// shards is how many there are to be; zero: as many as Discord says.
func (d Discord) shards() int {
	n, _ := strconv.Atoi(d.Shards) // check has read it
	return n
}

// check says what is missing or wrong. Base is Griot's public address. No sentence holds a token.
func (d Discord) check(base string) error {
	u, err := url.Parse(d.APIURL)
	key, keyErr := hex.DecodeString(d.PublicKey)
	_, appErr := strconv.ParseUint(d.App, 10, 63)
	switch {
	case d.Token == "" && d.App == "" && d.PublicKey == "":
	case d.Token == "" && d.App == "":
		return fault.New(fault.Invalid, errDiscordTogether, "DISCORD_PUBLIC_KEY", "DISCORD_BOT_TOKEN")
	case d.Token == "":
		return fault.New(fault.Invalid, errDiscordTogether, "DISCORD_APPLICATION_ID", "DISCORD_BOT_TOKEN")
	case d.App == "":
		return fault.New(fault.Invalid, errDiscordTogether, "DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID")
	case strings.Count(d.Token, ".") != 2 || strings.ContainsAny(d.Token, " \t"):
		return fault.New(fault.Invalid, errDiscordToken)
	case appErr != nil || len(d.App) < 15:
		return fault.New(fault.Invalid, errDiscordApp, d.App)
	case d.PublicKey != "" && (keyErr != nil || len(key) != 32):
		return fault.New(fault.Invalid, errDiscordKey)
	}
	switch {
	case d.Gateway != GatewayOn && d.Gateway != GatewayOff && d.Gateway != "":
		return fault.New(fault.Invalid, errDiscordGateway, string(d.Gateway))
	case d.On() && d.Gateway == GatewayOff && d.PublicKey == "":
		return fault.New(fault.Invalid, errDiscordDeaf, "DISCORD_PUBLIC_KEY")
	case d.On() && d.Gateway == GatewayOff && base == "":
		return fault.New(fault.Invalid, errDiscordDeaf, "GRIOT_BASE_URL")
	case d.On() && (err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "https" && u.Scheme != "http"):
		return fault.New(fault.Invalid, errDiscordAPI, d.APIURL)
	case d.Shards != "" && (d.shards() < 1 || d.shards() > 1000):
		return fault.New(fault.Invalid, errDiscordShards, d.Shards)
	}
	return nil
}
