// Package inbox is what is said to a brand: it reads the sources, takes what people bring, stores each mention once with the
// rule that brings it to its channel, proposes answers, and does what people decide. It is the only writer of a mention's
// state; an answer is a post that leaves as all posts do.
package inbox

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"griot/connectors"
	"griot/drafting"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Options are what the inbox stands on.
type Options struct {
	DB    *storage.DB
	Log   *slog.Logger
	Owner string // of leases: unique to this process
	// Open is what an account's credential may do. Errors: a fault NotFound, or the network's.
	Open func(ctx context.Context, team, account string) (connectors.Account, error)
	// SignIn marks an account whose credential is no longer good, and tells its people.
	SignIn func(ctx context.Context, team, account string) error
	// Replies proposes answers. nil: nothing is proposed.
	Replies func(ctx context.Context, team string, a drafting.ReplyAsk) ([]social.Suggestion, error)
	Wake    func()        // makes the delivery loop look now; nil: it looks within a second
	Usual   time.Duration // between two readings of a network; zero: 30 s
	Lease   time.Duration // a reader's, of a source; zero: a minute
}

// Service does what people ask for.
type Service struct{ Options }

// New makes an inbox. Its jobs are Collect, Free and Suggest.
func New(o Options) *Service {
	o.Usual, o.Lease = cmp.Or(o.Usual, usual), cmp.Or(o.Lease, reading)
	return &Service{o}
}

// SuggestJob asks for answers to one mention.
type SuggestJob = storage.SuggestJob

// Hearing reads a mention of the member's team.
func (s *Service) Hearing(ctx context.Context, by social.Member, mention string) (social.Hearing, error) {
	return storage.HearingOf(ctx, s.DB, by.TeamID, mention)
}

// Story is everything that happened to a mention, with the names of the members in it.
func (s *Service) Story(ctx context.Context, by social.Member, mention string) (social.Hearing, []social.Entry, map[string]string, error) {
	h, err := storage.HearingOf(ctx, s.DB, by.TeamID, mention)
	if err != nil {
		return h, nil, nil, err
	}
	entries, err := storage.Entries(ctx, s.DB, by.TeamID, mention)
	if err != nil {
		return h, nil, nil, err
	}
	var people []string
	for _, e := range entries {
		people = append(people, e.By)
	}
	names, err := storage.Names(ctx, s.DB, by.TeamID, people)
	return h, entries, names, err
}

// Which is a part of the mentions that wait.
type Which string

// The parts.
const (
	All       Which = "all"
	Mine      Which = "mine"      // those that the member takes care of
	Unclaimed Which = "unclaimed" // those that nobody does
	Late      Which = "late"
)

// Tray is a list of mentions, with how many there are of each part, counted to Most.
type Tray struct {
	Which            Which
	Mentions         []social.Mention
	Free, Mine, Late int
	Names            map[string]string // of those who take care of them
	Networks         map[string]string // as people write them, by account; a site's title
}

// Most is how far a Tray counts.
const Most = 1000

// onTray is how many mentions one list shows.
const onTray = 10

var errNoBrand = i18n.Text{
	En: "You have no role for a brand yet. An admin can give you one with /team roles.",
	Fr: "Vous n’avez encore de rôle pour aucune marque. Un administrateur peut vous en donner un avec /equipe roles.",
}

// Tray reads what waits of the brands for which the member has a role, or of one of them.
func (s *Service) Tray(ctx context.Context, by social.Member, brand string, which Which) (Tray, error) {
	out := Tray{Which: which, Networks: map[string]string{}}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return out, err
	}
	f := storage.MentionFilter{Brands: []string{brand}, States: []social.MentionState{social.IsNew, social.IsClaimed, social.IsEscalated}, Limit: onTray}
	if brand == "" {
		f.Brands = nil
		for id := range by.Roles {
			f.Brands = append(f.Brands, id)
		}
	}
	if len(f.Brands) == 0 {
		return out, fault.New(fault.Denied, errNoBrand)
	}
	switch which {
	case Mine:
		f.Owner, f.States = by.ID, nil
	case Unclaimed:
		f.States = []social.MentionState{social.IsNew}
	case Late:
		f.LateAt, f.States = now, nil
	}
	if out.Mentions, err = storage.MentionsOf(ctx, s.DB, by.TeamID, f); err != nil {
		return out, err
	}
	if out.Free, out.Mine, out.Late, err = storage.CountMentions(ctx, s.DB, by.TeamID, f.Brands, by.ID, now, Most); err != nil {
		return out, err
	}
	var people, accounts []string
	for _, m := range out.Mentions {
		people, accounts = append(people, m.Owner), append(accounts, m.AccountID)
	}
	if out.Names, err = storage.Names(ctx, s.DB, by.TeamID, people); err != nil {
		return out, err
	}
	all, err := storage.AccountsIn(ctx, s.DB, by.TeamID, accounts)
	for _, a := range all {
		out.Networks[a.ID] = cmp.Or(a.NetworkName, a.Label())
	}
	return out, err
}

// Gathered reads one gathering of the member's team, with the first of its mentions.
func (s *Service) Gathered(ctx context.Context, team, id string) (social.Gathering, []social.Mention, error) {
	g, err := storage.Gathering(ctx, s.DB, team, id)
	if err != nil {
		return g, nil, err
	}
	all, err := storage.MentionsOf(ctx, s.DB, team, storage.MentionFilter{Brands: []string{g.BrandID}, Gathering: id, Limit: 25})
	return g, all, err
}
