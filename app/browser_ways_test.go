package app

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"griot/chat"
)

// TestBrowserTelephone approves a post on a screen 390 pixels wide, where nothing may stand beside the screen.
func TestBrowserTelephone(t *testing.T) {
	all := chromium(t)
	s := newSite(t)
	p := newPage(t, all, s.home)
	p.size(390, 844)
	p.begins()
	s.waits(poster)
	p.speaks("leo")
	p.enters("validations")
	p.sees("À valider", poster, "@Léo", pending)
	p.until("the picture", `[...document.querySelectorAll('#list img.pic')].some((i) => i.complete && i.naturalWidth === 1200)`)
	p.narrow()
	p.look("40-phone")
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#list').scrollTop = 0`))
	p.until("the top of the list", `document.querySelector('#list').scrollTop === 0 && document.querySelector('#list .msg').getBoundingClientRect().top > 100`)
	p.keep("playground-phone")
	p.look("41-phone-top")
	p.colours("dark")
	p.look("42-phone-dark")
	p.presses("Valider", poster)
	p.card("Programmée", poster, "Validée par", "Léo")
	p.presses("Déplacer…", poster)
	p.asked("Choisir la date")
	p.narrow()
	p.look("43-phone-form")
	p.fills("Quand", "vendredi midi")
	p.sends()
	p.presses("Oui, programmer", "Est-ce bien cela")
	p.card("Programmée", "vendredi 13 février 2026 à 12 h")
	p.narrow()
	p.look("44-phone-done")
}

// narrow fails when the page can be pushed sideways.
func (p *page) narrow() {
	p.Helper()
	p.until("a page as wide as the screen", `document.documentElement.scrollWidth <= innerWidth`)
}

// TestBrowserKeyboard approves a post without a mouse: from the top of the page to the button, and to a note.
func TestBrowserKeyboard(t *testing.T) {
	all := chromium(t)
	s := newSite(t)
	p := newPage(t, all, s.home)
	p.begins()
	s.waits(poster)
	s.waits(hours)
	p.visit("leo", "general")
	p.tabs("validations")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.sees("À valider", poster, pending)
	p.sees("À valider", hours, pending)
	p.tabs("Valider")
	p.look("50-keyboard")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.card("Programmée", poster)
	p.until("the focus on the card that was pressed", `cards('Programmée')[0].contains(document.activeElement)`)
	p.tabs("À revoir") // of the first card
	p.tabs("À revoir")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.asked("À revoir")
	p.do(insert("Dites aussi si l’entrée est libre."), chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.until("the form to close", `!document.querySelector('#form').open`)
	p.card("À revoir", hours, "l’entrée est libre")
	p.look("51-keyboard")
}

// tabs goes on with the Tab key until what has the focus says these words.
func (p *page) tabs(words string) {
	p.Helper()
	for range 80 {
		p.do(chromedp.KeyEvent(kb.Tab))
		ok, err := chromedp.Run(p.tab, chromedp.Evaluate[bool]("(() => {"+lib+"return plain(document.activeElement?.innerText).replace('# ', '').trim().startsWith(plain("+quoted([]string{words})+"))})()"))
		if err != nil {
			p.Fatal(err)
		}
		if ok {
			return
		}
	}
	p.Fatalf("no way to %q with the keyboard", words)
}

// waits lets Nora write a post with a picture and send it for approval, without a browser.
func (s *site) waits(text string) {
	s.Helper()
	here := s.app.Playgrounds[0]
	file := chat.File{Name: "affiche.png", Size: int64(len(shelf())),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(shelf())), nil }}
	line := `/post rediger texte:"` + text + `" vers:village quand:"demain 9h" description:"Des livres reliés sur une étagère, au soleil du soir."`
	eventually(s.T, "the draft to be stored", func() bool { // on a busy machine Griot may ask to try again
		_, err := here.Type(s.Context(), nora, general, line, file)
		return err == nil
	})
	var tag chat.Tag
	var ref chat.MessageRef
	eventually(s.T, "a draft of "+text, func() bool {
		for _, m := range here.Messages(general) {
			if m.Card != nil && len(m.Card.Body) > 0 && m.Card.Body[0] == chat.Span(chat.Plain(text)) {
				tag, ref = m.Card.Buttons[0].Tag, m.Ref
			}
		}
		return tag.Verb == "post.submit"
	})
	_, err := here.Do(s.Context(), chat.Event{Who: chat.Who{User: nora}, Place: ref.Place, Message: ref.Message, Tag: tag})
	if err != nil {
		s.Fatal(err)
	}
}

// eventually waits until done is so, and fails when that takes too long.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	limit, look := time.After(patience), time.NewTicker(20*time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-limit:
			t.Fatalf("waited for %s", what)
		case <-look.C:
		}
	}
}
