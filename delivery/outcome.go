package delivery

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

// turned is a delivery with the turn that it takes.
type turned struct {
	d    social.Delivery
	turn social.Turn
	part *social.DeliveryPart // written in the same transaction when set
}

// stop is d at the end of its way for now: nobody has to look at it before a person decides.
func stop(d social.Delivery, t social.Turn, why social.Reason, words string) *turned {
	d.Reason, d.Words, d.WakeAt, d.News = why, words, time.Time{}, true
	return &turned{d: d, turn: t}
}

// later is d with another try at an instant. That it goes on as before is no news.
func later(d social.Delivery, t social.Turn, why social.Reason, at time.Time) *turned {
	to, _ := d.State.After(t)
	d.News = d.News || to != d.State || why != d.Reason
	d.Reason, d.WakeAt = why, at
	return &turned{d: d, turn: t}
}

// defaultWait is how long to wait when a network asks for it without saying how long.
const defaultWait = time.Minute

// outcome is the one place that maps a network's answer to the next state of the row. Unsure is not among its answers
// while a delivery is only prepared: nothing visible was tried, so another try is safe.
func (s *Service) outcome(ctx context.Context, d social.Delivery, err error) (*turned, error) {
	now, e := s.DB.Now(ctx)
	if e != nil {
		return nil, errors.Join(err, e)
	}
	answer, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		answer = &connectors.Error{Kind: connectors.Temporary, Err: err}
		s.Log.Error("no network's answer", "delivery", d.ID, "network", d.Network, "err", err)
	}
	switch answer.Kind {
	case connectors.Limited:
		return later(d, social.Postpone, social.ByLimit, now.Add(asks(answer))), nil
	case connectors.SignIn:
		return stop(d, social.Refuse, social.BySignIn, answer.Words), nil
	case connectors.Refused:
		return stop(d, social.Refuse, social.ByNetwork, answer.Words), nil
	default:
		return later(d, social.Postpone, social.ByOutage, now.Add(backoff(d.Tries))), nil
	}
}

// asks is how long a network wants to be left alone.
func asks(answer *connectors.Error) time.Duration {
	if answer.After > 0 {
		return answer.After
	}
	return defaultWait
}

// backoff grows from two seconds to two minutes with the number of tries.
func backoff(tries int64) time.Duration {
	return min(time.Second<<min(max(tries, 1), 7), 2*time.Minute)
}

// failed settles what Prepare or Send answered instead of a yes.
func (s *Service) failed(ctx context.Context, d social.Delivery, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // the lease will end, or was handed back: nothing visible happened
	}
	next, err := s.outcome(ctx, d, err)
	if err != nil {
		return err
	}
	return s.settle(ctx, *next)
}

// notTaken settles a visible call that certainly had no effect. Only when it was the first one does that make the part as
// if it had never been sent.
func (s *Service) notTaken(ctx context.Context, j *job, p social.DeliveryPart, how try, answer error) error {
	if how == harmless {
		return s.stillOpen(ctx, j.d, answer)
	}
	next, err := s.outcome(ctx, j.d, answer)
	if err != nil {
		return err
	}
	if how == first {
		p.Armed = time.Time{}
	}
	next.part = &p
	return s.settle(ctx, *next)
}

// stillOpen is a repeat that was not taken: what became of the first call is as open as before.
func (s *Service) stillOpen(ctx context.Context, d social.Delivery, cause error) error {
	now, err := s.DB.Now(ctx)
	if err != nil {
		return errors.Join(cause, err)
	}
	answer, _ := errors.AsType[*connectors.Error](cause)
	switch connectors.KindOf(cause) {
	case connectors.Temporary, connectors.Limited:
		if now.Sub(d.LeftAt) <= patience {
			return s.settle(ctx, *later(d, social.Wonder, social.ByNoAnswer, now.Add(max(answer.After, s.Looks[0]))))
		}
	case connectors.SignIn:
		return s.settle(ctx, *stop(d, social.Doubt, social.BySignIn, ""))
	}
	return s.settle(ctx, *stop(d, social.Doubt, social.ByNoAnswer, answer.Words))
}

// settle writes a turn. When the fence is another's by now, they know better and nothing is written. A limit holds for
// everything that waits for the same account.
func (s *Service) settle(ctx context.Context, n turned) error {
	return s.insist(ctx, "settle "+n.d.ID, func(ctx context.Context, tx *storage.Tx) error {
		ok, err := tx.Turned(ctx, n.d, n.turn)
		if err != nil || !ok {
			return err
		}
		if n.part != nil {
			if err := tx.SavePart(ctx, n.d.TeamID, n.d.ID, *n.part); err != nil {
				return err
			}
		}
		if n.d.Reason == social.ByLimit {
			return tx.HoldAccount(ctx, n.d.TeamID, n.d.AccountID, n.d.WakeAt)
		}
		return nil
	})
}

// wonder leaves d in `sending`, to be looked for when the first look is due: once the lease has ended, for a network may
// still take what was sent a moment ago.
func (s *Service) wonder(ctx context.Context, d social.Delivery) error {
	d.WakeAt, d.Reason, d.News = d.LeaseUntil.Add(s.Looks[0]), social.ByNoAnswer, true
	return s.settle(ctx, turned{d: d, turn: social.Wonder})
}

// insist runs a transaction until it holds: what a network answered is not lost because the database or the disk is
// away for a while. It gives up only when the process must end, after a last try; then the row is looked at by whoever
// comes next.
func (s *Service) insist(ctx context.Context, what string, f func(context.Context, *storage.Tx) error) error {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		last := ctx.Err() != nil
		err := s.try(ctx, f)
		switch {
		case err == nil:
			s.told()
			return nil
		case last:
			return fmt.Errorf("%s: %w", what, err)
		}
		s.Log.Warn("kept in hand, the database does not take it", "what", what, "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// try runs one transaction that the end of ctx does not interrupt, but bounds.
func (s *Service) try(ctx context.Context, f func(context.Context, *storage.Tx) error) error {
	once, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Lease)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(closing, cancel) })
	defer stop()
	return s.DB.Together(once, f) // with other receipts and turns at most: nothing that could fail them
}

// told makes the news be told soon.
func (s *Service) told() { nudge(s.news) }

// record stores a receipt, alone, right after the answer. done says that no further part is ours to send.
func (s *Service) record(ctx context.Context, j *job, part *social.DeliveryPart, r connectors.Receipt) (done bool, err error) {
	body, err := json.Marshal(r)
	if err != nil {
		return true, fmt.Errorf("write receipt of %s: %w", j.d.ID, err)
	}
	part.Receipt, part.URL, part.Live = string(body), r.URL, !r.Pending
	ours := false
	var next social.Delivery
	err = s.insist(ctx, "record receipt of "+j.d.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		var turn social.Turn
		next, turn = s.after(tx, j.d, r)
		if err = tx.SavePart(ctx, j.d.TeamID, j.d.ID, *part); err != nil {
			return err
		}
		if ours, err = tx.Turned(ctx, next, turn); err != nil || ours {
			return err
		}
		return s.recordLate(ctx, tx, j.d, r)
	})
	s.Step(StepRecorded)
	if err != nil || !ours || complete(j.d) || r.Pending {
		return true, err
	}
	next.State, next.Rev, next.Parts = social.Leased, next.Rev+1, j.d.Parts
	j.d = next
	return false, nil
}

// after is what a receipt makes of d.
func (s *Service) after(tx *storage.Tx, d social.Delivery, r connectors.Receipt) (social.Delivery, social.Turn) {
	switch {
	case r.Pending:
		d.News = d.State != social.Pending // that it is still being processed is told once
		d.WakeAt, d.Reason = tx.Now().Add(max(r.Again, time.Second)), social.NoReason
		return d, social.Accept
	case complete(d):
		d.WakeAt, d.News, d.Reason, d.Words = time.Time{}, true, social.NoReason, ""
		return d, social.Confirm
	}
	d.LeaseUntil = tx.Now().Add(s.Lease)
	d.WakeAt, d.News = d.LeaseUntil, false
	return d, social.Next
}

func complete(d social.Delivery) bool { return d.LiveParts() == len(d.Parts) }

// recordLate stores a receipt that came after somebody else took the row, or decided about it: it is never discarded.
func (s *Service) recordLate(ctx context.Context, tx *storage.Tx, was social.Delivery, r connectors.Receipt) error {
	d, err := storage.Delivery(ctx, tx, was.TeamID, was.ID)
	if err != nil {
		return err
	}
	next, turn := s.after(tx, d, r)
	if turn == social.Next {
		next.WakeAt, next.LeaseUntil = tx.Now(), tx.Now()
	}
	if _, ok := d.State.After(turn); !ok {
		return nil // it was taken down, or stopped between two parts: the receipt stands on its part
	}
	return tx.Decided(ctx, next, turn)
}
