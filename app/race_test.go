package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

const (
	crowd  = 50
	rounds = 3 // times each of them tries
)

// TestFiftyPeopleDecideAtOnce: fifty members approve, send back, edit and schedule one post at the same moment, from two
// chats, and again on what they were shown then. There is one history, whoever came too late reads a sentence, and every
// card is the row.
func TestFiftyPeopleDecideAtOnce(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		r := newRace(w)
		var all sync.WaitGroup
		for n := range crowd {
			all.Go(func() { r.member(n) })
		}
		all.Wait()
		r.oneHistory()
		r.cardsAreTheRow()
	})
}

// race is one post that everybody decides about.
type race struct {
	*world
	team, brand, post string
	began             social.Post
	message           map[string]string // of the card, by chat

	mu    sync.Mutex
	won   int
	words map[string]int // that losers read
}

func newRace(w *world) *race {
	w.Helper()
	r := &race{world: w, message: map[string]string{}, words: map[string]int{}}
	r.types(awa, `/demarrer marque:"Maison Lune"`)
	r.types(nora, `/post rediger texte:"Samedi, on ouvre." vers:village quand:"vendredi 9h"`)
	r.wait("the draft", func() bool {
		for _, m := range w.chat("playground").Messages(general) {
			if m.Card != nil && strings.HasPrefix(m.Card.Subject, "pst_") {
				r.post = m.Card.Subject
			}
		}
		return r.post != ""
	})
	who, err := storage.MemberAt(w.Context(), w.app.DB, "playground", "playground", nora)
	r.must(err)
	r.team = who.TeamID
	if _, err := w.app.Publishing.Move(w.Context(), who, r.post, 0, social.Submit, social.Change{}); err != nil {
		w.Fatal(err)
	}
	r.began = r.sheet().Post
	r.brand = r.began.BrandID
	r.wait("the card in both chats", func() bool {
		for _, s := range w.app.Playgrounds {
			if m, ok := r.card(s); ok {
				r.message[s.Name()] = m.Ref.Message
			}
		}
		return len(r.message) == 2
	})
	r.must(w.app.DB.InTx(w.Context(), func(tx *storage.Tx) error { return r.invite(w.Context(), tx) }))
	return r
}

func (r *race) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *race) types(user, line string) {
	r.Helper()
	if _, err := r.chat("playground").Type(r.Context(), user, general, line); err != nil {
		r.Fatal(err)
	}
}

func user(n int) string { return fmt.Sprintf("crowd%02d", n) }

// invite makes fifty approvers who are known in both chats.
func (r *race) invite(ctx context.Context, tx *storage.Tx) error {
	for n := range crowd {
		m := social.Member{ID: storage.NewID("mbr"), TeamID: r.team, Name: fmt.Sprintf("Personne %02d", n), Locale: i18n.Locales[n%2], Rev: 1}
		if err := tx.AddMember(ctx, m); err != nil {
			return err
		}
		if err := tx.AddRoles(ctx, r.team, m.ID, r.brand, []social.Role{social.Approver}); err != nil {
			return err
		}
		for _, s := range r.app.Playgrounds {
			if err := s.AddPerson(playground.Person{User: user(n), Name: m.Name}); err != nil {
				return err
			}
			id := social.Identity{TeamID: r.team, MemberID: m.ID, Surface: s.Name(), Workspace: s.Name(), User: user(n), Name: m.Name}
			if _, err := tx.AddIdentity(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *race) sheet() social.Sheet {
	r.Helper()
	s, err := storage.SheetOf(r.Context(), r.app.DB, r.team, r.post)
	r.must(err)
	return s
}

// card is the post's card in the channel for approvals.
func (r *race) card(s *playground.Surface) (playground.Message, bool) { return shownIn(s, r.post) }

// member does what the n-th of them wants, and again on the revision that they were shown then.
func (r *race) member(n int) {
	s, seen := r.app.Playgrounds[n%2], r.began.Rev
	for try := range rounds {
		e := r.wish(n, try, seen)
		e.Who.User, e.Place.Channel = user(n), approvals
		if e.Tag.Verb != "post.date" { // the yes to a date is pressed on a private answer
			e.Message = r.message[s.Name()]
		}
		a, err := r.insist(s, e)
		if err != nil {
			r.Errorf("%s %s: %v", user(n), e.Tag.Verb, err)
			return
		}
		r.judge(user(n)+" "+e.Tag.Verb, a)
		m, _ := r.card(s)
		for _, b := range m.Card.Buttons {
			seen = max(seen, b.Tag.Rev)
		}
	}
}

// insist presses again what was not stored in time, which is safe, as the person reads on the page.
func (r *race) insist(s *playground.Surface, e chat.Event) (a chat.Answer, err error) {
	for range 30 {
		if a, err = s.Do(r.Context(), e); err == nil {
			return a, nil
		}
	}
	return a, err
}

// wish is one of the four decisions.
func (r *race) wish(n, try int, seen int64) chat.Event {
	tag := chat.Tag{Subject: r.post, Rev: seen}
	switch (n + try) % 4 {
	case 0:
		tag.Verb = "post.approve"
		return chat.Event{Tag: tag}
	case 1:
		tag.Verb = "post.send_back"
		return chat.Event{Tag: tag, Form: true, Values: chat.Values{"note": {"Plus court, merci."}}}
	case 2:
		tag.Verb = "post.edit"
		return chat.Event{Tag: tag, Form: true, Values: chat.Values{"text": {fmt.Sprintf("Samedi, on ouvre (%d, %d).", n, try)}}}
	}
	tag.Verb, tag.Subject = "post.date", fmt.Sprintf("%s.2026-03-%02dT%02d:00", r.post, 1+n%28, 8+try)
	return chat.Event{Tag: tag}
}

// judge counts a decision that counted, or the sentence that says why it did not.
func (r *race) judge(what string, a chat.Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := chat.Card{}
	switch x := a.(type) {
	case chat.Silent: // done, and there was no time left to draw: the board does
		r.won++
		return
	case chat.Refresh:
		if x.Tell == nil || x.Tell.Tone == chat.Good {
			r.won++
			return
		}
		said = *x.Tell
	case chat.Say:
		if x.Card.Tone != chat.Bad {
			r.won++
			return
		}
		said = x.Card
	}
	if words := spans(said.Body); words == "" {
		r.Errorf("%s: too late, and no sentence: %#v", what, a)
	} else {
		r.words[words]++
	}
}

// oneHistory replays what is told from where it began: every line must be allowed by the table after the one before, each
// raises the revision by one, and where they lead is the row.
func (r *race) oneHistory() {
	r.Helper()
	entries, err := storage.Entries(r.Context(), r.app.DB, r.team, r.post)
	r.must(err)
	now := r.sheet()
	p, moves := r.began, 0
	for _, e := range entries {
		if e.By == "" || e.What == social.DidDraft || e.What == social.DidSubmit {
			continue
		}
		by, err := storage.Member(r.Context(), r.app.DB, r.team, e.By)
		r.must(err)
		later := r.clock.Now().Add(30 * 24 * time.Hour)
		if p, err = p.Apply(social.Move(e.What), social.Actor{Member: by, Brand: now.Brand}, social.Change{Note: "…", Words: p.Words + 1,
			Moment: social.Moment{At: later}, Now: e.At}); err != nil {
			r.Errorf("%s after %s: %v", e.What, p.State, err)
		}
		moves++
	}
	if moves != r.won || now.Post.Rev != r.began.Rev+int64(moves) {
		r.Errorf("%d decisions counted, %d in the story, revision %d after %d", r.won, moves, now.Post.Rev, r.began.Rev)
	}
	if p.State != now.Post.State || p.Words != now.Post.Words || p.Editor != now.Post.Editor {
		r.Errorf("the story leads to %s, words %d; the row is %s, words %d", p.State, p.Words, now.Post.State, now.Post.Words)
	}
	if r.won == 0 || len(r.words) == 0 {
		r.Errorf("nobody won or nobody lost: %d, %v", r.won, r.words)
	}
	for words, n := range r.words {
		r.Logf("%3d × %s", n, words)
	}
}

func (r *race) cardsAreTheRow() {
	r.Helper()
	var want, got []string
	same := func() bool {
		want, got = lines(cards.Post(r.sheet(), i18n.Fr)), nil
		for _, s := range r.app.Playgrounds {
			m, _ := r.card(s)
			got = append(got, lines(*m.Card)...)
		}
		want = append(want, want...)
		return slices.Equal(want, got)
	}
	if !r.soon(patience, same) {
		r.Errorf("cards (-row +shown):\n%s", cmp.Diff(want, got))
	}
}
