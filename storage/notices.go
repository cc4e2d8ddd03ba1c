package storage

import (
	"context"
	"time"

	"griot/fault"
	"griot/social"
)

// TellJob asks the board to say one notice.
type TellJob struct{ TeamID, NoticeID string }

// Kind names the job.
func (TellJob) Kind() string { return "tell" }

// Notify stores a notice and asks for it to be said. The same change is said once to each member.
func (t *Tx) Notify(ctx context.Context, n social.Notice) error {
	n.ID = NewID("ntc")
	added, err := t.write(ctx, `
INSERT INTO notices (id, team_id, subject, member_id, kind, change, data, urgent, at)
VALUES (?,?,?,?,?,?,?,?,?)
ON CONFLICT (subject, member_id, kind, change) DO NOTHING`,
		n.ID, n.TeamID, n.Subject, n.MemberID, n.Kind, n.Change, doc[map[string]string]{n.Data}, n.Urgent, stamp{t.now})
	if err != nil || added == 0 {
		return err
	}
	return t.Enqueue(ctx, TellJob{TeamID: n.TeamID, NoticeID: n.ID})
}

type noticeRow struct {
	ID       string                 `db:"id"`
	TeamID   string                 `db:"team_id"`
	Subject  string                 `db:"subject"`
	MemberID string                 `db:"member_id"`
	Kind     social.NoticeKind      `db:"kind"`
	Change   string                 `db:"change"`
	Data     doc[map[string]string] `db:"data"`
	Urgent   bool                   `db:"urgent"`
	At       stamp                  `db:"at"`
	Tried    bool                   `db:"tried"`
}

func (r noticeRow) notice() social.Notice {
	return social.Notice{ID: r.ID, TeamID: r.TeamID, Subject: r.Subject, MemberID: r.MemberID, Kind: r.Kind, Change: r.Change,
		Data: r.Data.V, Urgent: r.Urgent, At: r.At.Time, Tried: r.Tried}
}

const noticeColumns = `id, team_id, subject, member_id, kind, change, data, urgent, at, tried`

// UnsaidNotice is a notice that still has to be said. Errors: a fault NotFound when there is none, or it was said.
func UnsaidNotice(ctx context.Context, r Reader, team, id string) (social.Notice, error) {
	var row noticeRow
	err := get(ctx, r, &row, `SELECT `+noticeColumns+` FROM notices WHERE team_id = ? AND id = ? AND said_at IS NULL`, team, id)
	return row.notice(), err
}

// TryNotice commits that a notice is about to be said, by one who says it for as long as lease, and returns it as it stood:
// Tried when it may have been heard before. It reports false when somebody else is saying it, or it was said.
func (t *Tx) TryNotice(ctx context.Context, n social.Notice, lease time.Duration) (social.Notice, bool, error) {
	var row noticeRow
	err := get(ctx, t, &row, `
UPDATE notices
SET lease_until = ?
WHERE id = ? AND team_id = ? AND said_at IS NULL AND (lease_until IS NULL OR lease_until <= ?)
RETURNING `+noticeColumns, stamp{t.now.Add(lease)}, n.ID, n.TeamID, stamp{t.now})
	if fault.Is(err, fault.NotFound) {
		return n, false, nil
	}
	if err != nil {
		return n, false, err
	}
	return row.notice(), true, t.put(ctx, `UPDATE notices SET tried = ? WHERE id = ? AND team_id = ?`, true, n.ID, n.TeamID)
}

// ReleaseNotice writes that a notice was not said after all, and whether somebody may have heard it nevertheless.
func (t *Tx) ReleaseNotice(ctx context.Context, n social.Notice) error {
	return t.put(ctx, `
UPDATE notices SET tried = ?, lease_until = NULL WHERE id = ? AND team_id = ?`, n.Tried, n.ID, n.TeamID)
}

// Said writes that a notice was said, or that nobody can be told.
func (t *Tx) Said(ctx context.Context, n social.Notice) error {
	return t.put(ctx, `UPDATE notices SET said_at = ? WHERE id = ? AND team_id = ? AND said_at IS NULL`, stamp{t.now}, n.ID, n.TeamID)
}
