package bluesky_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/bluesky"
	"griot/connectors/bluesky/blueskytest"
	"griot/connectors/conntest"

	"github.com/google/go-cmp/cmp"
)

// world is the fake server with a clock that is moved by hand.
type world struct {
	t      *testing.T
	server *blueskytest.Server
	faults *conntest.Faults
	base   string
	k      *keeper
	new    func() connectors.Connector

	mu  sync.Mutex // guards at
	at  time.Time
	raw map[string]string // secrets
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), k: new(keeper)}
	w.server = blueskytest.New(w.now)
	w.faults = conntest.NewFaults(w.server)
	w.base = w.faults.Serve(t)
	w.new = newConnector(t, w.now, w.base)
	w.raw = secrets(w.base, blueskytest.Handle, blueskytest.AppPassword)
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func (w *world) open() connectors.Account {
	w.t.Helper()
	a, err := w.new().Open(w.t.Context(), w.k.credential(w.raw))
	if err != nil {
		w.t.Fatalf("open: %v", err)
	}
	return a
}

// calls counts calls of a method, "refreshSession".
func (w *world) calls(method string) int {
	return w.faults.Count(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "."+method) })
}

func wantKind(t *testing.T, err error, want connectors.Kind) {
	t.Helper()
	if err == nil || connectors.KindOf(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestOpenSaysWhoItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.raw[bluesky.Identifier] = "\u202a@alice.test\u202c " // as copied from an app
	a := w.open()
	if diff := cmp.Diff([]string{blueskytest.DID, "@alice.test", "https://bsky.app/profile/alice.test"}, []string{a.RemoteID, a.Handle, a.URL}); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	if home := w.k.facts["home"]; home != w.base {
		t.Errorf("a session that names no home: %q, want the server %q", home, w.base)
	}
}

func TestOpenRefusesASuspendedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Suspend("takendown")
	_, err := w.new().Open(t.Context(), w.k.credential(w.raw))
	wantKind(t, err, connectors.Refused)
	if e, ok := errors.AsType[*connectors.Error](err); ok && e.Words != "takendown" {
		t.Errorf("words %q", e.Words)
	}
}

// TestHomeIsGuarded: a server cannot send us to an address that Griot must not call, and nothing is kept of it.
func TestHomeIsGuarded(t *testing.T) {
	t.Parallel()
	for _, home := range []string{"http://127.0.0.1:1", "http://localhost/", "https://user:pass@x.example"} {
		w := newWorld(t)
		w.server.Move(home)
		_, err := w.new().Open(t.Context(), w.k.credential(w.raw))
		wantKind(t, err, connectors.Refused)
		if w.k.facts != nil {
			t.Errorf("%s was kept", home)
		}
	}
}

func TestTokensAreRenewedInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	w.pass(blueskytest.AccessLife / 5 * 4)
	w.pass(-time.Second)
	if err := a.Probe(t.Context()); err != nil || w.calls("refreshSession") != 0 {
		t.Fatalf("before four fifths: %v, %d renewals", err, w.calls("refreshSession"))
	}
	w.pass(2 * time.Second)
	before := maps.Clone(w.k.facts)
	if _, err := a.Publish.Prepare(t.Context(), draft("Bonjour")); err != nil || w.calls("refreshSession") != 1 {
		t.Fatalf("after: %v, %d renewals", err, w.calls("refreshSession"))
	}
	if w.k.facts["access"] == before["access"] || w.k.facts["refresh"] == before["refresh"] {
		t.Error("the new tokens were not kept")
	}
	if n := w.calls("createSession"); n != 1 {
		t.Errorf("signed in %d times", n)
	}
}

func TestManyAskAndOneRenews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	w.pass(blueskytest.AccessLife)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := a.Probe(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.calls("refreshSession"); n != 1 {
		t.Errorf("renewed %d times", n)
	}
}

// TestServerForgetsTokens: it was given new keys. The app password opens a new session, in the middle of any safe call.
func TestServerForgetsTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	w.server.Forget()
	d := draft("Image")
	d.Media = []connectors.Media{picture(t, "Gris")}
	if _, got := publish(t, a.Publish, d); got.RemoteID == "" {
		t.Error("not published")
	}
	if n := w.calls("createSession"); n != 2 {
		t.Errorf("signed in %d times, want twice", n)
	}
}

func TestSendNeverRenews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	req, err := a.Publish.Prepare(t.Context(), draft("Trop tard"))
	if err != nil {
		t.Fatal(err)
	}
	w.pass(blueskytest.AccessLife)
	w.faults.Clear()
	_, err = a.Publish.Send(t.Context(), req)
	wantKind(t, err, connectors.Temporary)
	if n := w.faults.Count(func(*http.Request) bool { return true }); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
	if found, err := a.Publish.Find(t.Context(), req); err != nil || len(found) != 0 { // renews
		t.Fatalf("find: %+v, %v", found, err)
	}
	if _, err := a.Publish.Send(t.Context(), req); err != nil {
		t.Errorf("after a look: %v", err)
	}
}

func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	w.server.Revoke()
	if err := a.Probe(t.Context()); err != nil {
		t.Fatalf("a token that still lives: %v", err)
	}
	w.pass(blueskytest.AccessLife)
	_, err := a.Publish.Prepare(t.Context(), draft("Non"))
	wantKind(t, err, connectors.SignIn)
	_, err = a.Metrics.OfAccount(t.Context())
	wantKind(t, err, connectors.SignIn)
}

// TestAnotherAccountBehindTheName: the same words open another account now. What was approved for the first never goes there.
func TestAnotherAccountBehindTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	w.server.Become("did:plc:mallory")
	w.server.Forget()
	_, err := a.Publish.Prepare(t.Context(), draft("Pour Alice"))
	wantKind(t, err, connectors.SignIn)
	if w.k.facts["did"] != blueskytest.DID {
		t.Error("the other account was kept")
	}
}

// TestAnotherProcessRenewed: its tokens are in storage, ours are not kept, and opening again goes on with them.
func TestAnotherProcessRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open()
	c := w.k.credential(w.raw)
	c.Save = func(context.Context, map[string]string) error { return fmt.Errorf("save: %w", connectors.ErrRaced) }
	slow, err := w.new().Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	w.pass(blueskytest.AccessLife)
	fast := w.open()
	if err := fast.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := maps.Clone(w.k.facts)
	err = slow.Probe(t.Context())
	wantKind(t, err, connectors.Temporary)
	if !errors.Is(err, connectors.ErrRaced) {
		t.Errorf("the reason is lost: %v", err)
	}
	if diff := cmp.Diff(kept, w.k.facts); diff != "" {
		t.Errorf("facts changed:\n%s", diff)
	}
	if err := w.open().Probe(t.Context()); err != nil {
		t.Errorf("opened again: %v", err)
	}
}

func TestProbeLearnsANewHandle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	w.server.Rename("maison.example")
	if err := a.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.open(); got.Handle != "@maison.example" || got.RemoteID != blueskytest.DID {
		t.Errorf("%q %q", got.Handle, got.RemoteID)
	}
	w.server.Rename("handle.invalid")
	if err := a.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.open(); got.Handle != "@maison.example" {
		t.Errorf("a handle that leads nowhere was kept: %q", got.Handle)
	}
}
