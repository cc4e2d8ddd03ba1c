package app_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/accounts"
	"griot/app"
	"griot/connectors/pretend"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
	"griot/team"
)

// The waits of a delivery, short so that hundreds of recoveries fit into a test.
const (
	shortLease = 800 * time.Millisecond
	firstLook  = 100 * time.Millisecond
	secondLook = 300 * time.Millisecond
)

// lane is one installation of Griot, with its own database and its own village, in which process after process dies.
type lane struct {
	*testing.T
	program string // of the children
	engine  storage.Engine
	keys    pretend.Keys
	village *pretend.Server
	env     []string
	where   whereabouts
	by      social.Member
	reader  *storage.DB
	child   *process // nil: none is running
	posts   []*writing
	tally   tally
}

// writing is one post of the test.
type writing struct {
	id    string
	words []string      // text of each part
	held  *pretend.Hold // its call, when the village takes it only after everybody has given up
	after string        // what happened while it left
}

func newLane(t *testing.T, program string, engine storage.Engine, keys pretend.Keys) *lane {
	t.Helper()
	village, err := pretend.NewServer(pretend.Options{Now: time.Now, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(village)
	t.Cleanup(func() { _ = village.Close(); web.Close() }) // in memory: closing cannot fail
	l := &lane{T: t, program: program, engine: engine, keys: keys, village: village, tally: tally{moments: map[string]int{}}}
	o := storage.Options{Folder: t.TempDir(), Clock: time.Now}
	l.env = []string{"GRIOT_ADDR=127.0.0.1:0", "GRIOT_PLAYGROUND=off", "GRIOT_DATA=" + o.Folder, "GRIOT_DATABASE_URL=", "GRIOT_SECRET_KEY=" + accounts.NewKey()}
	if engine == storage.Postgres {
		o.URL = storagetest.Database(t)
		l.env = append(l.env, "GRIOT_DATABASE_URL="+o.URL)
	}
	l.where = whereabouts{Village: web.URL, Lease: shortLease, Looks: [2]time.Duration{firstLook, secondLook}}
	l.settle()
	if l.reader, err = storage.OpenReader(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.reader.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// here is Griot in this process, while no other has the database; nothing of it runs.
func (l *lane) here(f func(*app.App) error) {
	l.Helper()
	a := open(l.T, l.env, app.Parts{Now: time.Now, Mono: func() time.Duration { return 0 }, Village: l.where.Village, Log: slog.New(slog.DiscardHandler), Hear: hurry})
	if err := f(a); err != nil {
		l.Error(err)
	}
	if err := a.DB.Close(); err != nil {
		l.Fatal(err)
	}
}

// open makes Griot from an environment.
func open(t *testing.T, env []string, p app.Parts) *app.App {
	t.Helper()
	cfg, err := app.Read(func(name string) string {
		for _, e := range slices.Backward(env) {
			if v, ok := strings.CutPrefix(e, name+"="); ok {
				return v
			}
		}
		return ""
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// settle makes a team with a brand, an account in the village and a picture.
func (l *lane) settle() {
	l.Helper()
	l.here(func(a *app.App) error {
		start, err := a.Team.Setup(l.Context(), team.SetupRequest{Person: team.Person{Surface: "chat", Workspace: "lune", User: "ana", Name: "Ana", Manager: true},
			Brand: "Lune", Locale: i18n.Fr, Zone: "Europe/Paris", Alone: true})
		if err != nil {
			return err
		}
		l.by = start.Member
		account, err := a.Accounts.Connect(l.Context(), l.by, start.Brand.ID, pretend.ID, map[string]string{"name": "Maison Lune"})
		if err != nil {
			return err
		}
		picture, err := a.Media.Add(l.Context(), l.by.TeamID, "lune.png", moon(l.T))
		l.where.Team, l.where.Member, l.where.Brand, l.where.Account, l.where.Picture = l.by.TeamID, l.by.ID, start.Brand.ID, account.ID, picture.Hash
		return err
	})
}

func moon(t *testing.T) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return &b
}

// run gives an order to the child that runs, or to a new one, and waits for its answer.
func (l *lane) run(o order) answer {
	l.Helper()
	if l.child == nil {
		l.child = launch(l.T, l.program, l.env, l.where, o)
	} else {
		l.child.order(o)
	}
	return l.child.heard()
}

// ended forgets a child that was killed, and counts it.
func (l *lane) ended(moment string) {
	l.Helper()
	l.child.died()
	l.child = nil
	l.tally.kills++
	l.tally.moments[moment]++
}

// deliveries are what has become of a post.
func (l *lane) deliveries(w *writing) []social.Delivery {
	l.Helper()
	ds, err := storage.Deliveries(l.Context(), l.reader, l.where.Team, w.id)
	if err != nil {
		l.Fatal(err)
	}
	return ds
}

// final are the states that only a person changes.
var final = []social.DeliveryState{social.Live, social.Refused, social.Unsure, social.Missed, social.Void, social.Gone}

// drained reports whether everything there is to do for w was done, and told.
func (l *lane) drained(w *writing) bool {
	l.Helper()
	for _, d := range l.deliveries(w) {
		if d.News || !slices.Contains(final, d.State) {
			return false
		}
	}
	return true
}

// drain waits until every post has come to an end.
func (l *lane) drain(ws ...*writing) {
	l.Helper()
	for _, w := range ws {
		if !eventually(func() bool { return l.drained(w) || !l.child.alive() }) || !l.drained(w) {
			l.Fatalf("post %q (%s) never ends: %s\n%s", w.words, w.after, l.state(w), l.child.words())
		}
	}
}

func (l *lane) state(w *writing) string {
	var out []string
	for _, d := range l.deliveries(w) {
		out = append(out, fmt.Sprintf("%s (%s, news %t)", d.State, d.Reason, d.News))
	}
	return strings.Join(out, ", ")
}
