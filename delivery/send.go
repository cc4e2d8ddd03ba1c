package delivery

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"griot/connectors"
	"griot/social"
	"griot/storage"
)

// errLost says that the delivery is another's now, or was stopped: whoever holds it knows better.
var errLost = errors.New("delivery: lease lost")

// send prepares a leased delivery and sends its parts, one visible call each.
func (s *Service) send(ctx context.Context, d social.Delivery) error {
	j, next, err := s.load(ctx, d)
	if err != nil {
		return err
	}
	if next != nil {
		return s.settle(ctx, *next)
	}
	for i := range j.d.Parts {
		if j.d.Parts[i].Live {
			continue
		}
		done, err := s.sendPart(ctx, j, i)
		if err != nil || done {
			return ignoreLost(err)
		}
	}
	return nil
}

func ignoreLost(err error) error {
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}

// job is a leased delivery with all it needs.
type job struct {
	d       social.Delivery
	variant social.Variant
	brand   social.Brand
	account connectors.Account
}

// try says why a visible call may be made, and so what it means that the network did not take it.
type try int

const (
	first    try = iota // nothing was sent yet: not taken is certain
	asked               // a person asked for it after an unclear answer, and nothing was found
	harmless            // repeating is known to be harmless; what became of the first call stays open
)

// longest is how long a preparation may take; a network that never answers must not be waited for.
const longest = 10 * time.Minute

// sendPart brings part i to the network. done says that this delivery is out of our hands for now.
func (s *Service) sendPart(ctx context.Context, j *job, i int) (done bool, err error) {
	part := &j.d.Parts[i]
	how := first
	if !part.Armed.IsZero() {
		how = asked
	}
	req, err := s.prepare(ctx, j, i)
	if err != nil {
		return true, s.failed(ctx, j.d, err)
	}
	s.Step(StepPrepared)
	if how == asked {
		if saw, err := s.lookFirst(ctx, j, i, req); saw != nothing || err != nil {
			return saw == settled, err
		}
	}
	started := s.Mono()
	next, err := s.arm(ctx, j, part, req)
	switch {
	case err != nil:
		return true, err
	case next != nil:
		return true, s.settle(ctx, *next)
	}
	s.Step(StepArmed)
	return s.call(ctx, j, part, how, started)
}

// call makes the visible call within its deadline and stores what came of it.
func (s *Service) call(ctx context.Context, j *job, part *social.DeliveryPart, how try, started time.Duration) (done bool, err error) {
	req, err := stored(*part)
	if err != nil {
		return true, fmt.Errorf("read stored request of %s: %w", j.d.ID, err)
	}
	left := s.Lease/2 - (s.Mono() - started)
	if left <= 0 {
		late := &connectors.Error{Kind: connectors.Temporary, Network: j.d.Network, Err: errStood}
		return true, s.notTaken(ctx, j, *part, how, late)
	}
	bounded, stop := context.WithTimeout(ctx, left)
	defer stop()
	s.Step(StepSending)
	receipt, err := j.account.Publish.Send(bounded, req)
	s.Step(StepAnswered)
	switch {
	case err == nil:
		return s.record(ctx, j, part, receipt)
	case connectors.KindOf(err) == connectors.Unsure:
		s.Log.Warn("no clear answer", "delivery", j.d.ID, "network", j.d.Network, "err", err)
		return true, s.wonder(ctx, j.d)
	}
	return true, s.notTaken(ctx, j, *part, how, err)
}

// errStood is why a call was not made: the process stood still between the row and the first byte.
var errStood = errors.New("delivery: the deadline passed before the call")

// stored is the request of a part as it was written before the first try.
func stored(p social.DeliveryPart) (connectors.Request, error) {
	var req connectors.Request
	err := json.Unmarshal([]byte(p.Request), &req)
	req.Armed = p.Armed
	return req, err
}

// prepare returns the request to store, under a lease that is renewed meanwhile.
func (s *Service) prepare(ctx context.Context, j *job, i int) (connectors.Request, error) {
	part := &j.d.Parts[i]
	if part.Request != "" && !part.Armed.IsZero() {
		return stored(*part) // once sent, only the same bytes are ever sent again
	}
	part.At = j.d.LeaseUntil.Add(time.Duration(i)*time.Millisecond - s.Lease)
	draft, err := s.draft(j, i)
	if err != nil {
		return connectors.Request{}, err
	}
	held, release := s.hold(ctx, j.d, longest)
	defer release()
	req, err := j.account.Publish.Prepare(held, draft)
	req.Armed = part.Armed
	return req, err
}

func (s *Service) draft(j *job, i int) (connectors.Draft, error) {
	part := j.d.Parts[i]
	out := connectors.Draft{Key: part.Key, At: part.At, Locale: j.brand.Locale, Text: j.variant.Parts[i].Text}
	for _, m := range j.variant.Parts[i].Media {
		hash := m.Hash
		out.Media = append(out.Media, connectors.Media{Media: m, Open: func() (io.ReadCloser, error) { return s.Media.Open(hash) }})
	}
	to := j.variant.To
	if to.ID != "" {
		out.ReplyTo = &connectors.Receipt{RemoteID: to.ID, Ref: to.Ref}
		out.Root = &connectors.Receipt{RemoteID: cmp.Or(to.Root, to.ID), Ref: cmp.Or(to.RootRef, to.Ref)}
	}
	if i == 0 {
		return out, nil
	}
	root, before := new(connectors.Receipt), new(connectors.Receipt)
	if err := errors.Join(json.Unmarshal([]byte(j.d.Parts[0].Receipt), root), json.Unmarshal([]byte(j.d.Parts[i-1].Receipt), before)); err != nil {
		return out, fmt.Errorf("read receipts of %s: %w", j.d.ID, err)
	}
	if out.ReplyTo = before; out.Root == nil {
		out.Root = root
	}
	return out, nil
}

// hold renews the lease until released, at most for as long as given; a lost lease ends the context.
func (s *Service) hold(ctx context.Context, d social.Delivery, most time.Duration) (context.Context, func()) {
	held, cancel := context.WithTimeout(ctx, most)
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(s.Lease / 3)
		defer t.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-t.C:
			}
			ok := true
			err := s.DB.InTx(held, func(tx *storage.Tx) (err error) {
				ok, err = tx.Renew(held, d, s.Lease)
				return err
			})
			if err == nil && !ok {
				cancel()
			}
		}
	}()
	return held, func() { cancel(); <-done }
}

// arm stores the exact request and says `sending`, before the first byte, if nothing forbids it to leave; otherwise it
// returns the turn to take instead. errLost: the row is another's.
func (s *Service) arm(ctx context.Context, j *job, part *social.DeliveryPart, req connectors.Request) (instead *turned, err error) {
	body, err := json.Marshal(req)
	if err != nil {
		return nil, fmt.Errorf("write request of %s: %w", j.d.ID, err)
	}
	var armed social.Delivery
	var kept social.DeliveryPart
	ours := false
	err = s.DB.Together(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		armed, kept, instead = j.d, *part, late(j.d, j.brand.Late, tx.Now())
		if instead != nil {
			return nil
		}
		may, err := tx.MayLeave(ctx, j.d)
		if err != nil {
			return err
		}
		if !may { // paused or removed just now: back to the queue, where that is read
			instead = &turned{d: j.d, turn: social.Expire}
			instead.d.WakeAt = tx.Now()
			return nil
		}
		ours, err = s.begin(ctx, tx, &armed, &kept, string(body))
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("arm %s: %w", j.d.ID, err)
	case instead != nil:
		return instead, nil
	case !ours:
		return nil, errLost
	}
	*part = kept
	if j.d.LeftAt.IsZero() && s.Left != nil {
		s.Left(armed.LeftAt.Sub(armed.DueAt))
	}
	armed.State, armed.Rev, armed.Parts = social.Sending, armed.Rev+1, j.d.Parts
	j.d = armed
	return nil, nil
}

// begin writes that d is leaving, with the bytes of its part.
func (s *Service) begin(ctx context.Context, tx *storage.Tx, d *social.Delivery, part *social.DeliveryPart, body string) (bool, error) {
	d.LeaseUntil, d.Reason, d.News = tx.Now().Add(s.Lease), social.NoReason, false
	d.WakeAt = d.LeaseUntil.Add(s.Looks[0])
	leaves := d.LeftAt.IsZero()
	if leaves {
		d.LeftAt = tx.Now()
	}
	if ok, err := tx.Turned(ctx, *d, social.Arm); err != nil || !ok {
		return ok, err
	}
	part.Request = body
	if part.Armed.IsZero() {
		part.Armed = tx.Now()
	}
	if err := tx.SavePart(ctx, d.TeamID, d.ID, *part); err != nil || !leaves {
		return true, err
	}
	return true, tx.AddEntry(ctx, entry(*d, social.DidLeave, nil))
}
