package storage

import (
	"context"

	"griot/social"
)

const accountColumns = `id, team_id, brand_id, network, network_name, remote_id, handle, url, state, limits, checked_at, rev`

type accountRow struct {
	ID      string             `db:"id"`
	Team    string             `db:"team_id"`
	Brand   string             `db:"brand_id"`
	Network string             `db:"network"`
	Name    string             `db:"network_name"`
	Remote  string             `db:"remote_id"`
	Handle  string             `db:"handle"`
	URL     string             `db:"url"`
	State   string             `db:"state"`
	Limits  doc[social.Limits] `db:"limits"`
	Checked stamp              `db:"checked_at"`
	Rev     int64              `db:"rev"`
}

func (r accountRow) account() social.Account {
	return social.Account{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, Network: r.Network, NetworkName: r.Name, RemoteID: r.Remote,
		Handle: r.Handle, URL: r.URL, State: social.AccountState(r.State), Limits: r.Limits.V, CheckedAt: r.Checked.Time, Rev: r.Rev}
}

// Account reads one account of the team, a removed one too.
func Account(ctx context.Context, r Reader, team, id string) (social.Account, error) {
	var row accountRow
	err := get(ctx, r, &row, `SELECT `+accountColumns+` FROM accounts WHERE team_id = ? AND id = ?`, team, id)
	return row.account(), err
}

// AccountOf reads the brand's account on a network by the network's own id, a removed one too.
func AccountOf(ctx context.Context, r Reader, team, brand, network, remote string) (social.Account, error) {
	var row accountRow
	err := get(ctx, r, &row, `
SELECT `+accountColumns+`
FROM accounts
WHERE team_id = ? AND brand_id = ? AND network = ? AND remote_id = ?`, team, brand, network, remote)
	return row.account(), err
}

// Accounts lists a brand's accounts by network and handle, without those that were removed.
func Accounts(ctx context.Context, r Reader, team, brand string) ([]social.Account, error) {
	var rows []accountRow
	err := list(ctx, r, &rows, `
SELECT `+accountColumns+`
FROM accounts
WHERE team_id = ? AND brand_id = ? AND state <> 'removed'
ORDER BY network, handle, id`, team, brand)
	return each(rows, accountRow.account), err
}

// AccountsIn reads the team's accounts with these ids, removed ones too, by network and handle.
func AccountsIn(ctx context.Context, r Reader, team string, ids []string) ([]social.Account, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []accountRow
	err := in(ctx, r, &rows, `
SELECT `+accountColumns+` FROM accounts WHERE team_id = ? AND id IN (?) ORDER BY network, handle, id`, team, ids)
	return each(rows, accountRow.account), err
}

// AddAccount stores a new account. It reports false when the brand has it already.
func (t *Tx) AddAccount(ctx context.Context, a social.Account) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO accounts (`+accountColumns+`)
VALUES (`+marks(12)+`)
ON CONFLICT (brand_id, network, remote_id) DO NOTHING`,
		a.ID, a.TeamID, a.BrandID, a.Network, a.NetworkName, a.RemoteID, a.Handle, a.URL, a.State, doc[social.Limits]{a.Limits}, stamp{a.CheckedAt}, a.Rev)
	return n == 1, err
}

// SaveAccount writes a's state and what the network says of it, if nobody wrote it since revision was; a fault Conflict
// otherwise.
func (t *Tx) SaveAccount(ctx context.Context, a social.Account, was int64) error {
	return t.swap(ctx, `
UPDATE accounts
SET handle = ?, url = ?, state = ?, limits = ?, checked_at = ?, rev = ?
WHERE team_id = ? AND id = ? AND rev = ?`,
		a.Handle, a.URL, a.State, doc[social.Limits]{a.Limits}, stamp{a.CheckedAt}, a.Rev, a.TeamID, a.ID, was)
}

// Credential is an account's secrets and facts, each sealed: nobody reads them here.
type Credential struct {
	Secrets, Facts string
	FactsRev       int64 // raised by each save
}

// CredentialOf reads what the team stored for an account; a fault NotFound when there is nothing.
func CredentialOf(ctx context.Context, r Reader, team, account string) (Credential, error) {
	var row struct {
		Secrets string `db:"secrets"`
		Facts   string `db:"facts"`
		Rev     int64  `db:"facts_rev"`
	}
	err := get(ctx, r, &row, `
SELECT secrets, facts, facts_rev FROM credentials WHERE team_id = ? AND account_id = ?`, team, account)
	return Credential{Secrets: row.Secrets, Facts: row.Facts, FactsRev: row.Rev}, err
}

// PutCredential stores new secrets and facts instead of those before, and raises their revision.
func (t *Tx) PutCredential(ctx context.Context, team, account string, c Credential) error {
	return t.put(ctx, `
INSERT INTO credentials (account_id, team_id, secrets, facts, facts_rev)
VALUES (?,?,?,?,1)
ON CONFLICT (account_id) DO UPDATE
SET secrets = excluded.secrets, facts = excluded.facts, facts_rev = credentials.facts_rev + 1
WHERE credentials.team_id = excluded.team_id`, account, team, c.Secrets, c.Facts)
}

// SwapFacts stores new facts if nobody did since revision was. It reports false otherwise.
func (t *Tx) SwapFacts(ctx context.Context, team, account, facts string, was int64) (bool, error) {
	n, err := t.write(ctx, `
UPDATE credentials
SET facts = ?, facts_rev = facts_rev + 1
WHERE team_id = ? AND account_id = ? AND facts_rev = ?`, facts, team, account, was)
	return n == 1, err
}

// DropCredential forgets an account's secrets and facts.
func (t *Tx) DropCredential(ctx context.Context, team, account string) error {
	return t.put(ctx, `DELETE FROM credentials WHERE team_id = ? AND account_id = ?`, team, account)
}
