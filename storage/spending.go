package storage

import (
	"context"
	"time"
)

// Spent is how many tokens the team's language model has cost on the UTC day of at.
func Spent(ctx context.Context, r Reader, team string, at time.Time) (int64, error) {
	var n int64
	err := get(ctx, r, &n, `SELECT COALESCE(SUM(tokens), 0) FROM spending WHERE team_id = ? AND day = ?`, team, at.UTC().Format(time.DateOnly))
	return n, err
}

// Spend adds tokens to what the team has spent today.
func (t *Tx) Spend(ctx context.Context, team string, tokens int64) error {
	return t.put(ctx, `
INSERT INTO spending (team_id, day, tokens) VALUES (?,?,?)
ON CONFLICT (team_id, day) DO UPDATE SET tokens = spending.tokens + excluded.tokens`, team, t.now.Format(time.DateOnly), tokens)
}
