package mastodon_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/mastodon"
	"griot/connectors/mastodon/mastodontest"
)

// open is an account on a server behind faults, and what it learnt.
func open(t *testing.T, o mastodontest.Options) (*mastodontest.Server, *conntest.Faults, connectors.Account) {
	t.Helper()
	o.Budget = max(o.Budget, 100_000)
	s := mastodontest.New(o)
	target := target(t, s)
	a, err := target.New().Open(t.Context(), credential(target.Secrets, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	return s, target.Faults, a
}

// credential keeps its facts in m.
func credential(secrets, m map[string]string) connectors.Credential {
	return connectors.Credential{Secrets: secrets, Facts: m, Save: func(_ context.Context, facts map[string]string) error {
		for k, v := range facts {
			m[k] = v
		}
		return nil
	}}
}

func key(i int) string { return fmt.Sprintf("%026d", i) }

// end is how a delivery ended.
type end string

const (
	live    end = "live"
	refused end = "refused"
	toCheck end = "to be checked"
)

// deliver is the protocol of any delivery: send once; after no clear answer look, look again, then leave it to a human.
func deliver(t *testing.T, p connectors.Publisher, d connectors.Draft, settled func(context.Context) error) end {
	for {
		r, err := p.Prepare(t.Context(), d)
		if err != nil {
			t.Errorf("prepare: %v", err)
			return refused
		}
		r.Armed = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, err = p.Send(ctx, r)
		cancel()
		if err == nil {
			return live
		}
		switch connectors.KindOf(err) {
		case connectors.Temporary, connectors.Limited:
			continue // provably not accepted
		case connectors.Refused, connectors.SignIn:
			return refused
		}
		for range 2 {
			found, err := p.Find(t.Context(), r)
			if err != nil {
				t.Errorf("find: %v", err)
			}
			if len(found) == 1 {
				return live
			}
			if err := settled(t.Context()); err != nil { // between the looks, what was late arrives
				t.Errorf("waiting: %v", err)
			}
		}
		return toCheck
	}
}

func TestNothingIsDoubledOrLost(t *testing.T) {
	t.Parallel()
	faults := []conntest.Fault{
		conntest.AcceptThen(conntest.Reset()), conntest.AcceptThen(conntest.Cut()), conntest.AcceptThen(conntest.Never()),
		conntest.AcceptThen(conntest.Answer(500, `{}`)), conntest.AcceptThen(conntest.HTML(200)), conntest.AcceptThen(conntest.HTML(503)),
		conntest.AcceptLate(), conntest.AcceptLate(), conntest.Reset(), conntest.Never(),
		conntest.Answer(429, `{}`, "Retry-After", "1"), conntest.Answer(422, `{"error":"no"}`), conntest.HTML(502),
	}
	for name, o := range map[string]mastodontest.Options{
		"keys honoured": {}, "keys ignored": {Keys: mastodontest.Ignored}, "gotosocial": {Software: mastodontest.GoToSocial},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, f, a := open(t, o)
			const posts = 60
			dice := rand.New(rand.NewPCG(1, 2))
			for range posts {
				f.On(func(r *http.Request) bool { return role(r) == conntest.Visible }, faults[dice.IntN(len(faults))], 1)
			}
			ends := make([]end, posts)
			var all sync.WaitGroup
			slots := make(chan struct{}, 12)
			for i := range posts {
				all.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					ends[i] = deliver(t, a.Publish, connectors.Draft{Key: key(i), Text: words(i)}, f.WaitIdle)
				})
			}
			all.Wait()
			if err := f.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
			count := map[string]int{}
			for _, p := range s.Posts() {
				count[p.Text]++
			}
			seen := map[end]int{}
			for i, e := range ends {
				n := count[words(i)]
				seen[e]++
				if n > 1 || e == live && n != 1 || e == refused && n != 0 || e == toCheck && n == 1 {
					t.Errorf("%s is %s, and %d times on the network", words(i), e, n)
				}
			}
			t.Logf("%v", seen)
		})
	}
}

func words(i int) string {
	return fmt.Sprintf("Les mots de la publication n° %d https://example.com/%d", i, i)
}

// TestWhyRepeatIsZero shows what the key does not protect from, even where it is honoured: a first call that is still inside the
// server when the second one comes.
func TestWhyRepeatIsZero(t *testing.T) {
	t.Parallel()
	arrived, goOn := make(chan struct{}, 2), make(chan struct{})
	var first sync.Once
	s, f, a := open(t, mastodontest.Options{Between: func() {
		slow := false
		first.Do(func() { slow = true })
		if slow {
			arrived <- struct{}{}
			<-goOn
		}
	}})
	if a.Repeat.For != 0 || (mastodon.Connector{}).Info().Repeat.For != 0 {
		t.Errorf("a repeat is allowed: %+v", a.Repeat)
	}
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: key(1), Text: "Une seule fois"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var sending sync.WaitGroup
	sending.Go(func() {
		if _, err := a.Publish.Send(ctx, r); connectors.KindOf(err) != connectors.Unsure {
			t.Errorf("a lost answer is %v", err)
		}
	})
	<-arrived
	cancel()
	sending.Wait()
	if _, err := a.Publish.Send(t.Context(), r); err != nil { // what Griot never does by itself
		t.Fatal(err)
	}
	close(goOn)
	if err := f.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Posts()); n != 2 {
		t.Errorf("%d posts; with 1 the key protects after all, and Repeat could be thought of again", n)
	}
	if again, err := a.Publish.Send(t.Context(), r); err != nil || !strings.HasSuffix(again.URL, again.RemoteID) || len(s.Posts()) != 2 {
		t.Errorf("a key that was stored is not honoured: %+v, %v", again, err)
	}
}
