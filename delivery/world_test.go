package delivery_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/connectors/rest"
	"griot/delivery"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// clock is the only clock of a test: the database's, the process's and the network's.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	steady time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Mono() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.steady
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.steady = c.now.Add(d), c.steady+d
}

// Jump moves the wall clock alone.
func (c *clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// noJobs takes jobs and does none: redraws and notices are not what is tested here.
type noJobs struct{}

func (noJobs) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

// noMedia has every picture.
type noMedia struct{}

func (noMedia) Verify(context.Context, string) error { return nil }
func (noMedia) Open(string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("\x89PNG\r\n\x1a\n")), nil
}

// world is a team with one brand and two accounts in a village, on a real database and over real sockets.
type world struct {
	*testing.T
	clock   *clock
	db      *storage.DB
	village *pretend.Server
	open    func(context.Context, string, string) (connectors.Account, error)
	post    social.Post
	account social.Account
	other   social.Account
	brand   social.Brand
	signIns int
	facts   map[string]map[string]string
	mu      sync.Mutex
}

// each runs f in a world on each engine.
func each(t *testing.T, keys pretend.Keys, f func(*world)) {
	t.Helper()
	t.Parallel()
	c := newClock()
	storagetest.Each(t, c.Now, func(t *testing.T, db *storage.DB) { f(newWorld(t, c, db, keys)) })
}

func newWorld(t *testing.T, c *clock, db *storage.DB, keys pretend.Keys) *world {
	t.Helper()
	village, err := pretend.NewServer(pretend.Options{Now: c.Now, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(village)
	t.Cleanup(func() { _ = village.Close(); web.Close() }) // in memory: closing cannot fail
	guard, err := rest.NewGuard([]string{strings.TrimPrefix(web.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	w := &world{T: t, clock: c, db: db, village: village, facts: map[string]map[string]string{}}
	db.Use(noJobs{})
	network := pretend.New(web.URL, guard)
	w.open = func(ctx context.Context, _, account string) (connectors.Account, error) {
		w.mu.Lock()
		known := w.facts[account]
		w.mu.Unlock()
		return network.Open(ctx, connectors.Credential{Secrets: map[string]string{"name": account}, Facts: known,
			Save: func(_ context.Context, facts map[string]string) error {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.facts[account] = facts
				return nil
			}})
	}
	w.people()
	w.account, w.other = w.connect("Maison Lune"), w.connect("Atelier Soleil")
	return w
}

func (w *world) people() {
	w.Helper()
	w.brand = social.Brand{ID: storage.NewID("brd"), TeamID: storage.NewID("tea"), Name: "Lune", Locale: i18n.Fr, Zone: "Europe/Paris", Rev: 1}
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(
			tx.AddTeam(ctx, social.Team{ID: w.brand.TeamID, Name: "Lune"}),
			tx.AddBrand(ctx, w.brand),
			tx.AddMember(ctx, social.Member{ID: w.brand.TeamID + "_ana", TeamID: w.brand.TeamID, Name: "Ana"}))
	})
}

func (w *world) connect(name string) social.Account {
	w.Helper()
	got, err := w.open(w.Context(), "", name)
	if err != nil {
		w.Fatal(err)
	}
	a := social.Account{ID: storage.NewID("acc"), TeamID: w.brand.TeamID, BrandID: w.brand.ID, Network: pretend.ID, RemoteID: got.RemoteID,
		Handle: got.Handle, State: social.Connected, Limits: got.Limits, CheckedAt: w.clock.Now(), Rev: 1}
	w.facts[a.ID] = w.facts[name]
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddAccount(ctx, a)
		return err
	})
	return a
}

func (w *world) tx(f func(context.Context, *storage.Tx) error) {
	w.Helper()
	if err := w.db.InTx(w.Context(), func(tx *storage.Tx) error { return f(w.Context(), tx) }); err != nil {
		w.Fatal(err)
	}
}

// service is a process named owner. Step may be nil.
func (w *world) service(owner string, step func(string)) *delivery.Service {
	return delivery.New(delivery.Options{DB: w.db, Log: slog.New(slog.DiscardHandler), Owner: owner, Media: noMedia{}, Open: w.open,
		SignIn: func(context.Context, string, string) error { w.signIns++; return nil },
		Now:    w.clock.Now, Mono: w.clock.Mono, Step: step})
}

// write stores an approved post and what is to leave of it for each account, due now.
func (w *world) write(text string, accounts ...social.Account) []social.Delivery {
	w.Helper()
	return w.plan(w.draft(), text, social.Remote{}, accounts...)
}

// draft is a post of Ana's, due now.
func (w *world) draft() social.Post {
	now := w.clock.Now()
	return social.Post{ID: storage.NewID("pst"), TeamID: w.brand.TeamID, BrandID: w.brand.ID, Author: w.brand.TeamID + "_ana", Editor: w.brand.TeamID + "_ana",
		State: social.Scheduled, Rev: 1, Words: 1, When: social.OnDate, Moment: social.Moment{At: now, Zone: "Europe/Paris"}, CreatedAt: now}
}

// plan stores p with its words, approved, and what is to leave of it for each account. To is what it answers.
func (w *world) plan(p social.Post, text string, to social.Remote, accounts ...social.Account) []social.Delivery {
	w.Helper()
	r := social.Revision{PostID: p.ID, Number: 1, By: p.Author, At: p.CreatedAt, Text: text}
	for _, a := range accounts {
		r.Accounts = append(r.Accounts, a.ID)
	}
	var out []social.Delivery
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		out = nil
		err := errors.Join(tx.AddPost(ctx, p), tx.AddRevision(ctx, p.TeamID, r))
		for _, v := range r.Variants(accounts) {
			v.To = to
			d := delivery.Plan(p, v)
			out = append(out, d)
			err = errors.Join(err,
				tx.Approve(ctx, p.TeamID, social.Approval{PostID: p.ID, AccountID: v.Account.ID, Fingerprint: v.Fingerprint(), By: p.Author}),
				tx.AddDelivery(ctx, d))
		}
		return err
	})
	w.post = p
	return out
}

// one is write for the first account.
func (w *world) one(text string) social.Delivery {
	w.Helper()
	return w.write(text, w.account)[0]
}

func (w *world) pass(s *delivery.Service) {
	w.Helper()
	if err := s.Pass(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) now(d social.Delivery) social.Delivery {
	w.Helper()
	got, err := storage.Delivery(w.Context(), w.db, d.TeamID, d.ID)
	if err != nil {
		w.Fatal(err)
	}
	return got
}

// is checks the state of d and how often the village took each text.
func (w *world) is(d social.Delivery, s social.DeliveryState, why social.Reason) {
	w.Helper()
	if got := w.now(d); got.State != s || got.Reason != why {
		w.Fatalf("delivery is %s (%q), want %s (%q)", got.State, got.Reason, s, why)
	}
}

func (w *world) accepted(text string, n int) {
	w.Helper()
	if got := w.village.Accepted(text); got != n {
		w.Fatalf("the village took %q %d times, want %d", text, got, n)
	}
}

// story lists what /why would tell of the post, in order.
func (w *world) story() []social.What {
	w.Helper()
	entries, err := storage.Entries(w.Context(), w.db, w.brand.TeamID, w.post.ID)
	if err != nil {
		w.Fatal(err)
	}
	var out []social.What
	for _, e := range entries {
		out = append(out, e.What)
	}
	return out
}

// decide is a person's turn.
func (w *world) decide(d social.Delivery, turn social.Turn) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		x, err := storage.Delivery(ctx, tx, d.TeamID, d.ID)
		if err != nil {
			return err
		}
		x.WakeAt, x.Reason, x.Looks = tx.Now(), social.NoReason, 0
		if turn == social.SendAgain {
			x.DueAt, x.LeftAt = tx.Now(), time.Time{}
		}
		return tx.Decided(ctx, x, turn)
	})
}
