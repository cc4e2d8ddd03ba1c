package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"griot/chat"
	"griot/social"
)

// hand is somebody who decides, in three chats.
type hand struct {
	*fleet
	member  social.Member
	dice    *rand.Rand
	seats   []seat
	seen    map[string]sight // of each post in each chat, as it looked first or a while ago
	written int
	refused map[string]bool // sentences that were read
}

// acts takes one decision that a card offers, in one of the chats: on a post of one's own choice, or on the one that all look
// at; by what the card shows now, or by what it showed before.
func (h *hand) acts() {
	p := h.posts[h.dice.IntN(len(h.posts))]
	if h.dice.IntN(2) == 0 {
		p = h.posts[int(h.enough.Load()/10)%len(h.posts)]
	}
	at := h.dice.IntN(len(h.seats))
	on := h.seats[at].card(p)
	key := fmt.Sprint(at, p.ID)
	if old, ok := h.seen[key]; ok && h.dice.IntN(4) == 0 {
		on = old
	} else if !ok || h.dice.IntN(2) == 0 {
		h.seen[key] = on
	}
	var verbs []string
	for verb := range on.tags {
		if moves[verb] != "" && verb != "post.edit" {
			verbs = append(verbs, verb)
		}
	}
	if slices.Sort(verbs); len(verbs) == 0 {
		return // cancelled
	}
	verb := verbs[h.dice.IntN(len(verbs))]
	if _, ok := on.tags["post.cancel"]; ok && h.dice.IntN(50) == 0 {
		verb = "post.cancel"
	}
	h.decides(h.seats[at], p, on, verb)
	h.notes(h.seats[at].glance())
}

// decides takes one decision on what was seen.
func (h *hand) decides(x seat, p *load, on sight, verb string) {
	h.notes(x.glance()) // a window that was answered late on a busy machine is read before another one takes its place
	d := decision{post: p.ID, rev: on.tags[verb].Rev, do: social.Move(strings.TrimPrefix(verb, "post.")), by: h.member.ID}
	from := time.Now()
	d.acked = x.press(on, verb)
	if d.acked {
		h.enough.Add(1)
	}
	if d.do != social.SendBack && d.do != social.Schedule {
		h.took(d, from)
		return
	}
	if !d.acked {
		return
	}
	if !x.window(on.tags[verb]) {
		h.count("windows that did not open")
		return
	}
	begins, what := "Quand", fmt.Sprintf("2026-03-%02d %02d:%02d", 1+h.dice.IntN(28), h.dice.IntN(24), h.dice.IntN(60))
	if d.do == social.SendBack {
		h.written++
		d.note = fmt.Sprintf("%s, note %d", h.member.Name, h.written)
		begins, what = "Que faut-il", d.note
	}
	from = time.Now()
	d.acked = x.fill(begins, what)
	if d.do == social.SendBack {
		h.took(d, from)
		return
	}
	if asked, ok := x.question("post.date", p.ID); d.acked && ok {
		d.rev, from = asked.tags["post.date"].Rev, time.Now()
		d.acked = x.press(asked, "post.date")
		h.took(d, from)
	}
}

// took notes a decision, and begins to look for what it changes.
func (h *hand) took(d decision, from time.Time) {
	h.wanted(d)
	if d.acked {
		h.expects(d, from)
	}
}

// refusals are the beginnings of sentences that say that something was not done, or not again.
var refusals = []string{"🔴", "a changé entre-temps", "est maintenant «", "plus à décider", "déjà fait", "rien n’a été modifié", "pas le rôle", "votre propre texte"}

// notes what of all that was said are refusals.
func (h *hand) notes(said []string) {
	for _, one := range said {
		if slices.ContainsFunc(refusals, func(r string) bool { return strings.Contains(one, r) }) {
			h.refused[one] = true
		}
	}
}

// reads goes through all that the person was told.
func (h *hand) reads() {
	for _, x := range h.seats {
		h.notes(x.read())
		h.notes(x.glance())
	}
}

// apologised reports whether somebody has read that something of theirs was not stored.
func (f *fleet) apologised(member string) bool {
	h := f.crew[slices.IndexFunc(f.crew, func(h *hand) bool { return h.member.ID == member })]
	h.reads()
	for said := range h.refused {
		if strings.Contains(said, "rien n’a été modifié") {
			return true
		}
	}
	return false
}

// calmly approves a post in one chat and takes it off the calendar in the next one, each time when all copies of the card show
// what was done before.
func (h *hand) calmly(p *load, n int) {
	for k, verb := range []string{"post.approve", "post.unschedule"} {
		x := h.seats[(n+k)%len(h.seats)]
		var on sight
		offered := func() bool {
			on = x.card(p)
			return on.tags[verb] != chat.Tag{} && h.shows(p, h.rooms()) == on.tags[verb].Rev && !h.expected(p.ID)
		}
		if !sees(stormEnd, offered) {
			h.Errorf("%s is never offered on %s", verb, p.ID)
			return
		}
		h.decides(x, p, on, verb)
	}
}
