package storage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/social"
	"griot/storage"
)

// grouped makes the group g of each team's workspace give the role of a moderator, and u be in it.
func grouped(t *testing.T, db *storage.DB) {
	t.Helper()
	in(t, db, func(tx *storage.Tx) error {
		for _, team := range []string{"a", "b"} {
			g := social.Group{TeamID: team, BrandID: "brd_" + team, Surface: "chat", Workspace: "w_" + team, ID: "g", Name: "G",
				Roles: []social.Role{social.Moderator, social.Writer}, By: "mbr_" + team}
			if err := tx.PutGroup(t.Context(), g); err != nil {
				return err
			}
			if err := tx.SetIdentityGroups(t.Context(), "chat", "w_"+team, "u", []string{"g"}); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestGroupsOfATeamAreItsOwn(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		grouped(t, db)
		ctx := t.Context()
		for of, want := range map[string]int{"a": 1, "b": 0} {
			all, err := storage.Groups(ctx, db, "a", "brd_"+of)
			if err != nil || len(all) != want {
				t.Errorf("Groups of %s: %+v, %v", of, all, err)
			}
			by, err := storage.GroupsOf(ctx, db, "a", "brd_"+of)
			if err != nil || len(by) != want {
				t.Errorf("GroupsOf %s: %+v, %v", of, by, err)
			}
			at, err := storage.GroupsAt(ctx, db, "a", "chat", "w_"+of)
			if err != nil || len(at) != want {
				t.Errorf("GroupsAt %s: %+v, %v", of, at, err)
			}
			given, err := storage.GivenRoles(ctx, db, "a", "mbr_"+of, "brd_"+of)
			if err != nil || len(given) != want {
				t.Errorf("GivenRoles of %s: %+v, %v", of, given, err)
			}
		}
		in(t, db, func(tx *storage.Tx) error {
			return tx.PutGroup(ctx, social.Group{TeamID: "a", BrandID: "brd_b", Surface: "chat", Workspace: "w_b", ID: "g"})
		})
		m, err := storage.Member(ctx, db, "b", "mbr_b")
		if diff := cmp.Diff([]social.Role{social.Admin, social.Moderator, social.Writer}, m.Roles["brd_b"]); diff != "" || err != nil {
			t.Errorf("after another team ended it: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestAWorkspaceThatGoesTakesItsGroupsRolesAway(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		grouped(t, db)
		in(t, db, func(tx *storage.Tx) error {
			return tx.GiveWorkspace(t.Context(), social.Workspace{TeamID: "a", Surface: "chat", Workspace: "w_b"}, "b")
		})
		m, err := storage.Member(t.Context(), db, "b", "mbr_b")
		if diff := cmp.Diff([]social.Role{social.Admin}, m.Roles["brd_b"]); diff != "" || err != nil {
			t.Errorf("roles %v (-want +got):\n%s", err, diff)
		}
		now, err := storage.GroupingOf(t.Context(), db, "chat", "w_b", "u")
		if diff := cmp.Diff(storage.Grouping{}, now); diff != "" || err != nil {
			t.Errorf("left: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestGroupsAreFoundByIndex(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		if db.Engine() != storage.SQLite {
			return // a planner that looks at the number of rows scans a table of two
		}
		for name, read := range map[string]func(storage.Reader) error{
			"grouping": func(r storage.Reader) error {
				_, err := storage.GroupingOf(t.Context(), r, "chat", "w_a", "u")
				return err
			},
			"given":  func(r storage.Reader) error { _, err := storage.GivenRoles(t.Context(), r, "a", "m", "b"); return err },
			"groups": func(r storage.Reader) error { _, err := storage.Groups(t.Context(), r, "a", "b"); return err },
			"by member": func(r storage.Reader) error {
				_, err := storage.GroupsOf(t.Context(), r, "a", "b")
				return err
			},
			"roles": func(r storage.Reader) error { return storage.RolesOf(t.Context(), r, "a", "m") },
		} {
			plan, err := db.Plan(t.Context(), read)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for line := range strings.Lines(plan) {
				if strings.HasPrefix(strings.TrimSpace(line), "SCAN") && !strings.Contains(line, "subquery") {
					t.Errorf("%s: %s", name, plan)
				}
			}
		}
	})
}
