package accounts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"griot/connectors"
	"griot/fault"
	"griot/social"
	"griot/storage"
)

const minute = time.Minute

// tries of opening while other processes save facts.
const tries = 3

// Open gives what an account of the team may do, and the account as it is stored: its state may say that it needs
// somebody to sign in, and it is for the caller to try or not. It normally makes no call. The caller sets the deadline.
// Errors: a fault NotFound for a removed or a foreign account; *connectors.Error as the connector's Open.
func (s *Service) Open(ctx context.Context, team, id string) (connectors.Account, social.Account, error) {
	a, err := storage.Account(ctx, s.db, team, id)
	if err != nil {
		return connectors.Account{}, a, err
	}
	open, err := s.open(ctx, a, storedFacts)
	return open, a, err
}

// which says with what facts a connector is opened.
type which int

const (
	storedFacts which = iota
	noFacts           // but those that were granted once, so that it asks the network anew
)

func (s *Service) open(ctx context.Context, a social.Account, w which) (connectors.Account, error) {
	c, ok := s.networks[a.Network]
	switch {
	case a.State == social.Removed:
		return connectors.Account{}, fault.New(fault.NotFound, errRemoved, a.Label())
	case !ok:
		_, err := s.Network(a.Network)
		return connectors.Account{}, err
	}
	for i := 1; ; i++ {
		open, err := s.openOnce(ctx, c, a, w)
		if i < tries && errors.Is(err, connectors.ErrRaced) {
			continue
		}
		return open, err
	}
}

func (s *Service) openOnce(ctx context.Context, c connectors.Connector, a social.Account, w which) (connectors.Account, error) {
	secrets, facts, rev, err := s.credential(ctx, s.db, a)
	if err != nil {
		return connectors.Account{}, fmt.Errorf("open account %s: %w", a.ID, err)
	}
	k := &keeper{s: s, account: a, rev: rev, facts: maps.Clone(facts)}
	info := c.Info()
	h := func() hider { return hide(info, secrets, k.known()) }
	if w == noFacts {
		maps.DeleteFunc(facts, func(key, _ string) bool { return !slices.Contains(info.Granted, key) })
	}
	open, err := c.Open(ctx, connectors.Credential{Secrets: secrets, Facts: maps.Clone(facts), Save: k.save, Log: s.logger(info, h)})
	return open, h().err(err)
}

// keeper saves the facts of one opened account, each over the one before.
type keeper struct {
	s       *Service
	account social.Account

	mu    sync.Mutex // guards what follows
	rev   int64
	facts map[string]string
}

func (k *keeper) known() map[string]string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.facts
}

// save stores facts if nobody did since they were read. Errors: connectors.ErrRaced when somebody did.
func (k *keeper) save(ctx context.Context, facts map[string]string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.account
	sealed, err := lock(k.s.seal, facts, purpose("facts", a))
	if err != nil {
		return fmt.Errorf("seal facts of %s: %w", a.ID, err)
	}
	var mine bool
	err = k.s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		mine, err = tx.SwapFacts(ctx, a.TeamID, a.ID, sealed, k.rev)
		return err
	})
	if err == nil && !mine {
		err = connectors.ErrRaced
	}
	if err != nil {
		return fmt.Errorf("save facts of %s: %w", a.ID, err)
	}
	k.rev, k.facts = k.rev+1, maps.Clone(facts)
	return nil
}

// MarkSignIn notes that the network refused an account's credential, and tells the brand's admins: once until somebody
// signs in again, however often it is called.
func (s *Service) MarkSignIn(ctx context.Context, team, id string) error {
	return s.db.InTx(ctx, func(tx *storage.Tx) error {
		now, err := storage.Account(ctx, tx, team, id)
		if err != nil || now.State != social.Connected {
			return err
		}
		was := now.Rev
		now.State, now.CheckedAt, now.Rev = social.NeedsSignIn, tx.Now(), was+1
		if err := tx.SaveAccount(ctx, now, was); err != nil {
			if fault.Is(err, fault.Conflict) { // somebody else marked it, or signed in
				return nil
			}
			return err
		}
		all, err := storage.MembersWith(ctx, tx, team, now.BrandID, social.Admin)
		if err != nil {
			return err
		}
		for _, m := range all {
			if err := tx.Notify(ctx, social.Notice{TeamID: team, Subject: id, MemberID: m.ID, Kind: social.SignAgain,
				Change: strconv.FormatInt(now.Rev, 10), Urgent: true,
				Data: map[string]string{"account": now.Label(), "network": now.Network}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Probe asks the network whether an account's credential is still good, and reads its limits anew. A credential that is
// good again makes the account connected; one that is not is marked, as MarkSignIn does. Errors: faults as Connect's.
func (s *Service) Probe(ctx context.Context, team, id string) (social.Account, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	open, a, err := s.Open(ctx, team, id)
	if err == nil && open.Probe != nil {
		err = open.Probe(ctx)
	}
	if err == nil {
		open, err = s.open(ctx, a, noFacts)
	}
	if err == nil {
		return s.refresh(ctx, a, open)
	}
	if fault.KindOf(err) != fault.Internal {
		return a, err
	}
	if connectors.KindOf(err) == connectors.SignIn {
		if e := s.MarkSignIn(context.WithoutCancel(ctx), team, id); e != nil {
			return a, e
		}
	}
	c := s.networks[a.Network]
	if c == nil {
		return a, err
	}
	return a, said(c.Info(), err)
}

// refresh stores what the network says of an account now, unless somebody wrote it meanwhile.
func (s *Service) refresh(ctx context.Context, a social.Account, open connectors.Account) (social.Account, error) {
	err := s.db.InTx(ctx, func(tx *storage.Tx) error {
		was := a.State
		a.Handle, a.URL, a.Limits, a.CheckedAt, a.State = open.Handle, open.URL, open.Limits, tx.Now(), social.Connected
		if err := tx.SaveAccount(ctx, a, a.Rev); err != nil {
			return err
		}
		if was != social.NeedsSignIn {
			return nil
		}
		return call(ctx, s.Resume, tx, a, "")
	})
	return a, err
}

// ProbeAll probes every account of every team, one after the other, and logs what it could not. Errors: the database's,
// or ctx's.
func (s *Service) ProbeAll(ctx context.Context) error {
	all, err := storage.UsableAccounts(ctx, s.db)
	if err != nil {
		return fmt.Errorf("list accounts: %w", err)
	}
	for _, a := range all {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := s.Probe(ctx, a.TeamID, a.ID); err != nil {
			s.log.WarnContext(ctx, "account does not answer", "account", a.ID, "network", a.Network, "err", err)
		}
	}
	return nil
}
