package bot

import (
	"context"
	"slices"
	"strings"
	"sync"

	"griot/storage"
)

// note is what must be remembered of one answer.
type note struct {
	acts  []string // ids of what was answered
	shows copied   // what the pressed message shows now; zero: nothing
	done  chan error
	lead  chan struct{} // closed: write what waits, this one first
}

// notes writes the notes of answers that are given at the same time in one transaction: a crowd that presses at once would
// otherwise wait in line for the disk, on SQLite most of all.
type notes struct {
	board *Board

	mu      sync.Mutex // guards what follows
	waiting []*note
	writing bool
}

// write returns when n is committed.
func (w *notes) write(ctx context.Context, n *note) error {
	n.done, n.lead = make(chan error, 1), make(chan struct{})
	w.mu.Lock()
	w.waiting = append(w.waiting, n)
	if !w.writing {
		w.writing = true
		close(n.lead)
	}
	w.mu.Unlock()
	select {
	case err := <-n.done:
		return err
	case <-n.lead:
	}
	w.mu.Lock()
	batch := w.waiting
	w.waiting = nil
	w.mu.Unlock()
	err := w.commit(ctx, batch)
	for _, one := range batch {
		one.done <- err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writing = len(w.waiting) > 0; w.writing {
		close(w.waiting[0].lead)
	}
	return err
}

// commit writes a batch. It belongs to several people, so that the end of one's request does not end it.
func (w *notes) commit(ctx context.Context, batch []*note) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), budget)
	defer cancel()
	// In one order everywhere, so that two processes do not wait for each other.
	slices.SortStableFunc(batch, func(a, b *note) int { return strings.Compare(a.shows.at.ID, b.shows.at.ID) })
	var acts []string
	for _, n := range batch {
		acts = append(acts, n.acts...)
	}
	return w.board.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.See(ctx, acts...); err != nil {
			return err
		}
		for _, n := range batch {
			if err := w.board.answered(ctx, tx, n.shows); err != nil {
				return err
			}
		}
		return nil
	})
}
