package bot

import (
	"context"
	"fmt"

	"griot/chat"
	"griot/fault"
	"griot/storage"
)

// finish completes a handler's answer and remembers what was answered.
func (b *Bot) finish(ctx context.Context, p person, a chat.Answer, press string) (chat.Answer, error) {
	if p.unsure() {
		return a, nil // asking only reads
	}
	var c copied
	switch x := a.(type) {
	case nil:
		return nil, b.broken(ctx, p.Event, fmt.Errorf("no answer from the handler of %q", p.Command+p.Tag.Verb))
	case chat.Ask:
		return a, nil // opening a form only reads
	case chat.Say:
		if !x.Private && x.Card.Subject != "" {
			return b.place(ctx, p, x)
		}
		press = "" // nothing was decided, so that it may be pressed again
	case chat.Refresh:
		a, c = b.refreshed(ctx, p, x)
	}
	b.note(ctx, c, keyOf(p.Event), press)
	return a, nil
}

// empty reports whether a handler left the drawing to the bot.
func empty(c chat.Card) bool {
	return c.Title == "" && len(c.Body) == 0 && len(c.Sections) == 0 && len(c.Fields) == 0 && len(c.Buttons) == 0
}

// refreshed draws the pressed card. When there is none, what was to be told is said alone. A card that the handler drew is
// shown as it is, and the board looks at it again.
func (b *Bot) refreshed(ctx context.Context, p person, r chat.Refresh) (chat.Answer, copied) {
	c, ok := b.redrawn(ctx, p)
	switch {
	case ok && empty(r.Card):
		r.Card = c.card
		return r, c
	case !empty(r.Card):
		c.card, c.at.Wanted = r.Card, -1
		return r, c
	case r.Tell != nil:
		return chat.Say{Card: *r.Tell, Private: true}, copied{}
	}
	return chat.Silent{}, copied{}
}

// note writes down which acts were answered, and what the pressed message shows now. What was decided is committed
// already, so a failure here is only logged: the revision in the tag still guards against doing it twice, and the board's
// own job draws the card.
func (b *Bot) note(ctx context.Context, c copied, acts ...string) {
	err := b.notes.write(ctx, &note{acts: acts, shows: c})
	if err != nil {
		b.o.Log.WarnContext(ctx, "answer not remembered", "subject", c.card.Subject, "err", err)
	}
}

// place gives a subject a message in the channel where it was asked for: the board sends it and keeps it up to date. Where
// it stands already, the person alone is shown it.
func (b *Bot) place(ctx context.Context, p person, s chat.Say) (chat.Answer, error) {
	isNew := false
	err := b.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		row := storage.Placement{TeamID: p.team.ID, Subject: s.Card.Subject, Spot: storage.Spot(p.Place)}
		if isNew, err = tx.Place(ctx, row); err != nil {
			return err
		}
		if err := tx.See(ctx, keyOf(p.Event)); err != nil {
			return err
		}
		return tx.Redraw(ctx, p.team.ID, s.Card.Subject)
	})
	if err != nil {
		return nil, b.broken(ctx, p.Event, fmt.Errorf("place %s: %w", s.Card.Subject, err))
	}
	if isNew {
		return chat.Silent{}, nil
	}
	card, err := b.o.Board.card(ctx, p.team.ID, s.Card.Subject, p.locale)
	if fault.KindOf(err) == fault.Internal && err != nil {
		return nil, b.broken(ctx, p.Event, err)
	}
	if err != nil {
		return b.refusal(ctx, p, err)
	}
	return chat.Say{Card: card, Private: true}, nil
}
