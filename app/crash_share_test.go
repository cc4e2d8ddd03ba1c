package app_test

import (
	"fmt"
	"syscall"
	"time"

	"griot/app"
	"griot/delivery"
	"griot/publishing"
	"griot/social"
)

// atOnce is how many posts fall due while no process runs.
const atOnce = 200

// shareWork lets two processes on one PostgreSQL bring out what is due at once. One is killed half-way, another takes its
// place, and the second stops in good order while there is still work.
func (l *lane) shareWork() {
	begun := time.Now()
	l.here(func(a *app.App) error {
		for n := range atOnce {
			w := &writing{words: []string{fmt.Sprintf("Ensemble %d", n)}, after: "sharing"}
			if err := l.approved(a, w); err != nil {
				return err
			}
			l.posts = append(l.posts, w)
		}
		return nil
	})
	second := launch(l.T, l.program, l.env, l.where, order{End: ending{Step: delivery.StepClaiming, Nth: 1, Signal: syscall.SIGSTOP}})
	second.heard()
	second.stopped() // so that it is not done before the first one has begun
	l.run(order{End: ending{Step: delivery.StepRecorded, Nth: atOnce / 4, Signal: syscall.SIGKILL}})
	second.signal(syscall.SIGCONT)
	l.ended("sharing: " + delivery.StepRecorded)
	l.run(order{})
	second.end()
	l.drain(l.posts...)
	owners := map[string]int{}
	for _, w := range l.posts {
		owners[l.deliveries(w)[0].Owner]++
	}
	if len(owners) < 2 {
		l.Errorf("the work was not shared: %v", owners)
	}
	l.finish()
	l.tally.took = time.Since(begun)
}

// approved writes w and approves it, to leave at once.
func (l *lane) approved(a *app.App, w *writing) error {
	sheet, err := a.Publishing.Draft(l.Context(), l.by, l.where.Brand, publishing.Content{Text: w.words[0], Accounts: []string{l.where.Account}, When: social.Soon})
	if err != nil {
		return err
	}
	w.id = sheet.Post.ID
	_, err = a.Publishing.Move(l.Context(), l.by, w.id, 0, social.Approve, social.Change{})
	return err
}
