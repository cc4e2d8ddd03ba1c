package slackbot_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"griot/bot/slackbot"
	"griot/chat"
)

// rights are the installations of many workspaces, in memory.
type rights struct {
	clock *clock
	turn  sync.Mutex // one renewal at a time

	mu      sync.Mutex // guards what follows
	all     map[string]slackbot.Install
	states  map[string]time.Time
	removed []string

	broken error
}

func newRights(c *clock) *rights {
	return &rights{clock: c, all: map[string]slackbot.Install{}, states: map[string]time.Time{}}
}

// Get reads one.
func (r *rights) Get(_ context.Context, workspace string) (slackbot.Install, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, ok := r.all[workspace]
	if !ok {
		return i, chat.ErrRemoved
	}
	return i, r.broken
}

// Save stores one.
func (r *rights) Save(_ context.Context, i slackbot.Install) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken == nil {
		r.all[i.Workspace] = i
	}
	return r.broken
}

// Rotate lets refresh renew one, unless somebody did while it waited.
func (r *rights) Rotate(ctx context.Context, workspace string, refresh func(context.Context, slackbot.Install) (slackbot.Install, error)) (slackbot.Install, error) {
	seen, err := r.Get(ctx, workspace)
	if err != nil {
		return seen, err
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	now, err := r.Get(ctx, workspace)
	if err != nil || now.Token != seen.Token {
		return now, err
	}
	next, err := refresh(ctx, now)
	if err != nil {
		return next, err
	}
	return next, r.Save(ctx, next)
}

// Remove forgets one.
func (r *rights) Remove(_ context.Context, workspace string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, workspace)
	r.removed = append(r.removed, workspace)
	return r.broken
}

// NewState makes a word that is good once, for ten minutes.
func (r *rights) NewState(context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := sha256.Sum256(fmt.Append(nil, len(r.states)))
	state := hex.EncodeToString(sum[:])
	r.states[state] = r.clock.Now().Add(10 * time.Minute)
	return state, r.broken
}

// UseState spends it.
func (r *rights) UseState(_ context.Context, state string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	good := r.clock.Now().Before(r.states[state])
	r.states[state] = time.Time{}
	return good, r.broken
}

// breaks makes everything fail, or work again when why is nil.
func (r *rights) breaks(why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = why
}

// forget is what nobody is told of.
func (r *rights) forget(workspace string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, workspace)
}

// gone are the workspaces that were removed, each time.
func (r *rights) gone() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.removed)
}

// spoil makes a refresh token one that was used before.
func (r *rights) spoil(workspace string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := r.all[workspace]
	i.Refresh = "spent"
	r.all[workspace] = i
}
