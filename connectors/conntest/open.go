package conntest

import (
	"net/http"
	"slices"
	"testing"

	"griot/connectors"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func info(t *testing.T, h *harness) {
	i := h.New().Info()
	if name := i.Called(); i.ID == "" || name.En == "" || name.Fr == "" || i.Name == "" && !i.ReadOnly {
		t.Errorf("no id or no name: %+v", i)
	}
	if i.About.En == "" || i.About.Fr == "" {
		t.Errorf("about without a language: %+v", i.About)
	}
	for _, s := range i.Secrets {
		if s.Label.En == "" || s.Label.Fr == "" || s.Help.En == "" || s.Help.Fr == "" {
			t.Errorf("secret without a language: %+v", s)
		}
		if s.Key == "" || !slices.Contains([]connectors.SecretKind{connectors.Hidden, connectors.Plain, connectors.Address}, s.Kind) {
			t.Errorf("secret without a key or a kind: %+v", s)
		}
		if s.Kind == connectors.Hidden && s.Default != "" {
			t.Errorf("a hidden secret has a default: %s", s.Key)
		}
	}
	if i.ReadOnly {
		return
	}
	if i.Limits.Length == 0 || i.Limits.Unit == "" {
		t.Errorf("no usual length: %+v", i.Limits)
	}
	if (i.Repeat.For > 0) != (i.Repeat.Seen != "") {
		t.Errorf("a Repeat and how it was seen go together: %+v", i.Repeat)
	}
}

func opening(t *testing.T, h *harness) {
	first := h.open(t)
	if first.RemoteID == "" || first.Handle == "" {
		t.Errorf("account without id or handle: %+v", first)
	}
	if readOnly := h.New().Info().ReadOnly; (first.Publish == nil) != readOnly || readOnly && first.Mentions == nil {
		t.Errorf("account that can do other things than its network says: %+v", first)
	}
	if len(h.credential(nil).Facts) == 0 {
		t.Error("nothing was saved")
	}
	h.Faults.Clear()
	again := h.open(t)
	if n := h.Faults.Count(func(*http.Request) bool { return true }); n != 0 {
		t.Errorf("opening with facts made %d calls", n)
	}
	functions := cmpopts.IgnoreFields(connectors.Account{}, "Probe", "Answered", "Publish", "Reply", "Metrics", "Mentions")
	if diff := cmp.Diff(first, again, functions); diff != "" {
		t.Errorf("the account after a restart (-first +again):\n%s", diff)
	}
	if (first.Reply == nil) != (again.Reply == nil) || (first.Metrics == nil) != (again.Metrics == nil) || (first.Mentions == nil) != (again.Mentions == nil) ||
		(first.Answered == nil) != (again.Answered == nil) {
		t.Error("the account can do other things after a restart")
	}
}

func openingFails(t *testing.T, h *harness) {
	for _, c := range []struct {
		name  string
		fault Fault
		kinds []connectors.Kind
	}{
		{"500", Answer(500, `{"error":"x"}`), []connectors.Kind{connectors.Temporary}},
		{"503 page", HTML(503), []connectors.Kind{connectors.Temporary}},
		{"page", HTML(200), []connectors.Kind{connectors.Temporary, connectors.Refused}},
		{"wrong JSON", Answer(200, `["what"]`), []connectors.Kind{connectors.Temporary, connectors.Refused}},
		{"empty JSON", Answer(200, `{}`), []connectors.Kind{connectors.Temporary, connectors.Refused}},
		{"cut", Cut(), []connectors.Kind{connectors.Temporary}},
		{"huge", Huge(), []connectors.Kind{connectors.Temporary}},
		{"reset", Reset(), []connectors.Kind{connectors.Temporary}},
		{"never", Never(), []connectors.Kind{connectors.Temporary}},
		{"drip", Drip(), []connectors.Kind{connectors.Temporary}},
		{"401", Answer(401, `{"error":"x"}`), []connectors.Kind{connectors.SignIn}},
		{"429", Answer(429, `{"error":"x"}`, "Retry-After", "9"), []connectors.Kind{connectors.Limited}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.Faults.Clear()
			h.Faults.On(h.is(Opening), c.fault, Always)
			ctx := within(t, patience)
			if c.name == "never" || c.name == "drip" {
				ctx = h.impatient(t, Opening)
			}
			_, err := h.New().Open(ctx, h.blank(h.Secrets))
			h.want(t, err, c.kinds...)
		})
	}
	if h.Revoked == nil {
		t.Log("this server takes any secret: revoked ones are not tried")
		return
	}
	h.Faults.Clear()
	_, err := h.New().Open(within(t, patience), h.blank(h.Revoked))
	h.want(t, err, connectors.SignIn)
}

func probe(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Probe == nil {
		t.Fatal("no probe")
	}
	if err := a.Probe(within(t, patience)); err != nil {
		t.Errorf("probe: %v", err)
	}
	for status, kind := range map[int]connectors.Kind{401: connectors.SignIn, 502: connectors.Temporary, 429: connectors.Limited} {
		h.Faults.Clear()
		h.Faults.On(func(*http.Request) bool { return true }, Answer(status, `{"error":"x"}`), Always)
		h.want(t, a.Probe(within(t, patience)), kind)
	}
}
