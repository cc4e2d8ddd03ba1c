package publishing_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"griot/delivery"
	"griot/fault"
	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// stops are the acts that end the right to send. Each answers whether the delivery to Lune is confirmed as stopped.
var stops = map[string]func(*house, social.Sheet) (bool, error){
	"cancel":     byMove(social.Cancel),
	"unschedule": byMove(social.Unschedule),
	"send back":  byMove(social.SendBack),
	"edit": func(h *house, s social.Sheet) (bool, error) {
		r, err := h.s.Edit(h.Context(), h.ana, s.Post.ID, 0, publishing.Content{Text: "Tout autre chose", Accounts: []string{h.lune.ID}})
		return stopped(r, err)
	},
	"pause": func(h *house, s social.Sheet) (bool, error) {
		leaving, err := h.s.Pause(h.Context(), h.bob, h.brand.ID)
		return stopped(publishing.Result{Leaving: leaving}, err)
	},
	"remove": func(h *house, _ social.Sheet) (bool, error) {
		var leaving []social.Delivery
		err := h.db.InTx(h.Context(), func(tx *storage.Tx) (err error) {
			a := h.lune
			a.State, a.Rev = social.Removed, 2
			if err := tx.SaveAccount(h.Context(), a, 1); err != nil {
				return err
			}
			leaving, err = tx.Stop(h.Context(), a.TeamID, storage.StopWhich{Account: a.ID}, social.ByRemoval)
			return err
		})
		return stopped(publishing.Result{Leaving: leaving}, err)
	},
}

func byMove(m social.Move) func(*house, social.Sheet) (bool, error) {
	return func(h *house, s social.Sheet) (bool, error) {
		r, err := h.s.Move(h.Context(), h.bob, s.Post.ID, 0, m, social.Change{Note: "Non"})
		return stopped(r, err)
	}
}

// stopped: a fault is a clear no, a delivery among the leaving ones is one, too.
func stopped(r publishing.Result, err error) (bool, error) {
	if fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return err == nil && len(r.Leaving) == 0, err
}

// Each act is done at each step of a delivery: what was confirmed as stopped never appears, and what was not appears once.
func TestStopRacedAtEveryStep(t *testing.T) {
	steps := []string{delivery.StepClaimed, delivery.StepPrepared, delivery.StepArmed, delivery.StepAnswered, delivery.StepRecorded}
	for name, act := range stops {
		t.Run(name, func(t *testing.T) {
			each(t, func(h *house) {
				for _, step := range steps {
					h.raced(name, act, step)
				}
			})
		})
	}
}

func (h *house) raced(name string, act func(*house, social.Sheet) (bool, error), step string) {
	h.Helper()
	h.fresh()
	text := name + " at " + step
	s := h.approved(publishing.Content{Text: text, Accounts: []string{h.lune.ID}, When: social.Soon})
	var once sync.Once
	var sure bool
	acted := make(chan struct{})
	h.until(h.process(func(at string) {
		if at != step {
			return
		}
		once.Do(func() {
			defer close(acted)
			var err error
			if sure, err = act(h, s); err != nil {
				h.Errorf("%s: %v", text, err)
			}
		})
	}), func() bool {
		select {
		case <-acted:
			return !slices.Contains([]social.DeliveryState{social.Leased, social.Sending}, h.states(s)["lune"])
		default:
			return false
		}
	})
	want := 1
	if sure && step != delivery.StepRecorded { // by then there was nothing to stop
		want = 0
	}
	if n := h.village.Accepted(text); n != want {
		h.Errorf("%s: confirmed as stopped %v, and taken %d times (%v)", text, sure, n, h.states(s))
	}
}

// fresh gives each race an account and a brand that nothing has stopped yet.
func (h *house) fresh() {
	h.Helper()
	b, err := storage.Brand(h.Context(), h.db, h.brand.TeamID, h.brand.ID)
	h.ok(err)
	if b.Paused {
		_, err := h.s.Resume(h.Context(), h.bob, b.ID)
		h.ok(err)
	}
	a, err := storage.Account(h.Context(), h.db, h.lune.TeamID, h.lune.ID)
	h.ok(err)
	if a.State == social.Removed {
		h.lune = h.connect(storage.NewID("lune"))
	}
}

// The network does not take it just after somebody asked to stop: it is not tried again.
func TestAskedToStopIsNotTriedAgain(t *testing.T) {
	for _, m := range []social.Move{social.Unschedule, social.SendBack, social.Cancel} {
		t.Run(string(m), func(t *testing.T) {
			each(t, func(h *house) {
				s := h.approved(publishing.Content{Text: "Bonjour", Accounts: []string{h.lune.ID}, When: social.Soon})
				h.village.Misbehave(pretendLimit)
				acted := make(chan struct{})
				h.until(h.process(func(at string) {
					if at != delivery.StepArmed {
						return
					}
					r, err := h.s.Move(h.Context(), h.bob, s.Post.ID, 0, m, social.Change{Note: "Non"})
					h.ok(err)
					if len(r.Leaving) != 1 {
						t.Errorf("leaving: %v", r.Leaving)
					}
					close(acted)
				}), func() bool {
					select {
					case <-acted:
						return h.states(s)["lune"] == social.Waiting
					default:
						return false
					}
				})
				h.clock.Advance(pretendLimit.Wait + 1)
				h.until(h.process(nil), func() bool { return h.states(s)["lune"] == social.Void })
				if n := h.village.Accepted("Bonjour"); n != 0 {
					t.Errorf("taken %d times", n)
				}
			})
		})
	}
}

// Many people press at once on one post: one history, and every loser gets a sentence.
func TestManyPressAtOnce(t *testing.T) {
	each(t, func(h *house) {
		s := h.move(h.ana, h.draft(h.dated("Bonjour")), social.Submit, social.Change{}).Sheet
		people := []social.Member{h.bob, h.cleo}
		for i := range 18 {
			people = append(people, h.person(fmt.Sprint("P", i), social.Approver))
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i, p := range people {
			all.Go(func() {
				var err error
				switch i % 4 {
				case 0:
					_, err = h.s.Move(context.Background(), p, s.Post.ID, s.Post.Rev, social.Approve, social.Change{})
				case 1:
					_, err = h.s.Move(context.Background(), p, s.Post.ID, s.Post.Rev, social.SendBack, social.Change{Note: "Non"})
				case 2:
					_, err = h.s.Edit(context.Background(), p, s.Post.ID, s.Post.Rev, h.dated(fmt.Sprint("Texte ", i)))
				case 3:
					m := h.tomorrow()
					m.At = m.At.Add(1)
					_, err = h.s.Move(context.Background(), p, s.Post.ID, s.Post.Rev, social.Schedule, social.Change{Moment: m})
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !fault.Is(err, fault.Conflict) {
					t.Errorf("%s: %v", p.Name, err)
				}
			})
		}
		all.Wait()
		story, err := h.s.Story(h.Context(), h.ana, s.Post.ID)
		h.ok(err)
		if won != 1 || len(story.Entries) != 3 || story.Sheet.Post.Rev != s.Post.Rev+1 {
			t.Errorf("%d won, %d lines, revision %d after %d", won, len(story.Entries), story.Sheet.Post.Rev, s.Post.Rev)
		}
	})
}
