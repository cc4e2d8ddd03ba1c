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
