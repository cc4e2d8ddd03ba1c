package storage

import (
	"context"

	"griot/fault"
	"griot/social"
)

// TeamAt reads the team that a workspace belongs to; a fault NotFound while nobody has set it up.
func TeamAt(ctx context.Context, r Reader, surface, workspace string) (social.Team, error) {
	var row struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	err := get(ctx, r, &row, `
SELECT t.id, t.name
FROM workspaces w
JOIN teams t ON t.id = w.team_id
WHERE w.surface = ? AND w.workspace = ?`, surface, workspace)
	return social.Team{ID: row.ID, Name: row.Name}, err
}

// Team reads one team.
func Team(ctx context.Context, r Reader, team string) (social.Team, error) {
	var name string
	err := get(ctx, r, &name, `SELECT name FROM teams WHERE id = ?`, team)
	return social.Team{ID: team, Name: name}, err
}

// AddTeam stores a new team.
func (t *Tx) AddTeam(ctx context.Context, x social.Team) error {
	return t.put(ctx, `INSERT INTO teams (id, name, created_at) VALUES (?,?,?)`, x.ID, x.Name, stamp{t.now})
}

// Workspaces lists where the team installed Griot.
func Workspaces(ctx context.Context, r Reader, team string) ([]social.Workspace, error) {
	var rows []struct {
		Surface   string `db:"surface"`
		Workspace string `db:"workspace"`
		Name      string `db:"name"`
	}
	err := list(ctx, r, &rows, `
SELECT surface, workspace, name FROM workspaces WHERE team_id = ? ORDER BY surface, workspace`, team)
	var out []social.Workspace
	for _, w := range rows {
		out = append(out, social.Workspace{TeamID: team, Surface: w.Surface, Workspace: w.Workspace, Name: w.Name})
	}
	return out, err
}

// AddWorkspace gives a workspace to a team. It reports false when the workspace has a team already.
func (t *Tx) AddWorkspace(ctx context.Context, w social.Workspace) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO workspaces (surface, workspace, team_id, name)
VALUES (?,?,?,?)
ON CONFLICT (surface, workspace) DO NOTHING`, w.Surface, w.Workspace, w.TeamID, w.Name)
	return n == 1, err
}

// HoldWorkspace makes other transactions that hold it wait for this one. A fault NotFound when it is not the team's.
func (t *Tx) HoldWorkspace(ctx context.Context, team, surface, workspace string) error {
	return t.hold(ctx, `
UPDATE workspaces SET name = name WHERE team_id = ? AND surface = ? AND workspace = ?`, team, surface, workspace)
}

// GiveWorkspace moves a workspace from one team to another. What the first team kept about it (its channels, also those
// that rules name, the people who were known there, what its groups gave them, who asked to be let in) ends. A fault NotFound when it is not the first team's.
func (t *Tx) GiveWorkspace(ctx context.Context, w social.Workspace, from string) error {
	if err := t.hold(ctx, `
UPDATE workspaces SET team_id = ? WHERE team_id = ? AND surface = ? AND workspace = ?`, w.TeamID, from, w.Surface, w.Workspace); err != nil {
		return err
	}
	for _, table := range []string{"channels", "group_roles", "identities", "requests"} {
		if err := t.put(ctx, `DELETE FROM `+table+` WHERE team_id = ? AND surface = ? AND workspace = ?`,
			from, w.Surface, w.Workspace); err != nil {
			return err
		}
	}
	return t.unroom(ctx, from, w.Surface, w.Workspace)
}

// hold is write for an update that must meet its row: a fault NotFound otherwise.
func (t *Tx) hold(ctx context.Context, q string, args ...any) error {
	n, err := t.write(ctx, q, args...)
	if err == nil && n == 0 {
		return gone()
	}
	return err
}

// gone is what a person reads about what is not there, or not theirs.
func gone() error { return fault.New(fault.NotFound, errGone) }

// HasHistory reports whether a team could lose anything: posts, accounts, removed ones too, or mentions.
func HasHistory(ctx context.Context, r Reader, team string) (bool, error) {
	var n int
	err := get(ctx, r, &n, `
SELECT COUNT(*)
FROM teams
WHERE id = ?
  AND (EXISTS (SELECT 1 FROM posts WHERE team_id = teams.id)
    OR EXISTS (SELECT 1 FROM accounts WHERE team_id = teams.id)
    OR EXISTS (SELECT 1 FROM mentions WHERE team_id = teams.id))`, team)
	return n > 0, err
}

// HasTeams reports whether this installation serves anybody yet.
func HasTeams(ctx context.Context, r Reader) (bool, error) {
	var n int
	err := get(ctx, r, &n, `SELECT COUNT(*) FROM (SELECT id FROM teams LIMIT 1) AS first`)
	return n > 0, err
}

// Setting reads what this installation remembers about itself; a fault NotFound when it was never put.
func Setting(ctx context.Context, r Reader, name string) (string, error) {
	var v string
	err := get(ctx, r, &v, `SELECT value FROM settings WHERE name = ?`, name)
	return v, err
}

// AddSetting remembers value under name, unless something is remembered already.
func (t *Tx) AddSetting(ctx context.Context, name, value string) error {
	return t.put(ctx, `INSERT INTO settings (name, value) VALUES (?,?) ON CONFLICT (name) DO NOTHING`, name, value)
}
