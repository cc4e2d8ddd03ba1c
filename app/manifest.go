package app

import (
	"encoding/json"
	"fmt"
	"strings"

	"griot/bot/discordbot"
	"griot/bot/slackbot"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
)

var (
	pasteManifest = i18n.Text{
		En: "Copy what is above. At https://api.slack.com/apps choose “Create New App”, “From a manifest”, your workspace, “JSON”, and paste it there.\n",
		Fr: "Copiez ce qui précède. Sur https://api.slack.com/apps, choisissez «\u202fCreate New App\u202f», «\u202fFrom a manifest\u202f», votre espace de travail, «\u202fJSON\u202f», et collez-le là.\n",
	}
	keepPrefix = i18n.Text{
		En: "Set SLACK_COMMAND_PREFIX=%s too before “griot serve”: else Griot does not know its commands again.\n",
		Fr: "Réglez aussi SLACK_COMMAND_PREFIX=%s avant «\u202fgriot serve\u202f»\u202f: sinon Griot ne reconnaît pas ses commandes.\n",
	}
	inviteNow = i18n.Text{
		En: "Griot registers these commands by itself when it starts. Somebody who manages the server opens this link to invite it:\n%s\n",
		Fr: "Griot enregistre lui-même ces commandes à son démarrage. Une personne qui gère le serveur ouvre ce lien pour l’inviter\u202f:\n%s\n",
	}
	inviteLater = i18n.Text{
		En: "Griot registers these commands by itself when it starts. Set DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID to read here the link that invites it.\n",
		Fr: "Griot enregistre lui-même ces commandes à son démarrage. Réglez DISCORD_BOT_TOKEN et DISCORD_APPLICATION_ID pour lire ici le lien qui l’invite.\n",
	}
	errRotate = i18n.Text{
		En: "--rotate is for workspaces that install Griot themselves: set GRIOT_BASE_URL first. A token set by hand would end after twelve hours.",
		Fr: "--rotate est pour les espaces de travail qui installent Griot eux-mêmes\u202f: réglez d’abord GRIOT_BASE_URL. Un jeton réglé à la main expirerait au bout de douze heures.",
	}
)

// slackManifest is what can be typed after griot manifest slack.
type slackManifest struct {
	Prefix string `help:"Before the short names of commands: g- for /g-post (SLACK_COMMAND_PREFIX)."`
	Socket bool   `help:"Socket Mode although GRIOT_BASE_URL is set: Griot calls Slack, not the other way round."`
	Rotate bool   `help:"Let Slack renew tokens every twelve hours (many workspaces only; Slack never lets that be switched off)."`
}

// manifestSlack prints what creates Griot's app in Slack, and on the other stream what to do with it.
func (c Command) manifestSlack(cfg Config, typed slackManifest) error {
	kept := cfg.Slack.Prefix
	if typed.Prefix != "" {
		cfg.Slack.Prefix = strings.ToLower(typed.Prefix)
	}
	if err := cfg.Slack.checkPrefix(); err != nil {
		return err
	}
	if typed.Rotate && cfg.BaseURL == "" {
		return fault.New(fault.Invalid, errRotate)
	}
	o := cfg.slackManifest(commands.New(commands.All(commands.Services{})...))
	o.Rotate, o.Socket, o.Locale = typed.Rotate, o.Socket || typed.Socket, c.locale()
	b, err := slackbot.Manifest(o)
	if err != nil {
		return err
	}
	if _, err := c.Out.Write(b); err != nil {
		return err
	}
	fmt.Fprint(c.Err, "\n", pasteManifest.In(c.locale()))
	if o.Prefix != kept {
		fmt.Fprint(c.Err, keepPrefix.In(c.locale(), o.Prefix))
	}
	return nil
}

// manifestDiscord prints what Griot registers in Discord, and on the other stream the link that invites it.
func (c Command) manifestDiscord(cfg Config) error {
	r := commands.New(commands.All(commands.Services{})...)
	b, err := json.MarshalIndent(discordbot.Registered(discordCommands(r), discordMenus), "", "  ")
	if err != nil {
		return fmt.Errorf("write the commands: %w", err)
	}
	if _, err := fmt.Fprintln(c.Out, string(b)); err != nil {
		return err
	}
	if cfg.Discord.App == "" {
		fmt.Fprint(c.Err, "\n", inviteLater.In(c.locale()))
		return nil
	}
	fmt.Fprint(c.Err, "\n", inviteNow.In(c.locale(), discordbot.Invite(cfg.Discord.App)))
	return nil
}

// slackManifest says for whom Griot's manifest is. With a public address Slack calls Griot there, unless an app token alone
// says that Griot is to call Slack.
func (c Config) slackManifest(r *commands.Registry) slackbot.ManifestOptions {
	return slackbot.ManifestOptions{Name: "Griot", BaseURL: c.BaseURL, Socket: c.Slack.AppToken != "" && c.Slack.SigningSecret == "",
		Prefix: c.Slack.Prefix, Roots: slackRoots(r)}
}
