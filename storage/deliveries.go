package storage

import (
	"context"
	"time"

	"griot/fault"
	"griot/social"
)

const deliveryColumns = `id, team_id, brand_id, post_id, account_id, occurrence, network, fingerprint, words_no, state,
due_at, wake_at, looks, owner, lease_until, fence, tries, left_at, said, reason, halt, rev, told_late, news, answers`

type deliveryRow struct {
	ID         string `db:"id"`
	Team       string `db:"team_id"`
	Brand      string `db:"brand_id"`
	Post       string `db:"post_id"`
	Account    string `db:"account_id"`
	Occurrence int64  `db:"occurrence"`
	Network    string `db:"network"`
	Print      string `db:"fingerprint"`
	Words      int64  `db:"words_no"`
	State      string `db:"state"`
	Due        stamp  `db:"due_at"`
	Wake       stamp  `db:"wake_at"`
	Looks      int64  `db:"looks"`
	Owner      string `db:"owner"`
	Lease      stamp  `db:"lease_until"`
	Fence      int64  `db:"fence"`
	Tries      int64  `db:"tries"`
	Left       stamp  `db:"left_at"`
	Said       string `db:"said"`
	Reason     string `db:"reason"`
	Halt       string `db:"halt"`
	Rev        int64  `db:"rev"`
	Told       bool   `db:"told_late"`
	News       bool   `db:"news"`
	Answers    string `db:"answers"`
}

func (r deliveryRow) delivery() social.Delivery {
	return social.Delivery{ID: r.ID, TeamID: r.Team, BrandID: r.Brand, PostID: r.Post, AccountID: r.Account, Answers: r.Answers,
		Network: r.Network, Occurrence: r.Occurrence, Fingerprint: r.Print, Revision: r.Words,
		State: social.DeliveryState(r.State), DueAt: r.Due.Time, WakeAt: r.Wake.Time, Looks: r.Looks, Owner: r.Owner,
		LeaseUntil: r.Lease.Time, Fence: r.Fence, Tries: r.Tries, LeftAt: r.Left.Time, ToldLate: r.Told, News: r.News,
		Words: r.Said, Reason: social.Reason(r.Reason), Halt: social.Reason(r.Halt), Rev: r.Rev}
}

type partRow struct {
	Delivery string `db:"delivery_id"`
	Number   int64  `db:"number"`
	Key      string `db:"key"`
	Created  stamp  `db:"created_at"`
	Request  string `db:"request"`
	Armed    stamp  `db:"armed_at"`
	Receipt  string `db:"receipt"`
	URL      string `db:"url"`
	Live     bool   `db:"live"`
}

func (r partRow) part() social.DeliveryPart {
	return social.DeliveryPart{Index: r.Number, Key: r.Key, At: r.Created.Time, Request: r.Request, Armed: r.Armed.Time,
		Receipt: r.Receipt, URL: r.URL, Live: r.Live}
}

// Deliveries lists what has become of a post, with the parts, in the order of its accounts.
func Deliveries(ctx context.Context, r Reader, team, post string) ([]social.Delivery, error) {
	var rows []deliveryRow
	err := list(ctx, r, &rows, `
SELECT `+deliveryColumns+` FROM deliveries WHERE team_id = ? AND post_id = ? ORDER BY occurrence, id`, team, post)
	if err != nil {
		return nil, err
	}
	return withParts(ctx, r, rows)
}

// Delivery reads one delivery of the team, with its parts.
func Delivery(ctx context.Context, r Reader, team, id string) (social.Delivery, error) {
	var row deliveryRow
	if err := get(ctx, r, &row, `SELECT `+deliveryColumns+` FROM deliveries WHERE team_id = ? AND id = ?`, team, id); err != nil {
		return social.Delivery{}, err
	}
	ds, err := withParts(ctx, r, []deliveryRow{row})
	if err != nil {
		return social.Delivery{}, err
	}
	return ds[0], nil
}

func withParts(ctx context.Context, r Reader, rows []deliveryRow) ([]social.Delivery, error) {
	ds := each(rows, deliveryRow.delivery)
	if len(ds) == 0 {
		return ds, nil
	}
	var parts []partRow
	err := in(ctx, r, &parts, `
SELECT delivery_id, number, key, created_at, request, armed_at, receipt, url, live
FROM parts
WHERE delivery_id IN (?)
ORDER BY delivery_id, number`, each(ds, func(d social.Delivery) string { return d.ID }))
	if err != nil {
		return nil, err
	}
	of := map[string][]social.DeliveryPart{}
	for _, p := range parts {
		of[p.Delivery] = append(of[p.Delivery], p.part())
	}
	for i := range ds {
		ds[i].Parts = of[ds[i].ID]
	}
	return ds, nil
}

// AddDelivery stores a delivery in the state it has, with its parts.
func (t *Tx) AddDelivery(ctx context.Context, d social.Delivery) error {
	err := t.put(ctx, `INSERT INTO deliveries (`+deliveryColumns+`) VALUES (`+marks(25)+`)`,
		d.ID, d.TeamID, d.BrandID, d.PostID, d.AccountID, d.Occurrence, d.Network, d.Fingerprint, d.Revision, d.State,
		stamp{d.DueAt}, stamp{d.WakeAt}, d.Looks, d.Owner, stamp{d.LeaseUntil}, d.Fence, d.Tries, stamp{d.LeftAt}, d.Words, d.Reason, d.Halt, d.Rev, d.ToldLate, d.News, d.Answers)
	for _, p := range d.Parts {
		if err != nil {
			return err
		}
		err = t.put(ctx, `
INSERT INTO parts (delivery_id, number, team_id, key, created_at, request, armed_at, receipt, url, live)
VALUES (`+marks(10)+`)`,
			d.ID, p.Index, d.TeamID, p.Key, stamp{p.At}, p.Request, stamp{p.Armed}, p.Receipt, p.URL, p.Live)
	}
	return err
}

// Turned writes what turn made of d, by the process that holds its fence, and raises its revision. False: the fence is
// another's by now, or the row has moved on; nothing was written. When it was due, and whether the watchdog spoke of it,
// are not the process's to write.
func (t *Tx) Turned(ctx context.Context, d social.Delivery, turn social.Turn) (bool, error) {
	return t.turned(ctx, d, turn, `fence = ?`, d.Fence, ``)
}

// Decided writes what a person's turn made of d. A fault Conflict when d has moved on since it was read. It raises the
// fence: whoever holds a lease on it has lost it. Tries are counted anew.
func (t *Tx) Decided(ctx context.Context, d social.Delivery, turn social.Turn) error {
	ok, err := t.turned(ctx, d, turn, `rev = ?`, d.Rev, `,
    fence = fence + 1, owner = '', tries = 0, halt = '', due_at = ?, told_late = ?`, stamp{d.DueAt}, d.ToldLate)
	if err == nil && !ok {
		return fault.New(fault.Conflict, errRaced)
	}
	return err
}

func (t *Tx) turned(ctx context.Context, d social.Delivery, turn social.Turn, guard string, seen int64, more string, values ...any) (bool, error) {
	to, _ := d.State.After(turn)
	from := turn.Before()
	args := []any{to, stamp{d.WakeAt}, d.Looks, stamp{d.LeaseUntil}, stamp{d.LeftAt}, d.Words, d.Reason, d.News}
	args = append(append(args, values...), d.TeamID, d.ID)
	for _, s := range from {
		args = append(args, s)
	}
	n, err := t.write(ctx, `
UPDATE deliveries
SET state = ?, wake_at = ?, looks = ?, lease_until = ?, left_at = ?, said = ?, reason = ?, news = ?, rev = rev + 1`+more+`
WHERE team_id = ? AND id = ? AND state IN (`+marks(len(from))+`) AND `+guard, append(args, seen)...)
	return n == 1, err
}

// SavePart writes one part as it is now.
func (t *Tx) SavePart(ctx context.Context, team, delivery string, p social.DeliveryPart) error {
	return t.put(ctx, `
UPDATE parts
SET created_at = ?, request = ?, armed_at = ?, receipt = ?, url = ?, live = ?
WHERE team_id = ? AND delivery_id = ? AND number = ?`,
		stamp{p.At}, p.Request, stamp{p.Armed}, p.Receipt, p.URL, p.Live, team, delivery, p.Index)
}

// MayLeave locks what could forbid a delivery to leave, and reports whether nothing does: its brand is not paused and
// its account is not removed. Whoever pauses or removes meanwhile waits for this transaction, or this one for theirs.
func (t *Tx) MayLeave(ctx context.Context, d social.Delivery) (bool, error) {
	q := `
SELECT COUNT(*) FROM (
    SELECT b.id
    FROM brands b, accounts a
    WHERE b.team_id = ? AND b.id = ? AND NOT b.paused AND a.team_id = ? AND a.id = ? AND a.state <> 'removed'` + t.share() + `
) allowed`
	var n int
	err := get(ctx, t, &n, q, d.TeamID, d.BrandID, d.TeamID, d.AccountID)
	return n == 1, err
}

// locked locks the rows read for this transaction alone, until its end. SQLite has one writer: it is us.
func (t *Tx) locked() string {
	if t.tx.DriverName() == string(Postgres) {
		return ` FOR UPDATE`
	}
	return ""
}

// share locks the rows read against writers until the end of the transaction. SQLite has one writer: it is us.
func (t *Tx) share() string {
	if t.tx.DriverName() == string(Postgres) {
		return ` FOR SHARE`
	}
	return ""
}

// StopWhich names the deliveries an act ends: those of a post, of one account of a post, of an account, or of a brand.
type StopWhich struct{ Post, Account, Brand string }

func (w StopWhich) where(team string) (string, []any) {
	q, args := `team_id = ?`, []any{team}
	for _, c := range []struct{ column, id string }{{"post_id", w.Post}, {"account_id", w.Account}, {"brand_id", w.Brand}} {
		if c.id != "" {
			q, args = q+` AND `+c.column+` = ?`, append(args, c.id)
		}
	}
	return q, args
}

// Stop ends the right to send: what waits, is only prepared, missed or refused becomes void, in the same transaction as the
// act that stops it. It returns the deliveries that can no longer be stopped, because they are leaving right now; those are
// not tried again. What an account's removal stops is news for its posts, and what was refused before stays so.
func (t *Tx) Stop(ctx context.Context, team string, w StopWhich, why social.Reason) ([]social.Delivery, error) {
	where, args := w.where(team)
	states, news := `'waiting', 'leased', 'missed', 'refused'`, w.Post == ""
	if news {
		states = `'waiting', 'leased', 'missed'`
	}
	// Between two of these statements a part could be recorded and the next one prepared: seen by neither.
	if err := t.put(ctx, `SELECT id FROM deliveries WHERE `+where+` ORDER BY id`+t.locked(), args...); err != nil {
		return nil, err
	}
	err := t.put(ctx, `
UPDATE deliveries
SET state = 'void', reason = ?, news = ?, halt = '', wake_at = NULL, owner = '', fence = fence + 1, rev = rev + 1
WHERE `+where+` AND state IN (`+states+`)`, append([]any{why, news}, args...)...)
	if err != nil {
		return nil, err
	}
	if err := t.put(ctx, `UPDATE deliveries SET halt = ? WHERE `+where+` AND state = 'sending'`, append([]any{why}, args...)...); err != nil {
		return nil, err
	}
	return t.leaving(ctx, where, args)
}

// Hold takes back what is being prepared, for a pause: it waits again, and the pause is read when it is claimed. It
// returns the deliveries that are leaving right now.
func (t *Tx) Hold(ctx context.Context, team, brand string) ([]social.Delivery, error) {
	where, args := StopWhich{Brand: brand}.where(team)
	err := t.put(ctx, `
UPDATE deliveries
SET state = 'waiting', wake_at = due_at, owner = '', fence = fence + 1, rev = rev + 1
WHERE `+where+` AND state = 'leased'`, args...)
	if err != nil {
		return nil, err
	}
	return t.leaving(ctx, where, args)
}

func (t *Tx) leaving(ctx context.Context, where string, args []any) ([]social.Delivery, error) {
	var rows []deliveryRow
	err := list(ctx, t, &rows, `SELECT `+deliveryColumns+` FROM deliveries WHERE `+where+` AND state IN ('sending', 'pending') ORDER BY id`, args...)
	return each(rows, deliveryRow.delivery), err
}

// Overdue lists what fell due before now while a brand was paused and has not begun to leave.
func (t *Tx) Overdue(ctx context.Context, team, brand string) ([]social.Delivery, error) {
	var rows []deliveryRow
	err := list(ctx, t, &rows, `
SELECT `+deliveryColumns+`
FROM deliveries
WHERE team_id = ? AND brand_id = ? AND state IN ('waiting', 'leased') AND due_at <= ?
ORDER BY due_at, id`+t.locked(), team, brand, stamp{t.now})
	return each(rows, deliveryRow.delivery), err
}

// Reschedule moves what waits of a post to another instant, and what was missed or refused whole, which leaves anew. It takes
// back that what is leaving was to be stopped.
func (t *Tx) Reschedule(ctx context.Context, team, post string, due time.Time) error {
	err := t.put(ctx, `
UPDATE deliveries
SET state = 'waiting', due_at = ?, wake_at = ?, reason = '', said = '', looks = 0, left_at = NULL, halt = '', told_late = FALSE, news = FALSE,
    owner = '', fence = fence + 1, rev = rev + 1
WHERE team_id = ? AND post_id = ? AND (state IN ('waiting', 'leased', 'missed')
  OR state = 'refused' AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.delivery_id = deliveries.id AND p.live))`, stamp{due}, stamp{due}, team, post)
	if err != nil {
		return err
	}
	return t.put(ctx, `UPDATE deliveries SET halt = '' WHERE team_id = ? AND post_id = ? AND state = 'sending'`, team, post)
}
