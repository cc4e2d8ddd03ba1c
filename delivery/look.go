package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"griot/connectors"
	"griot/fault"
	"griot/social"
	"griot/storage"
)

// patience is how long a doubtful delivery is looked for while the network cannot be asked.
const patience = time.Hour

// doubtful is the first part that was sent and has no answer, -1 when there is none.
func doubtful(d social.Delivery) int {
	return slices.IndexFunc(d.Parts, func(p social.DeliveryPart) bool { return !p.Armed.IsZero() && p.Receipt == "" })
}

// look searches the account for what a call without an answer may have made.
func (s *Service) look(ctx context.Context, d social.Delivery) error {
	s.Step(StepLooking)
	i := doubtful(d)
	if i < 0 {
		// The receipt is there and the process died before the next part: go on from it.
		return s.resume(ctx, d)
	}
	account, err := s.open(ctx, d)
	if err != nil {
		return s.blind(ctx, d, err)
	}
	j := &job{d: d, account: account}
	req, err := stored(d.Parts[i])
	if err != nil {
		return fmt.Errorf("read stored request of %s: %w", d.ID, err)
	}
	found, err := s.find(ctx, j, req)
	switch {
	case err != nil:
		return s.blind(ctx, d, err)
	case len(found) == 1:
		return s.adopt(ctx, j, i, found[0])
	case len(found) > 1:
		return s.settle(ctx, *stop(d, social.Doubt, social.ByTwo, ""))
	}
	return s.notFound(ctx, j, i)
}

func (s *Service) find(ctx context.Context, j *job, req connectors.Request) ([]connectors.Receipt, error) {
	bounded, cancel := context.WithTimeout(ctx, s.Lease/2)
	defer cancel()
	found, err := j.account.Publish.Find(bounded, req)
	// What another part already claims as its own is not this one.
	return slices.DeleteFunc(found, func(r connectors.Receipt) bool { return taken(j.d, r) }), err
}

func taken(d social.Delivery, r connectors.Receipt) bool {
	return slices.ContainsFunc(d.Parts, func(p social.DeliveryPart) bool {
		var have connectors.Receipt
		return p.Receipt != "" && json.Unmarshal([]byte(p.Receipt), &have) == nil && have.RemoteID == r.RemoteID
	})
}

// adopt takes an item that was found for the missing answer.
func (s *Service) adopt(ctx context.Context, j *job, i int, r connectors.Receipt) error {
	done, err := s.record(ctx, j, &j.d.Parts[i], r)
	if err != nil || done {
		return err
	}
	return s.send(ctx, j.d)
}

// notFound decides after a look that saw nothing: repeat where that is known to be harmless, look once more, or ask.
func (s *Service) notFound(ctx context.Context, j *job, i int) error {
	d, part := j.d, &j.d.Parts[i]
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	again, err := s.mayRepeat(ctx, j, *part, now)
	if err != nil {
		return err
	}
	if again {
		return s.repeat(ctx, j, part)
	}
	if d.Looks++; d.Looks >= int64(len(s.Looks)) {
		return s.settle(ctx, *stop(d, social.Doubt, social.ByNoAnswer, ""))
	}
	return s.settle(ctx, *later(d, social.Wonder, social.ByNoAnswer, now.Add(s.Looks[d.Looks])))
}

// mayRepeat reports whether the stored bytes may be sent again without asking: the network makes that harmless for long
// enough, nobody asked to stop, and it is not too late for the post to begin to appear.
func (s *Service) mayRepeat(ctx context.Context, j *job, part social.DeliveryPart, now time.Time) (bool, error) {
	if now.Add(s.Lease).Sub(part.Armed) >= j.account.Repeat.For || j.d.Halt != social.NoReason {
		return false, nil
	}
	b, err := storage.Brand(ctx, s.DB, j.d.TeamID, j.d.BrandID)
	return err == nil && (j.d.LiveParts() > 0 || now.Sub(j.d.DueAt) <= b.Late.Grace()), err
}

// repeat sends the stored bytes again, to a network where that is harmless.
func (s *Service) repeat(ctx context.Context, j *job, part *social.DeliveryPart) error {
	started, ours := s.Mono(), false
	var next social.Delivery
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		next = j.d
		if ours, err = tx.MayLeave(ctx, next); err != nil || !ours {
			return err
		}
		next.LeaseUntil, next.News = tx.Now().Add(s.Lease), false
		next.WakeAt = next.LeaseUntil.Add(s.Looks[0])
		ours, err = tx.Turned(ctx, next, social.Wonder)
		return err
	})
	if err != nil {
		return err
	}
	if !ours { // another's by now, or paused, or the account removed: nothing more is sent
		return s.settle(ctx, *stop(j.d, social.Doubt, social.ByNoAnswer, ""))
	}
	next.Rev++
	j.d = next
	s.Step(StepArmed)
	done, err := s.call(ctx, j, part, harmless, started)
	if err != nil || done {
		return err
	}
	return s.send(ctx, j.d)
}

// blind is a look that could not be made: later, and after an hour a person must look.
func (s *Service) blind(ctx context.Context, d social.Delivery, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return errors.Join(cause, err)
	}
	s.Log.Warn("cannot look", "delivery", d.ID, "network", d.Network, "err", cause)
	if connectors.KindOf(cause) == connectors.SignIn {
		return s.settle(ctx, *stop(d, social.Doubt, social.BySignIn, ""))
	}
	if fault.Is(cause, fault.NotFound) { // the account was removed while its answer was awaited: Griot can never look again
		return s.settle(ctx, *stop(d, social.Doubt, social.ByRemoval, ""))
	}
	if now.Sub(d.LeftAt) > patience {
		return s.settle(ctx, *stop(d, social.Doubt, social.ByNoAnswer, ""))
	}
	return s.settle(ctx, *later(d, social.Wonder, social.ByNoAnswer, now.Add(s.Looks[0])))
}

// resume goes on after a receipt that was stored by a process that died before its next step.
func (s *Service) resume(ctx context.Context, d social.Delivery) error {
	j := &job{d: d}
	last := d.LiveParts() - 1
	if last < 0 {
		return s.settle(ctx, *stop(d, social.Doubt, social.ByNoAnswer, ""))
	}
	var r connectors.Receipt
	if err := json.Unmarshal([]byte(d.Parts[last].Receipt), &r); err != nil {
		return fmt.Errorf("read receipt of %s: %w", d.ID, err)
	}
	return s.adopt(ctx, j, last, r)
}

// sought is what came of looking before sending again.
type sought int

const (
	nothing sought = iota // it is not there: it may be sent
	there                 // it is there: the next part may be sent
	settled               // nothing more is ours to do
)

// lookFirst is what sending a part again begins with, when its first sending had no answer: a person asked for it, and
// Griot makes sure that it is not there.
func (s *Service) lookFirst(ctx context.Context, j *job, i int, req connectors.Request) (sought, error) {
	s.Step(StepLooking)
	found, err := s.find(ctx, j, req)
	switch {
	case err != nil:
		return settled, s.failed(ctx, j.d, err)
	case len(found) > 1:
		return settled, s.settle(ctx, *stop(j.d, social.Doubt, social.ByTwo, ""))
	case len(found) == 0:
		return nothing, nil
	}
	part := &j.d.Parts[i]
	if part.Request == "" { // restored from a backup: what was found is what would have been sent now
		body, err := json.Marshal(req)
		if err != nil {
			return settled, fmt.Errorf("write request of %s: %w", j.d.ID, err)
		}
		part.Request = string(body)
	}
	done, err := s.record(ctx, j, part, found[0])
	if err != nil || done {
		return settled, err
	}
	return there, nil
}

// check asks about a receipt that the network still works on.
func (s *Service) check(ctx context.Context, d social.Delivery) error {
	i := slices.IndexFunc(d.Parts, func(p social.DeliveryPart) bool { return p.Receipt != "" && !p.Live })
	if i < 0 {
		return s.resume(ctx, d)
	}
	var r connectors.Receipt
	if err := json.Unmarshal([]byte(d.Parts[i].Receipt), &r); err != nil {
		return fmt.Errorf("read receipt of %s: %w", d.ID, err)
	}
	account, err := s.open(ctx, d)
	if err == nil {
		bounded, cancel := context.WithTimeout(ctx, s.Lease/2)
		defer cancel()
		r, err = account.Publish.Check(bounded, r)
	}
	if err == nil {
		return s.adopt(ctx, &job{d: d, account: account}, i, r)
	}
	now, e := s.DB.Now(ctx)
	if e != nil {
		return errors.Join(err, e)
	}
	if connectors.KindOf(err) == connectors.Refused {
		part := d.Parts[i] // the network has thrown it away: another try begins anew
		part.Receipt, part.URL = "", ""
		return s.notTaken(ctx, &job{d: d}, part, first, err)
	}
	if now.Sub(d.LeftAt) > 24*patience {
		return s.settle(ctx, *stop(d, social.Doubt, social.ByNoAnswer, ""))
	}
	return s.settle(ctx, *later(d, social.Accept, social.ByOutage, now.Add(defaultWait)))
}
