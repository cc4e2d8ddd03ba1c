package accounts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"griot/fault"
	"griot/storage"
)

// afterwards is how long a renewed right is kept in hand when its caller no longer waits and the database does not take it.
const afterwards = time.Minute

// Rotate lets refresh fetch new tokens for a workspace and stores both together. It is done by one at a time, in all
// processes: a refresh token works once. When somebody else has just done so, or a new right was given meanwhile, that one
// is returned and nobody asks the chat. Refresh is given the stored right and runs outside any transaction; when it gives
// back the same tokens, they are still good and nothing is written. Errors: a fault NotFound as Get; else refresh's, which
// errors.Is sees through while the tokens are taken out of its words.
func (s *Installs) Rotate(ctx context.Context, surface, workspace string, refresh func(context.Context, Install) (Install, error)) (Install, error) {
	seen, err := s.Get(ctx, surface, workspace)
	if err != nil {
		return Install{}, err
	}
	leave, err := s.enter(ctx, surface, workspace)
	if err != nil {
		return Install{}, fmt.Errorf("wait to renew the token of %s: %w", workspace, err)
	}
	defer leave()
	var out Install
	err = s.db.Alone(ctx, installPurpose(surface, workspace), func(ctx context.Context) (err error) {
		out, err = s.rotate(ctx, seen, refresh)
		return err
	})
	return out, err
}

// enter waits until this process renews no other token of the workspace, and not too many of others.
func (s *Installs) enter(ctx context.Context, surface, workspace string) (leave func(), err error) {
	turn := s.turn(surface, workspace)
	if err := acquire(ctx, turn); err != nil {
		return nil, err
	}
	if err := acquire(ctx, s.slots); err != nil {
		<-turn
		return nil, err
	}
	return func() { <-s.slots; <-turn }, nil
}

func (s *Installs) turn(surface, workspace string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{surface, workspace}
	if s.turns[key] == nil {
		s.turns[key] = make(chan struct{}, 1)
	}
	return s.turns[key]
}

func acquire(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rotate renews what is stored, unless it is newer than what was seen before the wait.
func (s *Installs) rotate(ctx context.Context, seen Install, refresh func(context.Context, Install) (Install, error)) (Install, error) {
	now, err := s.Get(ctx, seen.Surface, seen.Workspace)
	if err != nil || now.Rev != seen.Rev {
		return now, err
	}
	held := storage.Install{Surface: now.Surface, Workspace: now.Workspace, Rev: now.Rev}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error { return tx.HoldInstallation(ctx, held) })
	switch {
	case fault.Is(err, fault.Conflict):
		return s.Get(ctx, now.Surface, now.Workspace)
	case err != nil: // better now than with a spent refresh token
		return Install{}, fmt.Errorf("renew the token of %s: %w", now.Workspace, err)
	}
	fresh, err := ask(ctx, now, refresh)
	if err != nil || fresh.Token == now.Token && fresh.Refresh == now.Refresh {
		return fresh, err
	}
	x, err := s.closed(fresh)
	if err != nil {
		return Install{}, err
	}
	err = s.insist(ctx, now.Workspace, func(ctx context.Context, tx *storage.Tx) error { return tx.SwapInstallation(ctx, x) })
	switch {
	case fault.Is(err, fault.Conflict): // a new right, or none any more; or an earlier try held after all
		return s.Get(context.WithoutCancel(ctx), now.Surface, now.Workspace)
	case err != nil:
		return Install{}, fmt.Errorf("store the renewed token of %s: %w", now.Workspace, err)
	}
	fresh.Rev = now.Rev + 1
	return fresh, nil
}

var errNoToken = errors.New("accounts: the chat gave no token")

// ask fetches new tokens. What else there is to know of the workspace stays as it is. The caller's impatience does not end
// it: the answer may be on its way, and the refresh token spent.
func ask(ctx context.Context, now Install, refresh func(context.Context, Install) (Install, error)) (Install, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	got, err := refresh(ctx, now)
	if err == nil && got.Token == "" {
		err = errNoToken
	}
	if err != nil {
		return Install{}, hideAll(now.Token, now.Refresh, got.Token, got.Refresh).err(err)
	}
	fresh := now
	fresh.Token, fresh.Refresh, fresh.Expires = got.Token, cmp.Or(got.Refresh, now.Refresh), got.Expires
	if len(got.Scopes) > 0 {
		fresh.Scopes = got.Scopes
	}
	return fresh, nil
}

// insist runs a transaction until it holds: a new refresh token that is lost is a workspace that is lost. It gives up when
// somebody else wrote, or a while after ctx has ended.
func (s *Installs) insist(ctx context.Context, workspace string, f func(context.Context, *storage.Tx) error) error {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(afterwards):
			cancel()
		case <-last.Done():
		}
	})
	defer stop()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := s.try(last, f)
		if err == nil || fault.Is(err, fault.Conflict) || last.Err() != nil {
			return err
		}
		if s.Log != nil {
			s.Log.WarnContext(ctx, "renewed token kept in hand, the database does not take it", "workspace", workspace, "err", err)
		}
		select {
		case <-last.Done():
		case <-time.After(wait):
		}
	}
}

func (s *Installs) try(ctx context.Context, f func(context.Context, *storage.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.db.InTx(ctx, func(tx *storage.Tx) error { return f(ctx, tx) })
}
