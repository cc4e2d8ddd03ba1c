package commands_test

import (
	"regexp"
	"testing"
	"unicode/utf8"

	"griot/cards"
	"griot/commands"
	"griot/i18n"
)

// loose finds what French printing does not do: a straight apostrophe, or a usual space or none where a narrow one that
// does not break belongs.
var loose = regexp.MustCompile(`'|[^\x{202f}][?!;»]|[^\x{202f}\d/a-z]:|[a-z] :|«[^\x{202f}]`)

// TestTheTableSuitsEveryChat: Discord shows 100 runes of what a command or an option says of itself.
func TestTheTableSuitsEveryChat(t *testing.T) {
	t.Parallel()
	check := func(what string, about i18n.Text) {
		for _, l := range i18n.Locales {
			if n := utf8.RuneCountInString(about.In(l)); n == 0 || n > 100 {
				t.Errorf("%s: %q has %d runes", what, about.In(l), n)
			}
		}
		if m := loose.FindString(about.Fr); m != "" {
			t.Errorf("%s: %q in %q", what, m, about.Fr)
		}
	}
	all := commands.New(commands.All(commands.Services{})...).All()
	for _, c := range all {
		check(c.Name, c.About)
		if len(c.Options) > 25 {
			t.Errorf("%s has %d options", c.Name, len(c.Options))
		}
		for _, o := range c.Options {
			check(c.Name+" "+o.Name, o.About)
		}
	}
	if got := cards.Run("connect"); got != commands.Start("connect") {
		t.Errorf("cards and commands do not agree: %s", got)
	}
}

// TestCardsStartOnlyWhatThereIs: every button and select of a card starts a command of the table, or is a verb of it.
func TestCardsStartOnlyWhatThereIs(t *testing.T) {
	t.Parallel()
	r := commands.New(commands.All(commands.Services{})...)
	for _, s := range cards.Samples(i18n.En) {
		for _, b := range s.Card.Buttons {
			_, _, pressed := r.Pressed(b.Tag.Verb)
			_, _, opens := r.FormOf(b.Tag.Verb)
			_, starts := r.Named(b.Tag.Subject)
			if b.URL == "" && !pressed && !opens && !(b.Tag.Verb == commands.RunVerb && starts) {
				t.Errorf("%s: nothing answers %s", s.Name, b.Tag)
			}
		}
		for _, x := range s.Card.Selects {
			_, _, pressed := r.Pressed(x.Tag.Verb)
			_, _, opens := r.FormOf(x.Tag.Verb)
			if !pressed && !opens {
				t.Errorf("%s: nothing answers %s", s.Name, x.Tag)
			}
		}
	}
}
