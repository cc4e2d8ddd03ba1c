package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"griot/chat"
)

// digest is the identity of what a card shows: two cards with one digest need no redrawing.
func digest(c chat.Card) string {
	h := sha256.New()
	word(h, c.Subject, c.Title, string(c.Tone))
	spans(h, c.Lead)
	spans(h, c.Body)
	for _, f := range c.Fields {
		word(h, "field", f.Label)
		spans(h, f.Value)
	}
	for _, s := range c.Sections {
		word(h, "section", s.Title, string(s.Tone))
		spans(h, s.Note)
		spans(h, s.Body)
	}
	for _, i := range c.Images {
		word(h, "image", i.Hash, i.Type, i.Alt)
	}
	spans(h, c.Foot)
	for _, b := range c.Buttons {
		word(h, "button", b.Label, b.Tag.String(), string(b.Style), b.Confirm, b.URL)
	}
	for _, s := range c.Selects {
		word(h, "select", s.Label, s.Tag.String())
		for _, o := range s.Options {
			word(h, o.Value, o.Label)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func spans(w io.Writer, all []chat.Span) {
	word(w, "spans")
	for _, s := range all {
		if at, ok := s.(chat.When); ok {
			word(w, "when", at.T.UTC().String(), at.Text)
			continue
		}
		word(w, fmt.Sprintf("%T", s), fmt.Sprintf("%q", s))
	}
}

// word writes words so that no two lists of them look alike.
func word(w io.Writer, words ...string) {
	for _, s := range words {
		fmt.Fprintf(w, "%d:%s,", len(s), s)
	}
}
