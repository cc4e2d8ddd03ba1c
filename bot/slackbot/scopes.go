package slackbot

import "griot/i18n"

// Scope is one right that Griot asks a workspace for.
type Scope struct {
	Name string // Slack's
	Why  i18n.Text
}

// Scopes are all the rights that Griot asks for, and what each is for in words that an admin who lets it in can weigh.
// Source: docs.slack.dev, scopes and events reference, read 2026-11.
var Scopes = []Scope{
	{"commands", i18n.Text{
		En: "Answer /griot, the short commands, and its entries in Slack’s menus.",
		Fr: "Répondre à /griot, aux commandes courtes, et à ses entrées dans les menus de Slack.",
	}},
	{"chat:write", i18n.Text{
		En: "Show cards, answer, and redraw cards when something changes.",
		Fr: "Afficher les cartes, répondre, et redessiner les cartes quand quelque chose change.",
	}},
	{"chat:write.public", i18n.Text{
		En: "Show cards in a public channel that you choose, without being invited there first.",
		Fr: "Afficher les cartes dans un canal public que vous choisissez, sans devoir y être invité.",
	}},
	{"app_mentions:read", i18n.Text{
		En: "Hear what is said to @Griot, and nothing else of the conversation.",
		Fr: "Entendre ce qui est dit à @Griot, et rien d’autre de la conversation.",
	}},
	{"im:history", i18n.Text{
		En: "Read what people write to Griot directly.",
		Fr: "Lire ce que chacun écrit directement à Griot.",
	}},
	{"im:write", i18n.Text{
		En: "Write directly to the person who must act.",
		Fr: "Écrire directement à la personne qui doit agir.",
	}},
	{"channels:read", i18n.Text{
		En: "Know the public channels by name, to know where cards go.",
		Fr: "Connaître les canaux publics par leur nom, pour savoir où vont les cartes.",
	}},
	{"groups:read", i18n.Text{
		En: "Know by name the private channels that Griot was invited to.",
		Fr: "Connaître par leur nom les canaux privés où Griot a été invité.",
	}},
	{"channels:history", i18n.Text{
		En: "After a breakdown, find its own cards and notices again instead of showing them twice. Nothing of the rest is kept.",
		Fr: "Après une panne, retrouver ses propres cartes et ses rappels au lieu de les afficher deux fois. Rien du reste n’est gardé.",
	}},
	{"groups:history", i18n.Text{
		En: "The same in the private channels that Griot was invited to.",
		Fr: "La même chose dans les canaux privés où Griot a été invité.",
	}},
	{"files:read", i18n.Text{
		En: "Fetch the pictures that you attach to a post.",
		Fr: "Récupérer les images que vous joignez à une publication.",
	}},
	{"files:write", i18n.Text{
		En: "Show the pictures of a post on its card.",
		Fr: "Montrer les images d’une publication sur sa carte.",
	}},
	{"users:read", i18n.Text{
		En: "Know people’s names, languages and time zones, and who manages the workspace.",
		Fr: "Connaître le nom, la langue et le fuseau horaire de chacun, et qui gère l’espace de travail.",
	}},
	{"team:read", i18n.Text{
		En: "Know the workspace by its name.",
		Fr: "Connaître l’espace de travail par son nom.",
	}},
}

// events are what Griot asks to be told besides commands, presses and forms. Each needs its scope: app_mention
// app_mentions:read, message.im im:history, user_change users:read, the others none.
var events = []string{"app_home_opened", "app_mention", "message.im", "user_change", "tokens_revoked", "app_uninstalled"}
