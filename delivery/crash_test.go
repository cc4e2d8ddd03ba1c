package delivery_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/delivery"
	"griot/social"
	"griot/storage"
)

var steps = []string{delivery.StepClaimed, delivery.StepPrepared, delivery.StepArmed, delivery.StepAnswered, delivery.StepRecorded}

// A process dies at every step of every part: another one brings the thread to its end, or a person is asked; nothing is
// ever there twice.
func TestDeathAtEveryStep(t *testing.T) {
	for _, keys := range []pretend.Keys{pretend.Honoured, pretend.Ignored} {
		t.Run(string(keys), func(t *testing.T) {
			each(t, keys, func(w *world) {
				for _, step := range steps {
					for nth := 1; nth <= 3; nth++ {
						w.dies(step, nth)
					}
				}
			})
		})
	}
}

func (w *world) dies(step string, nth int) {
	w.Helper()
	var texts []string
	for _, part := range []string{"Un", "Deux", "Trois"} {
		texts = append(texts, part+" "+step+strings.Repeat("I", nth))
	}
	d := w.one(strings.Join(texts, "\n---\n"))
	seen := 0
	w.pass(w.service("a", func(at string) {
		if at != step {
			return
		}
		if seen++; seen == nth {
			panic("killed here") // the work ends at this instruction, with nothing cleaned up
		}
	}))
	s := w.service("b", nil)
	for range 8 {
		w.clock.Advance(time.Minute)
		w.pass(s)
	}
	switch got := w.now(d); got.State {
	case social.Live:
	case social.Unsure:
		w.decide(d, social.SendAgain)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
	default:
		w.Fatalf("killed at %s, %d: it ended %s (%q)", step, nth, got.State, got.Reason)
	}
	for _, text := range texts {
		if n := w.village.Live(text); n != 1 {
			w.Errorf("killed at %s, %d: %q is there %d times", step, nth, text, n)
		}
	}
}

// The news was told, and the process died before it could say so, or told half of it: the story has each line once.
func TestNewsAreToldOnce(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		w.one("Bonjour")
		w.pass(w.service("a", func(step string) {
			if step == delivery.StepRecorded {
				w.race(3)
			}
		}))
		w.race(3)
		if diff := cmp.Diff([]social.What{social.DidLeave, social.DidArrive}, w.story()); diff != "" {
			t.Errorf("story (-want +got):\n%s", diff)
		}
	})
}

// race lets several processes tell the news at once.
func (w *world) race(n int) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if _, err := w.service("x", nil).Announce(w.Context()); err != nil {
				w.Error(err)
			}
		})
	}
	all.Wait()
}

// Several processes share the work: nothing leaves twice, whoever claims it.
func TestProcessesShareTheWork(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		var texts []string
		var all []social.Delivery
		for i := range 60 {
			text := "Bonjour " + strings.Repeat("x", i+1)
			texts, all = append(texts, text), append(all, w.one(text))
		}
		var workers sync.WaitGroup
		for _, name := range []string{"a", "b", "c"} {
			s := w.service(name, nil)
			workers.Go(func() {
				for range 12 {
					if err := s.Pass(w.Context()); err != nil {
						w.Error(err)
					}
				}
			})
		}
		workers.Wait()
		for i, d := range all {
			w.is(d, social.Live, social.NoReason)
			w.accepted(texts[i], 1)
		}
	})
}

// A database that is away while a receipt is in hand: it is kept, and written when it can be.
func TestReceiptInHandWaitsForTheDatabase(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		ctx, back := context.WithCancel(w.Context())
		defer back()
		tx := make(chan struct{})
		s := w.service("a", func(step string) {
			if step != delivery.StepAnswered {
				return
			}
			// The row is held by somebody who does not let go: every try to write runs into it, as into a full disk.
			held := make(chan struct{})
			go func() {
				defer close(tx)
				_ = w.db.InTx(ctx, func(tx *storage.Tx) error { // given up on purpose
					if err := tx.SavePart(ctx, d.TeamID, d.ID, d.Parts[0]); err != nil {
						return err
					}
					close(held)
					<-ctx.Done()
					return errors.New("given up")
				})
			}()
			<-held
			time.AfterFunc(300*time.Millisecond, back)
		})
		w.pass(s)
		<-tx
		w.is(d, social.Live, social.NoReason)
		w.accepted("Bonjour", 1)
	})
}

// One network that never answers holds neither the others nor the end of the process.
func TestSilentNetworkHoldsNobody(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		open, silent := w.open, w.account.ID
		w.open = func(ctx context.Context, team, account string) (connectors.Account, error) {
			a, err := open(ctx, team, account)
			if account == silent {
				a.Publish = mute{a.Publish}
			}
			return a, err
		}
		for i := range 40 {
			w.silent(strings.Repeat("s", i+1))
		}
		var others []social.Delivery
		for i := range 40 {
			others = append(others, w.write(strings.Repeat("o", i+1), w.other)[0])
		}
		ctx, stop := context.WithCancel(w.Context())
		done := make(chan error)
		s := w.service("a", nil)
		go func() { done <- s.Run(ctx) }()
		for !w.allLive(others) {
			s.Wake()
			time.Sleep(5 * time.Millisecond) // polls a condition
		}
		stop()
		begin := time.Now()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("stopping took %s", took)
		}
	})
}

func (w *world) allLive(ds []social.Delivery) bool {
	return !slices.ContainsFunc(ds, func(d social.Delivery) bool { return w.now(d).State != social.Live })
}

// silent writes a delivery for the network that does not answer.
func (w *world) silent(text string) {
	d := w.one(text)
	if _, err := w.db.Pool().ExecContext(w.Context(), `UPDATE deliveries SET network = 'silent' WHERE id = '`+d.ID+`'`); err != nil {
		w.Fatal(err)
	}
}

// mute takes the call and says nothing until it is given up.
type mute struct{ connectors.Publisher }

func (mute) Send(ctx context.Context, _ connectors.Request) (connectors.Receipt, error) {
	<-ctx.Done()
	return connectors.Receipt{}, &connectors.Error{Kind: connectors.Unsure, Network: "silent", Err: ctx.Err()}
}

// A connector that breaks takes neither the process nor the post with it.
func TestBrokenConnectorIsOnlyAnInterruption(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		open := w.open
		w.open = func(context.Context, string, string) (connectors.Account, error) { panic("broken") }
		w.pass(w.service("a", nil))
		w.is(d, social.Leased, social.NoReason)
		w.open = open
		w.clock.Advance(lease)
		w.pass(w.service("b", nil))
		w.is(d, social.Live, social.NoReason)
	})
}

// What is only prepared when the process stops is handed back at once.
func TestStoppingHandsBack(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		ctx, stop := context.WithCancel(w.Context())
		reached := make(chan struct{})
		open := w.open
		w.open = func(c context.Context, _, _ string) (connectors.Account, error) {
			close(reached)
			<-ctx.Done()
			return connectors.Account{}, errors.New("interrupted")
		}
		done := make(chan error)
		go func() { done <- w.service("a", nil).Run(ctx) }()
		<-reached
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if got := w.now(d); got.State != social.Waiting || got.Owner == "a" && got.LeaseUntil.After(w.clock.Now().Add(lease)) {
			t.Errorf("left as %s", got.State)
		}
		w.open = open
		w.clock.Advance(10 * time.Second)
		w.pass(w.service("b", nil))
		w.is(d, social.Live, social.NoReason)
	})
}

// A slow upload keeps its lease for as long as it lasts.
func TestLeaseIsRenewedWhileUploading(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		d := w.one("Bonjour")
		open := w.open
		var before time.Time
		w.open = func(ctx context.Context, team, account string) (connectors.Account, error) {
			a, err := open(ctx, team, account)
			a.Publish = slow{a.Publish, func(ctx context.Context) {
				before = w.now(d).LeaseUntil
				w.clock.Advance(time.Second)
				for !w.now(d).LeaseUntil.After(before) && ctx.Err() == nil {
					time.Sleep(5 * time.Millisecond) // polls a condition
				}
			}}
			return a, err
		}
		o := w.service("a", nil).Options
		o.Lease = 300 * time.Millisecond
		w.pass(delivery.New(o))
		w.is(d, social.Live, social.NoReason)
	})
}

type slow struct {
	connectors.Publisher
	wait func(context.Context)
}

func (s slow) Prepare(ctx context.Context, d connectors.Draft) (connectors.Request, error) {
	s.wait(ctx)
	return s.Publisher.Prepare(ctx, d)
}
