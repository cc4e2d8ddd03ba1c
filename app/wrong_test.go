package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"griot/connectors/pretend"
	"griot/delivery"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// brand sets up Maison Lune with its practice account.
func (w *world) brand() {
	w.Helper()
	w.types(awa, `/demarrer marque:"Maison Lune"`)
}

func (w *world) types(user, line string) {
	w.Helper()
	if _, err := w.chat("playground").Type(w.Context(), user, general, line); err != nil {
		w.Fatalf("%s: %v", line, err)
	}
}

// member is one of the people of the playground.
func (w *world) member(user string) social.Member {
	w.Helper()
	m, err := storage.MemberAt(w.Context(), w.app.DB, "playground", "playground", user)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// approved is a post that Nora wrote and Léo approved, by its id. When is said in words.
func (w *world) approved(text, when string) string {
	w.Helper()
	w.types(nora, `/post rediger texte:"`+text+`" vers:village quand:"`+when+`"`)
	return w.agreed(text)
}

// agreed sends the draft with that text for approval and approves it.
func (w *world) agreed(text string) string {
	w.Helper()
	nora, leo := w.member(nora), w.member(leo)
	all, err := storage.Posts(w.Context(), w.app.DB, nora.TeamID, storage.PostFilter{Text: text, Limit: 1})
	if err != nil || len(all) != 1 {
		w.Fatalf("the draft of %q: %d, %v", text, len(all), err)
	}
	id := all[0].ID
	for _, x := range []struct {
		by social.Member
		do social.Move
	}{{nora, social.Submit}, {leo, social.Approve}} {
		if _, err := w.app.Publishing.Move(w.Context(), x.by, id, 0, x.do, social.Change{}); err != nil {
			w.Fatalf("%s %q: %v", x.do, text, err)
		}
	}
	return id
}

// delivery is the only one of a post.
func (w *world) delivery(post string) social.Delivery {
	w.Helper()
	s, err := storage.SheetOf(w.Context(), w.app.DB, w.member(nora).TeamID, post)
	if err != nil {
		w.Fatal(err)
	}
	return s.Newest()[0]
}

// turns waits until a post's delivery is as said.
func (w *world) turns(post string, to social.DeliveryState, why social.Reason) {
	w.Helper()
	var d social.Delivery
	if !w.soon(patience, func() bool { d = w.delivery(post); return d.State == to && d.Reason == why }) {
		w.Fatalf("the delivery is %s %q, want %s %q", d.State, d.Reason, to, why)
	}
}

// taken checks how often the village took a text.
func (w *world) taken(text string, n int) {
	w.Helper()
	if got := w.town.Accepted(text); got != n {
		w.Fatalf("the village took %q %d times, want %d", text, got, n)
	}
}

// reads waits until a card in the channel for approvals of both chats has all these words.
func (w *world) reads(words ...string) {
	w.Helper()
	for _, s := range w.app.Playgrounds {
		var last string
		ok := w.soon(patience, func() bool {
			for _, m := range s.Messages(approvals) {
				if last = strings.Join(messageLines(m), "\n"); containsAll(last, words) {
					return true
				}
			}
			return false
		})
		if !ok {
			w.Fatalf("no card of %s has %q; the last one:\n%s", s.Name(), words, last)
		}
	}
}

func containsAll(text string, words []string) bool {
	for _, x := range words {
		if !strings.Contains(text, x) {
			return false
		}
	}
	return true
}

// TestNetworkThatNeverAnswers: the call has a deadline, Griot looks on the account, and the words are there once.
func TestNetworkThatNeverAnswers(t *testing.T) {
	for _, how := range []pretend.Misdeed{pretend.Silence, pretend.Mute} {
		t.Run(string(how), func(t *testing.T) {
			w := newWorld(t, "", i18n.Fr)
			w.tune = func(o *delivery.Options) { o.Lease = 2 * time.Second }
			w.start()
			w.brand()
			w.town.Misbehave(pretend.Fault{Do: how})
			post := w.approved("Sans réponse.", "maintenant")
			w.turns(post, social.Sending, social.ByNoAnswer)
			w.reads("Sans réponse.", "Pas encore de réponse claire")
			w.clock.advance(time.Minute)
			w.turns(post, social.Live, social.NoReason)
			w.reads("Sans réponse.", "en ligne")
			w.taken("Sans réponse.", 1)
		})
	}
}

// TestNetworkThatAsksToWait: nothing was sent, and Griot tries again by itself.
func TestNetworkThatAsksToWait(t *testing.T) {
	w := newWorld(t, "", i18n.Fr)
	w.start()
	w.brand()
	w.town.Misbehave(pretend.Fault{Do: pretend.Limit, Wait: 30 * time.Second})
	post := w.approved("Panne.", "maintenant")
	w.turns(post, social.Waiting, social.ByLimit)
	w.reads("Panne.", "Griot réessaie de lui-même")
	w.clock.advance(time.Minute)
	w.turns(post, social.Live, social.NoReason)
	w.taken("Panne.", 1)
}

// TestClockThatJumps: what a wrong clock makes due does not leave at once; once the clock is right again, nothing was
// sent too early and nothing is lost.
func TestClockThatJumps(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		w.brand()
		post := w.approved("Demain.", "demain 9h")
		w.clock.jump(19*time.Hour + 5*time.Minute)
		w.wait("the jump to be seen", func() bool { return strings.Contains(w.log.String(), "clock jumped") })
		w.clock.jump(-19*time.Hour - 5*time.Minute)
		w.wait("the jump back to be seen", func() bool { return strings.Count(w.log.String(), "clock jumped") == 2 })
		w.clock.advance(2 * time.Minute)
		other := w.approved("Maintenant.", "maintenant")
		w.turns(other, social.Live, social.NoReason)
		w.turns(post, social.Waiting, social.NoReason)
		w.taken("Demain.", 0)
		w.clock.advance(18*time.Hour + 58*time.Minute)
		w.turns(post, social.Live, social.NoReason)
		w.taken("Demain.", 1)
	})
}

// TestClockThatJumpsPastADate: what is much too late then is asked about, not sent.
func TestClockThatJumpsPastADate(t *testing.T) {
	onEach(t, i18n.Fr, func(w *world) {
		w.brand()
		post := w.approved("Demain.", "demain 9h")
		w.clock.jump(20 * time.Hour)
		w.wait("the jump to be seen", func() bool { return strings.Contains(w.log.String(), "clock jumped") })
		w.clock.advance(2 * time.Minute)
		w.turns(post, social.Missed, social.ByLateness)
		w.reads("Demain.", "Elle n’a pas pu partir à l’heure")
		w.taken("Demain.", 0)
	})
}

// TestSecondProcessOnOneFile is refused with a sentence that says what to do, and the first goes on.
func TestSecondProcessOnOneFile(t *testing.T) {
	w := newWorld(t, "", i18n.Fr)
	w.start()
	w.brand()
	_, err := New(context.WithoutCancel(t.Context()), w.cfg, w.parts())
	if !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	for l, words := range map[i18n.Locale]string{i18n.En: "Another Griot is already using this folder", i18n.Fr: "Un autre Griot utilise déjà ce dossier"} {
		if got := fault.For(err, l); !strings.Contains(got, words) || !strings.Contains(got, w.cfg.Data) {
			t.Errorf("%s: %s", l, got)
		}
	}
	w.turns(w.approved("Toujours là.", "maintenant"), social.Live, social.NoReason)
}
