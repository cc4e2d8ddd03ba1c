package commands_test

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/commands"
	"griot/drafting/offline"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/writing"
)

// wishes is what a desk was asked to have written.
type wishes struct{ all []commands.Topic }

// writes lets a desk's people have things written.
func writes(w *wishes) func(*desk) {
	return func(d *desk) {
		d.services.Writing = &writing.Service{DB: d.db, Offline: offline.Drafter{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		d.services.WriteLater = func(_ context.Context, _ social.Member, _ chat.Place, t commands.Topic) error {
			w.all = append(w.all, t)
			return nil
		}
	}
}

func TestALineIsChangedByItsForm(t *testing.T) {
	each(t, writes(&wishes{}), func(t *testing.T, d *desk) {
		awa, bo := manager("Awa"), user("Bo")
		b := d.begin(awa, "Maison")
		code := word(card(t, of(d.types(awa, "team invite roles:writer"))))
		card(t, of(d.types(bo, "team join "+code)))
		c := card(t, of(d.types(awa, "line language:english")))
		if diff := cmp.Diff([]string{"Write it…", "In French"}, labels(c.Buttons)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		set := button(t, c, "Write it…").Tag
		typed := chat.Values{"tone": {" Warm "}, "address": {"none"}, "themes": {"books,  workshops"}, "banned": {"last chance\nbargain\n"},
			"required": {""}, "samples": {"One\n---\nTwo"}, "replies": {}}
		f := form(t, of(d.presses(awa, chat.Event{Tag: set}, nil)))
		card(t, of(d.sends(awa, f, typed)))
		got, err := d.services.Writing.Line(t.Context(), d.call(chat.Event{Who: awa}, nil).By, b.ID, i18n.En)
		want := social.Line{TeamID: b.TeamID, BrandID: b.ID, Locale: "en", Tone: "Warm", Themes: []string{"books", "workshops"},
			Banned: []string{"last chance", "bargain"}, Samples: []string{"One", "Two"}, Rev: 1}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		_, err = d.sends(awa, f, typed) // it was opened before
		refused(t, err, fault.Conflict, "")
		if c := card(t, of(d.types(bo, "line language:english"))); len(c.Buttons) != 1 {
			t.Errorf("a writer is offered %q", labels(c.Buttons))
		}
		f = form(t, of(d.presses(bo, chat.Event{Tag: set}, nil)))
		_, err = d.sends(bo, f, typed)
		refused(t, err, fault.Denied, "")
		_, err = d.sends(awa, form(t, of(d.presses(awa, chat.Event{Tag: set}, nil))), chat.Values{"banned": {"!?"}})
		refused(t, err, fault.Invalid, "banned")
	})
}

func TestATopicInsteadOfAText(t *testing.T) {
	t.Parallel()
	draft, _ := commands.New(commands.All(commands.Services{})...).Named("post draft")
	names := func(v chat.Values) []string {
		var out []string
		for _, o := range commands.Missing(draft, v) {
			out = append(out, o.Name)
		}
		return out
	}
	for _, c := range []struct {
		given chat.Values
		want  []string
	}{
		{nil, []string{"text", "to"}},
		{chat.Values{"topic": {"Saturday"}}, []string{"to"}},
		{chat.Values{"topic": {" "}, "to": {"toy"}}, []string{"text"}},
		{chat.Values{"topic": {"Saturday"}, "to": {"toy"}}, nil},
	} {
		if diff := cmp.Diff(c.want, names(c.given)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.given, diff)
		}
	}
	want := "/post draft (text:…|topic:…) to:… [at:…] [alt:…] [brand:…]"
	if got := commands.Usage(draft, i18n.En); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAWishIsStoredOnlyWhenItCanBeKept(t *testing.T) {
	w := &wishes{}
	each(t, writes(w), func(t *testing.T, d *desk) {
		w.all = nil
		awa := manager("Awa")
		d.begin(awa, "Maison")
		_, err := d.types(awa, `post draft topic:"Saturday" to:toy`)
		refused(t, err, fault.Invalid, "to") // there is no account yet
		_, err = d.types(awa, `post draft topic:"Saturday" text:"Hello" to:toy`)
		if err == nil || len(w.all) > 0 {
			t.Errorf("stored %+v, %v", w.all, err)
		}
	})
}
