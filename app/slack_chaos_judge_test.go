package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/bot/slackbot/slacktest"
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
	return out + s.wrongInPlaygrounds(s.team, p.id)
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
