package team_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/team"
)

// group is a group of T1 that gives roles for the first brand.
func (w world) group(id string, roles ...social.Role) social.Group {
	return social.Group{BrandID: w.brand.ID, Surface: "chat", Workspace: "T1", ID: id, Name: "The " + id, Roles: roles}
}

func (w world) gives(id string, roles ...social.Role) {
	w.Helper()
	_, err := w.s.SetGroup(w.Context(), w.awa, w.group(id, roles...))
	w.ok(err)
}

// in is a person whom their chat counts among groups.
func in(p team.Person, groups ...string) team.Person {
	p.Groups = strings.Join(append([]string{"T1"}, groups...), ",")
	return p
}

// sees tells the team what somebody's chat says of them, and returns what they may do for the first brand.
func (w world) sees(p team.Person) []social.Role {
	w.Helper()
	w.ok(w.s.Seen(w.Context(), p))
	m, _, err := w.s.Who(w.Context(), p)
	if errors.Is(err, team.ErrStranger) {
		return nil
	}
	w.ok(err)
	if m.Roles[w.brand.ID] == nil {
		return []social.Role{}
	}
	return m.Roles[w.brand.ID]
}

func (w world) may(what string, got []social.Role, want ...social.Role) {
	w.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAGroupGivesItsPeopleRolesAndTakesThemBack(t *testing.T) {
	each(t, func(w world) {
		nora := w.join("nora", social.Writer)
		p := person("T1", "nora")
		w.gives("mods", social.Moderator, social.Approver)
		w.may("before anything is said of groups", w.sees(p), social.Writer)
		w.may("in no group that matters", w.sees(in(p, "cats")), social.Writer)
		w.may("in the group", w.sees(in(p, "cats", "mods")), social.Approver, social.Moderator, social.Writer)
		w.may("where the chat does not say", w.sees(p), social.Approver, social.Moderator, social.Writer)

		_, err := w.s.SetRoles(w.Context(), w.awa, nora.ID, w.brand.ID, nil)
		w.ok(err)
		w.may("without what was given in Griot", w.sees(p), social.Approver, social.Moderator)
		w.gives("mods", social.Analyst)
		w.may("the group gives something else", w.sees(p), social.Analyst)
		w.gives("T1", social.Client)
		w.may("everybody is in T1", w.sees(in(p, "mods")), social.Analyst, social.Client)
		w.gives("mods")
		w.may("the group gives nothing any more", w.sees(p), social.Client)
		w.gives("mods", social.Analyst)
		w.may("who was in it is asked anew", w.sees(p), social.Client)
		w.may("still in it", w.sees(in(p, "mods")), social.Analyst, social.Client)
		w.may("out of it", w.sees(in(p)), social.Client)
	})
}

func TestEveryRightCountsWhatGroupsGive(t *testing.T) {
	each(t, func(w world) {
		w.gives("mods", social.Approver)
		w.sees(in(person("T1", "nora"), "mods"))
		with, err := storage.MembersWith(w.Context(), w.db, w.team.ID, w.brand.ID, social.Approver)
		w.ok(err)
		var names []string
		for _, m := range with {
			names = append(names, m.Name)
		}
		if diff := cmp.Diff([]string{"awa", "nora"}, names); diff != "" {
			w.Errorf("who may approve (-want +got):\n%s", diff)
		}
		m, err := storage.Member(w.Context(), w.db, w.team.ID, with[1].ID)
		w.ok(err)
		if !m.Has(w.brand.ID, social.Approver) {
			w.Errorf("nora %+v", m)
		}
		of, err := w.s.GroupsOf(w.Context(), w.awa, w.brand.ID)
		w.ok(err)
		if diff := cmp.Diff("The mods", of[m.ID][0].Name); diff != "" || len(of) != 1 {
			w.Errorf("%d members, %s", len(of), diff)
		}
		for who, want := range map[string][]social.Role{m.ID: {}, w.awa.ID: {social.Admin, social.Approver, social.Writer}} {
			got, err := w.s.GivenRoles(w.Context(), w.awa, who, w.brand.ID)
			w.ok(err)
			if !slices.Equal(got, want) {
				w.Errorf("given %v, want %v", got, want)
			}
		}
		// Nobody else manages the brand, whatever groups give.
		_, err = w.s.SetRoles(w.Context(), w.awa, w.awa.ID, w.brand.ID, nil)
		w.wants(err, fault.Conflict)
	})
}

func TestAStrangerInAGroupIsLetInAtOnce(t *testing.T) {
	each(t, func(w world) {
		q, err := w.s.AskAccess(w.Context(), person("T1", "zoe"))
		w.ok(err)
		w.gives("mods", social.Moderator)
		w.may("out of the group", w.sees(in(person("T1", "zoe"), "cats")))
		if got := w.sees(in(person("T1", "zoe"), "mods")); !slices.Equal(got, []social.Role{social.Moderator}) {
			w.Errorf("let in with %v", got)
		}
		m, _, err := w.s.Who(w.Context(), person("T1", "zoe"))
		w.ok(err)
		if m.Name != "zoe" || m.Locale != "fr" || m.Zone != "Europe/Paris" {
			w.Errorf("zoe is %+v", m)
		}
		q, err = w.s.Request(w.Context(), w.awa, q.ID)
		w.ok(err)
		if q.Open() || q.SettledBy != w.awa.ID {
			w.Errorf("her request is left as %+v", q)
		}
		w.may("who leaves the group stays, without a role", w.sees(in(person("T1", "zoe"))), []social.Role{}...)
	})
}

func TestOneStrangerTwiceAtOnceIsOneMember(t *testing.T) {
	each(t, func(w world) {
		w.gives("mods", social.Moderator)
		errs := atOnce(6, func(int) error { return w.s.Seen(w.Context(), in(person("T1", "zoe"), "mods")) })
		if n := count(errs, nil); n != 6 {
			w.Errorf("%d of 6 were seen: %v", n, errs)
		}
		all, err := w.s.Members(w.Context(), w.awa)
		w.ok(err)
		if len(all) != 2 {
			w.Errorf("members %+v", all)
		}
		w.may("then", w.sees(person("T1", "zoe")), social.Moderator)
	})
}

func TestAGroupIsGivenRolesByOneAtATime(t *testing.T) {
	each(t, func(w world) {
		leo := w.join("leo", social.Admin)
		roles := []social.Role{social.Writer, social.Approver}
		errs := atOnce(6, func(i int) error {
			if i%3 == 2 {
				return w.s.Seen(w.Context(), in(person("T1", "zoe"), "mods"))
			}
			_, err := w.s.SetGroup(w.Context(), []social.Member{w.awa, leo}[i%2], w.group("mods", roles[i%2]))
			return err
		})
		if n := count(errs, nil); n != 6 {
			w.Errorf("%d of 6: %v", n, errs)
		}
		all, err := w.s.Groups(w.Context(), w.awa, w.brand.ID)
		w.ok(err)
		if len(all) != 1 || len(all[0].Roles) != 1 {
			w.Fatalf("groups %+v", all)
		}
		w.may("then", w.sees(in(person("T1", "zoe"), "mods")), all[0].Roles...)
	})
}

func TestGroupsAreForAdminsAndGiveNoAdmin(t *testing.T) {
	each(t, func(w world) {
		nora := w.join("nora", social.Approver)
		_, err := w.s.SetGroup(w.Context(), nora, w.group("mods", social.Writer))
		w.wants(err, fault.Denied)
		for _, g := range []social.Group{w.group("mods", social.Admin), w.group("mods", "king"), w.group("", social.Writer), w.group("a,b", social.Writer),
			w.group(strings.Repeat("9", 101), social.Writer)} {
			_, err := w.s.SetGroup(w.Context(), w.awa, g)
			w.wants(err, fault.Invalid)
		}
		if all, err := w.s.Groups(w.Context(), w.awa, w.brand.ID); err != nil || len(all) != 0 {
			w.Errorf("groups %+v, %v", all, err)
		}
		g, err := w.s.SetGroup(w.Context(), w.awa, w.group("mods", social.Writer, social.Writer))
		w.ok(err)
		all, err := w.s.Groups(w.Context(), w.awa, w.brand.ID)
		w.ok(err)
		if diff := cmp.Diff([]social.Group{g}, all); diff != "" || g.By != w.awa.ID {
			w.Errorf("(-set +read):\n%s", diff)
		}
	})
}

func TestGroupsOfAnotherTeamAreOutOfReach(t *testing.T) {
	each(t, func(w world) {
		other := w.setup("T2", "bob", "Atelier")
		theirs := w.group("mods", social.Writer)
		theirs.Workspace = "T2"
		_, err := w.s.SetGroup(w.Context(), w.awa, theirs) // her brand, their server
		w.wants(err, fault.NotFound)
		_, err = w.s.SetGroup(w.Context(), other.Member, w.group("mods", social.Writer)) // her server, her brand
		w.wants(err, fault.NotFound)
		theirs.BrandID = other.Brand.ID
		_, err = w.s.SetGroup(w.Context(), w.awa, theirs)
		w.wants(err, fault.NotFound)
		_, err = w.s.SetGroup(w.Context(), other.Member, theirs)
		w.ok(err)
		w.may("a group of one name elsewhere", w.sees(in(person("T1", "zoe"), "mods")))
		if all, err := w.s.Groups(w.Context(), w.awa, other.Brand.ID); err != nil || len(all) != 0 {
			w.Errorf("reads %+v, %v", all, err)
		}
		w.ok(w.s.Seen(w.Context(), in(person("T2", "kim"), "mods")))
		if of, err := w.s.GroupsOf(w.Context(), w.awa, other.Brand.ID); err != nil || len(of) != 0 {
			w.Errorf("reads %+v, %v", of, err)
		}
		w.ok(w.s.Seen(w.Context(), in(person("T9", "kim"), "mods"))) // a workspace that nobody has set up
	})
}

// TestLinkingLeavesBehindWhatAGroupGave: it follows the person by itself, and is no longer theirs when the group is not.
func TestLinkingLeavesBehindWhatAGroupGave(t *testing.T) {
	each(t, func(w world) {
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G1", "awa#1"), code)
		w.ok(err)
		g := w.group("mods", social.Moderator)
		g.Workspace = "G1"
		_, err = w.s.SetGroup(w.Context(), w.awa, g)
		w.ok(err)
		nora := w.join("nora", social.Writer)
		there := in(person("G1", "nora#1"), "mods")
		w.may("a member of her own", w.sees(there), social.Moderator)
		code, err = w.s.NewLink(w.Context(), nora)
		w.ok(err)
		m, _, err := w.s.Link(w.Context(), there, code)
		w.ok(err)
		w.may("linked", m.Roles[w.brand.ID], social.Writer)
		if all, err := w.s.Members(w.Context(), w.awa); err != nil || len(all) != 2 {
			w.Errorf("whom the group had let in is still there: %+v, %v", all, err)
		}
		w.may("seen there", w.sees(there), social.Moderator, social.Writer)
		w.may("in the other chat", w.sees(person("T1", "nora")), social.Moderator, social.Writer)
		w.ok(w.s.Unlink(w.Context(), nora, "chat", "G1"))
		w.may("unlinked", w.sees(person("T1", "nora")), social.Writer)
	})
}
