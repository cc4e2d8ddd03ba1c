package conntest

import (
	"context"
	"testing"
	"time"

	"griot/connectors"
	"griot/social"
)

// answeredAlready: the account's own answer just below an item is seen, and nothing else is taken for one.
func answeredAlready(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Answered == nil {
		t.Log("this network does not tell what was answered")
		return
	}
	if h.Stranger == nil || h.Answer == nil {
		t.Fatal("the account can be asked for its answers, and the target has nobody to answer")
	}
	item := stored(t, h.Stranger(t))
	h.answer(t, item, "")
	theirs := stored(t, h.Answer(t, item))
	h.answer(t, item, "")
	deeper := draft("Merci à vous deux")
	deeper.ReplyTo = &theirs
	h.publish(t, a.Reply, deeper)
	h.answer(t, item, "")

	d := draft("Nous avons répondu")
	d.ReplyTo = &item
	_, own := h.publish(t, a.Reply, d)
	h.answer(t, item, own.URL)
	if err := a.Reply.Remove(within(t, patience), own); err != nil {
		t.Fatalf("remove: %v", err)
	}
	h.until(t, "the answer is forgotten", func(ctx context.Context) bool {
		url, err := h.open(t).Answered(ctx, at(item))
		return h.kind(t, err) == "" && url == ""
	})

	_, gone := h.publish(t, a.Publish, draft("Bientôt retiré"))
	if err := a.Publish.Remove(within(t, patience), gone); err != nil {
		t.Fatalf("remove: %v", err)
	}
	h.until(t, "an item that is gone is refused", func(ctx context.Context) bool {
		_, err := h.open(t).Answered(ctx, at(gone))
		return h.kind(t, err) == connectors.Refused
	})
}

// at is where an item stands, as a mention says it.
func at(r connectors.Receipt) social.Remote { return social.Remote{ID: r.RemoteID, Ref: r.Ref} }

// answer asks as after a restart, and fails unless the answer to item is want.
func (h *harness) answer(t *testing.T, item connectors.Receipt, want string) {
	t.Helper()
	got, err := h.open(t).Answered(within(t, patience), at(item))
	if err != nil {
		h.kind(t, err)
		t.Fatalf("ask: %v", err)
	}
	if got != want {
		t.Errorf("the answer is %q, want %q", got, want)
	}
}

// until asks again and again: a network forgets a moment after it was told to.
func (h *harness) until(t *testing.T, what string, done func(context.Context) bool) {
	t.Helper()
	ctx := within(t, patience)
	for !done(ctx) {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}

// askingFails: each failure has its kind, and is never taken for silence.
func askingFails(t *testing.T, h *harness) {
	if h.open(t).Answered == nil {
		t.Log("this network does not tell what was answered")
		return
	}
	item := at(stored(t, h.Stranger(t)))
	for _, c := range []struct {
		name  string
		fault Fault
		kind  connectors.Kind
	}{
		{"401", Answer(401, `{"error":"x"}`), connectors.SignIn},
		{"404", Answer(404, `{"error":"x"}`), connectors.Refused},
		{"429", Answer(429, `{"error":"x"}`, "Retry-After", "9"), connectors.Limited},
		{"500", Answer(500, `{"error":"x"}`), connectors.Temporary},
		{"503 page", HTML(503), connectors.Temporary},
		{"page", HTML(200), connectors.Temporary},
		{"wrong JSON", Answer(200, `"what"`), connectors.Temporary},
		{"empty JSON", Answer(200, `{}`), connectors.Temporary},
		{"cut", Cut(), connectors.Temporary},
		{"reset", Reset(), connectors.Temporary},
		{"never", Never(), connectors.Temporary},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := h.open(t)
			h.Faults.Clear()
			h.Faults.On(h.is(Asking), c.fault, Always)
			ctx := within(t, patience)
			if c.name == "never" {
				ctx = h.impatient(t, Asking)
			}
			got, err := a.Answered(ctx, item)
			h.want(t, err, c.kind)
			if got != "" {
				t.Errorf("a failure gives the answer %q", got)
			}
		})
	}
}
