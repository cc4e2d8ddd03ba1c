package app

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserMention is an afternoon in the browser: somebody writes on the practice network's own page, the card comes, an answer
// is chosen, changed and sent, and stands under what was asked.
func TestBrowserMention(t *testing.T) {
	all := chromium(t)
	s := newSite(t)
	p := newPage(t, all, s.home)
	p.begins()
	s.collects() // a source begins where it stands
	v := newPage(t, p.tab, s.town)
	v.do(chromedp.Navigate(s.town + "/@bibliotheque"))
	v.do(chromedp.Click(chromedp.CSS("details.write summary")))
	v.until("the village's form", `document.querySelector('details.write')?.open`)
	v.do(chromedp.SendKeys(chromedp.CSS("#text"), "Bonjour, la salle de lecture est-elle ouverte samedi ?"), chromedp.SendKeys(chromedp.CSS("#name"), "Léa"),
		chromedp.Click(chromedp.CSS("details.write button.send")))
	v.until("what was said", `has(document.body, 'salle de lecture')`)
	s.collects()
	p.speaks("awa")
	p.enters("validations")
	p.card("Nouvelle mention", "salle de lecture", "Proposition 3", "aide hors ligne")
	p.look("80-mention")
	p.keep("mention")
	p.presses("Utiliser 1", "salle de lecture")
	p.asked("Répondre")
	p.look("81-answer")
	p.fills("Votre réponse", "Bonjour Léa ! Oui, de 14 h à 18 h. À samedi !")
	p.sends()
	p.card("Réponse envoyée", "À samedi !", "en ligne")
	p.look("82-answered")
	v.do(chromedp.Navigate(s.town + "/@bibliotheque"))
	v.until("the answer under what was asked", `has(document.body, 'À samedi !')`)
	v.look("83-village")
	p.says("/mentions")
	p.card("Mentions en attente", "tout est traité")
	p.size(390, 844)
	p.look("84-phone")
}

// collects lets a minute go by and reads what is said to the brand.
func (s *site) collects() {
	s.Helper()
	s.clock.passes(minute)
	if err := s.app.Inbox.Collect(s.Context()); err != nil {
		s.Fatal(err)
	}
}
