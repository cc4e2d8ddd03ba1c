package blockkit

import (
	"griot/chat"
	"griot/i18n"
)

// icons stand before a title or a sentence and say its tone before it is read. Neutral has none.
var icons = map[chat.Tone]string{chat.Good: "✅ ", chat.Waiting: "🟡 ", chat.Bad: "🔴 "}

// The few words of our own.
var (
	cancelIt  = i18n.Text{En: "Cancel", Fr: "Annuler"}
	goBack    = i18n.Text{En: "Back", Fr: "Retour"}
	closeIt   = i18n.Text{En: "Close", Fr: "Fermer"}
	sendIt    = i18n.Text{En: "Send", Fr: "Envoyer"}
	askSure   = i18n.Text{En: "Do you confirm?", Fr: "Confirmez-vous\u202f?"}
	aPicture  = i18n.Text{En: "Picture", Fr: "Image"}
	labelled  = i18n.Text{En: "%s:", Fr: "%s\u202f:"}
	partLabel = i18n.Text{En: "%s (%d/%d)", Fr: "%s (%d/%d)"}
	orPick    = i18n.Text{En: "…or pick from the calendar", Fr: "…ou choisissez dans le calendrier"}
	leftOut   = i18n.Text{
		En: "Too much for one window in Slack. Left out: %s.",
		Fr: "C’est trop pour une seule fenêtre de Slack. N’y figure pas\u202f: %s.",
	}
	errTwoDates = i18n.Text{
		En: "A date is typed here and another is picked in the calendar. Keep one and clear the other.",
		Fr: "Une date est saisie ici et une autre est choisie dans le calendrier. Gardez l’une et effacez l’autre.",
	}
	quoted   = i18n.Text{En: "“%s”", Fr: "«\u202f%s\u202f»"}
	errEmoji = i18n.Plural{
		One: i18n.Text{
			En: "%[2]s is an emoji of your workspace only: networks cannot show it. Replace it.",
			Fr: "%[2]s est un émoji propre à votre espace\u202f: les réseaux ne peuvent pas l’afficher. Remplacez-le.",
		},
		Many: i18n.Text{
			En: "%[2]s are emoji of your workspace only: networks cannot show them. Replace them.",
			Fr: "%[2]s sont des émojis propres à votre espace\u202f: les réseaux ne peuvent pas les afficher. Remplacez-les.",
		},
	}
)
