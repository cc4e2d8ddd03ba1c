//go:build !race

package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"griot/accounts"
	"griot/app"
	"griot/connectors/pretend"
	"griot/delivery"
	"griot/i18n"
	"griot/inbox"
	"griot/social"
	"griot/storage"
	"griot/team"
)

// hamlet is a pretend network on a real socket that counts what it is given.
type hamlet struct {
	*pretend.Server
	web   *httptest.Server
	calls atomic.Int64 // posts that were taken and answered
}

func newHamlet(b *testing.B) *hamlet {
	b.Helper()
	town, err := pretend.NewServer(pretend.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	h := &hamlet{Server: town}
	h.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		town.ServeHTTP(w, r)
		if r.Method == http.MethodPost && r.URL.Path == "/api/posts" {
			h.calls.Add(1)
		}
	}))
	return h
}

func (h *hamlet) close() {
	_ = h.Server.Close() // in memory: closing cannot fail
	h.web.Close()
}

// measured is one installation of Griot in this process, beside a hamlet.
type measured struct {
	*testing.B
	cfg     app.Config
	app     *app.App
	hamlet  *hamlet
	by      social.Member
	brand   social.Brand
	account social.Account
	due     map[string]time.Time // of planned deliveries, by key
}

// install makes Griot with a team, a brand and an account; nothing of it runs.
func install(b *testing.B, e storage.Engine, chats app.Playground) *measured {
	b.Helper()
	m := &measured{B: b, hamlet: newHamlet(b), due: map[string]time.Time{}}
	at := database(b, e)
	m.cfg = app.Config{Addr: "127.0.0.1:0", Data: at.Folder, DatabaseURL: at.URL, SecretKey: accounts.NewKey(), Locale: i18n.Fr, Zone: noon(), Playground: chats}
	born := time.Now()
	var err error
	m.app, err = app.New(b.Context(), m.cfg, app.Parts{Now: time.Now, Mono: func() time.Duration { return time.Since(born) },
		Log: slog.New(slog.DiscardHandler), Village: m.hamlet.web.URL, Second: "/two",
		Hear: func(o *inbox.Options) { o.Usual = time.Nanosecond }}) // a source is read again whenever somebody asks
	if err != nil {
		b.Fatal(err)
	}
	start, err := m.app.Team.Setup(b.Context(), team.SetupRequest{Brand: "Lune", Locale: i18n.Fr, Zone: noon(), Approvals: "validations",
		Person: team.Person{Surface: "playground", Workspace: "playground", User: "awa", Name: "Awa", Manager: true}})
	if err != nil {
		b.Fatal(err)
	}
	m.by, m.brand = start.Member, start.Brand
	if m.account, err = m.app.Accounts.Connect(b.Context(), m.by, m.brand.ID, pretend.ID, map[string]string{"name": "Maison Lune"}); err != nil {
		b.Fatal(err)
	}
	return m
}

// run lets Griot work while f does, and then ends it for good.
func (m *measured) run(f func()) {
	m.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.Fatal(err)
	}
	ctx, stop := context.WithCancel(m.Context())
	defer stop()
	over := make(chan error, 1)
	go func() { over <- m.app.Run(ctx, l, nil, func() error { return nil }) }()
	f()
	stop()
	if err := errors.Join(<-over, m.app.DB.Close()); err != nil {
		m.Error(err)
	}
	m.hamlet.close()
}

func (m *measured) tx(f func(context.Context, *storage.Tx) error) {
	m.Helper()
	if err := m.app.DB.InTx(m.Context(), func(tx *storage.Tx) error { return f(m.Context(), tx) }); err != nil {
		m.Fatal(err)
	}
}

// plan writes n approved posts, the ith due at due(i).
func (m *measured) plan(n int, due func(int) time.Time) {
	m.Helper()
	m.tx(func(ctx context.Context, tx *storage.Tx) error {
		for i := range n {
			if err := m.approved(ctx, tx, fmt.Sprint("Bonjour ", i), due(i).UTC().Truncate(time.Microsecond)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *measured) approved(ctx context.Context, tx *storage.Tx, text string, at time.Time) error {
	p := social.Post{ID: storage.NewID("pst"), TeamID: m.by.TeamID, BrandID: m.brand.ID, Author: m.by.ID, Editor: m.by.ID,
		State: social.Scheduled, Rev: 1, Words: 1, When: social.OnDate, Moment: social.Moment{At: at, Local: "2026-01-01T09:00", Zone: m.brand.Zone}, CreatedAt: at}
	r := social.Revision{PostID: p.ID, Number: 1, By: p.Author, At: at, Text: text, Accounts: []string{m.account.ID}}
	v := r.Variants([]social.Account{m.account})[0]
	d := delivery.Plan(p, v)
	m.due[d.Parts[0].Key] = at
	return errors.Join(tx.AddPost(ctx, p), tx.AddRevision(ctx, p.TeamID, r),
		tx.Approve(ctx, p.TeamID, social.Approval{PostID: p.ID, AccountID: m.account.ID, Fingerprint: v.Fingerprint(), By: p.Author}),
		tx.AddDelivery(ctx, d))
}

// live waits until n deliveries have their receipts in the database.
func (m *measured) live(n int) {
	m.Helper()
	await(m.B, "everything is live", func() bool {
		if int(m.hamlet.calls.Load()) < n {
			return false
		}
		states, err := storage.CountDeliveries(m.Context(), m.app.DB)
		if err != nil {
			m.Fatal(err)
		}
		return states[string(social.Live)] == n
	})
	if got := len(m.hamlet.Log()); got != n {
		m.Errorf("%d posts were taken for %d deliveries", got, n)
	}
}

// unreasonable is how long nothing here takes on any machine.
const unreasonable = 3 * time.Minute

// await waits for what happens by itself.
func await(b *testing.B, what string, yes func() bool) {
	b.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(unreasonable); !yes(); <-look.C {
		if time.Now().After(end) {
			b.Fatalf("never: %s", what)
		}
	}
}

// noon is a zone in which it is about noon: at night people are not asked, and a measurement would wait until the morning.
func noon() string {
	return fmt.Sprintf("Etc/GMT%+d", time.Now().UTC().Hour()-12) // the signs of these names are the other way round
}
