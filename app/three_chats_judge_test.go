package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/components"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
	"griot/social"
)

// mark is a decision whose outcome is looked for in all chats.
type mark struct {
	decision
	from time.Time
	took time.Duration // until every copy of the card showed it
}

func (f *fleet) expects(d decision, from time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = append(f.pending, mark{decision: d, from: from})
}

// expected reports whether the outcome of a decision about a post is still looked for.
func (f *fleet) expected(post string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.pending, func(m mark) bool { return m.post == post })
}

// watches looks at all copies of cards about which something was decided. What it returns ends that, and tells when each
// decision was shown in all chats.
func (f *fleet) watches(every time.Duration) (over func() []mark) {
	byID := map[string]*load{}
	for _, p := range f.posts {
		byID[p.ID] = p
	}
	var shown []mark
	look := func() {
		f.mu.Lock()
		open := slices.Clone(f.pending)
		f.mu.Unlock()
		if len(open) == 0 {
			return
		}
		least, rooms := map[string]int64{}, f.rooms()
		for _, m := range open {
			if _, ok := least[m.post]; !ok {
				least[m.post] = f.shows(byID[m.post], rooms)
			}
		}
		now := time.Now()
		f.mu.Lock()
		defer f.mu.Unlock()
		n := len(open) // what came meanwhile stands behind
		kept := slices.DeleteFunc(slices.Clone(f.pending[:n]), func(m mark) bool { return m.rev < least[m.post] })
		for _, m := range open {
			if m.rev < least[m.post] {
				m.took = now.Sub(m.from)
				shown = append(shown, m)
			}
		}
		f.pending = append(kept, f.pending[n:]...)
	}
	stop := f.often(every, look)
	return func() []mark {
		stop()
		look()
		return shown
	}
}

// rooms are the revisions that cards in the playgrounds show, by post.
func (f *fleet) rooms() (out []map[string]int64) {
	for _, room := range f.app.Playgrounds {
		all := map[string]int64{}
		for _, m := range room.Messages(approvals) {
			if m.Card != nil && m.To == "" {
				all[m.Card.Subject] = revision(seenInRoom(*m.Card, "").tags)
			}
		}
		out = append(out, all)
	}
	return out
}

// revision is the one that buttons are of. A card on which nothing is to be decided any more is of the last one.
func revision(all map[string]chat.Tag) int64 {
	rev := int64(0)
	for _, t := range all {
		rev = max(rev, t.Rev)
	}
	if rev == 0 {
		return math.MaxInt64
	}
	return rev
}

// shows is the oldest revision that a copy of a post's card shows, the rooms' being known.
func (f *fleet) shows(p *load, rooms []map[string]int64) int64 {
	least := min(revision(tags(f.office.channels[approvals].Message(p.slack).Blocks)),
		revision(seenInDiscord(f.server.channels[approvals].Message(p.discord)).tags))
	for _, room := range rooms {
		least = min(least, room[p.ID])
	}
	return least
}

// cardsAreTheRows waits until every copy in all chats is its row, and looks at all of them once more.
func (f *fleet) cardsAreTheRows() {
	f.Helper()
	limit := time.Now().Add(stormEnd)
	for _, again := range []bool{false, true} {
		for _, p := range f.posts {
			var wrong string
			if !sees(time.Until(limit), func() bool { wrong = f.wrong(p); return wrong == "" }) {
				f.Errorf("%s (-row +shown, looked at twice: %v):\n%s", p.ID, again, wrong)
			}
		}
	}
}

// wrong says which copies of a post are not its row; empty: none.
func (f *fleet) wrong(p *load) (out string) {
	f.Helper()
	if d := f.differs(f.team, p.ID, f.office.channels[approvals]); d != "" {
		out += "Slack:\n" + d
	}
	want, err := drawnInDiscord(f.now(f.team, p.ID))
	f.must(err)
	if d := cmp.Diff(want, looksInDiscord(f.server.channels[approvals].Message(p.discord).Components)); d != "" {
		out += "Discord:\n" + d
	}
	return out + f.wrongInPlaygrounds(f.team, p.ID)
}

// drawnInDiscord is how a card has to look in Discord.
func drawnInDiscord(c chat.Card) ([]string, error) {
	b, err := json.Marshal(components.Card(c, components.Look{}).Components)
	if err != nil {
		return nil, err
	}
	var all discordtest.Components
	numbers := json.NewDecoder(bytes.NewReader(b))
	numbers.UseNumber()
	if err := numbers.Decode(&all); err != nil {
		return nil, err
	}
	return looksInDiscord(all), nil
}

// looksInDiscord is a message as it is read and pressed.
func looksInDiscord(all discordtest.Components) []string {
	return append(discordtest.Read(all), wires(all)...)
}

// oneHistoryEach replays every post, and looks whether everybody whose decision came too late was told so. It returns what was
// decided, by post and by the revision that was decided on.
func (f *fleet) oneHistoryEach() map[string]map[int64]social.Entry {
	f.Helper()
	won, late := map[string]map[int64]social.Entry{}, map[string][]decision{}
	for _, p := range f.posts {
		won[p.ID] = f.judge(p.Post)
		for rev, all := range f.at(p.ID) {
			all = slices.DeleteFunc(all, func(d decision) bool { return !d.acked })
			lost := slices.DeleteFunc(slices.Clone(all), func(d decision) bool { return d.became(won[p.ID][rev]) })
			for _, d := range lost {
				late[d.by] = append(late[d.by], d)
				f.count("refused")
			}
			if len(all) > 1 {
				f.count("revisions that several decided on")
			}
		}
	}
	for _, h := range f.crew {
		if !sees(patience, func() bool { h.reads(); return len(h.refused) >= len(late[h.member.ID]) }) {
			f.Errorf("%s came too late %d times and was told %d times\ndecided: %+v\nread: %q", h.member.Name, len(late[h.member.ID]), len(h.refused),
				late[h.member.ID], slices.Sorted(maps.Keys(h.refused)))
		}
	}
	return won
}

// oneCardEach: every card stands once in its channel.
func (f *fleet) oneCardEach() {
	f.Helper()
	stand := map[string]int{}
	note := func(where string, all map[string]chat.Tag) {
		stand[where+all["post.history"].Subject]++
	}
	for _, m := range f.office.channels[approvals].Messages() {
		note("Slack ", tags(m.Blocks))
	}
	for _, m := range f.server.channels[approvals].Messages() {
		note("Discord ", seenInDiscord(m).tags)
	}
	for _, room := range f.app.Playgrounds {
		for _, m := range room.Messages(approvals) {
			if m.Card != nil && m.To == "" {
				note(room.Name()+" ", seenInRoom(*m.Card, "").tags)
			}
		}
	}
	for _, p := range f.posts {
		for _, where := range []string{"Slack ", "Discord ", "playground ", "playground2 "} {
			if n := stand[where+p.ID]; n != 1 {
				f.Errorf("%s%s stands %d times", where, p.ID, n)
			}
		}
	}
}

// counted is how much there was until now: acts by chat and outcome, connections, edits and answers.
func (f *fleet) counted() map[string]int {
	f.mu.Lock()
	out := maps.Clone(f.counts)
	f.mu.Unlock()
	out["slack connections"], out["discord connections"], out["drops"] = f.office.Connections(), f.server.Connections(), int(f.gusts.Load())
	for _, m := range []string{"chat.update", "response_url"} {
		out["slack redraws and answers"] += len(f.office.Calls(m))
	}
	for _, r := range []discordtest.Route{discordtest.EditMessage, discordtest.PostCallback} {
		out["discord redraws and answers"] += len(f.server.Calls(r))
	}
	for _, p := range f.posts {
		for _, room := range f.app.Playgrounds {
			m, _ := shownIn(room, p.ID)
			out["playground redraws"] += m.Rev - 1
		}
	}
	return out
}

// report tells how long it took until the decisions that counted were shown everywhere, and what went on until then.
func (f *fleet) report(weather string, shown []mark, won map[string]map[int64]social.Entry, all map[string]int) {
	f.Helper()
	var took []time.Duration
	for _, m := range shown {
		if m.became(won[m.post][m.rev]) {
			took = append(took, m.took)
		}
	}
	f.Logf("%s: %d decisions, from the press to the last redrawing %s; until then %v", weather, len(took), spread(took), all)
}

// keepsItsPromise: every decision of calm people was shown everywhere, and soon enough. How soon is judged on a machine that has
// little else to do, others using that share of it, and not under the race detector, which would be what is measured.
func (f *fleet) keepsItsPromise(calm []mark, others float64) {
	f.Helper()
	if n := 2 * len(f.posts); len(calm) != n {
		f.Errorf("%d decisions were shown in good weather, want %d", len(calm), n)
	}
	var took []time.Duration
	for _, m := range calm {
		took = append(took, m.took)
	}
	p99 := quantile(took, 99)
	if raceDetector || others > crowded {
		f.Logf("not judged: p99 %v, promised %v; others use %.0f %% of the machine, race detector: %v", p99, promised, 100*others, raceDetector)
		return
	}
	if p99 > promised {
		f.Errorf("from a press to the last redrawing p99 %v, promised %v; others use %.0f %% of the machine", p99, promised, 100*others)
	}
}

func spread(all []time.Duration) string {
	return fmt.Sprintf("p50 %v, p99 %v, max %v", quantile(all, 50), quantile(all, 99), quantile(all, 100))
}

// quantile is how long those take that so many of a hundred are not longer than.
func quantile(all []time.Duration, n int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return all[min(len(all)*n/100, len(all)-1)].Round(time.Millisecond)
}
