package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// How the board works.
const (
	lease     = 30 * time.Second // of one placement
	patience  = 10 * time.Second // for one call of a chat
	settle    = time.Second      // in which an interaction's own answer and an edit may overtake each other
	rounds    = 8                // of redrawing one placement because it changed meanwhile
	copies    = 8                // of one subject drawn at once
	again     = 5                // times a message that people delete is sent
	behind    = time.Minute      // a placement this late was forgotten by whoever had it
	recent    = 14 * 24 * time.Hour
	forgotten = time.Hour      // how far back a card that stands nowhere is looked for
	most      = 500            // subjects looked at after a start
	unsure    = 24 * time.Hour // how long after an answer a start draws its card again
)

// Home is what the board has to know about a subject.
type Home struct {
	Places []chat.Place // the brand's channels where it belongs now; none while it is only a draft
	Locale i18n.Locale  // of its cards
	Zone   string       // the brand's, IANA name
	About  string       // a short name for notices, from outside; empty: none
}

// BoardOptions are what a board stands on.
type BoardOptions struct {
	DB       *storage.DB
	Surfaces map[string]chat.Surface // by name
	// Draw shows a subject as it is now. Errors: a fault NotFound when it is no more.
	Draw func(ctx context.Context, team, subject string, l i18n.Locale) (chat.Card, error)
	// Home says where a subject belongs. Errors: a fault NotFound when it is no more.
	Home func(ctx context.Context, team, subject string) (Home, error)
	// Pace is how long a channel of a chat wants to be left alone between two new messages; zero, as when it is nil: it takes
	// any number.
	Pace func(surface string) time.Duration
	// Name is what people call a channel, "#approvals"; empty, as when it is nil: not known.
	Name  func(ctx context.Context, at chat.Place) string
	Owner string // of leases: unique to this process
	Clock func() time.Time
	Log   *slog.Logger
}

// Board makes every copy of a card equal the current state, in every chat. Level, not edge: whatever happened, a copy is
// drawn from what is committed once its lease is held, and drawn again when that was overtaken.
type Board struct {
	o     BoardOptions
	gates gates
}

// NewBoard makes a board. Its jobs are Show, Redraw and Tell; Sweep runs every minute, Resume once after a start.
func NewBoard(o BoardOptions) *Board {
	if o.Pace == nil {
		o.Pace = func(string) time.Duration { return 0 }
	}
	if o.Name == nil {
		o.Name = func(context.Context, chat.Place) string { return "" }
	}
	return &Board{o: o, gates: newGates(o.Clock)}
}

// Show makes every copy of a subject's card equal the current state. Copies are drawn at once and do not wait for each
// other: what a chat keeps back is tried again by a job of its own.
func (b *Board) Show(ctx context.Context, j storage.ShowJob) error {
	home, err := b.o.Home(ctx, j.TeamID, j.Subject)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("show %s: %w", j.Subject, err)
	}
	all, err := b.want(ctx, j, home.Places)
	if err != nil {
		return fmt.Errorf("show %s: %w", j.Subject, err)
	}
	return each(ctx, all, func(ctx context.Context, p storage.Placement) error {
		return b.orLater(ctx, p, b.draw(ctx, p, home.Locale))
	})
}

// want makes the rows stand where the subject belongs, and counts this wish in all of them.
func (b *Board) want(ctx context.Context, j storage.ShowJob, places []chat.Place) (out []storage.Placement, err error) {
	err = b.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		for _, p := range places {
			row := storage.Placement{TeamID: j.TeamID, Subject: j.Subject, Spot: storage.Spot(p), Ours: true}
			if _, err := tx.Place(ctx, row); err != nil {
				return err
			}
		}
		if err := tx.Want(ctx, j.TeamID, j.Subject); err != nil {
			return err
		}
		if out, err = storage.Placements(ctx, tx, j.TeamID, j.Subject); err != nil {
			return err
		}
		for _, p := range out {
			if err := follow(ctx, tx, p, places); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// follow notes that the brand has left a channel, or come back to it. A subject without any place stays where it is.
func follow(ctx context.Context, tx *storage.Tx, p storage.Placement, places []chat.Place) error {
	moved := p.Ours && len(places) > 0 && !slices.Contains(places, chat.Place(p.Spot))
	if moved == p.Moved {
		return nil
	}
	p.Moved = moved
	return tx.MovePlacement(ctx, p)
}

// each does something with all at once, as many as copies.
func each[T any](ctx context.Context, all []T, do func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(copies)
	for _, one := range all {
		g.Go(func() error { return do(ctx, one) })
	}
	return g.Wait()
}

// orLater hands what did not succeed to a job of its own.
func (b *Board) orLater(ctx context.Context, p storage.Placement, err error) error {
	if err == nil {
		return nil
	}
	after := time.Second
	if l, ok := errors.AsType[*storage.Later](err); ok {
		after = l.After
	} else {
		b.o.Log.WarnContext(ctx, "card not drawn yet", "placement", p.ID, "err", err)
	}
	_, turned := errors.AsType[*away](err)
	return b.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		j := storage.DrawJob{TeamID: p.TeamID, Placement: p.ID}
		if turned {
			return tx.Enqueue(ctx, j)
		}
		return tx.EnqueueAt(ctx, j, tx.Now().Add(after))
	})
}

// Redraw tries one copy again.
func (b *Board) Redraw(ctx context.Context, d storage.DrawJob) error {
	p, err := storage.PlacementByID(ctx, b.o.DB, d.TeamID, d.Placement)
	if err != nil {
		return gone(err)
	}
	home, err := b.o.Home(ctx, p.TeamID, p.Subject)
	if err != nil {
		return gone(err)
	}
	return b.draw(ctx, p, home.Locale)
}

// gone is nil for what is no more: there is nothing left to do.
func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Sweep draws what stays behind although nobody works on it: a process died, or a job was given up.
func (b *Board) Sweep(ctx context.Context) error {
	now, err := b.o.DB.Now(ctx)
	if err != nil {
		return err
	}
	all, err := storage.Behind(ctx, b.o.DB, now.Add(-behind), 100)
	if err != nil {
		return err
	}
	return errors.Join(b.place(ctx, now.Add(-behind)), each(ctx, all, func(ctx context.Context, d storage.DrawJob) error {
		err := b.Redraw(ctx, d)
		if _, later := errors.AsType[*storage.Later](err); err != nil && !later {
			b.o.Log.WarnContext(ctx, "card not drawn yet", "placement", d.Placement, "err", err)
		}
		return nil // the next sweep tries again
	}))
}

// place asks for the cards of what was heard before an instant and stands nowhere, and of posts that wait for a decision where nobody
// sees them: who was to place them died before they wrote that down, and a job that was begun is begun again only minutes later.
func (b *Board) place(ctx context.Context, before time.Time) error {
	all, err := storage.Unplaced(ctx, b.o.DB, before.Add(-forgotten), before, most)
	if err != nil {
		return err
	}
	posts, err := storage.UnplacedPosts(ctx, b.o.DB, most)
	if all = append(all, posts...); err != nil || len(all) == 0 {
		return err
	}
	return b.o.DB.InTx(ctx, func(tx *storage.Tx) error { return resume(ctx, tx, all, nil, nil) })
}

// Resume is Look after a start. The process before this one may have died with answers in hand that it had written down: the
// cards that were answered lately are drawn again, whatever they are said to show.
func (b *Board) Resume(ctx context.Context) error {
	err := b.o.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.DoubtAnswers(ctx, tx.Now().Add(-unsure)) })
	if err != nil {
		return fmt.Errorf("doubt the last answers: %w", err)
	}
	return b.Look(ctx)
}

// Look asks for every card that may have changed to be looked at and every notice that nobody has heard to be said. Cards
// that are right already cost a read each.
func (b *Board) Look(ctx context.Context) error {
	now, err := b.o.DB.Now(ctx)
	if err != nil {
		return err
	}
	subjects, err := storage.ShownSince(ctx, b.o.DB, now.Add(-recent), most)
	if err != nil {
		return fmt.Errorf("resume cards: %w", err)
	}
	late, err := storage.Behind(ctx, b.o.DB, now.Add(-recent), most)
	if err != nil {
		return fmt.Errorf("resume cards: %w", err)
	}
	notices, err := storage.UnsaidNotices(ctx, b.o.DB, now, most)
	if err != nil {
		return fmt.Errorf("resume notices: %w", err)
	}
	if err := b.place(ctx, now); err != nil {
		return fmt.Errorf("resume cards: %w", err)
	}
	return b.o.DB.InTx(ctx, func(tx *storage.Tx) error { return resume(ctx, tx, subjects, late, notices) })
}

func resume(ctx context.Context, tx *storage.Tx, subjects []storage.ShowJob, late []storage.DrawJob, notices []social.Notice) error {
	var all []storage.Job
	for _, s := range subjects {
		all = append(all, s)
	}
	for _, d := range late {
		all = append(all, d)
	}
	for _, n := range notices {
		all = append(all, storage.TellJob{TeamID: n.TeamID, NoticeID: n.ID})
	}
	for _, j := range all {
		if err := tx.Enqueue(ctx, j); err != nil {
			return err
		}
	}
	return nil
}

// card is a subject's card as it is now, in a language.
func (b *Board) card(ctx context.Context, team, subject string, l i18n.Locale) (chat.Card, error) {
	c, err := b.o.Draw(ctx, team, subject, l)
	c.Locale = l
	return c, err
}

// Stale has a message drawn again of which nobody can tell what it shows: the answer to a press of it may not have arrived.
// What is no card of a team's is left alone.
func (b *Board) Stale(ctx context.Context, ref chat.MessageRef) error {
	err := b.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		team, err := storage.TeamAt(ctx, tx, ref.Surface, ref.Workspace)
		if err != nil {
			return gone(err)
		}
		p, err := storage.PlacementAt(ctx, tx, team.ID, storage.Spot(ref.Place), ref.Message)
		if err != nil {
			return gone(err)
		}
		if err := tx.Doubt(ctx, p); err != nil {
			return err
		}
		return tx.Enqueue(ctx, storage.DrawJob{TeamID: p.TeamID, Placement: p.ID})
	})
	if err != nil {
		return fmt.Errorf("doubt a message: %w", err)
	}
	return nil
}

// copied is a pressed card as it is now, and the placement of its message as it stood before the card was drawn; zero when
// the message is nobody's placement.
type copied struct {
	card chat.Card
	at   storage.Placement
}

// current draws the card of a message that somebody pressed. Subject is what the tag names: the message's own subject goes
// before it. L is for a copy that is nobody's placement.
func (b *Board) current(ctx context.Context, team, subject string, ref chat.MessageRef, l i18n.Locale) (c copied, err error) {
	c.at, err = storage.PlacementAt(ctx, b.o.DB, team, storage.Spot(ref.Place), ref.Message)
	switch {
	case fault.Is(err, fault.NotFound):
		c.card, err = b.card(ctx, team, subject, l)
		return c, err
	case err != nil:
		return c, err
	}
	home, err := b.o.Home(ctx, team, c.at.Subject)
	if err != nil {
		return c, err
	}
	c.card, err = b.card(ctx, team, c.at.Subject, cmp.Or(home.Locale, l))
	if c.at.Moved {
		c.card = closed(c.card, cmp.Or(home.Locale, l))
	}
	return c, err
}

// answered writes down that an interaction's own answer makes a message show c, and asks for another look when that may be
// overtaken.
func (b *Board) answered(ctx context.Context, tx *storage.Tx, c copied) error {
	if c.at.ID == "" {
		return nil
	}
	ask, err := tx.Answered(ctx, c.at, digest(c.card), settle)
	if err != nil || !ask {
		return err
	}
	return tx.Enqueue(ctx, storage.DrawJob{TeamID: c.at.TeamID, Placement: c.at.ID})
}
