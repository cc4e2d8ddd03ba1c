package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// begunAgain is how many jobs are begun again in one go.
const begunAgain = 1000

// beginAgain lets jobs that were begun by a process of before, which died with them, begin at once. It is for SQLite: its file has one
// process, so nobody can be at work on them, and people would look at "preparing…" until rescue has gone by.
func beginAgain(ctx context.Context, drv riverdriver.Driver[*sql.Tx], now time.Time) error {
	exec, all := drv.GetExecutor(), now.AddDate(100, 0, 0)
	for {
		begun, err := exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{Max: begunAgain, StuckHorizon: all})
		if err != nil {
			return fmt.Errorf("find jobs that a process died with: %w", err)
		}
		if len(begun) == 0 {
			return nil
		}
		p := &riverdriver.JobRescueManyParams{}
		for _, j := range begun {
			why, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: j.Attempt, Error: "its process died"})
			if err != nil {
				return fmt.Errorf("say that a process died: %w", err)
			}
			p.ID, p.Error, p.FinalizedAt = append(p.ID, j.ID), append(p.Error, why), append(p.FinalizedAt, nil)
			p.ScheduledAt, p.State = append(p.ScheduledAt, j.ScheduledAt), append(p.State, string(rivertype.JobStateAvailable))
		}
		if _, err := exec.JobRescueMany(ctx, p); err != nil {
			return fmt.Errorf("begin jobs again that a process died with: %w", err)
		}
	}
}
