package storage

import (
	"context"
	"slices"
	"time"
)

// Turn is the wish to send one new message to a channel that takes them one after the other. The queue is kept over
// restarts and is the same for every process.
type Turn struct {
	Spot
	Holder string        // the placement or the notice that the message shows
	Waits  bool          // somebody has to act on it: it goes before those that nobody waits for
	Every  time.Duration // from the end of one message to the next
	Hold   time.Duration // the longest that sending it takes
}

// TakeTurn puts a message into its channel's queue, unless it is there, and returns zero when it is to be sent now, else how
// long it has to wait at least. Whoever sends says so with EndTurn or KeepTurn; until then, or until x.Hold is over, the
// channel takes no other. Messages go in the order in which they came, those that somebody waits for first. One that is not
// there when its turn comes loses its place.
func (t *Tx) TakeTurn(ctx context.Context, x Turn) (time.Duration, error) {
	pace, err := t.pace(ctx, x.Spot)
	if err != nil {
		return 0, err
	}
	open, err := OpenAt(ctx, t, x.Spot)
	if err != nil {
		return 0, err
	}
	before, err := t.lineUp(ctx, x, pace.Holder)
	if err != nil {
		return 0, err
	}
	share := time.Duration(len(before)) * x.Every
	free := earlier(pace.Next.Time, t.now.Add(x.Every)) // what is being sent may be over at once
	wait := later(free, open).Add(share).Sub(t.now)
	switch {
	case wait > 0:
		return wait, nil
	case len(before) > 0 && -wait >= x.Every: // nobody was there for a while: all begin anew, in their order
		return share, t.setPace(ctx, x.Spot, pace.Holder, t.now)
	}
	for _, absent := range before {
		if err := t.leaveQueue(ctx, x.Spot, absent); err != nil {
			return 0, err
		}
	}
	return 0, t.setPace(ctx, x.Spot, x.Holder, t.now.Add(x.Hold+x.Every))
}

// EndTurn says that a message was sent, or that it will never be: the next one may go x.Every after what was under way.
func (t *Tx) EndTurn(ctx context.Context, x Turn) error {
	if err := t.KeepTurn(ctx, x); err != nil {
		return err
	}
	return t.leaveQueue(ctx, x.Spot, x.Holder)
}

// KeepTurn says that sending a message is over, and that it may have to be sent again: it keeps its place.
func (t *Tx) KeepTurn(ctx context.Context, x Turn) error {
	return t.put(ctx, `
UPDATE paces
SET holder = '', next_at = ?
WHERE surface = ? AND workspace = ? AND channel = ? AND holder = ?`,
		stamp{t.now.Add(x.Every)}, x.Surface, x.Workspace, x.Channel, x.Holder)
}

// Queued reports whether what a placement or a notice shows waits for its turn.
func Queued(ctx context.Context, r Reader, holder string) (bool, error) {
	var n int
	err := get(ctx, r, &n, `SELECT COUNT(*) FROM turns WHERE holder = ?`, holder)
	return n > 0, err
}

// Shut keeps every process from calling a channel for a while, because the chat said so; the whole workspace when the
// channel is empty.
func (t *Tx) Shut(ctx context.Context, s Spot, after time.Duration) error {
	if _, err := t.pace(ctx, s); err != nil {
		return err
	}
	until := stamp{t.now.Add(after)}
	return t.put(ctx, `
UPDATE paces
SET open_at = ?
WHERE surface = ? AND workspace = ? AND channel = ? AND open_at < ?`, until, s.Surface, s.Workspace, s.Channel, until)
}

// OpenAt is when a channel takes calls again, its workspace too; zero when neither ever said that it does not.
func OpenAt(ctx context.Context, r Reader, s Spot) (time.Time, error) {
	var at stamp
	err := get(ctx, r, &at, `
SELECT MAX(open_at) FROM paces WHERE surface = ? AND workspace = ? AND channel IN ('', ?)`, s.Surface, s.Workspace, s.Channel)
	return at.Time, err
}

// paceRow is what a channel bears.
type paceRow struct {
	Holder string `db:"holder"`
	Next   stamp  `db:"next_at"`
}

// pace reads what a channel bears, and makes others who want to know wait for this transaction.
func (t *Tx) pace(ctx context.Context, s Spot) (paceRow, error) {
	var row paceRow
	err := get(ctx, t, &row, `
INSERT INTO paces (surface, workspace, channel, holder, next_at, open_at)
VALUES (?,?,?,'',?,?)
ON CONFLICT (surface, workspace, channel) DO UPDATE
SET holder = paces.holder
RETURNING holder, next_at`, s.Surface, s.Workspace, s.Channel, stamp{t.now}, stamp{t.now})
	return row, err
}

func (t *Tx) setPace(ctx context.Context, s Spot, holder string, next time.Time) error {
	return t.put(ctx, `
UPDATE paces
SET holder = ?, next_at = ?
WHERE surface = ? AND workspace = ? AND channel = ?`, holder, stamp{next}, s.Surface, s.Workspace, s.Channel)
}

// lineUp puts x into its channel's queue and returns who stands before it, without the one that is being sent.
func (t *Tx) lineUp(ctx context.Context, x Turn, sent string) ([]string, error) {
	err := t.put(ctx, `
INSERT INTO turns (surface, workspace, channel, holder, waits, at)
VALUES (?,?,?,?,?,?)
ON CONFLICT (surface, workspace, channel, holder) DO UPDATE
SET waits = excluded.waits`, x.Surface, x.Workspace, x.Channel, x.Holder, x.Waits, stamp{t.now})
	if err != nil {
		return nil, err
	}
	var all []string
	err = list(ctx, t, &all, `
SELECT holder
FROM turns
WHERE surface = ? AND workspace = ? AND channel = ?
ORDER BY waits DESC, at, holder`, x.Surface, x.Workspace, x.Channel)
	if err != nil {
		return nil, err
	}
	before := all[:slices.Index(all, x.Holder)]
	return slices.DeleteFunc(before, func(holder string) bool { return holder == sent }), nil
}

func (t *Tx) leaveQueue(ctx context.Context, s Spot, holder string) error {
	return t.put(ctx, `
DELETE FROM turns
WHERE surface = ? AND workspace = ? AND channel = ? AND holder = ?`, s.Surface, s.Workspace, s.Channel, holder)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
