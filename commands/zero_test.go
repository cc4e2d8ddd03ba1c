package commands_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/team"
)

func withChannels(d *desk) {
	d.services.Channels = func(_ context.Context, at chat.Place) ([]chat.Option, error) {
		return []chat.Option{{Value: "C1", Label: "general"}, {Value: "C2", Label: "#validations"}, {Value: "C3", Label: "équipe"}}, nil
	}
}

func TestSetupFormKnowsWhatTheChatKnows(t *testing.T) {
	each(t, withChannels, func(t *testing.T, d *desk) {
		f := form(t, of(d.types(manager("Awa"), "/demarrer")))
		got := map[string]string{}
		for _, in := range f.Inputs {
			got[in.Name] = strings.Join(in.Value, ",")
		}
		want := map[string]string{"brand": "", "language": "en", "zone": "Europe/London", "alone": "no", "approvals": "C2"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if in := f.Inputs[len(f.Inputs)-1]; in.Kind != chat.Room || len(in.Options) != 3 {
			t.Errorf("the channel is asked for as %+v", in)
		}
		c := card(t, of(d.sends(manager("Awa"), f, chat.Values{"brand": {"Maison"}, "zone": {"paris"}})))
		if diff := cmp.Diff([]string{"Language: English", "Time zone: Europe/Paris", "Approval: by somebody other than the writer",
			"Approvals: #validations"}, fields(c)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff("run|connect|0", button(t, c, "Connect an account").Tag.String()); diff != "" {
			t.Error(diff)
		}
		if _, err := d.types(manager("Awa"), "setup"); !fault.Is(err, fault.Conflict) {
			t.Errorf("set up twice: %v", err)
		}
		_, err := d.types(user("Bo"), "setup")
		refused(t, err, fault.Denied, "")
	})
}

func TestSetupNeedsAManagerOrTheCode(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		f := form(t, of(d.types(user("Awa"), "setup")))
		if !slices.ContainsFunc(f.Inputs, func(in chat.Input) bool { return in.Name == "code" }) {
			t.Error("the form does not ask for the code")
		}
		_, err := d.sends(user("Awa"), f, chat.Values{"brand": {"Maison"}})
		refused(t, err, fault.Invalid, "code")
		_, err = d.sends(user("Awa"), f, chat.Values{"brand": {"Maison"}, "code": {"nothing"}})
		refused(t, err, fault.Invalid, "code")
		code, err := d.services.Team.NewSetupCode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.sends(user("Awa"), f, chat.Values{"brand": {strings.Repeat("x", 61)}, "code": {code}})
		refused(t, err, fault.Invalid, "brand")
		_, err = d.sends(user("Awa"), f, chat.Values{"brand": {"Maison"}, "zone": {"Mars/Olympus"}, "code": {code}})
		refused(t, err, fault.Invalid, "zone")
		card(t, of(d.sends(user("Awa"), f, chat.Values{"brand": {"Maison"}, "code": {code}})))
	})
}

func TestZonesAreFoundByTheirCity(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		for typed, want := range map[string]string{"paris": "Europe/Paris", "Montréal": "America/Montreal", "america/new york": "America/New_York",
			"new_york": "America/New_York", "Europe/Paris": "Europe/Paris", "la reunion": "", "réunion": "Indian/Reunion", "America/Port-au-Prince": "America/Port-au-Prince",
			"../etc/passwd": "", "local": "", "utc": ""} {
			a, err := d.types(awa, `brand set zone:"`+typed+`"`)
			if want == "" {
				refused(t, err, fault.Invalid, "zone")
				continue
			}
			if got := fields(card(t, of(a, err)))[1]; got != "Time zone: "+want {
				t.Errorf("%s: %s", typed, got)
			}
		}
	})
}

func TestSetupInThePlaygroundIsReadyToPractise(t *testing.T) {
	practise := func(d *desk) {
		d.services.Team.Practice = team.Practice{Workspaces: []social.Workspace{{Surface: "playground", Workspace: "playground", Name: "Chat"}},
			People: []team.PracticePerson{{User: "awa", Name: "Awa", Roles: []social.Role{social.Admin}}, {User: "nora", Name: "Nora", Roles: []social.Role{social.Writer}},
				{User: "leo", Name: "Léo", Roles: []social.Role{social.Approver}}}}
		d.services.Practice = func(ctx context.Context, by social.Member, brand string) error {
			_, err := d.services.Accounts.Connect(ctx, by, brand, "toy", map[string]string{"token": rightToken})
			return err
		}
	}
	each(t, practise, func(t *testing.T, d *desk) {
		awa := chat.Who{Surface: "playground", Workspace: "playground", User: "awa", Name: "Awa", Locale: i18n.Fr, Manager: true}
		c := card(t, of(d.types(awa, "demarrer marque:Maison")))
		got := fields(c)
		if diff := cmp.Diff([]string{
			"Pour vous entraîner, parlez en tant que: Awa (rédaction, validation, administration) · Nora (rédaction) · Léo (validation)",
			"Compte d’entraînement: Toynet · @awa@toy.example (rien ne sort de cet ordinateur)"}, got[len(got)-2:]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// Elsewhere nobody is made up and nothing is connected.
		c = card(t, of(d.types(manager("Bo"), "setup brand:Other")))
		if diff := cmp.Diff([]string{"Connect an account", "Invite people", "Channels…", "Settings"}, labels(c.Buttons)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestAPickedChannelNeedNotBeListed: the picker of a chat knows channels that our list, cut at some length, does not hold.
func TestAPickedChannelNeedNotBeListed(t *testing.T) {
	each(t, withChannels, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		f := form(t, of(d.types(awa, "setup")))
		_, err := d.sends(awa, f, chat.Values{"brand": {"Maison"}, "approvals": {"nowhere"}})
		refused(t, err, fault.Invalid, "approvals")
		c := card(t, of(d.sends(awa, f, chat.Values{"brand": {"Maison"}, "approvals": {"C0123ABCD"}})))
		if diff := cmp.Diff("Approvals: #C0123ABCD", fields(c)[3]); diff != "" {
			t.Error(diff)
		}
		for _, typed := range []string{"C0999ABCD", "#nowhere"} {
			_, err = d.types(awa, "brand channel approvals channel:"+typed)
			refused(t, err, fault.Invalid, "channel")
		}
		f = form(t, of(d.types(awa, "brand channel")))
		if diff := cmp.Diff([]string{"C0123ABCD"}, f.Inputs[0].Value); diff != "" || f.Inputs[0].Kind != chat.Room {
			t.Error(f.Inputs[0].Kind, diff)
		}
		c = card(t, of(d.sends(awa, f, chat.Values{"approvals": {"81384788765712384"}})))
		if diff := cmp.Diff("Approvals: #81384788765712384", fields(c)[6]); diff != "" {
			t.Error(diff)
		}
	})
}

// TestARoomIsAskedForWhereNobodyListsThem: the chat may have a picker all the same.
func TestARoomIsAskedForWhereNobodyListsThem(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		f := form(t, of(d.types(awa, "brand channel")))
		if in := f.Inputs[0]; in.Kind != chat.Room || len(in.Options) > 0 {
			t.Errorf("the channel is asked for as %+v", in)
		}
		c := card(t, of(d.sends(awa, f, chat.Values{"approvals": {"#relecture"}})))
		if diff := cmp.Diff("Approvals: #relecture", fields(c)[6]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLanguageIsEachPersonsOwn(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		d.begin(manager("Awa"), "Maison")
		c := card(t, of(d.types(manager("Awa"), "langue français")))
		if got := said(c.Body); !strings.HasPrefix(got, "Désormais, je vous parle français.") {
			t.Error(got)
		}
		c = card(t, of(d.types(manager("Awa"), "equipe membres")))
		if diff := cmp.Diff("L’équipe de Maison", c.Title); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBrandSettings(t *testing.T) {
	each(t, withChannels, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		c := card(t, of(d.types(awa, `marque regler retard:"20 min" ensuite:abandonner corriger:non deplacer:non seul:oui fuseau:montreal garde:"90 min" second:oui`)))
		if diff := cmp.Diff([]string{"Language: English", "Time zone: America/Montreal", "Approval: one may approve one’s own words (“I work alone”)",
			"Fix and approve: not allowed", "Moving an approved post: asks for approval again", "When a post is late: it still leaves within 20 minutes, then it is given up",
			"Approvals: #validations", "A mention stays with who took it: 1 hour and 30 minutes", "Answers to mentions: need a second person’s yes"}, fields(c)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, err := d.types(awa, `brand set late:"when it rains"`)
		refused(t, err, fault.Invalid, "late")

		f := form(t, of(d.types(awa, "brand set")))
		c = card(t, of(d.sends(awa, f, chat.Values{"name": {"Maison Dupont"}, "fix": {"yes"}})))
		if diff := cmp.Diff("Maison Dupont", c.Title); diff != "" {
			t.Error(diff)
		}
		if got := fields(c); got[3] != "Fix and approve: allowed" || got[5] != "When a post is late: it still leaves within 20 minutes, then it is given up" {
			t.Errorf("what was not touched has changed: %q", got)
		}
		stale := chat.Values{"name": {"Too late"}}
		_, err = d.sends(awa, f, stale)
		refused(t, err, fault.Conflict, "")
		// A form that comes back for a mistake keeps the revision its reader saw, so that it cannot undo somebody's work.
		if back := form(t, of(d.rebuilds(awa, f))); back.Tag != f.Tag {
			t.Errorf("came back as %s, was %s", back.Tag, f.Tag)
		}

		c = card(t, of(d.types(awa, "marque canal validations canal:aucun")))
		if diff := cmp.Diff([]string{"Approvals: no channel yet"}, fields(c)[6:7]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		c = card(t, of(d.types(awa, "brand channel approvals channel:#equipe")))
		if diff := cmp.Diff([]string{"Approvals: #équipe"}, fields(c)[6:7]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, err = d.types(awa, "brand channel approvals channel:#nowhere")
		refused(t, err, fault.Invalid, "channel")
		f = form(t, of(d.presses(awa, chat.Event{Tag: button(t, c, "Channels…").Tag}, nil)))
		c = card(t, of(d.sends(awa, f, chat.Values{"approvals": {"C2"}})))
		if diff := cmp.Diff([]string{"Approvals: #validations"}, fields(c)[6:7]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}

		c = card(t, of(d.types(awa, `brand add name:"Autre" language:french`)))
		if diff := cmp.Diff([]string{"Change…", "Channels…", "All accounts"}, labels(c.Buttons)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, err = d.types(awa, "brand channel approvals channel:#validations brand:Autre")
		refused(t, err, fault.Conflict, "channel")
		_, err = d.types(awa, `brand add name:"maison dupont"`)
		if err == nil || fault.KindOf(err) == fault.Internal {
			t.Errorf("two brands of one name: %v", err)
		}
	})
}
