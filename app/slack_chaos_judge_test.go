package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/bot/slackbot/slacktest"
	"griot/cards"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// cardsAreTheRows waits until every copy in Slack and in the playgrounds is its row, and looks at all of them once more.
func (s *storm) cardsAreTheRows() {
	s.Helper()
	limit := s.began.Add(stormEnd)
	for _, again := range []bool{false, true} {
		for _, p := range s.posts {
			var wrong string
			if !sees(time.Until(limit), func() bool { wrong = s.wrong(p); return wrong == "" }) {
				s.Errorf("%s (-row +shown, looked at twice: %v):\n%s", p.id, again, wrong)
			}
		}
	}
}

// wrong says which copies of a post are not its row; empty: none.
func (s *storm) wrong(p *cargo) (out string) {
	s.Helper()
	for _, h := range s.halls {
		if d := s.differs(s.team, p.id, h.approvals); d != "" {
			out += h.space.Name + ":\n" + d
		}
	}
	sheet, err := storage.SheetOf(s.Context(), s.app.DB, s.team, p.id)
	s.must(err)
	want := lines(cards.Post(sheet, i18n.Fr))
	for _, room := range s.app.Playgrounds {
		if d := cmp.Diff(want, shownIn(room, p.id)); d != "" {
			out += room.Name() + ":\n" + d
		}
	}
	return out
}

// shownIn is the card of a post in a playground's channel for approvals.
func shownIn(room *playground.Surface, post string) []string {
	for _, m := range slices.Backward(room.Messages(approvals)) {
		if m.Card != nil && m.Card.Subject == post && m.To == "" {
			return lines(*m.Card)
		}
	}
	return nil
}

// judge replays each post's history: every line is a decision that its author took on what was shown then, each raises the
// revision by one, and every acknowledged decision that was allowed where it was taken has its line.
func (s *storm) judge() {
	s.Helper()
	byStep := map[string][]decision{}
	for _, d := range s.decided {
		k := fmt.Sprint(d.post, d.rev)
		byStep[k] = append(byStep[k], d)
	}
	for _, p := range s.posts {
		now := p.began
		entries, err := storage.Entries(s.Context(), s.app.DB, s.team, p.id)
		s.must(err)
		for _, e := range entries[2:] { // it was written and sent for approval
			wanted := slices.ContainsFunc(byStep[fmt.Sprint(p.id, now.Rev)], func(d decision) bool {
				return d.do == social.Move(e.What) && d.by == e.By && (d.note == "" || d.note == e.Data["note"])
			})
			if !wanted {
				s.Errorf("%s at revision %d: nobody wanted %s by %s %v", p.id, now.Rev, e.What, e.By, e.Data)
			}
			if now, err = s.after(now, social.Move(e.What), e.By); err != nil {
				s.Errorf("%s: %s after %s: %v", p.id, e.What, now.State, err)
			}
		}
		s.nothingLost(now, byStep[fmt.Sprint(p.id, now.Rev)])
		sheet, err := storage.SheetOf(s.Context(), s.app.DB, s.team, p.id)
		s.must(err)
		if row := sheet.Post; row.Rev != now.Rev || row.State != now.State || row.Words != now.Words {
			s.Errorf("%s: the history leads to %s, revision %d; the row is %s, revision %d", p.id, now.State, now.Rev, row.State, row.Rev)
		}
	}
}

// after is a post after a move by a member.
func (s *storm) after(p social.Post, do social.Move, by string) (social.Post, error) {
	i := slices.IndexFunc(s.crew, func(a *sailor) bool { return a.member.ID == by })
	if i < 0 {
		return p, fmt.Errorf("%s is none of the crew", by)
	}
	return p.Apply(do, social.Actor{Member: s.crew[i].member, Brand: s.brand}, social.Change{Note: "…", Words: p.Words + 1,
		Moment: social.Moment{At: s.clock.Now().Add(30 * 24 * time.Hour)}, Now: s.clock.Now()})
}

// nothingLost: the last revision is one about which nothing was decided, so that whatever was acknowledged there was refused, or
// its author has read that nothing was stored.
func (s *storm) nothingLost(last social.Post, taken []decision) {
	s.Helper()
	for _, d := range taken {
		if _, err := s.after(last, d.do, d.by); err == nil && d.acked && !s.apologised(d.by) {
			s.Errorf("%s at revision %d: %s by %s was acknowledged and is lost", d.post, d.rev, d.do, d.by)
		}
	}
}

// apologised reports whether somebody has read that something of theirs was not stored, as on a machine that is too slow.
func (s *storm) apologised(member string) bool {
	a := s.crew[slices.IndexFunc(s.crew, func(a *sailor) bool { return a.member.ID == member })]
	return slices.ContainsFunc(append(a.Ephemerals(), a.Direct().All()...), func(m slacktest.Message) bool {
		return strings.Contains(m.String(), "rien n’a été modifié")
	})
}

// oneOfEach: every card stands once in its channel, and every notice was said once.
func (s *storm) oneOfEach() {
	s.Helper()
	for _, h := range s.halls {
		seen := map[string]int{}
		for _, m := range h.approvals.All() {
			if payload, ok := m.Metadata["event_payload"].(slacktest.Object); ok {
				seen[fmt.Sprint(m.Metadata["event_type"], " ", payload["key"])]++
			}
		}
		for key, n := range seen {
			if n > 1 {
				s.Errorf("%s: %s stands %d times", h.space.Name, key, n)
			}
		}
	}
}

func (s *storm) report() {
	calls := map[string]int{}
	for _, c := range s.slack.Calls("") {
		calls[c.Method]++
		if c.Err != "" {
			calls[c.Method+" "+c.Err]++
		}
	}
	s.Logf("%d acts (ready after %v, storm %v, right again after %v): acknowledged %v, not %v; %d decisions wanted, %d windows did not open; %d connections; calls %v",
		s.acts.Load(), s.took[0], s.took[1], s.took[2], s.acked, s.lost, len(s.decided), s.unopened, s.slack.Connections(), calls)
}
