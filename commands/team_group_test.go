package commands_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
	"griot/fault"
)

// guild is a Discord server with two roles beside that of everybody.
func guild(d *desk) {
	d.services.Groups = func(_ context.Context, at chat.Place) ([]chat.Option, error) {
		return []chat.Option{{Value: "1", Label: "@everyone"}, {Value: "41", Label: "Modération"}, {Value: "42", Label: "Team Rédac"}}, nil
	}
}

// guest is somebody of that server.
func guest(name string, groups ...string) chat.Who {
	w := user(name)
	w.Surface, w.Workspace = "discord", "1"
	w.Groups = strings.Join(append([]string{"1"}, groups...), ",")
	return w
}

func TestARoleOfTheServerGivesRoles(t *testing.T) {
	each(t, guild, func(t *testing.T, d *desk) {
		awa := guest("Awa")
		awa.Manager = true
		d.begin(awa, "Maison")
		c := card(t, of(d.types(awa, "equipe groupe")))
		if diff := cmp.Diff([]string{"Give a role of this server…"}, labels(c.Buttons)); diff != "" || c.Selects != nil {
			t.Error(diff, c.Selects)
		}
		for _, typed := range []string{"group:@moderation roles:moderator,analyst", "group:41 roles:moderator,analyst", "group:<@&41> roles:analyst,moderator"} {
			c = card(t, of(d.types(awa, "team group "+typed)))
			if diff := cmp.Diff("Saved. Whoever has the role “Modération” in this server now has these roles for Maison: moderator, analyst.", said(c.Body)); diff != "" {
				t.Error(diff)
			}
		}
		bo := guest("Bo", "41")
		c = card(t, of(d.types(bo, "team members")))
		if diff := cmp.Diff("Awa · writer, approver, admin\nBo · moderator, analyst (moderator, analyst by the Discord role “Modération”)", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		c = card(t, of(d.types(awa, "team roles member:Bo roles:writer")))
		if diff := cmp.Diff("Bo now has these roles for Maison: writer, moderator, analyst. From a role of the server, and changed with /team group: "+
			"moderator, analyst by the Discord role “Modération”.", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		f := form(t, of(d.types(awa, "team roles")))
		if len(f.Inputs) == 0 {
			t.Error("no form")
		}
		c = card(t, of(d.types(awa, "team members")))
		e, v := choose(t, c, "Change the roles of…", "Bo")
		if f = form(t, of(d.presses(awa, e, v))); !cmp.Equal([]string{"writer"}, f.Inputs[0].Value) {
			t.Errorf("the form would give for good what the group gives: %v", f.Inputs[0].Value)
		}

		c = card(t, of(d.types(awa, "team group")))
		if diff := cmp.Diff("Modération (Discord) · moderator, analyst", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		e, v = choose(t, c, "Change what it gives…", "Modération")
		f = form(t, of(d.presses(awa, e, v)))
		if in := f.Inputs[0]; in.Kind != chat.Group || len(in.Options) != 3 || !cmp.Equal([]string{"41"}, in.Value) {
			t.Errorf("the group is asked for as %+v", in)
		}
		if in := f.Inputs[1]; !cmp.Equal([]string{"analyst", "moderator"}, in.Value) || len(in.Options) != 5 {
			t.Errorf("its roles are asked for as %+v", in)
		}
		c = card(t, of(d.sends(awa, f, chat.Values{"roles": {}})))
		if diff := cmp.Diff("Saved. The role “Modération” of this server gives nothing any more for Maison.", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		c = card(t, of(d.types(bo, "team members")))
		if diff := cmp.Diff("Awa · writer, approver, admin\nBo · writer", said(c.Body)); diff != "" {
			t.Error(diff)
		}
		f = form(t, of(d.presses(awa, chat.Event{Tag: button(t, card(t, of(d.types(awa, "team group"))), "Give a role of this server…").Tag}, nil)))
		card(t, of(d.sends(awa, f, chat.Values{"group": {"42"}, "roles": {"writer"}})))
		f = form(t, of(d.types(awa, `team group group:"team redac"`)))
		if in := f.Inputs[1]; !cmp.Equal([]string{"writer"}, in.Value) {
			t.Errorf("of a role that is named: %v", in.Value)
		}
		card(t, of(d.types(awa, `team group group:"team redac" roles:none`)))

		_, err := d.types(awa, "team group group:nobody roles:writer")
		refused(t, err, fault.Invalid, "group")
		_, err = d.types(awa, "team group group:41 roles:admin")
		refused(t, err, fault.Invalid, "roles")
		_, err = d.types(bo, "team group group:41 roles:writer")
		if !fault.Is(err, fault.Denied) && !fault.Is(err, fault.Invalid) {
			t.Errorf("bo: %v", err)
		}
		if c = card(t, of(d.types(bo, "team group"))); len(c.Buttons)+len(c.Selects) > 0 {
			t.Errorf("bo may press %v", labels(c.Buttons))
		}
	})
}

func TestWhereNoServerHasRolesTheWayIsSaid(t *testing.T) {
	each(t, guild, func(t *testing.T, d *desk) {
		awa := manager("Awa")
		d.begin(awa, "Maison")
		const want = "Roles of a server exist in Discord only, and this is typed in the server itself. Here, give roles to each person with /team roles."
		if diff := cmp.Diff(want, said(card(t, of(d.types(awa, "team group"))).Body)); diff != "" {
			t.Error(diff)
		}
		_, err := d.types(awa, "team group group:41 roles:writer")
		refused(t, err, fault.Denied, "")
	})
}
