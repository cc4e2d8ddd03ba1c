package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// periodic is a queue of its own, so that long regular work never holds up a redraw.
const periodic = "periodic"

// regular is work that the clock asks for.
type regular struct {
	name string
	d    time.Duration
	do   func(context.Context) error
}

// Every runs do once in each period of d (a second at least) in the whole installation, whatever the number of processes,
// and soon after the first start. Do must bear being run once too often. Panics when the name is taken.
func (w *Workers) Every(name string, d time.Duration, do func(context.Context) error) {
	for _, r := range w.every {
		if r.name == name {
			panic("jobs: two things called " + name)
		}
	}
	w.every = append(w.every, regular{name, d, do})
}

// tickJob asks for one run of regular work.
type tickJob struct {
	Name string `json:"name"`
}

// Kind names the job.
func (tickJob) Kind() string { return "tick" }

// InsertOpts say that a run is not repeated: the next period brings another.
func (tickJob) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: periodic, MaxAttempts: 3}
}

func (w *Workers) tick(ctx context.Context, j tickJob) error {
	for _, r := range w.every {
		if r.name == j.Name {
			if err := r.do(ctx); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil // a name of an older version: nothing to do any more
}

func (w *Workers) schedule() []*river.PeriodicJob {
	regulars := append([]regular{{beat, beatPeriod, func(context.Context) error { return nil }}}, w.every...)
	out := make([]*river.PeriodicJob, len(regulars))
	for i, r := range regulars {
		out[i] = river.NewPeriodicJob(river.PeriodicInterval(r.d), func() (river.JobArgs, *river.InsertOpts) {
			return tickJob{r.name}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: r.d}}
		}, &river.PeriodicJobOpts{ID: r.name, RunOnStart: true})
	}
	return out
}
