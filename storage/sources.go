package storage

import (
	"context"
	"time"

	"griot/social"
)

// Source is how far an account was read, and when it is read next.
type Source struct {
	Account  social.Account
	Cursor   string // the connector's own; empty: nothing was read yet
	NextAt   time.Time
	ReadAt   time.Time // when it was last read well; zero: never
	Failures int64     // in a row
	Said     string    // the network's own words, when it was last not read
}

type sourceRow struct {
	accountRow
	Cursor   string `db:"cursor"`
	Next     stamp  `db:"next_at"`
	Read     stamp  `db:"read_at"`
	Failures int64  `db:"failures"`
	Said     string `db:"said"`
}

func (r sourceRow) source() Source {
	return Source{r.accountRow.account(), r.Cursor, r.Next.Time, r.Read.Time, r.Failures, r.Said}
}

const sourceColumns = `a.id, a.team_id, a.brand_id, a.network, a.network_name, a.remote_id, a.handle, a.url, a.state, a.limits, a.checked_at, a.rev,
s.cursor, s.next_at, s.read_at, s.failures, s.said`

// AddSources begins to read, over all teams, the accounts that are connected and were never read.
func (t *Tx) AddSources(ctx context.Context) error {
	return t.put(ctx, `
INSERT INTO sources (account_id, team_id, cursor, next_at, failures, said)
SELECT a.id, a.team_id, '', ?, 0, '' FROM accounts a
WHERE a.state = 'connected' AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.account_id = a.id)
ON CONFLICT (account_id) DO NOTHING`, stamp{t.now})
}

// DueSources lists, over all teams, at most n sources that are to be read by an instant, those that wait longest first.
func DueSources(ctx context.Context, r Reader, at time.Time, n int) ([]Source, error) {
	var rows []sourceRow
	err := list(ctx, r, &rows, `
SELECT `+sourceColumns+`
FROM sources s
JOIN accounts a ON a.id = s.account_id
WHERE s.next_at <= ? AND a.state = 'connected'
ORDER BY s.next_at, a.id
LIMIT ?`, stamp{at}, n)
	return each(rows, sourceRow.source), err
}

// SourceOf reads how far one account of the team was read.
func SourceOf(ctx context.Context, r Reader, team, account string) (Source, error) {
	var row sourceRow
	err := get(ctx, r, &row, `
SELECT `+sourceColumns+`
FROM sources s
JOIN accounts a ON a.id = s.account_id
WHERE s.team_id = ? AND s.account_id = ?`, team, account)
	return row.source(), err
}

// SaveSource writes how far s was read, if nobody has read it since was; a fault Conflict otherwise.
func (t *Tx) SaveSource(ctx context.Context, s Source, was string) error {
	return t.swap(ctx, `
UPDATE sources
SET cursor = ?, next_at = ?, read_at = ?, failures = ?, said = ?
WHERE team_id = ? AND account_id = ? AND cursor = ?`,
		s.Cursor, stamp{s.NextAt}, stamp{s.ReadAt}, s.Failures, s.Said, s.Account.TeamID, s.Account.ID, was)
}

// Expired lists, over all teams, at most n mentions whose claim has ended by itself and whose answer is not on its way.
func Expired(ctx context.Context, r Reader, now time.Time, n int) ([]social.Mention, error) {
	var rows []mentionRow
	err := list(ctx, r, &rows, `
SELECT `+mentionColumns+`
FROM mentions
WHERE free_at <= ? AND state = 'claimed'
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.post_id = answer AND d.state IN ('waiting', 'leased', 'sending', 'pending', 'unsure'))
ORDER BY free_at
LIMIT ?`, stamp{now}, n)
	return each(rows, mentionRow.mention), err
}

// SuggestJob asks for answers to one mention.
type SuggestJob struct{ TeamID, Mention string }

// Kind names the job.
func (SuggestJob) Kind() string { return "suggest" }
