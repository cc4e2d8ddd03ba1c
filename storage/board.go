package storage

import (
	"context"

	"griot/social"
)

// ShowJob asks the board to make every copy of a subject's card equal the current state.
type ShowJob struct{ TeamID, Subject string }

// Kind names the job.
func (ShowJob) Kind() string { return "show" }

// TellJob asks the board to say one notice.
type TellJob struct{ TeamID, NoticeID string }

// Kind names the job.
func (TellJob) Kind() string { return "tell" }

// Redraw asks for every card of subject to be redrawn once the transaction holds.
func (t *Tx) Redraw(ctx context.Context, team, subject string) error {
	return t.Enqueue(ctx, ShowJob{TeamID: team, Subject: subject})
}

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
