package writing_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/drafting"
	"griot/drafting/offline"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
	"griot/writing"
)

type noJobs struct{}

func (noJobs) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

// desk is a team with a brand, somebody who may change its line and somebody who may not.
type desk struct {
	*testing.T
	s        *writing.Service
	brand    social.Brand
	awa, bob social.Member
	log      *bytes.Buffer
	mu       sync.Mutex
	now      time.Time
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func each(t *testing.T, f func(*desk)) {
	t.Helper()
	d := &desk{now: time.Date(2026, 3, 2, 22, 0, 0, 0, time.UTC)}
	storagetest.Each(t, d.clock, func(t *testing.T, db *storage.DB) {
		db.Use(noJobs{})
		d := &desk{T: t, now: time.Date(2026, 3, 2, 22, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
		d.s = &writing.Service{DB: db, Offline: offline.Drafter{}, Log: slog.New(slog.NewTextHandler(d.log, nil))}
		d.settle("a")
		f(d)
	})
}

func (d *desk) settle(team string) {
	d.Helper()
	ctx := d.Context()
	d.brand = social.Brand{ID: "brd_" + team, TeamID: team, Name: "Maison " + team, Locale: i18n.Fr, Zone: "Europe/Paris", Rev: 1}
	d.awa = social.Member{ID: "mbr_awa_" + team, TeamID: team, Name: "Awa", Locale: i18n.Fr}
	d.bob = social.Member{ID: "mbr_bob_" + team, TeamID: team, Name: "Bob", Locale: i18n.Fr}
	err := d.s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.AddTeam(ctx, social.Team{ID: team, Name: team}); err != nil {
			return err
		}
		if err := tx.AddBrand(ctx, d.brand); err != nil {
			return err
		}
		for m, role := range map[*social.Member]social.Role{&d.awa: social.Approver, &d.bob: social.Writer} {
			if err := tx.AddMember(ctx, *m); err != nil {
				return err
			}
			if err := tx.SetRoles(ctx, team, m.ID, d.brand.ID, []social.Role{role}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
}

// model is a language model of a test: it costs tokens, and fails with err.
type model struct {
	offline.Drafter
	tokens int64
	err    error
	asked  int
}

func (m *model) Posts(context.Context, drafting.PostAsk) (drafting.PostDraft, error) {
	m.asked++
	return drafting.PostDraft{Texts: map[string]string{"acc": "Écrit"}, Model: "plume", Tokens: m.tokens}, m.err
}

func (d *desk) posts(team string) (drafting.PostDraft, string) {
	d.Helper()
	out, note, err := d.s.Posts(d.Context(), team, drafting.PostAsk{Brand: d.brand, Topic: "samedi", Line: social.Line{Locale: "fr"}, Accounts: []social.Account{{ID: "acc"}}})
	if err != nil {
		d.Fatal(err)
	}
	if note == nil {
		return out, ""
	}
	return out, note.In(i18n.En)
}

func TestWithoutAModelItIsSaid(t *testing.T) {
	each(t, func(d *desk) {
		out, note := d.posts("a")
		if out.Model != "" || !strings.HasPrefix(out.Texts["acc"], "Samedi.") || !strings.HasPrefix(note, "No language model is connected") {
			d.Errorf("%+v, %q", out, note)
		}
		r, said, err := d.s.Replies(d.Context(), "a", drafting.ReplyAsk{Brand: d.brand})
		if len(r.Suggestions) != 3 || said == nil || err != nil {
			d.Errorf("%+v, %v, %v", r, said, err)
		}
	})
}

func TestTheDaysBudget(t *testing.T) {
	each(t, func(d *desk) {
		m := &model{tokens: 60}
		d.s.Model, d.s.Budget = m, 100
		for i, want := range []string{"plume", "plume", ""} {
			if out, note := d.posts("a"); out.Model != want || (note == "") != (want != "") {
				d.Errorf("%d: %+v, %q", i, out, note)
			}
		}
		d.settle("b")
		if out, note := d.posts("b"); out.Model != "plume" || note != "" {
			d.Errorf("another team: %+v, %q", out, note)
		}
		d.s.Budget = 0
		if out, _ := d.posts("a"); out.Model != "plume" {
			d.Errorf("without a budget: %+v", out)
		}
		if n, err := storage.Spent(d.Context(), d.s.DB, "a", d.now); n != 180 || err != nil {
			d.Errorf("spent %d, %v", n, err)
		}
	})
}

func TestWhatAModelsFailureBecomes(t *testing.T) {
	each(t, func(d *desk) {
		for reason, want := range map[drafting.Reason]string{
			drafting.Slow: "did not answer in time", drafting.Busy: "no more questions", drafting.Down: "cannot be reached",
			drafting.Key: "OPENAI_API_KEY", drafting.Unknown: "OPENAI_MODEL", drafting.Useless: "did not respect",
		} {
			d.s.Model = &model{tokens: 10, err: &drafting.Error{Reason: reason}}
			if out, note := d.posts("a"); out.Model != "" || out.Texts["acc"] == "" || !strings.Contains(note, want) {
				d.Errorf("%s: %+v, %q", reason, out, note)
			}
		}
		if n, err := storage.Spent(d.Context(), d.s.DB, "a", d.now); n != 60 || err != nil {
			d.Errorf("what failed cost %d, %v", n, err)
		}
		if !strings.Contains(d.log.String(), "reason=key") {
			d.Errorf("the log: %s", d.log)
		}
	})
}

func TestALineIsWrittenByThoseWhoMay(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.Context()
		l, err := d.s.Line(ctx, d.bob, d.brand.ID, "")
		if want := (social.Line{TeamID: "a", BrandID: d.brand.ID, Locale: "fr"}); !cmp.Equal(want, l) || err != nil {
			d.Errorf("one that nobody wrote: %+v, %v", l, err)
		}
		l.Tone, l.Banned = " chaleureux ", []string{"promo", " ", "promo"}
		if _, err := d.s.SaveLine(ctx, d.bob, l); !fault.Is(err, fault.Denied) {
			d.Errorf("a writer: %v", err)
		}
		if _, err := d.s.SaveLine(ctx, d.awa, l); err != nil {
			d.Error(err)
		}
		if _, err := d.s.SaveLine(ctx, d.awa, l); !fault.Is(err, fault.Conflict) {
			d.Errorf("over another's: %v", err)
		}
		got, err := d.s.Line(ctx, d.bob, d.brand.ID, i18n.Fr)
		want := social.Line{TeamID: "a", BrandID: d.brand.ID, Locale: "fr", Tone: "chaleureux", Banned: []string{"promo"}, Rev: 1}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			d.Errorf("%v (-want +got):\n%s", err, diff)
		}
		first, awa := d.brand, d.awa
		d.settle("b")
		if _, err := d.s.Line(ctx, d.awa, first.ID, ""); !fault.Is(err, fault.NotFound) {
			d.Errorf("another team reads: %v", err)
		}
		got.Rev = 1
		if _, err := d.s.SaveLine(ctx, d.awa, got); !fault.Is(err, fault.NotFound) {
			d.Errorf("another team writes: %v", err)
		}
		if _, err := d.s.SaveLine(ctx, awa, got); err != nil {
			d.Errorf("its own: %v", err)
		}
	})
}

func TestALineMustBeSound(t *testing.T) {
	each(t, func(d *desk) {
		for field, l := range map[string]social.Line{
			"tone":     {Tone: strings.Repeat("é", 501)},
			"banned":   {Banned: []string{"!!!"}},
			"required": {Banned: []string{"promo"}, Required: []string{"#promo du jour"}},
			"replies":  {Banned: []string{"désolé"}, Replies: []string{"Désolés", "Je suis DESOLE."}},
			"samples":  {Samples: []string{strings.Repeat("é", 1001)}},
			"themes":   {Themes: many(101)},
		} {
			l.BrandID, l.Locale = d.brand.ID, "fr"
			_, err := d.s.SaveLine(d.Context(), d.awa, l)
			if f, ok := err.(*fault.Error); !ok || f.Field != field {
				d.Errorf("%s: %v", field, err)
			}
		}
	})
}

// many are n different words.
func many(n int) []string {
	var out []string
	for i := range n {
		out = append(out, "mot "+strconv.Itoa(i))
	}
	return out
}
