package commands_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/fault"
	"griot/social"
	"griot/team"
)

// word is the last word of what a card says to type.
func word(c chat.Card) string {
	for _, s := range c.Body {
		if code, ok := s.(chat.Code); ok {
			_, after, _ := strings.Cut(string(code), "code:")
			return after
		}
	}
	return ""
}

func TestPeopleComeInByInvitationAndGetRoles(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa, bo := manager("Awa"), user("Bo")
		d.begin(awa, "Maison")
		f := form(t, of(d.types(awa, "team invite")))
		if diff := cmp.Diff([]string{"roles", "brand"}, []string{f.Inputs[0].Name, f.Inputs[1].Name}); diff != "" {
			t.Error(diff)
		}
		code := word(card(t, of(d.types(awa, "team invite roles:writer,analyst"))))
		_, err := d.types(bo, "team join code:wrong")
		refused(t, err, fault.Invalid, "code")
		card(t, of(d.types(bo, "team join "+code)))
		_, err = d.types(user("Cy"), "team join "+code)
		refused(t, err, fault.Invalid, "code")

		c := card(t, of(d.types(awa, "team members")))
		if diff := cmp.Diff("Awa · writer, approver, admin\nBo · writer, analyst", said(c.Body)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		select1 := c.Selects[0]
		bo1 := slices.IndexFunc(select1.Options, func(o chat.Option) bool { return o.Label == "Bo" })
		f = form(t, of(d.presses(awa, chat.Event{Tag: select1.Tag, Message: "m1"}, chat.Values{"value": {select1.Options[bo1].Value}})))
		if diff := cmp.Diff([]string{"writer", "analyst"}, f.Inputs[0].Value); diff != "" {
			t.Errorf("roles are not those they have:\n%s", diff)
		}
		c = card(t, of(d.sends(awa, f, chat.Values{"roles": {"approver"}})))
		if diff := cmp.Diff("Bo now has these roles for Maison: approver.", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		c = card(t, of(d.types(awa, "equipe roles membre:Bo roles:aucun")))
		if diff := cmp.Diff("Bo no longer has a role for Maison.", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		_, err = d.types(awa, "team roles member:Awa roles:writer")
		refused(t, err, fault.Conflict, "")
		_, err = d.types(awa, "team roles member:Zoe roles:writer")
		refused(t, err, fault.Invalid, "member")
		_, err = d.types(bo, "team roles member:Awa roles:writer")
		refused(t, err, fault.Denied, "")
		_, err = d.types(bo, "team invite roles:writer")
		refused(t, err, fault.Denied, "")
	})
}

func TestStrangersAskAndAdminsAnswer(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		brand := d.begin(awa, "Maison")
		card(t, of(d.types(user("Bo"), "team access")))
		card(t, of(d.presses(user("Cy"), chat.Event{Tag: chat.Tag{Verb: "team.ask"}}, nil)))
		_, err := d.types(user("Bo"), "equipe acces")
		refused(t, err, fault.Conflict, "")

		c := card(t, of(d.types(awa, "team requests")))
		if diff := cmp.Diff("Bo · Slack\nCy · Slack", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		open := func(name string) chat.Card {
			i := slices.IndexFunc(c.Selects[0].Options, func(o chat.Option) bool { return o.Label == name })
			return card(t, of(d.presses(awa, chat.Event{Tag: c.Selects[0].Tag}, chat.Values{"value": {c.Selects[0].Options[i].Value}})))
		}
		bo := open("Bo")
		f := form(t, of(d.presses(awa, chat.Event{Tag: button(t, bo, "Let in…").Tag}, nil)))
		if diff := cmp.Diff([]string{"roles"}, []string{f.Inputs[0].Name}); diff != "" {
			t.Error(diff)
		}
		_, err = d.sends(awa, f, chat.Values{"roles": {}})
		refused(t, err, fault.Invalid, "roles")
		in := card(t, of(d.sends(awa, f, chat.Values{"roles": {"approver", "analyst"}})))
		if diff := cmp.Diff("Bo is in the team now.\nAwa has answered this request.", said(in.Body)); diff != "" || len(in.Buttons) > 0 {
			t.Error(diff, in.Buttons)
		}
		m, _, err := d.services.Team.Who(t.Context(), team.Person(user("Bo")))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string][]social.Role{brand.ID: {social.Analyst, social.Approver}}, sorted(m.Roles)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		away := card(t, of(d.presses(awa, chat.Event{Tag: button(t, open("Cy"), "Turn away").Tag, Message: "m"}, nil)))
		if len(away.Buttons) > 0 {
			t.Error("an answered request still has buttons")
		}
		_, err = d.types(user("Cy"), "team access")
		refused(t, err, fault.Busy, "")
		if got := said(card(t, of(d.types(awa, "team requests"))).Body); got != "Nobody is waiting to be let in." {
			t.Error(got)
		}
	})
}

func sorted(all map[string][]social.Role) map[string][]social.Role {
	for _, roles := range all {
		slices.Sort(roles)
	}
	return all
}

func TestOnePersonInTwoChats(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		_, err := d.types(user("Bo"), "team link")
		refused(t, err, fault.Denied, "")
		code := word(card(t, of(d.types(awa, "team link"))))
		there := chat.Who{Surface: "discord", Workspace: "G1", User: "77", Name: "awa_d", Manager: true}
		c := card(t, of(d.types(there, "equipe lier code:"+code)))
		if diff := cmp.Diff("Done: here, too, you are Awa of the team “Maison”.", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		_, err = d.types(there, "team unlink chat:teams")
		refused(t, err, fault.Invalid, "chat")
		card(t, of(d.types(awa, "team unlink discord")))
		if _, _, err := d.services.Team.Who(t.Context(), team.Person(there)); !fault.Is(err, fault.Denied) {
			t.Errorf("still known: %v", err)
		}
		_, err = d.types(awa, "team unlink slack")
		refused(t, err, fault.Conflict, "")
	})
}

// TestOneTeamNeverTouchesAnother presses every button about a subject with another team's ids.
func TestOneTeamNeverTouchesAnother(t *testing.T) {
	each(t, nil, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		mine := d.begin(awa, "Maison")
		ana := manager("Ana")
		ana.Workspace = "T2"
		theirs := d.begin(ana, "Other")
		other, _, err := d.services.Team.Who(t.Context(), team.Person(ana))
		if err != nil {
			t.Fatal(err)
		}
		account, err := d.services.Accounts.Connect(t.Context(), other, theirs.ID, "toy", map[string]string{"token": rightToken})
		if err != nil {
			t.Fatal(err)
		}
		eve := user("Eve")
		eve.Workspace = "T2"
		card(t, of(d.types(eve, "team access")))
		asks, err := d.services.Team.Requests(t.Context(), other)
		if err != nil || len(asks) != 1 {
			t.Fatal(asks, err)
		}
		secret := chat.Values{"token": {rightToken}, "roles": {"writer"}, "name": {"Stolen"}, "approvals": {"C9"}}
		for _, e := range []chat.Event{
			{Tag: chat.Tag{Verb: "account.check", Subject: account.ID}},
			{Tag: chat.Tag{Verb: "account.again", Subject: account.ID}},
			{Tag: chat.Tag{Verb: "account.remove", Subject: account.ID}},
			{Tag: chat.Tag{Verb: "account.connect", Subject: theirs.ID + ".toy"}},
			{Tag: chat.Tag{Verb: "account.connect", Subject: theirs.ID + ".toy"}, Form: true},
			{Tag: chat.Tag{Verb: "account.page", Subject: theirs.ID + ".toy"}},
			{Tag: chat.Tag{Verb: "brand.set", Subject: theirs.ID}},
			{Tag: chat.Tag{Verb: "brand.set", Subject: theirs.ID, Rev: theirs.Rev}, Form: true},
			{Tag: chat.Tag{Verb: "brand.channel", Subject: theirs.ID}, Form: true},
			{Tag: chat.Tag{Verb: "post.write", Subject: theirs.ID}},
			{Tag: chat.Tag{Verb: "post.write", Subject: theirs.ID}, Form: true},
			{Tag: chat.Tag{Verb: "team.roles", Subject: other.ID + "." + mine.ID}},
			{Tag: chat.Tag{Verb: "team.roles", Subject: other.ID + "." + mine.ID}, Form: true},
			{Tag: chat.Tag{Verb: "team.roles", Subject: other.ID + "." + theirs.ID}, Form: true},
			{Tag: chat.Tag{Verb: "team.admit", Subject: asks[0].ID}},
			{Tag: chat.Tag{Verb: "team.admit", Subject: asks[0].ID}, Form: true},
			{Tag: chat.Tag{Verb: "team.turn_away", Subject: asks[0].ID}},
		} {
			a, err := d.presses(awa, e, secret)
			if k := fault.KindOf(err); err == nil || k == fault.Internal {
				t.Errorf("%s (form %t): got %+v, %v", e.Tag, e.Form, a, err)
			}
		}
		for verb, id := range map[string]string{"account.open": account.ID, "team.request": asks[0].ID, "team.member": other.ID,
			"post.write_for": theirs.ID, "calendar.of": theirs.ID} {
			_, err := d.presses(awa, chat.Event{Tag: chat.Tag{Verb: verb, Subject: theirs.ID}}, chat.Values{"value": {id}})
			if k := fault.KindOf(err); err == nil || k == fault.Internal {
				t.Errorf("%s: %v", verb, err)
			}
		}
		if _, err := d.types(awa, "accounts brand:Other"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a brand of another team by its name: %v", err)
		}
	})
}
