package team

import (
	"context"
	"errors"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// A person may be wrong five times in a quarter of an hour: at that pace eight characters of thirty-one hold for
// millions of years.
const (
	guesses = 5
	window  = 15 * time.Minute
)

var (
	errWrong   = errors.New("team: wrong code")
	errBadCode = i18n.Text{
		En: "This code is not right, or no longer is: a code works once, and not for long. Check it, or ask for a new one.",
		Fr: "Ce code n’est pas le bon, ou ne l’est plus\u202f: un code sert une fois, et peu de temps. Vérifiez-le, ou demandez-en un autre.",
	}
	errTooMany = i18n.Text{
		En: "Too many wrong codes. Please wait %s, then try again.",
		Fr: "Trop de codes erronés. Attendez %s, puis réessayez.",
	}
)

// guess runs try, which uses a code that p typed. The try is counted before it is made, so that many at once are counted
// too; it is forgotten unless the code was wrong. Errors: a fault Busy after too many; those of try.
func (s *Service) guess(ctx context.Context, p Person, try func() error) error {
	var id string
	var now time.Time
	err := s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		now = tx.Now()
		id, err = tx.AddGuess(ctx, p.Surface, p.Workspace, p.User)
		return err
	})
	if err != nil {
		return err
	}
	n, first, err := storage.Guesses(ctx, s.db, p.Surface, p.Workspace, p.User, now.Add(-window))
	switch {
	case err != nil:
		return err
	case n > guesses:
		err = fault.At("code", fault.New(fault.Busy, errTooMany, i18n.Span(max(first.Add(window).Sub(now), time.Minute))))
	default:
		err = try()
	}
	if errors.Is(err, errWrong) {
		return err
	}
	if e := s.db.InTx(ctx, func(tx *storage.Tx) error { return tx.ForgetGuess(ctx, id) }); err == nil {
		err = e
	}
	return err
}

// use spends a code inside tx. Errors: a fault Invalid in the field code that is errWrong.
func use(ctx context.Context, tx *storage.Tx, code string, purposes ...storage.Purpose) (storage.Code, error) {
	c, err := tx.UseCode(ctx, code, purposes...)
	if fault.Is(err, fault.NotFound) {
		return c, because(errWrong, fault.In("code", errBadCode))
	}
	return c, err
}
