package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"griot/social"
	"griot/storage"
)

// leap is how far the wall clock may run from the one that never jumps before claiming pauses.
const leap = 2 * time.Second

// watch notices that somebody moved the clock: leases of other processes cannot be trusted for as long as one lasts.
type watch struct {
	now  func() time.Time
	mono func() time.Duration

	mu     sync.Mutex
	wall   time.Time     // guarded by mu
	steady time.Duration // guarded by mu
	until  time.Duration // claiming pauses until this reading of mono; guarded by mu
}

func newWatch(now func() time.Time, mono func() time.Duration) *watch {
	return &watch{now: now, mono: mono, wall: now().Round(0), steady: mono()}
}

// jumped reports whether the clock was moved since it was last asked. If so, claiming pauses for one lease.
func (w *watch) jumped(lease time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	wall, steady := w.now().Round(0), w.mono()
	drift := wall.Sub(w.wall) - (steady - w.steady)
	w.wall, w.steady = wall, steady
	if drift.Abs() <= leap {
		return false
	}
	w.until = steady + lease
	return true
}

// paused reports whether claiming pauses still.
func (w *watch) paused() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mono() < w.until
}

// tooLate is how late a delivery may be before the watchdog speaks.
const tooLate = 2 * time.Minute

// tellLate speaks of everything that should have left two minutes ago and has not, once.
func (s *Service) tellLate(ctx context.Context) error {
	now, err := s.DB.Now(ctx)
	if err != nil {
		return fmt.Errorf("read the clock: %w", err)
	}
	late, err := storage.RunningLate(ctx, s.DB, now.Add(-tooLate))
	if err != nil {
		return fmt.Errorf("measure lateness: %w", err)
	}
	for _, d := range late {
		err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
			ok, err := tx.ToldLate(ctx, d)
			if err != nil || !ok {
				return err
			}
			if err := tx.Redraw(ctx, d.TeamID, d.Subject()); err != nil {
				return err
			}
			return notify(ctx, tx, d, social.RunsLate)
		})
		if err != nil {
			return fmt.Errorf("tell that %s is late: %w", d.ID, err)
		}
		s.Log.Warn("running late", "delivery", d.ID, "network", d.Network, "by", now.Sub(d.DueAt).Round(time.Second))
	}
	return nil
}
