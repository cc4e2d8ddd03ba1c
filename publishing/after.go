package publishing

import (
	"context"
	"slices"
	"strconv"
	"time"

	"griot/delivery"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var (
	errNotDecider = i18n.Text{
		En: "Only the writer, an approver or an admin of %s may do that.",
		Fr: "Seuls l’auteur, un valideur ou un administrateur de %s peuvent faire cela.",
	}
	errMoved = i18n.Text{
		En: "This has moved on meanwhile. Here is how it stands now.",
		Fr: "La situation a changé entre-temps. Voici où cela en est.",
	}
	errUnapproved = i18n.Text{
		En: "These words are no longer approved. Send the post for approval again.",
		Fr: "Ce texte n’est plus validé. Renvoyez la publication en validation.",
	}
	errNotLive = i18n.Text{
		En: "Nothing of this post is live, so there is nothing to take down.",
		Fr: "Rien de cette publication n’est en ligne\u202f: il n’y a rien à retirer.",
	}
	errRemoving = i18n.Text{
		En: "It is already being taken down. The card will say when it is gone.",
		Fr: "Le retrait est déjà en cours. La carte dira quand ce sera fait.",
	}
	errNotPauser = i18n.Text{
		En: "Only an approver, a moderator or an admin of %s may do that.",
		Fr: "Seuls un valideur, un modérateur ou un administrateur de %s peuvent faire cela.",
	}
	errPaused = i18n.Text{
		En: "%s is already paused. “Resume” lets posts leave again.",
		Fr: "%s est déjà en pause. «\u202fReprendre\u202f» laisse repartir les publications.",
	}
	errRunning = i18n.Text{
		En: "%s is not paused: nothing to resume.",
		Fr: "%s n’est pas en pause\u202f: il n’y a rien à reprendre.",
	}
)

// SayLive is a person's word that a doubtful delivery is there. Parts of a thread after the doubtful one were not sent, and
// are not.
func (s *Service) SayLive(ctx context.Context, by social.Member, id string) (Result, error) {
	return s.decide(ctx, by, id, social.SayLive, social.DidSayLive, func(tx *storage.Tx, d *social.Delivery) error {
		d.Reason, d.WakeAt = social.NoReason, time.Time{}
		for _, p := range d.Parts {
			if p.Live || p.Armed.IsZero() {
				continue
			}
			p.Live = true
			return tx.SavePart(ctx, d.TeamID, d.ID, p)
		}
		return nil
	})
}

// SendAgain is a person's wish that a delivery be tried again: doubtful (Griot looks first), refused, missed, or cut short. The
// words must still be approved.
func (s *Service) SendAgain(ctx context.Context, by social.Member, id string) (Result, error) {
	return s.decide(ctx, by, id, social.SendAgain, social.DidSendAgain, func(tx *storage.Tx, d *social.Delivery) error {
		if d.Reason != social.ByAnswered { // who has read that somebody answered there wants to answer all the same
			d.Reason = social.NoReason
		}
		d.DueAt, d.WakeAt, d.Looks, d.Words, d.ToldLate = tx.Now(), tx.Now(), 0, "", false
		d.LeftAt = time.Time{} // it leaves anew
		return nil
	})
}

// Drop gives up a missed delivery.
func (s *Service) Drop(ctx context.Context, by social.Member, id string) (Result, error) {
	return s.decide(ctx, by, id, social.Stop, social.DidStop, func(_ *storage.Tx, d *social.Delivery) error {
		d.WakeAt, d.Reason = time.Time{}, social.ByDropped
		return nil
	})
}

// edit is what a person's turn changes of a delivery, besides its state.
type edit func(*storage.Tx, *social.Delivery) error

// decide is one person's turn of one delivery.
func (s *Service) decide(ctx context.Context, by social.Member, id string, turn social.Turn, what social.What, edit edit) (Result, error) {
	d, err := storage.Delivery(ctx, s.DB, by.TeamID, id)
	if err != nil {
		return Result{}, err
	}
	return s.change(ctx, by, d.PostID, 0, "", func(x *change) error {
		if err := x.mayDecide(); err != nil {
			return err
		}
		d, err := storage.Delivery(ctx, x.tx, by.TeamID, id)
		if err != nil {
			return err
		}
		if turn == social.SendAgain && !x.stillApproved(d) {
			return fault.New(fault.Conflict, errUnapproved)
		}
		return x.turn(ctx, d, turn, what, edit)
	})
}

func (x *change) turn(ctx context.Context, d social.Delivery, turn social.Turn, what social.What, edit edit) error {
	newest, _ := x.sheet.Delivery(d.AccountID)
	if _, ok := d.State.After(turn); !ok || newest.ID != d.ID {
		return fault.New(fault.Conflict, errMoved)
	}
	if d.News { // what has happened so far is told before what is decided about it
		if err := delivery.Tell(ctx, x.tx, d); err != nil {
			return err
		}
		d.News = false
	}
	if err := edit(x.tx, &d); err != nil {
		return err
	}
	if err := x.tx.Decided(ctx, d, turn); err != nil {
		return err
	}
	if turn == social.SayLive {
		if err := x.tx.Answer(ctx, d); err != nil {
			return err
		}
	}
	e := line(x.sheet.Post, x.by.Member.ID, what, map[string]string{"reason": string(d.Reason)})
	e.Account = d.AccountID
	return x.tx.AddEntry(ctx, e)
}

func (x *change) mayDecide() error {
	m, p := x.by.Member, x.sheet.Post
	if m.ID != p.Author && !m.Has(p.BrandID, social.Approver, social.Admin) {
		return fault.New(fault.Denied, errNotDecider, x.sheet.Brand.Name)
	}
	return nil
}

func (x *change) stillApproved(d social.Delivery) bool {
	return x.sheet.Post.State != social.Cancelled && slices.ContainsFunc(x.sheet.Approvals, func(a social.Approval) bool {
		return a.AccountID == d.AccountID && a.Fingerprint == d.Fingerprint
	})
}

// TakeDown asks for what is live of a post to be taken off the networks: all of it, or one delivery when id is not empty.
func (s *Service) TakeDown(ctx context.Context, by social.Member, post, id string) (Result, error) {
	return s.change(ctx, by, post, 0, "", func(x *change) error {
		if err := x.mayDecide(); err != nil {
			return err
		}
		why := errNotLive
		for _, d := range x.sheet.Newest() {
			if id != "" && d.ID != id {
				continue
			}
			if d.State == social.Removing && why == errNotLive {
				why = errRemoving
			}
			if _, ok := d.State.After(social.TakeDown); !ok || d.LiveParts() == 0 {
				continue
			}
			why = i18n.Text{}
			err := x.turn(ctx, d, social.TakeDown, social.DidTakeDown, func(tx *storage.Tx, d *social.Delivery) error {
				d.WakeAt, d.Reason, d.Words = tx.Now(), social.NoReason, ""
				return nil
			})
			if err != nil {
				return err
			}
		}
		if why != (i18n.Text{}) {
			return fault.New(fault.Conflict, why)
		}
		return nil
	})
}

// Pause stops everything of a brand that has not begun to leave. It returns what is leaving right now.
func (s *Service) Pause(ctx context.Context, by social.Member, brand string) ([]social.Delivery, error) {
	var leaving []social.Delivery
	err := s.pausing(ctx, by, brand, social.DidPause, func(tx *storage.Tx, b social.Brand) (err error) {
		if b.Paused {
			return fault.New(fault.Conflict, errPaused, b.Name)
		}
		if err := tx.SetPaused(ctx, b.TeamID, b.ID, true); err != nil {
			return err
		}
		leaving, err = tx.Hold(ctx, b.TeamID, b.ID)
		return err
	})
	return leaving, err
}

// Resume lets posts of a brand leave again. What fell due meanwhile is not sent: its cards ask what to do. It returns how
// many those are.
func (s *Service) Resume(ctx context.Context, by social.Member, brand string) (int, error) {
	missed := 0
	err := s.pausing(ctx, by, brand, social.DidResume, func(tx *storage.Tx, b social.Brand) error {
		if !b.Paused {
			return fault.New(fault.Conflict, errRunning, b.Name)
		}
		late, err := tx.Overdue(ctx, b.TeamID, b.ID)
		if err != nil {
			return err
		}
		missed = len(late)
		for _, d := range late {
			d.WakeAt, d.Reason, d.News = time.Time{}, social.ByPause, true
			if err := tx.Decided(ctx, d, social.Miss); err != nil {
				return err
			}
		}
		s.wake(tx)
		return tx.SetPaused(ctx, b.TeamID, b.ID, false)
	})
	return missed, err
}

// pausing checks the right, does f, and tells every post of the brand that waits.
func (s *Service) pausing(ctx context.Context, by social.Member, brand string, what social.What, f func(*storage.Tx, social.Brand) error) error {
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		b, err := storage.Brand(ctx, tx, by.TeamID, brand)
		if err != nil {
			return err
		}
		by, err := storage.Member(ctx, tx, by.TeamID, by.ID)
		if err != nil {
			return err
		}
		if !by.Has(b.ID, social.Pausers...) {
			return fault.New(fault.Denied, errNotPauser, b.Name)
		}
		posts, err := storage.WaitingPosts(ctx, tx, by.TeamID, storage.StopWhich{Brand: b.ID})
		if err != nil {
			return err
		}
		for _, id := range posts {
			p, err := storage.Post(ctx, tx, b.TeamID, id)
			if err != nil {
				return err
			}
			if err := tx.AddEntry(ctx, line(p, by.ID, what, nil)); err != nil {
				return err
			}
			if err := tx.Redraw(ctx, b.TeamID, p.Subject()); err != nil {
				return err
			}
		}
		return f(tx, b)
	})
}

// StopAccount ends what waits for an account, in the transaction in which by removes it, and tells the writers.
func (s *Service) StopAccount(ctx context.Context, tx *storage.Tx, a social.Account, by string) error {
	which := storage.StopWhich{Account: a.ID}
	posts, err := storage.WaitingPosts(ctx, tx, a.TeamID, which)
	if err != nil {
		return err
	}
	if _, err := tx.Stop(ctx, a.TeamID, which, social.ByRemoval); err != nil {
		return err
	}
	for _, id := range posts {
		p, err := storage.Post(ctx, tx, a.TeamID, id)
		if err != nil {
			return err
		}
		if err := tx.Redraw(ctx, a.TeamID, p.Subject()); err != nil {
			return err
		}
		if p.Author == by {
			continue
		}
		err = tx.Notify(ctx, social.Notice{TeamID: a.TeamID, Subject: p.Subject(), MemberID: p.Author, Kind: social.NoAccount,
			Change: a.ID + "." + strconv.FormatInt(a.Rev, 10), Data: map[string]string{"account": a.ID}})
		if err != nil {
			return err
		}
	}
	return nil
}

// TakeDownOne is TakeDown of one delivery.
func (s *Service) TakeDownOne(ctx context.Context, by social.Member, id string) (Result, error) {
	d, err := storage.Delivery(ctx, s.DB, by.TeamID, id)
	if err != nil {
		return Result{}, err
	}
	return s.TakeDown(ctx, by, d.PostID, id)
}
