package delivery

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"griot/social"
	"griot/storage"
)

// entry is a line of the post's story about one network.
func entry(d social.Delivery, what social.What, data map[string]string) social.Entry {
	return social.Entry{TeamID: d.TeamID, Subject: d.Subject(), What: what, Account: d.AccountID, Data: data}
}

// batch is how many turns are told in one transaction.
const batch = 50

// announce tells what has happened to deliveries: the story, the cards, and who must act. It is apart from the storing
// of receipts so that nothing it does can lose one. It reports whether there was anything to tell.
func (s *Service) announce(ctx context.Context) (bool, error) {
	news, err := storage.Untold(ctx, s.DB, batch)
	if err != nil || len(news) == 0 {
		return false, err
	}
	marked, failed := s.signIns(ctx, news)
	if err := s.tellAll(ctx, marked); err != nil {
		told, err := s.tellEach(ctx, marked)
		return told, errors.Join(failed, err)
	}
	return len(marked) > 0, failed
}

// signIns marks the accounts that must be connected again, before that is told: after a crash in between they are marked
// once more. What could not be marked is told later.
func (s *Service) signIns(ctx context.Context, news []social.Delivery) (marked []social.Delivery, failed error) {
	for _, d := range news {
		if d.Reason == social.BySignIn {
			if err := s.SignIn(ctx, d.TeamID, d.AccountID); err != nil {
				failed = errors.Join(failed, fmt.Errorf("mark %s for sign-in: %w", d.AccountID, err))
				continue
			}
		}
		marked = append(marked, d)
	}
	return marked, failed
}

// tellEach tells one by one what could not be told together, so that one that cannot be told holds no other back.
func (s *Service) tellEach(ctx context.Context, news []social.Delivery) (bool, error) {
	told := false
	var failed error
	for _, d := range news {
		if err := s.tellAll(ctx, []social.Delivery{d}); err != nil {
			failed = errors.Join(failed, fmt.Errorf("tell of %s: %w", d.ID, err))
			continue
		}
		told = true
	}
	return told, failed
}

func (s *Service) tellAll(ctx context.Context, news []social.Delivery) error {
	var told []social.Delivery
	err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
		told = nil
		shown := map[string]bool{}
		for _, d := range news {
			ok, err := tx.Told(ctx, d)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := Tell(ctx, tx, d); err != nil {
				return err
			}
			told = append(told, d)
			if shown[d.Subject()] {
				continue
			}
			shown[d.Subject()] = true
			if err := tx.Redraw(ctx, d.TeamID, d.Subject()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Step(StepTold)
	for _, d := range told {
		s.Log.Info("delivery turned", "delivery", d.ID, "post", d.PostID, "network", d.Network, "state", d.State, "reason", d.Reason)
	}
	return nil
}

// Tell adds the story's line for the state that d has come to, and asks whoever must act. Who changes a delivery that has
// news tells them first, in the same transaction.
func Tell(ctx context.Context, tx *storage.Tx, d social.Delivery) error {
	say := func(what social.What, data map[string]string, ask ...social.NoticeKind) error {
		if err := tx.AddEntry(ctx, entry(d, what, data)); err != nil {
			return err
		}
		for _, k := range ask {
			if err := notify(ctx, tx, d, k); err != nil {
				return err
			}
		}
		return nil
	}
	why := map[string]string{"reason": string(d.Reason), "words": d.Words}
	switch d.State {
	case social.Live:
		if d.Reason != social.NoReason {
			return say(social.DidStay, why, social.NotRemoved)
		}
		if err := tx.Answer(ctx, d); err != nil {
			return err
		}
		return say(social.DidArrive, map[string]string{"url": d.URL()})
	case social.Refused:
		return say(social.DidRefuse, why, refusal(d))
	case social.Unsure:
		return say(social.DidDoubt, why, social.LookAt)
	case social.Missed:
		return say(social.DidMiss, why, social.NotSent)
	case social.Void:
		return say(social.DidStop, why)
	case social.Sending:
		return say(social.DidLook, map[string]string{"looks": strconv.FormatInt(d.Looks, 10)})
	case social.Gone:
		return say(social.DidTakenDown, nil)
	case social.Waiting, social.Pending, social.Removing:
		why["at"] = d.WakeAt.Format(time.RFC3339)
		return say(social.DidPostpone, why)
	}
	return nil
}

func refusal(d social.Delivery) social.NoticeKind {
	if d.LiveParts() > 0 {
		return social.CutShort
	}
	return social.NotTaken
}

// notify asks the writer of the post to act.
func notify(ctx context.Context, tx *storage.Tx, d social.Delivery, k social.NoticeKind) error {
	p, err := storage.Post(ctx, tx, d.TeamID, d.PostID)
	if err != nil {
		return err
	}
	return tx.Notify(ctx, social.Notice{TeamID: d.TeamID, Subject: d.Subject(), MemberID: p.Author, Kind: k, Urgent: true,
		Change: d.ID + "." + strconv.FormatInt(d.Rev, 10),
		Data:   map[string]string{"account": d.AccountID, "words": d.Words, "reason": string(d.Reason)}})
}
