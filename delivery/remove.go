package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"griot/connectors"
	"griot/social"
	"griot/storage"
)

// remove takes everything that stands off the network, the last part first, and writes down each part that is gone. Each
// call is harmless when repeated.
func (s *Service) remove(ctx context.Context, d social.Delivery) error {
	account, err := s.open(ctx, d)
	if err != nil {
		return s.stands(ctx, d, err)
	}
	held, release := s.hold(ctx, d, longest)
	defer release()
	for i := len(d.Parts) - 1; i >= 0; i-- {
		part := &d.Parts[i]
		if !part.Live && part.Armed.IsZero() && part.Receipt == "" {
			continue
		}
		r, err := s.item(held, d, account, i)
		if err == nil && r != nil {
			err = account.Publish.Remove(held, *r)
		}
		if err == nil {
			part.Live = false
			err = s.removed(held, d, *part)
		}
		switch {
		case errors.Is(err, errLost):
			return nil
		case errors.Is(err, errByHand):
			return s.settle(ctx, *stop(d, social.StillThere, social.ByHand, ""))
		case err != nil:
			return s.stands(ctx, d, err)
		}
	}
	return s.settle(ctx, *stop(d, social.TakenDown, social.NoReason, ""))
}

// errByHand says that a person saw an item on the network that Griot cannot tell from others.
var errByHand = errors.New("delivery: no receipt of it")

// item is what to take down for part i: what its receipt names, or what is found when an answer was lost. nil: nothing
// of it is there.
func (s *Service) item(ctx context.Context, d social.Delivery, a connectors.Account, i int) (*connectors.Receipt, error) {
	part := d.Parts[i]
	if part.Receipt != "" {
		var r connectors.Receipt
		if err := json.Unmarshal([]byte(part.Receipt), &r); err != nil {
			return nil, fmt.Errorf("read receipt of %s: %w", d.ID, err)
		}
		return &r, nil
	}
	req, err := stored(part)
	if err != nil {
		return nil, errByHand
	}
	found, err := s.find(ctx, &job{d: d, account: a}, req)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		return &found[0], nil
	case len(found) == 0 && !part.Live:
		return nil, nil
	}
	return nil, errByHand
}

// removed writes that a part is gone, while the delivery is still ours.
func (s *Service) removed(ctx context.Context, d social.Delivery, part social.DeliveryPart) error {
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		ours, err := tx.Renew(ctx, d, s.Lease)
		if err != nil {
			return err
		}
		if !ours {
			return errLost
		}
		return tx.SavePart(ctx, d.TeamID, d.ID, part)
	})
}

// insistent is how many tries a take-down gets while the network does not answer: about an hour and a half.
const insistent = 50

// stands says why an item could not be taken down: for good, or for now.
func (s *Service) stands(ctx context.Context, d social.Delivery, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	answer, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		answer = &connectors.Error{Kind: connectors.Temporary, Network: d.Network, Err: err}
		s.Log.Error("no network's answer", "delivery", d.ID, "network", d.Network, "err", err)
	}
	switch {
	case answer.Kind == connectors.SignIn:
		return s.settle(ctx, *stop(d, social.StillThere, social.BySignIn, answer.Words))
	case answer.Kind == connectors.Refused:
		return s.settle(ctx, *stop(d, social.StillThere, social.ByNetwork, answer.Words))
	case d.Tries > insistent:
		return s.settle(ctx, *stop(d, social.StillThere, social.ByOutage, answer.Words))
	}
	now, e := s.DB.Now(ctx)
	if e != nil {
		return errors.Join(err, e)
	}
	wait := backoff(d.Tries)
	if answer.Kind == connectors.Limited {
		wait = max(wait, asks(answer))
	}
	return s.settle(ctx, *later(d, social.Insist, social.ByOutage, now.Add(wait)))
}
