package storage

import (
	"context"
	"time"

	"griot/social"
)

// Behind lists, over all teams, placements whose message does not show what was asked for before that instant, at most n.
func Behind(ctx context.Context, r Reader, before time.Time, n int) ([]DrawJob, error) {
	var rows []placementRow
	err := list(ctx, r, &rows, `
SELECT `+placementColumns+`
FROM placements
WHERE shown < wanted AND asked_at < ?
ORDER BY asked_at
LIMIT ?`, stamp{before}, n)
	out := make([]DrawJob, len(rows))
	for i, p := range rows {
		out[i] = DrawJob{TeamID: p.TeamID, Placement: p.ID}
	}
	return out, err
}

// ShownSince lists, over all teams, the subjects whose cards were asked for since that instant, at most n, latest first.
func ShownSince(ctx context.Context, r Reader, since time.Time, n int) ([]ShowJob, error) {
	var rows []struct {
		TeamID  string `db:"team_id"`
		Subject string `db:"subject"`
	}
	err := list(ctx, r, &rows, `
SELECT team_id, subject
FROM placements
WHERE asked_at >= ?
GROUP BY team_id, subject
ORDER BY MAX(asked_at) DESC
LIMIT ?`, stamp{since}, n)
	out := make([]ShowJob, len(rows))
	for i, s := range rows {
		out[i] = ShowJob{s.TeamID, s.Subject}
	}
	return out, err
}

// UnsaidNotices lists, over all teams, notices of before that instant that nobody has heard yet, at most n.
func UnsaidNotices(ctx context.Context, r Reader, before time.Time, n int) ([]social.Notice, error) {
	var rows []noticeRow
	err := list(ctx, r, &rows, `
SELECT `+noticeColumns+`
FROM notices
WHERE said_at IS NULL AND at < ?
ORDER BY at
LIMIT ?`, stamp{before}, n)
	out := make([]social.Notice, len(rows))
	for i, row := range rows {
		out[i] = row.notice()
	}
	return out, err
}
