package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// turned is a delivery with the turn that it takes.
type turned struct {
	d    social.Delivery
	turn social.Turn
	part *social.DeliveryPart // written in the same transaction when set
}

// load reads everything a leased delivery needs and checks it again: the words are those that were approved, they still
// fit the network, the pictures are there, and it is not too late. When something is not so, it returns the turn to take.
func (s *Service) load(ctx context.Context, d social.Delivery) (*job, *turned, error) {
	sheet, err := storage.SheetOf(ctx, s.DB, d.TeamID, d.PostID)
	if err != nil {
		return nil, nil, fmt.Errorf("read post of %s: %w", d.ID, err)
	}
	v, ok, err := s.approved(ctx, sheet, d)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, stop(d, social.Stop, social.ByEdit, ""), nil
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read the clock: %w", err)
	}
	late := sheet.Brand.Late
	if fresh(d) && now.Sub(d.DueAt) > late.Grace() {
		if late.Drop {
			return nil, stop(d, social.Stop, social.ByDropped, ""), nil
		}
		return nil, stop(d, social.Miss, social.ByLateness, ""), nil
	}
	for _, p := range v.Parts {
		for _, m := range p.Media {
			if err := s.Media.Verify(ctx, m.Hash); err != nil {
				s.Log.Error("picture cannot be sent", "delivery", d.ID, "err", err)
				return nil, stop(d, social.Refuse, social.ByMedia, m.Name), nil
			}
		}
	}
	account, err := s.Open(ctx, d.TeamID, d.AccountID)
	if err != nil {
		next, err := s.outcome(ctx, d, err)
		return nil, next, err
	}
	if account.Publish == nil {
		return nil, stop(d, social.Refuse, social.ByCheck, ""), nil
	}
	v.Account.Limits = account.Limits
	if problems := v.Check(); len(problems) > 0 {
		return nil, stop(d, social.Refuse, social.ByCheck, problems[0].Say.In(sheet.Brand.Locale)), nil
	}
	return &job{d: d, variant: v, locale: sheet.Brand.Locale, account: account}, nil, nil
}

// fresh reports whether nothing of d was ever sent: only then is it ever too late.
func fresh(d social.Delivery) bool {
	return !slices.ContainsFunc(d.Parts, func(p social.DeliveryPart) bool { return p.Live || !p.Armed.IsZero() })
}

// approved returns the words that d is to send, when a person's yes to exactly them still stands.
func (s *Service) approved(ctx context.Context, sheet social.Sheet, d social.Delivery) (social.Variant, bool, error) {
	words := sheet.Revision
	if words.Number != d.Revision {
		var err error
		if words, err = storage.Revision(ctx, s.DB, d.TeamID, d.PostID, d.Revision); err != nil {
			return social.Variant{}, false, fmt.Errorf("read words of %s: %w", d.ID, err)
		}
	}
	words.Accounts = []string{d.AccountID}
	vs := words.Variants(sheet.Accounts)
	if len(vs) != 1 || sheet.Post.State == social.Cancelled || vs[0].Fingerprint() != d.Fingerprint || len(vs[0].Parts) != len(d.Parts) {
		return social.Variant{}, false, nil
	}
	yes := slices.ContainsFunc(sheet.Approvals, func(a social.Approval) bool {
		return a.AccountID == d.AccountID && a.Fingerprint == d.Fingerprint
	})
	return vs[0], yes, nil
}

// Plan is the delivery of v, approved, due when p is.
func Plan(p social.Post, v social.Variant) social.Delivery {
	d := social.Delivery{ID: storage.NewID("dlv"), TeamID: p.TeamID, BrandID: p.BrandID, PostID: p.ID,
		AccountID: v.Account.ID, Network: v.Account.Network, Fingerprint: v.Fingerprint(), Revision: p.Words,
		State: social.Waiting, DueAt: p.Moment.At, WakeAt: p.Moment.At}
	for i := range v.Parts {
		d.Parts = append(d.Parts, newPart(i, p))
	}
	return d
}

func newPart(i int, p social.Post) social.DeliveryPart {
	id := storage.NewID("")
	return social.DeliveryPart{Index: int64(i), Key: id[1:], At: p.Moment.At.Add(time.Duration(i) * time.Millisecond)}
}

// ErrLeaving tells a person that what they wanted to stop is leaving right now.
func ErrLeaving(networks string) *fault.Error { return fault.New(fault.Conflict, leaving, networks) }

var leaving = i18n.Text{
	En: "It is already leaving for %s and can no longer be stopped. Once it is live you can take it down.",
	Fr: "L’envoi vers %s a déjà commencé et ne peut plus être arrêté. Une fois la publication en ligne, vous pourrez la retirer.",
}
