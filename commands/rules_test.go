package commands_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/fault"
)

// ruling is a desk with a brand, whose admin is awa, and the channels of its chat.
func ruling(t *testing.T, f func(*testing.T, *desk, chat.Who)) {
	t.Helper()
	awa := manager("Awa")
	each(t, func(d *desk) {
		d.services.Channels = func(context.Context, chat.Place) ([]chat.Option, error) {
			return []chat.Option{{Value: "C1", Label: "validations"}, {Value: "C7", Label: "sav"}}, nil
		}
	}, func(t *testing.T, d *desk) {
		card(t, of(d.types(awa, "setup brand:Maison alone:yes approvals:here")))
		f(t, d, awa)
	})
}

// rules are the rules as the list says them.
func (d *desk) rules(t *testing.T, who chat.Who) []string {
	t.Helper()
	return strings.Split(said(card(t, of(d.types(who, "rules list"))).Body), "\n")
}

func TestARuleIsAddedInOneLineAndSaidBack(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		c := card(t, of(d.types(awa, `regles ajouter nom:Livraison mots:"colis, carte bleue" reseaux:`+d.network.Info().Name+` auteurs:"lea, @tom@social.example" langues:fr canal:#sav etiquette:livraison priorite:urgente suggestions:non`)))
		want := "if “colis” or “carte bleue”, on " + d.network.Info().Name + ", by @lea or @tom@social.example, in French → #sav, label livraison, urgent, no suggestions"
		if got := said(c.Lead); got != want {
			t.Errorf("said back as\n%s, want\n%s", got, want)
		}
		if got := d.rules(t, awa); len(got) != 1 || got[0] != "1. Livraison — "+want {
			t.Errorf("listed as %q", got)
		}
		_, err := d.types(awa, "rules add name:livraison label:x")
		refused(t, err, fault.Invalid, "name")
		_, err = d.types(awa, "rules add name:Autre words:!!")
		refused(t, err, fault.Invalid, "words")
		_, err = d.types(awa, "rules add name:Autre networks:minitel")
		refused(t, err, fault.Invalid, "networks")
		_, err = d.types(awa, "rules add name:Autre channel:#nowhere")
		refused(t, err, fault.Invalid, "channel")
	})
}

func TestARuleIsAddedByItsForm(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		for _, line := range []string{"rules add", "rules add name:Livraison"} { // a name alone says nothing of what it does
			if f := form(t, of(d.types(awa, line))); f.Tag.Verb != "rules.add" || len(f.Inputs) != 10 {
				t.Errorf("%s: %s with %d fields", line, f.Tag, len(f.Inputs))
			}
		}
		f := form(t, of(d.types(awa, "rules add name:Livraison")))
		_, err := d.sends(awa, f, chat.Values{"words": {"colis"}, "languages": {"klingon"}})
		refused(t, err, fault.Invalid, "languages")
		c := card(t, of(d.sends(awa, f, chat.Values{"words": {"colis"}, "channel": {"C7"}, "priority": {"high"}, "mute": {"no"}})))
		if got := said(c.Lead); got != "if “colis” → #sav, high priority" {
			t.Errorf("said back as %s", got)
		}
	})
}

func TestRulesAreMovedAndRemovedByLineAndByPress(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		for _, name := range []string{"Un", "Deux", "Trois"} {
			card(t, of(d.types(awa, "rules add name:"+name+" label:x")))
		}
		order := func(want string) {
			t.Helper()
			var got []string
			for _, line := range d.rules(t, awa) {
				name, _, _ := strings.Cut(line, " — ")
				got = append(got, name)
			}
			if s := strings.Join(got, ", "); s != want {
				t.Errorf("%s, want %s", s, want)
			}
		}
		card(t, of(d.types(awa, "regles deplacer regle:trois vers:1")))
		order("1. Trois, 2. Un, 3. Deux")
		_, err := d.types(awa, "rules move rule:3 to:top")
		refused(t, err, fault.Invalid, "to")
		_, err = d.types(awa, "rules test rule:Quatre")
		refused(t, err, fault.Invalid, "rule")

		list := card(t, of(d.types(awa, "rules list")))
		c := card(t, of(d.presses(awa, chat.Event{Tag: list.Selects[0].Tag}, chat.Values{"value": {list.Selects[0].Options[1].Value}})))
		if diff := cmp.Diff([]string{"Change…", "Move up", "Move down", "Remove…"}, labels(c.Buttons)); diff != "" || c.Title != "Rule 2: Un" {
			t.Fatalf("opened %q (-want +got):\n%s", c.Title, diff)
		}
		card(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Move up").Tag}, nil)))
		order("1. Un, 2. Trois, 3. Deux")
		card(t, of(d.types(awa, "rules remove rule:2")))
		order("1. Un, 2. Deux")
		card(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Remove…").Tag}, nil)))
		order("1. Deux")
		_, err = d.presses(awa, chat.Event{Tag: button(t, c, "Remove…").Tag}, nil)
		refused(t, err, fault.NotFound, "")
	})
}

func TestRulesAreReadByAllAndChangedByThoseWhoListen(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		card(t, of(d.types(awa, "rules add name:Livraison words:colis label:x")))
		code := word(card(t, of(d.types(awa, "team invite roles:writer"))))
		nora := user("Nora")
		card(t, of(d.types(nora, "team join code:"+code)))
		list := card(t, of(d.types(nora, "rules list")))
		if len(list.Buttons)+len(list.Selects) > 0 || len(list.Body) == 0 {
			t.Errorf("a writer is offered %+v", list)
		}
		for _, line := range []string{"rules add name:Autre label:x", "rules change rule:1 label:y", "rules test rule:1", "rules move rule:1 to:1", "rules remove rule:1"} {
			_, err := d.types(nora, line)
			refused(t, err, fault.Denied, "")
		}
		if got := d.rules(t, awa); len(got) != 1 {
			t.Errorf("left: %q", got)
		}
	})
}
