package commands_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/commands"
	"griot/i18n"
	"griot/team"
)

// offered is what an option of a command may become, "label=value".
func (d *desk) offered(who chat.Who, command, option, typed string, v chat.Values) []string {
	d.t.Helper()
	cmd, ok := d.registry.Named(command)
	if !ok {
		d.t.Fatalf("no command %q", command)
	}
	for _, o := range cmd.Options {
		if o.Name != option {
			continue
		}
		all, err := o.Suggest(d.t.Context(), d.call(chat.Event{Who: who, Command: cmd.Name, Typing: option}, v), typed)
		if err != nil {
			d.t.Fatal(err)
		}
		return pairs(all)
	}
	d.t.Fatalf("no option %q of %q", option, command)
	return nil
}

// pairs are options as "label=value".
func pairs(all []chat.Option) []string {
	out := []string{}
	for _, x := range all {
		out = append(out, x.Label+"="+x.Value)
	}
	return out
}

func TestTheLastOfManyIsCompleted(t *testing.T) {
	t.Parallel()
	o := commands.Option{Name: "to", Kind: chat.Many, Choices: []commands.Choice{{"writer", text("Writer", "Rédaction")}, {"approver", text("Approver", "Validation")},
		{"analyst", text("Analyst", "Analyse")}}}
	for typed, want := range map[string][]string{
		"":                    {"Rédaction=writer", "Validation=approver", "Analyse=analyst"},
		"red":                 {"Rédaction=writer"},
		"rédaction,":          {"rédaction, Validation=rédaction, approver", "rédaction, Analyse=rédaction, analyst"},
		"writer ; VALID":      {"writer, Validation=writer, approver"},
		" writer,, writer,":   {"writer, Validation=writer, approver", "writer, Analyse=writer, analyst"},
		"writer, approver, a": {"writer, approver, Analyse=writer, approver, analyst"},
		"writer, writer":      {},
		"writer, x":           {},
		",":                   {"Rédaction=writer", "Validation=approver", "Analyse=analyst"},
	} {
		got, err := o.Suggest(t.Context(), commands.Call{Locale: i18n.Fr}, typed)
		if diff := cmp.Diff(want, pairs(got)); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", typed, err, diff)
		}
	}
	one := commands.Option{Name: "x", Complete: func(_ context.Context, _ commands.Call, typed string) ([]chat.Option, error) {
		return []chat.Option{{Value: typed, Label: typed}}, nil
	}}
	if got, err := one.Suggest(t.Context(), commands.Call{}, "a, b"); err != nil || !cmp.Equal([]string{"a, b=a, b"}, pairs(got)) {
		t.Errorf("of one: %v, %v", got, err)
	}
}

func TestADateIsShownAsItIsRead(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison") // in London; today is Tuesday 17 March, 8:00
		for typed, want := range map[string][]string{
			"tomorrow 9am":           {"Wednesday 18 March 2026 at 09:00 (Europe/London)=tomorrow 9am"},
			" mardi 18h30 ":          {"Tuesday 17 March 2026 at 18:30 (Europe/London)=mardi 18h30"},
			"when it rains":          {},
			"yesterday":              {},
			"x' OR 1=1 --":           {},
			"tomorrow":               {},
			"":                       {"tomorrow 9am · Wednesday 18 March 2026 at 09:00 (Europe/London)=tomorrow 9am", "next Monday 9am · Monday 23 March 2026 at 09:00 (Europe/London)=next Monday 9am", "in 2 hours · Tuesday 17 March 2026 at 10:00 (Europe/London)=in 2 hours"},
			strings.Repeat("a", 500): {},
		} {
			if diff := cmp.Diff(want, d.offered(awa, "post draft", "at", typed, nil)); diff != "" {
				t.Errorf("%.40q (-want +got):\n%s", typed, diff)
			}
		}
		card(t, of(d.types(awa, `brand set zone:montreal`)))
		card(t, of(d.types(awa, `langue français`)))
		want := []string{"demain 9h · mercredi 18 mars 2026 à 9\u202fh (America/Montreal)=demain 9h", "lundi prochain 9h · lundi 23 mars 2026 à 9\u202fh (America/Montreal)=lundi prochain 9h",
			"dans 2 heures · mardi 17 mars 2026 à 6\u202fh (America/Montreal)=dans 2 heures"}
		if diff := cmp.Diff(want, d.offered(awa, "post schedule", "at", "", nil)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestBrandsAccountsAndPostsAreOffered(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		brand := d.begin(awa, "Maison")
		card(t, of(d.types(awa, `brand add name:"Atelier d’été"`)))
		if diff := cmp.Diff([]string{"Atelier d’été=Atelier d’été", "Maison=Maison"}, d.offered(awa, "post draft", "brand", "", nil)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"Atelier d’été=Atelier d’été"}, d.offered(awa, "calendar", "brand", "ETE", nil)); diff != "" {
			t.Error(diff)
		}
		m, _, err := d.services.Team.Who(t.Context(), team.Person(awa))
		if err != nil {
			t.Fatal(err)
		}
		account, err := d.services.Accounts.Connect(t.Context(), m, brand.ID, "toy", map[string]string{"token": rightToken})
		if err != nil {
			t.Fatal(err)
		}
		of_ := chat.Values{"brand": {"Maison"}}
		if diff := cmp.Diff([]string{account.Name() + "=" + account.ID}, d.offered(awa, "post draft", "to", "toy", of_)); diff != "" {
			t.Error(diff)
		}
		for _, words := range []string{"Soldes", "Bonjour à tous"} {
			if _, err := d.types(awa, `post draft text:"`+words+`" to:`+account.ID+` brand:Maison`); err != nil {
				t.Fatal(err)
			}
		}
		all := d.offered(awa, "post show", "post", "", nil)
		if len(all) != 2 || !strings.HasPrefix(all[0], "Draft · Bonjour à tous=pst_") {
			t.Errorf("posts %q", all)
		}
		if all := d.offered(awa, "post show", "post", "sold", nil); len(all) != 1 {
			t.Errorf("with a word: %q", all)
		}
		// The date of a post is read in its own brand's zone, wherever that is typed.
		id := all[0][strings.Index(all[0], "=")+1:]
		if got := d.offered(awa, "post schedule", "at", "demain 9h", chat.Values{"post": {id}}); len(got) != 1 || !strings.Contains(got[0], "(Europe/London)") {
			t.Errorf("%q", got)
		}
		// Nothing of another team's is offered.
		bo := manager("Bo")
		bo.Workspace = "T2"
		if _, err := d.types(bo, "setup brand:Autre"); err != nil {
			t.Fatal(err)
		}
		for option, want := range map[string][]string{"brand": {"Autre=Autre"}, "to": {}} {
			if diff := cmp.Diff(want, d.offered(bo, "post draft", option, "", nil)); diff != "" {
				t.Errorf("%s: %s", option, diff)
			}
		}
		if all := d.offered(bo, "post show", "post", "", nil); len(all) != 0 {
			t.Errorf("posts of another team: %q", all)
		}
	})
}

func TestCommandsAreOfferedToHelp(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		fr := user("Bo")
		fr.Locale = i18n.Fr
		if diff := cmp.Diff([]string{"/post rediger · Rédiger une publication=post rediger"}, d.offered(fr, "help", "command", "/Rédi", nil)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"/post draft · Write a post=post draft"}, d.offered(user("Bo"), "help", "command", "rediger", nil)); diff != "" {
			t.Error(diff)
		}
		for _, o := range d.offered(user("Bo"), "help", "command", "", nil) {
			label, name, _ := strings.Cut(o, "=")
			if _, ok := d.registry.Named(name); !ok || len([]rune(label)) > 100 {
				t.Errorf("offered %q", o)
			}
		}
	})
}

func TestZonesAreOffered(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		bo := user("Bo")
		if got := d.offered(bo, "setup", "zone", "", nil); len(got) != 25 || got[0] != "Europe/London=Europe/London" || got[1] != "Europe/Paris=Europe/Paris" {
			t.Errorf("at first %q", got)
		}
		for typed, want := range map[string]string{"new y": "America/New York=America/New_York", "Réun": "Indian/Reunion=Indian/Reunion", "paris": "Europe/Paris=Europe/Paris",
			"america/new_york": "America/New York=America/New_York", "port au": "America/Port-au-Prince=America/Port-au-Prince", "MONTRÉAL": "America/Montreal=America/Montreal"} {
			if got := d.offered(bo, "setup", "zone", typed, nil); len(got) == 0 || got[0] != want {
				t.Errorf("%q: %q", typed, got)
			}
		}
		if got := d.offered(bo, "setup", "zone", "mars/olympus", nil); len(got) != 0 {
			t.Errorf("%q", got)
		}
	})
}

// TestEveryZoneThatIsOfferedIsOne loads them all.
func TestEveryZoneThatIsOfferedIsOne(t *testing.T) {
	t.Parallel()
	all := commands.ZoneNames()
	if len(all) < 400 {
		t.Fatalf("%d zones", len(all))
	}
	for _, name := range all {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}
