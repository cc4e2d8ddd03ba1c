package cards_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestSamplesReadAsTheyShould(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Locales {
		for _, s := range cards.Samples(l) {
			t.Run(s.Name+"-"+string(l), func(t *testing.T) {
				file := filepath.Join("testdata", s.Name+"."+string(l)+".txt")
				got := print(s.Card)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("card (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestButtonsFitEveryChat: a tag is at most 100 bytes and a label 75 runes, the narrowest of the chats.
func TestButtonsFitEveryChat(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Locales {
		for _, s := range cards.Samples(l) {
			for _, b := range s.Card.Buttons {
				if n := len(b.Tag.String()); n > chat.MaxTag {
					t.Errorf("%s: tag %s has %d bytes", s.Name, b.Tag, n)
				}
				if n := utf8.RuneCountInString(b.Label); n > 75 || n == 0 {
					t.Errorf("%s: label %q has %d runes", s.Name, b.Label, n)
				}
				if b.Style == chat.Risky && b.Confirm == "" {
					t.Errorf("%s: %q is risky and asks nothing", s.Name, b.Label)
				}
			}
			if len(s.Card.Buttons) > 25 {
				t.Errorf("%s: %d buttons", s.Name, len(s.Card.Buttons))
			}
		}
	}
}

// print writes a card as a person would read it aloud.
func print(c chat.Card) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# %s %s", c.Title, c.Tone)
	if len(c.Lead) > 0 {
		line("> %s", words(c.Lead))
	}
	if len(c.Body) > 0 {
		line("%s", words(c.Body))
	}
	for _, f := range c.Fields {
		line("- %s: %s", f.Label, words(f.Value))
	}
	for _, s := range c.Sections {
		line("## %s (%s) %s", s.Title, words(s.Note), s.Tone)
		if len(s.Body) > 0 {
			line("%s", words(s.Body))
		}
	}
	for _, i := range c.Images {
		line("[picture: %s]", i.Alt)
	}
	if len(c.Foot) > 0 {
		line("_ %s", words(c.Foot))
	}
	for _, x := range c.Buttons {
		line("[%s] %s %s %s", x.Label, x.Tag, x.Style, x.Confirm)
	}
	for _, x := range c.Selects {
		line("(%s) %s %d", x.Label, x.Tag, len(x.Options))
	}
	return b.String()
}

func words(all []chat.Span) string {
	var b strings.Builder
	for _, s := range all {
		switch x := s.(type) {
		case chat.Plain:
			b.WriteString(string(x))
		case chat.Bold:
			b.WriteString("*" + string(x) + "*")
		case chat.Code:
			b.WriteString("`" + string(x) + "`")
		case chat.Link:
			b.WriteString(x.Label + " <" + x.URL + ">")
		case chat.When:
			b.WriteString(x.Text)
		case chat.Person:
			b.WriteString(x.Name)
		case chat.Break:
			b.WriteString("\n")
		}
	}
	return b.String()
}
