package app

import (
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	poster  = "Samedi, on ouvre à 10 h : atelier de reliure pour tous."
	posted  = poster + " C’est au 12, rue des Arts, entrée libre."
	hours   = "Cet hiver, la bibliothèque ouvre aussi le dimanche, de 14 h à 18 h."
	pending = "attend votre validation"
)

// TestBrowserStory is the day of a team of three in their browser: from the greeting to the history of a post.
func TestBrowserStory(t *testing.T) {
	all := chromium(t)
	s := newSite(t)
	p := newPage(t, all, s.home)
	p.begins()
	p.drafts(s)
	p.decides(s)
	p.moves()
	two := newPage(t, p.tab, s.home+"/two")
	p.publishes(s, two)
	p.pauses()
	p.readsEnglish()
	p.publishesNow(newPage(t, p.tab, s.town))
	p.tells()
	s.end()
	s.start()
	p.remembers()
}

// begins is the first minute: who Griot is, the form, the brand.
func (p *page) begins() {
	p.visit("awa", "general")
	p.card("Bonjour, je suis Griot", "Démarrer")
	p.look("01-greeting")
	p.presses("Démarrer", "je suis Griot")
	p.asked("Pour commencer")
	p.fills("Nom de votre marque", "Bibliothèque")
	p.look("02-setup")
	p.sends()
	p.card("Bibliothèque est prête", "Village · @bibliotheque", "Nora (rédaction)", "Léo (validation)")
	p.look("03-ready")
}

// drafts is Nora's part: a command completed, a form, a card.
func (p *page) drafts(s *site) {
	p.speaks("nora")
	p.do(chromedp.SendKeys(chromedp.CSS("#say"), "/post réd"))
	p.until("the command", `has(document.querySelector('#complete'), '/post rediger')`)
	p.look("04-completion")
	p.do(enterKey())
	p.until("the command to be filled in", `document.querySelector('#say').value.startsWith('/post rediger')`)
	p.do(enterKey())
	p.asked("Rédiger")
	p.fills("Texte", poster)
	p.fills("Quand", "demain 9h")
	p.attaches(s.file("affiche.png", shelf()))
	p.fills("Ce que montre chaque image", "Des livres reliés sur une étagère, au soleil du soir.")
	p.look("05-form")
	p.sends()
	p.card("Brouillon", poster, "mardi 10 février 2026 à 9 h", "Village · @bibliotheque", "55/280", "Des livres reliés")
	p.until("the picture", `[...document.querySelectorAll('#list img.pic')].some((i) => i.complete && i.naturalWidth === 1200)`)
	p.look("06-draft")
	p.presses("Envoyer en validation", "Brouillon")
	p.card("À valider", poster)
}

// decides is the way to a yes: sent back with a note, changed, sent again, approved.
func (p *page) decides(s *site) {
	p.speaks("leo")
	p.until("a notice in the list of channels", `has(document.querySelector('[data-room="validations"]'), '1')`)
	p.enters("validations")
	p.sees("À valider", "@Léo", "@Awa", pending)
	s.clock.passes(4 * minute)
	p.until("the picture", `[...document.querySelectorAll('#list img.pic')].some((i) => i.complete && i.naturalWidth === 1200)`)
	p.look("07-to-approve")
	p.size(1280, 960)
	p.keep("playground")
	p.size(1280, 900)
	p.colours("dark")
	p.look("08-dark")
	p.colours("light")
	p.presses("À revoir", "À valider")
	p.asked("À revoir")
	p.hit("send", `document.querySelector('#form[open] footer .primary')`)
	p.until("what is missing", `has(document.querySelector('#form'), 'Veuillez remplir ce champ')`)
	p.fills("Que faut-il changer", "Ajoutez l’adresse, s’il vous plaît.")
	p.look("09-send-back")
	p.sends()
	p.card("À revoir", "Ajoutez l’adresse")

	p.speaks("nora")
	p.sees("@Nora", "vous est renvoyée")
	s.clock.passes(6 * minute)
	p.presses("Modifier", "À revoir")
	p.asked("Modifier")
	p.fills("Texte", posted)
	p.look("10-edit")
	p.sends()
	p.card("12, rue des Arts")
	p.presses("Envoyer en validation", "12, rue des Arts")
	p.card("À valider", "12, rue des Arts")

	p.speaks("leo")
	p.sees("@Léo", pending, "C’est au")
	s.clock.passes(3 * minute)
	p.presses("Valider", "12, rue des Arts")
	p.card("Programmée", "Validée par", "Léo")
	p.look("11-scheduled")
}

// moves gives the post another date, which is shown back before it counts.
func (p *page) moves() {
	p.speaks("nora")
	p.presses("Déplacer…", "Programmée")
	p.asked("Choisir la date")
	p.fills("Quand", "mercredi 18h30")
	p.sends()
	p.sees("Est-ce bien cela", "mercredi 11 février 2026 à 18 h 30")
	p.look("12-date")
	p.presses("Oui, programmer", "Est-ce bien cela")
	p.card("Programmée", "mercredi 11 février 2026 à 18 h 30", "Validée par")
	p.misses("Est-ce bien cela")
	p.sees("@Léo", "a une nouvelle date")
	p.look("13-moved")
}

// publishes lets another post go out at once; it is approved in the other chat, seen on the village, and taken down.
func (p *page) publishes(s *site, two *page) {
	p.enters("general")
	p.says(`/post rediger texte:"` + hours + `" vers:village`)
	p.card("Brouillon", hours, "pas encore de date")
	p.presses("Publier dès validation", hours)
	p.enters("validations")
	p.card("À valider", hours, "dès qu’elle est validée")
	two.visit("leo", "validations")
	two.card("À valider", hours)
	two.card("Programmée", "mercredi 11 février 2026 à 18 h 30")
	two.look("14-second-chat")
	two.presses("Valider", hours)
	two.card("Publiée", hours, "en ligne")
	p.card("Publiée", hours, "en ligne", "voir") // without a reload
	p.look("15-published")

	link := p.link("Publiée", hours)
	v := newPage(p.T, p.tab, s.town)
	v.do(chromedp.Navigate(link))
	v.until("the post", `has(document.querySelector('#main'), `+quoted([]string{hours, "@bibliotheque"})+`)`)
	v.do(chromedp.Click(chromedp.CSS("button.like")))
	v.until("the like", `has(document.querySelector('button.like'), '1')`)
	v.look("16-village-post")
	v.do(chromedp.Navigate(s.town + "/"))
	v.until("the timeline", `has(document.querySelector('#main'), `+quoted([]string{hours})+`)`)
	v.look("17-village")

	p.presses("Retirer", "Publiée")
	p.until("the question", `has(document.querySelector('#sure'), 'déjà vue')`)
	p.look("18-take-down")
	p.sure()
	p.card("Retirée", hours)
	p.look("19-taken-down")
	v.forgive.Store("status of 404")
	v.do(chromedp.Navigate(link))
	v.until("that it is gone", `!has(document.body, `+quoted([]string{hours})+`)`)
	v.look("20-gone")
}

const minute = 60_000_000_000

// pauses stops everything and lets it go on, and reads the whole story.
func (p *page) pauses() {
	p.speaks("leo")
	p.enters("general")
	p.says("/pause")
	p.sees("Tout arrêter pour Bibliothèque")
	p.look("21-pause")
	p.presses("Tout mettre en pause", "Bibliothèque en pause")
	p.confirmed()
	p.sees("Bibliothèque est en pause")
	p.enters("validations")
	p.card("Programmée", "Bibliothèque est en pause")
	p.look("22-paused")
	p.enters("general")
	p.presses("Reprendre", "est en pause")
	p.confirmed()
	p.sees("Bibliothèque reprend", "repartent")
	p.misses("rien ne part avant la reprise")
	p.look("23-resumed")
	p.says("/historique reliure")
	p.sees("Toute l’histoire", "Nora l’a rédigée", "Ajoutez l’adresse", "Léo l’a validée", "Nora a changé la date", "Léo a tout mis en pause", "Léo a levé la pause")
	p.look("24-history")
}

// confirmed says yes if the page asks; some buttons ask and some do not.
func (p *page) confirmed() {
	p.until("an answer", `document.querySelector('#sure').open || !document.querySelector('.busy')`)
	open, err := chromedp.Run(p.tab, chromedp.Evaluate[bool](`document.querySelector('#sure').open`))
	if err != nil {
		p.Fatal(err)
	}
	if open {
		p.sure()
	}
}

// readsEnglish is Nora, who prefers English: what is said to her alone is in English, the team's cards stay French.
func (p *page) readsEnglish() {
	p.speaks("nora")
	p.enters("general")
	p.says("/langue english")
	p.sees("From now on I speak English to you")
	p.until("the page in English", `has(document.querySelector('#rail'), 'Channels', 'Speaking as')`)
	p.says("/post show reliure")
	p.card("Scheduled", "reliure", "Wednesday 11 February 2026", "Approved by")
	p.look("25-english")
	p.enters("validations")
	p.card("Programmée", "Validée par")
}

// publishesNow sends what was scheduled at once; on the village somebody likes it and answers.
func (p *page) publishesNow(v *page) {
	p.speaks("leo")
	p.enters("validations")
	p.presses("Publier maintenant", "Programmée")
	p.until("the question", `has(document.querySelector('#sure'), 'Publier maintenant sur @bibliotheque')`)
	p.look("27-sure")
	p.sure()
	p.card("Publiée", posted, "en ligne", "voir")
	p.look("28-now")
	v.do(chromedp.Navigate(p.link("Publiée", posted)))
	v.until("the picture", `document.querySelector('img[alt="Des livres reliés sur une étagère, au soleil du soir."]')?.complete`)
	v.do(chromedp.Click(chromedp.CSS("button.like")))
	v.until("the like", `has(document.querySelector('button.like'), '1')`)
	v.do(chromedp.SendKeys(chromedp.CSS("#text"), "J’y serai avec ma fille, merci !"), chromedp.SendKeys(chromedp.CSS("#name"), "Camille"), chromedp.Click(chromedp.CSS("button.send")))
	v.until("the answer", `has(document.querySelector('#main'), 'Camille', 'avec ma fille')`)
	v.look("29-village-post")
	v.size(1280, 960)
	v.do(chromedp.Navigate(p.link("Publiée", posted)))
	v.until("the answer and the picture", `has(document.querySelector('#main'), 'Camille') && [...document.images].every((i) => i.complete)`)
	v.keep("village")
	v.look("30-village")
}

// tells reads the story once more, now that it has an end.
func (p *page) tells() {
	p.enters("general")
	p.hides("Toute l’histoire")
	p.misses("Toute l’histoire")
	p.hides("Bibliothèque reprend")
	p.misses("Bibliothèque reprend")
	p.says("/historique reliure")
	p.sees("Toute l’histoire", "Léo a demandé à la publier maintenant", "partie vers @bibliotheque", "en ligne sur @bibliotheque")
	p.size(1280, 960)
	p.keep("history")
	p.size(1280, 900)
}

// remembers is after a restart: everything stands where it stood.
func (p *page) remembers() {
	p.visit("leo", "validations")
	p.card("Publiée", posted, "en ligne", "Validée par")
	p.card("Retirée", hours)
	p.enters("general")
	p.card("Bibliothèque est prête")
	p.speaks("nora")
	p.enters("general")
	p.until("the page in English", `has(document.querySelector('#rail'), 'Channels', 'Speaking as')`)
	p.says("/help")
	p.sees("What I can do for you", "/post draft")
	p.look("26-after-restart")
}
