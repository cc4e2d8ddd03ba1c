package conntest

import (
	"context"
	"errors"
	"testing"
	"time"

	"griot/connectors"

	"github.com/google/go-cmp/cmp"
)

// findsOne fails unless a new connector finds exactly want for r.
func (h *harness) findsOne(t *testing.T, r connectors.Request, want connectors.Receipt) {
	t.Helper()
	found, err := h.open(t).Publish.Find(within(t, patience), stored(t, r))
	if err != nil {
		h.kind(t, err)
		t.Fatalf("find: %v", err)
	}
	if diff := cmp.Diff([]connectors.Receipt{want}, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// finds fails unless a new connector finds n items for r.
func (h *harness) finds(t *testing.T, r connectors.Request, n int) {
	t.Helper()
	found, err := h.open(t).Publish.Find(within(t, patience), stored(t, r))
	if err != nil {
		h.kind(t, err)
		t.Fatalf("find: %v", err)
	}
	if len(found) != n {
		t.Errorf("found %d, want %d: %+v", len(found), n, found)
	}
}

func find(t *testing.T, h *harness) {
	p := h.open(t).Publish
	never := h.prepare(t, p, draft("Jamais"))
	h.finds(t, never, 0)

	d := draft("Deux fois les mêmes mots")
	one, first := h.publish(t, p, d)
	h.findsOne(t, one, first)

	twin := d
	twin.Key = draft("").Key
	two, second := h.publish(t, p, twin)
	if first.RemoteID == second.RemoteID {
		t.Fatalf("two keys made one item %s", first.RemoteID)
	}
	for r, own := range map[connectors.Request]connectors.Receipt{one: first, two: second} {
		found, err := h.open(t).Publish.Find(within(t, patience), r)
		if err != nil {
			t.Fatalf("find: %v", err)
		}
		if len(found) == 0 || len(found) > 2 || len(found) == 1 && found[0] != own {
			t.Errorf("of two alike, found %+v, want %+v alone or both", found, own)
		}
	}
}

func lookingFails(t *testing.T, h *harness) {
	p := h.open(t).Publish
	r, _ := h.publish(t, p, draft("Cherché"))
	for name, c := range map[string]struct {
		fault Fault
		kind  connectors.Kind
	}{
		"500": {Answer(500, `{"error":"x"}`), connectors.Temporary}, "page": {HTML(200), connectors.Temporary},
		"reset": {Reset(), connectors.Temporary}, "cut": {Cut(), connectors.Temporary}, "huge": {Huge(), connectors.Temporary},
		"wrong JSON": {Answer(200, `"what"`), connectors.Temporary}, "drip": {Drip(), connectors.Temporary},
		"429": {Answer(429, `{"error":"x"}`), connectors.Limited}, "401": {Answer(401, `{"error":"x"}`), connectors.SignIn},
	} {
		t.Run(name, func(t *testing.T) {
			h.Faults.Clear()
			h.Faults.On(h.is(Looking), c.fault, Always)
			ctx := within(t, patience)
			if name == "drip" {
				ctx = h.impatient(t, Looking)
			}
			found, err := p.Find(ctx, r)
			h.want(t, err, c.kind)
			if len(found) != 0 {
				t.Errorf("found %+v beside the error", found)
			}
		})
	}
}

func uploadFails(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Limits.Images == 0 {
		t.Log("this network takes no pictures")
		return
	}
	for name, c := range map[string]struct {
		fault Fault
		kind  connectors.Kind
	}{
		"500": {Answer(500, `{"error":"x"}`), connectors.Temporary}, "page": {HTML(200), connectors.Temporary},
		"reset": {Reset(), connectors.Temporary}, "after acceptance": {AcceptThen(Reset()), connectors.Temporary},
		"never": {Never(), connectors.Temporary}, "401": {Answer(401, `{"error":"x"}`), connectors.SignIn},
		"413": {Answer(413, `{"error":"x"}`), connectors.Refused}, "429": {Answer(429, `{"error":"x"}`), connectors.Limited},
	} {
		t.Run(name, func(t *testing.T) {
			h.Faults.Clear()
			h.Faults.On(h.is(Upload), c.fault, Always)
			d := draft("Image")
			d.Media = []connectors.Media{picture(t, 3, "Une image")}
			ctx := within(t, patience)
			if name == "never" {
				ctx = h.impatient(t, Upload)
			}
			_, err := a.Publish.Prepare(ctx, d)
			h.want(t, err, c.kind)
			h.holds(t, d, 0)
		})
	}
}

func crash(t *testing.T, h *harness) {
	d := draft("Avant le reçu")
	r, forgotten := h.publish(t, h.open(t).Publish, d)
	h.findsOne(t, r, forgotten)
	h.holds(t, d, 1)
}

// lostAnswers: the network took it, and nobody said so in a way that can be understood. Once on the wire, and found.
func lostAnswers(t *testing.T, h *harness) {
	for _, c := range []struct {
		name string
		then Fault
	}{
		{"reset", Reset()}, {"cut", Cut()}, {"500", Answer(500, `{"error":"x"}`)}, {"502 page", HTML(502)},
		{"503 with a wait", Answer(503, `{"error":"x"}`, "Retry-After", "1")}, {"408", Answer(408, `{"error":"x"}`)},
		{"page", HTML(200)}, {"wrong JSON", Answer(200, `{"id":`)}, {"other JSON", Answer(200, `[1,2]`)},
		{"no id", Answer(200, `{}`)}, {"empty", Answer(200, ``)}, {"huge", Huge()}, {"drip", Drip()}, {"never", Never()},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.Faults.Clear()
			a := h.open(t)
			d := draft("Réponse perdue")
			r := h.prepare(t, a.Publish, d)
			if err := a.Probe(within(t, patience)); err != nil { // a connection is open and idle now
				t.Fatalf("probe: %v", err)
			}
			h.Faults.On(h.is(Visible), AcceptThen(c.then), Always)
			ctx := within(t, patience)
			if c.name == "drip" || c.name == "never" {
				ctx = h.impatient(t, Visible)
			}
			_, err := a.Publish.Send(ctx, r)
			h.want(t, err, connectors.Unsure)
			if n := h.Faults.Count(h.is(Visible)); n != 1 {
				t.Errorf("%d visible calls, want 1", n)
			}
			if err := h.Faults.WaitIdle(within(t, patience)); err != nil {
				t.Fatalf("the server is still at work: %v", err)
			}
			h.Faults.Clear()
			h.holds(t, d, 1)
			h.finds(t, r, 1)
		})
	}
	t.Run("reset before acceptance", func(t *testing.T) {
		h.Faults.Clear()
		p := h.open(t).Publish
		d := draft("Ligne coupée")
		r := h.prepare(t, p, d)
		h.Faults.On(h.is(Visible), Reset(), Always)
		_, err := p.Send(within(t, patience), r)
		h.want(t, err, connectors.Unsure)
		if n := h.Faults.Count(h.is(Visible)); n != 1 {
			t.Errorf("%d visible calls, want 1", n)
		}
		h.finds(t, r, 0)
		h.holds(t, d, 0)
	})
}

func lateAcceptance(t *testing.T, h *harness) {
	p := h.open(t).Publish
	d := draft("Acceptée après coup")
	r := h.prepare(t, p, d)
	h.Faults.On(h.is(Visible), AcceptLate(), Always)
	_, err := p.Send(h.impatient(t, Visible), r)
	h.want(t, err, connectors.Unsure)
	if err := h.Faults.WaitIdle(within(t, patience)); err != nil {
		t.Fatalf("the late request: %v", err)
	}
	if n := h.Faults.Count(h.is(Visible)); n != 1 {
		t.Errorf("%d visible calls, want 1", n)
	}
	h.holds(t, d, 1)
	h.finds(t, r, 1)
}

func cancelled(t *testing.T, h *harness) {
	p := h.open(t).Publish
	d := draft("Annulée")
	r := h.prepare(t, p, d)

	over, stop := context.WithCancel(t.Context())
	stop()
	_, err := p.Send(over, r)
	h.want(t, err, connectors.Temporary)
	if n := h.Faults.Count(h.is(Visible)); n != 0 {
		t.Errorf("%d visible calls after the deadline, want none", n)
	}

	h.Faults.On(h.is(Visible), Never(), Always)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := p.Send(ctx, r)
		failed <- err
	}()
	if err := h.Faults.WaitFor(within(t, patience), h.is(Visible), 1); err != nil {
		t.Fatalf("the call never came: %v", err)
	}
	cancel()
	select {
	case err = <-failed:
	case <-time.After(patience):
		t.Fatal("a cancelled call does not return")
	}
	h.want(t, err, connectors.Unsure)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the cause is not the cancelling: %v", err)
	}
	h.holds(t, d, 0)
}
