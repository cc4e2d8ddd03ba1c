package web

import "griot/i18n"

var (
	askTitle  = i18n.Text{En: "Sign in to %s for %s", Fr: "Connexion à %s pour %s"}
	sureTitle = i18n.Text{En: "Is this the right account?", Fr: "Est-ce le bon compte\u202f?"}
	sureLead  = i18n.Text{
		En: "You are about to connect %s to the brand %s. Its posts will leave from this account once somebody approved them.",
		Fr: "Vous allez connecter %s à la marque %s. Ses publications partiront de ce compte une fois validées.",
	}
	doneTitle = i18n.Text{En: "%s is connected", Fr: "%s est connecté"}
	doneLead  = i18n.Text{
		En: "You can close this page and go back to the chat: /accounts shows it.",
		Fr: "Vous pouvez fermer cette page et revenir au chat\u202f: /comptes le montre.",
	}
	forMember    = i18n.Text{En: "This page is for %s alone. It works once.", Fr: "Cette page est réservée à %s. Elle ne sert qu’une fois."}
	goneTitle    = i18n.Text{En: "This page no longer works", Fr: "Cette page ne fonctionne plus"}
	errElsewhere = i18n.Text{
		En: "This address is not complete. Press the button in the chat again, or type /connect there.",
		Fr: "Cette adresse n’est pas complète. Pressez à nouveau le bouton dans le chat, ou tapez-y /connecter.",
	}
	noTitle = i18n.Text{En: "This is not possible", Fr: "Ce n’est pas possible"}
	errSlow = i18n.Text{
		En: "Too many tries. Please wait a minute, then try again.",
		Fr: "Trop d’essais. Attendez une minute, puis réessayez.",
	}
	errOrigin = i18n.Text{
		En: "This form was sent from another site, so nothing was done. Open the page again from the chat.",
		Fr: "Ce formulaire vient d’un autre site\u202f: rien n’a été fait. Rouvrez la page depuis le chat.",
	}
	errForm = i18n.Text{
		En: "The form could not be read, so nothing was done. Please send it again.",
		Fr: "Le formulaire n’a pas pu être lu\u202f: rien n’a été fait. Renvoyez-le.",
	}
)

// labels are the page's short words.
var labels = map[string]i18n.Text{
	"account": {En: "Account", Fr: "Compte"},
	"network": {En: "Network", Fr: "Réseau"},
	"brand":   {En: "Brand", Fr: "Marque"},
	"look":    {En: "see its page", Fr: "voir sa page"},
	"connect": {En: "Connect", Fr: "Connecter"},
	"other":   {En: "No, sign in to another account", Fr: "Non, se connecter à un autre compte"},
	"check":   {En: "Check", Fr: "Vérifier"},
	"sealed": {
		En: "Nothing is connected yet: the next page shows the account first. What you enter is encrypted and never shown again.",
		Fr: "Rien n’est encore connecté\u202f: la page suivante montre d’abord le compte. Votre saisie est chiffrée et n’est plus jamais affichée.",
	},
}

func words(l i18n.Locale) map[string]string {
	out := map[string]string{}
	for k, t := range labels {
		out[k] = t.In(l)
	}
	return out
}
