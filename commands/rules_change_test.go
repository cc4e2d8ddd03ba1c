package commands_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/commands"
	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/team"
)

// filled are the fields of a form by name.
func filled(f chat.Form) map[string]string {
	out := map[string]string{}
	for _, in := range f.Inputs {
		if len(in.Value) > 0 && in.Value[0] != "" {
			out[in.Name] = strings.Join(in.Value, "|")
		}
	}
	return out
}

// feeds is a network without a name, on which nothing is published.
type feeds struct{ connectors.Connector }

func (feeds) Info() connectors.Info {
	return connectors.Info{ID: "feed", What: i18n.Text{En: "feeds", Fr: "les flux"}, ReadOnly: true}
}

func TestARuleIsChangedInOneLine(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		card(t, of(d.types(awa, `rules add name:Livraison words:"colis, carte bleue" channel:#sav label:x priority:urgent mute:yes suggestions:no`)))
		c := card(t, of(d.types(awa, `regles modifier livraison nom:Colis mots:colis canal:aucun muette:non`)))
		if got, want := said(c.Lead), "if “colis” → label x, urgent, no suggestions"; got != want || c.Title != "Rule 1: Colis" || !strings.HasPrefix(said(c.Body), "Changed.") {
			t.Errorf("%s: %s, want %s; %s", c.Title, got, want, said(c.Body))
		}
		c = card(t, of(d.types(awa, `rules change rule:1 words:"" label:"" priority:usual suggestions:yes`)))
		if got := said(c.Lead); got != "every mention → the usual way" {
			t.Errorf("emptied: %s", got)
		}
		card(t, of(d.types(awa, "rules add name:Autre label:x")))
		for line, field := range map[string]string{"rules change rule:1 name:autre": "name", "rules change rule:1 words:!!": "words", "rules change rule:1 networks:minitel": "networks",
			"rules change rule:1 channel:#nowhere": "channel", "rules change rule:1 languages:klingon": "languages", "rules change rule:Rien label:x": "rule"} {
			_, err := d.types(awa, line)
			refused(t, err, fault.Invalid, field)
		}
		if diff := cmp.Diff([]string{"1. Colis — every mention → the usual way", "2. Autre — every mention → label x"}, d.rules(t, awa)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestARuleIsChangedByAFormThatSaysWhatItIs(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		d.networks["feed"] = feeds{}
		_, err := d.types(awa, "rules change")
		refused(t, err, fault.Invalid, "rule") // there is none
		card(t, of(d.types(awa, `rules add name:Livraison words:"colis, carte bleue" networks:"toy, flux" authors:lea languages:fr channel:#sav label:x priority:high suggestions:no`)))
		card(t, of(d.types(awa, "rules add name:Reste label:z")))
		if got := d.rules(t, awa)[0]; !strings.Contains(got, ", on "+d.network.Info().Name+" or feeds, by @lea") {
			t.Errorf("said as %s", got)
		}
		asked := card(t, of(d.types(awa, "rules change")))
		f := form(t, of(d.presses(awa, chat.Event{Tag: asked.Selects[0].Tag}, chat.Values{"value": {asked.Selects[0].Options[0].Value}})))
		want := map[string]string{"name": "Livraison", "words": "colis, carte bleue", "networks": "toy|feed", "authors": "lea", "languages": "fr", "channel": "C7",
			"label": "x", "priority": "high", "mute": "no", "suggestions": "no"}
		if diff := cmp.Diff(want, filled(f)); diff != "" {
			t.Errorf("filled (-want +got):\n%s", diff)
		}
		offered := []chat.Option{{Value: "toy", Label: d.network.Info().Name}, {Value: "feed", Label: "feeds"}}
		if diff := cmp.Diff(offered, f.Inputs[2].Options); diff != "" { // what is only read is heard too
			t.Errorf("networks (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(f, form(t, of(d.types(awa, "rules change rule:1")))); diff != "" {
			t.Errorf("by its command (-want +got):\n%s", diff)
		}
		tried := card(t, of(d.types(awa, "rules test rule:1")))
		if diff := cmp.Diff(f, form(t, of(d.presses(awa, chat.Event{Tag: button(t, tried, "Change…").Tag}, nil)))); diff != "" {
			t.Errorf("by its button (-want +got):\n%s", diff)
		}
		_, err = d.sends(awa, f, chat.Values{"name": {"reste"}})
		refused(t, err, fault.Invalid, "name")
		if again := form(t, of(d.rebuilds(awa, f))); again.Tag != f.Tag {
			t.Errorf("it comes back as %s, not as %s", again.Tag, f.Tag)
		}
		sent := chat.Values{"name": {"Colis"}, "words": {"colis"}, "mute": {"yes"}} // what was emptied is not sent
		c := card(t, of(d.presses(awa, chat.Event{Tag: f.Tag, Form: true}, sent)))
		if got := said(c.Lead); got != "if “colis” → kept without a card" || c.Title != "Rule 1: Colis" {
			t.Errorf("%s: %s", c.Title, got)
		}
	})
}

func TestWhoIsTooLateWithARuleKeepsWhatWasTyped(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		ines := user("Inès")
		code := word(card(t, of(d.types(awa, "team invite roles:moderator"))))
		card(t, of(d.types(ines, "team join code:"+code)))
		card(t, of(d.types(awa, "rules add name:Livraison words:colis label:x")))
		mine := form(t, of(d.types(awa, "rules change rule:1")))
		hers := form(t, of(d.types(ines, "rules change rule:1")))
		card(t, of(d.sends(ines, hers, chat.Values{"words": {"colis, paquet"}})))

		back := form(t, of(d.sends(awa, mine, chat.Values{"label": {"y"}, "words": {"parcel"}})))
		says := "Meanwhile Inès changed the rule. It says now: if “colis” or “paquet” → label x. What you typed is still here; saving it replaces that."
		if got := filled(back); got["label"] != "y" || got["words"] != "parcel" || got["name"] != "Livraison" || back.Inputs[0].Error != says {
			t.Errorf("what comes back holds %v and says\n%s, want\n%s", got, back.Inputs[0].Error, says)
		}
		if got := d.rules(t, awa); got[0] != "1. Livraison — if “colis” or “paquet” → label x" {
			t.Errorf("too late, and yet %q", got)
		}
		c := card(t, of(d.sends(awa, back, nil)))
		if got := said(c.Lead); got != "if “parcel” → label y" {
			t.Errorf("sent again: %s", got)
		}
	})
}

func TestAChannelOfAnotherChatStaysWhenItsFieldIsEmpty(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		card(t, of(d.types(awa, "rules add name:Livraison channel:#sav label:x")))
		code := word(card(t, of(d.types(awa, "team link"))))
		there := awa
		there.Surface, there.Workspace = "discord", "G1"
		d.services.Channels = func(_ context.Context, at chat.Place) ([]chat.Option, error) {
			return []chat.Option{{Value: "7", Label: "salon"}}, nil
		}
		d.registry = commands.New(commands.All(d.services)...)
		card(t, of(d.types(there, "team link code:"+code)))
		f := form(t, of(d.types(there, "rules change rule:1")))
		for _, in := range f.Inputs {
			if in.Name == "channel" && (len(in.Value) > 0 || in.Help != "Empty: it stays #C7 (Slack)") {
				t.Errorf("the channel's field holds %q, and says %q", in.Value, in.Help)
			}
		}
		c := card(t, of(d.sends(there, f, chat.Values{"label": {"y"}})))
		if got := said(c.Lead); got != "every mention → #C7 (Slack), label y" {
			t.Errorf("left empty: %s", got)
		}
		c = card(t, of(d.sends(there, form(t, of(d.types(there, "rules change rule:1"))), chat.Values{"channel": {"7"}})))
		if got := said(c.Lead); got != "every mention → #salon, label y" {
			t.Errorf("another one: %s", got)
		}
		c = card(t, of(d.types(there, "rules change rule:1 channel:none")))
		if got := said(c.Lead); got != "every mention → label y" {
			t.Errorf("none: %s", got)
		}
	})
}

func TestARuleStaysOutOfAnotherBrandsChannel(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		card(t, of(d.types(awa, "brand add name:Autre")))
		card(t, of(d.types(awa, "brand channel purpose:mentions channel:#sav brand:Autre")))
		_, err := d.types(awa, "rules add name:Livraison channel:#sav brand:Maison")
		refused(t, err, fault.Invalid, "channel")
		card(t, of(d.types(awa, "rules add name:Livraison label:x brand:Maison")))
		_, err = d.types(awa, "rules change rule:1 channel:#sav brand:Maison")
		refused(t, err, fault.Invalid, "channel")
		if got, want := fault.For(err, i18n.Fr), "Ce canal appartient à la marque Autre, et un canal n’a qu’une marque. "+
			"Choisissez un autre canal, ou retirez-le d’abord à Autre avec /marque canal."; got != want {
			t.Errorf("%s, want\n%s", got, want)
		}
		card(t, of(d.types(awa, "brand channel purpose:mentions channel:none brand:Autre")))
		card(t, of(d.types(awa, "rules change rule:1 channel:#sav brand:Maison")))
		_, err = d.types(awa, "brand channel purpose:mentions channel:#sav brand:Autre")
		refused(t, err, fault.Conflict, "channel")
	})
}

// TestOfARuleAndABrandOneGetsTheChannel: both want it at once.
func TestOfARuleAndABrandOneGetsTheChannel(t *testing.T) {
	ruling(t, func(t *testing.T, d *desk, awa chat.Who) {
		card(t, of(d.types(awa, "brand add name:Autre")))
		by := d.call(chat.Event{Who: awa}, nil).By
		brands, err := d.services.Team.Brands(t.Context(), by)
		if err != nil || len(brands) != 2 {
			t.Fatalf("%d brands, %v", len(brands), err)
		}
		for i := range 10 {
			at := team.Place{Surface: "slack", Workspace: "T1", Channel: fmt.Sprint("C1", i)}
			var both sync.WaitGroup
			var rule, channel error
			both.Go(func() {
				_, rule = d.services.Inbox.AddRule(t.Context(), by, social.Rule{BrandID: brands[1].ID, Name: at.Channel, Then: social.Effects{Room: social.Room(at)}})
			})
			both.Go(func() { channel = d.services.Team.SetChannel(t.Context(), by, brands[0].ID, at, social.Mentions) })
			both.Wait()
			if (rule == nil) == (channel == nil) || rule != nil && !fault.Is(rule, fault.Invalid) || channel != nil && !fault.Is(channel, fault.Conflict) {
				t.Errorf("%s: the rule %v, the channel %v", at.Channel, rule, channel)
			}
		}
	})
}
