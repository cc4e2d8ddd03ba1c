package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/delivery"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// instant is a network that takes everything at once and remembers when.
type instant struct {
	mu   sync.Mutex
	took map[string]time.Time // by key
}

func (i *instant) Prepare(_ context.Context, d connectors.Draft) (connectors.Request, error) {
	return connectors.Request{Key: d.Key, Body: d.Text}, nil
}

func (i *instant) Send(_ context.Context, r connectors.Request) (connectors.Receipt, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.took[r.Key] = time.Now()
	return connectors.Receipt{RemoteID: r.Key, URL: "https://social.example/" + r.Key}, nil
}

func (i *instant) Check(_ context.Context, r connectors.Receipt) (connectors.Receipt, error) {
	return r, nil
}
func (i *instant) Find(context.Context, connectors.Request) ([]connectors.Receipt, error) {
	return nil, nil
}
func (i *instant) Remove(context.Context, connectors.Receipt) error { return nil }

func (i *instant) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.took)
}

// BenchmarkDrain sends 10 000 posts that are due at once, from rows to receipts in the database.
func BenchmarkDrain(b *testing.B) {
	benchmark(b, func(b *testing.B, db *storage.DB) {
		for b.Loop() {
			net := &instant{took: map[string]time.Time{}}
			l := newLoad(b, db, net)
			const n = 10_000
			l.plan(n, func(int) time.Time { return time.Now() })
			start := time.Now()
			l.run(func() bool { return net.count() == n && l.live() == n })
			took := time.Since(start)
			b.ReportMetric(n/took.Seconds(), "posts/s")
			b.ReportMetric(took.Seconds(), "drain-s")
		}
	})
}

// BenchmarkLateness sends 1 000 posts due over a minute and measures from the instant they were due to the call.
func BenchmarkLateness(b *testing.B) {
	benchmark(b, func(b *testing.B, db *storage.DB) {
		for b.Loop() {
			net := &instant{took: map[string]time.Time{}}
			l := newLoad(b, db, net)
			const n = 1000
			begin := time.Now().Add(2 * time.Second)
			l.plan(n, func(i int) time.Time { return begin.Add(time.Duration(i) * time.Minute / n) })
			l.run(func() bool { return net.count() == n })
			var late []time.Duration
			for key, at := range net.took {
				late = append(late, at.Sub(l.due[key]))
			}
			slices.Sort(late)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			b.ReportMetric(ms(late[n/2]), "p50-ms")
			b.ReportMetric(ms(late[n*99/100]), "p99-ms")
			b.ReportMetric(ms(late[n-1]), "max-ms")
		}
	})
}

func benchmark(b *testing.B, f func(*testing.B, *storage.DB)) {
	open := func(b *testing.B, o storage.Options) *storage.DB {
		o.Clock = time.Now
		db, err := storage.Open(b.Context(), o)
		if err == nil {
			err = db.Migrate(b.Context())
		}
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = db.Close() }) // the folder goes away with it
		db.Use(noJobs{})
		return db
	}
	b.Run("sqlite", func(b *testing.B) { f(b, open(b, storage.Options{Folder: b.TempDir()})) })
	b.Run("postgres", func(b *testing.B) {
		f(b, open(b, storage.Options{URL: storagetest.Database(b), DatabaseClock: true}))
	})
}

// load is a team with many posts to send.
type load struct {
	*testing.B
	db      *storage.DB
	net     *instant
	brand   social.Brand
	account social.Account
	due     map[string]time.Time // by key
}

func newLoad(b *testing.B, db *storage.DB, net *instant) *load {
	b.Helper()
	team := storage.NewID("tea")
	l := &load{B: b, db: db, net: net, due: map[string]time.Time{},
		brand: social.Brand{ID: storage.NewID("brd"), TeamID: team, Name: "Lune", Locale: "fr", Zone: "Europe/Paris", Rev: 1}}
	l.account = social.Account{ID: storage.NewID("acc"), TeamID: team, BrandID: l.brand.ID, Network: "instant", RemoteID: team, State: social.Connected, Rev: 1}
	l.tx(func(ctx context.Context, tx *storage.Tx) error {
		err := errors.Join(tx.AddTeam(ctx, social.Team{ID: team, Name: "Lune"}), tx.AddBrand(ctx, l.brand),
			tx.AddMember(ctx, social.Member{ID: team, TeamID: team, Name: "Ana"}))
		if err != nil {
			return err
		}
		_, err = tx.AddAccount(ctx, l.account)
		return err
	})
	return l
}

func (l *load) tx(f func(context.Context, *storage.Tx) error) {
	l.Helper()
	if err := l.db.InTx(l.Context(), func(tx *storage.Tx) error { return f(l.Context(), tx) }); err != nil {
		l.Fatal(err)
	}
}

func (l *load) plan(n int, due func(int) time.Time) {
	l.Helper()
	l.tx(func(ctx context.Context, tx *storage.Tx) error {
		for i := range n {
			at := due(i).UTC().Truncate(time.Microsecond)
			p := social.Post{ID: storage.NewID("pst"), TeamID: l.brand.TeamID, BrandID: l.brand.ID, Author: l.brand.TeamID, Editor: l.brand.TeamID,
				State: social.Scheduled, Rev: 1, Words: 1, When: social.OnDate, Moment: social.Moment{At: at}, CreatedAt: at}
			r := social.Revision{PostID: p.ID, Number: 1, By: p.Author, At: at, Text: fmt.Sprint("Bonjour ", i), Accounts: []string{l.account.ID}}
			v := r.Variants([]social.Account{l.account})[0]
			d := delivery.Plan(p, v)
			l.due[d.Parts[0].Key] = at
			err := errors.Join(tx.AddPost(ctx, p), tx.AddRevision(ctx, p.TeamID, r),
				tx.Approve(ctx, p.TeamID, social.Approval{PostID: p.ID, AccountID: l.account.ID, Fingerprint: v.Fingerprint(), By: p.Author}),
				tx.AddDelivery(ctx, d))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *load) live() int {
	var n int
	row := l.db.Pool().QueryRowContext(l.Context(), `SELECT COUNT(*) FROM deliveries WHERE state = 'live' AND team_id = '`+l.brand.TeamID+`'`)
	if err := row.Scan(&n); err != nil {
		l.Fatal(err)
	}
	return n
}

// run delivers until done.
func (l *load) run(done func() bool) {
	l.Helper()
	begin := time.Now()
	s := delivery.New(delivery.Options{DB: l.db, Log: slog.New(slog.DiscardHandler), Owner: "bench", Media: noMedia{},
		Open: func(context.Context, string, string) (connectors.Account, error) {
			return connectors.Account{RemoteID: l.account.RemoteID, Publish: l.net}, nil
		},
		SignIn: func(context.Context, string, string) error { return nil },
		Now:    time.Now, Mono: func() time.Duration { return time.Since(begin) }})
	ctx, stop := context.WithCancel(l.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	for !done() {
		time.Sleep(20 * time.Millisecond) // polls a condition
	}
	stop()
	if err := <-ended; err != nil {
		l.Error(err)
	}
}
