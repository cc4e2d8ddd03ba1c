package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var followedElsewhere = i18n.Text{
	En: "This is now followed in the brand’s new channel.",
	Fr: "Le suivi se fait désormais dans le nouveau canal de la marque.",
}

// draw makes one placement show what is committed, as often as that is overtaken. Somebody else who holds its lease does
// so too: they see what is wanted when they give it back.
func (b *Board) draw(ctx context.Context, p storage.Placement, l i18n.Locale) error {
	if wait := b.gates.closed(chat.Place(p.Spot)); wait > 0 {
		return b.queue(ctx, p, l, wait)
	}
	for range rounds {
		behind, err := b.once(ctx, p, l)
		if _, soon := errors.AsType[*unsettled](err); err != nil && !soon || !behind {
			return err
		}
	}
	return &unsettled{}
}

// unsettled says that a message has to be looked at once more, when an interaction's own answer cannot overtake an edit any
// longer.
type unsettled struct{}

// Error is for logs.
func (u *unsettled) Error() string { return u.Unwrap().Error() }

// Unwrap is what a job answers to be run again.
func (u *unsettled) Unwrap() error { return &storage.Later{After: settle} }

// queue lets a card wait for its chat without taking the lease, cards that wait for somebody before the others.
func (b *Board) queue(ctx context.Context, p storage.Placement, l i18n.Locale, wait time.Duration) error {
	card, err := b.card(ctx, p.TeamID, p.Subject, l)
	if err != nil {
		return gone(err)
	}
	return &away{inOrder(wait, card)}
}

// away says that a chat does not take a card yet. To try again at once costs nothing, and tells how long to wait by then:
// a job that waits so is on time, while one that is enqueued for a moment that is near may be five seconds late.
type away struct{ after time.Duration }

// Error is for logs.
func (a *away) Error() string { return a.Unwrap().Error() }

// Unwrap is what a job answers to be run again.
func (a *away) Unwrap() error { return &storage.Later{After: a.after} }

// once draws one placement under its lease, and reports whether that was overtaken meanwhile.
func (b *Board) once(ctx context.Context, seen storage.Placement, l i18n.Locale) (behind bool, err error) {
	p, wait, err := b.take(ctx, seen)
	switch {
	case err != nil:
		return false, err
	case wait > 0:
		return false, b.queue(ctx, seen, l, wait)
	case p.Owner == "":
		return false, nil
	}
	now, why := b.bring(ctx, p, l)
	// What is known now is written even when the job is being stopped.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	wanted := int64(0)
	err = b.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if err := b.turned(ctx, tx, p, now); err != nil {
			return err
		}
		wanted, err = tx.ReleasePlacement(ctx, now)
		return err
	})
	switch {
	case fault.Is(err, fault.Conflict):
		return false, b.overtaken(ctx, p, now, l)
	case err != nil:
		return false, fmt.Errorf("write down a drawing: %w", err)
	}
	// Whoever wanted it meanwhile found the lease taken and left it to this one: also when another look is due anyway.
	_, soon := errors.AsType[*unsettled](why)
	return wanted > p.Wanted && (soon || now.Shown == p.Wanted), why
}

// take leases a placement. It comes back without an owner when there is nothing to do or somebody else is at it; wait is how
// long its chat wants no calls, whichever process it said so to.
func (b *Board) take(ctx context.Context, seen storage.Placement) (p storage.Placement, wait time.Duration, err error) {
	err = b.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		open, err := storage.OpenAt(ctx, tx, seen.Spot)
		if err != nil {
			return err
		}
		if wait = open.Sub(tx.Now()); wait > 0 {
			return nil
		}
		j := storage.DrawJob{TeamID: seen.TeamID, Placement: seen.ID}
		p, _, err = tx.LeasePlacement(ctx, j, b.o.Owner+"."+storage.NewID("own"), lease)
		return err
	})
	return p, wait, err
}

// bring makes the message show the current card and returns the placement as it is then. It must be written down whatever
// the error.
func (b *Board) bring(ctx context.Context, p storage.Placement, l i18n.Locale) (storage.Placement, error) {
	s := b.o.Surfaces[p.Surface]
	if s == nil {
		return p, nil // that chat is not connected today: Resume looks again after the next start
	}
	card, err := b.card(ctx, p.TeamID, p.Subject, l)
	if fault.Is(err, fault.NotFound) {
		p.Shown = p.Wanted
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("draw %s: %w", p.Subject, err)
	}
	if p.Moved {
		card = closed(card, l)
	}
	print := digest(card)
	if p.Message != "" && p.Drawn == print || p.Moved && p.Message == "" && !p.Sending {
		p.Shown = p.Wanted
		return p, nil
	}
	if wait := b.gates.enter(chat.Place(p.Spot)); wait > 0 {
		return p, &away{inOrder(wait, card)}
	}
	next, err := b.say(ctx, s, p, card)
	wait, err := b.limited(ctx, chat.Place(p.Spot), err)
	b.gates.leave(chat.Place(p.Spot))
	switch {
	case errors.Is(err, chat.ErrRemoved):
		next.Shown, next.Drawn = p.Wanted, "" // as far as one can, until somebody installs Griot again; the admins know
		return next, nil
	case errors.Is(err, chat.ErrOutside):
		next.Shown, next.Drawn = p.Wanted, "" // as far as one can: the next change tries again
		return next, b.unreachable(ctx, p)
	case err == nil && wait > 0:
		return next, &away{inOrder(wait, card)}
	case err != nil:
		return next, err
	}
	next.Shown, next.Drawn = p.Wanted, print
	return b.settled(ctx, p, next)
}

// inOrder lets cards that wait for somebody go first when a chat opens again. The others wait no more than twice as long: a chat
// that is only busy opens soon.
func inOrder(wait time.Duration, c chat.Card) time.Duration {
	if c.Tone == chat.Waiting {
		return wait
	}
	return wait + min(wait, time.Second)
}

// settled asks for another look when an interaction's own answer may have overtaken the edit.
func (b *Board) settled(ctx context.Context, before, p storage.Placement) (storage.Placement, error) {
	if before.Answered.IsZero() {
		return p, nil
	}
	now, err := b.o.DB.Now(ctx)
	if err != nil || now.Sub(before.Answered) >= settle {
		return p, err
	}
	p.Shown, p.Drawn = p.Wanted-1, ""
	return p, &unsettled{}
}

// say edits the message, or sends one. A channel that is no more is one that Griot may not speak in: ErrOutside.
func (b *Board) say(ctx context.Context, s chat.Surface, p storage.Placement, c chat.Card) (storage.Placement, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if p.Message == "" && p.Sending {
		ref, err := s.Find(ctx, chat.Place(p.Spot), p.ID)
		switch {
		case err == nil:
			p.Message, p.Placed = ref.Message, p.Placed+1
		case !errors.Is(err, chat.ErrGone):
			return p, err
		}
		p.Sending = false
	}
	if p.Message != "" {
		err := s.Edit(ctx, chat.MessageRef{Place: chat.Place(p.Spot), Message: p.Message}, c)
		if !errors.Is(err, chat.ErrGone) {
			return p, err
		}
		p.Message, p.Drawn = "", ""
	}
	if p.Moved || p.Placed >= again {
		return p, nil // people do not want it there
	}
	return b.send(ctx, s, p, c)
}

// send sends the message when its turn has come.
func (b *Board) send(ctx context.Context, s chat.Surface, p storage.Placement, c chat.Card) (storage.Placement, error) {
	wait := time.Duration(0)
	err := b.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if wait, err = b.turn(ctx, tx, b.turnOf(p.Spot, p.ID, c.Tone == chat.Waiting)); err != nil || wait > 0 {
			return err
		}
		return tx.MarkSending(ctx, p)
	})
	switch {
	case err != nil:
		return p, fmt.Errorf("mark before sending: %w", err)
	case wait > 0:
		return p, &away{wait}
	}
	ref, err := s.Send(ctx, chat.Place(p.Spot), p.ID, c)
	if err == nil {
		p.Message, p.Placed = ref.Message, p.Placed+1
	}
	p.Sending = err != nil && !refused(err) // looked up before the next try
	if errors.Is(err, chat.ErrGone) {
		err = chat.ErrOutside
	}
	return p, err
}

// unreachable tells the admins, once a day and channel, that Griot may not speak there.
func (b *Board) unreachable(ctx context.Context, p storage.Placement) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	admins, err := storage.Admins(ctx, b.o.DB, p.TeamID)
	if err != nil {
		return fmt.Errorf("find who to tell: %w", err)
	}
	data := map[string]string{"surface": p.Surface}
	if name := b.o.Name(ctx, chat.Place(p.Spot)); name != "" {
		data["channel"] = name
	}
	return b.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		for _, m := range admins {
			n := social.Notice{TeamID: p.TeamID, Subject: p.Surface + "|" + p.Workspace + "|" + p.Channel, MemberID: m.ID,
				Kind: social.Unreachable, Change: tx.Now().Format(time.DateOnly), Data: data}
			if err := tx.Notify(ctx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// overtaken deals with a lease that ended before its drawing did: a second message may stand there by now, and is closed.
func (b *Board) overtaken(ctx context.Context, was, mine storage.Placement, l i18n.Locale) error {
	if was.Message == mine.Message || mine.Message == "" {
		return nil
	}
	p, err := storage.PlacementByID(ctx, b.o.DB, mine.TeamID, mine.ID)
	if err != nil || p.Message == mine.Message || p.Message == "" {
		return gone(err)
	}
	b.o.Log.WarnContext(ctx, "second message closed", "placement", p.ID, "surface", p.Surface)
	extra := chat.Card{Subject: p.Subject, Locale: l, Foot: []chat.Span{chat.Plain(twice.In(l))}}
	return b.o.Surfaces[p.Surface].Edit(ctx, chat.MessageRef{Place: chat.Place(p.Spot), Message: mine.Message}, extra)
}

var twice = i18n.Text{
	En: "This card stands in this channel twice by mistake. The other one is kept up to date.",
	Fr: "Cette carte figure deux fois dans ce canal par erreur. L’autre est tenue à jour.",
}

// closed is a card that says where it went, and can no longer be pressed.
func closed(c chat.Card, l i18n.Locale) chat.Card {
	c.Buttons, c.Selects, c.Tone = nil, nil, chat.Neutral
	c.Foot = []chat.Span{chat.Plain(followedElsewhere.In(l))}
	return c
}
