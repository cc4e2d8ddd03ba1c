package conntest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/social"
)

// patience is how long anything may take that is expected to happen.
const patience = 30 * time.Second

// short is how long a call goes on, once it has arrived, that would never end by itself.
const short = 200 * time.Millisecond

// harness keeps what Griot itself would keep: the facts, and all that was said in errors and logs.
type harness struct {
	Target
	mu    sync.Mutex // guards what follows
	facts map[string]string
	said  []string
}

// is matches requests of a role.
func (h *harness) is(r Role) Match { return func(q *http.Request) bool { return h.Role(q) == r } }

func (h *harness) credential(secrets map[string]string) connectors.Credential {
	h.mu.Lock()
	defer h.mu.Unlock()
	return connectors.Credential{
		Secrets: maps.Clone(secrets),
		Facts:   maps.Clone(h.facts),
		Save: func(_ context.Context, facts map[string]string) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.facts = maps.Clone(facts)
			return nil
		},
		Log: func(_ context.Context, what string) { h.note(what) },
	}
}

// blank is a credential about which nothing is known, and which remembers nothing.
func (h *harness) blank(secrets map[string]string) connectors.Credential {
	c := h.credential(secrets)
	c.Facts = map[string]string{}
	c.Save = func(context.Context, map[string]string) error { return nil }
	return c
}

func (h *harness) note(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said = append(h.said, what)
}

// kind is the kind of err, which is kept for the search for secrets.
func (h *harness) kind(t *testing.T, err error) connectors.Kind {
	t.Helper()
	if err == nil {
		return ""
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		h.note(e.Error())
	}
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		t.Errorf("error without a kind: %T %v", err, err)
		return connectors.Unsure
	}
	h.note(e.Words)
	if e.Network == "" {
		t.Errorf("error without its network: %v", err)
	}
	return e.Kind
}

// want fails unless err has one of kinds.
func (h *harness) want(t *testing.T, err error, kinds ...connectors.Kind) {
	t.Helper()
	if k := h.kind(t, err); !slices.Contains(kinds, k) {
		t.Errorf("kind %q, want one of %q: %v", k, kinds, err)
	}
}

// open is a new connector and its account, as after a restart.
func (h *harness) open(t *testing.T) connectors.Account {
	t.Helper()
	a, err := h.New().Open(within(t, patience), h.credential(h.Secrets))
	if err != nil {
		h.kind(t, err)
		t.Fatalf("open: %v", err)
	}
	return a
}

// draft is a part with words that nothing else in the test has.
func draft(words string) connectors.Draft {
	key := strings.ToLower(rand.Text())
	return connectors.Draft{Key: key, At: time.Now(), Locale: "en", Text: words + " " + key[:12]}
}

// prepare returns the request as it comes back from the database, armed.
func (h *harness) prepare(t *testing.T, p connectors.Publisher, d connectors.Draft) connectors.Request {
	t.Helper()
	r, err := p.Prepare(within(t, patience), d)
	if err != nil {
		h.kind(t, err)
		t.Fatalf("prepare: %v", err)
	}
	if r.Key != d.Key {
		t.Errorf("request has key %q, want the draft's %q", r.Key, d.Key)
	}
	r.Armed = time.Now()
	return stored(t, r)
}

// publish prepares and sends d, which must work.
func (h *harness) publish(t *testing.T, p connectors.Publisher, d connectors.Draft) (connectors.Request, connectors.Receipt) {
	t.Helper()
	r := h.prepare(t, p, d)
	got, err := p.Send(within(t, patience), r)
	if err != nil {
		h.kind(t, err)
		t.Fatalf("send: %v", err)
	}
	return r, h.live(t, p, got)
}

// live waits for a pending receipt to be live, and checks its form.
func (h *harness) live(t *testing.T, p connectors.Publisher, r connectors.Receipt) connectors.Receipt {
	t.Helper()
	ctx := within(t, patience)
	for r = stored(t, r); r.Pending; r = stored(t, r) {
		select {
		case <-time.After(min(r.Again, 50*time.Millisecond)):
		case <-ctx.Done():
			t.Fatal("a receipt stays pending")
		}
		var err error
		if r, err = p.Check(ctx, r); err != nil {
			h.kind(t, err)
			t.Fatalf("check: %v", err)
		}
	}
	if r.RemoteID == "" || r.URL == "" {
		t.Errorf("a live receipt lacks its id or its address: %+v", r)
	}
	return r
}

// holding returns the items that have d's own words.
func (h *harness) holding(t *testing.T, d connectors.Draft) []Item {
	t.Helper()
	var found []Item
	for _, i := range h.Items(t) {
		if strings.Contains(i.Text, d.Key[:12]) {
			found = append(found, i)
		}
	}
	return found
}

// holds fails unless the far side has exactly n items with d's words.
func (h *harness) holds(t *testing.T, d connectors.Draft, n int) {
	t.Helper()
	if got := h.holding(t, d); len(got) != n {
		t.Errorf("the network shows %d items with these words, want %d: %+v", len(got), n, got)
	}
}

// within is a context for one step.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// impatient is a context that ends shortly after a request of role has arrived, however slow the machine is.
func (h *harness) impatient(t *testing.T, role Role) context.Context {
	ctx, cancel := context.WithCancel(within(t, patience))
	go func() {
		defer cancel()
		if h.Faults.WaitFor(ctx, h.is(role), 1) == nil {
			<-time.After(short)
		}
	}()
	return ctx
}

// stored is v after a stay in the database.
func stored[T any](t *testing.T, v T) T {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// picture is a small PNG of one colour.
func picture(t *testing.T, shade uint8, alt string) connectors.Media {
	t.Helper()
	const width, height = 64, 48
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.Set(0, 0, color.RGBA{shade, 255 - shade, 128, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	return connectors.Media{
		Media: social.Media{
			Hash: hex.EncodeToString(sum[:]), Name: "blé \"mûr\".png", Type: "image/png",
			Size: int64(b.Len()), Width: width, Height: height, Alt: alt,
		},
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil },
	}
}
