package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"griot/connectors"
	"griot/social"
)

// remove takes every part that stands off the network, the last one first. Each call is harmless when repeated.
func (s *Service) remove(ctx context.Context, d social.Delivery) error {
	account, err := s.Open(ctx, d.TeamID, d.AccountID)
	if err != nil {
		return s.stands(ctx, d, err)
	}
	held, release := s.hold(ctx, d)
	defer release()
	for i := len(d.Parts) - 1; i >= 0; i-- {
		if !d.Parts[i].Live {
			continue
		}
		var r connectors.Receipt
		if err := json.Unmarshal([]byte(d.Parts[i].Receipt), &r); err != nil {
			return fmt.Errorf("read receipt of %s: %w", d.ID, err)
		}
		if err := account.Publish.Remove(held, r); err != nil {
			return s.stands(ctx, d, err)
		}
	}
	return s.settle(ctx, *stop(d, social.TakenDown, social.NoReason, ""))
}

// stands says why an item could not be taken down: for good, or for now.
func (s *Service) stands(ctx context.Context, d social.Delivery, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	answer, _ := errors.AsType[*connectors.Error](err)
	if answer != nil && (answer.Kind == connectors.Refused || answer.Kind == connectors.SignIn) || d.Tries > 50 {
		words := ""
		if answer != nil {
			words = answer.Words
		}
		return s.settle(ctx, *stop(d, social.StillThere, social.ByNetwork, words))
	}
	now, e := s.DB.Now(ctx)
	if e != nil {
		return errors.Join(err, e)
	}
	return s.settle(ctx, *later(d, social.Insist, social.ByOutage, now.Add(backoff(d.Tries))))
}
