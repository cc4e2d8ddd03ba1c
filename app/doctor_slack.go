package app

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"griot/accounts"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/i18n"
	"griot/storage"
)

var (
	seenSlack = map[string]i18n.Text{
		"slack-resting": {En: "Slack: the right of “%s” has to be renewed. Griot does so by itself with the next thing that happens there.", Fr: "Slack\u202f: l’accord de «\u202f%s\u202f» est à renouveler. Griot le fait de lui-même dès que quelque chose s’y passe."},
		"slack":         {En: "Slack: Griot speaks in “%s”.", Fr: "Slack\u202f: Griot parle dans «\u202f%s\u202f»."},
		"slack-socket":  {En: "Slack: the app token opens connections.", Fr: "Slack\u202f: le jeton d’app ouvre des connexions."},
		"slack-http":    {En: "Slack: requests are taken at %s/slack/… (check that Slack's pages show this address).", Fr: "Slack\u202f: les requêtes sont reçues à %s/slack/… (vérifiez que les pages de Slack montrent cette adresse)."},
		"slack-install": {En: "Slack: any workspace can install Griot at %s/slack/install.", Fr: "Slack\u202f: tout espace de travail peut installer Griot à %s/slack/install."},
		"slack-channel": {En: "Slack: Griot can write in %s (%s).", Fr: "Slack\u202f: Griot peut écrire dans %s (%s)."},
		"slack-up":      {En: "Slack: the running Griot hears what people do.", Fr: "Slack\u202f: le Griot en marche entend ce que font les gens."},
	}
	wrongSlack = map[string]i18n.Text{
		"slack":         {En: "Slack does not take SLACK_BOT_TOKEN (%v). Copy it again from your app's page, under “OAuth & Permissions”; if it was never there, install the app to your workspace first.", Fr: "Slack n’accepte pas SLACK_BOT_TOKEN (%v). Copiez-le à nouveau depuis la page de votre app, sous «\u202fOAuth & Permissions\u202f»\u202f; s’il n’y a jamais été, installez d’abord l’app dans votre espace."},
		"slack-far":     {En: "Slack does not answer at %s (%v). Check this machine's way to the internet, and SLACK_API_URL if it is set.", Fr: "Slack ne répond pas à %s (%v). Vérifiez l’accès de cette machine à internet, et SLACK_API_URL si elle est réglée."},
		"slack-hidden":  {En: "Slack: Griot does not see the channel %s of %s. If it is private, type /invite @Griot there; if it was deleted, choose another one with /brand channel.", Fr: "Slack\u202f: Griot ne voit pas le canal %s de %s. S’il est privé, tapez-y /invite @Griot\u202f; s’il a été supprimé, choisissez-en un autre avec /marque canal."},
		"slack-gone":    {En: "Slack: “%s” took its right back. Install Griot there again at %s/slack/install.", Fr: "Slack\u202f: «\u202f%s\u202f» a repris son accord. Réinstallez-y Griot à %s/slack/install."},
		"slack-scope":   {En: "Slack: the right %s is missing in “%s” (%s). Add it on your app's page, under “OAuth & Permissions”, “Bot Token Scopes”, then press “Reinstall”.", Fr: "Slack\u202f: il manque le droit %s dans «\u202f%s\u202f» (%s). Ajoutez-le sur la page de votre app, sous «\u202fOAuth & Permissions\u202f», «\u202fBot Token Scopes\u202f», puis cliquez sur «\u202fReinstall\u202f»."},
		"slack-socket":  {En: "Slack does not take SLACK_APP_TOKEN (%v). Make one on your app's page, under “Basic Information”, “App-Level Tokens”, with the right connections:write, and check that Socket Mode is on.", Fr: "Slack n’accepte pas SLACK_APP_TOKEN (%v). Créez-en un sur la page de votre app, sous «\u202fBasic Information\u202f», «\u202fApp-Level Tokens\u202f», avec le droit connections:write, et vérifiez que «\u202fSocket Mode\u202f» est activé."},
		"slack-base":    {En: "Slack: SLACK_SIGNING_SECRET is set, but not GRIOT_BASE_URL: Slack has no address to call. Set it to your public address, like https://griot.example.org.", Fr: "Slack\u202f: SLACK_SIGNING_SECRET est réglé, mais pas GRIOT_BASE_URL\u202f: Slack n’a pas d’adresse à appeler. Donnez votre adresse publique, comme https://griot.example.org."},
		"slack-outside": {En: "Slack: Griot is not in the channel %s of %s. Type /invite @Griot there.", Fr: "Slack\u202f: Griot n’est pas dans le canal %s de %s. Tapez-y /invite @Griot."},
		"slack-closed":  {En: "Slack: the channel %s of %s is archived. Unarchive it, or choose another one with /brand channel.", Fr: "Slack\u202f: le canal %s de %s est archivé. Désarchivez-le, ou choisissez-en un autre avec /marque canal."},
		"slack-ask":     {En: "Slack: cannot ask about the channel %s of %s (%v).", Fr: "Slack\u202f: impossible de vérifier le canal %s de %s (%v)."},
		"slack-down":    {En: "Slack: the running Griot hears nobody. Look at its log.", Fr: "Slack\u202f: le Griot en marche n’entend personne. Regardez son journal."},
		"slack-since":   {En: "Slack: the running Griot has heard nobody since %s. Look at its log.", Fr: "Slack\u202f: le Griot en marche n’entend personne depuis le %s. Regardez son journal."},
	}
)

// slack looks at everything Slack needs. Db is nil before the first start.
func (d *checkup) slack(ctx context.Context, db *storage.DB) {
	c := d.cfg.Slack
	if !c.On() {
		return
	}
	s := slackbot.New(slackbot.Options{API: c.APIURL, BotToken: c.BotToken, AppToken: c.AppToken, Installs: d.installs(db), Now: time.Now, Locale: d.locale()})
	own := ""
	if c.BotToken != "" {
		own = d.workspace(ctx, s, accounts.Install{})
	}
	if c.AppToken != "" {
		if err := s.CheckSocket(ctx); err != nil {
			d.refused(err, "slack-socket")
		} else {
			d.good("slack-socket")
		}
	}
	switch {
	case c.SigningSecret != "" && d.cfg.BaseURL == "":
		d.bad("slack-base")
	case c.SigningSecret != "":
		d.good("slack-http", d.cfg.BaseURL)
	}
	if c.ClientID != "" {
		d.good("slack-install", d.cfg.BaseURL)
	}
	if db != nil {
		d.installed(ctx, s, db, own)
		d.channels(ctx, s, db)
	}
	d.heard(ctx, slackbot.Name)
}

// refused tells what Slack said of a token; what it could not say for it was not reached is another matter.
func (d *checkup) refused(err error, what string) {
	if word := slackbot.Said(err); word != "" {
		d.bad(what, word)
		return
	}
	if !d.far {
		d.bad("slack-far", d.cfg.Slack.APIURL, plainly(err))
	}
	d.far = true
}

// plainly is an error without what we were doing and without the address, which stands beside it.
func plainly(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
		if _, ok := err.(*net.OpError); ok {
			break
		}
	}
	return err
}

// installs are what workspaces gave, when there is a database and a key to open them with.
func (d *checkup) installs(db *storage.DB) slackbot.Installs {
	if db == nil {
		return nil
	}
	seal, err := d.seal()
	if err != nil {
		return nil // said already
	}
	return onlyRead{installs{accounts.NewInstalls(db, seal)}}
}

// onlyRead are installs that the doctor leaves as they are: a token can be renewed once, and what comes of it is the running
// Griot's to keep.
type onlyRead struct{ installs }

// errResting says that a token has ended, which only shows that nothing has happened in its workspace since.
var errResting = errors.New("the token is to be renewed")

// Rotate renews nothing.
func (onlyRead) Rotate(context.Context, string, func(context.Context, slackbot.Install) (slackbot.Install, error)) (slackbot.Install, error) {
	return slackbot.Install{}, errResting
}

// Remove removes nothing.
func (onlyRead) Remove(context.Context, string) error { return nil }

// workspace looks at the bot token's workspace, or at one that installed Griot, and says which one it is.
func (d *checkup) workspace(ctx context.Context, s *slackbot.Surface, of accounts.Install) string {
	w, err := s.Examine(ctx, of.Workspace)
	switch {
	case errors.Is(err, chat.ErrRemoved) && of.Workspace != "":
		d.bad("slack-gone", of.Name, d.cfg.BaseURL)
		return ""
	case errors.Is(err, errResting):
		d.note("slack-resting", of.Name)
		return ""
	case err != nil:
		d.refused(err, "slack")
		return ""
	}
	d.good("slack", w.Name)
	for _, sc := range w.Lacking {
		d.bad("slack-scope", sc.Name, w.Name, strings.TrimSuffix(sc.Why.In(d.locale()), "."))
	}
	return w.Workspace
}

// installed looks at the workspaces that gave a right of their own, but for the one that was looked at.
func (d *checkup) installed(ctx context.Context, s *slackbot.Surface, db *storage.DB, but string) {
	seal, err := d.seal()
	if err != nil {
		return // said already
	}
	all, err := accounts.NewInstalls(db, seal).All(ctx, slackbot.Name)
	if err != nil {
		d.bad("database", err)
		return
	}
	for _, i := range all {
		if i.Workspace != but {
			d.workspace(ctx, s, i)
		}
	}
}

// channels looks whether Griot may write where brands count on it.
func (d *checkup) channels(ctx context.Context, s *slackbot.Surface, db *storage.DB) {
	all, err := storage.ChannelsOf(ctx, db, slackbot.Name)
	if err != nil {
		d.bad("database", err)
		return
	}
	for _, c := range all {
		at := chat.Place{Surface: slackbot.Name, Workspace: c.Workspace, Channel: c.Channel.Channel}
		name, err := s.Reaches(ctx, at)
		name = cmp.Or(name, c.Channel.Channel)
		switch {
		case err == nil:
			d.good("slack-channel", name, c.Brand)
		case errors.Is(err, chat.ErrOutside):
			d.bad("slack-outside", name, c.Brand)
		case errors.Is(err, slackbot.ErrHidden):
			d.bad("slack-hidden", name, c.Brand)
		case errors.Is(err, chat.ErrGone):
			d.bad("slack-closed", name, c.Brand)
		case errors.Is(err, chat.ErrRemoved), errors.Is(err, errResting), d.far:
			// its workspace was spoken of
		default:
			d.bad("slack-ask", name, c.Brand, plainly(err))
		}
	}
}
