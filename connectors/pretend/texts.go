package pretend

import "griot/i18n"

// words are the sentences of the pages, by the name that templates call them.
var words = map[string]i18n.Text{
	"village":   {En: "Village Square", Fr: "Place du village"},
	"practice":  {En: "A practice network: nothing here leaves this computer.", Fr: "Réseau d’entraînement\u202f: rien ici ne quitte cet ordinateur."},
	"skip":      {En: "Skip to the posts", Fr: "Aller aux publications"},
	"language":  {En: "Language", Fr: "Langue"},
	"everyone":  {En: "On the square", Fr: "Sur la place"},
	"people":    {En: "Who lives here", Fr: "Qui habite ici"},
	"nobody":    {En: "Nobody yet. An account moves in when you connect one in Griot.", Fr: "Personne pour l’instant. Un compte emménage quand vous en connectez un dans Griot."},
	"quiet":     {En: "The square is still quiet", Fr: "La place est encore calme"},
	"quietHow":  {En: "Publish something from Griot on a practice account, and it will appear here.", Fr: "Publiez depuis Griot sur un compte d’entraînement\u202f: ce sera affiché ici."},
	"nothing":   {En: "%s has not said anything yet", Fr: "%s n’a encore rien dit"},
	"nothingOf": {En: "The first words will appear here as soon as they are published.", Fr: "Les premiers mots apparaîtront ici dès leur publication."},
	"older":     {En: "Older posts", Fr: "Publications plus anciennes"},
	"newer":     {En: "Something new was said. Show it", Fr: "Il y a du nouveau. Afficher"},
	"back":      {En: "Back to the square", Fr: "Retour à la place"},
	"now":       {En: "just now", Fr: "à l’instant"},
	"ago":       {En: "%s ago", Fr: "il y a %s"},
	"like":      {En: "Like", Fr: "J’aime"},
	"unlike":    {En: "No longer like", Fr: "Je n’aime plus"},
	"share":     {En: "Share", Fr: "Partager"},
	"unshare":   {En: "No longer share", Fr: "Ne plus partager"},
	"replies":   {En: "Replies", Fr: "Réponses"},
	"noReplies": {En: "No reply yet. Yours could be the first.", Fr: "Pas encore de réponse. La vôtre peut être la première."},
	"reply":     {En: "Reply", Fr: "Répondre"},
	"replyTo":   {En: "Reply to %s", Fr: "Répondre à %s"},
	"answers":   {En: "In reply to %s", Fr: "En réponse à %s"},
	"thread":    {En: "Thread of %d: read on", Fr: "Fil de %d\u202f: lire la suite"},
	"wasThere":  {En: "The post that stood here was taken down.", Fr: "La publication qui se trouvait ici a été retirée."},
	"yourName":  {En: "Your first name, if you like", Fr: "Votre prénom, si vous voulez"},
	"yourWords": {En: "Your words", Fr: "Vos mots"},
	"passing":   {En: "Someone passing by", Fr: "Quelqu’un de passage"},
	"visitor":   {En: "visitor", Fr: "de passage"},
	"send":      {En: "Say it", Fr: "Envoyer"},
	"writeTo":   {En: "Write to %s", Fr: "Écrire à %s"},
	"writeHow":  {En: "Your words will stand on the square, where everybody sees them.", Fr: "Vos mots seront affichés sur la place, à la vue de tous."},
	"follow":    {En: "Follow", Fr: "Suivre"},
	"unfollow":  {En: "No longer follow", Fr: "Ne plus suivre"},
	"alt":       {En: "Description", Fr: "Description"},
	"lost":      {En: "There is nothing at this address", Fr: "Il n’y a rien à cette adresse"},
	"lostHow":   {En: "It may have been taken down. The square is this way.", Fr: "C’était peut-être une publication retirée. La place est par ici."},
	"stranger":  {En: "This form came from somewhere else, or this page has grown old. Open it again, then send.", Fr: "Ce formulaire vient d’ailleurs, ou cette page a vieilli. Rouvrez-la, puis envoyez."},
	"refused":   {En: "This was not sent", Fr: "Ce n’est pas parti"},
	"empty":     {En: "Write a few words first.", Fr: "Écrivez d’abord quelques mots."},
	"tooLong":   {En: "That is %d characters; %d at most. Please shorten it.", Fr: "Cela fait %d caractères\u202f; %d au plus. Raccourcissez un peu."},
	"longName":  {En: "That name is too long: %d characters at most.", Fr: "Ce prénom est trop long\u202f: %d caractères au plus."},
	"broken":    {En: "The village could not write this down. Try again in a moment.", Fr: "Le village n’a pas pu noter cela. Réessayez dans un instant."},
}

// counted are the sentences with a number.
var counted = map[string]i18n.Plural{
	"followers": {One: i18n.Text{En: "%d follower", Fr: "%d abonné"}, Many: i18n.Text{En: "%d followers", Fr: "%d abonnés"}},
	"posts":     {One: i18n.Text{En: "%d post", Fr: "%d publication"}, Many: i18n.Text{En: "%d posts", Fr: "%d publications"}},
}
