package digest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"griot/connectors"
	"griot/social"
	"griot/storage"
)

const (
	hourly   = time.Hour        // accounts, a few minutes before the full hour: a day's last total is of that day
	early    = 3 * time.Minute  // before it
	patience = 30 * time.Second // for all calls about one account
	claimed  = 10 * time.Minute // until others may read what one process was about to read
	batch    = 200              // found, and read, in one round
	ends     = 30 * 24 * time.Hour
)

// meaning is raised when a connector begins to count something else under the same name.
const meaning = " 1"

// steps are how long after it went live something is read; then every day until it ends.
var steps = []time.Duration{15 * time.Minute, time.Hour, 3 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// next is when something that went live at since is read after now; zero: no more.
func next(since, now time.Time) time.Time {
	for _, s := range steps {
		if at := since.Add(s); at.After(now) {
			return at
		}
	}
	at := since.Add((now.Sub(since)/(24*time.Hour) + 1) * 24 * time.Hour)
	if at.Sub(since) > ends {
		return time.Time{}
	}
	return at
}

// nextHour is when an account is read after now.
func nextHour(now time.Time) time.Time { return now.Add(early).Truncate(hourly).Add(hourly - early) }

// Collect reads what is due of all brands. What cannot be read is noted, for the digest to say so, and read again later.
func (s *Service) Collect(ctx context.Context) error {
	if err := s.find(ctx); err != nil {
		return fmt.Errorf("find what to read: %w", err)
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	due, err := storage.DueAccounts(ctx, s.DB, now, batch)
	if err != nil {
		return fmt.Errorf("find what is due: %w", err)
	}
	seen, failed := map[string]bool{}, error(nil)
	for _, w := range due {
		if seen[w.AccountID] || ctx.Err() != nil {
			continue
		}
		seen[w.AccountID] = true
		if err := s.read(ctx, w.TeamID, w.AccountID); err != nil {
			failed = errors.Join(failed, fmt.Errorf("read numbers of %s: %w", w.AccountID, err)) // the others are read all the same
		}
	}
	return failed
}

// find begins to watch accounts that were connected and parts that went live.
func (s *Service) find(ctx context.Context) error {
	accounts, err := storage.Unwatched(ctx, s.DB, batch)
	if err != nil {
		return err
	}
	parts, err := storage.UnwatchedParts(ctx, s.DB, batch)
	if err != nil || len(accounts)+len(parts) == 0 {
		return err
	}
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		for _, w := range accounts {
			w.Since, w.NextAt = tx.Now(), tx.Now()
			if err := tx.Watch(ctx, w); err != nil {
				return err
			}
		}
		for _, p := range parts {
			if err := s.watchPart(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) watchPart(ctx context.Context, tx *storage.Tx, p storage.LivePart) error {
	var r connectors.Receipt
	if p.Receipt != "" {
		if err := json.Unmarshal([]byte(p.Receipt), &r); err != nil {
			s.Log.Error("numbers of a post cannot be read", "delivery", p.DeliveryID, "err", err)
		}
	}
	p.Item = r.RemoteID
	if p.NextAt = next(p.Since, tx.Now()); p.Item != "" { // a person said that it is live: nobody knows its id
		if err := tx.Watch(ctx, p.Watched); err != nil {
			return err
		}
	}
	return tx.WatchingPart(ctx, p.TeamID, p.DeliveryID, p.Number)
}

// read reads what is due of one account, unless another process is just doing so.
func (s *Service) read(ctx context.Context, team, account string) error {
	var due []social.Watched
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.TakeDue(ctx, account, tx.Now().Add(claimed))
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	a, err := storage.Account(ctx, s.DB, team, account)
	if err != nil {
		return err
	}
	got := s.ask(ctx, a, due)
	return s.DB.InTx(ctx, func(tx *storage.Tx) error { return keep(ctx, tx, a, due, got) })
}

// heard is what a network said: counts by item, the account's own under "".
type heard struct {
	counts map[string]connectors.Counts
	none   bool          // it gives no numbers, or is not asked
	lost   error         // why it said nothing of what it was asked
	after  time.Duration // how long it wants to be left alone
}

func (s *Service) ask(ctx context.Context, a social.Account, due []social.Watched) heard {
	if a.State == social.Removed {
		return heard{none: true}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	account, err := s.Open(ctx, a.TeamID, a.ID)
	if err == nil && account.Metrics == nil {
		return heard{none: true}
	}
	got := heard{counts: map[string]connectors.Counts{}}
	if err == nil {
		err = got.from(ctx, account.Metrics, due)
	}
	if err != nil {
		s.Log.Warn("numbers not read", "account", a.ID, "network", a.Network, "err", err)
		got.lost = err
		if e, ok := errors.AsType[*connectors.Error](err); ok {
			got.after = e.After
		}
	}
	return got
}

func (h heard) from(ctx context.Context, m connectors.MetricsReader, due []social.Watched) error {
	var items []connectors.Receipt
	for _, w := range due {
		if w.Item == "" {
			c, err := m.OfAccount(ctx)
			if err != nil {
				return err
			}
			h.counts[""] = c
			continue
		}
		var r connectors.Receipt
		if err := json.Unmarshal([]byte(w.Receipt), &r); err != nil {
			return fmt.Errorf("read the receipt of %s: %w", w.DeliveryID, err)
		}
		items = append(items, r)
	}
	if len(items) == 0 {
		return nil
	}
	counts, err := m.OfPosts(ctx, items)
	for item, c := range counts {
		h.counts[item] = c
	}
	return err
}

// keep stores what was heard, and when it is asked again.
func keep(ctx context.Context, tx *storage.Tx, a social.Account, due []social.Watched, got heard) error {
	now := tx.Now()
	for _, w := range due {
		c, ok := got.counts[w.Item]
		for m, n := range c {
			err := tx.AddSample(ctx, social.Sample{TeamID: a.TeamID, BrandID: a.BrandID, AccountID: a.ID, Item: w.Item, Metric: m,
				Value: n, At: now, Means: a.Network + meaning})
			if err != nil {
				return err
			}
		}
		if err := tx.SaveWatched(ctx, after(w, now, got, ok && len(c) > 0)); err != nil {
			return err
		}
	}
	return nil
}

// after is w once it was asked: given says that it gave numbers. What is an account's trouble is noted at the account.
func after(w social.Watched, now time.Time, got heard, given bool) social.Watched {
	switch {
	case given:
		w.ReadAt, w.LostAt = now, time.Time{}
	case got.lost != nil && w.LostAt.IsZero():
		if w.LostAt = w.ReadAt; w.LostAt.IsZero() {
			w.LostAt = now
		}
	case got.none:
		w.LostAt = time.Time{}
	}
	w.NextAt = next(w.Since, now)
	if w.Item == "" {
		w.NextAt = nextHour(now)
	}
	again := now.Add(max(got.after, claimed))
	switch {
	case got.none && w.Item == "":
		w.NextAt = now.Add(24 * time.Hour)
	case got.lost != nil && !w.NextAt.IsZero() && (got.after > 0 || again.Before(w.NextAt)):
		w.NextAt = again // what was missed is asked for soon, and never before the network said
	}
	return w
}
