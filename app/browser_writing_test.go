package app

import (
	"testing"

	"griot/drafting/openai/openaitest"
)

// TestBrowserWriting: who asks for a draft sees the model's words come, and then the draft.
func TestBrowserWriting(t *testing.T) {
	all := chromium(t)
	half := make(chan struct{})
	model := openaitest.New(t, openaitest.Script(openaitest.Turn{Words: 4, Half: half,
		Answer: written("Samedi, la bibliothèque ouvre à 10 h\u202f! Venez découvrir la nouvelle salle de lecture, un café vous attend à l’étage.")}))
	s := newSite(t)
	s.end()
	s.cfg.Writing = Writing{Key: "sk-very-secret", BaseURL: model.URL, Model: "plume"}
	s.start()
	p := newPage(t, all, s.home)
	p.begins()
	p.speaks("awa")
	p.enters("general")
	p.says(`/post rediger sujet:"ouverture samedi 10 h, café offert" vers:village`)
	p.card("Je rédige…", "Samedi, la bibliothèque", "pas encore relus")
	p.look("85-words")
	p.keep("writing")
	close(half)
	p.card("C’est écrit", "le brouillon s’affiche ici")
	p.card("Brouillon", "un café vous attend à l’étage")
	p.misses("Je rédige…")
	p.look("86-written")
}
