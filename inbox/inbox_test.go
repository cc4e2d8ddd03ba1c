package inbox_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/drafting"
	"griot/fault"
	"griot/inbox"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// world is a team with one account that is listened to, at a clock that the test moves.
type world struct {
	*testing.T
	db      *storage.DB
	clock   *clock
	inbox   *inbox.Service
	net     *network
	team    string
	brand   social.Brand
	account social.Account
	awa     social.Member // moderator
	leo     social.Member // moderator
	nora    social.Member // admin
	ina     social.Member // writer
	queue   *queue
	asked   []drafting.ReplyAsk
	signIns int
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) passes(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// network is a source: what was said so far, and what it answers instead for a while.
type network struct {
	mu    sync.Mutex
	said  []social.Mention
	fails error
	page  int // most at once
}

// Since has a number as cursor: how many were read.
func (n *network) Since(_ context.Context, cursor string) (connectors.Heard, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fails != nil {
		return connectors.Heard{}, n.fails
	}
	if cursor == "" {
		return connectors.Heard{Cursor: strconv.Itoa(len(n.said))}, nil
	}
	from, err := strconv.Atoi(cursor)
	to := min(len(n.said), from+n.page)
	return connectors.Heard{Mentions: n.said[from:to], Cursor: strconv.Itoa(to), More: to < len(n.said)}, err
}

// says lets somebody say something.
func (n *network) says(who, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id := strconv.Itoa(len(n.said))
	n.said = append(n.said, social.Mention{Key: "key " + id, Remote: social.Remote{ID: id}, Kind: social.Named, Author: social.Author{Handle: who}, Text: text, Language: "fr",
		SaidAt: start})
}

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// queue remembers what was asked for, by kind, and does none of it.
type queue struct {
	mu   sync.Mutex
	jobs map[string][]storage.Job
}

func (q *queue) InsertTx(_ context.Context, _ *sql.Tx, j storage.Job, _ time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs[j.Kind()] = append(q.jobs[j.Kind()], j)
	return nil
}

// each runs f on both engines.
func each(t *testing.T, f func(w *world)) {
	t.Helper()
	c := &clock{now: start}
	storagetest.Each(t, c.Now, func(t *testing.T, db *storage.DB) { f(newWorld(t, db, c)) })
}

func newWorld(t *testing.T, db *storage.DB, c *clock) *world {
	t.Helper()
	w := &world{T: t, db: db, clock: c, net: &network{page: 100}, queue: &queue{jobs: map[string][]storage.Job{}}, team: storage.NewID("tea")}
	db.Use(w.queue)
	w.brand = social.Brand{ID: storage.NewID("brd"), TeamID: w.team, Name: "Maison", Locale: "fr", Zone: "Europe/Paris", Rev: 1}
	w.account = social.Account{ID: storage.NewID("acc"), TeamID: w.team, BrandID: w.brand.ID, Network: "net", NetworkName: "Net", RemoteID: "r", Handle: "@maison",
		State: social.Connected, Limits: social.Limits{Length: 100, Unit: social.Graphemes, Parts: 25}, Rev: 1}
	person := func(name string, roles ...social.Role) social.Member {
		return social.Member{ID: storage.NewID("mbr"), TeamID: w.team, Name: name, Locale: "fr", Roles: map[string][]social.Role{w.brand.ID: roles}, Rev: 1}
	}
	w.awa, w.leo, w.nora, w.ina = person("Awa", social.Moderator), person("Léo", social.Moderator), person("Nora", social.Admin), person("Ina", social.Writer)
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		err := errors.Join(tx.AddTeam(ctx, social.Team{ID: w.team, Name: "Maison"}), tx.AddBrand(ctx, w.brand))
		for _, m := range []social.Member{w.awa, w.leo, w.nora, w.ina} {
			err = errors.Join(err, tx.AddMember(ctx, m), tx.SetRoles(ctx, w.team, m.ID, w.brand.ID, m.Roles[w.brand.ID]))
		}
		_, added := tx.AddAccount(ctx, w.account)
		return errors.Join(err, added)
	})
	w.inbox = w.process("one")
	return w
}

// process is one process of the same Griot.
func (w *world) process(name string) *inbox.Service {
	return inbox.New(inbox.Options{DB: w.db, Log: slog.New(slog.DiscardHandler), Owner: name,
		Open: func(context.Context, string, string) (connectors.Account, error) {
			return connectors.Account{RemoteID: "r", Mentions: w.net}, nil
		},
		SignIn: func(context.Context, string, string) error { w.signIns++; return nil },
		Replies: func(_ context.Context, _ string, a drafting.ReplyAsk) ([]social.Suggestion, error) {
			w.asked = append(w.asked, a)
			return []social.Suggestion{{Text: "Bonjour !", Basis: social.OnLine}, {Text: "Merci !", Basis: social.OnLine}}, nil
		}})
}

func (w *world) tx(f func(context.Context, *storage.Tx) error) {
	w.Helper()
	if err := w.db.InTx(w.Context(), func(tx *storage.Tx) error { return f(w.Context(), tx) }); err != nil {
		w.Fatal(err)
	}
}

// collects lets a minute pass and reads what is due.
func (w *world) collects() {
	w.Helper()
	w.clock.passes(time.Minute)
	if err := w.inbox.Collect(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// all are the mentions of the brand, the first heard first.
func (w *world) all() []social.Mention {
	w.Helper()
	out, err := storage.MentionsOf(w.Context(), w.db, w.team, storage.MentionFilter{Brands: []string{w.brand.ID}, Limit: 10000})
	if err != nil {
		w.Fatal(err)
	}
	slices.Reverse(out)
	return out
}

// one is a mention that was just heard.
func (w *world) one(text string) social.Mention {
	w.Helper()
	w.collects()
	w.net.says("@lea", text)
	w.collects()
	all := w.all()
	return all[len(all)-1]
}

func (w *world) is(m social.Mention, state social.MentionState, owner string) social.Mention {
	w.Helper()
	got, err := storage.Mention(w.Context(), w.db, w.team, m.ID)
	if err != nil {
		w.Fatal(err)
	}
	if got.State != state || got.Owner != owner {
		w.Errorf("it is %s, of %q; want %s, of %q", got.State, got.Owner, state, owner)
	}
	return got
}

func (w *world) refused(err error, kind fault.Kind, field string) {
	w.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != kind || f.Field != field {
		w.Errorf("refused with %v; want %v at %q", err, kind, field)
	}
}
