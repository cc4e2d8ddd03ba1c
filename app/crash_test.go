package app_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"griot/connectors/pretend"
	"griot/delivery"
	"griot/storage"
)

// abreast is how many installations of each kind live side by side.
const abreast = 2

// kind is what is published.
type kind string

const (
	single  kind = "single"
	shown   kind = "picture"
	threads kind = "thread"
)

// parts is how many visible calls it takes.
func (k kind) parts() int {
	if k == threads {
		return 3
	}
	return 1
}

// answering is what the village does with a call whose client died before it was taken.
type answering int

const (
	never   answering = iota // the line is cut
	soon                     // takes it, at once
	between                  // takes it after it was looked for once
	last                     // takes it after everybody has given up
)

// story is one post, and how processes die while it leaves.
type story struct {
	post  kind
	step  string        // the first process ends itself at a step of the delivery,
	nth   int           // when it is reached for the nth time;
	point pretend.Point // or it is killed while its call stands here, in the village; Content is made from nth
	then  answering
	more  []ending // the processes after it end themselves there, while they recover
}

func (s story) String() string {
	at := s.step
	if at == "" {
		at = string(s.point.Call) + " " + string(s.point.Step)
	}
	out := fmt.Sprintf("%s: %s %d", s.post, at, s.nth)
	for _, m := range s.more {
		out += fmt.Sprintf(", %s %d", m.Step, m.Nth)
	}
	return out
}

// onceEach are the steps that every delivery goes through once; the others are those of each part.
var (
	onceEach = []string{delivery.StepClaiming, delivery.StepClaimed, delivery.StepTold}
	partEach = []string{delivery.StepPrepared, delivery.StepArmed, delivery.StepSending, delivery.StepAnswered, delivery.StepRecorded}
)

// stories are one death each: at every step, of every part, on either side of the wire.
func stories() []story {
	var out []story
	for _, k := range []kind{single, shown, threads} {
		for _, s := range onceEach {
			out = append(out, story{post: k, step: s, nth: 1})
		}
		for n := range k.parts() {
			for _, s := range partEach {
				out = append(out, story{post: k, step: s, nth: n + 1})
			}
		}
	}
	for _, s := range []pretend.Step{pretend.Begun, pretend.Arrived, pretend.Accepted} {
		out = append(out, story{post: shown, point: pretend.Point{Call: pretend.MediaCall, Step: s}, nth: 1})
	}
	for _, k := range []kind{single, threads} {
		out = append(out, story{post: k, point: pretend.Point{Call: pretend.PostCall, Step: pretend.Begun}, nth: 1})
		for n := range k.parts() {
			for _, then := range []answering{never, soon, between, last} {
				out = append(out, story{post: k, point: pretend.Point{Call: pretend.PostCall, Step: pretend.Arrived}, nth: n + 1, then: then})
			}
			out = append(out, story{post: k, point: pretend.Point{Call: pretend.PostCall, Step: pretend.Accepted}, nth: n + 1},
				story{post: k, point: pretend.Point{Call: pretend.PostCall, Step: pretend.Answered}, nth: n + 1})
		}
	}
	return out
}

// sequels are two deaths and more: the process that recovers dies too.
func sequels() []story {
	var out []story
	die := func(step string) ending { return ending{Step: step, Nth: 1, Signal: syscall.SIGKILL} }
	for _, s := range []story{
		{post: single, step: delivery.StepPrepared, nth: 1},
		{post: shown, step: delivery.StepArmed, nth: 1},
		{post: single, step: delivery.StepAnswered, nth: 1},
		{post: threads, step: delivery.StepAnswered, nth: 2},
		{post: threads, point: pretend.Point{Call: pretend.PostCall, Step: pretend.Arrived}, nth: 2, then: soon},
	} {
		for _, again := range []string{delivery.StepClaimed, delivery.StepLooking, delivery.StepSending, delivery.StepRecorded, delivery.StepTold} {
			s.more = []ending{die(again)}
			out = append(out, s)
		}
		s.more = []ending{die(delivery.StepClaimed), die(delivery.StepAnswered), die(delivery.StepRecorded)}
		out = append(out, s)
	}
	return out
}

// tell lives s through, and waits until the post has come to an end.
func (l *lane) tell(s story, n int) {
	l.Helper()
	w := l.words(s, fmt.Sprint(n))
	o := order{Words: []string{strings.Join(w.words, "\n---\n")}, Shown: s.post == shown}
	if s.step == "" {
		l.struck(s, w, o)
	} else {
		o.End = ending{Step: s.step, Nth: s.nth, Signal: syscall.SIGKILL}
		w.id = l.run(o).Posts[0]
		l.ended(s.step)
	}
	for _, m := range s.more {
		l.run(order{End: m})
		l.recover(m, w)
	}
	if l.child == nil {
		l.run(order{})
	}
	l.drain(w)
	if w.held != nil {
		l.takes(w.held, w.words[s.nth-1])
	}
}

// words is the post of a story, in words that no other has.
func (l *lane) words(s story, name string) *writing {
	w := &writing{after: s.String()}
	for i := range s.post.parts() {
		w.words = append(w.words, fmt.Sprintf("%s %s, partie %d", s.post, name, i+1))
	}
	l.posts = append(l.posts, w)
	return w
}

// struck kills the running process while its call stands in the village, and lets the call end as s says.
func (l *lane) struck(s story, w *writing, o order) {
	l.Helper()
	p := s.point
	if p.Call == pretend.PostCall && p.Step != pretend.Begun {
		p.Content = w.words[s.nth-1]
	}
	call := l.village.Hold(p)
	w.id = l.run(o).Posts[0]
	l.reached(call)
	l.child.kill()
	l.ended(string(p.Call) + " " + string(p.Step))
	switch s.then {
	case never:
		call.Drop()
	case soon:
		l.takes(call, p.Content)
	case between:
		look := l.village.Hold(pretend.Point{Call: pretend.ListCall, Step: pretend.Accepted})
		l.run(order{})
		l.reached(look)
		l.takes(call, p.Content)
		look.Release()
	case last:
		w.held = call
	}
}

func (l *lane) reached(h *pretend.Hold) {
	l.Helper()
	select {
	case <-h.Reached():
	case <-time.After(patient):
		l.Fatalf("no call comes to where it is awaited\n%s", l.child.words())
	}
}

// takes lets go of a call whose client died, and waits until the village took it.
func (l *lane) takes(call *pretend.Hold, text string) {
	l.Helper()
	before := l.records(text)
	call.Release()
	if !eventually(func() bool { return l.records(text) > before }) {
		l.Fatalf("the village does not take %q", text)
	}
}

func (l *lane) records(text string) int {
	n := 0
	for _, r := range l.village.Log() {
		if r.Content == text {
			n++
		}
	}
	return n
}

// recover waits until the process that recovers w dies too, or has come to an end without getting there.
func (l *lane) recover(m ending, w *writing) {
	l.Helper()
	if !eventually(func() bool { return !l.child.alive() || m.Step != delivery.StepTold && l.drained(w) }) {
		l.Fatalf("post %q (%s) never ends: %s\n%s", w.words, w.after, l.state(w), l.child.words())
	}
	if !l.child.alive() {
		l.ended("recovery: " + m.Step)
	}
}

// share is every abreast-th of all.
func share(all []story, part int) []story {
	var out []story
	for i := part; i < len(all); i += abreast {
		out = append(out, all[i])
	}
	return out
}

// TestCrash kills Griot hundreds of times, at every step of a delivery and while it recovers. Every post is there exactly
// once, or to be checked by a person; never twice, never lost; and what a person decides ends it right.
func TestCrash(t *testing.T) {
	program, begun := build(t), time.Now()
	all := slices.Concat(stories(), sequels())
	var mu sync.Mutex
	var rows []*lane
	var running sync.WaitGroup
	run := func(name string, engine storage.Engine, keys pretend.Keys, f func(*lane)) {
		running.Go(func() {
			t.Run(fmt.Sprintf("%s keys %s %s", engine, keys, name), func(t *testing.T) {
				l := newLane(t, program, engine, keys)
				mu.Lock()
				rows = append(rows, l)
				mu.Unlock()
				f(l)
			})
		})
	}
	for _, keys := range []pretend.Keys{pretend.Honoured, pretend.Ignored} {
		for _, engine := range []storage.Engine{storage.SQLite, storage.Postgres} {
			for part := range abreast {
				run(fmt.Sprint("alone ", part+1), engine, keys, func(l *lane) { l.live(share(all, part), share(stands(), part)) })
			}
		}
		run("together", storage.Postgres, keys, (*lane).shareWork)
	}
	running.Wait()
	kills := report(t, rows, time.Since(begun))
	if complete := 2*2*abreast + 2; len(rows) == complete && !t.Failed() && kills < 300 {
		t.Errorf("%d processes were killed, want 300 at least", kills)
	}
}
