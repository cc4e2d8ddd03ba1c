package bot

import (
	"context"
	"errors"
	"time"

	"griot/chat"
	"griot/storage"
)

// turnOf is the wish to send a message for a placement or a notice; waits: somebody has to act on it.
func (b *Board) turnOf(s storage.Spot, holder string, waits bool) storage.Turn {
	return storage.Turn{Spot: s, Holder: holder, Waits: waits, Every: b.o.Pace(s.Surface), Hold: patience}
}

// turn is how long a new message has to wait for its channel; zero: it is to be sent now.
func (b *Board) turn(ctx context.Context, tx *storage.Tx, x storage.Turn) (time.Duration, error) {
	if x.Every > 0 {
		return tx.TakeTurn(ctx, x)
	}
	open, err := storage.OpenAt(ctx, tx, x.Spot)
	return max(0, open.Sub(tx.Now())), err
}

// turned writes down what became of a placement's turn, if drawing it took one: was before, now after.
func (b *Board) turned(ctx context.Context, tx *storage.Tx, was, now storage.Placement) error {
	x := b.turnOf(was.Spot, was.ID, false)
	switch {
	case x.Every == 0 || was.Message != "" && now.Message == was.Message:
		return nil // no message had to be sent
	case now.Message != "" || now.Shown == was.Wanted:
		return tx.EndTurn(ctx, x)
	}
	return tx.KeepTurn(ctx, x)
}

// limited is err, unless the chat wants fewer calls: then no process calls that channel, or that workspace, for a while, and
// wait is how long.
func (b *Board) limited(ctx context.Context, at chat.Place, err error) (wait time.Duration, _ error) {
	l, ok := errors.AsType[*chat.Wait](err)
	if !ok {
		return 0, err
	}
	if l.Channel == "" {
		at = whole(at)
	}
	wait = max(l.After, time.Millisecond)
	b.gates.close(at, wait)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	return wait, b.o.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.Shut(ctx, storage.Spot(at), wait) })
}

// nowhere reports whether a chat refused a call because nobody is there, or Griot may not speak there: another call would
// meet the same.
func nowhere(err error) bool {
	return errors.Is(err, chat.ErrGone) || errors.Is(err, chat.ErrOutside) || errors.Is(err, chat.ErrRemoved)
}

// refused reports whether a call that ended with err certainly had no effect.
func refused(err error) bool {
	_, limited := errors.AsType[*chat.Wait](err)
	return limited || nowhere(err)
}
