// Package publishing takes a post from an idea to its deliveries: writing, deciding, planning, and what people decide
// about what left. It is the only writer of a post's state; deliveries of what was approved are made, moved and voided
// in the same transaction as the decision.
package publishing

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"griot/delivery"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Service does what people ask for.
type Service struct {
	DB   *storage.DB
	Wake func() // makes the delivery loop look now; nil: it looks within a second
}

// Result is a post after a change, and what could no longer be stopped.
type Result struct {
	Sheet   social.Sheet
	Leaving []social.Delivery // on their way out when the change asked to stop them
	Notes   []i18n.Localised  // what the person should know although it was done
}

// Content is what somebody wrote in a form or a command.
type Content struct {
	Text     string
	Texts    map[string]string // own text by account id
	Media    []social.Media
	Accounts []string // account ids
	When     social.When
	Moment   social.Moment
}

var (
	errNoAccount = i18n.Text{
		En: "Choose at least one account. /accounts shows those of this brand; an admin can add some with /connect.",
		Fr: "Choisissez au moins un compte. /comptes montre ceux de cette marque\u202f; un administrateur peut en ajouter avec /connecter.",
	}
	errNotDrafter = i18n.Text{
		En: "You do not have the role to write for %s. An admin can give it to you with /team roles.",
		Fr: "Vous n’avez pas le rôle nécessaire pour écrire au nom de %s. Un administrateur peut vous le donner avec /equipe roles.",
	}
	errDatePast = i18n.Text{
		En: "Choose a date that is still to come.",
		Fr: "Choisissez une date à venir.",
	}
	errNothing = i18n.Text{
		En: "Write a text or attach a picture.",
		Fr: "Écrivez un texte ou joignez une image.",
	}
)

// Draft starts a post.
func (s *Service) Draft(ctx context.Context, by social.Member, brand string, c Content) (social.Sheet, error) {
	return s.DraftWith(ctx, by, brand, c, func(*storage.Tx, social.Sheet) error { return nil })
}

// DraftWith is Draft, with something more that holds or fails together with it.
func (s *Service) DraftWith(ctx context.Context, by social.Member, brand string, c Content, also func(*storage.Tx, social.Sheet) error) (social.Sheet, error) {
	var sheet social.Sheet
	err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
		b, c, err := s.draftable(ctx, tx, by, brand, c, tx.Now())
		if err != nil {
			return err
		}
		p := social.Post{ID: storage.NewID("pst"), TeamID: b.TeamID, BrandID: b.ID, Author: by.ID, Editor: by.ID,
			State: social.Draft, Rev: 1, Words: 1, When: c.When, Moment: c.Moment, CreatedAt: tx.Now()}
		if err := tx.AddPost(ctx, p); err != nil {
			return fmt.Errorf("add post: %w", err)
		}
		if err := tx.AddRevision(ctx, p.TeamID, c.revision(p, by.ID, tx.Now())); err != nil {
			return fmt.Errorf("add words: %w", err)
		}
		if err := tx.AddEntry(ctx, line(p, by.ID, social.DidDraft, nil)); err != nil {
			return err
		}
		if sheet, err = storage.SheetOf(ctx, tx, p.TeamID, p.ID); err != nil {
			return err
		}
		return also(tx, sheet)
	})
	return sheet, err
}

// MayDraft says what would keep the member from starting a post with c, and starts none.
func (s *Service) MayDraft(ctx context.Context, by social.Member, brand string, c Content) error {
	now, err := s.DB.Now(ctx)
	if err != nil {
		return err
	}
	_, _, err = s.draftable(ctx, s.DB, by, brand, c, now)
	return err
}

// draftable is c as a new post of the member's would say it.
func (s *Service) draftable(ctx context.Context, r storage.Reader, by social.Member, brand string, c Content, now time.Time) (social.Brand, Content, error) {
	b, err := storage.Brand(ctx, r, by.TeamID, brand)
	if err != nil {
		return b, c, err
	}
	if by, err = storage.Member(ctx, r, by.TeamID, by.ID); err != nil {
		return b, c, err
	}
	if !by.Has(b.ID, social.Drafters...) {
		return b, c, fault.New(fault.Denied, errNotDrafter, b.Name)
	}
	if c, err = s.clean(ctx, r, b, c); err != nil {
		return b, c, err
	}
	if c.When == social.OnDate && !c.Moment.At.After(now) {
		return b, c, fault.In("at", errDatePast)
	}
	return b, c, nil
}

// clean checks the targets of c against the brand's accounts and puts its text in NFC.
func (s *Service) clean(ctx context.Context, r storage.Reader, b social.Brand, c Content) (Content, error) {
	accounts, err := storage.Accounts(ctx, r, b.TeamID, b.ID)
	if err != nil {
		return c, err
	}
	var ids []string
	for _, a := range accounts {
		for _, want := range c.Accounts {
			if want == a.ID && a.State != social.Removed {
				ids = append(ids, a.ID)
				break
			}
		}
	}
	c.Text = social.Normal(c.Text)
	own := map[string]string{}
	for _, id := range ids {
		if t := social.Normal(c.Texts[id]); t != "" && t != c.Text {
			own[id] = t
		}
	}
	c.Accounts, c.Texts = ids, own
	if c.When == "" {
		c.When = social.Later
	}
	switch {
	case len(ids) == 0:
		return c, fault.In("to", errNoAccount)
	case c.Text == "" && len(c.Media) == 0 && len(own) < len(ids):
		return c, fault.In("text", errNothing)
	}
	c.Media, err = pictures(ctx, r, b.TeamID, c.Media)
	return c, err
}

// pictures takes what is known of each picture from where the team keeps it; only name and description are a person's.
func pictures(ctx context.Context, r storage.Reader, team string, said []social.Media) ([]social.Media, error) {
	var out []social.Media
	for _, m := range said {
		kept, err := storage.Media(ctx, r, team, m.Hash)
		if err != nil {
			return nil, fault.At("media", err)
		}
		kept.Name, kept.Alt, kept.Decorative = cmp.Or(m.Name, kept.Name), social.Normal(m.Alt), m.Decorative
		out = append(out, kept)
	}
	return out, nil
}

func (c Content) revision(p social.Post, by string, at time.Time) social.Revision {
	return social.Revision{PostID: p.ID, Number: p.Words, By: by, At: at, Text: c.Text, Media: c.Media, Accounts: c.Accounts, Texts: c.Texts}
}

func line(p social.Post, by string, what social.What, data map[string]string) social.Entry {
	return social.Entry{TeamID: p.TeamID, Subject: p.Subject(), By: by, What: what, Data: data}
}

// Sheet reads a post of the member's team.
func (s *Service) Sheet(ctx context.Context, by social.Member, post string) (social.Sheet, error) {
	return storage.SheetOf(ctx, s.DB, by.TeamID, post)
}

// Filter narrows List. Zero fields do not narrow.
type Filter = storage.PostFilter

// List reads posts of the member's team, newest first.
func (s *Service) List(ctx context.Context, by social.Member, f Filter) ([]social.Sheet, error) {
	posts, err := storage.Posts(ctx, s.DB, by.TeamID, f)
	if err != nil {
		return nil, err
	}
	return s.sheets(ctx, by.TeamID, posts)
}

// Between reads the posts of a brand that have a date in [from, to), first to leave first.
func (s *Service) Between(ctx context.Context, by social.Member, brand string, from, to time.Time) ([]social.Sheet, error) {
	posts, err := storage.PostsBetween(ctx, s.DB, by.TeamID, brand, from, to)
	if err != nil {
		return nil, err
	}
	return s.sheets(ctx, by.TeamID, posts)
}

func (s *Service) sheets(ctx context.Context, team string, posts []social.Post) ([]social.Sheet, error) {
	var out []social.Sheet
	for _, p := range posts {
		sheet, err := storage.SheetOf(ctx, s.DB, team, p.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, sheet)
	}
	return out, nil
}

// Story is everything that happened to a post.
type Story struct {
	Sheet   social.Sheet
	Entries []social.Entry
	Names   map[string]string // of the members in Entries
}

// Story reads the whole story of a post.
func (s *Service) Story(ctx context.Context, by social.Member, post string) (Story, error) {
	sheet, err := s.Sheet(ctx, by, post)
	if err != nil {
		return Story{}, err
	}
	out := Story{Sheet: sheet}
	if out.Entries, err = storage.Entries(ctx, s.DB, by.TeamID, post); err != nil {
		return out, err
	}
	var ids []string
	for _, e := range out.Entries {
		ids = append(ids, e.By)
	}
	out.Names, err = storage.Names(ctx, s.DB, by.TeamID, ids)
	return out, err
}

// Problems says everything that keeps the words of a post from going out to the accounts that still wait for them.
func Problems(s social.Sheet) []social.Problem {
	var out []social.Problem
	for _, v := range s.Variants() {
		if !s.Frozen(v.Account.ID) {
			out = append(out, s.Check(v)...)
		}
	}
	return out
}

// plan makes the deliveries of everything approved that has none on its way.
func plan(ctx context.Context, tx *storage.Tx, s social.Sheet) error {
	for _, v := range s.Variants() {
		last, had := s.Delivery(v.Account.ID)
		if s.Frozen(v.Account.ID) || !s.Approved(v) || (had && last.State != social.Void) {
			continue
		}
		d := delivery.Plan(s.Post, v)
		if had {
			d.Occurrence = last.Occurrence + 1
		}
		if err := tx.AddDelivery(ctx, d); err != nil {
			return fmt.Errorf("plan delivery: %w", err)
		}
	}
	return nil
}

func (s *Service) wake(tx *storage.Tx) {
	if s.Wake != nil {
		tx.OnCommit(s.Wake)
	}
}
