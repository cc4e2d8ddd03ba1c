package digest_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/digest"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// world is a brand in Paris with accounts on networks that say what the test wants, and a channel for numbers.
type world struct {
	*testing.T
	open        func() *storage.DB
	db          *storage.DB
	team, brand string
	admin       social.Member
	accounts    []string
	channel     social.Channel

	mu    sync.Mutex // guards what follows
	now   time.Time
	shown []string // subjects whose cards were asked for, in order
	nets  map[string]connectors.MetricsReader
	down  map[string]error
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) at(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = t
}

// InsertTx notes which cards were to be drawn. A transaction that is run again asks again, so each is noted once.
func (w *world) InsertTx(_ context.Context, _ *sql.Tx, j storage.Job, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := j.(storage.ShowJob); ok {
		w.shown = append(w.shown, s.Subject)
	}
	return nil
}

// each runs f on both engines.
func each(t *testing.T, start time.Time, f func(*world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		w := &world{T: t, now: start}
		folder := t.TempDir()
		w.open = func() *storage.DB { return w.opened(storage.Options{Folder: folder, Clock: w.clock}) }
		w.found()
		f(w)
	})
	t.Run("postgres", func(t *testing.T) {
		w := &world{T: t, now: start}
		url := storagetest.Database(t)
		w.open = func() *storage.DB { return w.opened(storage.Options{URL: url, Clock: w.clock}) }
		w.found()
		f(w)
	})
}

func (w *world) opened(o storage.Options) *storage.DB {
	w.Helper()
	db, err := storage.Open(w.Context(), o)
	if err != nil {
		w.Fatal(err)
	}
	if err := db.Migrate(w.Context()); err != nil {
		w.Fatal(err)
	}
	db.Use(w)
	w.Cleanup(func() {
		if err := db.Close(); err != nil && w.db == db {
			w.Error(err)
		}
	})
	return db
}

func (w *world) found() {
	w.db = w.open()
	w.nets, w.down = map[string]connectors.MetricsReader{}, map[string]error{}
	w.team, w.brand = storage.NewID("tea"), storage.NewID("brd")
	w.admin = social.Member{ID: storage.NewID("mbr"), TeamID: w.team, Name: "Awa", Locale: "fr"}
	w.channel = social.Channel{TeamID: w.team, BrandID: w.brand, Surface: "playground", Workspace: "w", Channel: "chiffres", Purpose: social.Numbers}
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		err := errors.Join(
			tx.AddTeam(ctx, social.Team{ID: w.team, Name: "Maison"}),
			tx.AddBrand(ctx, social.Brand{ID: w.brand, TeamID: w.team, Name: "Maison", Locale: "fr", Zone: "Europe/Paris", Rev: 1}),
			tx.AddMember(ctx, w.admin),
			tx.AddRoles(ctx, w.team, w.admin.ID, w.brand, []social.Role{social.Admin}))
		if err != nil {
			return err
		}
		_, err = tx.AddWorkspace(ctx, social.Workspace{TeamID: w.team, Surface: "playground", Workspace: "w", Name: "w"})
		return errors.Join(err, tx.PutChannel(ctx, w.channel))
	})
	w.admin.Roles = map[string][]social.Role{w.brand: {social.Admin}}
}

func (w *world) account(network string) string {
	w.Helper()
	id := storage.NewID("acc")
	w.accounts = append(w.accounts, id)
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddAccount(ctx, social.Account{ID: id, TeamID: w.team, BrandID: w.brand, Network: network, NetworkName: network,
			RemoteID: id, State: social.Connected, Rev: 1})
		return err
	})
	return id
}

func (w *world) tx(f func(context.Context, *storage.Tx) error) {
	w.Helper()
	if err := w.db.InTx(w.Context(), func(tx *storage.Tx) error { return f(w.Context(), tx) }); err != nil {
		w.Fatal(err)
	}
}

// service is a process that works on a database of the world.
func (w *world) service(db *storage.DB) *digest.Service {
	return &digest.Service{DB: db, Log: slog.New(slog.DiscardHandler), Open: func(_ context.Context, team, account string) (connectors.Account, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if team != w.team {
			return connectors.Account{}, errors.New("another team's account")
		}
		return connectors.Account{Metrics: w.nets[account]}, w.down[account]
	}}
}

// told are the digests so far, in the order in which they were told.
func (w *world) told() []storage.Digest {
	w.Helper()
	w.mu.Lock()
	ids := w.shown
	w.mu.Unlock()
	var out []storage.Digest
	for _, id := range ids {
		d, err := storage.DigestByID(w.Context(), w.db, w.team, id)
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

func paris(t *testing.T) *time.Location {
	t.Helper()
	in, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return in
}
