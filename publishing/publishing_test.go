package publishing_test

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
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// clock is the only clock of a test.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	steady time.Duration
}

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

type noJobs struct{}

func (noJobs) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

type noMedia struct{}

func (noMedia) Verify(context.Context, string) error { return nil }
func (noMedia) Open(string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("\x89PNG\r\n\x1a\n")), nil
}

// house is a team with its people, a brand, two accounts in a village, and everything that takes a post there.
type house struct {
	*testing.T
	clock          *clock
	db             *storage.DB
	village        *pretend.Server
	s              *publishing.Service
	brand          social.Brand
	ana, bob, cleo social.Member // writer, approver, admin
	lune, soleil   social.Account
	facts          map[string]map[string]string
	network        connectors.Connector
}

func each(t *testing.T, f func(*house)) {
	t.Helper()
	t.Parallel()
	c := &clock{now: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}
	storagetest.Each(t, c.Now, func(t *testing.T, db *storage.DB) { f(newHouse(t, c, db)) })
}

func newHouse(t *testing.T, c *clock, db *storage.DB) *house {
	t.Helper()
	village, err := pretend.NewServer(pretend.Options{Now: c.Now, Keys: pretend.Ignored})
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
	db.Use(noJobs{})
	h := &house{T: t, clock: c, db: db, village: village, s: &publishing.Service{DB: db}, facts: map[string]map[string]string{},
		network: pretend.New(web.URL, guard)}
	h.people()
	h.lune, h.soleil = h.connect("Lune"), h.connect("Soleil")
	return h
}

func (h *house) people() {
	h.Helper()
	team := storage.NewID("tea")
	h.brand = social.Brand{ID: storage.NewID("brd"), TeamID: team, Name: "Lune", Locale: i18n.Fr, Zone: "Europe/Paris", Rev: 1}
	h.tx(func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(tx.AddTeam(ctx, social.Team{ID: team, Name: "Lune"}), tx.AddBrand(ctx, h.brand))
	})
	h.ana, h.bob, h.cleo = h.person("Ana", social.Writer), h.person("Bob", social.Approver), h.person("Cléo", social.Admin)
}

func (h *house) person(name string, roles ...social.Role) social.Member {
	h.Helper()
	m := social.Member{ID: storage.NewID("mbr"), TeamID: h.brand.TeamID, Name: name}
	h.tx(func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.AddMember(ctx, m); err != nil {
			return err
		}
		return tx.SetRoles(ctx, m.TeamID, m.ID, h.brand.ID, roles)
	})
	m, err := storage.Member(h.Context(), h.db, m.TeamID, m.ID)
	h.ok(err)
	return m
}

func (h *house) connect(name string) social.Account {
	h.Helper()
	var facts map[string]string
	got, err := h.network.Open(h.Context(), connectors.Credential{Secrets: map[string]string{"name": name},
		Save: func(_ context.Context, f map[string]string) error { facts = f; return nil }})
	h.ok(err)
	a := social.Account{ID: storage.NewID("acc"), TeamID: h.brand.TeamID, BrandID: h.brand.ID, Network: pretend.ID, RemoteID: got.RemoteID,
		Handle: got.Handle, State: social.Connected, Limits: got.Limits, CheckedAt: h.clock.Now(), Rev: 1}
	h.facts[a.ID] = facts
	h.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddAccount(ctx, a)
		return err
	})
	return a
}

func (h *house) tx(f func(context.Context, *storage.Tx) error) {
	h.Helper()
	h.ok(h.db.InTx(h.Context(), func(tx *storage.Tx) error { return f(h.Context(), tx) }))
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// set changes the brand's rules.
func (h *house) set(f func(*social.Brand)) {
	h.Helper()
	was := h.brand.Rev
	f(&h.brand)
	h.brand.Rev++
	h.tx(func(ctx context.Context, tx *storage.Tx) error { return tx.SaveBrand(ctx, h.brand, was) })
}

// process is one that delivers. Step may be nil.
func (h *house) process(step func(string)) *delivery.Service {
	return delivery.New(delivery.Options{DB: h.db, Log: slog.New(slog.DiscardHandler), Owner: storage.NewID("prc"), Media: noMedia{},
		Open: func(ctx context.Context, _, account string) (connectors.Account, error) {
			return h.network.Open(ctx, connectors.Credential{Facts: h.facts[account]})
		},
		SignIn: func(context.Context, string, string) error { return nil },
		Now:    h.clock.Now, Mono: h.clock.Mono, Step: step, Idle: 2 * time.Millisecond})
}

// until lets p deliver until done says so.
func (h *house) until(p *delivery.Service, done func() bool) {
	h.Helper()
	ctx, stop := context.WithCancel(h.Context())
	ended := make(chan error)
	go func() { ended <- p.Run(ctx) }()
	limit := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(limit) {
			h.Error("it never came to that")
			break
		}
		time.Sleep(2 * time.Millisecond) // polls a condition
	}
	stop()
	h.ok(<-ended)
}

func (h *house) content(text string) publishing.Content {
	return publishing.Content{Text: text, Accounts: []string{h.lune.ID, h.soleil.ID}, When: social.Soon}
}

// tomorrow is a date to be, in the brand's zone.
func (h *house) tomorrow() social.Moment {
	return social.Moment{At: h.clock.Now().Add(24 * time.Hour), Local: "2026-11-04T10:00", Zone: "Europe/Paris"}
}

func (h *house) draft(c publishing.Content) social.Sheet {
	h.Helper()
	sheet, err := h.s.Draft(h.Context(), h.ana, h.brand.ID, c)
	h.ok(err)
	return sheet
}

// move does what must succeed.
func (h *house) move(by social.Member, s social.Sheet, m social.Move, c social.Change) publishing.Result {
	h.Helper()
	r, err := h.s.Move(h.Context(), by, s.Post.ID, s.Post.Rev, m, c)
	if err != nil {
		h.Fatalf("%s by %s: %v", m, by.Name, err)
	}
	return r
}

// refused checks that a move is refused with a kind and a sentence.
func (h *house) refused(err error, k fault.Kind, words string) {
	h.Helper()
	if !fault.Is(err, k) || !strings.Contains(fault.For(err, i18n.En), words) {
		h.Fatalf("got %v (kind %d), want kind %d with %q", err, fault.KindOf(err), k, words)
	}
}

func (h *house) states(s social.Sheet) map[string]social.DeliveryState {
	h.Helper()
	sheet, err := storage.SheetOf(h.Context(), h.db, s.Post.TeamID, s.Post.ID)
	h.ok(err)
	out := map[string]social.DeliveryState{}
	for _, d := range sheet.Newest() {
		out[map[string]string{h.lune.ID: "lune", h.soleil.ID: "soleil"}[d.AccountID]] = d.State
	}
	return out
}

func (h *house) sheet(s social.Sheet) social.Sheet {
	h.Helper()
	got, err := h.s.Sheet(h.Context(), h.ana, s.Post.ID)
	h.ok(err)
	return got
}

// approved is a post that Ana wrote and Bob approved.
func (h *house) approved(c publishing.Content) social.Sheet {
	h.Helper()
	s := h.move(h.ana, h.draft(c), social.Submit, social.Change{}).Sheet
	return h.move(h.bob, s, social.Approve, social.Change{}).Sheet
}

func (h *house) dated(text string) publishing.Content {
	c := h.content(text)
	c.When, c.Moment = social.OnDate, h.tomorrow()
	return c
}

// notices lists who is asked what, in no order.
func (h *house) notices(kind social.NoticeKind) int {
	h.Helper()
	all, err := storage.UnsaidNotices(h.Context(), h.db, h.clock.Now().Add(time.Second), 1000)
	h.ok(err)
	n := 0
	for _, x := range all {
		if x.Kind == kind {
			n++
		}
	}
	return n
}

var pretend422 = pretend.Fault{Do: pretend.Refuse, Words: "Non"}

var pretendLimit = pretend.Fault{Do: pretend.Limit, Wait: time.Minute}
