package accounts

import (
	"context"
	"fmt"

	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// Shelf keeps what people have typed while they are between two windows of a long form, sealed, for a day. Who gets an id
// from somebody checks that it is theirs: put who it is into what is kept.
type Shelf struct {
	db   *storage.DB
	seal *Seal
}

// NewShelf keeps things in db, sealed with seal.
func NewShelf(db *storage.DB, seal *Seal) *Shelf { return &Shelf{db, seal} }

// mostShelved is the most that is kept in one piece, in bytes: many times what the windows of a chat can hold.
const mostShelved = 64_000

var (
	errShelfFull = i18n.Text{
		En: "That is too much for one form (%s at most). Please shorten it, then send it again.",
		Fr: "C’est trop pour un seul formulaire (%s au plus). Raccourcissez, puis envoyez à nouveau.",
	}
	errNotKept = i18n.Text{
		En: "What you had typed before is no longer kept: that was more than a day ago. Please open the form again.",
		Fr: "Votre saisie précédente n’est plus conservée\u202f: elle date de plus d’un jour. Ouvrez à nouveau le formulaire.",
	}
)

// Put keeps payload for a surface and returns the id to get it by: 30 letters and digits that nobody guesses. Errors: a
// fault Invalid beyond 64 kB.
func (s *Shelf) Put(ctx context.Context, surface string, payload []byte) (id string, err error) {
	if len(payload) > mostShelved {
		return "", fault.New(fault.Invalid, errShelfFull, i18n.Size(mostShelved))
	}
	id = storage.NewID("shf")
	sealed, err := lock(s.seal, payload, shelfPurpose(surface, id))
	if err != nil {
		return "", err
	}
	if err := s.db.InTx(ctx, func(tx *storage.Tx) error { return tx.PutOnShelf(ctx, id, surface, sealed) }); err != nil {
		return "", fmt.Errorf("keep what was typed: %w", err)
	}
	return id, nil
}

// Get reads what was kept for a surface; it stays there. Errors: a fault NotFound when nothing was, for another surface, or
// more than a day ago.
func (s *Shelf) Get(ctx context.Context, surface, id string) ([]byte, error) {
	now, err := s.db.Now(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the clock: %w", err)
	}
	sealed, err := storage.OnShelf(ctx, s.db, id, surface, now.Add(-storage.KeepShelf))
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, errNotKept)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was typed: %w", err)
	}
	return unlock[[]byte](s.seal, sealed, shelfPurpose(surface, id))
}

// shelfPurpose is what a kept piece is bound to: under another id it does not open.
func shelfPurpose(surface, id string) string { return "shelf|" + surface + "|" + id }
