package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// The heartbeat is regular work like any other, so it shows that jobs are asked for, found, run and written down.
const (
	beat       = "beat"
	beatPeriod = 15 * time.Second
	faint      = 2 * time.Minute // after a crash another process takes the lead within half of this
)

// Beat is when the installation's heartbeat was last done; zero when it never was, or over an hour ago.
func (q *Queue) Beat(ctx context.Context) (time.Time, error) {
	res, err := q.client.JobList(ctx, river.NewJobListParams().Kinds(tickJob{}.Kind()).States(rivertype.JobStateCompleted).
		OrderBy(river.JobListOrderByTime, river.SortOrderDesc).First(1))
	if err != nil {
		return time.Time{}, fmt.Errorf("read the heartbeat of jobs: %w", err)
	}
	if len(res.Jobs) == 0 || res.Jobs[0].FinalizedAt == nil {
		return time.Time{}, nil
	}
	return res.Jobs[0].FinalizedAt.UTC(), nil
}

var (
	errIdle  = errors.New("jobs are not running in this process")
	errFaint = errors.New("jobs have not run for two minutes")
)

// Ready reports whether jobs run: this process takes them, the database answers, and the heartbeat is fresh. For two
// minutes after a start no heartbeat is needed.
func (q *Queue) Ready(ctx context.Context) error {
	q.mu.Lock()
	started, stopped := q.started, q.stopped
	q.mu.Unlock()
	if started.IsZero() || stopped {
		return errIdle
	}
	last, err := q.Beat(ctx)
	if err != nil {
		return err
	}
	if now := q.clock(); now.Sub(started) > faint && now.Sub(last) > faint {
		return errFaint
	}
	return nil
}
