package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/language"
	"griot/social"
	"griot/storage"
)

// How sources are read.
const (
	usual    = 30 * time.Second // between two readings of a network
	patience = 20 * time.Second // for one reading
	reading  = time.Minute      // a reader's lease of a source
	atOnce   = 6                // sources read at the same time
	sources  = 200              // looked at in one round
	pages    = 10               // of one source in one round, when it has more
	longest  = 30 * time.Minute // between two readings of a source that fails
)

// A rush is more than rush cards of one rule in rushing: from then on one card gathers them, until the rule brings nothing for as long.
const (
	rush    = 10
	rushing = time.Minute
)

// Collect reads every source that is due. What one of them does holds up no other.
func (s *Service) Collect(ctx context.Context) error {
	if err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.AddSources(ctx) }); err != nil {
		return fmt.Errorf("begin to read accounts: %w", err)
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	due, err := storage.DueSources(ctx, s.DB, now, sources)
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	var g errgroup.Group
	g.SetLimit(atOnce)
	for _, d := range due {
		g.Go(func() error {
			if err := s.read(ctx, d); err != nil && ctx.Err() == nil {
				s.Log.Error("source not read", "account", d.Account.ID, "network", d.Account.Network, "err", err)
			}
			return nil
		})
	}
	return g.Wait()
}

// read reads one source to its end, alone among all processes.
func (s *Service) read(ctx context.Context, src storage.Source) error {
	name := "source." + src.Account.ID
	ours := false
	hold := func() error {
		return s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
			ours, err = tx.TakeHold(ctx, name, s.Owner, s.Lease)
			return err
		})
	}
	if err := hold(); err != nil || !ours {
		return err
	}
	defer func() {
		err := s.DB.InTx(context.WithoutCancel(ctx), func(tx *storage.Tx) error { return tx.LetGo(ctx, name, s.Owner) })
		if err != nil {
			s.Log.Warn("source not given free", "account", src.Account.ID, "err", err) // it is, when its lease ends
		}
	}()
	src, err := storage.SourceOf(ctx, s.DB, src.Account.TeamID, src.Account.ID) // another may have read it since it was listed
	if err != nil {
		return err
	}
	for range pages {
		more, err := s.page(ctx, &src)
		if err != nil || !more {
			return err
		}
		if err := hold(); err != nil || !ours {
			return err
		}
	}
	return nil
}

// page reads once and stores what came with how far it was read.
func (s *Service) page(ctx context.Context, src *storage.Source) (more bool, err error) {
	heard, err := s.since(ctx, *src)
	if err != nil {
		return false, s.unread(ctx, *src, err)
	}
	err = s.store(ctx, src, heard)
	if fault.Is(err, fault.Conflict) { // a reader that stood still past its lease: what it read is not lost, another has it
		return false, nil
	}
	return heard.More && len(heard.Mentions) > 0, err
}

func (s *Service) since(ctx context.Context, src storage.Source) (connectors.Heard, error) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := s.Open(bounded, src.Account.TeamID, src.Account.ID)
	if err != nil {
		return connectors.Heard{}, err
	}
	if a.Mentions == nil { // it cannot be listened to
		return connectors.Heard{Cursor: src.Cursor, After: longest}, nil
	}
	return a.Mentions.Since(bounded, src.Cursor)
}

// unread puts a source off that could not be read, the longer the more often that was so.
func (s *Service) unread(ctx context.Context, src storage.Source, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault.Is(cause, fault.NotFound) {
		return nil // removed while it was to be read
	}
	wait := min(longest, s.Usual<<min(src.Failures, 6))
	said := ""
	if e, ok := errors.AsType[*connectors.Error](cause); ok {
		said, wait = e.Words, max(wait, e.After)
	}
	if connectors.KindOf(cause) == connectors.SignIn {
		if err := s.SignIn(ctx, src.Account.TeamID, src.Account.ID); err != nil {
			return err
		}
	}
	s.Log.Warn("source not read", "account", src.Account.ID, "network", src.Account.Network, "failures", src.Failures+1, "err", cause)
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		next := src
		next.Failures, next.Said, next.NextAt = src.Failures+1, said, tx.Now().Add(wait)
		if err := tx.SaveSource(ctx, next, src.Cursor); err != nil {
			return err
		}
		return tellUnread(ctx, tx, next, cause)
	})
}

// often is how many failures in a row are told: one may pass by itself.
const often = 3

var (
	whySaid = i18n.Text{
		En: "the network says “%s”. I keep trying, and nothing is lost.",
		Fr: "le réseau répond «\u202f%s\u202f». Je continue d’essayer, et rien n’est perdu.",
	}
	whySilent = i18n.Text{
		En: "the network gives no usable answer. I keep trying, and nothing is lost.",
		Fr: "le réseau ne donne pas de réponse utilisable. Je continue d’essayer, et rien n’est perdu.",
	}
)

// tellUnread tells the brand's admins, once for each silence, that a source cannot be read: at once when the network refuses it,
// else when that has been so for a while. That it must be connected again is told elsewhere.
func tellUnread(ctx context.Context, tx *storage.Tx, src storage.Source, cause error) error {
	kind := connectors.KindOf(cause)
	if kind == connectors.SignIn || kind != connectors.Refused && src.Failures < often {
		return nil
	}
	var why i18n.Localised = whySilent.With()
	if e, ok := errors.AsType[*connectors.Error](cause); ok && e.Tell != nil {
		why = e.Tell
	} else if src.Said != "" {
		why = whySaid.With(src.Said)
	}
	admins, err := storage.MembersWith(ctx, tx, src.Account.TeamID, src.Account.BrandID, social.Admin)
	for _, m := range admins {
		if err != nil {
			return err
		}
		err = tx.Notify(ctx, social.Notice{TeamID: src.Account.TeamID, Subject: src.Account.ID, MemberID: m.ID, Kind: social.NotHeard,
			Change: "silent." + src.ReadAt.UTC().Format(time.RFC3339), Data: map[string]string{"account": src.Account.Label(),
				"why_en": why.In(i18n.En), "why_fr": why.In(i18n.Fr)}})
	}
	return err
}

// store keeps what was heard and how far, together.
func (s *Service) store(ctx context.Context, src *storage.Source, heard connectors.Heard) error {
	var next storage.Source
	err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
		next = *src
		next.Cursor, next.Failures, next.Said, next.ReadAt = heard.Cursor, 0, "", tx.Now()
		next.NextAt = tx.Now().Add(max(s.Usual, heard.After))
		if heard.More { // whoever looks next reads on
			next.NextAt = tx.Now().Add(heard.After)
		}
		if err := tx.SaveSource(ctx, next, src.Cursor); err != nil {
			return err
		}
		if len(heard.Mentions) == 0 {
			return nil
		}
		return s.route(ctx, tx, src.Account, "", heard.Mentions...)
	})
	if err == nil {
		*src = next
	}
	return err
}

// route stores mentions and brings each to its channel: on a card of its own, or on the one that gathers a rush. They were heard on a,
// or brought by a member; a is without an id then.
func (s *Service) route(ctx context.Context, tx *storage.Tx, a social.Account, by string, all ...social.Mention) error {
	if err := tx.HoldBrand(ctx, a.TeamID, a.BrandID); err != nil { // so that two sources count one rush together
		return err
	}
	rules, err := storage.Rules(ctx, tx, a.TeamID, a.BrandID)
	if err != nil {
		return err
	}
	r := router{s: s, tx: tx, account: a, by: by, book: social.NewBook(rules), grown: map[string]int{}, gathers: map[string]social.Gathering{}}
	for _, m := range all {
		if err := r.take(ctx, m); err != nil {
			return err
		}
	}
	return r.end(ctx)
}

// router brings mentions of one account to their channels, in one transaction.
type router struct {
	s       *Service
	tx      *storage.Tx
	account social.Account
	by      string // member who brought them; empty: they were heard
	book    *social.Book
	gathers map[string]social.Gathering // by id
	grown   map[string]int              // mentions that came to each
}

func (r *router) take(ctx context.Context, m social.Mention) error {
	m.ID, m.TeamID, m.BrandID, m.AccountID = storage.NewID("men"), r.account.TeamID, r.account.BrandID, r.account.ID
	m.Network, m.HeardAt, m.State, m.Rev = r.account.Network, r.tx.Now(), social.IsNew, 1
	if m.Language == "" {
		m.Language = language.Of(m.Text)
	}
	rule, _ := r.book.Decide(m)
	m.RuleID, m.RuleName, m.Room, m.Label, m.Priority = rule.ID, rule.Name, rule.Then.Room, rule.Then.Label, rule.Then.Priority
	m.LateAt = m.HeardAt.Add(m.Priority.Patience())
	if m.Kind == social.Reported {
		m.LateAt = time.Time{} // nobody waits for an answer to an article
	}
	if rule.Then.Mute {
		m.Muted, m.State, m.LateAt = true, social.IsIgnored, time.Time{}
		isNew, err := r.tx.Hear(ctx, m)
		if err != nil || !isNew || r.by == "" {
			return err
		}
		return r.tx.AddEntry(ctx, r.entry(m)) // who brought it may look at it
	}
	if err := r.gather(ctx, &m); err != nil {
		return err
	}
	m.Suggesting = m.Gathering == "" && m.Remote.ID != "" && !rule.Then.Quiet && r.s.Replies != nil
	isNew, err := r.tx.Hear(ctx, m)
	if err != nil || !isNew {
		return err
	}
	if err := r.tx.AddEntry(ctx, r.entry(m)); err != nil {
		return err
	}
	if m.Gathering != "" {
		r.grown[m.Gathering]++
		return nil
	}
	if m.Suggesting {
		if err := r.tx.Enqueue(ctx, SuggestJob{TeamID: m.TeamID, Mention: m.ID}); err != nil {
			return err
		}
	}
	return r.tx.Redraw(ctx, m.TeamID, m.ID)
}

// entry is the first line of a mention's story.
func (r *router) entry(m social.Mention) social.Entry {
	e := social.Entry{TeamID: m.TeamID, Subject: m.ID, What: social.DidHear, Account: m.AccountID, Data: map[string]string{"rule": m.RuleName}}
	if r.by != "" {
		e.What, e.By = social.DidBring, r.by
	}
	return e
}

// gather puts m on the card that gathers, when its rule brings too many at once.
func (r *router) gather(ctx context.Context, m *social.Mention) error {
	since := r.tx.Now().Add(-rushing)
	n, err := r.tx.Rushing(ctx, m.BrandID, m.RuleID, since, rush)
	if err != nil || n < rush {
		return err
	}
	g, err := r.tx.Gather(ctx, social.Gathering{ID: storage.NewID("gth"), TeamID: m.TeamID, BrandID: m.BrandID, RuleID: m.RuleID,
		RuleName: m.RuleName, Room: m.Room, BeganAt: r.tx.Now(), LastAt: r.tx.Now()}, since)
	m.Gathering, r.gathers[g.ID] = g.ID, g
	return err
}

// end counts what came to each gathering, and shows it.
func (r *router) end(ctx context.Context) error {
	for id, n := range r.grown {
		g := r.gathers[id]
		if err := r.tx.Grow(ctx, g, n); err != nil {
			return err
		}
		if err := r.tx.Redraw(ctx, g.TeamID, id); err != nil {
			return err
		}
	}
	return nil
}
