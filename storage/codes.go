package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"griot/social"
)

// Purpose is what a code opens.
type Purpose string

// The purposes of codes.
const (
	ForSetup     Purpose = "setup"     // a first team in a workspace
	ForIdentity  Purpose = "identity"  // a member's second chat
	ForInvite    Purpose = "invite"    // a new member
	ForWorkspace Purpose = "workspace" // a team's second workspace
	ForSecret    Purpose = "secret"    // the page that takes a network's password
)

// Code is a short-lived right. Only a digest of what the person types is kept, so the code itself is not in it.
type Code struct {
	Purpose  Purpose
	TeamID   string // empty: of no team yet
	MemberID string // who asked for it; empty: nobody
	Data     map[string]string
	Expires  time.Time
}

// digest reads a code as people copy it: capitals, spaces and hyphens do not matter.
func digest(code string) string {
	plain := strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\u202f", "").Replace(strings.ToLower(code))
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// AddCode remembers c under code. Earlier unused codes of the same member and purpose end.
func (t *Tx) AddCode(ctx context.Context, code string, c Code) error {
	if c.Purpose != ForInvite { // several people may be invited at once
		if err := t.put(ctx, `
DELETE FROM codes
WHERE purpose = ? AND used_at IS NULL AND COALESCE(member_id, '') = ?`, c.Purpose, c.MemberID); err != nil {
			return err
		}
	}
	return t.put(ctx, `
INSERT INTO codes (digest, purpose, team_id, member_id, data, expires_at)
VALUES (?,?,?,?,?,?)`,
		digest(code), c.Purpose, null(c.TeamID), null(c.MemberID), doc[map[string]string]{c.Data}, stamp{c.Expires})
}

type codeRow struct {
	Purpose string                 `db:"purpose"`
	Team    *string                `db:"team_id"`
	Member  *string                `db:"member_id"`
	Data    doc[map[string]string] `db:"data"`
	Expires stamp                  `db:"expires_at"`
}

func (r codeRow) code() Code {
	return Code{Purpose: Purpose(r.Purpose), TeamID: text(r.Team), MemberID: text(r.Member), Data: r.Data.V, Expires: r.Expires.Time}
}

// LookCode reads what a code opens at an instant, without using it. A fault NotFound when it opens none of purposes, was
// used, or has expired: a stranger learns nothing from the difference.
func LookCode(ctx context.Context, r Reader, code string, now time.Time, purposes ...Purpose) (Code, error) {
	var rows []codeRow
	err := in(ctx, r, &rows, `
SELECT purpose, team_id, member_id, data, expires_at
FROM codes
WHERE digest = ? AND used_at IS NULL AND expires_at > ? AND purpose IN (?)`, digest(code), stamp{now}, purposes)
	if err == nil && len(rows) == 0 {
		return Code{}, gone()
	}
	if err != nil {
		return Code{}, err
	}
	return rows[0].code(), nil
}

// UseCode spends a code and returns what it opens; of two who use it at once, one does. A fault NotFound as LookCode.
func (t *Tx) UseCode(ctx context.Context, code string, purposes ...Purpose) (Code, error) {
	c, err := LookCode(ctx, t, code, t.now, purposes...)
	if err != nil {
		return Code{}, err
	}
	return c, t.hold(ctx, `UPDATE codes SET used_at = ? WHERE digest = ? AND used_at IS NULL`, stamp{t.now}, digest(code))
}

// AddGuess counts one try of a code by a chat's user, and returns the id to forget it by.
func (t *Tx) AddGuess(ctx context.Context, surface, workspace, user string) (string, error) {
	id := NewID("gss")
	return id, t.put(ctx, `INSERT INTO guesses (surface, workspace, user_id, at, id) VALUES (?,?,?,?,?)`,
		surface, workspace, user, stamp{t.now}, id)
}

// ForgetGuess takes one try back: it was right, or was refused unread.
func (t *Tx) ForgetGuess(ctx context.Context, id string) error {
	return t.put(ctx, `DELETE FROM guesses WHERE id = ?`, id)
}

// Guesses counts the tries of a chat's user since an instant, and says when the first of them was.
func Guesses(ctx context.Context, r Reader, surface, workspace, user string, since time.Time) (int, time.Time, error) {
	var at []stamp
	err := list(ctx, r, &at, `
SELECT at FROM guesses WHERE surface = ? AND workspace = ? AND user_id = ? AND at > ? ORDER BY at`,
		surface, workspace, user, stamp{since})
	if err != nil || len(at) == 0 {
		return 0, time.Time{}, err
	}
	return len(at), at[0].Time, nil
}

// GuessesIn counts the tries in a whole workspace since an instant, and says when the first of them was.
func GuessesIn(ctx context.Context, r Reader, surface, workspace string, since time.Time) (int, time.Time, error) {
	var at []stamp
	err := list(ctx, r, &at, `
SELECT at FROM guesses WHERE surface = ? AND workspace = ? AND at > ? ORDER BY at`, surface, workspace, stamp{since})
	if err != nil || len(at) == 0 {
		return 0, time.Time{}, err
	}
	return len(at), at[0].Time, nil
}

const requestColumns = `id, team_id, surface, workspace, user_id, name, locale, zone, asked_at, settled_by, settled_at`

type requestRow struct {
	ID        string  `db:"id"`
	Team      string  `db:"team_id"`
	Surface   string  `db:"surface"`
	Workspace string  `db:"workspace"`
	User      string  `db:"user_id"`
	Name      string  `db:"name"`
	Locale    string  `db:"locale"`
	Zone      string  `db:"zone"`
	Asked     stamp   `db:"asked_at"`
	By        *string `db:"settled_by"`
	Settled   stamp   `db:"settled_at"`
}

func (r requestRow) request() social.Request {
	return social.Request{ID: r.ID, TeamID: r.Team, Surface: r.Surface, Workspace: r.Workspace, User: r.User, Name: r.Name,
		Locale: r.Locale, Zone: r.Zone, AskedAt: r.Asked.Time, SettledBy: text(r.By), SettledAt: r.Settled.Time}
}

// Request reads one request to be let into the team, settled or not.
func Request(ctx context.Context, r Reader, team, id string) (social.Request, error) {
	var row requestRow
	err := get(ctx, r, &row, `SELECT `+requestColumns+` FROM requests WHERE team_id = ? AND id = ?`, team, id)
	return row.request(), err
}

// RequestOf reads the request of a chat's user; a fault NotFound when they never asked this team.
func RequestOf(ctx context.Context, r Reader, team, surface, workspace, user string) (social.Request, error) {
	var row requestRow
	err := get(ctx, r, &row, `
SELECT `+requestColumns+` FROM requests WHERE team_id = ? AND surface = ? AND workspace = ? AND user_id = ?`,
		team, surface, workspace, user)
	return row.request(), err
}

// Requests lists the team's open requests, the oldest first.
func Requests(ctx context.Context, r Reader, team string) ([]social.Request, error) {
	var rows []requestRow
	err := list(ctx, r, &rows, `
SELECT `+requestColumns+` FROM requests WHERE team_id = ? AND settled_at IS NULL ORDER BY asked_at, id`, team)
	return each(rows, requestRow.request), err
}

// PutRequest stores q as open, instead of an earlier one that was settled. It reports false when one is open already.
func (t *Tx) PutRequest(ctx context.Context, q social.Request) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO requests (id, team_id, surface, workspace, user_id, name, locale, zone, asked_at)
VALUES (?,?,?,?,?,?,?,?,?)
ON CONFLICT (surface, workspace, user_id) DO UPDATE
SET id = excluded.id, team_id = excluded.team_id, name = excluded.name, locale = excluded.locale, zone = excluded.zone,
    asked_at = excluded.asked_at, settled_by = NULL, settled_at = NULL
WHERE requests.settled_at IS NOT NULL`,
		q.ID, q.TeamID, q.Surface, q.Workspace, q.User, q.Name, q.Locale, q.Zone, stamp{q.AskedAt})
	return n == 1, err
}

// SettleRequest marks a request as answered; a fault Conflict when it was.
func (t *Tx) SettleRequest(ctx context.Context, team, id, by string) error {
	return t.swap(ctx, `
UPDATE requests SET settled_by = ?, settled_at = ? WHERE team_id = ? AND id = ? AND settled_at IS NULL`, by, stamp{t.now}, team, id)
}
