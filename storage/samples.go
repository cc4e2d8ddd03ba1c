package storage

import (
	"context"
	"time"

	"griot/social"
)

type sampleRow struct {
	Team    string `db:"team_id"`
	Brand   string `db:"brand_id"`
	Account string `db:"account_id"`
	Item    string `db:"item"`
	Metric  string `db:"metric"`
	Value   int64  `db:"value"`
	At      stamp  `db:"at"`
	Means   string `db:"means"`
}

const sampleColumns = `team_id, brand_id, account_id, item, metric, value, at, means`

func (r sampleRow) sample() social.Sample {
	return social.Sample{TeamID: r.Team, BrandID: r.Brand, AccountID: r.Account, Item: r.Item, Metric: social.Metric(r.Metric),
		Value: r.Value, At: r.At.Time, Means: r.Means}
}

// AddSample keeps a total. One that was kept for that instant stays as it is.
func (t *Tx) AddSample(ctx context.Context, s social.Sample) error {
	return t.put(ctx, `
INSERT INTO samples (`+sampleColumns+`)
VALUES (`+marks(8)+`)
ON CONFLICT (account_id, item, metric, at) DO NOTHING`,
		s.TeamID, s.BrandID, s.AccountID, s.Item, string(s.Metric), s.Value, stamp{s.At}, s.Means)
}

// AccountSamples lists the totals of a brand's accounts taken after an instant and not after another, oldest first.
func AccountSamples(ctx context.Context, r Reader, team, brand string, after, until time.Time) ([]social.Sample, error) {
	var rows []sampleRow
	err := list(ctx, r, &rows, `
SELECT `+sampleColumns+`
FROM samples
WHERE team_id = ? AND brand_id = ? AND item = '' AND at > ? AND at <= ?
ORDER BY at`, team, brand, stamp{after}, stamp{until})
	return each(rows, sampleRow.sample), err
}

// ItemSamples lists the totals of something that was published, taken until an instant, oldest first.
func ItemSamples(ctx context.Context, r Reader, team, account, item string, until time.Time) ([]social.Sample, error) {
	var rows []sampleRow
	err := list(ctx, r, &rows, `
SELECT `+sampleColumns+`
FROM samples
WHERE account_id = ? AND item = ? AND at <= ? AND team_id = ?
ORDER BY at`, account, item, stamp{until}, team)
	return each(rows, sampleRow.sample), err
}

type watchedRow struct {
	Team     string  `db:"team_id"`
	Brand    string  `db:"brand_id"`
	Account  string  `db:"account_id"`
	Item     string  `db:"item"`
	Delivery *string `db:"delivery_id"`
	Receipt  string  `db:"receipt"`
	Since    stamp   `db:"since"`
	Next     stamp   `db:"next_at"`
	Read     stamp   `db:"read_at"`
	Lost     stamp   `db:"lost_at"`
}

const watchedColumns = `team_id, brand_id, account_id, item, delivery_id, receipt, since, next_at, read_at, lost_at`

func (r watchedRow) watched() social.Watched {
	return social.Watched{TeamID: r.Team, BrandID: r.Brand, AccountID: r.Account, Item: r.Item, DeliveryID: text(r.Delivery),
		Receipt: r.Receipt, Since: r.Since.Time, NextAt: r.Next.Time, ReadAt: r.Read.Time, LostAt: r.Lost.Time}
}

// Watch begins to read the numbers of w, unless they are read already.
func (t *Tx) Watch(ctx context.Context, w social.Watched) error {
	return t.put(ctx, `
INSERT INTO watched (`+watchedColumns+`)
VALUES (`+marks(10)+`)
ON CONFLICT (account_id, item) DO NOTHING`, w.TeamID, w.BrandID, w.AccountID, w.Item, null(w.DeliveryID), w.Receipt, stamp{w.Since},
		stamp{w.NextAt}, stamp{w.ReadAt}, stamp{w.LostAt})
}

// WatchingPart says that a part of a delivery needs no more to be found.
func (t *Tx) WatchingPart(ctx context.Context, team, delivery string, number int64) error {
	return t.put(ctx, `
UPDATE parts SET watched = TRUE WHERE team_id = ? AND delivery_id = ? AND number = ?`, team, delivery, number)
}

// SaveWatched writes when w is read next, and how it went.
func (t *Tx) SaveWatched(ctx context.Context, w social.Watched) error {
	return t.put(ctx, `
UPDATE watched
SET next_at = ?, read_at = ?, lost_at = ?
WHERE team_id = ? AND account_id = ? AND item = ?`, stamp{w.NextAt}, stamp{w.ReadAt}, stamp{w.LostAt}, w.TeamID, w.AccountID, w.Item)
}

// WatchedIn lists what went live for a brand in [from, to), and the accounts that were first read then, by when.
func WatchedIn(ctx context.Context, r Reader, team, brand string, from, to time.Time) ([]social.Watched, error) {
	var rows []watchedRow
	err := list(ctx, r, &rows, `
SELECT `+watchedColumns+`
FROM watched
WHERE team_id = ? AND brand_id = ? AND since >= ? AND since < ?
ORDER BY since, account_id, item`, team, brand, stamp{from}, stamp{to})
	return each(rows, watchedRow.watched), err
}

// WatchedAccounts lists how the reading of a brand's accounts goes, the longest read first.
func WatchedAccounts(ctx context.Context, r Reader, team, brand string) ([]social.Watched, error) {
	var rows []watchedRow
	err := list(ctx, r, &rows, `
SELECT `+watchedColumns+`
FROM watched
WHERE team_id = ? AND brand_id = ? AND delivery_id IS NULL
ORDER BY since, account_id`, team, brand)
	return each(rows, watchedRow.watched), err
}

// MentionCounts counts the mentions of a brand that were heard in [from, to), by how they stand, and those that a rule kept from people:
// nobody has decided that there is nothing to do about them.
func MentionCounts(ctx context.Context, r Reader, team, brand string, from, to time.Time) (stand map[social.MentionState]int, muted int, err error) {
	var rows []struct {
		State string `db:"state"`
		Muted bool   `db:"muted"`
		N     int    `db:"n"`
	}
	// The states are named, so that each is found by its index up to when it was heard.
	err = in(ctx, r, &rows, `
SELECT state, muted, COUNT(*) AS n
FROM mentions
WHERE team_id = ? AND brand_id = ? AND state IN (?) AND heard_at >= ? AND heard_at < ?
GROUP BY state, muted`, team, brand, social.MentionStates, stamp{from}, stamp{to})
	stand = map[social.MentionState]int{}
	for _, row := range rows {
		if row.Muted {
			muted += row.N
			continue
		}
		stand[social.MentionState(row.State)] = row.N
	}
	return stand, muted, err
}
