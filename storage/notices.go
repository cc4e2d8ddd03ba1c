package storage

import (
	"context"

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
}

func (r noticeRow) notice() social.Notice {
	return social.Notice{ID: r.ID, TeamID: r.TeamID, Subject: r.Subject, MemberID: r.MemberID, Kind: r.Kind, Change: r.Change,
		Data: r.Data.V, Urgent: r.Urgent, At: r.At.Time}
}

const noticeColumns = `id, team_id, subject, member_id, kind, change, data, urgent, at`

// UnsaidNotice is a notice that still has to be said. Errors: a fault NotFound when there is none, or it was said.
func UnsaidNotice(ctx context.Context, r Reader, team, id string) (social.Notice, error) {
	var row noticeRow
	err := get(ctx, r, &row, `SELECT `+noticeColumns+` FROM notices WHERE team_id = ? AND id = ? AND said_at IS NULL`, team, id)
	return row.notice(), err
}

// Said writes that a notice was said, or that nobody can be told.
func (t *Tx) Said(ctx context.Context, n social.Notice) error {
	return t.put(ctx, `UPDATE notices SET said_at = ? WHERE id = ? AND team_id = ? AND said_at IS NULL`, stamp{t.now}, n.ID, n.TeamID)
}
