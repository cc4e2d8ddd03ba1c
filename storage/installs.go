package storage

import (
	"context"
	"time"

	"griot/fault"
)

// Install is a right to speak in one workspace that was given to Griot there. Its secrets are sealed: nobody reads them
// here.
type Install struct {
	Surface, Workspace string // as in chat.Place
	Name               string // of the workspace, as people call it
	App, BotUser       string // the chat's ids of Griot
	InstalledBy        string // the chat's user; empty: not known
	Scopes             []string
	Secrets            string    // empty: removed
	Expires            time.Time // when the right has to be renewed; zero: never
	Active             bool      // not removed since
	Rev                int64     // raised by each write
}

const installColumns = `surface, workspace, name, app, bot_user, scopes, installed_by, secrets, expires_at, state, rev`

type installRow struct {
	Surface   string        `db:"surface"`
	Workspace string        `db:"workspace"`
	Name      string        `db:"name"`
	App       string        `db:"app"`
	BotUser   string        `db:"bot_user"`
	Scopes    doc[[]string] `db:"scopes"`
	By        string        `db:"installed_by"`
	Secrets   string        `db:"secrets"`
	Expires   stamp         `db:"expires_at"`
	State     string        `db:"state"`
	Rev       int64         `db:"rev"`
}

func (r installRow) install() Install {
	return Install{Surface: r.Surface, Workspace: r.Workspace, Name: r.Name, App: r.App, BotUser: r.BotUser, InstalledBy: r.By,
		Scopes: r.Scopes.V, Secrets: r.Secrets, Expires: r.Expires.Time, Active: r.State == "active", Rev: r.Rev}
}

// Installation reads the right that a workspace gave, a removed one too. A fault NotFound when it never gave any.
func Installation(ctx context.Context, r Reader, surface, workspace string) (Install, error) {
	var row installRow
	err := get(ctx, r, &row, `
SELECT `+installColumns+` FROM installations WHERE surface = ? AND workspace = ?`, surface, workspace)
	return row.install(), err
}

// PutInstallation stores the right that a workspace has just given, instead of an earlier one.
func (t *Tx) PutInstallation(ctx context.Context, x Install) error {
	return t.put(ctx, `
INSERT INTO installations (`+installColumns+`, at)
VALUES (?,?,?,?,?,?,?,?,?,'active',1,?)
ON CONFLICT (surface, workspace) DO UPDATE
SET name = excluded.name, app = excluded.app, bot_user = excluded.bot_user, scopes = excluded.scopes,
    installed_by = excluded.installed_by, secrets = excluded.secrets, expires_at = excluded.expires_at, state = 'active',
    rev = installations.rev + 1, at = excluded.at`,
		x.Surface, x.Workspace, x.Name, x.App, x.BotUser, doc[[]string]{x.Scopes}, x.InstalledBy, x.Secrets, stamp{x.Expires},
		stamp{t.now})
}

// HoldInstallation writes nothing, and proves that the right which is about to be renewed can be written. A fault Conflict
// when it is no longer at x's revision, or was removed.
func (t *Tx) HoldInstallation(ctx context.Context, x Install) error {
	return t.swap(ctx, `
UPDATE installations
SET rev = rev
WHERE surface = ? AND workspace = ? AND rev = ? AND state = 'active'`, x.Surface, x.Workspace, x.Rev)
}

// SwapInstallation stores a renewed right if nobody wrote it since x's revision. A fault Conflict otherwise, and when it was
// removed.
func (t *Tx) SwapInstallation(ctx context.Context, x Install) error {
	return t.swap(ctx, `
UPDATE installations
SET secrets = ?, scopes = ?, expires_at = ?, rev = rev + 1, at = ?
WHERE surface = ? AND workspace = ? AND rev = ? AND state = 'active'`,
		x.Secrets, doc[[]string]{x.Scopes}, stamp{x.Expires}, stamp{t.now}, x.Surface, x.Workspace, x.Rev)
}

// RemoveInstallation forgets the secrets of a right that a workspace took back, and returns what is left of it. It reports
// false when there was none.
func (t *Tx) RemoveInstallation(ctx context.Context, surface, workspace string) (Install, bool, error) {
	var row installRow
	err := get(ctx, t, &row, `
UPDATE installations
SET state = 'removed', secrets = '', expires_at = NULL, rev = rev + 1, at = ?
WHERE surface = ? AND workspace = ? AND state = 'active'
RETURNING `+installColumns, stamp{t.now}, surface, workspace)
	if fault.Is(err, fault.NotFound) {
		return Install{}, false, nil
	}
	return row.install(), err == nil, err
}

// AddSignIn remembers that somebody has begun to install Griot: state is the word that the chat gives back.
func (t *Tx) AddSignIn(ctx context.Context, surface, state string, expires time.Time) error {
	return t.put(ctx, `INSERT INTO sign_ins (digest, surface, expires_at) VALUES (?,?,?)`, digest(state), surface, stamp{expires})
}

// UseSignIn spends the word of an installation that was begun; of two who use it at once, one does. It reports false when it
// is unknown, of another chat, spent or too old.
func (t *Tx) UseSignIn(ctx context.Context, surface, state string) (bool, error) {
	n, err := t.write(ctx, `
UPDATE sign_ins
SET used_at = ?
WHERE digest = ? AND surface = ? AND used_at IS NULL AND expires_at > ?`, stamp{t.now}, digest(state), surface, stamp{t.now})
	return n == 1, err
}
