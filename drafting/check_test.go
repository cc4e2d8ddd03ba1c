package drafting_test

import (
	"testing"

	"griot/drafting"
	"griot/social"
)

func TestARemarkMayHoldNoNumberThatIsNotInTheTable(t *testing.T) {
	t.Parallel()
	rows := []drafting.Row{{"Abonnés", "1\u202f250"}, {"Réponses", "12 (−8\u202f%)"}, {"Taux", "3,5\u202f%"}, {"Vues le 3 mars", "1,500"}, {"Réactions", "—"}}
	for text, good := range map[string]bool{
		"": true,
		"Les abonnés sont 1250, soit un jour calme.":  true,
		"1,250 followers. A rate of 3.5%.":            true,
		"8 % de réponses en moins, le 3 mars.":        true,
		"1500 vues.":                                  true,
		"Douze réponses.":                             true,
		"13 réponses.":                                false,
		"8 réponses de moins.":                        false, // eight per cent is not eight
		"Une hausse de 3 % des vues.":                 false,
		"Deux fois plus de vues.":                     false,
		"Les vues ont doublé\u202f: le double.":       false,
		"Half of it.":                                 false,
		"Vingt réponses.":                             false,
		"１２ réponses.":                                false,
		"12 réponses. Un jour calme. Rien de plus.":   false,
		"12 réponses, voir https://exemple.fr":        false,
		"12 réponses, bravo @everyone":                false,
		"12 345 vues.":                                false,
		"12 réponses, dont 1 250 sur Mastodon ½ jour": false,
	} {
		if got := drafting.Invented(text, rows); (got == "") != good {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestANumberInLettersIsANumber: each is in the table or is refused, in both languages; what only sounds like one is not.
func TestANumberInLettersIsANumber(t *testing.T) {
	t.Parallel()
	rows := []drafting.Row{
		{"Abonnés", "+25, contre +12 avant\u202f; d’habitude +97"}, {"Vues", "1\u202f250 (8\u202f%)"}, {"Partages", "81"}, {"Villes", "1\u202f000\u202f000"},
		{"publication («\u202fTrois ateliers, deux fois par an\u202f»)", "2 réactions"}, {"J’aime", "101"}, {"Citations", "276"},
	}
	for text, good := range map[string]bool{
		// what the table holds
		"Vingt-cinq abonnés de plus, contre douze la veille.":          true,
		"Twenty-five new followers, twelve the day before.":            true,
		"D’habitude, c’est quatre-vingt-dix-sept.":                     true,
		"Ninety-seven is usual.":                                       true,
		"Quatre-vingt-un partages.":                                    true,
		"Eighty-one shares.":                                           true,
		"Octante et un partages.":                                      true,
		"Mille deux cent cinquante vues, huit pour cent de mieux.":     true,
		"One thousand two hundred and fifty views, eight percent up.":  true,
		"Twelve hundred and fifty views; 8 per cent up.":               true,
		"8 pour cent de vues en plus.":                                 true,
		"Un million de villes, A MILLION cities.":                      true,
		"Cent un J’aime; a hundred and one likes.":                     true,
		"Deux cent soixante-seize citations.":                          true,
		"Two hundred and seventy-six quotes.":                          true,
		"Une douzaine d’abonnés la veille.":                            true,
		"About a dozen.":                                               true,
		"L’annonce des trois ateliers a plu.":                          true,
		"DEUX réactions, two reactions, a couple of reactions.":        true,
		"Les abonnés sont vingt-cinq. Une belle journée.":              true,
		"Twenty-five followers. One quiet day.":                        true,
		"Belle journée, une fois de plus, sur tous les comptes.":       true,
		"À la fois plus de réponses et plus de partages.":              true,
		"Several times a day, likes and replies both rose.":            true,
		"Un jour calme\u202f: une publication, un partage.":            true,
		"One post, and one that was shared most of all.":               true,
		"La première publication plaît plus que d’habitude.":           true,
		"The first post of the week, at once the most shared.":         true,
		"Les nouveaux abonnés viennent de multiples comptes.":          true,
		"C’est parfois ainsi le lundi\u202f: cela ne dit rien encore.": true,
		// what it does not hold
		"Vingt-six abonnés.":           false,
		"Twenty-six followers.":        false,
		"Vingt abonnés, puis cinq.":    false, // and neither of twenty-five's halves
		"Quatre-vingts partages.":      false,
		"Soixante et onze partages.":   false,
		"Mille deux cents vues.":       false,
		"Two hundred views.":           false,
		"Un millier de vues.":          false,
		"Cent vues.":                   false,
		"A hundred views.":             false,
		"Deux millions de vues.":       false,
		"12 millions de vues.":         false,
		"12 thousand views.":           false,
		"Douze pour cent d’abonnés.":   false,
		"Twelve percent more.":         false,
		"12 pour cent d’abonnés.":      false,
		"Huit vues.":                   false, // eight per cent are
		"Une vingtaine d’abonnés.":     false,
		"Dozens of followers.":         false,
		"Thousands of views.":          false,
		"Zero quotes.":                 false,
		"Deux fois plus d’abonnés.":    false, // although two stands there
		"Deux fois moins.":             false,
		"12 fois plus de vues.":        false,
		"Two times as many followers.": false,
		"Les vues sont à ×2.":          false,
		"Twice as many.":               false,
		"A twofold rise.":              false,
		"Les partages doublent.":       false,
		"Le triple de la veille.":      false,
		"Followers tripled.":           false,
		"Doubling the followers.":      false,
		"Une moitié de moins.":         false,
		"Half of the followers.":       false,
		"The views were halved.":       false,
		"Un tiers des vues.":           false,
		"Two thirds of it.":            false,
		"Le quart des vues.":           false,
		"A quarter of the views.":      false,
		"Une demi-douzaine.":           false,
		"Un abonné sur deux a aimé.":   false,
		"Un abonné sur 2 a aimé.":      false,
		"One in two followers.":        false,
		"One out of 2 followers.":      false,
		"Le deuxième jour de hausse.":  false,
		"For the second day.":          false,
		"A fifth of the likes.":        false,
		// false friends are taken for the number
		"Un air neuf souffle sur les comptes.": false,
		"Le quart d’heure de gloire.":          false,
		"En second lieu, des partages.":        false,
	} {
		if got := drafting.Invented(text, rows); (got == "") != good {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, alone := range []string{
		"12k", "12 K", "2x", "x2", "2 x", "dizaines", "centaines", "deux douzaines", "two dozen", "quinzaine", "zéro", "deux virgule huit", "two point eight",
		"doublé", "triplé", "quadruplées", "Multiplié par 2", "multiplied by 2", "divisées par 2", "divided by 2", "treize", "quatorze", "seize", "thirteen",
		"fourteen", "nineteen", "septante", "nonante", "milliard", "billion", "troisième", "vingtièmes", "twentieth", "ninth", "seconde", "tenfold",
	} {
		if drafting.Invented(alone, rows) == "" {
			t.Errorf("%q is taken", alone)
		}
	}
}

func TestNamesAndAddressesThatNobodyGave(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		"Merci @Lea@social.example, à samedi.":         true,
		"Tout est sur https://maison.example/atelier.": true,
		"Bonjour @everyone":                            false,
		"Voir http://vol.example":                      false,
		"Voir www.vol.example":                         false,
		"Écrivez à lea@vol.example":                    false,
		"Bonjour <!channel>":                           false,
		"Bonjour <@U123>":                              false,
		"Moins de 10 < 20, merci":                      true,
		"javascript://alert":                           false,
		"Merci @lea@social.example.vol":                false,
	} {
		got := drafting.Steered(text, "à @lea@social.example", "https://maison.example/atelier")
		if (got == "") != good {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestWhatAModelWroteIsText(t *testing.T) {
	t.Parallel()
	if got, want := drafting.Clean(" a\x00b\u202ec\r\nd\xffe\x1b[31m "), "abc\nde[31m"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestATextFitsByItsNetworksCount(t *testing.T) {
	t.Parallel()
	l := social.Limits{Length: 5, Bytes: 8}
	for text, good := range map[string]bool{"été 1": true, "été 12": false, "éééé": true, "ééééé": false, " \n": false} {
		if got := drafting.Fits(text, l); (got == "") != good {
			t.Errorf("%q: %q", text, got)
		}
	}
}
