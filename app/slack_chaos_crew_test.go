package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"griot/bot/slackbot/slacktest"
	"griot/social"
)

// sailor is somebody who acts.
type sailor struct {
	*storm
	*slacktest.Person
	in     *hall
	member social.Member
	dice   *rand.Rand
	notes  int
}

// acts does one thing of those that people do.
func (a *sailor) acts() {
	p := a.posts[a.dice.IntN(len(a.posts))]
	switch a.dice.IntN(32) {
	case 0:
		a.insists("command", func() slacktest.Ack { return a.Command(a.in.approvals, "/griot", "post liste") })
	case 1:
		a.insists("command", func() slacktest.Ack { return a.Command(a.in.approvals, "/historique", "publication:"+p.id) })
	case 2:
		a.insists("event", a.OpenHome)
	case 3:
		a.insists("event", func() slacktest.Ack { return a.Mention(a.in.approvals, "aide") })
	default:
		a.decides(p)
	}
}

// moves are the decisions that the crew takes, by what is pressed.
var moves = map[string]social.Move{
	"post.submit": social.Submit, "post.approve": social.Approve, "post.unschedule": social.Unschedule,
	"post.send_back": social.SendBack, "post.schedule": social.Schedule, "post.edit": social.Edit,
}

// decides takes a decision that the post's card offers.
func (a *sailor) decides(p *cargo) {
	card := a.in.approvals.Message(p.at[a.in])
	var verbs []string
	offered := tags(card.Blocks)
	for verb := range moves {
		if _, ok := offered[verb]; ok {
			verbs = append(verbs, verb)
		}
	}
	if slices.Sort(verbs); len(verbs) == 0 {
		a.Errorf("nothing can be decided about %s:\n%s", p.id, card)
		a.storm.acts.Add(a.enough)
		return
	}
	verb := verbs[a.dice.IntN(len(verbs))]
	d := decision{post: p.id, rev: offered[verb].Rev, do: moves[verb], by: a.member.ID}
	switch verb {
	case "post.submit", "post.approve", "post.unschedule":
		d.acked = a.insists("press", func() slacktest.Ack { return a.Press(card, verb) })
		a.wanted(d)
		return
	}
	if !a.insists("press", func() slacktest.Ack { return a.Press(card, verb) }) {
		return
	}
	if !sees(5*time.Second, func() bool { return a.Modal().Callback == offered[verb].String() }) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.unopened++
		return
	}
	a.fills(d)
}

// fills sends the window that is open.
func (a *sailor) fills(d decision) {
	a.notes++
	note := fmt.Sprintf("%s, note %d", a.RealName, a.notes)
	begins, what := "Que faut-il", note
	switch d.do {
	case social.Edit:
		begins, what = "Texte", fmt.Sprintf("Publication réécrite (%s)", note)
	case social.Schedule:
		begins, what = "Quand", fmt.Sprintf("2026-03-%02d %02d:%02d", 1+a.dice.IntN(28), a.dice.IntN(24), a.dice.IntN(60))
	case social.SendBack:
		d.note = note
	}
	sent := slacktest.Values{field(a.Modal(), begins): {what}}
	refused := false
	d.acked = a.insists("form", func() slacktest.Ack {
		ack := a.Submit(sent)
		refused = len(ack.Errors) > 0
		return ack
	}) && !refused
	if d.do != social.Schedule {
		a.wanted(d)
		return
	}
	asked := a.Modal()
	if yes, ok := tags(asked.Blocks)["post.date"]; ok && d.acked {
		d.rev = yes.Rev
		d.acked = a.insists("press", func() slacktest.Ack { return a.Press(asked, "post.date") })
		a.wanted(d)
	}
}

// insists acts once more, when there is a socket again, after Slack said that there was some trouble connecting.
func (a *sailor) insists(kind string, act func() slacktest.Ack) bool {
	for range 2 {
		sees(patience, func() bool { return a.slack.Connected() > 0 })
		if a.did(kind, act()) {
			return true
		}
	}
	return false
}

// did counts an act, and reports whether it was acknowledged.
func (a *sailor) did(kind string, ack slacktest.Ack) bool {
	a.storm.acts.Add(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !ack.OK() {
		a.lost[kind+map[bool]string{true: " late", false: " lost"}[ack.Late]]++
		return false
	}
	a.acked[kind]++
	return true
}
