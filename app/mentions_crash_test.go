package app_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/app"
	"griot/connectors/pretend"
	"griot/fault"
	"griot/inbox"
	"griot/social"
	"griot/storage"
)

// What comes and goes on each engine while processes die.
const (
	deaths   = 50
	heard    = 5000
	answered = 60
	wells    = 4  // sources
	topics   = 13 // of one rule each; a new one comes up now and then, so that cards of their own come all the time
)

// saying is an answer that somebody presses.
type saying struct{ Mention, Text string }

// hurry makes the waits of a reader short, so that a process that is killed soon has read.
func hurry(o *inbox.Options) { o.Usual, o.Lease = 50*time.Millisecond, 400*time.Millisecond }

// hear reads what is said until ctx ends. In the program the clock asks for that; but whose clock counts is agreed on among processes
// for longer than any lives here.
func (c *crashing) hear(ctx context.Context) {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for ctx.Err() == nil {
		if err := c.app.Inbox.Collect(ctx); err != nil && ctx.Err() == nil {
			c.parts().Log.Error("nothing read", "err", err)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

// say presses answers. Who does not know whether an answer was taken presses again, and may read that it is on its way.
func (c *crashing) say(ctx context.Context, by social.Member, all []saying) error {
	for _, s := range all {
		if _, err := c.app.Inbox.Reply(ctx, by, s.Mention, s.Text); err != nil && !fault.Is(err, fault.Invalid) {
			return fmt.Errorf("answer %s: %w", s.Mention, err)
		}
	}
	return nil
}

// storm is one installation to which thousands speak while process after process dies.
type storm struct {
	*lane
	browser *http.Client // a visitor's
	token   string       // of their forms
	handles []string     // of the brand's accounts
	items   map[string]string
	says    []saying
}

// TestCrashOfMentions kills Griot a hundred times while people speak to four accounts and are answered. Everything is stored once and
// stands on one card, every source is read to its end, and no answer is there twice.
func TestCrashOfMentions(t *testing.T) {
	program := build(t)
	var running sync.WaitGroup
	for _, e := range []storage.Engine{storage.SQLite, storage.Postgres} {
		running.Go(func() {
			t.Run(string(e), func(t *testing.T) {
				s := &storm{lane: newLane(t, program, e, pretend.Ignored), items: map[string]string{}}
				begun := time.Now()
				s.gathers()
				for n := range deaths {
					s.lives(n)
				}
				t.Logf("%d processes killed in %s, %d mentions stored by then, %d answers taken up by a second process", deaths,
					time.Since(begun).Round(time.Second), len(s.column(`SELECT id FROM mentions`)), len(s.column(`SELECT id FROM deliveries WHERE fence > 1`)))
				s.calms()
				s.judges()
				s.decides()
				t.Logf("judged after %s", time.Since(begun).Round(time.Second))
			})
		})
	}
	running.Wait()
}

// gathers makes accounts, rules and a channel, and begins to read: what was said before is not shown.
func (s *storm) gathers() {
	s.Helper()
	s.env = append(s.env, "GRIOT_PLAYGROUND=on")
	s.where.Hears = true
	s.here(func(a *app.App) error {
		at := a.Playgrounds[0].Place("general")
		err := a.DB.InTx(s.Context(), func(tx *storage.Tx) error {
			return tx.PutChannel(s.Context(), social.Channel{TeamID: s.where.Team, BrandID: s.where.Brand, Purpose: social.Mentions,
				Surface: at.Surface, Workspace: at.Workspace, Channel: at.Channel})
		})
		if err != nil {
			return err
		}
		for n := range topics {
			r := social.Rule{BrandID: s.where.Brand, Name: topic(n), If: social.Condition{Words: []string{topic(n)}}}
			if _, err := a.Inbox.AddRule(s.Context(), s.by, r); err != nil {
				return err
			}
		}
		for n := range wells - 1 {
			if _, err := a.Accounts.Connect(s.Context(), s.by, s.where.Brand, pretend.ID, map[string]string{"name": fmt.Sprint("Boutique ", n+1)}); err != nil {
				return err
			}
		}
		all, err := a.Accounts.List(s.Context(), s.by, s.where.Brand)
		for _, x := range all {
			s.handles = append(s.handles, strings.TrimPrefix(x.Handle, "@"))
		}
		return cmp.Or(err, a.Inbox.Collect(s.Context()))
	})
	s.visits()
}

var tokenOfForm = regexp.MustCompile(`name="token" value="([^"]+)"`)

// visits opens the page of an account, as every visitor does before they write.
func (s *storm) visits() {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	s.browser = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := s.browser.Get(s.where.Village + "/@" + s.handles[0])
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	m := tokenOfForm.FindSubmatch(b)
	if err != nil || m == nil {
		s.Fatalf("no form to write with: %v", err)
	}
	s.token = string(m[1])
}

// writes says n-th words to one account; some of them name another account too, which hears the same item.
func (s *storm) writes(n int) {
	s.Helper()
	to, words := s.handles[n%wells], fmt.Sprintf("Message %d : %s", n, topic(n*topics/heard))
	if n%3 > 0 {
		words = fmt.Sprintf("Message %d : %s", n, topic(n%3))
	}
	if n%10 == 0 {
		words += " @" + s.handles[(n+1)%wells]
	}
	r, err := s.browser.PostForm(s.where.Village+"/write/"+to, url.Values{"token": {s.token}, "text": {words}})
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	id, ok := strings.CutPrefix(r.Header.Get("Location"), "/posts/")
	if !ok {
		s.Fatalf("the village did not take %q: %s", words, r.Status)
	}
	s.items[id] = words
}

func topic(n int) string { return fmt.Sprintf("sujet %d", n) }

// lives is the life of one process, which ends at any instant: some while they start, most in the middle of what comes and goes.
func (s *storm) lives(n int) {
	s.Helper()
	p := launch(s.T, s.program, s.env, s.where, order{})
	end := time.After(rand.N(500 * time.Millisecond))
	if n%5 > 0 {
		p.heard()
		p.order(order{Says: s.presses(n)})
		end = time.After(rand.N(400 * time.Millisecond))
	}
	for i := n * heard / deaths; i < (n+1)*heard/deaths; i++ {
		s.writes(i)
	}
	<-end
	p.kill()
}

// presses are the answers that were not taken yet, and new ones.
func (s *storm) presses(n int) []saying {
	s.Helper()
	known := map[string]bool{}
	for _, x := range s.says {
		known[x.Mention] = true
	}
	for _, id := range s.column(`SELECT id FROM mentions ORDER BY id`) {
		if len(s.says) >= min(answered, (n+1)*2) {
			break
		}
		if !known[id] {
			s.says = append(s.says, saying{id, fmt.Sprintf("Réponse %d", len(s.says))})
		}
	}
	taken := s.column(`SELECT answers FROM posts WHERE answers <> ''`)
	return slices.DeleteFunc(slices.Clone(s.says), func(x saying) bool { return slices.Contains(taken, x.Mention) })
}

// calms lets processes live until nothing is left to be done. A card that was being drawn when its process died is free again when its
// lease ends, which a start looks for.
func (s *storm) calms() {
	s.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end) && !s.Failed(); {
		p := launch(s.T, s.program, s.env, s.where, order{Says: s.presses(deaths * 2)})
		calm := within(5*time.Second, func() bool { return len(s.left()) == 0 })
		p.end()
		if calm {
			return
		}
	}
	s.Fatalf("never calm: %s", s.left())
}

// within looks at a condition outside of this process for at most d.
func within(d time.Duration, yes func() bool) bool {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(d); time.Now().Before(end); <-look.C {
		if yes() {
			return true
		}
	}
	return yes()
}

// left is what is still to be done.
func (s *storm) left() []string {
	s.Helper()
	var out []string
	if n := len(s.column(`SELECT id FROM mentions`)); n < heard {
		out = append(out, fmt.Sprintf("%d of %d are stored", n, heard))
	}
	for what, q := range map[string]string{
		"cards are to be drawn": `SELECT id FROM placements WHERE shown < wanted`,
		"answers are to leave":  `SELECT id FROM deliveries WHERE state IN ('waiting', 'leased', 'sending', 'pending') OR news`,
		"stand nowhere": `SELECT id FROM mentions m WHERE gathering IS NULL AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.subject = m.id)
UNION ALL SELECT id FROM gatherings g WHERE number > 0 AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.subject = g.id)`,
		"sources are to be read": fmt.Sprintf(`SELECT account_id FROM sources WHERE cursor <> '%s'`, s.newest()),
	} {
		if all := s.column(q); len(all) > 0 {
			out = append(out, fmt.Sprintf("%d %s", len(all), what))
		}
	}
	return out
}

// newest is the last item of the village, whoever wrote it.
func (s *storm) newest() string {
	all := slices.Collect(maps.Keys(s.items))
	for _, r := range s.village.Log() {
		all = append(all, r.PostID)
	}
	return slices.MaxFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
}

// judges compares what is stored and shown with what was said.
func (s *storm) judges() {
	s.Helper()
	keys := s.column(`SELECT key FROM mentions`)
	for _, k := range keys {
		if s.items[k] == "" {
			s.Errorf("%s was never said", k)
		}
	}
	if slices.Sort(keys); len(slices.Compact(keys)) != heard || len(s.column(`SELECT id FROM mentions`)) != heard {
		s.Errorf("%d different mentions are stored, want %d", len(keys), heard)
	}
	cards := map[string]int{}
	s.here(func(a *app.App) error {
		for _, m := range a.Playgrounds[0].Messages("general") {
			if m.Card != nil {
				cards[m.Card.Subject]++
			}
		}
		return nil
	})
	own := s.column(`SELECT id FROM mentions WHERE gathering IS NULL`)
	gatherings := s.column(`SELECT id FROM gatherings WHERE number > 0`)
	for _, id := range slices.Concat(own, gatherings) {
		if cards[id] != 1 {
			s.Errorf("%s stands on %d cards", id, cards[id])
		}
		delete(cards, id)
		if n := s.column(fmt.Sprintf(`SELECT message FROM placements WHERE subject = '%s'`, id)); len(n) != 1 || n[0] == "" {
			s.Errorf("%s is written down to stand at %q", id, n)
		}
	}
	for id := range cards {
		if strings.HasPrefix(id, "men_") || strings.HasPrefix(id, "gth_") {
			s.Errorf("%s has a card and should have none", id)
		}
	}
	if wrong := s.column(`SELECT id FROM gatherings g WHERE number <> (SELECT COUNT(*) FROM mentions m WHERE m.gathering = g.id)`); len(wrong) > 0 {
		s.Errorf("gatherings that count wrong: %q", wrong)
	}
	if len(own) == 0 || len(gatherings) == 0 {
		s.Errorf("%d mentions have a card of their own and %d cards gather: both were to be tried", len(own), len(gatherings))
	}
	s.Logf("%d mentions on a card of their own, the others on %d", len(own), len(gatherings))
}

// decides looks at the answers, lets a person decide about those that are to be checked, and looks again.
func (s *storm) decides() {
	s.Helper()
	if len(s.says) != answered {
		s.Errorf("%d answers were pressed, want %d", len(s.says), answered)
	}
	unsure := s.column(`SELECT id FROM deliveries WHERE state = 'unsure'`)
	s.once(0)
	s.here(func(a *app.App) error {
		for _, id := range unsure {
			if _, err := a.Publishing.SendAgain(s.Context(), s.by, id); err != nil {
				return fmt.Errorf("decide about %s: %w", id, err)
			}
		}
		return nil
	})
	p := launch(s.T, s.program, s.env, s.where, order{})
	done := within(patient, func() bool { return len(s.column(`SELECT id FROM deliveries WHERE state <> 'live' OR news`)) == 0 })
	p.end()
	if !done {
		s.Errorf("after a person’s decision there are %q", s.column(`SELECT state FROM deliveries`))
	}
	s.once(1)
	if n := len(s.column(`SELECT id FROM mentions WHERE state = 'answered'`)); n != answered {
		s.Errorf("%d mentions are answered, want %d", n, answered)
	}
	s.Logf("%d answers, %d of them were to be checked", len(s.says), len(unsure))
}

// once checks that every answer is on the network once; or not at all, where least is 0.
func (s *storm) once(least int) {
	s.Helper()
	for _, x := range s.says {
		if n := s.village.Accepted(x.Text); n > 1 || n < least {
			s.Errorf("%q to %s is there %d times", x.Text, x.Mention, n)
		}
	}
}

// column reads one column of text.
func (s *storm) column(query string) []string {
	s.Helper()
	rows, err := s.reader.Pool().QueryContext(s.Context(), query)
	if err != nil {
		s.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var x string
		if err := rows.Scan(&x); err != nil {
			s.Fatal(err)
		}
		out = append(out, x)
	}
	if err := rows.Err(); err != nil {
		s.Fatal(err)
	}
	return out
}
