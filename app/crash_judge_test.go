package app_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/app"
	"griot/connectors/pretend"
	"griot/social"
)

// tally counts what became of everything in a lane.
type tally struct {
	kills, pauses, live, unsure, doubles, lost int
	moments                                    map[string]int // kills by what was just done
	took                                       time.Duration
}

// live lives stories of death and of standing still through, one after the other.
func (l *lane) live(deaths, stands []story) {
	begun := time.Now()
	for n, s := range deaths {
		l.tell(s, n)
	}
	for n, s := range stands {
		l.standStill(s, n)
	}
	l.finish()
	l.tally.took = time.Since(begun)
}

// finish counts what has become of everything, lets a person decide what is to be checked, and counts again.
func (l *lane) finish() {
	l.Helper()
	l.child.end()
	l.child = nil
	l.count()
	l.decide()
	l.run(order{})
	l.drain(l.posts...)
	l.child.end()
	for _, w := range l.posts {
		if d := l.deliveries(w)[0]; d.State != social.Live {
			l.Errorf("after a person’s decision %q (%s) is %s (%s)", w.words, w.after, d.State, d.Reason)
		}
		l.inOrder(w, len(w.words))
	}
}

// count looks at every post before anybody decides: once on the network, or to be checked.
func (l *lane) count() {
	l.Helper()
	for _, w := range l.posts {
		ds := l.deliveries(w)
		switch {
		case len(ds) == 1 && ds[0].State == social.Live:
			l.tally.live++
			l.inOrder(w, len(w.words))
		case len(ds) == 1 && ds[0].State == social.Unsure:
			l.tally.unsure++
			if l.keys == pretend.Honoured {
				l.Errorf("%q (%s) is to be checked, although its key is honoured", w.words, w.after)
			}
			l.inOrder(w, l.there(w))
		default:
			l.tally.lost++
			l.Errorf("%q (%s) is %s", w.words, w.after, l.state(w))
		}
	}
}

// there is how many parts of w the village took.
func (l *lane) there(w *writing) int {
	n := 0
	for _, text := range w.words {
		n += min(l.village.Accepted(text), 1)
	}
	return n
}

// inOrder checks that the first n parts of w are there, each once, each below the one before, and nothing else of it.
func (l *lane) inOrder(w *writing, n int) {
	l.Helper()
	above := ""
	for i, text := range w.words {
		got := l.village.Accepted(text)
		switch {
		case got > 1:
			l.tally.doubles++
			l.Errorf("%q (%s) is there %d times", text, w.after, got)
		case got == 0 && i < n:
			l.tally.lost++
			l.Errorf("%q (%s) is not there", text, w.after)
		case got == 1 && i >= n:
			l.Errorf("%q (%s) is there before what it follows", text, w.after)
		case got == 1:
			p := l.onNetwork(text)
			if p.ReplyTo != above {
				l.Errorf("%q (%s) follows %q, want %q", text, w.after, p.ReplyTo, above)
			}
			above = p.ID
		}
	}
}

// seen is a post as the village shows it.
type seen struct {
	ID      string `json:"id"`
	ReplyTo string `json:"reply_to"`
}

// onNetwork reads the one post with that text.
func (l *lane) onNetwork(text string) seen {
	l.Helper()
	i := slices.IndexFunc(l.village.Log(), func(r pretend.Record) bool { return r.Content == text })
	res, err := http.Get(l.where.Village + "/api/posts/" + l.village.Log()[i].PostID)
	if err != nil {
		l.Fatal(err)
	}
	defer res.Body.Close()
	var out seen
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		l.Fatal(err)
	}
	return out
}

// decide is a person who looks at the network: a single post that is there is live, or is to be looked for; everything
// else is to be sent again, which looks first.
func (l *lane) decide() {
	l.Helper()
	turn := 0
	l.here(func(a *app.App) error {
		for _, w := range l.posts {
			d := l.deliveries(w)[0]
			if d.State != social.Unsure {
				continue
			}
			decide := a.Publishing.SendAgain
			if len(w.words) == 1 && l.there(w) == 1 {
				if turn++; turn%2 == 0 {
					decide = a.Publishing.SayLive
				}
			}
			if _, err := decide(l.Context(), l.by, d.ID); err != nil {
				return fmt.Errorf("decide about %q: %w", w.words, err)
			}
		}
		return nil
	})
}

// report prints what the lanes counted, and returns how many processes were killed.
func report(t *testing.T, lanes []*lane, took time.Duration) int {
	t.Helper()
	type key struct{ engine, keys string }
	sums, moments, posts := map[key]tally{}, map[string]int{}, map[key]int{}
	kills := 0
	for _, l := range lanes {
		k := key{string(l.engine), string(l.keys)}
		s, x := sums[k], l.tally
		s.kills, s.pauses, s.live, s.unsure = s.kills+x.kills, s.pauses+x.pauses, s.live+x.live, s.unsure+x.unsure
		s.doubles, s.lost, s.took = s.doubles+x.doubles, s.lost+x.lost, max(s.took, x.took)
		sums[k] = s
		posts[k] += len(l.posts)
		kills += x.kills
		for m, n := range x.moments {
			moments[m] += n
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "\n%-9s %-9s %6s %7s %6s %6s %14s %8s %5s %9s\n", "engine", "keys", "kills", "pauses", "posts", "live", "to be checked", "doubles", "lost", "took")
	for _, k := range slices.SortedFunc(maps.Keys(sums), func(a, b key) int {
		return cmp.Or(strings.Compare(b.engine, a.engine), strings.Compare(a.keys, b.keys))
	}) {
		s := sums[k]
		fmt.Fprintf(&out, "%-9s %-9s %6d %7d %6d %6d %14d %8d %5d %9s\n", k.engine, k.keys, s.kills, s.pauses, posts[k], s.live, s.unsure, s.doubles, s.lost, s.took.Round(100*time.Millisecond))
	}
	fmt.Fprintf(&out, "\n%d processes killed in %s, at:\n", kills, took.Round(100*time.Millisecond))
	for _, m := range slices.Sorted(maps.Keys(moments)) {
		fmt.Fprintf(&out, "  %-24s %4d\n", m, moments[m])
	}
	t.Log(out.String())
	return kills
}
