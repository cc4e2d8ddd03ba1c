package playground

import "griot/i18n"

// What the server itself says.
var (
	notStored = i18n.Text{
		En: "This was not stored. Please press again.",
		Fr: "Rien n’a été enregistré. Veuillez réessayer.",
	}
	notRunning = i18n.Text{
		En: "Griot is starting or stopping; nothing was stored. Please press again in a moment.",
		Fr: "Griot démarre ou s’arrête\u202f; rien n’a été enregistré. Réessayez dans un instant.",
	}
	unreadable = i18n.Text{
		En: "This page is no longer up to date. Please reload it and try again.",
		Fr: "Cette page n’est plus à jour. Rechargez-la, puis réessayez.",
	}
	fileTooLarge = i18n.Text{
		En: "“%s” is larger than %s. Please choose a smaller file.",
		Fr: "«\u202f%s\u202f» dépasse %s. Veuillez choisir un fichier plus léger.",
	}
	tooManyFiles = i18n.Text{
		En: "At most %d files at once. Please send the others next.",
		Fr: "%d fichiers au plus à la fois. Envoyez les autres ensuite.",
	}
	wrongHost = i18n.Text{
		En: "Griot does not answer to the name %s. Open the address that the terminal printed.",
		Fr: "Griot ne répond pas au nom %s. Ouvrez l’adresse affichée dans le terminal.",
	}
	wrongOrigin = i18n.Text{
		En: "This came from another site, so nothing was done. Use Griot’s own page.",
		Fr: "Cette demande vient d’un autre site\u202f: rien n’a été fait. Utilisez la page de Griot.",
	}
	wrongKey = i18n.Text{
		En: "This page needs the key of the address that the terminal printed. It opens one browser; restart Griot for another.",
		Fr: "Cette page demande la clé de l’adresse affichée dans le terminal. Elle ouvre un seul navigateur\u202f; redémarrez Griot pour une autre.",
	}
)

// chrome is what the page says around the messages, by the name the page's script knows it by.
var chrome = map[string]i18n.Text{
	"skip":      {En: "Skip to the message box", Fr: "Aller à la saisie"},
	"channels":  {En: "Channels", Fr: "Canaux"},
	"direct":    {En: "Direct", Fr: "En direct"},
	"directTo":  {En: "Just you and Griot", Fr: "Entre vous et Griot"},
	"speaking":  {En: "Speaking as", Fr: "Vous parlez en tant que"},
	"say":       {En: "Message {0}", Fr: "Écrire dans {0}"},
	"sayHint":   {En: "Message {0} · / for a command", Fr: "Écrire dans {0} · / pour une commande"},
	"send":      {En: "Send", Fr: "Envoyer"},
	"attach":    {En: "Attach files", Fr: "Joindre des fichiers"},
	"addFiles":  {En: "Add pictures", Fr: "Ajouter des images"},
	"remove":    {En: "Remove {0}", Fr: "Retirer {0}"},
	"onlyYou":   {En: "Only you can see this", Fr: "Visible de vous uniquement"},
	"dismiss":   {En: "Dismiss", Fr: "Masquer"},
	"optional":  {En: "optional", Fr: "facultatif"},
	"required":  {En: "Please fill this in.", Fr: "Veuillez remplir ce champ."},
	"choose":    {En: "Choose…", Fr: "Choisir…"},
	"cancel":    {En: "Cancel", Fr: "Annuler"},
	"close":     {En: "Close", Fr: "Fermer"},
	"sure":      {En: "Are you sure?", Fr: "Confirmez-vous\u202f?"},
	"offline":   {En: "Connection lost. Trying again…", Fr: "Connexion perdue. Nouvelle tentative…"},
	"unsent":    {En: "Griot cannot be reached; nothing was sent. Please try again.", Fr: "Griot est injoignable\u202f; rien n’a été envoyé. Veuillez réessayer."},
	"fresh":     {En: "New messages", Fr: "Nouveaux messages"},
	"unread":    {En: "unread", Fr: "non lu"},
	"updated":   {En: "Card updated: {0}", Fr: "Carte mise à jour\u202f: {0}"},
	"newIn":     {En: "New message in {0}", Fr: "Nouveau message dans {0}"},
	"from":      {En: "{0}: {1}", Fr: "{0}\u202f: {1}"},
	"answers":   {En: "In answer to", Fr: "En réponse à"},
	"good":      {En: "Done", Fr: "Fait"},
	"waiting":   {En: "Waiting", Fr: "En attente"},
	"bad":       {En: "Problem", Fr: "Problème"},
	"pick":      {En: "Pick a date", Fr: "Choisir une date"},
	"count":     {En: "{0} characters", Fr: "{0} caractères"},
	"countOf":   {En: "{0} of {1}", Fr: "{0} sur {1}"},
	"tooLong":   {En: "Too long by {0} characters.", Fr: "Trop long de {0} caractères."},
	"tooBig":    {En: "“{0}” is larger than {1} MB. Please choose a smaller file.", Fr: "«\u202f{0}\u202f» dépasse {1} Mo. Veuillez choisir un fichier plus léger."},
	"tooMany":   {En: "At most {0} files.", Fr: "{0} fichiers au plus."},
	"theme":     {En: "Light or dark", Fr: "Clair ou sombre"},
	"gallery":   {En: "All cards", Fr: "Toutes les cartes"},
	"back":      {En: "Back to the chat", Fr: "Retour à la discussion"},
	"beside":    {En: "Practice network", Fr: "Réseau d’entraînement"},
	"second":    {En: "Other chat", Fr: "Autre chat"},
	"newTab":    {En: "Open in a new tab", Fr: "Ouvrir dans un nouvel onglet"},
	"empty":     {En: "Nothing here yet. Type / to see what Griot can do.", Fr: "Rien ici pour l’instant. Tapez / pour voir ce que Griot sait faire."},
	"messages":  {En: "Messages", Fr: "Messages"},
	"commands":  {En: "Commands", Fr: "Commandes"},
	"opens":     {En: "opens in a new tab", Fr: "s’ouvre dans un nouvel onglet"},
	"script":    {En: "This page needs JavaScript.", Fr: "Cette page a besoin de JavaScript."},
	"megabytes": {En: "MB", Fr: "Mo"},
	"kilobytes": {En: "kB", Fr: "ko"},
}

// words is the chrome in l.
func words(l i18n.Locale) map[string]string {
	all := make(map[string]string, len(chrome))
	for name, t := range chrome {
		all[name] = t.In(l)
	}
	return all
}
