// Package digest knows how it went: it reads the numbers that networks give about accounts and about what was published
// there, keeps each as it was said, and tells channels every morning how the days since went. A number that is missing is
// missing: it is never taken for zero and never guessed.
package digest

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"griot/connectors"
	"griot/drafting"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Service reads numbers and tells them.
type Service struct {
	DB  *storage.DB
	Log *slog.Logger
	// Open says what an account's credential may do.
	Open func(ctx context.Context, team, account string) (connectors.Account, error)
	// Remarks writes two sentences about the rows of a report, in the language; empty: nothing worth saying. nil: nobody
	// writes any. What it writes is told only when it holds no number but those of the rows, in figures or in
	// letters.
	Remarks func(ctx context.Context, team, brand string, l i18n.Locale, rows []drafting.Row) (string, error)
}

var (
	errNoMember = i18n.Text{
		En: "The numbers of %s are for the people who work for it. An admin can give you a role with /team roles.",
		Fr: "Les chiffres de %s sont réservés aux personnes qui travaillent pour la marque. Un administrateur peut vous donner un rôle avec /equipe roles.",
	}
	errNoAnalyst = i18n.Text{
		En: "Choosing when this channel is told the numbers takes the analyst or admin role. An admin can give it to you with /team roles.",
		Fr: "Pour choisir quand ce canal reçoit le bilan, il faut le rôle d’analyse ou d’administration. Un administrateur peut vous le donner avec /equipe roles.",
	}
	errNoNumbers = i18n.Text{
		En: "This channel is not told the numbers of %s yet. Make it its channel for numbers with /brand channel first.",
		Fr: "Ce canal ne reçoit pas encore le bilan de %s. Faites-en d’abord son canal des chiffres avec /marque canal.",
	}
)

// brand is one of the team's for which by has a role, or which by may manage.
func (s *Service) brand(ctx context.Context, by social.Member, id string) (social.Brand, error) {
	b, err := storage.Brand(ctx, s.DB, by.TeamID, id)
	if err == nil && len(by.Roles[id]) == 0 && !by.IsAdmin() {
		err = fault.New(fault.Denied, errNoMember, b.Name)
	}
	return b, err
}

// Yesterday is what the digest of today would tell by: everybody of the brand may know.
func (s *Service) Yesterday(ctx context.Context, by social.Member, brand string) (social.Report, error) {
	return s.morning(ctx, by, brand, func(today social.Day) social.Day { return today.Plus(-1) })
}

// On is what the digest of the morning after a day would tell by, known by now.
func (s *Service) On(ctx context.Context, by social.Member, brand string, day social.Day) (social.Report, error) {
	return s.morning(ctx, by, brand, func(social.Day) social.Day { return day })
}

func (s *Service) morning(ctx context.Context, by social.Member, brand string, of func(today social.Day) social.Day) (social.Report, error) {
	b, err := s.brand(ctx, by, brand)
	if err != nil {
		return social.Report{}, err
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return social.Report{}, err
	}
	day := of(social.DayOf(now.In(b.Location())))
	return s.Report(ctx, b, Morning(day.Plus(1), social.EveryDay, now))
}

// Over reports on a span of dates: everybody of the brand may know. A span that is not over ends now.
func (s *Service) Over(ctx context.Context, by social.Member, brand string, span social.Span) (social.Report, error) {
	b, err := s.brand(ctx, by, brand)
	if err != nil {
		return social.Report{}, err
	}
	now, err := s.DB.Now(ctx)
	if err != nil {
		return social.Report{}, err
	}
	return s.Report(ctx, b, Over(span, social.DayOf(now.In(b.Location())), now))
}

// Report answers a question about a brand from what is stored.
func (s *Service) Report(ctx context.Context, b social.Brand, q Question) (social.Report, error) {
	r := social.Report{BrandID: b.ID, Brand: b.Name, Zone: b.Zone, Span: q.Span, Before: q.Before, At: q.Now, SoFar: q.SoFar, Usual: q.Usual}
	var err error
	if r.Accounts, err = s.accounts(ctx, b, q); err != nil {
		return r, fmt.Errorf("figures of %s: %w", b.ID, err)
	}
	if r.Posts, err = s.posts(ctx, b, q); err != nil {
		return r, fmt.Errorf("posts of %s: %w", b.ID, err)
	}
	in := b.Location()
	r.Mentions, r.Muted, err = storage.MentionCounts(ctx, s.DB, b.TeamID, b.ID, q.Span.Begins(in), q.end(q.Span, in))
	return r, err
}

func (s *Service) accounts(ctx context.Context, b social.Brand, q Question) ([]social.AccountRow, error) {
	all, err := storage.Accounts(ctx, s.DB, b.TeamID, b.ID)
	if err != nil {
		return nil, err
	}
	in := b.Location()
	of := map[string][]social.Sample{}
	for _, at := range q.edges(in) {
		some, err := storage.AccountSamples(ctx, s.DB, b.TeamID, b.ID, at.Add(-fresh-time.Microsecond), at)
		if err != nil {
			return nil, err
		}
		for _, x := range some {
			of[x.AccountID] = append(of[x.AccountID], x)
		}
	}
	watched, err := storage.WatchedAccounts(ctx, s.DB, b.TeamID, b.ID)
	if err != nil {
		return nil, err
	}
	var out []social.AccountRow
	for _, a := range all {
		row := social.AccountRow{AccountID: a.ID, Network: a.NetworkName, Handle: a.Handle}
		if i := slices.IndexFunc(watched, func(w social.Watched) bool { return w.AccountID == a.ID }); i >= 0 {
			if watched[i].Without() {
				continue
			}
			row.LostAt, row.Read = watched[i].LostAt, !watched[i].ReadAt.IsZero()
		}
		row.Figures, row.Days = q.Figures(of[a.ID], in)
		out = append(out, row)
	}
	return out, nil
}

// most posts of a span are told with their numbers: a brand that publishes more reads them on the networks.
const most = 50

// posts lists what went live in the span with the numbers that are known at its asking. A thread is one post: its numbers
// are those of its parts together.
func (s *Service) posts(ctx context.Context, b social.Brand, q Question) ([]social.PostRow, error) {
	in := b.Location()
	live, err := storage.WatchedIn(ctx, s.DB, b.TeamID, b.ID, q.Span.Begins(in), q.end(q.Span, in))
	if err != nil {
		return nil, err
	}
	var out []social.PostRow
	at := map[string]int{} // by delivery
	for _, w := range live {
		if w.DeliveryID == "" {
			continue
		}
		i, ok := at[w.DeliveryID]
		if !ok {
			if len(out) == most {
				continue
			}
			row, err := s.post(ctx, w)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			i = len(out)
			out, at[w.DeliveryID] = append(out, row), i
		}
		if err := s.count(ctx, w, q.Now, out[i].Counts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) post(ctx context.Context, w social.Watched) (social.PostRow, error) {
	d, err := storage.Delivery(ctx, s.DB, w.TeamID, w.DeliveryID)
	if err != nil {
		return social.PostRow{}, err
	}
	words, err := storage.Revision(ctx, s.DB, w.TeamID, d.PostID, d.Revision)
	if err != nil {
		return social.PostRow{}, err
	}
	a, err := storage.Account(ctx, s.DB, w.TeamID, w.AccountID)
	row := social.PostRow{PostID: d.PostID, AccountID: a.ID, Network: a.NetworkName, LiveAt: w.Since, Counts: map[social.Metric]int64{},
		Text: beginning(words.Text)}
	if own, ok := words.Texts[w.AccountID]; ok {
		row.Text = beginning(own)
	}
	if len(d.Parts) > 0 {
		row.URL = d.Parts[0].URL
	}
	return row, err
}

// beginning is the first line's worth of a text, for a stored report; a card cuts it to its own measure.
func beginning(text string) string {
	const enough = 120
	r := []rune(strings.Join(strings.Fields(social.SplitThread(text)[0]), " "))
	if len(r) > enough {
		return string(r[:enough-1]) + "…"
	}
	return string(r)
}

// count adds the last known totals of an item to counts.
func (s *Service) count(ctx context.Context, w social.Watched, until time.Time, counts map[social.Metric]int64) error {
	all, err := storage.ItemSamples(ctx, s.DB, w.TeamID, w.AccountID, w.Item, until)
	last := map[social.Metric]int64{}
	for _, x := range all {
		last[x.Metric] = x.Value
	}
	for m, n := range last {
		counts[m] += n
	}
	return err
}
