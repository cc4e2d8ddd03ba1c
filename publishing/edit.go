package publishing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"griot/delivery"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var errFrozen = i18n.Text{
	En: "Everything of this post is live or on its way, so its words can no longer change. Take it down, or write another one.",
	Fr: "Tout est déjà en ligne ou en cours d’envoi\u202f: le texte ne peut plus changer. Retirez la publication, ou écrivez-en une autre.",
}

// Edit gives a post new words. What that changes needs approval again, and only that; what is live stays as it is.
func (s *Service) Edit(ctx context.Context, by social.Member, post string, seen int64, c Content) (Result, error) {
	return s.rewrite(ctx, by, post, seen, social.Edit, c)
}

// Fix gives a post in review new words and approves them in one go. The story shows both hands and the writer is told.
func (s *Service) Fix(ctx context.Context, by social.Member, post string, seen int64, c Content) (Result, error) {
	return s.rewrite(ctx, by, post, seen, social.Fix, c)
}

func (s *Service) rewrite(ctx context.Context, by social.Member, post string, seen int64, m social.Move, c Content) (Result, error) {
	return s.change(ctx, by, post, seen, m, func(x *change) error {
		words, err := s.words(ctx, x, c)
		if err != nil {
			return err
		}
		wish := social.Change{Words: words.Number, When: c.When, Moment: c.Moment, Now: x.tx.Now()}
		// The table speaks first: words of somebody without the right are not written.
		if _, err := x.sheet.Post.Apply(m, x.by, wish); err != nil {
			return err
		}
		if words.Number != x.sheet.Revision.Number {
			if err := x.write(ctx, words); err != nil {
				return err
			}
		}
		return x.apply(ctx, m, wish)
	})
}

// words is the next revision, or the current one when nothing would be said differently where that is still open.
func (s *Service) words(ctx context.Context, x *change, c Content) (social.Revision, error) {
	free := slices.DeleteFunc(slices.Clone(c.Accounts), x.sheet.Frozen)
	if len(free) == 0 && len(x.sheet.Newest()) > 0 {
		return social.Revision{}, fault.New(fault.Conflict, errFrozen)
	}
	c.Accounts = free
	c, err := s.clean(ctx, x.tx, x.sheet.Brand, c)
	if err != nil {
		return social.Revision{}, err
	}
	p := x.sheet.Post
	p.Words++
	next := c.revision(p, x.by.Member.ID, x.tx.Now())
	if next.Same(unfrozen(x.sheet)) {
		return x.sheet.Revision, nil
	}
	return next, nil
}

// unfrozen is the current revision without what can no longer be changed.
func unfrozen(s social.Sheet) social.Revision {
	r := s.Revision
	r.Accounts = slices.DeleteFunc(slices.Clone(r.Accounts), s.Frozen)
	r.Texts = maps.Clone(r.Texts)
	maps.DeleteFunc(r.Texts, func(account, _ string) bool { return s.Frozen(account) })
	return r
}

// write stores new words and ends what they make untrue: approvals and deliveries of the variants that differ.
func (x *change) write(ctx context.Context, words social.Revision) error {
	p := x.sheet.Post
	if err := x.tx.AddRevision(ctx, p.TeamID, words); err != nil {
		return fmt.Errorf("add words: %w", err)
	}
	accounts, err := storage.AccountsIn(ctx, x.tx, p.TeamID, words.Accounts)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if !slices.ContainsFunc(x.sheet.Accounts, func(o social.Account) bool { return o.ID == a.ID }) {
			x.sheet.Accounts = append(x.sheet.Accounts, a)
		}
	}
	x.sheet.Revision = words
	now := x.sheet.Variants()
	for _, a := range x.sheet.Approvals {
		if x.sheet.Frozen(a.AccountID) || slices.ContainsFunc(now, func(v social.Variant) bool {
			return v.Account.ID == a.AccountID && v.Fingerprint() == a.Fingerprint
		}) {
			continue
		}
		if err := x.end(ctx, a); err != nil {
			return err
		}
	}
	if x.sheet.Approvals, err = storage.Approvals(ctx, x.tx, p.TeamID, p.ID); err != nil {
		return err
	}
	if len(x.ended) > 0 {
		x.out.Notes = append(x.out.Notes, approveAgain.With(strings.Join(x.ended, ", ")))
	}
	return nil
}

// end takes back an approval that the new words make untrue, and what waits because of it. Words that are leaving this
// very moment can no longer change.
func (x *change) end(ctx context.Context, a social.Approval) error {
	p, label := x.sheet.Post, x.sheet.Account(a.AccountID).Label()
	if err := x.disapprove(ctx, []social.Approval{a}); err != nil {
		return err
	}
	leaving, err := x.tx.Stop(ctx, p.TeamID, storage.StopWhich{Post: p.ID, Account: a.AccountID}, social.ByEdit)
	if err != nil {
		return fmt.Errorf("stop deliveries: %w", err)
	}
	if len(leaving) > 0 {
		return delivery.ErrLeaving(label)
	}
	x.ended = append(x.ended, label)
	return nil
}

var approveAgain = i18n.Text{
	En: "The words for %s changed: they need approval again before they can go out.",
	Fr: "Le texte pour %s a changé\u202f: il doit être validé à nouveau avant de partir.",
}
