package language

import "strings"

// Small words, and the words people say to a brand, with their weight: 2 for those that no other language here has, 1 for those
// that a neighbour has too. Words that French and English share ("on", "but", "or", "me", "sale") are in neither.
var (
	french = weighed(`le les des du une est sont était ete été pas ne que qui quoi où ou et mais donc car avec pour dans sur sous chez sans vous nous je tu il elle ils elles
mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cette ces cet au aux en très trop bien plus moins rien jamais toujours encore déjà deja aussi comme
quand comment pourquoi combien fait faire suis êtes etes avez avons ont ai as avais était serait peut peux pouvez veux voulez dois va vais faut ça ca merci bonjour bonsoir salut
svp stp bravo oui non hier demain matin soir depuis après avant votre colis commande livraison livré remboursement reçu recu magasin samedi dimanche lundi mardi
mercredi jeudi vendredi jour jours heure heures semaine mois personne répond quelqu quel quelle quelles quels tout tous toute toutes même meme chaque`,
		`qu c j l d n s m t la un a à y si de me on`)
	english = weighed(`the is are was were been be being has have had having do does did doesn didn don isn aren wasn won wouldn couldn can could would should will shall
my your his her its our their this that these those there here what when where why how who which with from for about into over after before never always
not and just really very too much many any some every please thanks thank hello hey you they she we it i im ive youre dont cant get got getting still yet
of to by at if than then because been order ordered delivery delivered refund received store shop customer service love loved great best worst open today tomorrow yesterday
week day days hour hours year again back out up down only even ever anyone someone somebody nobody everyone make made need needs want know work works working`,
		`in a as so no an me or all one new good`)
	foreign = weighed(`el los las una unos por con para muy pero está esta este gracias hola qué cómo dónde cuando mi yo se lo más
der die das und ist nicht ich wir sie mit für auf ein eine einen den dem von zu auch aber danke wie wann wo mein meine
il gli che di è per sono questo questa grazie ciao molto più anche della nel mio mia quando dove perché
os não uma um com para muito obrigado obrigada olá você meu minha onde quando mas está é isso
het een van en ik niet dat wij zijn voor met op maar ook bedankt hallo mijn waar wanneer bij geen`, ``)
)

func weighed(own, shared string) map[string]int {
	out := map[string]int{}
	for _, w := range strings.Fields(shared) {
		out[w] = 1
	}
	for _, w := range strings.Fields(own) {
		out[w] = 2
	}
	return out
}
