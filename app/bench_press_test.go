//go:build !race

package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"griot/app"
	"griot/chat"
	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// throng is how many people press at once; each has a few posts of their own.
const (
	throng = 16
	each   = 10
)

// verbs are what is pressed on each post. Every one changes it.
var verbs = []string{"post.approve", "post.unschedule", "post.cancel"}

// benchPresses measures presses on real cards through the dispatcher: from the event to the answer with the new card, while
// the board draws behind it.
func benchPresses(b *testing.B, e storage.Engine, r *results) {
	m := install(b, e, app.On)
	people := m.people(0, 1)
	alone, together := m.submitted(throng*each), m.submitted(throng*each)
	people = append(people, m.people(1, throng)...) // only now: not everybody is to be asked for approval of everything
	m.run(func() {
		m.shown(append(alone, together...))
		m.measure(e, r, "one at a time", "alone-", people[:1], alone)
		m.measure(e, r, fmt.Sprint(throng, " at a time"), "together-", people, together)
	})
}

// card is a post in the channel for approvals.
type card struct {
	post    string
	rev     int64
	message string
}

func (m *measured) spot() chat.Place { return m.app.Playgrounds[0].Place("validations") }

// people makes approvers, the first of them with this number.
func (m *measured) people(first, end int) []chat.Who {
	m.Helper()
	var out []chat.Who
	at := m.spot()
	m.tx(func(ctx context.Context, tx *storage.Tx) error {
		for i := first; i < end; i++ {
			who := chat.Who{Surface: at.Surface, Workspace: at.Workspace, User: fmt.Sprint("ana", i), Name: fmt.Sprint("Ana ", i)}
			if err := m.approver(ctx, tx, who); err != nil {
				return err
			}
			out = append(out, who)
		}
		return nil
	})
	return out
}

// approver makes somebody of a chat an approver.
func (m *measured) approver(ctx context.Context, tx *storage.Tx, who chat.Who) error {
	x := social.Member{ID: storage.NewID("mem"), TeamID: m.by.TeamID, Name: who.Name, Locale: "fr", Zone: noon(), Rev: 1}
	if err := tx.AddMember(ctx, x); err != nil {
		return err
	}
	if err := tx.AddRoles(ctx, x.TeamID, x.ID, m.brand.ID, []social.Role{social.Approver}); err != nil {
		return err
	}
	_, err := tx.AddIdentity(ctx, social.Identity{TeamID: x.TeamID, MemberID: x.ID, Surface: who.Surface, Workspace: who.Workspace, User: who.User, Name: who.Name})
	return err
}

// submitted writes posts for tomorrow and sends them for approval.
func (m *measured) submitted(n int) []*card {
	m.Helper()
	zone, err := time.LoadLocation(m.brand.Zone)
	if err != nil {
		m.Fatal(err)
	}
	at := time.Now().Add(24 * time.Hour).Truncate(time.Minute)
	when := social.Moment{At: at.UTC(), Local: at.In(zone).Format("2006-01-02T15:04"), Zone: m.brand.Zone}
	var out []*card
	for i := range n {
		s, err := m.app.Publishing.Draft(m.Context(), m.by, m.brand.ID, publishing.Content{Text: fmt.Sprint("Bonjour ", i), Accounts: []string{m.account.ID}, When: social.OnDate, Moment: when})
		if err != nil {
			m.Fatal(err)
		}
		done, err := m.app.Publishing.Move(m.Context(), m.by, s.Post.ID, 0, social.Submit, social.Change{})
		if err != nil {
			m.Fatal(err)
		}
		out = append(out, &card{post: s.Post.ID, rev: done.Sheet.Post.Rev})
	}
	return out
}

// shown waits until every card stands in its channel and nothing is left to be said.
func (m *measured) shown(all []*card) {
	m.Helper()
	for _, c := range all {
		await(m.B, "a card is shown", func() bool {
			ps, err := storage.Placements(m.Context(), m.app.DB, m.by.TeamID, c.post)
			if err != nil {
				m.Fatal(err)
			}
			if len(ps) > 0 {
				c.message = ps[0].Message
			}
			return c.message != ""
		})
	}
	await(m.B, "everybody was asked", func() bool {
		var n int
		if err := m.app.DB.Pool().QueryRowContext(m.Context(), `SELECT COUNT(*) FROM notices WHERE said_at IS NULL`).Scan(&n); err != nil {
			m.Fatal(err)
		}
		return n == 0
	})
}

func (m *measured) measure(e storage.Engine, r *results, how, prefix string, people []chat.Who, cards []*card) {
	m.Helper()
	took := make([][]time.Duration, len(people))
	begun := time.Now()
	var all sync.WaitGroup
	for i, who := range people {
		all.Go(func() {
			for k := i; k < len(cards); k += len(people) {
				for _, verb := range verbs {
					took[i] = append(took[i], m.press(who, cards[k], verb))
				}
			}
		})
	}
	all.Wait()
	rate := float64(len(cards)*len(verbs)) / time.Since(begun).Seconds()
	var each []time.Duration
	for _, some := range took {
		each = append(each, some...)
	}
	s := spreadOf(each)
	m.ReportMetric(rate, prefix+"presses/s")
	s.report(m.B, prefix)
	r.put(e, "presses a second, "+how, "%.0f/s", rate)
	r.put(e, "  their answers, "+how+", p50 / p99 / max", "%s", s)
}

// press is one, from the event to its answer.
func (m *measured) press(who chat.Who, c *card, verb string) time.Duration {
	at := m.spot()
	begun := time.Now()
	a, err := m.app.Bot.Handle(m.Context(), chat.Event{ID: storage.NewID("evt"), Who: who, Place: at, Message: c.message,
		Tag: chat.Tag{Verb: verb, Subject: c.post, Rev: c.rev}})
	took := time.Since(begun)
	if x, ok := a.(chat.Refresh); err != nil || !ok || x.Tell != nil {
		m.Errorf("%s at revision %d: %v, %+v", verb, c.rev, err, a)
	}
	c.rev++
	return took
}
