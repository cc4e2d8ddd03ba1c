package commands_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/fault"
	"griot/social"
	"griot/team"
)

// sections are a card's sections: the title, and what stands below it.
func sections(c chat.Card) []string {
	var out []string
	for _, s := range c.Sections {
		out = append(out, s.Title+": "+said(s.Body))
	}
	return out
}

// elsewhere is an act in a place that belongs to no brand and shows no message, as the home page of a chat.
func elsewhere(e chat.Event, who chat.Who) chat.Event {
	e.Place = chat.Place{Surface: who.Surface, Workspace: who.Workspace, Channel: "D1"}
	return e
}

func choose(t *testing.T, c chat.Card, label, option string) (chat.Event, chat.Values) {
	t.Helper()
	for _, s := range c.Selects {
		for _, o := range s.Options {
			if s.Label == label && o.Label == option {
				return chat.Event{Tag: s.Tag}, chat.Values{"value": {o.Value}}
			}
		}
	}
	t.Fatalf("no %q under %q in %+v", option, label, c.Selects)
	return chat.Event{}, nil
}

func TestHomeOfANewTeam(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		c := card(t, of(d.types(awa, "accueil")))
		want := []string{"What waits for you: Nothing waits for you.", "Your next posts: None of your posts is scheduled.",
			"The next seven days: Nothing leaves in the next seven days."}
		if diff := cmp.Diff(want, sections(c)); diff != "" || c.Title != "Home" || said(c.Lead) != "Hello, Awa. Here is where you stand." {
			t.Errorf("%s: %s (-want +got):\n%s", c.Title, said(c.Lead), diff)
		}
		if diff := cmp.Diff([]string{"Write a post", "Calendar"}, labels(c.Buttons)); diff != "" || c.Selects != nil {
			t.Errorf("%+v (-want +got):\n%s", c.Selects, diff)
		}

		card(t, of(d.types(user("Bo"), "team access")))
		c = card(t, of(d.types(awa, "home")))
		if got := sections(c)[0]; got != "What waits for you: 1 person asks to be let in." {
			t.Error(got)
		}
		card(t, of(d.presses(awa, elsewhere(chat.Event{Tag: button(t, c, "Answer requests").Tag}, awa), nil)))
	})
}

func TestHomeWithoutARoleNamesWhoCanGiveOne(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa, bo := manager("Awa"), user("Bo")
		brand := d.begin(awa, "Maison")
		m, _, err := d.services.Team.Who(t.Context(), team.Person(awa))
		if err != nil {
			t.Fatal(err)
		}
		code, err := d.services.Team.Invite(t.Context(), m, brand.ID, []social.Role{social.Writer})
		if err != nil {
			t.Fatal(err)
		}
		card(t, of(d.types(bo, "team join "+code)))
		card(t, of(d.types(awa, "team roles member:Bo roles:none")))
		c := card(t, of(d.types(bo, "home")))
		want := "Welcome to the team! You have no role for a brand yet: ask Awa to give you one with /team roles. Your day will then be here."
		if diff := cmp.Diff(want, said(c.Body)); diff != "" || c.Sections != nil || c.Buttons != nil {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestHomeAsksWhichBrandIsMeant: a member of several brands writes and plans from a place that says nothing of brands.
func TestHomeAsksWhichBrandIsMeant(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		card(t, of(d.types(awa, `brand add name:"Autre"`)))
		m, _, err := d.services.Team.Who(t.Context(), team.Person(awa))
		if err != nil {
			t.Fatal(err)
		}
		all, err := d.services.Team.Brands(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		account, err := d.services.Accounts.Connect(t.Context(), m, all[0].ID, "toy", map[string]string{"token": rightToken})
		if err != nil {
			t.Fatal(err)
		}
		c := card(t, of(d.types(awa, "home")))
		if c.Buttons != nil {
			t.Errorf("buttons that cannot tell which brand is meant: %q", labels(c.Buttons))
		}
		e, v := choose(t, c, "Calendar of…", "Autre")
		if week := card(t, of(d.presses(awa, elsewhere(e, awa), v))); week.Title != "Calendar of Autre, week of Monday 16 March 2026" {
			t.Error(week.Title)
		}
		e, v = choose(t, c, "Write a post for…", "Autre")
		f := form(t, of(d.presses(awa, elsewhere(e, awa), v)))
		if diff := cmp.Diff([]string{account.ID}, f.Inputs[1].Value); diff != "" {
			t.Errorf("the accounts of the form (-want +got):\n%s", diff)
		}
		sent := elsewhere(chat.Event{Tag: f.Tag, Form: true}, awa)
		_, err = d.presses(awa, sent, chat.Values{"text": {"Bonjour"}, "to": {account.ID}, "at": {"yesterday 9am"}})
		refused(t, err, fault.Invalid, "at")
		a, err := d.presses(awa, sent, chat.Values{"text": {"Bonjour"}, "to": {account.ID}, "at": {"2026-03-18T08:00:00Z"}})
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := d.services.Publishing.Sheet(t.Context(), m, a.(chat.Say).Card.Subject)
		if err != nil {
			t.Fatal(err)
		}
		if p := sheet.Post; p.BrandID != all[0].ID || p.Moment.Local != "2026-03-18T08:00" || p.Moment.Zone != all[0].Zone {
			t.Errorf("stored as %+v", p)
		}
	})
}

// TestHomeOpensAPost: what is chosen there is shown privately, though no message was pressed.
func TestHomeOpensAPost(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		brand := d.begin(awa, "Maison")
		card(t, of(d.types(awa, "brand set alone:yes")))
		m, _, err := d.services.Team.Who(t.Context(), team.Person(awa))
		if err != nil {
			t.Fatal(err)
		}
		account, err := d.services.Accounts.Connect(t.Context(), m, brand.ID, "toy", map[string]string{"token": rightToken})
		if err != nil {
			t.Fatal(err)
		}
		a, err := d.types(awa, "post draft text:Bonjour to:"+account.ID+` at:"tomorrow 9am"`)
		if err != nil {
			t.Fatal(err)
		}
		id := a.(chat.Say).Card.Subject
		if _, err := d.services.Publishing.Move(t.Context(), m, id, 0, social.Approve, social.Change{}); err != nil {
			t.Fatal(err)
		}
		c := card(t, of(d.types(awa, "home")))
		e, v := choose(t, c, "Open a post…", "Scheduled · Bonjour")
		if got := card(t, of(d.presses(awa, elsewhere(e, awa), v))); got.Subject != id {
			t.Errorf("opened %+v", got)
		}
	})
}
