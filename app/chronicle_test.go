package app

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/chat"
	"griot/social"
	"griot/storage"
)

// chronicle is what people wanted while much went on at once, to be held against what is told of it.
type chronicle struct {
	*world
	team  string
	brand social.Brand
	hands map[string]social.Member // who decides, by id
	sorry func(member string) bool // whether they have read that something of theirs was not stored, as on a machine that is too slow

	mu      sync.Mutex // guards what follows
	decided []decision
}

// decision is what somebody wanted, by what they were shown.
type decision struct {
	post  string
	rev   int64
	do    social.Move
	by    string // member id
	note  string
	acked bool
}

func newChronicle(w *world) *chronicle {
	return &chronicle{world: w, hands: map[string]social.Member{}}
}

// begins takes the brand that was set up.
func (c *chronicle) begins(sorry func(string) bool) {
	c.Helper()
	by := c.world.member(awa)
	brands, err := c.app.Team.Brands(c.Context(), by)
	c.must(err)
	c.team, c.brand, c.sorry = by.TeamID, brands[0], sorry
}

func (c *chronicle) wanted(d decision) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.decided = append(c.decided, d)
}

// at are the decisions that were wanted about a post, by the revision that was shown.
func (c *chronicle) at(post string) map[int64][]decision {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[int64][]decision{}
	for _, d := range c.decided {
		if d.post == post {
			out[d.rev] = append(out[d.rev], d)
		}
	}
	return out
}

// judge replays what became of a post since it was sent for approval: every line is a decision that its author took on what was
// shown then, each raises the revision by one, and every acknowledged decision that was allowed where it was taken has its
// line. It returns the lines by the revision on which each was decided.
func (c *chronicle) judge(began social.Post) map[int64]social.Entry {
	c.Helper()
	won, wanted, now := map[int64]social.Entry{}, c.at(began.ID), began
	entries, err := storage.Entries(c.Context(), c.app.DB, c.team, began.ID)
	c.must(err)
	for _, e := range entries[2:] { // it was written and sent for approval
		won[now.Rev] = e
		if !slices.ContainsFunc(wanted[now.Rev], func(d decision) bool { return d.became(e) }) {
			c.Errorf("%s at revision %d: nobody wanted %s by %s %v", began.ID, now.Rev, e.What, e.By, e.Data)
		}
		if now, err = c.after(now, social.Move(e.What), e.By); err != nil {
			c.Errorf("%s: %s after %s: %v", began.ID, e.What, now.State, err)
		}
	}
	c.nothingLost(now, wanted[now.Rev])
	sheet, err := storage.SheetOf(c.Context(), c.app.DB, c.team, began.ID)
	c.must(err)
	if row := sheet.Post; row.Rev != now.Rev || row.State != now.State || row.Words != now.Words {
		c.Errorf("%s: the history leads to %s, revision %d; the row is %s, revision %d", began.ID, now.State, now.Rev, row.State, row.Rev)
	}
	return won
}

// became reports whether a line tells of the decision.
func (d decision) became(e social.Entry) bool {
	return d.do == social.Move(e.What) && d.by == e.By && (d.note == "" || d.note == e.Data["note"])
}

// after is a post after a move by a member.
func (c *chronicle) after(p social.Post, do social.Move, by string) (social.Post, error) {
	m, ok := c.hands[by]
	if !ok {
		return p, fmt.Errorf("%s is none of the crew", by)
	}
	return p.Apply(do, social.Actor{Member: m, Brand: c.brand}, social.Change{Note: "…", Words: p.Words + 1,
		Moment: social.Moment{At: c.clock.Now().Add(30 * 24 * time.Hour)}, Now: c.clock.Now()})
}

// nothingLost: the last revision is one about which nothing was decided, so that whatever was acknowledged there was refused, or
// its author has read that nothing was stored.
func (c *chronicle) nothingLost(last social.Post, taken []decision) {
	c.Helper()
	for _, d := range taken {
		if _, err := c.after(last, d.do, d.by); err == nil && d.acked && !c.sorry(d.by) {
			c.Errorf("%s at revision %d: %s by %s was acknowledged and is lost", d.post, d.rev, d.do, d.by)
		}
	}
}

// now is the card of a post by what is committed now.
func (w *world) now(team, post string) chat.Card {
	w.Helper()
	home, err := w.app.home(w.Context(), team, post)
	w.must(err)
	card, err := w.app.draw(w.Context(), team, post, home.Locale)
	w.must(err)
	card.Locale = home.Locale
	return card
}

// wrongInPlaygrounds says how the copies of a post in the playgrounds differ from its row; empty: they do not.
func (w *world) wrongInPlaygrounds(team, post string) (out string) {
	w.Helper()
	want := w.now(team, post)
	for _, room := range w.app.Playgrounds {
		m, _ := shownIn(room, post)
		if d := cmp.Diff(&want, m.Card); d != "" {
			out += room.Name() + ":\n" + d
		}
	}
	return out
}

// shownIn is the newest message with the card of a post in a playground's channel for approvals.
func shownIn(room *playground.Surface, post string) (playground.Message, bool) {
	for _, m := range slices.Backward(room.Messages(approvals)) {
		if m.Card != nil && m.Card.Subject == post && m.To == "" {
			return m, true
		}
	}
	return playground.Message{}, false
}
