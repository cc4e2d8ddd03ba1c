package app

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"griot/bot/discordbot"
	"griot/chat"
	"griot/commands"
	"griot/i18n"
	"griot/storage"
)

var (
	seenDiscord = map[string]i18n.Text{
		"discord":         {En: "Discord: the token is %s’s.", Fr: "Discord\u202f: le jeton est celui de %s."},
		"discord-server":  {En: "Discord: Griot is in “%s”.", Fr: "Discord\u202f: Griot est dans «\u202f%s\u202f»."},
		"discord-invite":  {En: "Discord: to invite Griot to a server, somebody who manages it opens %s", Fr: "Discord\u202f: pour inviter Griot dans un serveur, une personne qui le gère ouvre %s"},
		"discord-http":    {En: "Discord: what people do is taken at %s.", Fr: "Discord\u202f: ce que font les gens est reçu à %s."},
		"discord-gateway": {En: "Discord: what people do arrives by the gateway.", Fr: "Discord\u202f: ce que font les gens arrive par la passerelle (gateway)."},
		"discord-channel": {En: "Discord: Griot can write in %s (%s).", Fr: "Discord\u202f: Griot peut écrire dans %s (%s)."},
		"discord-up":      {En: "Discord: the running Griot hears what people do.", Fr: "Discord\u202f: le Griot en marche entend ce que font les gens."},
	}
	wrongDiscord = map[string]i18n.Text{
		"discord":          {En: "Discord does not take DISCORD_BOT_TOKEN (%v). Make a new one at discord.com/developers, under “Bot”, “Reset Token”, and set that.", Fr: "Discord n’accepte pas DISCORD_BOT_TOKEN (%v). Créez-en un nouveau sur discord.com/developers, sous «\u202fBot\u202f», «\u202fReset Token\u202f», et réglez-le."},
		"discord-far":      {En: "Discord does not answer at %s (%v). Check this machine's way to the internet, and DISCORD_API_URL if it is set.", Fr: "Discord ne répond pas à %s (%v). Vérifiez l’accès de cette machine à internet, et DISCORD_API_URL si elle est réglée."},
		"discord-app":      {En: "Discord: the token belongs to the application %s, but DISCORD_APPLICATION_ID is %s. Set both from the same application.", Fr: "Discord\u202f: le jeton est celui de l’application %s, mais DISCORD_APPLICATION_ID vaut %s. Réglez les deux d’après la même application."},
		"discord-key":      {En: "Discord: DISCORD_PUBLIC_KEY is not this application's: every request would be refused. Copy it again, under “General Information”, “Public Key”.", Fr: "Discord\u202f: DISCORD_PUBLIC_KEY n’est pas celle de cette application\u202f: chaque requête serait refusée. Copiez-la à nouveau, sous «\u202fGeneral Information\u202f», «\u202fPublic Key\u202f»."},
		"discord-endpoint": {En: "Discord: nothing says where to send what people do. At discord.com/developers, under “General Information”, set “Interactions Endpoint URL” to %s/discord/interactions; or leave DISCORD_GATEWAY out.", Fr: "Discord\u202f: rien ne dit où envoyer ce que font les gens. Sur discord.com/developers, sous «\u202fGeneral Information\u202f», réglez «\u202fInteractions Endpoint URL\u202f» sur %s/discord/interactions\u202f; ou ne mettez pas DISCORD_GATEWAY."},
		"discord-stray":    {En: "Discord sends what people do to %s, so nothing arrives by the gateway. Empty “Interactions Endpoint URL” at discord.com/developers, or set DISCORD_PUBLIC_KEY and make that address Griot's own, …/discord/interactions.", Fr: "Discord envoie ce que font les gens à %s\u202f: rien n’arrive donc par la passerelle (gateway). Videz «\u202fInteractions Endpoint URL\u202f» sur discord.com/developers, ou réglez DISCORD_PUBLIC_KEY et faites de cette adresse celle de Griot, …/discord/interactions."},
		"discord-nowhere":  {En: "Discord: Griot is in no server yet. Somebody who manages one opens this link to invite it: %s", Fr: "Discord\u202f: Griot n’est encore dans aucun serveur. Une personne qui en gère un ouvre ce lien pour l’inviter\u202f: %s"},
		"discord-gone":     {En: "Discord: Griot was put out of the server of the channel %s (%s). Invite it again: %s", Fr: "Discord\u202f: Griot a été exclu du serveur du salon %s (%s). Invitez-le à nouveau\u202f: %s"},
		"discord-hidden":   {En: "Discord: Griot does not see the channel %s of %s. Give it “View Channel” under “Edit Channel”, “Permissions”; if the channel was deleted, choose another one with /brand channel.", Fr: "Discord\u202f: Griot ne voit pas le salon %s de %s. Donnez-lui «\u202fVoir le salon\u202f» sous «\u202fModifier le salon\u202f», «\u202fPermissions\u202f»\u202f; si le salon a été supprimé, choisissez-en un autre avec /marque canal."},
		"discord-lacks":    {En: "Discord: in the channel %s of %s Griot lacks %s. Give it that under “Edit Channel”, “Permissions”.", Fr: "Discord\u202f: dans le salon %s de %s, il manque à Griot %s. Cela s’accorde sous «\u202fModifier le salon\u202f», «\u202fPermissions\u202f»."},
		"discord-ask":      {En: "Discord: cannot ask about the channel %s of %s (%v).", Fr: "Discord\u202f: impossible de vérifier le salon %s de %s (%v)."},
		"discord-down":     {En: "Discord: the running Griot hears nobody. Look at its log.", Fr: "Discord\u202f: le Griot en marche n’entend personne. Regardez son journal."},
		"discord-since":    {En: "Discord: the running Griot has heard nobody since %s. Look at its log.", Fr: "Discord\u202f: le Griot en marche n’entend personne depuis le %s. Regardez son journal."},
	}
)

// discord looks at everything Discord needs. Db is nil before the first start.
func (d *checkup) discord(ctx context.Context, db *storage.DB) {
	if !d.cfg.Discord.On() {
		return
	}
	o := d.cfg.discord(commands.New(commands.All(commands.Services{})...))
	o.Now = time.Now
	s := discordbot.New(o)
	a, err := s.Examine(ctx)
	switch {
	case err == nil:
	case discordbot.Said(err) != "":
		d.bad("discord", discordbot.Said(err))
		return
	default:
		d.bad("discord-far", d.cfg.Discord.APIURL, plainly(err))
		return
	}
	d.good("discord", a.Name)
	d.ways(a)
	d.servers(ctx, s)
	if db != nil {
		d.salons(ctx, s, db)
	}
	d.heard(ctx, discordbot.Name)
}

// ways looks how what people do in Discord reaches Griot.
func (d *checkup) ways(a discordbot.Account) {
	c := d.cfg.Discord
	if a.App != c.App {
		d.bad("discord-app", a.App, c.App)
	}
	switch {
	case c.PublicKey != "" && !strings.EqualFold(c.PublicKey, a.Key):
		d.bad("discord-key")
	case a.Endpoint != "" && (c.PublicKey == "" || !strings.HasSuffix(a.Endpoint, d.cfg.BaseURL+"/discord/interactions")):
		d.bad("discord-stray", a.Endpoint)
	case a.Endpoint != "":
		d.good("discord-http", a.Endpoint)
	case c.Gateway == GatewayOff:
		d.bad("discord-endpoint", d.cfg.BaseURL)
	default:
		d.good("discord-gateway")
	}
}

// servers looks where Griot is, and says how it is invited.
func (d *checkup) servers(ctx context.Context, s *discordbot.Surface) {
	all, err := s.Servers(ctx)
	switch {
	case err != nil:
		d.bad("discord-far", d.cfg.Discord.APIURL, plainly(err))
		return
	case len(all) == 0:
		d.bad("discord-nowhere", s.Invite())
		return
	}
	for _, g := range all {
		d.good("discord-server", g.Name)
	}
	d.note("discord-invite", s.Invite())
}

// salons looks whether Griot may do in a channel what brands count on.
func (d *checkup) salons(ctx context.Context, s *discordbot.Surface, db *storage.DB) {
	all, err := storage.ChannelsOf(ctx, db, discordbot.Name)
	if err != nil {
		d.bad("database", err)
		return
	}
	for _, c := range all {
		name, lacks, err := s.Reaches(ctx, chat.Place{Surface: discordbot.Name, Workspace: c.Workspace, Channel: c.Channel.Channel})
		name = cmp.Or(name, c.Channel.Channel)
		switch {
		case err == nil && len(lacks) == 0:
			d.good("discord-channel", name, c.Brand)
		case err == nil:
			words := make([]string, len(lacks))
			for i, r := range lacks {
				words[i] = quotedRight.In(d.locale(), r.In(d.locale()))
			}
			d.bad("discord-lacks", name, c.Brand, strings.Join(words, ", "))
		case errors.Is(err, chat.ErrRemoved):
			d.bad("discord-gone", name, c.Brand, s.Invite())
		case errors.Is(err, chat.ErrOutside), errors.Is(err, chat.ErrGone):
			d.bad("discord-hidden", name, c.Brand)
		default:
			d.bad("discord-ask", name, c.Brand, plainly(err))
		}
	}
}

var quotedRight = i18n.Text{En: "“%s”", Fr: "«\u202f%s\u202f»"}
