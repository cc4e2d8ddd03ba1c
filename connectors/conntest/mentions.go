package conntest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/social"

	"github.com/google/go-cmp/cmp"
)

// most is how many mentions one reading gives at most.
const most = 100

// mentions: nothing before the beginning, then everything once and in its order, whatever restarts and whatever comes between
// two pages.
func mentions(t *testing.T, h *harness) {
	if h.Mention == nil {
		t.Log("this network does not tell what is said to an account")
		return
	}
	began := h.listen(t)
	want := []string{h.Mention(t, "Un"), h.Mention(t, "Deux"), h.Mention(t, "Trois")}
	first := h.since(t, began)
	if diff := cmp.Diff(want, keys(first.Mentions)); diff != "" {
		t.Fatalf("what was said since the beginning (-want +got):\n%s", diff)
	}
	for i, m := range first.Mentions {
		h.complete(t, m)
		if word := []string{"Un", "Deux", "Trois"}[i]; !strings.Contains(m.Title+m.Text, word) {
			t.Errorf("mention %d says %q %q, want %q in it", i, m.Title, m.Text, word)
		}
	}
	if diff := cmp.Diff(first.Mentions, h.since(t, began).Mentions); diff != "" {
		t.Errorf("the same cursor again after a restart (-first +again):\n%s", diff)
	}
	if got := h.since(t, first.Cursor); len(got.Mentions) != 0 || got.More {
		t.Errorf("nothing was said since, and %q came, more: %v", keys(got.Mentions), got.More)
	}

	want = nil
	for i := range most + 30 {
		want = append(want, h.Mention(t, fmt.Sprintf("Beaucoup %d", i)))
	}
	got, cursor := []string(nil), first.Cursor
	for more := true; more; {
		page := h.since(t, cursor)
		if got = append(got, keys(page.Mentions)...); len(got) > 2*most+60 {
			t.Fatal("the same comes again and again")
		}
		if len(got) < len(want) && !page.More {
			t.Fatalf("%d of %d came, and no more are promised", len(got), len(want))
		}
		if len(got) < most+10 && len(want) == most+30 {
			want = append(want, h.Mention(t, "Entre deux pages"))
		}
		cursor, more = page.Cursor, page.More || len(got) < len(want) && len(page.Mentions) > 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was said, page by page (-want +got):\n%s", diff)
	}
}

// listen begins now, although something was said before.
func (h *harness) listen(t *testing.T) string {
	t.Helper()
	h.Mention(t, "Avant")
	got := h.since(t, "")
	if len(got.Mentions) != 0 || got.Cursor == "" {
		t.Fatalf("an empty cursor gives %q and the cursor %q", keys(got.Mentions), got.Cursor)
	}
	return got.Cursor
}

// since is one reading as after a restart.
func (h *harness) since(t *testing.T, cursor string) connectors.Heard {
	t.Helper()
	a := h.open(t)
	if a.Mentions == nil {
		t.Fatal("the account hears nothing")
	}
	got, err := a.Mentions.Since(within(t, patience), cursor)
	if err != nil {
		h.kind(t, err)
		t.Fatalf("listen: %v", err)
	}
	if len(got.Mentions) > most {
		t.Errorf("%d at once, %d at most", len(got.Mentions), most)
	}
	return got
}

// complete fails unless m says what the network must.
func (h *harness) complete(t *testing.T, m social.Mention) {
	t.Helper()
	answered := m.Remote.ID != "" || h.New().Info().ReadOnly
	if m.Key == "" || m.Kind == "" || m.Text+m.Title == "" || m.Author.Handle == "" || m.SaidAt.IsZero() || !answered {
		t.Errorf("a mention lacks something: %+v", m)
	}
	if m.Language != "" && len(m.Language) != 2 {
		t.Errorf("language %q", m.Language)
	}
	if !strings.HasPrefix(m.URL, "http://") && !strings.HasPrefix(m.URL, "https://") {
		t.Errorf("address %q", m.URL)
	}
	if m.ID+m.TeamID+m.BrandID+m.AccountID+string(m.State) != "" {
		t.Errorf("a connector filled what is not its own: %+v", m)
	}
}

func keys(all []social.Mention) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.Key)
	}
	return out
}

// listeningFails: each failure has its kind, and costs nothing of what was said.
func listeningFails(t *testing.T, h *harness) {
	if h.Mention == nil {
		t.Log("this network does not tell what is said to an account")
		return
	}
	cursor := h.listen(t)
	key := h.Mention(t, "Malgré tout")
	soft := []connectors.Kind{connectors.Temporary, connectors.Refused}
	for _, c := range []struct {
		name  string
		fault Fault
		kinds []connectors.Kind
	}{
		{"401", Answer(401, `{"error":"x"}`), []connectors.Kind{connectors.SignIn}},
		{"403", Answer(403, `{"error":"x"}`), []connectors.Kind{connectors.Refused, connectors.SignIn}},
		{"404", Answer(404, `{"error":"x"}`), []connectors.Kind{connectors.Refused}},
		{"429", Answer(429, `{"error":"x"}`, "Retry-After", "9"), []connectors.Kind{connectors.Limited}},
		{"500", Answer(500, `{"error":"x"}`), []connectors.Kind{connectors.Temporary}},
		{"503 page", HTML(503), []connectors.Kind{connectors.Temporary}},
		{"page", HTML(200), soft},
		{"wrong JSON", Answer(200, `"what"`), soft},
		{"empty JSON", Answer(200, `{}`), soft},
		{"cut", Cut(), []connectors.Kind{connectors.Temporary}},
		{"huge", Huge(), []connectors.Kind{connectors.Temporary}},
		{"reset", Reset(), []connectors.Kind{connectors.Temporary}},
		{"never", Never(), []connectors.Kind{connectors.Temporary}},
		{"drip", Drip(), []connectors.Kind{connectors.Temporary}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := h.open(t)
			h.Faults.Clear()
			h.Faults.On(h.is(Hearing), c.fault, Always)
			ctx := within(t, patience)
			if c.name == "never" || c.name == "drip" {
				ctx = h.impatient(t, Hearing)
			}
			got, err := a.Mentions.Since(ctx, cursor)
			h.want(t, err, c.kinds...)
			if len(got.Mentions) != 0 || got.Cursor != "" {
				t.Errorf("a failure gives %q and the cursor %q", keys(got.Mentions), got.Cursor)
			}
			if e, ok := errors.AsType[*connectors.Error](err); ok && c.name == "429" && e.After != 9*time.Second {
				t.Errorf("wait of %v", e.After)
			}
		})
	}
	h.Faults.Clear()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.open(t).Mentions.Since(ended, cursor)
	h.want(t, err, connectors.Temporary)
	if got := h.since(t, cursor); !cmp.Equal(keys(got.Mentions), []string{key}) {
		t.Errorf("after all failures %q came, want %q", keys(got.Mentions), key)
	}
}
