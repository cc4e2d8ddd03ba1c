package commands_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/inbox"
	"griot/social"
)

// message is what the menu of a message gives.
func message() chat.Values {
	return chat.Values{"text": {"Three weeks for one book."}, "author": {"Max"}, "link": {"https://discord.com/channels/1/2/3"}}
}

// TestAMessageIsTreatedAsAMention: the menu of a message asks for nothing; who chose it learns where the mention stands, and who
// chooses it after that how it stands.
func TestAMessageIsTreatedAsAMention(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		b := d.begin(awa, "Maison")
		add, _ := d.registry.Named(commands.MentionAdd)
		if left := commands.Missing(add, message()); len(left) > 0 {
			t.Fatalf("it asks for %+v", left)
		}
		brings := func() chat.Card {
			t.Helper()
			return card(t, of(add.Run(t.Context(), d.call(chat.Event{ID: "1", Who: awa}, message()))))
		}
		c := brings()
		by := d.call(chat.Event{Who: awa}, nil).By
		tray, err := d.services.Inbox.Tray(t.Context(), by, b.ID, inbox.All)
		if err != nil || len(tray.Mentions) != 1 {
			t.Fatalf("%+v, %v", tray, err)
		}
		m := tray.Mentions[0]
		if m.Network != "slack" || m.Text != "Three weeks for one book." || m.Author.Handle != "Max" || m.URL != "https://discord.com/channels/1/2/3" {
			t.Errorf("brought: %+v", m)
		}
		want := "Noted: it is a mention of Maison now. Its card comes to the approvals channel, as none is chosen for mentions."
		if got := said(c.Body); got != want {
			t.Errorf("told %q", got)
		}
		opened := card(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Open it").Tag}, nil)))
		if diff := cmp.Diff([]string{"I’ve got it", "Hand to…", "No action", "Done", "History"}, labels(opened.Buttons)); diff != "" {
			t.Errorf("buttons (-want +got):\n%s", diff)
		}
		if got := said(brings().Body); got != "It is a mention of Maison already: “New”." {
			t.Errorf("told %q", got)
		}
		if _, err := d.services.Inbox.Move(t.Context(), by, m.ID, m.Rev, social.ClaimIt, social.MentionChange{}); err != nil {
			t.Fatal(err)
		}
		if got := said(brings().Body); got != "It is a mention of Maison already: “Taken care of” (Awa)." {
			t.Errorf("told %q", got)
		}
	})
}

// TestWhereABroughtMentionGoesIsTold: to the mentions channel, to the channel of its rule, nowhere when a rule mutes it, or onto the
// card that gathers.
func TestWhereABroughtMentionGoesIsTold(t *testing.T) {
	listed := func(d *desk) {
		d.services.Channels = func(context.Context, chat.Place) ([]chat.Option, error) {
			return []chat.Option{{Value: "C1", Label: "#mentions"}, {Value: "C2", Label: "#care"}}, nil
		}
	}
	each(t, listed, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		for _, line := range []string{"brand channel channel:#mentions purpose:mentions", "rules add name:Books words:book channel:#care", "rules add name:Noise words:noise mute:yes"} {
			card(t, of(d.types(awa, line)))
		}
		for text, want := range map[string]string{
			"hello":     "Noted: it is a mention of Maison now. Its card comes to the mentions channel.",
			"my book":   "Noted: it is a mention of Maison now. The rule “Books” brings its card to its channel.",
			"the noise": "Noted as a mention of Maison, without a card: the rule “Noise” mutes it.",
		} {
			if got := said(card(t, of(d.types(awa, `mention add text:"`+text+`" link:https://example.com/`+text[:3]))).Body); got != want {
				t.Errorf("told of %q: %q", text, got)
			}
		}
		if got := said(card(t, of(d.types(awa, "mentions"))).Body); !strings.Contains(got, "somebody · Slack · hello") {
			t.Errorf("without an author it is listed as %q", got)
		}
		last := ""
		for i := range 10 {
			last = said(card(t, of(d.types(awa, "mention add text:hello link:https://example.com/"+string(rune('a'+i))))).Body)
		}
		if want := "Noted as a mention of Maison. Many came within a minute: it is on the card that gathers them."; last != want {
			t.Errorf("told of the eleventh: %q", last)
		}
	})
}

// TestAMentionWithoutWordsIsAskedFor: of a message that is only pictures the words are asked for, with the author and the link
// in their fields; where the place says too little, the brand is asked for too, and nothing that was typed is lost.
func TestAMentionWithoutWordsIsAskedFor(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		add, _ := d.registry.Named(commands.MentionAdd)
		bare := message()
		delete(bare, "text")
		inputs := func(f chat.Form) map[string][]string {
			out := map[string][]string{}
			for _, in := range f.Inputs {
				out[in.Name] = in.Value
			}
			return out
		}
		f, err := add.Fill(t.Context(), d.call(chat.Event{ID: "1", Who: awa}, bare))
		want := map[string][]string{"text": nil, "author": {"Max"}, "link": {"https://discord.com/channels/1/2/3"}}
		if diff := cmp.Diff(want, inputs(f)); err != nil || diff != "" {
			t.Errorf("%v, form (-want +got):\n%s", err, diff)
		}
		card(t, of(d.types(awa, `brand add name:"Autre"`)))
		f = form(t, of(add.Run(t.Context(), d.call(elsewhere(chat.Event{ID: "2", Who: awa}, awa), message()))))
		if len(f.Inputs) != 4 || len(f.Inputs[0].Options) != 2 || f.Inputs[0].Name != "brand" {
			t.Fatalf("the brand is not asked for: %+v", f.Inputs)
		}
		other := f.Inputs[0].Options[0]
		if other.Label != "Autre" {
			other = f.Inputs[0].Options[1]
		}
		_, err = d.sends(awa, f, chat.Values{"brand": {other.Value}, "link": {"somewhere"}})
		refused(t, err, fault.Invalid, "link")
		again, err := add.Fill(t.Context(), d.call(elsewhere(chat.Event{Who: awa}, awa), chat.Values{"brand": {"autre"}, "text": {"x"}}))
		if err != nil || !cmp.Equal(again.Inputs[0].Value, []string{other.Value}) {
			t.Errorf("the brand that was named: %+v, %v", again.Inputs, err)
		}
		c := card(t, of(d.sends(awa, f, chat.Values{"brand": {other.Value}})))
		if got := said(c.Body); got != "Noted: it is a mention of Autre now, in /mentions. It has no card, for the brand has no channel for mentions yet: an admin can choose one with /brand channel purpose:mentions." {
			t.Errorf("told %q", got)
		}
	})
}

// TestOnlyWhoListensBringsMentions: a writer is told whom to ask.
func TestOnlyWhoListensBringsMentions(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa, bo := manager("Awa"), user("Bo")
		d.begin(awa, "Maison")
		code := word(card(t, of(d.types(awa, "team invite roles:writer"))))
		card(t, of(d.types(bo, "team join "+code)))
		_, err := d.types(bo, "mention add text:hello")
		refused(t, err, fault.Denied, "")
	})
}
