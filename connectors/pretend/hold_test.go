package pretend_test

import (
	"context"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/pretend"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// patience is how long anything may take that is expected to happen.
const patience = 20 * time.Second

// open connects an account by name.
func open(t *testing.T, base, name string) connectors.Account {
	t.Helper()
	a, err := pretend.New(base, guard(t, base)).Open(t.Context(), connectors.Credential{
		Secrets: map[string]string{"name": name},
		Save:    func(context.Context, map[string]string) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// prepare makes the request of one part.
func prepare(t *testing.T, a connectors.Account, text string) connectors.Request {
	t.Helper()
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: "key-" + text, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	r.Armed = time.Now()
	return r
}

// sending sends r in the background. dead ends the client's side.
func sending(t *testing.T, a connectors.Account, r connectors.Request) (failed <-chan error, dead context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	out := make(chan error, 1)
	go func() {
		_, err := a.Publish.Send(ctx, r)
		out <- err
	}()
	return out, cancel
}

func wait[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("nothing happened")
		panic("unreachable")
	}
}

func TestHoldStopsACallAtEachStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step     pretend.Step
		accepted int // while it is held
	}{{pretend.Begun, 0}, {pretend.Arrived, 0}, {pretend.Accepted, 1}, {pretend.Answered, 1}} {
		t.Run(string(c.step), func(t *testing.T) {
			t.Parallel()
			s := village(t, pretend.Options{})
			a := open(t, serve(t, s), "Maison Lune")
			at := pretend.Point{Call: pretend.PostCall, Step: c.step, Content: "Bonjour"}
			if c.step == pretend.Begun {
				at.Content = ""
			}
			h := s.Hold(at)
			failed, _ := sending(t, a, prepare(t, a, "Bonjour"))
			wait(t, h.Reached())
			if got := s.Accepted("Bonjour"); got != c.accepted {
				t.Errorf("%d accepted while held, want %d", got, c.accepted)
			}
			h.Release()
			if err := wait(t, failed); err != nil {
				t.Errorf("after release: %v", err)
			}
			if got := s.Live("Bonjour"); got != 1 {
				t.Errorf("%d live, want 1", got)
			}
		})
	}
}

func TestHeldCallIsAcceptedAfterItsClientDied(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{Keys: pretend.Ignored})
	a := open(t, serve(t, s), "Maison Lune")
	at := s.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Arrived})
	after := s.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Accepted})
	r := prepare(t, a, "Trop tard")
	failed, dead := sending(t, a, r)
	wait(t, at.Reached())
	dead()
	if err := wait(t, failed); connectors.KindOf(err) != connectors.Unsure {
		t.Errorf("a client that gave up: %v", err)
	}
	at.Release()
	wait(t, after.Reached())
	after.Release()
	found, err := a.Publish.Find(t.Context(), r)
	if err != nil || len(found) != 1 || s.Accepted("Trop tard") != 1 {
		t.Errorf("found %+v, %v; %d accepted", found, err, s.Accepted("Trop tard"))
	}
}

func TestDropCutsTheLine(t *testing.T) {
	t.Parallel()
	for step, accepted := range map[pretend.Step]int{pretend.Begun: 0, pretend.Arrived: 0, pretend.Accepted: 1} {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			s := village(t, pretend.Options{})
			a := open(t, serve(t, s), "Maison Lune")
			h := s.Hold(pretend.Point{Call: pretend.PostCall, Step: step})
			failed, _ := sending(t, a, prepare(t, a, "Coupé"))
			wait(t, h.Reached())
			h.Drop()
			h.Release() // too late: it was dropped
			if err := wait(t, failed); connectors.KindOf(err) != connectors.Unsure {
				t.Errorf("after the line was cut: %v", err)
			}
			if got := s.Accepted("Coupé"); got != accepted {
				t.Errorf("%d accepted, want %d", got, accepted)
			}
		})
	}
}

func TestCloseLetsGoOfHeldCallsWithoutEffect(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	h := s.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Arrived})
	failed, _ := sending(t, a, prepare(t, a, "Jamais"))
	wait(t, h.Reached())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := wait(t, failed); connectors.KindOf(err) != connectors.Unsure {
		t.Errorf("after closing: %v", err)
	}
	if s.Accepted("Jamais") != 0 {
		t.Error("a held call had its effect after closing")
	}
}

func TestLogTellsRepeats(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	r := prepare(t, a, "Deux fois")
	var ids []string
	for range 2 {
		got, err := a.Publish.Send(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, got.RemoteID)
	}
	want := []pretend.Record{
		{Handle: "maison-lune", Key: r.Key, Content: "Deux fois", PostID: ids[0]},
		{Handle: "maison-lune", Key: r.Key, Content: "Deux fois", PostID: ids[0], Repeat: true},
	}
	if diff := cmp.Diff(want, s.Log(), cmpopts.IgnoreFields(pretend.Record{}, "At")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if s.Accepted("Deux fois") != 1 || ids[0] != ids[1] {
		t.Errorf("a key that is honoured made two posts: %v", ids)
	}
}
