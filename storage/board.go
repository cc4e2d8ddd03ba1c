package storage

import (
	"context"
	"time"

	"griot/fault"
)

// ShowJob asks the board to make every copy of a subject's card equal the current state.
type ShowJob struct{ TeamID, Subject string }

// Kind names the job.
func (ShowJob) Kind() string { return "show" }

// DrawJob asks the board to try one copy again.
type DrawJob struct{ TeamID, Placement string }

// Kind names the job.
func (DrawJob) Kind() string { return "draw" }

// Redraw asks for every card of subject to be redrawn once the transaction holds.
func (t *Tx) Redraw(ctx context.Context, team, subject string) error {
	return t.Enqueue(ctx, ShowJob{TeamID: team, Subject: subject})
}

// Spot is a channel of one workspace on one surface, as in chat.Place.
type Spot struct{ Surface, Workspace, Channel string }

// Placement is one message in one channel that shows one subject.
type Placement struct {
	ID, TeamID, Subject string
	Spot
	Message  string    // empty: not sent, or not known to be
	Sending  bool      // was marked before a message was sent whose answer nobody wrote down
	Ours     bool      // here because the channel is the brand's
	Moved    bool      // the brand has left this channel
	Wanted   int64     // how often a redrawing was asked for
	Shown    int64     // the count that the message reflects
	Drawn    string    // digest of the card that it shows; empty: not known
	Placed   int64     // messages known to have been sent here so far
	Answered time.Time // when an interaction's own answer last redrew it
	Owner    string    // the process that draws it; its lease counts in the database alone
}

type placementRow struct {
	ID         string `db:"id"`
	TeamID     string `db:"team_id"`
	Subject    string `db:"subject"`
	Surface    string `db:"surface"`
	Workspace  string `db:"workspace"`
	Channel    string `db:"channel"`
	Message    string `db:"message"`
	Sending    bool   `db:"sending"`
	Ours       bool   `db:"ours"`
	Moved      bool   `db:"moved"`
	Wanted     int64  `db:"wanted"`
	Shown      int64  `db:"shown"`
	Drawn      string `db:"drawn"`
	Placed     int64  `db:"placed"`
	AnsweredAt stamp  `db:"answered_at"`
	Owner      string `db:"owner"`
}

const placementColumns = `id, team_id, subject, surface, workspace, channel, message, sending, ours, moved, wanted, shown,
drawn, placed, answered_at, owner`

func (r placementRow) placement() Placement {
	return Placement{r.ID, r.TeamID, r.Subject, Spot{r.Surface, r.Workspace, r.Channel}, r.Message, r.Sending, r.Ours, r.Moved,
		r.Wanted, r.Shown, r.Drawn, r.Placed, r.AnsweredAt.Time, r.Owner}
}

// Placements lists where subject is shown, oldest first.
func Placements(ctx context.Context, r Reader, team, subject string) ([]Placement, error) {
	var rows []placementRow
	err := list(ctx, r, &rows, `
SELECT `+placementColumns+`
FROM placements
WHERE team_id = ? AND subject = ?
ORDER BY id`, team, subject)
	out := make([]Placement, len(rows))
	for i, row := range rows {
		out[i] = row.placement()
	}
	return out, err
}

// PlacementByID is one placement of the team. Errors: a fault NotFound.
func PlacementByID(ctx context.Context, r Reader, team, id string) (Placement, error) {
	var row placementRow
	err := get(ctx, r, &row, `SELECT `+placementColumns+` FROM placements WHERE team_id = ? AND id = ?`, team, id)
	return row.placement(), err
}

// PlacementAt is what a message of the team shows. Errors: a fault NotFound.
func PlacementAt(ctx context.Context, r Reader, team string, s Spot, message string) (Placement, error) {
	var row placementRow
	err := get(ctx, r, &row, `
SELECT `+placementColumns+`
FROM placements
WHERE surface = ? AND workspace = ? AND channel = ? AND message = ? AND team_id = ? AND message <> ''`,
		s.Surface, s.Workspace, s.Channel, message, team)
	return row.placement(), err
}

// Place gives subject a message of its own in s, unless it has one there already, and reports whether it is new. The
// message is sent when the subject is next shown.
func (t *Tx) Place(ctx context.Context, p Placement) (bool, error) {
	n, err := t.write(ctx, `
INSERT INTO placements (id, team_id, subject, surface, workspace, channel, message, sending, ours, moved, wanted, shown,
    drawn, placed, asked_at, answered_at, owner, lease_until)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
ON CONFLICT (subject, surface, workspace, channel) DO NOTHING`,
		NewID("plc"), p.TeamID, p.Subject, p.Surface, p.Workspace, p.Channel, "", false, p.Ours, false, 0, 0,
		"", 0, stamp{t.now}, stamp{}, "", stamp{})
	return n > 0, err
}

// Want raises the count of everything that shows subject: it must be drawn again from what is committed by now.
func (t *Tx) Want(ctx context.Context, team, subject string) error {
	return t.put(ctx, `
UPDATE placements
SET wanted = wanted + 1, asked_at = ?
WHERE team_id = ? AND subject = ?`, stamp{t.now}, team, subject)
}

// MovePlacement says that the brand has left, or come back to, the placement's channel.
func (t *Tx) MovePlacement(ctx context.Context, p Placement) error {
	return t.put(ctx, `UPDATE placements SET moved = ? WHERE id = ? AND team_id = ?`, p.Moved, p.ID, p.TeamID)
}

// LeasePlacement takes a placement that is behind, for owner alone, and returns it as it stands. It reports false when there
// is nothing to do or somebody else is drawing it.
func (t *Tx) LeasePlacement(ctx context.Context, j DrawJob, owner string, lease time.Duration) (Placement, bool, error) {
	var row placementRow
	err := get(ctx, t, &row, `
UPDATE placements
SET owner = ?, lease_until = ?
WHERE id = ? AND team_id = ? AND shown < wanted AND (lease_until IS NULL OR lease_until <= ?)
RETURNING `+placementColumns, owner, stamp{t.now.Add(lease)}, j.Placement, j.TeamID, stamp{t.now})
	if fault.Is(err, fault.NotFound) {
		return Placement{}, false, nil
	}
	return row.placement(), err == nil, err
}

// MarkSending commits that a message is about to be sent, while the lease is held. A fault Conflict: it no longer is.
func (t *Tx) MarkSending(ctx context.Context, p Placement) error {
	return t.swap(ctx, `
UPDATE placements
SET sending = ?
WHERE id = ? AND team_id = ? AND owner = ?`, true, p.ID, p.TeamID, p.Owner)
}

// ReleasePlacement writes what was drawn and gives the lease back. It returns the count wanted by now: when that is more
// than p.Shown, or what the message shows was overwritten meanwhile, it must be drawn again. A fault Conflict: the lease
// was lost, and nothing is written.
func (t *Tx) ReleasePlacement(ctx context.Context, p Placement) (wanted int64, err error) {
	err = get(ctx, t, &wanted, `
UPDATE placements
SET message = ?, sending = ?, placed = ?, shown = ?, drawn = CASE WHEN answered_at IS NOT DISTINCT FROM ? THEN ? ELSE '' END,
    owner = '', lease_until = ?
WHERE id = ? AND team_id = ? AND owner = ?
RETURNING wanted`, p.Message, p.Sending, p.Placed, p.Shown, stamp{p.Answered}, p.Drawn, stamp{}, p.ID, p.TeamID, p.Owner)
	if fault.Is(err, fault.NotFound) {
		return 0, fault.New(fault.Conflict, errRaced)
	}
	return wanted, err
}

// Answered writes that an interaction's own answer makes the message of p show the card with digest drawn, p being as it
// stood before that card was drawn. When nobody can tell what the message will show in the end (the board has drawn it since
// or is about to, or another answer came within settle), it is behind and has to be drawn once more; ask is true when nobody
// has been asked to do so yet.
func (t *Tx) Answered(ctx context.Context, p Placement, drawn string, settle time.Duration) (ask bool, err error) {
	n, err := t.write(ctx, `
UPDATE placements
SET drawn = ?, answered_at = ?
WHERE id = ? AND team_id = ? AND wanted = ? AND (lease_until IS NULL OR lease_until <= ?) AND (answered_at IS NULL OR answered_at <= ?)`,
		drawn, stamp{t.now}, p.ID, p.TeamID, p.Wanted, stamp{t.now}, stamp{t.now.Add(-settle)})
	if err != nil || n > 0 {
		return false, err
	}
	var behind []int64
	err = list(ctx, t, &behind, `
UPDATE placements
SET drawn = '', answered_at = ?, wanted = wanted + 1, asked_at = ?
WHERE id = ? AND team_id = ?
RETURNING wanted - shown`, stamp{t.now}, stamp{t.now}, p.ID, p.TeamID)
	return len(behind) == 1 && behind[0] == 1, err
}

// Doubt says that nobody can tell what a placement's message shows: it must be drawn once more, whatever was drawn before.
func (t *Tx) Doubt(ctx context.Context, p Placement) error {
	return t.put(ctx, `
UPDATE placements
SET drawn = '', answered_at = ?, wanted = wanted + 1, asked_at = ?
WHERE id = ? AND team_id = ?`, stamp{t.now}, stamp{t.now}, p.ID, p.TeamID)
}
