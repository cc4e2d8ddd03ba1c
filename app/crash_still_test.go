package app_test

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"griot/connectors/pretend"
	"griot/delivery"
	"griot/storage"
)

// stands are the places where a process stands still for longer than its lease lasts, and then goes on as if nothing had
// happened: at a step, or while its call is in the village, which takes it meanwhile.
func stands() []story {
	var out []story
	for _, s := range []string{delivery.StepClaimed, delivery.StepPrepared, delivery.StepArmed, delivery.StepSending, delivery.StepAnswered, delivery.StepRecorded} {
		out = append(out, story{post: single, step: s, nth: 1})
	}
	for n := range 3 {
		out = append(out, story{post: threads, step: delivery.StepArmed, nth: n + 1}, story{post: threads, step: delivery.StepAnswered, nth: n + 1})
	}
	for _, s := range []pretend.Step{pretend.Arrived, pretend.Accepted} {
		out = append(out, story{post: single, point: pretend.Point{Call: pretend.PostCall, Step: s}, nth: 1},
			story{post: threads, point: pretend.Point{Call: pretend.PostCall, Step: s}, nth: 2})
	}
	return out
}

// standStill lives s through with a process that stands still instead of one that dies. On PostgreSQL another one does
// the work meanwhile.
func (l *lane) standStill(s story, n int) {
	l.Helper()
	w := l.words(s, fmt.Sprintf("immobile %d", n))
	w.after = "standing still at " + w.after
	o := order{Words: []string{strings.Join(w.words, "\n---\n")}}
	var call *pretend.Hold
	if s.step == "" {
		p := s.point
		p.Content = w.words[s.nth-1]
		call = l.village.Hold(p)
		w.id = l.run(o).Posts[0]
		l.reached(call)
		l.child.signal(syscall.SIGSTOP)
	} else {
		o.End = ending{Step: s.step, Nth: s.nth, Signal: syscall.SIGSTOP}
		w.id = l.run(o).Posts[0]
	}
	stood := l.child
	stood.stopped()
	l.tally.pauses++
	if l.engine == storage.Postgres {
		l.child = nil
		l.run(order{})
		l.drain(w)
	} else {
		past(shortLease)
	}
	switch {
	case call != nil && s.point.Step == pretend.Arrived:
		l.takes(call, w.words[s.nth-1])
	case call != nil:
		call.Release()
	}
	stood.signal(syscall.SIGCONT)
	if l.engine == storage.Postgres {
		stood.end()
	}
	l.drain(w)
}

// past lets d go by: what is awaited is that time, and nothing else.
func past(d time.Duration) { <-time.After(d) }
