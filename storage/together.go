package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// together gathers small transactions of several goroutines into one commit on SQLite, where each commit is a flush of
// the disk and one waits for the other. PostgreSQL gathers commits by itself.
type together struct {
	mu      sync.Mutex
	waiting []*guest // guarded by mu
	leading bool     // somebody runs a transaction, or has been told to; guarded by mu
}

// guest is one function that waits for its transaction.
type guest struct {
	f    func(context.Context, *Tx) error
	lead chan struct{} // closed when it is this one's turn to run what has gathered
	done chan error
}

const (
	most      = 32               // functions in one commit
	longestTx = 10 * time.Second // of one commit
)

// Together is InTx for a small f that may share its commit with others'. Each f holds or fails for itself; when the commit
// fails, all have failed. f must use the context that it is given: one guest's impatience must not end the others' work.
func (db *DB) Together(ctx context.Context, f func(context.Context, *Tx) error) error {
	if db.engine != SQLite {
		return db.InTx(ctx, func(tx *Tx) error { return f(ctx, tx) })
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	g := &guest{f: f, lead: make(chan struct{}), done: make(chan error, 1)}
	if db.together.join(g) {
		close(g.lead)
	}
	select {
	case err := <-g.done:
		return err
	case <-g.lead:
	}
	defer db.together.pass()
	db.host(context.WithoutCancel(ctx), db.together.take())
	return <-g.done
}

// join reports whether g must lead, because nobody does.
func (t *together) join(g *guest) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = append(t.waiting, g)
	lead := !t.leading
	t.leading = true
	return lead
}

// take is what has gathered; the leader is the first of it.
func (t *together) take() []*guest {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := min(len(t.waiting), most)
	out := t.waiting[:n:n]
	t.waiting = t.waiting[n:]
	return out
}

// pass makes the first of those who came meanwhile lead.
func (t *together) pass() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		t.leading = false
		return
	}
	close(t.waiting[0].lead)
}

// host runs the guests' functions in one transaction.
func (db *DB) host(ctx context.Context, guests []*guest) {
	ctx, cancel := context.WithTimeout(ctx, longestTx)
	defer cancel()
	failed := make([]error, len(guests))
	err := errBroken // what the others read when one of them panics
	defer func() {
		for i, g := range guests {
			if err != nil {
				failed[i] = err
			}
			g.done <- failed[i]
		}
	}()
	err = db.InTx(ctx, func(tx *Tx) error {
		for i, g := range guests {
			var err error
			if failed[i], err = tx.apart(ctx, g.f); err != nil {
				return err
			}
		}
		return nil
	})
}

var errBroken = errors.New("storage: a transaction that was shared broke off")

// apart runs f so that its failure undoes only what it did. The second error is the transaction's own.
func (t *Tx) apart(ctx context.Context, f func(context.Context, *Tx) error) (failed, err error) {
	if err := t.put(ctx, `SAVEPOINT guest`); err != nil {
		return nil, fmt.Errorf("begin for a guest: %w", err)
	}
	calls := len(t.after)
	if failed = f(ctx, t); failed != nil {
		t.after = t.after[:calls]
		if err := t.put(ctx, `ROLLBACK TO guest`); err != nil {
			return nil, fmt.Errorf("undo a guest: %w", err)
		}
	}
	if err := t.put(ctx, `RELEASE guest`); err != nil {
		return nil, fmt.Errorf("end for a guest: %w", err)
	}
	return failed, nil
}
