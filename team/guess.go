package team

import (
	"context"
	"errors"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// A person may be wrong five times in a quarter of an hour, and the people of one workspace fifty times together, for chats
// give accounts away. At that pace eight characters of thirty-one, which open something for ten minutes only, hold for
// hundreds of thousands of years. Other workspaces do not feel it.
const (
	guesses   = 5
	guessesIn = 50
	window    = 15 * time.Minute
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
	wait, err := s.tooMany(ctx, p, now)
	switch {
	case err != nil:
		return err
	case wait > 0:
		err = fault.At("code", fault.New(fault.Busy, errTooMany, i18n.Span(max(wait, time.Minute))))
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

// tooMany is how long p has to wait before another try, which is counted already; zero: it may be made.
func (s *Service) tooMany(ctx context.Context, p Person, now time.Time) (time.Duration, error) {
	n, first, err := storage.Guesses(ctx, s.db, p.Surface, p.Workspace, p.User, now.Add(-window))
	if err != nil || n > guesses {
		return max(first.Add(window).Sub(now), 1), err
	}
	n, first, err = storage.GuessesIn(ctx, s.db, p.Surface, p.Workspace, now.Add(-window))
	if err != nil || n <= guessesIn {
		return 0, err
	}
	return max(first.Add(window).Sub(now), 1), nil
}

// use spends a code inside tx. Errors: a fault Invalid in the field code that is errWrong.
func use(ctx context.Context, tx *storage.Tx, code string, purposes ...storage.Purpose) (storage.Code, error) {
	c, err := tx.UseCode(ctx, code, purposes...)
	if fault.Is(err, fault.NotFound) {
		return c, because(errWrong, fault.In("code", errBadCode))
	}
	return c, err
}
