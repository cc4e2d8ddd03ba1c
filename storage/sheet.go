package storage

import (
	"context"
	"slices"

	"griot/social"
)

// SheetOf reads a post of the team with everything a card or a decision about it needs.
func SheetOf(ctx context.Context, r Reader, team, post string) (social.Sheet, error) {
	p, err := Post(ctx, r, team, post)
	if err != nil {
		return social.Sheet{}, err
	}
	s := social.Sheet{Post: p}
	if s.Revision, err = Revision(ctx, r, team, post, p.Words); err != nil {
		return s, err
	}
	if s.Brand, err = Brand(ctx, r, team, p.BrandID); err != nil {
		return s, err
	}
	if s.Approvals, err = Approvals(ctx, r, team, post); err != nil {
		return s, err
	}
	if s.Deliveries, err = Deliveries(ctx, r, team, post); err != nil {
		return s, err
	}
	ids := slices.Clone(s.Revision.Accounts)
	for _, d := range s.Deliveries {
		ids = append(ids, d.AccountID)
	}
	if s.Accounts, err = AccountsIn(ctx, r, team, ids); err != nil {
		return s, err
	}
	people := []string{p.Author, p.Editor}
	for _, a := range s.Approvals {
		people = append(people, a.By)
	}
	s.Names, err = Names(ctx, r, team, people)
	return s, err
}
