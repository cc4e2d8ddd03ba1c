package inbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var (
	errStale = i18n.Text{
		En: "It changed meanwhile: %s. The card shows how it stands; please decide again.",
		Fr: "Cela a changé entre-temps\u202f: %s. La carte montre où cela en est\u202f; décidez à nouveau.",
	}
	errTwice   = i18n.Text{En: "That is already done.", Fr: "C’est déjà fait."}
	errUnknown = i18n.Text{En: "This person is not of the brand’s team. Choose another.", Fr: "Cette personne ne fait pas partie de l’équipe de la marque. Choisissez-en une autre."}
)

// change is one person's change of one mention, in a transaction.
type change struct {
	tx      *storage.Tx
	hearing social.Hearing
	by      social.Actor
}

// change runs f on a mention that nobody else changes meanwhile, and shows what came of it. Seen is the revision that the person
// saw; 0: any.
func (s *Service) change(ctx context.Context, by social.Member, mention string, seen int64, what social.What, f func(*change) error) (social.Hearing, error) {
	var out social.Hearing
	err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.HoldMention(ctx, by.TeamID, mention); err != nil {
			return err
		}
		h, err := storage.HearingOf(ctx, tx, by.TeamID, mention)
		if err != nil {
			return err
		}
		by, err := storage.Member(ctx, tx, by.TeamID, by.ID) // with the roles of now
		if err != nil {
			return err
		}
		x := &change{tx: tx, hearing: h, by: social.Actor{Member: by, Brand: h.Brand}}
		if seen != 0 && seen != h.Mention.Rev {
			return x.stale(ctx, what)
		}
		if err := f(x); err != nil {
			return err
		}
		if err := tx.Redraw(ctx, by.TeamID, mention); err != nil {
			return err
		}
		out, err = storage.HearingOf(ctx, tx, by.TeamID, mention)
		return err
	})
	return out, err
}

// stale tells what changed since the person looked.
func (x *change) stale(ctx context.Context, what social.What) error {
	m := x.hearing.Mention
	if what == social.DidClaim && m.Owner != "" && m.Owner != x.by.Member.ID {
		_, err := m.Apply(social.ClaimIt, x.by, social.MentionChange{Owner: x.hearing.Names[m.Owner]})
		if err != nil {
			return err
		}
	}
	entries, err := storage.Entries(ctx, x.tx, m.TeamID, m.ID)
	if err != nil {
		return err
	}
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.By == "" {
			continue
		}
		if e.By == x.by.Member.ID && e.What == what {
			return fault.New(fault.Conflict, errTwice)
		}
		names, err := storage.Names(ctx, x.tx, m.TeamID, []string{e.By})
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, errStale, e.What.By(names[e.By]))
	}
	return fault.New(fault.Conflict, errStale, m.State.Name())
}

// Move does one move of the table. Errors: faults, as social.Mention.Apply has them.
func (s *Service) Move(ctx context.Context, by social.Member, mention string, seen int64, do social.MentionMove, c social.MentionChange) (social.Hearing, error) {
	return s.change(ctx, by, mention, seen, social.What(do), func(x *change) error {
		return x.apply(ctx, do, c)
	})
}

// apply does one move and writes the story's line.
func (x *change) apply(ctx context.Context, do social.MentionMove, c social.MentionChange) error {
	m := x.hearing.Mention
	c.Now, c.Owner = x.tx.Now(), x.hearing.Names[m.Owner]
	next, err := m.Apply(do, x.by, c)
	if err != nil {
		return err
	}
	if !next.Open() || do == social.Escalate || do == social.Release {
		if err := x.noneLeaving(); err != nil {
			return err
		}
	}
	if r := x.hearing.Reply; !next.Open() && r != nil && (r.Post.State == social.InReview || r.Post.State == social.Draft) {
		if err := x.withdraw(ctx); err != nil {
			return err
		}
	}
	data := map[string]string{}
	if do == social.Escalate {
		if data["to"], err = x.hand(ctx, next); err != nil {
			return err
		}
		data["note"] = next.Note
	}
	if err := x.tx.SaveMention(ctx, next, m.Rev); err != nil {
		return err
	}
	x.hearing.Mention = next
	return x.tx.AddEntry(ctx, social.Entry{TeamID: m.TeamID, Subject: m.ID, By: x.by.Member.ID, What: social.What(do), Data: data})
}

// hand tells whom a mention was handed to, and returns their name.
func (x *change) hand(ctx context.Context, m social.Mention) (string, error) {
	to, err := storage.Member(ctx, x.tx, m.TeamID, m.Owner)
	if fault.Is(err, fault.NotFound) || err == nil && len(to.Roles[m.BrandID]) == 0 {
		return "", fault.In("to", errUnknown)
	}
	if err != nil || to.ID == x.by.Member.ID {
		return to.Name, err
	}
	return to.Name, x.tx.Notify(ctx, social.Notice{TeamID: m.TeamID, Subject: m.ID, MemberID: to.ID, Kind: social.HandedOver, Urgent: m.Priority == social.Urgent,
		Change: strconv.FormatInt(m.Rev, 10), Data: map[string]string{"who": x.by.Member.Name, "note": m.Note}})
}

// noneLeaving refuses while an answer is on its way.
func (x *change) noneLeaving() error {
	if x.hearing.Reply == nil {
		return nil
	}
	for _, d := range x.hearing.Reply.Newest() {
		switch d.State {
		case social.Waiting, social.Leased, social.Sending, social.Pending, social.Unsure:
			return fault.New(fault.Conflict, errOnItsWay)
		}
	}
	return nil
}

// Free ends the claims that have been held for longer than their brand allows.
func (s *Service) Free(ctx context.Context) error {
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	all, err := storage.Expired(ctx, s.DB, now, 200)
	if err != nil {
		return err
	}
	var failed error
	for _, m := range all {
		if err := s.free(ctx, m); err != nil && !fault.Is(err, fault.Conflict) {
			failed = errors.Join(failed, fmt.Errorf("free %s: %w", m.ID, err))
		}
	}
	return failed
}

func (s *Service) free(ctx context.Context, m social.Mention) error {
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		was, next := m.Rev, m.Freed()
		next.Rev++
		if err := tx.SaveMention(ctx, next, was); err != nil {
			return err
		}
		if err := tx.AddEntry(ctx, social.Entry{TeamID: m.TeamID, Subject: m.ID, What: social.DidExpire}); err != nil {
			return err
		}
		return tx.Redraw(ctx, m.TeamID, m.ID)
	})
}
