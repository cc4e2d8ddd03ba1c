package storage

import (
	"context"
	"slices"

	"griot/social"
)

type groupRow struct {
	Surface   string `db:"surface"`
	Workspace string `db:"workspace"`
	Group     string `db:"group_id"`
	Brand     string `db:"brand_id"`
	Role      string `db:"role"`
	Team      string `db:"team_id"`
	Name      string `db:"name"`
	By        string `db:"by_member"`
}

const groupColumns = `g.surface, g.workspace, g.group_id, g.brand_id, g.role, g.team_id, g.name, g.by_member`

// group is a row as a group with one role.
func (r groupRow) group() social.Group {
	return social.Group{TeamID: r.Team, BrandID: r.Brand, Surface: r.Surface, Workspace: r.Workspace, ID: r.Group, Name: r.Name,
		Roles: []social.Role{social.Role(r.Role)}, By: r.By}
}

// gathered is rows as groups with all their roles. Rows of one group stand together.
func gathered(rows []groupRow) []social.Group {
	var out []social.Group
	for _, r := range rows {
		g := r.group()
		if n := len(out) - 1; n >= 0 && out[n].Surface == g.Surface && out[n].Workspace == g.Workspace && out[n].ID == g.ID && out[n].BrandID == g.BrandID {
			out[n].Roles = append(out[n].Roles, g.Roles...)
			continue
		}
		out = append(out, g)
	}
	return out
}

// Groups lists by name the groups that give their people roles for a brand of the team.
func Groups(ctx context.Context, r Reader, team, brand string) ([]social.Group, error) {
	var rows []groupRow
	err := list(ctx, r, &rows, `
SELECT `+groupColumns+`
FROM group_roles g
WHERE g.team_id = ? AND g.brand_id = ?
ORDER BY g.surface, g.workspace, g.name, g.group_id, g.role`, team, brand)
	return gathered(rows), err
}

// GroupsOf lists, by member of the team, the groups that give them roles for a brand.
func GroupsOf(ctx context.Context, r Reader, team, brand string) (map[string][]social.Group, error) {
	var rows []struct {
		groupRow
		Member string `db:"member_id"`
	}
	err := list(ctx, r, &rows, `
SELECT i.member_id, `+groupColumns+inGroups+`
WHERE g.team_id = ? AND g.brand_id = ?
ORDER BY g.surface, g.workspace, g.name, g.group_id, g.role`, team, brand)
	of := map[string][]groupRow{}
	for _, x := range rows {
		of[x.Member] = append(of[x.Member], x.groupRow)
	}
	out := map[string][]social.Group{}
	for m, rows := range of {
		out[m] = gathered(rows)
	}
	return out, err
}

// inGroups joins people with what the groups give that they are in.
const inGroups = `
FROM group_roles g
JOIN identity_groups x ON x.surface = g.surface AND x.workspace = g.workspace AND x.group_id = g.group_id
JOIN identities i ON i.surface = x.surface AND i.workspace = x.workspace AND i.user_id = x.user_id AND i.team_id = g.team_id`

// Grouping is which of the groups that matter somebody is in.
type Grouping struct {
	Mapped []string // groups of the workspace that give roles to their people
	In     []string // those that the person was in when last seen
}

// GroupingOf reads what there is to know of a chat's user and the groups of a workspace, by keys alone: as many rows as
// groups give roles there.
func GroupingOf(ctx context.Context, r Reader, surface, workspace, user string) (Grouping, error) {
	var rows []struct {
		Group string `db:"group_id"`
		In    bool   `db:"is_in"`
	}
	err := list(ctx, r, &rows, `
SELECT DISTINCT group_id, FALSE AS is_in FROM group_roles WHERE surface = ? AND workspace = ?
UNION ALL
SELECT group_id, TRUE AS is_in FROM identity_groups WHERE surface = ? AND workspace = ? AND user_id = ?
ORDER BY group_id`, surface, workspace, surface, workspace, user)
	var out Grouping
	for _, x := range rows {
		if x.In {
			out.In = append(out.In, x.Group)
		} else {
			out.Mapped = append(out.Mapped, x.Group)
		}
	}
	return out, err
}

// Of are those of groups that give roles, in order.
func (g Grouping) Of(groups []string) []string {
	return slices.DeleteFunc(slices.Clone(g.Mapped), func(id string) bool { return !slices.Contains(groups, id) })
}

// PutGroup makes g.Roles the only ones that a group gives for a brand; none ends it, for everybody at once. The caller has
// seen that brand and workspace are the team's.
func (t *Tx) PutGroup(ctx context.Context, g social.Group) error {
	if err := t.put(ctx, `
DELETE FROM group_roles WHERE team_id = ? AND brand_id = ? AND surface = ? AND workspace = ? AND group_id = ?`,
		g.TeamID, g.BrandID, g.Surface, g.Workspace, g.ID); err != nil {
		return err
	}
	for _, r := range g.Roles {
		if err := t.put(ctx, `
INSERT INTO group_roles (surface, workspace, group_id, brand_id, role, team_id, name, by_member)
VALUES (?,?,?,?,?,?,?,?)`, g.Surface, g.Workspace, g.ID, g.BrandID, r, g.TeamID, g.Name, g.By); err != nil {
			return err
		}
	}
	// Who was in a group that gives nothing any more is forgotten: when it gives something again, that is seen anew.
	return t.put(ctx, `
DELETE FROM identity_groups
WHERE surface = ? AND workspace = ? AND group_id = ?
  AND NOT EXISTS (SELECT 1 FROM group_roles g WHERE g.surface = ? AND g.workspace = ? AND g.group_id = ?)`,
		g.Surface, g.Workspace, g.ID, g.Surface, g.Workspace, g.ID)
}

// SetIdentityGroups makes groups the only ones that a known chat's user is in.
func (t *Tx) SetIdentityGroups(ctx context.Context, surface, workspace, user string, groups []string) error {
	if err := t.put(ctx, `
DELETE FROM identity_groups WHERE surface = ? AND workspace = ? AND user_id = ?`, surface, workspace, user); err != nil {
		return err
	}
	for _, g := range groups {
		if err := t.put(ctx, `
INSERT INTO identity_groups (surface, workspace, user_id, group_id) VALUES (?,?,?,?)`, surface, workspace, user, g); err != nil {
			return err
		}
	}
	return nil
}

// GroupsAt lists what the groups of a workspace of the team give, by brand and name.
func GroupsAt(ctx context.Context, r Reader, team, surface, workspace string) ([]social.Group, error) {
	var rows []groupRow
	err := list(ctx, r, &rows, `
SELECT `+groupColumns+`
FROM group_roles g
WHERE g.team_id = ? AND g.surface = ? AND g.workspace = ?
ORDER BY g.brand_id, g.name, g.group_id, g.role`, team, surface, workspace)
	return gathered(rows), err
}
