package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/accounts"
	"griot/app"
	"griot/connectors/pretend"
	"griot/delivery"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
	"griot/team"
)

// act is something a person does that ends the right to send. It reports whether it was confirmed that nothing more leaves.
type act struct {
	name string
	do   func(*stage, *scene) (bool, error)
}

var acts = []act{
	{"cancel", func(s *stage, x *scene) (bool, error) { return s.move(x, social.Cancel) }},
	{"unschedule", func(s *stage, x *scene) (bool, error) { return s.move(x, social.Unschedule) }},
	{"edit", func(s *stage, x *scene) (bool, error) {
		_, err := s.app.Publishing.Edit(s.Context(), s.by, x.post, 0, publishing.Content{Text: "Tout autre chose", Accounts: []string{x.account}})
		return err == nil, ignoreRefusal(err)
	}},
	{"pause", func(s *stage, x *scene) (bool, error) {
		leaving, err := s.app.Publishing.Pause(s.Context(), s.by, x.brand)
		return err == nil && len(leaving) == 0, err
	}},
	{"remove the account", func(s *stage, x *scene) (bool, error) {
		if _, err := s.app.Accounts.Remove(s.Context(), s.by, x.account); err != nil {
			return false, err
		}
		return s.delivery(x).State == social.Void, nil
	}},
}

// manner is how the act meets the delivery.
type manner string

const (
	inBetween manner = "in between"  // the delivery goes on once the act is done
	atOneTime manner = "at one time" // both go on at the same time
	orphaned  manner = "orphaned"    // the act is done, and the delivery is left there for another to go on
)

// stage is Griot in this process, with one act tried against everything.
type stage struct {
	*testing.T
	app     *app.App
	village *pretend.Server
	by      social.Member

	mu   sync.Mutex
	hook func(step string) // guarded by mu

	under sync.WaitGroup // hooks that run
}

// scene is one post that is stopped while it leaves.
type scene struct {
	brand, account, post string
	words                []string
}

// TestStopRaces stops posts at every step of their delivery, in every way. What was confirmed as stopped never appears,
// and what was not stays whole. It runs in the program of the children, which is quick.
func TestStopRaces(t *testing.T) {
	if os.Getenv(crashChild) == "" {
		cmd := exec.CommandContext(t.Context(), build(t), "-test.run=^TestStopRaces$", "-test.v")
		cmd.Env = append(os.Environ(), crashChild+"=stops")
		out, err := cmd.CombinedOutput()
		if t.Log(string(out)); err != nil {
			t.Error(err)
		}
		if strings.Contains(string(out), "--- SKIP") {
			t.Skip("PostgreSQL is not there")
		}
		return
	}
	var running sync.WaitGroup
	for _, engine := range []storage.Engine{storage.SQLite, storage.Postgres} {
		for _, a := range acts {
			running.Go(func() {
				t.Run(string(engine)+" "+a.name, func(t *testing.T) { newStage(t, engine).all(a) })
			})
		}
	}
	running.Wait()
}

func newStage(t *testing.T, engine storage.Engine) *stage {
	t.Helper()
	village, err := pretend.NewServer(pretend.Options{Now: time.Now, Keys: pretend.Ignored})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(village)
	t.Cleanup(func() { _ = village.Close(); web.Close() }) // in memory: closing cannot fail
	s := &stage{T: t, village: village}
	env := []string{"GRIOT_PLAYGROUND=off", "GRIOT_DATA=" + t.TempDir(), "GRIOT_SECRET_KEY=" + accounts.NewKey()}
	if engine == storage.Postgres {
		env = append(env, "GRIOT_DATABASE_URL="+storagetest.Database(t))
	}
	born := time.Now()
	s.app = open(t, env, app.Parts{Now: time.Now, Mono: func() time.Duration { return time.Since(born) }, Village: web.URL, Log: slog.New(slog.DiscardHandler),
		Tune: func(o *delivery.Options) {
			o.Lease, o.Looks, o.Idle, o.Step = 2*shortLease, [2]time.Duration{firstLook, secondLook}, 100*time.Millisecond, s.step
		}})
	start, err := s.app.Team.Setup(t.Context(), team.SetupRequest{Person: team.Person{Surface: "chat", Workspace: "lune", User: "ana", Name: "Ana", Manager: true},
		Brand: "Lune", Locale: i18n.Fr, Zone: "Europe/Paris", Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	s.by = start.Member
	return s
}

func (s *stage) step(name string) {
	s.mu.Lock()
	hook := s.hook
	if hook != nil {
		s.under.Add(1)
		defer s.under.Done()
	}
	s.mu.Unlock()
	if hook != nil {
		hook(name)
	}
}

func (s *stage) at(hook func(string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

// all tries an act at every step of the first two parts of a thread.
func (s *stage) all(a act) {
	ctx, stop := context.WithCancel(s.Context())
	over := make(chan error, 1)
	go func() { over <- s.app.Delivery.Run(ctx) }()
	confirmed := 0
	for _, m := range moments() {
		if s.try(a, m) {
			confirmed++
		}
	}
	stop()
	if err := <-over; err != nil {
		s.Error(err)
	}
	if err := s.app.DB.Close(); err != nil {
		s.Error(err)
	}
	s.Logf("%d tried, %d confirmed as stopped", len(moments()), confirmed)
	if confirmed == 0 {
		s.Error("nothing was ever stopped")
	}
}

// moment is when and how an act meets a delivery.
type moment struct {
	step string
	nth  int
	how  manner
}

func (m moment) String() string { return fmt.Sprintf("%s %s %d", m.how, m.step, m.nth) }

// moments are every step of the first part of a thread, and those of the second that differ.
func moments() []moment {
	out := []moment{{delivery.StepClaiming, 1, inBetween}, {delivery.StepClaimed, 1, inBetween}}
	for _, step := range partEach {
		out = append(out, moment{step, 1, inBetween}, moment{step, 1, orphaned})
	}
	for _, step := range []string{delivery.StepPrepared, delivery.StepArmed, delivery.StepRecorded} {
		out = append(out, moment{step, 2, inBetween})
	}
	for _, step := range []string{delivery.StepClaiming, delivery.StepClaimed, delivery.StepPrepared, delivery.StepRecorded} {
		out = append(out, moment{step, 1, atOneTime})
	}
	return out
}

// try brings one post out and stops it, and reports whether that was confirmed.
func (s *stage) try(a act, m moment) bool {
	s.Helper()
	name := m.String()
	x := s.scene(name)
	done := make(chan struct{})
	var ok bool
	var there []int
	stop := func() {
		defer close(done)
		var err error
		if ok, err = a.do(s, x); err != nil {
			s.Errorf("%s: %v", name, err)
		}
		there = s.there(x)
	}
	var hit atomic.Bool
	seen, approved := 0, make(chan struct{})
	s.at(func(at string) {
		if at != m.step {
			return
		}
		if seen++; seen != m.nth { // one post leaves at a time, so the steps come one after the other
			return
		}
		hit.Store(true)
		<-approved
		if m.how == atOneTime {
			go stop()
			return
		}
		stop()
		if m.how == orphaned {
			runtime.Goexit()
		}
	})
	if _, err := s.app.Publishing.Move(s.Context(), s.by, x.post, 0, social.Approve, social.Change{}); err != nil {
		s.Fatal(err)
	}
	close(approved)
	reached := func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
	// A busy machine may make a call outlast its deadline; then the moment may not come.
	if !eventually(func() bool { return reached() || !hit.Load() && s.over(x) }) {
		s.Fatalf("%s: never reached: %s", name, s.delivery(x).State)
	}
	s.at(nil)
	s.under.Wait() // a step that was reached just before may only now begin to stop
	if hit.Load() {
		<-done
	}
	if !reached() {
		return false
	}
	s.ends(name, x)
	now := s.there(x)
	for i, n := range now {
		switch {
		case n > 1:
			s.Errorf("%s: %q is there %d times", name, x.words[i], n)
		case ok && n != there[i]:
			s.Errorf("%s: %q appeared after it was confirmed as stopped", name, x.words[i])
		case i > 0 && n > now[i-1]:
			s.Errorf("%s: %q is there without what it follows", name, x.words[i])
		}
	}
	return ok
}
