package bot_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"griot/bot"
	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
	"griot/jobs"
	"griot/jobs/jobstest"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

const (
	team     = "tem_one"
	brand    = "brd_one"
	post     = "pst_one"
	approval = "approvals"
)

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// silent hears nothing.
var silent = slog.New(slog.DiscardHandler)

// start is a Tuesday, ten o'clock in Paris.
var start = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a team with people in two chats and one post that waits for approval.
type world struct {
	t        *testing.T
	db       *storage.DB
	clock    func() time.Time
	one, two *room
	board    *bot.Board
	bot      *bot.Bot
	queue    *jobstest.Manual
	look     string        // changes how cards are drawn
	label    string        // of the card's button; empty: ok
	sure     i18n.Text     // what the card's button asks before it acts; empty: nothing
	dies     bool          // whoever looks up where a card belongs
	pace     time.Duration // of every chat's channels
}

// each runs f in a world of its own clock and hand-driven jobs, on both engines.
func each(t *testing.T, f func(*testing.T, *world, *clock)) {
	t.Parallel()
	c := &clock{}
	storagetest.Each(t, c.Now, func(t *testing.T, db *storage.DB) {
		c.set(start)
		w := build(t, db, c.Now, 3)
		w.queue = jobstest.NewManual(t, db, w.workers())
		f(t, w, c)
	})
}

func build(t *testing.T, db *storage.DB, now func() time.Time, members int) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: now, one: newRoom("one"), two: newRoom("two")}
	w.start("first")
	w.must(db.InTx(t.Context(), func(tx *storage.Tx) error {
		w.seed(tx, members)
		return nil
	}))
	return w
}

// start is a process of Griot beginning to work on what is there.
func (w *world) start(owner string) {
	w.board = bot.NewBoard(bot.BoardOptions{DB: w.db, Draw: w.draw, Home: w.home, Owner: owner, Clock: w.clock,
		Pace:     func(string) time.Duration { return w.pace },
		Name:     func(_ context.Context, at chat.Place) string { return "#" + at.Channel },
		Surfaces: map[string]chat.Surface{"one": w.one, "two": w.two}, Log: silent})
	w.bot = bot.New(bot.Options{DB: w.db, Commands: w.commands(), People: people{w.db}, Board: w.board, Locale: i18n.En, Budget: time.Minute, // these tests are about order, not speed
		Log: silent})
}

func (w *world) workers() *jobs.Workers {
	all := jobs.NewWorkers()
	jobs.Handle(all, func(ctx context.Context, j storage.ShowJob) error { return w.board.Show(ctx, j) })
	jobs.Handle(all, func(ctx context.Context, j storage.DrawJob) error { return w.board.Redraw(ctx, j) })
	jobs.Handle(all, func(ctx context.Context, j storage.TellJob) error { return w.board.Tell(ctx, j) })
	return all
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func member(n int) string { return "mem_" + strconv.Itoa(n) }

func (w *world) seed(tx *storage.Tx, members int) {
	ctx := w.t.Context()
	w.must(tx.AddTeam(ctx, social.Team{ID: team, Name: "Maison"}))
	w.must(tx.AddBrand(ctx, social.Brand{ID: brand, TeamID: team, Name: "Maison", Locale: i18n.Fr, Zone: "Europe/Paris", Rev: 1}))
	for _, s := range []string{"one", "two"} {
		_, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: team, Surface: s, Workspace: "w", Name: s})
		w.must(err)
		w.must(tx.PutChannel(ctx, social.Channel{TeamID: team, BrandID: brand, Surface: s, Workspace: "w", Channel: approval, Purpose: social.Approvals}))
	}
	for n := range members {
		w.must(tx.AddMember(ctx, social.Member{ID: member(n), TeamID: team, Name: "Member " + strconv.Itoa(n), Locale: i18n.En, Rev: 1}))
		w.must(tx.AddRoles(ctx, team, member(n), brand, []social.Role{social.Admin}))
		for _, s := range []string{"one", "two"} {
			_, err := tx.AddIdentity(ctx, social.Identity{TeamID: team, MemberID: member(n), Surface: s, Workspace: "w", User: "u" + strconv.Itoa(n), Name: "m"})
			w.must(err)
		}
	}
	w.must(tx.AddPost(ctx, social.Post{ID: post, TeamID: team, BrandID: brand, Author: member(0), Editor: member(0), State: social.InReview, Rev: 1,
		When: social.Later, CreatedAt: tx.Now()}))
}

// draw is a card that says everything about a post's row.
func (w *world) draw(ctx context.Context, team, subject string, l i18n.Locale) (chat.Card, error) {
	p, err := storage.Post(ctx, w.db, team, subject)
	if err != nil {
		return chat.Card{}, err
	}
	tone := chat.Neutral
	if p.State == social.InReview {
		tone = chat.Waiting
	}
	ok := chat.Button{Label: cmp.Or(w.label, "ok"), Tag: chat.Tag{Verb: "post.note", Subject: p.ID, Rev: p.Rev}}
	if ok.Confirm = w.sure.In(l); ok.Confirm != "" {
		ok.Style = chat.Risky
	}
	return chat.Card{Subject: p.ID, Title: p.State.Name().In(l) + w.look, Tone: tone, Lead: []chat.Span{chat.Plain("rev " + strconv.FormatInt(p.Rev, 10)), chat.Plain(p.Note)},
		Buttons: []chat.Button{ok}}, nil
}

func (w *world) home(ctx context.Context, team, subject string) (bot.Home, error) {
	p, err := storage.Post(ctx, w.db, team, subject)
	if err != nil {
		return bot.Home{}, err
	}
	if w.dies {
		panic("killed")
	}
	h := bot.Home{Locale: i18n.Fr, Zone: "Europe/Paris", About: "Soldes"}
	if p.State == social.Draft {
		return h, nil
	}
	all, err := storage.ChannelsFor(ctx, w.db, team, p.BrandID, social.Approvals)
	for _, c := range all {
		h.Places = append(h.Places, chat.Place{Surface: c.Surface, Workspace: c.Workspace, Channel: c.Channel})
	}
	return h, err
}

var (
	movedOn = i18n.Text{En: "It is at revision %d now.", Fr: "Elle en est à la révision %d."}
	short   = i18n.Text{En: "Too short.", Fr: "Trop court."}
	about   = i18n.Text{En: "about", Fr: "à propos"}
)

// change is what a feature does: compare, write, ask for a redraw, in one transaction.
func (w *world) change(ctx context.Context, tag chat.Tag, with func(*social.Post)) error {
	return w.db.InTx(ctx, func(tx *storage.Tx) error {
		p, err := storage.Post(ctx, tx, team, tag.Subject)
		if err != nil {
			return err
		}
		if tag.Rev != 0 && tag.Rev != p.Rev {
			return fault.New(fault.Conflict, movedOn, p.Rev)
		}
		was := p.Rev
		p.Rev++
		with(&p)
		if err := tx.SavePost(ctx, p, was); err != nil {
			return err
		}
		return tx.Redraw(ctx, team, p.ID)
	})
}

func (w *world) commands() *commands.Registry {
	note := func(ctx context.Context, c commands.Call) (chat.Answer, error) {
		return commands.Redrawn(), w.change(ctx, c.Tag(), func(p *social.Post) { p.Note = c.By.ID + "@" + c.Event.Who.Surface })
	}
	return commands.New(
		commands.Command{Name: "post show", About: about, Options: []commands.Option{{Name: "post", About: about, Required: true}},
			Run: func(_ context.Context, c commands.Call) (chat.Answer, error) {
				return commands.Shown(c.Get("post")), nil
			},
			Presses: map[string]commands.Act{
				"post.note":  note,
				"post.panic": func(context.Context, commands.Call) (chat.Answer, error) { panic("ours") },
				"post.break": func(context.Context, commands.Call) (chat.Answer, error) { return nil, errors.New("disk full") },
			},
			Forms: map[string]commands.Form{"post.send_back": {
				Build: func(context.Context, commands.Call) (chat.Form, error) {
					return chat.Form{Title: "Why", Inputs: []chat.Input{{Name: "note", Label: "Note", Kind: chat.Text}}}, nil
				},
				Sent: func(ctx context.Context, c commands.Call) (chat.Answer, error) {
					if len(c.Get("note")) < 3 {
						return nil, fault.In("note", short)
					}
					return note(ctx, c)
				},
			}}},
		commands.Command{Name: "setup", French: "demarrer", About: about, Anyone: true,
			Run: func(context.Context, commands.Call) (chat.Answer, error) {
				return commands.Told(chat.Good, chat.Plain("set up")), nil
			}},
		commands.Command{Name: "team", About: about,
			Run:     func(context.Context, commands.Call) (chat.Answer, error) { return chat.Silent{}, nil },
			Presses: map[string]commands.Act{"team.ask": func(context.Context, commands.Call) (chat.Answer, error) { return chat.Silent{}, nil }}},
	)
}

// people finds members in the database.
type people struct{ db *storage.DB }

var stranger = i18n.Text{En: "You are not of the team.", Fr: "Vous n’êtes pas de l’équipe."}

func (p people) Who(ctx context.Context, w chat.Who) (social.Member, social.Team, error) {
	t, err := storage.TeamAt(ctx, p.db, w.Surface, w.Workspace)
	if err != nil {
		return social.Member{}, social.Team{}, err
	}
	m, err := storage.MemberAt(ctx, p.db, w.Surface, w.Workspace, w.User)
	if fault.Is(err, fault.NotFound) {
		return m, t, fault.New(fault.Denied, stranger)
	}
	return m, t, err
}

func (p people) Brand(ctx context.Context, by social.Member, _ chat.Place, _ string) (social.Brand, error) {
	return storage.Brand(ctx, p.db, by.TeamID, brand)
}

// run does every job that is due.
func (w *world) run(c *clock) {
	w.t.Helper()
	_, err := w.queue.Run(w.t.Context(), c.Now())
	w.must(err)
}

// more adds posts in a state, and asks for their cards in this order.
func (w *world) more(state social.State, ids ...string) {
	w.t.Helper()
	ctx := w.t.Context()
	for _, id := range ids {
		w.must(w.db.InTx(ctx, func(tx *storage.Tx) error {
			err := tx.AddPost(ctx, social.Post{ID: id, TeamID: team, BrandID: brand, Author: member(0), Editor: member(0), State: state, Rev: 1,
				When: social.Later, CreatedAt: tx.Now()})
			return errors.Join(err, tx.Redraw(ctx, team, id))
		}))
	}
}

func (w *world) redraw() {
	w.t.Helper()
	w.must(w.db.InTx(w.t.Context(), func(tx *storage.Tx) error { return tx.Redraw(w.t.Context(), team, post) }))
}

func (w *world) press(n int, r *room, ev chat.Event) (chat.Answer, error) {
	ev.Who = chat.Who{Surface: r.name, Workspace: "w", User: "u" + strconv.Itoa(n)}
	ev.Place = chat.Place{Surface: r.name, Workspace: "w", Channel: approval}
	if ev.ID == "" {
		ev.ID = storage.NewID("evt")
	}
	a, err := w.bot.Handle(w.t.Context(), ev)
	if x, ok := a.(chat.Refresh); ok && err == nil && ev.Message != "" {
		r.put(ev.Message, x.Card)
	}
	return a, err
}

// row is how the post's card must look everywhere.
func (w *world) row() string {
	c, err := w.draw(w.t.Context(), team, post, i18n.Fr)
	w.must(err)
	return show(c)
}

func show(c chat.Card) string { return fmt.Sprintf("%s %q %d", c.Title, c.Lead, len(c.Buttons)) }
