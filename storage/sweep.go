package storage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"griot/social"
)

// What stands here looks at the rows of all teams: loops that serve nobody in particular. Everything they do next is
// done team by team.

// awake is what a process must look at: held neither by a pause nor by its network's share of the pool.
func awake(skip []string) (string, []any) {
	q := `
FROM deliveries d
JOIN brands b ON b.id = d.brand_id
WHERE d.wake_at IS NOT NULL AND (NOT b.paused OR d.state NOT IN ('waiting', 'leased'))`
	if len(skip) == 0 {
		return q, nil
	}
	var args []any
	for _, s := range skip {
		args = append(args, s)
	}
	return q + ` AND d.network NOT IN (` + marks(len(skip)) + `)`, args
}

// NextWake is the earliest instant, past or future, at which a delivery wants to be looked at; zero when none does.
func NextWake(ctx context.Context, r Reader) (time.Time, error) {
	from, _ := awake(nil)
	var at []stamp
	err := list(ctx, r, &at, `SELECT d.wake_at`+from+` ORDER BY d.wake_at LIMIT 1`)
	if err != nil || len(at) == 0 {
		return time.Time{}, err
	}
	return at[0].Time, nil
}

// Claim gives owner the next deliveries to look at, at most n, none of the networks in skip, each with a new fence and a
// lease: what waits becomes leased, what is under way keeps its state. Two processes never get the same one. Those that
// wait longest come first.
func (t *Tx) Claim(ctx context.Context, owner string, lease time.Duration, n int, skip []string) ([]social.Delivery, error) {
	q, args := t.claiming(owner, lease, n, skip)
	var rows []deliveryRow
	if err := list(ctx, t, &rows, q, args...); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b deliveryRow) int { return cmp.Or(a.Due.Compare(b.Due.Time), cmp.Compare(a.ID, b.ID)) })
	return withParts(ctx, t, rows)
}

func (t *Tx) claiming(owner string, lease time.Duration, n int, skip []string) (string, []any) {
	from, args := awake(skip)
	until := stamp{t.now.Add(lease)}
	args = append(args, stamp{t.now}, n, owner, until, until, stamp{t.now})
	return `
WITH next AS (SELECT d.id` + from + ` AND d.wake_at <= ? ORDER BY d.wake_at, d.id LIMIT ?` + t.unlocked("d") + `)
UPDATE deliveries
SET state = CASE WHEN state IN ('waiting', 'leased') THEN 'leased' ELSE state END,
    owner = ?, lease_until = ?, wake_at = ?, fence = fence + 1, tries = tries + 1
WHERE id IN (SELECT id FROM next) AND wake_at <= ?
RETURNING ` + deliveryColumns, args
}

// unlocked passes over rows that another process is just taking. SQLite has one writer: it is us.
func (t *Tx) unlocked(table string) string {
	if t.tx.DriverName() == string(Postgres) {
		return ` FOR UPDATE OF ` + table + ` SKIP LOCKED`
	}
	return ""
}

// Renew makes a lease longer while the delivery is still being prepared under the same fence.
func (t *Tx) Renew(ctx context.Context, d social.Delivery, lease time.Duration) (bool, error) {
	until := stamp{t.now.Add(lease)}
	n, err := t.write(ctx, `
UPDATE deliveries
SET lease_until = ?, wake_at = ?
WHERE id = ? AND fence = ? AND state IN ('leased', 'removing')`, until, until, d.ID, d.Fence)
	return n == 1, err
}

// HandBack gives free what owner had only claimed, when a process stops in good order.
func (t *Tx) HandBack(ctx context.Context, owner string) error {
	return t.put(ctx, `
UPDATE deliveries
SET state = 'waiting', owner = '', wake_at = due_at, fence = fence + 1
WHERE owner = ? AND state = 'leased'`, owner)
}

// Untold lists deliveries whose last turn nobody has been told of yet.
func Untold(ctx context.Context, r Reader, n int) ([]social.Delivery, error) {
	var rows []deliveryRow
	if err := list(ctx, r, &rows, `SELECT `+deliveryColumns+` FROM deliveries WHERE news ORDER BY id LIMIT ?`, n); err != nil {
		return nil, err
	}
	return withParts(ctx, r, rows)
}

// Told marks that a delivery's turn was told, unless another one has come since.
func (t *Tx) Told(ctx context.Context, d social.Delivery) (bool, error) {
	n, err := t.write(ctx, `UPDATE deliveries SET news = FALSE WHERE id = ? AND rev = ? AND news`, d.ID, d.Rev)
	return n == 1, err
}

// RunningLate lists what should have left before and has not, and of which nobody has spoken.
func RunningLate(ctx context.Context, r Reader, before time.Time) ([]social.Delivery, error) {
	var rows []deliveryRow
	err := list(ctx, r, &rows, `
SELECT `+deliveryColumns+`
FROM deliveries
WHERE state IN ('waiting', 'leased', 'sending', 'pending') AND NOT told_late AND due_at < ?
  AND EXISTS (SELECT 1 FROM brands b WHERE b.id = brand_id AND NOT b.paused)
ORDER BY due_at
LIMIT 100`, stamp{before})
	return each(rows, deliveryRow.delivery), err
}

// ToldLate marks that the watchdog spoke of a delivery.
func (t *Tx) ToldLate(ctx context.Context, d social.Delivery) (bool, error) {
	n, err := t.write(ctx, `UPDATE deliveries SET told_late = TRUE WHERE id = ? AND NOT told_late`, d.ID)
	return n == 1, err
}

// DoubtAll makes everything that fell due until an instant a human's to decide, after a backup was restored: nobody knows
// what went out since it was made. Every part without a receipt may have been sent, so that sending it again looks first.
func (t *Tx) DoubtAll(ctx context.Context, until time.Time) (int64, error) {
	const doubtful = `state IN ('waiting', 'leased', 'sending', 'pending') AND (due_at <= ? OR state IN ('sending', 'pending'))`
	err := t.put(ctx, `
UPDATE parts
SET armed_at = (SELECT d.due_at FROM deliveries d WHERE d.id = delivery_id)
WHERE receipt = '' AND armed_at IS NULL AND delivery_id IN (SELECT id FROM deliveries WHERE `+doubtful+`)`, stamp{until})
	if err != nil {
		return 0, err
	}
	return t.write(ctx, `
UPDATE deliveries
SET state = 'unsure', reason = 'restore', wake_at = NULL, owner = '', fence = fence + 1, rev = rev + 1, news = TRUE
WHERE `+doubtful, stamp{until})
}

// UsableAccounts lists the accounts of every team that were not removed, those checked longest ago first.
func UsableAccounts(ctx context.Context, r Reader) ([]social.Account, error) {
	var rows []accountRow
	err := list(ctx, r, &rows, `
SELECT `+accountColumns+` FROM accounts WHERE state <> 'removed' ORDER BY checked_at, id`)
	return each(rows, accountRow.account), err
}

// DropOrphans forgets pictures added before an instant that no revision of their team needs, and returns their hashes.
func (t *Tx) DropOrphans(ctx context.Context, before time.Time) ([]string, error) {
	var hashes []string
	err := list(ctx, t, &hashes, `
DELETE FROM media
WHERE added_at < ?
  AND NOT EXISTS (SELECT 1 FROM revision_media v WHERE v.hash = media.hash AND v.team_id = media.team_id)
RETURNING hash`, stamp{before})
	return hashes, err
}

// MediaKept reports whether any team still has a picture.
func MediaKept(ctx context.Context, r Reader, hash string) (bool, error) {
	var n int
	err := get(ctx, r, &n, `SELECT COUNT(*) FROM media WHERE hash = ?`, hash)
	return n > 0, err
}

// HoldAccount keeps everything that waits for an account from being tried before an instant: the network asked for it.
func (t *Tx) HoldAccount(ctx context.Context, team, account string, until time.Time) error {
	return t.put(ctx, `
UPDATE deliveries
SET wake_at = ?
WHERE team_id = ? AND account_id = ? AND state = 'waiting' AND wake_at < ?`, stamp{until}, team, account, stamp{until})
}

// CountLate counts what should have left before an instant and waits still, told or not.
func CountLate(ctx context.Context, r Reader, before time.Time) (int, error) {
	var n int
	err := get(ctx, r, &n, `
SELECT COUNT(*)
FROM deliveries
WHERE state IN ('waiting', 'leased', 'sending', 'pending') AND due_at < ?
  AND EXISTS (SELECT 1 FROM brands b WHERE b.id = brand_id AND NOT b.paused)`, stamp{before})
	return n, err
}

// SignedOut names the accounts that must be connected again, for whoever runs the machine.
func SignedOut(ctx context.Context, r Reader) (string, error) {
	var all []string
	err := list(ctx, r, &all, `SELECT network || ' ' || handle FROM accounts WHERE state = 'sign_in' ORDER BY network, handle LIMIT 20`)
	return strings.Join(all, ", "), err
}

// CountDeliveries counts all teams' deliveries by state, for the metrics.
func CountDeliveries(ctx context.Context, r Reader) (map[string]int, error) {
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	err := list(ctx, r, &rows, `SELECT state, COUNT(*) AS n FROM deliveries GROUP BY state`)
	out := map[string]int{}
	for _, x := range rows {
		out[x.State] = x.N
	}
	return out, err
}

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

// DoubtAnswers says, over all teams, that nobody can tell what the messages show which an interaction's own answer redrew
// since that instant: whoever wrote the answer down may have died before giving it. They are drawn once more.
func (t *Tx) DoubtAnswers(ctx context.Context, since time.Time) error {
	return t.put(ctx, `
UPDATE placements
SET drawn = '', wanted = wanted + 1, asked_at = ?
WHERE answered_at >= ? AND drawn <> ''`, stamp{t.now}, stamp{since})
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

// Unplaced lists, over all teams, what was heard between two instants, belongs into a channel of its brand and stands nowhere: mentions
// with a card of their own and those that gather, at most n of each. What was said to a brand that has no channel for it is not there.
func Unplaced(ctx context.Context, r Reader, since, before time.Time, n int) ([]ShowJob, error) {
	var rows []struct {
		TeamID  string `db:"team_id"`
		Subject string `db:"subject"`
	}
	const alone = ` AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.team_id = x.team_id AND p.subject = x.id)
  AND (x.channel <> ? OR EXISTS (SELECT 1 FROM channels c WHERE c.brand_id = x.brand_id AND c.purpose IN ('mentions', 'approvals')))
LIMIT ?`
	nowhere := doc[social.Room]{}
	for _, q := range []string{`
SELECT x.team_id, x.id AS subject
FROM brands b
JOIN mentions x ON x.brand_id = b.id
WHERE x.heard_at >= ? AND x.heard_at < ? AND x.gathering IS NULL AND NOT x.muted`, `
SELECT x.team_id, x.id AS subject
FROM gatherings x
WHERE x.last_at >= ? AND x.last_at < ? AND x.number > 0`} {
		more := rows[:0:0]
		if err := list(ctx, r, &more, q+alone, stamp{since}, stamp{before}, nowhere, n); err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	out := make([]ShowJob, len(rows))
	for i, s := range rows {
		out[i] = ShowJob{s.TeamID, s.Subject}
	}
	return out, nil
}

// UnplacedPosts lists, over all teams, posts that wait for a decision and miss their card in a channel where their brand approves, at
// most n. An answer stands on its mention's card. Brand by brand (CROSS JOIN keeps that order), those that wait are few; posts are many.
func UnplacedPosts(ctx context.Context, r Reader, n int) ([]ShowJob, error) {
	var rows []struct {
		TeamID  string `db:"team_id"`
		Subject string `db:"subject"`
	}
	err := list(ctx, r, &rows, `
SELECT x.team_id, x.id AS subject
FROM brands b
CROSS JOIN posts x
WHERE x.team_id = b.team_id AND x.brand_id = b.id AND x.state IN (?, ?) AND x.answers = '' AND EXISTS (
    SELECT 1 FROM channels c
    WHERE c.brand_id = x.brand_id AND c.purpose = ? AND NOT EXISTS (
        SELECT 1 FROM placements p
        WHERE p.subject = x.id AND p.surface = c.surface AND p.workspace = c.workspace AND p.channel = c.channel))
LIMIT ?`, social.InReview, social.Approved, social.Approvals, n)
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

// BrandChannel is a channel with the name of its brand.
type BrandChannel struct {
	social.Channel
	Brand string
}

// ChannelsOf lists, over all teams, the channels in one chat in which a brand counts on Griot.
func ChannelsOf(ctx context.Context, r Reader, surface string) ([]BrandChannel, error) {
	var rows []struct {
		channelRow
		Name string `db:"name"`
	}
	err := list(ctx, r, &rows, `
SELECT c.team_id, c.brand_id, c.surface, c.workspace, c.channel, c.purpose, b.name
FROM channels c
JOIN brands b ON b.id = c.brand_id
WHERE c.surface = ?
ORDER BY c.workspace, b.name, c.purpose, c.channel`, surface)
	out := make([]BrandChannel, len(rows))
	for i, row := range rows {
		out[i] = BrandChannel{row.channel(), row.Name}
	}
	return out, err
}

// Installations lists the rights that workspaces of one chat gave and have not taken back, of every team and of none.
func Installations(ctx context.Context, r Reader, surface string) ([]Install, error) {
	var rows []installRow
	err := list(ctx, r, &rows, `
SELECT `+installColumns+` FROM installations WHERE surface = ? AND state = 'active' ORDER BY workspace`, surface)
	return each(rows, installRow.install), err
}

// How long what only guards against repetition is kept.
const (
	keepSeen    = 24 * time.Hour
	keepGuesses = 24 * time.Hour
	keepCodes   = 7 * 24 * time.Hour // after they ended
	keepSignIns = time.Hour          // after they ended
	keepPaces   = time.Hour          // after a channel bore everything again
	keepTurns   = 24 * time.Hour     // of messages that nobody sends any more
	keepHolds   = 24 * time.Hour     // after they ended
)

// Prune forgets, for all teams, the answered acts, wrong guesses, ended codes, sign-ins and holds that no longer guard
// anything, the paces and turns of channels that are quiet, and what lay on the shelf for too long.
func (t *Tx) Prune(ctx context.Context) error {
	for _, p := range []struct {
		statement string
		keep      time.Duration
	}{
		{`DELETE FROM seen WHERE at < ?`, keepSeen},
		{`DELETE FROM guesses WHERE at < ?`, keepGuesses},
		{`DELETE FROM codes WHERE expires_at < ?`, keepCodes},
		{`DELETE FROM sign_ins WHERE expires_at < ?`, keepSignIns},
		{`DELETE FROM turns WHERE at < ?`, keepTurns},
		{`DELETE FROM holds WHERE until < ?`, keepHolds},
		{`DELETE FROM shelf WHERE at < ?`, KeepShelf},
		{`DELETE FROM paces WHERE CASE WHEN next_at > open_at THEN next_at ELSE open_at END < ?`, keepPaces},
	} {
		if err := t.put(ctx, p.statement, stamp{t.now.Add(-p.keep)}); err != nil {
			return err
		}
	}
	return nil
}

// Unwatched lists the accounts whose numbers nobody reads yet, at most n, each as it would be watched from now on.
func Unwatched(ctx context.Context, r Reader, n int) ([]social.Watched, error) {
	var rows []watchedRow
	err := list(ctx, r, &rows, `
SELECT a.team_id, a.brand_id, a.id AS account_id, '' AS item, NULL AS delivery_id, '' AS receipt, NULL AS since, NULL AS next_at, NULL AS read_at, NULL AS lost_at
FROM accounts a
WHERE a.state <> 'removed' AND NOT EXISTS (SELECT 1 FROM watched w WHERE w.account_id = a.id AND w.item = '')
ORDER BY a.id
LIMIT ?`, n)
	return each(rows, watchedRow.watched), err
}

// LivePart is a part of a delivery that the network took.
type LivePart struct {
	social.Watched
	Number int64
}

// UnwatchedParts lists what is live and whose numbers nobody reads yet, at most n. Since is when its visible call began.
func UnwatchedParts(ctx context.Context, r Reader, n int) ([]LivePart, error) {
	var rows []struct {
		watchedRow
		Number int64 `db:"number"`
	}
	err := list(ctx, r, &rows, `
SELECT d.team_id, d.brand_id, d.account_id, '' AS item, d.id AS delivery_id, p.receipt, COALESCE(p.armed_at, p.created_at) AS since,
    NULL AS next_at, NULL AS read_at, NULL AS lost_at, p.number
FROM parts p
JOIN deliveries d ON d.id = p.delivery_id
WHERE p.live AND NOT p.watched
ORDER BY p.delivery_id, p.number
LIMIT ?`, n)
	var out []LivePart
	for _, row := range rows {
		out = append(out, LivePart{row.watched(), row.Number})
	}
	return out, err
}

// DueAccounts lists the accounts of which, or on which, something is to be read by now, at most n, the longest due first.
func DueAccounts(ctx context.Context, r Reader, now time.Time, n int) ([]social.Watched, error) {
	var rows []watchedRow
	err := list(ctx, r, &rows, `
SELECT `+watchedColumns+`
FROM watched
WHERE next_at IS NOT NULL AND next_at <= ?
ORDER BY next_at, account_id
LIMIT ?`, stamp{now}, n)
	return each(rows, watchedRow.watched), err
}

// TakeDue gives the caller what is due of an account until a while from now, when it is due again for others.
func (t *Tx) TakeDue(ctx context.Context, account string, until time.Time) ([]social.Watched, error) {
	var rows []watchedRow
	err := list(ctx, t, &rows, `
UPDATE watched
SET next_at = ?
WHERE account_id = ? AND next_at IS NOT NULL AND next_at <= ?
RETURNING `+watchedColumns, stamp{until}, account, stamp{t.now})
	return each(rows, watchedRow.watched), err
}
