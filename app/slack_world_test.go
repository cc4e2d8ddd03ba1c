package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot"
	"griot/bot/slackbot/blockkit"
	"griot/bot/slackbot/slacktest"
	"griot/chat"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// onEngines runs f on SQLite, whose database is named "", and on PostgreSQL.
func onEngines(t *testing.T, f func(t *testing.T, database string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, "") })
	t.Run("postgres", func(t *testing.T) { f(t, storagetest.Database(t)) })
}

// runs lets the clock go by itself until the test ends.
func (w *world) runs() {
	ctx, stop := context.WithCancel(w.Context())
	var over sync.WaitGroup
	over.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for was := time.Now(); ; {
			select {
			case now := <-tick.C:
				w.clock.advance(now.Sub(was))
				was = now
			case <-ctx.Done():
				return
			}
		}
	})
	w.Cleanup(func() { stop(); over.Wait() })
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// sees reports whether something is so within the time given.
func sees(within time.Duration, so func() bool) bool {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for limit := time.After(within); !so(); {
		select {
		case <-limit:
			return so()
		case <-look.C:
		}
	}
	return true
}

// acted fails the test for an act that Slack says went wrong.
func (w *world) acted(what string, ack slacktest.Ack) {
	w.Helper()
	if !ack.OK() || len(ack.Errors) > 0 {
		w.Fatalf("%s: Slack says %+v", what, ack)
	}
}

// known makes somebody in a workspace known to the team as a new member with roles.
func (w *world) known(team string, brand social.Brand, space *slacktest.Workspace, who *slacktest.Person, roles ...social.Role) social.Member {
	w.Helper()
	ctx := w.Context()
	m := social.Member{ID: storage.NewID("mbr"), TeamID: team, Name: who.RealName, Locale: w.cfg.Locale, Rev: 1}
	w.must(w.app.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.AddMember(ctx, m); err != nil {
			return err
		}
		if err := tx.AddRoles(ctx, team, m.ID, brand.ID, roles); err != nil {
			return err
		}
		_, err := tx.AddIdentity(ctx, social.Identity{TeamID: team, MemberID: m.ID, Surface: slackbot.Name, Workspace: space.ID, User: who.ID, Name: m.Name})
		return err
	}))
	m, err := storage.Member(ctx, w.app.DB, team, m.ID)
	w.must(err)
	return m
}

// standsAt is the message that shows a post in a channel of Slack; empty when none does yet.
func (w *world) standsAt(team, post string, c *slacktest.Channel) string {
	w.Helper()
	return w.placed(team, post, slackbot.Name, c.ID)
}

// placed is the message that shows a post in a channel of a chat; empty when none does yet.
func (w *world) placed(team, post, surface, channel string) string {
	w.Helper()
	all, err := storage.Placements(w.Context(), w.app.DB, team, post)
	w.must(err)
	for _, p := range all {
		if p.Surface == surface && p.Channel == channel {
			return p.Message
		}
	}
	return ""
}

// tags are what the buttons of blocks carry, by their verbs.
func tags(blocks slacktest.Blocks) map[string]chat.Tag {
	out := map[string]chat.Tag{}
	for _, b := range blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			o, _ := e.(slacktest.Object)
			value, _ := o["value"].(string)
			if t, err := chat.ParseTag(value); err == nil {
				out[t.Verb] = t
			}
		}
	}
	return out
}

// looks is a message as it is read and pressed: its lines, what its buttons carry, and what is read aloud.
func looks(text string, blocks slacktest.Blocks) []string {
	out := append([]string{text}, slacktest.Read(blocks)...)
	for _, t := range tags(blocks) {
		out = append(out, t.String())
	}
	slices.Sort(out[len(out)-len(tags(blocks)):])
	return out
}

// drawn is how a card has to look in Slack.
func drawn(c chat.Card) ([]string, error) {
	m := blockkit.Card(c, blockkit.Look{})
	b, err := json.Marshal(m.Blocks)
	if err != nil {
		return nil, err
	}
	var blocks slacktest.Blocks
	if err := json.Unmarshal(b, &blocks); err != nil {
		return nil, err
	}
	return looks(m.Text, blocks), nil
}

// row is how a post has to look in Slack, by what is committed now.
func (w *world) row(team, post string) []string {
	w.Helper()
	out, err := drawn(w.now(team, post))
	w.must(err)
	return out
}

// differs is how a message differs from the row of its post; empty: it does not.
func (w *world) differs(team, post string, c *slacktest.Channel) string {
	w.Helper()
	m := c.Message(w.standsAt(team, post, c))
	return cmp.Diff(w.row(team, post), looks(m.Text, m.Blocks))
}

// catchesUp waits until a post's card in a channel of Slack is its row.
func (w *world) catchesUp(team, post string, c *slacktest.Channel) {
	w.Helper()
	last := ""
	if !w.inTime(func() bool { last = w.differs(team, post, c); return last == "" }) {
		w.Fatalf("the card in #%s (-row +shown):\n%s", c.Name, last)
	}
}

// field is the label in a window that begins like that.
func field(v slacktest.View, begins string) string {
	out := ""
	for label := range v.Values {
		if strings.HasPrefix(label, begins) && (out == "" || len(label) < len(out)) {
			out = label
		}
	}
	return out
}

// stuck lists the jobs that wait to be tried again after an error, as "kind: error".
func (w *world) stuck() []string {
	w.Helper()
	rows, err := w.app.DB.Pool().QueryContext(w.Context(), `SELECT kind, state, attempt FROM river_job WHERE kind <> 'tick' AND state NOT IN ('completed', 'cancelled')`)
	w.must(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var kind, state string
		var attempt int
		w.must(rows.Scan(&kind, &state, &attempt))
		out = append(out, fmt.Sprintf("%s %s, try %d", kind, state, attempt))
	}
	w.must(rows.Err())
	return out
}

// inTime is soon by a clock that goes on now and then: what is to be looked at again in a second would wait for ever where time
// stands still.
func (w *world) inTime(done func() bool) bool {
	for range 4 {
		if w.soon(patience/4, done) {
			return true
		}
		w.clock.advance(time.Second)
	}
	return false
}

// quiet waits until every job was done.
func (w *world) quiet() {
	w.Helper()
	var left []string
	if !w.inTime(func() bool { left = w.stuck(); return len(left) == 0 }) {
		w.Fatalf("jobs that are never done: %q", left)
	}
}
