package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/accounts"
	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

const renewed = "r3newed-t0ken-of-the-house"

// right is what a workspace gives.
func (w world) right(workspace string) accounts.Install {
	return accounts.Install{Surface: "slack", Workspace: workspace, Name: "Maison", App: "A1", BotUser: "U0", InstalledBy: "U1",
		Scopes: []string{"chat:write", "commands"}, Token: token, Refresh: "refresh-" + token, Expires: w.now.Add(12 * time.Hour)}
}

// installed is a world in which the workspaces of both teams, and one of nobody, have given their right.
func (w world) installed() *accounts.Installs {
	w.Helper()
	ctx := w.Context()
	s := accounts.NewInstalls(w.db, w.key())
	s.Log = slog.New(slog.NewTextHandler(w.log, nil))
	w.ok(w.db.InTx(ctx, func(tx *storage.Tx) error {
		for team, workspace := range map[string]string{"tem_1": "T1", "tem_2": "T2"} {
			if _, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: team, Surface: "slack", Workspace: workspace, Name: workspace}); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, workspace := range []string{"T1", "T2", "T3"} {
		w.ok(s.Save(ctx, w.right(workspace)))
	}
	return s
}

func (w world) key() *accounts.Seal {
	w.Helper()
	seal, err := accounts.NewSeal(accounts.NewKey())
	w.ok(err)
	return seal
}

// renew is a chat that gives new tokens, and counts.
func renew(calls *atomic.Int64) func(context.Context, accounts.Install) (accounts.Install, error) {
	return func(_ context.Context, was accounts.Install) (accounts.Install, error) {
		was.Token, was.Refresh = renewed, fmt.Sprint("refresh-", calls.Add(1), "-", renewed)
		was.Expires = was.Expires.Add(12 * time.Hour)
		return was, nil
	}
}

func TestARightToSpeakIsKeptSealed(t *testing.T) {
	each(t, func(w world) {
		ctx, s := w.Context(), w.installed()
		want := w.right("T1")
		want.Rev = 1
		got, err := s.Get(ctx, "slack", "T1")
		w.ok(err)
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("right (-given +kept):\n%s", diff)
		}
		_, err = s.Get(ctx, "discord", "T1")
		w.wants(err, fault.NotFound)
		x, err := storage.Installation(ctx, w.db, "slack", "T1")
		w.ok(err)
		if strings.Contains(fmt.Sprintf("%+v", x), token) {
			w.Errorf("the database has the token: %+v", x)
		}
		x.Workspace = "T2" // somebody moves sealed tokens to another workspace
		w.ok(w.db.InTx(ctx, func(tx *storage.Tx) error { return tx.PutInstallation(ctx, x) }))
		_, err = s.Get(ctx, "slack", "T2")
		w.quiet(err)
		all, cannot := s.All(ctx, "slack")
		if err == nil || cannot == nil || len(all) != 2 {
			w.Errorf("moved tokens open: %v, %v; %d others", err, cannot, len(all))
		}
	})
}

func TestATokenIsRenewedByOneAtATime(t *testing.T) {
	each(t, func(w world) {
		s := w.installed()
		var calls atomic.Int64
		var all sync.WaitGroup
		begun := make(chan struct{})
		for range 8 {
			all.Go(func() {
				<-begun
				got, err := s.Rotate(w.Context(), "slack", "T1", func(ctx context.Context, was accounts.Install) (accounts.Install, error) {
					return renew(&calls)(ctx, was)
				})
				if err != nil || got.Token != renewed {
					w.Errorf("%v, %v", got.Token == renewed, err)
				}
			})
		}
		close(begun)
		all.Wait()
		got, err := s.Get(w.Context(), "slack", "T1")
		w.ok(err)
		if got.Rev != calls.Load()+1 || got.Refresh != fmt.Sprint("refresh-", calls.Load(), "-", renewed) {
			w.Errorf("after %d renewals: %+v", calls.Load(), got)
		}
	})
}

// TestTwoProcessesRenewOneTokenOnce: the second one waits while the first asks the chat, and takes what it got.
func TestTwoProcessesRenewOneTokenOnce(t *testing.T) {
	url := storagetest.Database(t)
	seal, err := accounts.NewSeal(accounts.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	var processes []*accounts.Installs
	var db *storage.DB
	for range 2 {
		db = storagetest.Open(t, storage.Options{URL: url, Clock: time.Now, DatabaseClock: true})
		processes = append(processes, accounts.NewInstalls(db, seal))
	}
	err = processes[0].Save(t.Context(), accounts.Install{Surface: "slack", Workspace: "T1", Token: token, Refresh: token})
	if err != nil {
		t.Fatal(err)
	}
	var calls atomic.Int64
	var second sync.WaitGroup
	slow := func(ctx context.Context, was accounts.Install) (accounts.Install, error) {
		second.Go(func() {
			got, err := processes[1].Rotate(t.Context(), "slack", "T1", renew(&calls))
			if err != nil || got.Token != renewed || got.Rev != 2 {
				t.Errorf("the second process: revision %d, %v", got.Rev, err)
			}
		})
		waits(t, db)
		return renew(&calls)(ctx, was)
	}
	if got, err := processes[0].Rotate(t.Context(), "slack", "T1", slow); err != nil || got.Token != renewed {
		t.Errorf("the first process: %v", err)
	}
	second.Wait()
	if n := calls.Load(); n != 1 {
		t.Errorf("the chat was asked %d times", n)
	}
}

// waits returns once somebody waits for a lock of the database.
func waits(t *testing.T, db *storage.DB) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for n := 0; n == 0; {
		err := db.Pool().QueryRowContext(t.Context(), `
SELECT COUNT(*)
FROM pg_locks
WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())`).Scan(&n)
		if err != nil {
			t.Error(err)
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Error("nobody waits for the lock")
			return
		}
	}
}

// away makes the database refuse to store rights, until it is told to take them again.
func (w world) away() (back func()) {
	w.Helper()
	rename := func(from, to string) {
		if _, err := w.db.Pool().ExecContext(context.WithoutCancel(w.Context()), `ALTER TABLE `+from+` RENAME TO `+to); err != nil {
			w.Error(err)
		}
	}
	rename("installations", "elsewhere")
	return func() { rename("elsewhere", "installations") }
}

// hearing calls f when something is logged.
type hearing struct {
	slog.Handler
	f func()
}

func (h hearing) Handle(ctx context.Context, r slog.Record) error {
	h.f()
	return h.Handler.Handle(ctx, r)
}

func TestRenewedTokensAreKeptInHandUntilTheDatabaseTakesThem(t *testing.T) {
	each(t, func(w world) {
		s := w.installed()
		var calls atomic.Int64
		back := func() {}
		s.Log = slog.New(hearing{slog.NewTextHandler(w.log, nil), func() { back(); back = func() {} }})
		ctx, leave := context.WithCancel(w.Context())
		got, err := s.Rotate(ctx, "slack", "T1", func(ctx context.Context, was accounts.Install) (accounts.Install, error) {
			back = w.away()
			leave() // nor does the caller's impatience lose them
			return renew(&calls)(ctx, was)
		})
		w.ok(err)
		stored, err := s.Get(w.Context(), "slack", "T1")
		w.ok(err)
		if diff := cmp.Diff(got, stored); diff != "" || stored.Token != renewed || calls.Load() != 1 {
			w.Errorf("asked %d times (-returned +stored):\n%s", calls.Load(), diff)
		}
	})
}

func TestARenewalGivesWayToWhatCameMeanwhile(t *testing.T) {
	each(t, func(w world) {
		s := w.installed()
		var calls atomic.Int64
		anew := w.right("T1")
		anew.Token = "given-anew"
		got, err := s.Rotate(w.Context(), "slack", "T1", func(ctx context.Context, was accounts.Install) (accounts.Install, error) {
			w.ok(s.Save(ctx, anew))
			return renew(&calls)(ctx, was)
		})
		if err != nil || got.Token != "given-anew" {
			w.Errorf("a right that was given anew was overwritten: %+v, %v", got, err)
		}
		_, err = s.Rotate(w.Context(), "slack", "T1", func(ctx context.Context, was accounts.Install) (accounts.Install, error) {
			_, err := s.Remove(ctx, "slack", "T1")
			w.ok(err)
			return renew(&calls)(ctx, was)
		})
		w.wants(err, fault.NotFound)
		_, err = s.Rotate(w.Context(), "slack", "T1", renew(&calls))
		w.wants(err, fault.NotFound)
		same, err := s.Rotate(w.Context(), "slack", "T2", func(_ context.Context, was accounts.Install) (accounts.Install, error) { return was, nil })
		if err != nil || same.Rev != 1 || calls.Load() != 2 {
			w.Errorf("a token that is still good was written: %+v, %v; asked %d times", same, err, calls.Load())
		}
	})
}

func TestARefusedRenewalSaysNoTokenAndKeepsWhatWas(t *testing.T) {
	each(t, func(w world) {
		s := w.installed()
		over := errors.New("the right has ended")
		_, err := s.Rotate(w.Context(), "slack", "T1", func(_ context.Context, was accounts.Install) (accounts.Install, error) {
			return accounts.Install{}, fmt.Errorf("post token=%s&refresh=%s: %w", was.Token, was.Refresh, over)
		})
		w.quiet(err)
		if !errors.Is(err, over) {
			w.Errorf("error %v", err)
		}
		if _, err := s.Rotate(w.Context(), "slack", "T1", func(context.Context, accounts.Install) (accounts.Install, error) {
			return accounts.Install{}, nil
		}); err == nil {
			w.Error("an answer without a token is taken")
		}
		if got, err := s.Get(w.Context(), "slack", "T1"); err != nil || got.Token != token {
			w.Errorf("%v, %v", got.Token == token, err)
		}
	})
}

func TestARemovedWorkspaceIsToldToItsAdminsOnce(t *testing.T) {
	each(t, func(w world) {
		ctx, s := w.Context(), w.installed()
		for _, want := range []bool{true, false} {
			if was, err := s.Remove(ctx, "slack", "T1"); err != nil || was != want {
				w.Errorf("removed %v, %v; want %v", was, err, want)
			}
		}
		if was, err := s.Remove(ctx, "slack", "T3"); err != nil || !was {
			w.Errorf("a workspace of no team: %v, %v", was, err)
		}
		x, err := storage.Installation(ctx, w.db, "slack", "T1")
		w.ok(err)
		if x.Secrets != "" || x.Active || x.Name != "Maison" {
			w.Errorf("what is left of it: %+v", x)
		}
		if all, err := s.All(ctx, "slack"); err != nil || len(all) != 1 || all[0].Workspace != "T2" {
			w.Errorf("the others: %+v, %v", all, err)
		}
		w.ok(s.Save(ctx, w.right("T1")))
		if _, err := s.Remove(ctx, "slack", "T1"); err != nil {
			w.Error(err)
		}
		if diff := cmp.Diff([]string{"awa 2026-03-02.2", "awa 2026-03-02.4"}, w.notices()); diff != "" {
			w.Errorf("notices of two removals (-want +got):\n%s", diff)
		}
	})
}

func TestAnInstallationIsEndedOnceWithinTenMinutes(t *testing.T) {
	each(t, func(w world) {
		ctx, s := w.Context(), accounts.NewInstalls(w.db, w.key())
		state := func() string {
			x, err := s.NewState(ctx, "slack")
			w.ok(err)
			return x
		}
		good := state()
		w.wants(s.UseState(ctx, "discord", good), fault.NotFound)
		w.ok(s.UseState(ctx, "slack", good))
		w.wants(s.UseState(ctx, "slack", good), fault.NotFound)
		w.wants(s.UseState(ctx, "slack", ""), fault.NotFound)
		late := state()
		if late == good || len(late) != 64 {
			w.Errorf("state %q", late)
		}
		*w.now = w.now.Add(10 * time.Minute)
		w.wants(s.UseState(ctx, "slack", late), fault.NotFound)
	})
}
