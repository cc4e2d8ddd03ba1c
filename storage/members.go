package storage

import (
	"context"

	"griot/i18n"
	"griot/social"
)

type memberRow struct {
	ID     string `db:"id"`
	Team   string `db:"team_id"`
	Name   string `db:"name"`
	Locale string `db:"locale"`
	Zone   string `db:"zone"`
	Rev    int64  `db:"rev"`
}

func (r memberRow) member() social.Member {
	return social.Member{ID: r.ID, TeamID: r.Team, Name: r.Name, Locale: i18n.Locale(r.Locale), Zone: r.Zone, Rev: r.Rev,
		Roles: map[string][]social.Role{}}
}

const memberColumns = `m.id, m.team_id, m.name, m.locale, m.zone, m.rev`

// The roles of a member are those given in Griot and those of the groups of their chats, so that every right is checked
// alike.

// MemberAt reads who a chat's user is, with their roles; a fault NotFound for a stranger, and for a person whose
// workspace has gone to another team.
func MemberAt(ctx context.Context, r Reader, surface, workspace, user string) (social.Member, error) {
	var row memberRow
	err := get(ctx, r, &row, `
SELECT `+memberColumns+`
FROM identities i
JOIN workspaces w ON w.surface = i.surface AND w.workspace = i.workspace AND w.team_id = i.team_id
JOIN members m ON m.id = i.member_id
WHERE i.surface = ? AND i.workspace = ? AND i.user_id = ?`, surface, workspace, user)
	if err != nil {
		return social.Member{}, err
	}
	return withRoles(ctx, r, row)
}

// Member reads one member of the team, with their roles.
func Member(ctx context.Context, r Reader, team, id string) (social.Member, error) {
	var row memberRow
	if err := get(ctx, r, &row, `SELECT `+memberColumns+` FROM members m WHERE m.team_id = ? AND m.id = ?`, team, id); err != nil {
		return social.Member{}, err
	}
	return withRoles(ctx, r, row)
}

// Members lists the team's members by name, with their roles.
func Members(ctx context.Context, r Reader, team string) ([]social.Member, error) {
	var rows []memberRow
	if err := list(ctx, r, &rows, `SELECT `+memberColumns+` FROM members m WHERE m.team_id = ? ORDER BY m.name, m.id`, team); err != nil {
		return nil, err
	}
	return allRoles(ctx, r, team, rows)
}

// MembersWith lists by name the team's members who have one of roles for the brand.
func MembersWith(ctx context.Context, r Reader, team, brand string, roles ...social.Role) ([]social.Member, error) {
	all, err := Members(ctx, r, team)
	var out []social.Member
	for _, m := range all {
		if m.Has(brand, roles...) {
			out = append(out, m)
		}
	}
	return out, err
}

// Admins lists by name the team's members who manage at least one brand.
func Admins(ctx context.Context, r Reader, team string) ([]social.Member, error) {
	all, err := Members(ctx, r, team)
	var out []social.Member
	for _, m := range all {
		if m.IsAdmin() {
			out = append(out, m)
		}
	}
	return out, err
}

// Names maps ids of the team's members to their names. Ids of nobody are absent.
func Names(ctx context.Context, r Reader, team string, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []memberRow
	err := in(ctx, r, &rows, `SELECT `+memberColumns+` FROM members m WHERE m.team_id = ? AND m.id IN (?)`, team, ids)
	for _, m := range rows {
		out[m.ID] = m.Name
	}
	return out, err
}

type roleRow struct {
	Member string `db:"member_id"`
	Brand  string `db:"brand_id"`
	Role   string `db:"role"`
}

func withRoles(ctx context.Context, r Reader, row memberRow) (social.Member, error) {
	m := row.member()
	var rows []roleRow
	err := list(ctx, r, &rows, `
SELECT member_id, brand_id, role FROM roles WHERE team_id = ? AND member_id = ?
UNION
SELECT i.member_id, g.brand_id, g.role`+inGroups+`
WHERE i.team_id = ? AND i.member_id = ?
ORDER BY brand_id, role`, row.Team, row.ID, row.Team, row.ID)
	for _, x := range rows {
		m.Roles[x.Brand] = append(m.Roles[x.Brand], social.Role(x.Role))
	}
	return m, err
}

func allRoles(ctx context.Context, r Reader, team string, members []memberRow) ([]social.Member, error) {
	var rows []roleRow
	err := list(ctx, r, &rows, `
SELECT member_id, brand_id, role FROM roles WHERE team_id = ?
UNION
SELECT i.member_id, g.brand_id, g.role`+inGroups+`
WHERE g.team_id = ?
ORDER BY brand_id, role`, team, team)
	of := map[string]map[string][]social.Role{}
	for _, x := range rows {
		if of[x.Member] == nil {
			of[x.Member] = map[string][]social.Role{}
		}
		of[x.Member][x.Brand] = append(of[x.Member][x.Brand], social.Role(x.Role))
	}
	out := each(members, memberRow.member)
	for i, m := range out {
		if of[m.ID] != nil {
			out[i].Roles = of[m.ID]
		}
	}
	return out, err
}

// AddMember stores a new member, without roles.
func (t *Tx) AddMember(ctx context.Context, m social.Member) error {
	return t.put(ctx, `INSERT INTO members (id, team_id, name, locale, zone, rev) VALUES (?,?,?,?,?,?)`,
		m.ID, m.TeamID, m.Name, m.Locale, m.Zone, m.Rev)
}

// DropMember forgets a member without roles whom no chat knows, unless something else of the team still names them: what
// they wrote, decided or were told. It reports whether they are gone.
func (t *Tx) DropMember(ctx context.Context, team, id string) (bool, error) {
	var n int64
	failed, err := t.apart(ctx, func(ctx context.Context, t *Tx) (err error) {
		n, err = t.write(ctx, `DELETE FROM members WHERE team_id = ? AND id = ?`, team, id)
		return err
	})
	if err != nil || referred(failed) {
		return false, err
	}
	return n == 1, failed
}

// SaveMember writes m's name, language and zone if nobody wrote them since revision was; a fault Conflict otherwise.
func (t *Tx) SaveMember(ctx context.Context, m social.Member, was int64) error {
	return t.swap(ctx, `
UPDATE members SET name = ?, locale = ?, zone = ?, rev = ? WHERE team_id = ? AND id = ? AND rev = ?`,
		m.Name, m.Locale, m.Zone, m.Rev, m.TeamID, m.ID, was)
}

// GivenRoles reads the roles of a member for a brand that were given in Griot, without those of groups.
func GivenRoles(ctx context.Context, r Reader, team, member, brand string) ([]social.Role, error) {
	var rows []roleRow
	err := list(ctx, r, &rows, `
SELECT member_id, brand_id, role FROM roles WHERE team_id = ? AND member_id = ? AND brand_id = ? ORDER BY role`, team, member, brand)
	return each(rows, func(x roleRow) social.Role { return social.Role(x.Role) }), err
}

// SetRoles makes roles the only ones given in Griot to a member for a brand; those of groups stay. The caller has seen that both are the team's.
func (t *Tx) SetRoles(ctx context.Context, team, member, brand string, roles []social.Role) error {
	if err := t.put(ctx, `DELETE FROM roles WHERE team_id = ? AND member_id = ? AND brand_id = ?`, team, member, brand); err != nil {
		return err
	}
	return t.AddRoles(ctx, team, member, brand, roles)
}

// AddRoles gives roles to a member for a brand, beside those they have.
func (t *Tx) AddRoles(ctx context.Context, team, member, brand string, roles []social.Role) error {
	for _, r := range roles {
		if err := t.put(ctx, `
INSERT INTO roles (member_id, brand_id, role, team_id)
VALUES (?,?,?,?)
ON CONFLICT (member_id, brand_id, role) DO NOTHING`, member, brand, r, team); err != nil {
			return err
		}
	}
	return nil
}

// Identities lists where a member is known.
func Identities(ctx context.Context, r Reader, team, member string) ([]social.Identity, error) {
	var rows []struct {
		Surface   string `db:"surface"`
		Workspace string `db:"workspace"`
		User      string `db:"user_id"`
		Name      string `db:"name"`
	}
	err := list(ctx, r, &rows, `
SELECT surface, workspace, user_id, name
FROM identities
WHERE team_id = ? AND member_id = ?
ORDER BY surface, workspace`, team, member)
	var out []social.Identity
	for _, x := range rows {
		out = append(out, social.Identity{TeamID: team, MemberID: member, Surface: x.Surface, Workspace: x.Workspace, User: x.User, Name: x.Name})
	}
	return out, err
}

// AddIdentity makes a chat's user known as a member. It reports false when the user is somebody already, or when the
// member has another identity in that workspace.
func (t *Tx) AddIdentity(ctx context.Context, i social.Identity) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO identities (surface, workspace, user_id, team_id, member_id, name)
VALUES (?,?,?,?,?,?)
ON CONFLICT DO NOTHING`, i.Surface, i.Workspace, i.User, i.TeamID, i.MemberID, i.Name)
	return n == 1, err
}

// DropIdentity makes a member unknown in a workspace. It reports false when they were.
func (t *Tx) DropIdentity(ctx context.Context, team, member, surface, workspace string) (bool, error) {
	n, err := t.write(ctx, `
DELETE FROM identities WHERE team_id = ? AND member_id = ? AND surface = ? AND workspace = ?`, team, member, surface, workspace)
	return n == 1, err
}
