package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"griot/drafting"
	"griot/fault"
	"griot/social"
	"griot/storage"
)

// firstHour is how late a channel's first digest may be: one that was just chosen waits for its hour to come.
const firstHour = time.Hour

// writing is how long a model may think about its remarks.
const writing = 20 * time.Second

// Due tells every channel whose hour has come. It may run in several processes at once, and again after a crash: the row of
// the digest, which is unique, and the card's place are written together.
func (s *Service) Due(ctx context.Context) error {
	all, err := storage.Listeners(ctx, s.DB)
	if err != nil {
		return fmt.Errorf("list channels for numbers: %w", err)
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, l := range all {
		day, due := turn(l, now)
		if !due {
			continue
		}
		if err := s.tell(ctx, l, day, now); err != nil {
			failed = errors.Join(failed, fmt.Errorf("tell %s its numbers: %w", l.Channel.BrandID, err)) // the others are told all the same
		}
	}
	return failed
}

// stale is how late a digest is that is no longer told when the next one is nearer.
const stale = 12 * time.Hour

// turn is the last date whose hour has come in a channel, and whether it is to be told now. Of several that were missed only
// the last one is told, and not even that one shortly before the next. Nothing is told of a time when no account was connected.
func turn(l storage.Listener, now time.Time) (social.Day, bool) {
	in := social.Brand{Zone: l.Zone}.Location()
	day := social.DayOf(now.In(in)).Plus(1)
	hour := now
	for !hour.Before(now) {
		day = l.Days.Before(day)
		hour = day.At(l.Minute, in)
		if hour.Equal(now) {
			break
		}
	}
	switch {
	case day <= l.Last || l.Since.IsZero() || hour.Before(l.Since):
		return day, false
	case l.Last == "" && now.Sub(hour) > firstHour:
		return day, false
	case now.Sub(hour) > stale && l.Days.After(day).At(l.Minute, in).Sub(now) < stale:
		return day, false
	}
	return day, true
}

func (s *Service) tell(ctx context.Context, l storage.Listener, day social.Day, now time.Time) error {
	c := l.Channel
	b, err := storage.Brand(ctx, s.DB, c.TeamID, c.BrandID)
	if err != nil {
		return err
	}
	r, err := s.Report(ctx, b, Morning(day, l.Days, now))
	if err != nil {
		return err
	}
	if !l.Silent {
		r.Remarks = s.remark(ctx, b, r)
	}
	d := storage.Digest{ID: storage.NewID("dgs"), Channel: c, Day: day, Report: r}
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		new, err := tx.AddDigest(ctx, d)
		if err != nil || !new {
			return err
		}
		at := storage.Spot{Surface: c.Surface, Workspace: c.Workspace, Channel: c.Channel}
		if _, err := tx.Place(ctx, storage.Placement{TeamID: c.TeamID, Subject: d.ID, Spot: at}); err != nil {
			return err
		}
		return tx.Redraw(ctx, c.TeamID, d.ID)
	})
}

// remark is what a model says about a report, when there is one and it invents nothing. The digest does not wait for it.
func (s *Service) remark(ctx context.Context, b social.Brand, r social.Report) string {
	if s.Remarks == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, writing)
	defer cancel()
	rows := Rows(r, b.Locale)
	said, err := s.Remarks(ctx, b.TeamID, b.ID, b.Locale, rows)
	if err != nil {
		s.Log.Warn("no remarks", "brand", b.ID, "err", err)
		return ""
	}
	if flaw := drafting.Invented(said, rows); flaw != "" {
		s.Log.Warn("remarks left out", "brand", b.ID, "flaw", string(flaw))
		return ""
	}
	return said
}

// Tellings lists when the channels of a brand are told its numbers: everybody of the brand may know.
func (s *Service) Tellings(ctx context.Context, by social.Member, brand string) ([]social.Telling, error) {
	if _, err := s.brand(ctx, by, brand); err != nil {
		return nil, err
	}
	return storage.TellingsOf(ctx, s.DB, by.TeamID, brand)
}

// Tell chooses when a channel is told the numbers: change gets what was chosen so far. An analyst or an admin of the brand
// may. Errors: faults Denied, or Invalid when the channel is not the brand's for numbers.
func (s *Service) Tell(ctx context.Context, by social.Member, brand string, at social.Room, change func(*social.Telling)) (social.Telling, error) {
	b, err := s.brand(ctx, by, brand)
	if err != nil {
		return social.Telling{}, err
	}
	if !by.Has(brand, social.Analysts...) {
		return social.Telling{}, fault.New(fault.Denied, errNoAnalyst)
	}
	var out social.Telling
	return out, s.DB.InTx(ctx, func(tx *storage.Tx) error {
		all, err := storage.TellingsOf(ctx, tx, by.TeamID, brand)
		if err != nil {
			return err
		}
		for _, t := range all {
			if (social.Room{Surface: t.Channel.Surface, Workspace: t.Channel.Workspace, Channel: t.Channel.Channel}) == at {
				change(&t)
				out = t
				return tx.PutTelling(ctx, t)
			}
		}
		return fault.New(fault.Invalid, errNoNumbers, b.Name)
	})
}
