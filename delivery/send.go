package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"griot/connectors"
	"griot/i18n"
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
	locale  i18n.Locale
	account connectors.Account
}

// sendPart brings part i to the network. done says that this delivery is out of our hands for now.
func (s *Service) sendPart(ctx context.Context, j *job, i int) (done bool, err error) {
	part := &j.d.Parts[i]
	if !part.Armed.IsZero() {
		if done, err := s.lookFirst(ctx, j, i); done || err != nil {
			return done, err
		}
	}
	req, err := s.prepare(ctx, j, i)
	if err != nil {
		return true, s.failed(ctx, j.d, err)
	}
	s.Step(StepPrepared)
	started := s.Mono()
	if err := s.arm(ctx, &j.d, part, req); err != nil {
		return true, err
	}
	s.Step(StepArmed)
	return s.call(ctx, j, part, started)
}

// call makes the visible call within its deadline and stores what came of it.
func (s *Service) call(ctx context.Context, j *job, part *social.DeliveryPart, started time.Duration) (done bool, err error) {
	var req connectors.Request
	if err := json.Unmarshal([]byte(part.Request), &req); err != nil {
		return true, fmt.Errorf("read stored request of %s: %w", j.d.ID, err)
	}
	req.Armed = part.Armed
	left := s.Lease/2 - (s.Mono() - started)
	if left <= 0 {
		// Nothing was sent, but the row says it may have been: it goes the way of all doubtful ones.
		return true, s.wonder(ctx, j.d)
	}
	bounded, stop := context.WithTimeout(ctx, left)
	defer stop()
	receipt, err := j.account.Publish.Send(bounded, req)
	s.Step(StepAnswered)
	if err != nil {
		if connectors.KindOf(err) == connectors.Unsure {
			s.Log.Warn("no clear answer", "delivery", j.d.ID, "network", j.d.Network, "err", err)
			return true, s.wonder(ctx, j.d)
		}
		part.Armed = time.Time{} // certainly not accepted
		return true, s.refusedPart(ctx, j.d, *part, err)
	}
	return s.record(ctx, j, part, receipt)
}

// prepare returns the request to store, under a lease that is renewed meanwhile.
func (s *Service) prepare(ctx context.Context, j *job, i int) (connectors.Request, error) {
	part := j.d.Parts[i]
	if part.Request != "" && !part.Armed.IsZero() {
		var req connectors.Request // once sent, only the same bytes are ever sent again
		return req, json.Unmarshal([]byte(part.Request), &req)
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return connectors.Request{}, err
	}
	j.d.Parts[i].At = now.Add(time.Duration(i) * time.Millisecond)
	draft, err := s.draft(j, i)
	if err != nil {
		return connectors.Request{}, err
	}
	held, release := s.hold(ctx, j.d)
	defer release()
	return j.account.Publish.Prepare(held, draft)
}

func (s *Service) draft(j *job, i int) (connectors.Draft, error) {
	part := j.d.Parts[i]
	out := connectors.Draft{Key: part.Key, At: part.At, Locale: j.locale, Text: j.variant.Parts[i].Text}
	for _, m := range j.variant.Parts[i].Media {
		hash := m.Hash
		out.Media = append(out.Media, connectors.Media{Media: m, Open: func() (io.ReadCloser, error) { return s.Media.Open(hash) }})
	}
	if i == 0 {
		return out, nil
	}
	root, before := new(connectors.Receipt), new(connectors.Receipt)
	if err := errors.Join(json.Unmarshal([]byte(j.d.Parts[0].Receipt), root), json.Unmarshal([]byte(j.d.Parts[i-1].Receipt), before)); err != nil {
		return out, fmt.Errorf("read receipts of %s: %w", j.d.ID, err)
	}
	out.Root, out.ReplyTo = root, before
	return out, nil
}

// hold renews the lease until released; a lost lease ends the context.
func (s *Service) hold(ctx context.Context, d social.Delivery) (context.Context, func()) {
	held, cancel := context.WithCancel(ctx)
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

// arm stores the exact request and says `sending`, before the first byte, if nothing forbids it to leave.
func (s *Service) arm(ctx context.Context, d *social.Delivery, part *social.DeliveryPart, req connectors.Request) error {
	body, err := json.Marshal(req)
	if err != nil {
		return fmt.Errorf("write request of %s: %w", d.ID, err)
	}
	ok := false
	next, stored := *d, *part
	err = s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if ok, err = tx.MayLeave(ctx, *d); err != nil || !ok {
			return err
		}
		next.LeaseUntil, next.Reason = tx.Now().Add(s.Lease), social.NoReason
		next.WakeAt = next.LeaseUntil.Add(s.Looks[0])
		first := next.LeftAt.IsZero()
		if first {
			next.LeftAt = tx.Now()
		}
		if ok, err = tx.Turned(ctx, next, social.Arm); err != nil || !ok {
			return err
		}
		stored.Request = string(body)
		if stored.Armed.IsZero() {
			stored.Armed = tx.Now()
		}
		if err := tx.SavePart(ctx, d.TeamID, d.ID, stored); err != nil || !first {
			return err
		}
		return tx.AddEntry(ctx, entry(*d, social.DidLeave, nil))
	})
	switch {
	case err != nil:
		return fmt.Errorf("arm %s: %w", d.ID, err)
	case !ok:
		return errLost
	}
	next.State, next.Rev = social.Sending, next.Rev+1
	parts := d.Parts
	*d, *part = next, stored
	d.Parts = parts
	return nil
}
