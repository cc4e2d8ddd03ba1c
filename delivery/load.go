package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// load reads everything a leased delivery needs and checks it again: the words are those that were approved, they still
// fit the network, the pictures are there, and it is not too late. When something is not so, it returns the turn to take.
func (s *Service) load(ctx context.Context, d social.Delivery) (*job, *turned, error) {
	if d.Halt != social.NoReason {
		return nil, stop(d, social.Stop, d.Halt, ""), nil
	}
	e, err := storage.ErrandOf(ctx, s.DB, d)
	if err != nil {
		return nil, nil, fmt.Errorf("read words of %s: %w", d.ID, err)
	}
	v, why := words(e, d)
	if why != social.NoReason {
		return nil, stop(d, social.Stop, why, ""), nil
	}
	// The lease began a moment ago: its beginning is now by the clock of the database, without asking for it.
	if next := late(d, e.Brand.Late, d.LeaseUntil.Add(-s.Lease)); next != nil {
		return nil, next, nil
	}
	if m, ok := s.lost(ctx, v); ok {
		return nil, stop(d, social.Refuse, social.ByMedia, m.Name), nil
	}
	account, err := s.open(ctx, d)
	if err != nil {
		next, err := s.outcome(ctx, d, err)
		return nil, next, err
	}
	if next, err := s.answered(ctx, d, v, account); err != nil || next != nil {
		return nil, next, err
	}
	v.Account.Limits = account.Limits
	if problems := v.Check(); len(problems) > 0 {
		return nil, stop(d, social.Refuse, social.ByCheck, problems[0].Say.In(e.Brand.Locale)), nil
	}
	return &job{d: d, variant: v, brand: e.Brand, account: account}, nil, nil
}

// words returns what d is to send, when a person's yes to exactly that still stands; otherwise why it may not leave.
func words(e storage.Errand, d social.Delivery) (social.Variant, social.Reason) {
	switch {
	case e.Post == social.Cancelled:
		return social.Variant{}, social.ByCancel
	case e.Account.State == social.Removed:
		return social.Variant{}, social.ByRemoval
	}
	e.Words.Accounts = []string{d.AccountID}
	vs := e.Words.Variants([]social.Account{e.Account})
	for i := range vs {
		vs[i].To = e.To
	}
	if !e.Approved || len(vs) != 1 || vs[0].Fingerprint() != d.Fingerprint || len(vs[0].Parts) != len(d.Parts) {
		return social.Variant{}, social.ByEdit
	}
	return vs[0], social.NoReason
}

// late is the turn of a delivery that is later than its policy allows; nil when it is not.
func late(d social.Delivery, p social.LatenessPolicy, now time.Time) *turned {
	switch {
	case !fresh(d) || now.Sub(d.DueAt) <= p.Grace():
		return nil
	case p.Drop:
		return stop(d, social.Stop, social.ByDropped, "")
	}
	return stop(d, social.Miss, social.ByLateness, "")
}

// fresh reports whether nothing of d was ever sent: only then is it ever too late.
func fresh(d social.Delivery) bool {
	return !slices.ContainsFunc(d.Parts, func(p social.DeliveryPart) bool { return p.Live || !p.Armed.IsZero() })
}

// lost is the first picture of v that is gone or changed.
func (s *Service) lost(ctx context.Context, v social.Variant) (social.Media, bool) {
	for _, p := range v.Parts {
		for _, m := range p.Media {
			if err := s.Media.Verify(ctx, m.Hash); err != nil {
				s.Log.Error("picture cannot be sent", "post", v.PostID, "err", err)
				return m, true
			}
		}
	}
	return social.Media{}, false
}

// open is Options.Open within half a lease. It fails when nothing can be published there.
func (s *Service) open(ctx context.Context, d social.Delivery) (connectors.Account, error) {
	bounded, cancel := context.WithTimeout(ctx, s.Lease/2)
	defer cancel()
	a, err := s.Open(bounded, d.TeamID, d.AccountID)
	if d.Answers != "" {
		a.Publish = a.Reply
	}
	if err == nil && a.Publish == nil {
		err = &connectors.Error{Kind: connectors.SignIn, Network: d.Network}
	}
	return a, err
}

// answered is the turn of a reply to what the account has answered meanwhile, from elsewhere than here; nil: it has not. A person
// who reads that and sends again means it.
func (s *Service) answered(ctx context.Context, d social.Delivery, v social.Variant, a connectors.Account) (*turned, error) {
	if d.Answers == "" || a.Answered == nil || !fresh(d) || d.Reason == social.ByAnswered {
		return nil, nil
	}
	bounded, cancel := context.WithTimeout(ctx, s.Lease/2)
	defer cancel()
	url, err := a.Answered(bounded, v.To)
	if err != nil {
		return s.outcome(ctx, d, err)
	}
	if url == "" {
		return nil, nil
	}
	return stop(d, social.Refuse, social.ByAnswered, url), nil
}

// Plan is the delivery of v, approved, due when p is.
func Plan(p social.Post, v social.Variant) social.Delivery {
	d := social.Delivery{ID: storage.NewID("dlv"), TeamID: p.TeamID, BrandID: p.BrandID, PostID: p.ID,
		AccountID: v.Account.ID, Answers: p.Answers, Network: v.Account.Network, Fingerprint: v.Fingerprint(), Revision: p.Words,
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
