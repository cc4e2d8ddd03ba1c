package app

import (
	"net/url"
	"regexp"
	"strings"

	"griot/fault"
	"griot/i18n"
)

// Slack is how Griot reaches Slack: one workspace by its tokens, or any number by OAuth. Its zero value is no Slack at all.
type Slack struct {
	BotToken      string // of the one workspace
	AppToken      string // for Socket Mode
	SigningSecret string // of requests over HTTP
	ClientID      string // with ClientSecret: workspaces install Griot themselves
	ClientSecret  string
	APIURL        string // base of the Web API, ends in "/"
	Prefix        string // before the short names of commands, in lower case
}

// On reports whether Griot is to speak in Slack.
func (s Slack) On() bool { return s.BotToken != "" || s.ClientID != "" }

var (
	errSlackBotToken = i18n.Text{
		En: "SLACK_BOT_TOKEN is not a bot's token: those begin with xoxb-. Copy it from your app's page in Slack, under “OAuth & Permissions”.",
		Fr: "SLACK_BOT_TOKEN n’est pas un jeton de bot\u202f: ceux-ci commencent par xoxb-. Copiez-le depuis la page de votre app chez Slack, sous «\u202fOAuth & Permissions\u202f».",
	}
	errSlackAppToken = i18n.Text{
		En: "SLACK_APP_TOKEN is not an app's token: those begin with xapp-. Make one on your app's page in Slack, under “Basic Information”, “App-Level Tokens”, with the right connections:write.",
		Fr: "SLACK_APP_TOKEN n’est pas un jeton d’app\u202f: ceux-ci commencent par xapp-. Créez-en un depuis la page de votre app chez Slack, sous «\u202fBasic Information\u202f», «\u202fApp-Level Tokens\u202f», avec le droit connections:write.",
	}
	errSlackNobody = i18n.Text{
		En: "%s is set, but no workspace is. Set SLACK_BOT_TOKEN too (it begins with xoxb-), or SLACK_CLIENT_ID for many workspaces.",
		Fr: "%s est réglée, mais aucun espace de travail ne l’est. Réglez aussi SLACK_BOT_TOKEN (elle commence par xoxb-), ou SLACK_CLIENT_ID pour plusieurs espaces.",
	}
	errSlackDeaf = i18n.Text{
		En: "SLACK_BOT_TOKEN alone lets Griot speak in Slack, not hear. Set SLACK_APP_TOKEN too (it begins with xapp-), or SLACK_SIGNING_SECRET when Slack reaches Griot at a public address.",
		Fr: "SLACK_BOT_TOKEN seule laisse Griot parler dans Slack, pas entendre. Réglez aussi SLACK_APP_TOKEN (elle commence par xapp-), ou SLACK_SIGNING_SECRET quand Slack joint Griot à une adresse publique.",
	}
	errSlackClient = i18n.Text{
		En: "To let many workspaces install Griot, %s is missing. SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET and GRIOT_BASE_URL go together; the first three stand on your app's page in Slack, under “Basic Information”.",
		Fr: "Pour que plusieurs espaces de travail installent Griot, il manque %s. SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET et GRIOT_BASE_URL vont ensemble\u202f; les trois premières sont sur la page de votre app chez Slack, sous «\u202fBasic Information\u202f».",
	}
	errSlackAPI = i18n.Text{
		En: "SLACK_API_URL is “%s”. Write an address like https://slack.com/api/, or leave it out.",
		Fr: "SLACK_API_URL vaut «\u202f%s\u202f». Écrivez une adresse comme https://slack.com/api/, ou ne la mettez pas.",
	}
	errSlackPrefix = i18n.Text{
		En: "The prefix of commands in Slack (SLACK_COMMAND_PREFIX) is “%s”. Write at most 12 letters without accents, digits, - and _, like “g-” for /g-post.",
		Fr: "Le préfixe des commandes dans Slack (SLACK_COMMAND_PREFIX) vaut «\u202f%s\u202f». Écrivez au plus 12 lettres sans accent, chiffres, - et _, comme «\u202fg-\u202f» pour /g-post.",
	}
)

// readSlack takes Slack's part of the configuration from the environment. Or reads a variable, or gives what stands for it.
func readSlack(or func(name, otherwise string) string) Slack {
	return Slack{
		BotToken: or("SLACK_BOT_TOKEN", ""), AppToken: or("SLACK_APP_TOKEN", ""), SigningSecret: or("SLACK_SIGNING_SECRET", ""),
		ClientID: or("SLACK_CLIENT_ID", ""), ClientSecret: or("SLACK_CLIENT_SECRET", ""),
		APIURL: strings.TrimSuffix(or("SLACK_API_URL", "https://slack.com/api/"), "/") + "/",
		Prefix: strings.ToLower(or("SLACK_COMMAND_PREFIX", "")),
	}
}

// check says what is missing or wrong. Base is Griot's public address. No sentence holds a token.
func (s Slack) check(base string) error {
	switch u, err := url.Parse(s.APIURL); {
	case s.BotToken != "" && !strings.HasPrefix(s.BotToken, "xoxb-") && !strings.HasPrefix(s.BotToken, "xoxe.xoxb-"):
		return fault.New(fault.Invalid, errSlackBotToken)
	case s.AppToken != "" && !strings.HasPrefix(s.AppToken, "xapp-"):
		return fault.New(fault.Invalid, errSlackAppToken)
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "https" && u.Scheme != "http":
		return fault.New(fault.Invalid, errSlackAPI, s.APIURL)
	}
	if err := s.checkTogether(base); err != nil {
		return err
	}
	return s.checkPrefix()
}

// checkTogether says which variable another one is nothing without.
func (s Slack) checkTogether(base string) error {
	if s.ClientID != "" || s.ClientSecret != "" {
		for _, v := range []struct{ name, value string }{
			{"SLACK_CLIENT_ID", s.ClientID}, {"SLACK_CLIENT_SECRET", s.ClientSecret}, {"SLACK_SIGNING_SECRET", s.SigningSecret}, {"GRIOT_BASE_URL", base},
		} {
			if v.value == "" {
				return fault.New(fault.Invalid, errSlackClient, v.name)
			}
		}
		return nil
	}
	switch {
	case s.BotToken == "" && s.AppToken != "":
		return fault.New(fault.Invalid, errSlackNobody, "SLACK_APP_TOKEN")
	case s.BotToken == "" && s.SigningSecret != "":
		return fault.New(fault.Invalid, errSlackNobody, "SLACK_SIGNING_SECRET")
	case s.BotToken != "" && s.AppToken == "" && s.SigningSecret == "":
		return fault.New(fault.Invalid, errSlackDeaf)
	}
	return nil
}

var slackPrefix = regexp.MustCompile(`^[a-z0-9_-]{0,12}$`)

func (s Slack) checkPrefix() error {
	if !slackPrefix.MatchString(s.Prefix) {
		return fault.New(fault.Invalid, errSlackPrefix, s.Prefix)
	}
	return nil
}
