package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// TestTwoPeopleClaimAtOnce: Nora in one chat and Léo in the other press "I've got it" on one mention at the same moment, fifty times.
// It is one's, the other reads who was faster, and both cards say so.
func TestTwoPeopleClaimAtOnce(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		r := newTug(w)
		won := map[string]int{}
		for range 50 {
			won[r.claims()]++
			if w.Failed() {
				return
			}
			r.releases()
		}
		w.Logf("who was faster: %v", won)
	})
}

// tug is one mention that two people want.
type tug struct {
	*world
	mention string
	people  map[string]social.Member // by user
}

func newTug(w *world) *tug {
	w.Helper()
	r := &tug{world: w, people: map[string]social.Member{}}
	if _, err := w.chat("playground").Type(w.Context(), awa, general, `/demarrer marque:"Maison Lune"`); err != nil {
		w.Fatal(err)
	}
	for _, user := range []string{nora, leo} {
		m, err := storage.MemberAt(w.Context(), w.app.DB, "playground", "playground", user)
		if err != nil {
			w.Fatal(err)
		}
		r.people[user] = m
	}
	w.must(w.app.DB.InTx(w.Context(), func(tx *storage.Tx) error { return r.invite(w.Context(), tx) }))
	w.collects()
	w.visitor("Léa").writes("/@maison-lune", "/write/maison-lune", "Êtes-vous ouverts samedi ?")
	w.collects()
	r.wait("a card in both chats that nobody works on", func() bool {
		for _, s := range w.app.Playgrounds {
			all := s.Messages(approvals)
			i := slices.IndexFunc(all, func(m playground.Message) bool { return m.Card != nil && strings.HasPrefix(m.Card.Subject, "men_") })
			if i < 0 {
				return false
			}
			r.mention = all[i].Card.Subject
		}
		return !r.hearing().Mention.Suggesting
	})
	return r
}

// invite makes both of them moderators of the brand.
func (r *tug) invite(ctx context.Context, tx *storage.Tx) error {
	for _, m := range r.people {
		for brand := range m.Roles {
			if err := tx.AddRoles(ctx, m.TeamID, m.ID, brand, []social.Role{social.Moderator}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *tug) hearing() social.Hearing {
	r.Helper()
	h, err := storage.HearingOf(r.Context(), r.app.DB, r.people[nora].TeamID, r.mention)
	r.must(err)
	return h
}

// claims lets both press at once on the card as it is, and returns who has it.
func (r *tug) claims() string {
	r.Helper()
	rev := r.hearing().Mention.Rev
	read := map[string]string{}
	var mu sync.Mutex // guards read
	var both sync.WaitGroup
	for user, room := range map[string]string{nora: "playground", leo: "playground2"} {
		m, _ := shownIn(r.chat(room), r.mention)
		both.Go(func() {
			a, err := r.chat(room).Do(r.Context(), chat.Event{Who: chat.Who{User: user}, Place: chat.Place{Channel: approvals}, Message: m.Ref.Message,
				Tag: chat.Tag{Verb: "mention.claim", Subject: r.mention, Rev: rev}})
			if err != nil {
				r.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if x, ok := a.(chat.Refresh); ok && x.Tell != nil {
				read[user] = spans(x.Tell.Body)
			}
		})
	}
	both.Wait()
	m := r.hearing().Mention
	for user, other := range map[string]string{nora: leo, leo: nora} {
		if m.Owner != r.people[user].ID {
			continue
		}
		want := map[string]string{other: r.people[user].Name + " a été plus rapide et s’en occupe. Demandez-lui de laisser la mention, ou choisissez-en une autre avec /mentions."}
		if diff := cmp.Diff(want, read); diff != "" {
			r.Errorf("what they read (-want +got):\n%s", diff)
		}
		r.follow()
		return user
	}
	r.Fatalf("nobody has it: %s, and they read %q", m.State, read)
	return ""
}

// releases gives it free, for the next time.
func (r *tug) releases() {
	r.Helper()
	h := r.hearing()
	for _, m := range r.people {
		if m.ID != h.Mention.Owner {
			continue
		}
		if _, err := r.app.Inbox.Move(r.Context(), m, r.mention, h.Mention.Rev, social.Release, social.MentionChange{}); err != nil {
			r.Fatal(err)
		}
	}
}

// follow waits until the card in both chats is the row.
func (r *tug) follow() {
	r.Helper()
	want := lines(cards.Mention(r.hearing(), i18n.Fr))
	for _, s := range r.app.Playgrounds {
		var got []string
		same := func() bool {
			m, _ := shownIn(s, r.mention)
			got = lines(*m.Card)
			return slices.Equal(want, got)
		}
		if !r.soon(patience, same) {
			r.Errorf("the card in %s (-row +shown):\n%s", s.Name(), cmp.Diff(want, got))
		}
	}
}
