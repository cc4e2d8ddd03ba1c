package team

import (
	"strings"

	"griot/i18n"
)

// inDiscord says in Discord's words what is written in Slack's: a workspace is a server there.
var inDiscord = strings.NewReplacer("workspace", "server", "cet espace", "ce serveur", "Cet espace", "Ce serveur", "autre espace", "autre serveur")

// spoken is a sentence about a workspace in the words of its chat.
func spoken(surface string, t i18n.Text) i18n.Text {
	if surface == "discord" {
		t.En, t.Fr = inDiscord.Replace(t.En), inDiscord.Replace(t.Fr)
	}
	return t
}
