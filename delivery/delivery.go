// Package delivery is the protocol by which anything leaves Griot, posts and replies alike.
//
// The row of a delivery is the queue; nothing else remembers that it is due. A loop in every process claims rows by
// conditional update and hands each, with its fencing number, to a bounded pool. Preparation happens under a lease that
// is renewed; then the exact request is stored and the row says `sending`, committed before the first byte of the call
// that makes the words visible. The receipt is committed alone, right after the answer. What was sent without a clear
// answer is looked for on the account, twice, and then a person decides: nothing is sent again blindly.
package delivery

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"griot/connectors"
	"griot/social"
	"griot/storage"
)

// Media are the stored pictures.
type Media interface {
	// Verify fails when the bytes of hash are gone or changed.
	Verify(ctx context.Context, hash string) error
	Open(hash string) (io.ReadCloser, error)
}

// Options are what a Service stands on. Zero durations and counts take the documented values.
type Options struct {
	DB    *storage.DB
	Log   *slog.Logger
	Owner string // this process; unique among all that share the database
	Media Media
	// Open gives what an account may do. Errors are the connector's.
	Open func(ctx context.Context, team, account string) (connectors.Account, error)
	// SignIn marks that an account must be connected again, and tells who can.
	SignIn func(ctx context.Context, team, account string) error
	Now    func() time.Time     // the wall clock
	Mono   func() time.Duration // a clock that never jumps

	Lease   time.Duration    // 60 s; the visible call has half of it
	Looks   [2]time.Duration // after a doubtful call: 30 s after the lease ended, then three minutes
	Idle    time.Duration    // longest sleep between two looks at the queue: 1 s
	Workers int              // 32
	// Left is told how late each delivery began to leave, for the metrics; nil: nobody.
	Left func(late time.Duration)
	// Step is told each named step of a delivery as it is reached, so that a test can end the process there. nil: nothing.
	Step func(name string)
}

// The named steps, in the order of a delivery.
const (
	StepClaiming = "claiming" // before the claim; also when nothing is due
	StepClaimed  = "claimed"
	StepPrepared = "prepared"
	StepArmed    = "armed"
	StepSending  = "sending" // the deadline was checked, the first byte comes next
	StepAnswered = "answered"
	StepRecorded = "recorded"
	StepLooking  = "looking"
	StepTold     = "told"
)

// Service runs deliveries in one process.
type Service struct {
	Options
	wake  chan struct{}
	news  chan struct{}
	watch *watch

	mu   sync.Mutex
	busy map[string]int // networks with calls under way; guarded by mu
	all  int            // calls under way; guarded by mu
}

// New fills in what o leaves open.
func New(o Options) *Service {
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Looks == [2]time.Duration{} {
		o.Looks = [2]time.Duration{30 * time.Second, 3 * time.Minute}
	}
	if o.Idle == 0 {
		o.Idle = time.Second
	}
	if o.Workers == 0 {
		o.Workers = 64
	}
	if o.Step == nil {
		o.Step = func(string) {}
	}
	return &Service{Options: o, wake: make(chan struct{}, 1), news: make(chan struct{}, 1), watch: newWatch(o.Now, o.Mono), busy: map[string]int{}}
}

// Wake makes the loop look at the queue now. It never blocks.
func (s *Service) Wake() { nudge(s.wake) }

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// stopWithin is how long a stopping process waits for calls under way; closing is what it keeps for its last writes.
const (
	stopWithin = 17 * time.Second
	closing    = 2 * time.Second
)

// Run works until ctx ends; then it claims no more, lets what is under way finish, and hands the rest back, within
// twenty seconds.
func (s *Service) Run(ctx context.Context) error {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var workers, teller sync.WaitGroup
	teller.Go(func() { s.narrate(ctx) })
	for ctx.Err() == nil {
		more, err := s.pass(ctx, work, &workers)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("delivery pass failed", "err", err)
		}
		if !more {
			s.sleep(ctx)
		}
	}
	end := time.AfterFunc(stopWithin, cut)
	defer end.Stop()
	workers.Wait()
	teller.Wait()
	last, done := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer done()
	return s.DB.InTx(last, func(tx *storage.Tx) error { return tx.HandBack(last, s.Owner) })
}

// narrate tells what happens until ctx ends, apart from the sending so that neither waits for the other.
func (s *Service) narrate(ctx context.Context) {
	t := time.NewTicker(s.Idle)
	defer t.Stop()
	for ctx.Err() == nil {
		more, err := s.announce(ctx)
		if err == nil && !more {
			err = s.tellLate(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Error("delivery news not told", "err", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.news:
		case <-t.C:
		}
	}
}

// pass claims what is due and hands it out. It reports whether there may be more at once.
func (s *Service) pass(ctx, work context.Context, workers *sync.WaitGroup) (bool, error) {
	s.jumped()
	free, skip := s.room()
	if free == 0 || s.watch.paused() {
		return false, nil
	}
	s.Step(StepClaiming)
	var got []social.Delivery
	err := s.DB.Together(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		// The transaction has its instant: a clock that was moved just before makes nothing due.
		if got = nil; s.jumped() {
			return nil
		}
		got, err = tx.Claim(ctx, s.Owner, s.Lease, free, skip)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim: %w", err)
	}
	for _, d := range got {
		s.enter(d.Network)
		workers.Go(func() {
			defer s.leave(d.Network)
			s.work(work, d)
		})
	}
	return len(got) > 0, nil
}

// jumped reports whether somebody moved the clock since it was last asked.
func (s *Service) jumped() bool {
	j := s.watch.jumped(s.Lease)
	if j {
		s.Log.Warn("clock jumped, claiming pauses for one lease")
	}
	return j
}

// work does what the state of a claimed delivery asks for.
func (s *Service) work(ctx context.Context, d social.Delivery) {
	// A connector that breaks must not take the others with it: the row goes the way of a process that died.
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("delivery broke", "delivery", d.ID, "network", d.Network, "err", fmt.Errorf("panic: %v", p), "stack", string(debug.Stack()))
		}
	}()
	s.Step(StepClaimed)
	var err error
	switch d.State {
	case social.Leased:
		err = s.send(ctx, d)
	case social.Sending:
		err = s.look(ctx, d)
	case social.Pending:
		err = s.check(ctx, d)
	case social.Removing:
		err = s.remove(ctx, d)
	}
	if err != nil && ctx.Err() == nil {
		s.Log.Error("delivery interrupted", "delivery", d.ID, "network", d.Network, "err", err)
	}
}
