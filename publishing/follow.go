package publishing

import (
	"context"
	"fmt"

	"griot/social"
	"griot/storage"
)

// follow does to the deliveries what the decision means for them.
func (x *change) follow(ctx context.Context, m social.Move, was social.Post) error {
	p := x.sheet.Post
	moved := !p.Moment.At.Equal(was.Moment.At)
	switch {
	case p.State == social.Scheduled:
		if err := x.tx.Reschedule(ctx, p.TeamID, p.ID, p.Moment.At); err != nil {
			return fmt.Errorf("move deliveries: %w", err)
		}
		return plan(ctx, x.tx, x.sheet)
	case m == social.SendBack:
		return x.takeBack(ctx, social.BySendBack)
	case m == social.Cancel:
		return x.stop(ctx, social.ByCancel)
	case p.State == social.InReview && (was.State == social.Approved || was.State == social.Scheduled):
		return x.takeBack(ctx, social.ByUnschedule) // moved, and the brand wants to see it again
	case was.State == social.Scheduled && p.State == social.Approved:
		return x.stop(ctx, social.ByUnschedule)
	case !moved:
		return nil
	}
	return x.along(ctx)
}

// along moves what an edit left approved of a post that is not approved as a whole.
func (x *change) along(ctx context.Context) error {
	p, b := x.sheet.Post, x.sheet.Brand
	switch {
	case p.When == social.Later:
		return x.stop(ctx, social.ByUnschedule)
	case p.When != social.OnDate:
		return nil
	case b.NoMove && !x.by.Member.Has(b.ID, social.Approver, social.Admin):
		return x.takeBack(ctx, social.ByUnschedule)
	}
	if err := x.tx.Reschedule(ctx, p.TeamID, p.ID, p.Moment.At); err != nil {
		return fmt.Errorf("move deliveries: %w", err)
	}
	return nil
}

// takeBack ends the right to send, and the approvals with it.
func (x *change) takeBack(ctx context.Context, why social.Reason) error {
	if err := x.stop(ctx, why); err != nil {
		return err
	}
	return x.disapprove(ctx, x.sheet.Approvals)
}

func (x *change) stop(ctx context.Context, why social.Reason) error {
	p := x.sheet.Post
	leaving, err := x.tx.Stop(ctx, p.TeamID, storage.StopWhich{Post: p.ID}, why)
	if err != nil {
		return fmt.Errorf("stop deliveries: %w", err)
	}
	x.out.Leaving = append(x.out.Leaving, leaving...)
	return nil
}

func (x *change) disapprove(ctx context.Context, as []social.Approval) error {
	for _, a := range as {
		if x.sheet.Frozen(a.AccountID) {
			continue
		}
		if err := x.tx.Disapprove(ctx, x.by.Member.TeamID, a.PostID, a.AccountID); err != nil {
			return fmt.Errorf("end approval: %w", err)
		}
	}
	return nil
}
