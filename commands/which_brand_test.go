package commands_test

import (
	"context"
	"slices"
	"testing"

	"griot/chat"
	"griot/fault"
)

// TestAMenuAsksForWhichBrand: a form opened from a chat's menu has no line on which to name a brand: it is asked for first,
// and the words come along.
func TestAMenuAsksForWhichBrand(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		card(t, of(d.types(awa, `brand add name:"Autre"`)))
		const words = "Samedi, on ouvre !"
		draft, _ := d.registry.Named("post draft")
		call := d.call(elsewhere(chat.Event{Who: awa}, awa), chat.Values{"text": {words}})
		f, err := draft.Fill(t.Context(), call)
		if err != nil || len(f.Inputs) != 2 || f.Inputs[0].Name != "value" || len(f.Inputs[0].Options) != 2 {
			t.Fatalf("%+v, %v", f, err)
		}
		i := slices.IndexFunc(f.Inputs[0].Options, func(o chat.Option) bool { return o.Label == "Autre" })
		a, err := d.presses(awa, elsewhere(chat.Event{Tag: f.Tag, Form: true}, awa), chat.Values{"value": {f.Inputs[0].Options[i].Value}, "text": {words}})
		ask, ok := a.(chat.Ask)
		if err != nil || !ok || ask.Form.Inputs[0].Name != "text" || !slices.Equal(ask.Form.Inputs[0].Value, []string{words}) {
			t.Fatalf("%+v, %v", a, err)
		}
	})
}

// TestHereIsNowhereForWhoMayNotWrite: Griot was asked in a place that it may not write in, so that nothing can be shown there.
func TestHereIsNowhereForWhoMayNotWrite(t *testing.T) {
	listed := func(d *desk) {
		d.services.Channels = func(context.Context, chat.Place) ([]chat.Option, error) {
			return []chat.Option{{Value: "C1", Label: "#validations"}}, nil
		}
	}
	each(t, listed, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		set, _ := d.registry.Named("brand channel")
		e := elsewhere(chat.Event{Who: awa}, awa)
		_, err := set.Run(t.Context(), d.call(e, chat.Values{"channel": {"here"}, "purpose": {"approvals"}}))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
		if _, err := set.Run(t.Context(), d.call(e, chat.Values{"channel": {"#validations"}, "purpose": {"approvals"}})); err != nil {
			t.Error(err)
		}
	})
}
