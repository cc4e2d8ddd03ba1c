package app

import (
	"image/png"
	"strings"
	"testing"
	"time"

	"griot/bot/playground"
	"griot/i18n"
	"griot/social"
)

// bilans are the cards of mornings that stand in a channel.
func (w *world) bilans(channel string) []playground.Message {
	var out []playground.Message
	for _, m := range w.chat("playground").Messages(channel) {
		if m.Card != nil && strings.HasPrefix(m.Card.Subject, digestPrefix) {
			out = append(out, m)
		}
	}
	return out
}

// TestTheMorningAfter: what a practice account did yesterday stands in the channel for numbers at nine, with a picture, once,
// whoever is started meanwhile.
func TestTheMorningAfter(t *testing.T) {
	t.Parallel()
	onEach(t, i18n.Fr, func(w *world) {
		w.brand()
		w.types(awa, "/marque canal pour:chiffres canal:ici")
		post := w.approved("Ouverture samedi", "dans 2 minutes")
		w.clock.advance(3 * time.Minute)
		w.turns(post, social.Live, "")
		for range 20 { // until nine the next morning
			w.must(w.app.Digest.Collect(w.Context()))
			w.must(w.app.Digest.Due(w.Context()))
			if n := len(w.bilans(general)); n != 0 {
				t.Fatalf("%d mornings before nine, at %v", n, w.clock.Now())
			}
			w.clock.advance(57 * time.Minute)
		}
		w.must(w.app.Digest.Due(w.Context()))
		w.wait("the morning's card", func() bool { return len(w.bilans(general)) == 1 })
		card := w.bilans(general)[0].Card
		if !strings.Contains(card.Title, "Maison Lune\u202f: le bilan du lundi 9 février 2026") || len(card.Sections) == 0 {
			t.Errorf("the card is %q with %d sections", card.Title, len(card.Sections))
		}
		w.end()
		w.start()
		w.must(w.app.Digest.Due(w.Context()))
		w.must(w.app.Board.Sweep(w.Context()))
		w.types(awa, "/bilan")
		w.types(nora, "/chiffres periode:hier")
		if n := len(w.bilans(general)); n != 1 {
			t.Errorf("%d cards after a restart", n)
		}
		for range 24 {
			w.clock.advance(time.Hour)
			w.must(w.app.Digest.Collect(w.Context()))
			w.must(w.app.Digest.Due(w.Context()))
		}
		w.wait("the next morning's card", func() bool { return len(w.bilans(general)) == 2 })
		readable(t, w.bilans(general)[1])
	})
}

// readable checks that a card brings one picture, which can be read.
func readable(t *testing.T, m playground.Message) {
	t.Helper()
	if len(m.Card.Images) != 1 {
		t.Errorf("%q brings %d pictures", m.Card.Title, len(m.Card.Images))
	}
	for _, i := range m.Card.Images {
		r, err := i.Open()
		if err != nil {
			t.Fatal(err)
		}
		p, err := png.Decode(r)
		if err != nil || p.Bounds().Dx() < 700 || i.Alt == "" {
			t.Errorf("the picture is %v wide (%v), and is described as %q", p, err, i.Alt)
		}
	}
}
