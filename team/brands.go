package team

import (
	"context"
	"errors"
	"slices"
	"strings"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// ErrWhichBrand is what BrandAt's refusal is, for errors.Is: the caller then asks.
var ErrWhichBrand = errors.New("team: several brands")

var (
	errWhichBrand = i18n.Text{
		En: "Your team has several brands: %s. Say which with brand:…, or type this in one of its channels.",
		Fr: "Votre équipe a plusieurs marques\u202f: %s. Dites laquelle avec marque:…, ou tapez ceci dans l’un de ses canaux.",
	}
	errNoSuchBrand = i18n.Text{
		En: "Your team has no brand called “%s”. It has: %s.",
		Fr: "Votre équipe n’a pas de marque nommée «\u202f%s\u202f». Elle a\u202f: %s.",
	}
	errOtherBrand = i18n.Text{
		En: "This channel already belongs to the brand %s, and a channel has one brand. Choose another channel, or take it from %[1]s first with /brand channel.",
		Fr: "Ce canal appartient déjà à la marque %s, et un canal n’a qu’une marque. Choisissez un autre canal, ou retirez-le d’abord à %[1]s avec /marque canal.",
	}
	errRuledInto = i18n.Text{
		En: "%s has rules that bring mentions into this channel: %s. A channel has one brand: choose another channel, or change these rules first with /rules change.",
		Fr: "%s a des règles qui amènent des mentions dans ce canal\u202f: %s. Un canal n’a qu’une marque\u202f: choisissez un autre canal, ou modifiez d’abord ces règles avec /regles modifier.",
	}
	errNoPurpose = i18n.Text{
		En: "A channel is for approvals, mentions or numbers. Please choose one of them.",
		Fr: "Un canal sert aux validations, aux mentions ou aux chiffres. Choisissez l’un des trois.",
	}
)

// Brands lists the brands of by's team by name.
func (s *Service) Brands(ctx context.Context, by social.Member) ([]social.Brand, error) {
	return storage.Brands(ctx, s.db, by.TeamID)
}

// Brand reads one brand of by's team by its id.
func (s *Service) Brand(ctx context.Context, by social.Member, id string) (social.Brand, error) {
	return storage.Brand(ctx, s.db, by.TeamID, id)
}

// BrandNamed finds a brand of by's team as people write it: its id, its name in any case, or a beginning that only one
// name has. Errors: a fault Invalid with the field brand and the names there are.
func (s *Service) BrandNamed(ctx context.Context, by social.Member, typed string) (social.Brand, error) {
	all, err := storage.Brands(ctx, s.db, by.TeamID)
	if err != nil {
		return social.Brand{}, err
	}
	want := strings.ToLower(name(typed))
	var near []social.Brand
	for _, b := range all {
		switch low := strings.ToLower(b.Name); {
		case b.ID == want || low == want:
			return b, nil
		case want != "" && strings.HasPrefix(low, want):
			near = append(near, b)
		}
	}
	if len(near) == 1 {
		return near[0], nil
	}
	return social.Brand{}, fault.In("brand", errNoSuchBrand, typed, names(all))
}

// BrandAt says which brand is meant at a place: the channel's, else the team's only one, else the only one for which by
// has a role. Errors: a fault Invalid that is ErrWhichBrand, with the field brand.
func (s *Service) BrandAt(ctx context.Context, by social.Member, at Place) (social.Brand, error) {
	b, err := storage.BrandAt(ctx, s.db, by.TeamID, at.Surface, at.Workspace, at.Channel)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return b, err
	}
	all, err := storage.Brands(ctx, s.db, by.TeamID)
	if err != nil {
		return b, err
	}
	var mine []social.Brand
	for _, b := range all {
		if len(by.Roles[b.ID]) > 0 {
			mine = append(mine, b)
		}
	}
	switch {
	case len(all) == 1:
		return all[0], nil
	case len(mine) == 1:
		return mine[0], nil
	}
	return b, because(ErrWhichBrand, fault.In("brand", errWhichBrand, names(all)))
}

func names(all []social.Brand) string {
	var out []string
	for _, b := range all {
		out = append(out, b.Name)
	}
	return strings.Join(out, ", ")
}

var errAnyAdmin = i18n.Text{
	En: "Adding a brand is for an admin. Ask %s.",
	Fr: "Ajouter une marque est réservé à l’administration. Voyez avec %s.",
}

// AddBrand makes one more brand, with its name, language, zone and rules as b has them. Any admin of the team may, and
// becomes its first one. Errors: faults Denied, or Invalid with the field that is wrong.
func (s *Service) AddBrand(ctx context.Context, by social.Member, b social.Brand) (social.Brand, error) {
	b, err := checked(b)
	if err != nil {
		return b, err
	}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error {
		if err := anyAdmin(ctx, tx, by, errAnyAdmin); err != nil {
			return err
		}
		var err error
		b, err = addBrand(ctx, tx, by, b)
		return err
	})
	return b, err
}

func addBrand(ctx context.Context, tx *storage.Tx, by social.Member, b social.Brand) (social.Brand, error) {
	b.ID, b.TeamID, b.Paused, b.Rev = storage.NewID("brd"), by.TeamID, false, 1
	if err := tx.AddBrand(ctx, b); err != nil {
		return b, err
	}
	return b, tx.AddRoles(ctx, b.TeamID, by.ID, b.ID, founder)
}

// SetBrand writes b's name, language, zone and rules, as long as nobody changed them since b.Rev. Its pause stays as it
// is. Errors: faults Denied, Conflict, or Invalid with the field that is wrong.
func (s *Service) SetBrand(ctx context.Context, by social.Member, b social.Brand) (social.Brand, error) {
	b, err := checked(b)
	if err != nil {
		return b, err
	}
	next := b
	next.TeamID, next.Rev = by.TeamID, b.Rev+1
	err = s.db.InTx(ctx, func(tx *storage.Tx) error {
		_, now, err := manage(ctx, tx, by, b.ID)
		if err != nil {
			return err
		}
		next.Paused = now.Paused
		if err := tx.SaveBrand(ctx, next, b.Rev); err != nil || next.Approvals == now.Approvals {
			return err
		}
		return redraw(ctx, tx, by.TeamID, b.ID) // what waits says how many must say yes
	})
	return next, err
}

// Channels lists the channels of a brand of by's team.
func (s *Service) Channels(ctx context.Context, by social.Member, brand string) ([]social.Channel, error) {
	return storage.Channels(ctx, s.db, by.TeamID, brand)
}

// SetChannel makes a place the brand's channel for a purpose, instead of its channel for that purpose in the same
// workspace. What waits for approval is shown there. Errors: faults Denied, NotFound when the workspace is not the
// team's, Conflict when the channel is another brand's, or when another brand's rules bring mentions there.
func (s *Service) SetChannel(ctx context.Context, by social.Member, brand string, at Place, p social.Purpose) error {
	return s.channel(ctx, by, brand, at, p, func(tx *storage.Tx, c social.Channel) error {
		other, err := storage.BrandAt(ctx, tx, by.TeamID, at.Surface, at.Workspace, at.Channel)
		switch {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return err
		case other.ID != brand:
			return fault.New(fault.Conflict, errOtherBrand, other.Name)
		}
		if err := unruled(ctx, tx, c); err != nil {
			return err
		}
		return tx.PutChannel(ctx, c)
	})
}

// unruled refuses a channel into which the rules of another brand bring mentions.
func unruled(ctx context.Context, tx *storage.Tx, c social.Channel) error {
	rules, err := storage.RulesInto(ctx, tx, c.TeamID, social.Room{Surface: c.Surface, Workspace: c.Workspace, Channel: c.Channel})
	if err != nil {
		return err
	}
	rules = slices.DeleteFunc(rules, func(r social.Rule) bool { return r.BrandID == c.BrandID })
	if len(rules) == 0 {
		return nil
	}
	other, err := storage.Brand(ctx, tx, c.TeamID, rules[0].BrandID)
	if err != nil {
		return err
	}
	var all []string
	for _, r := range rules {
		if r.BrandID == other.ID {
			all = append(all, r.Name)
		}
	}
	return fault.New(fault.Conflict, errRuledInto, other.Name, strings.Join(all, ", "))
}

// DropChannel leaves the brand without a channel for that purpose in the place's workspace.
func (s *Service) DropChannel(ctx context.Context, by social.Member, brand string, at Place, p social.Purpose) error {
	return s.channel(ctx, by, brand, at, p, func(tx *storage.Tx, c social.Channel) error { return tx.DropChannel(ctx, c) })
}

func (s *Service) channel(ctx context.Context, by social.Member, brand string, at Place, p social.Purpose, change func(*storage.Tx, social.Channel) error) error {
	if p != social.Approvals && p != social.Mentions && p != social.Numbers {
		return fault.In("purpose", errNoPurpose)
	}
	return s.db.InTx(ctx, func(tx *storage.Tx) error {
		if _, _, err := manage(ctx, tx, by, brand); err != nil {
			return err
		}
		if err := tx.HoldWorkspace(ctx, by.TeamID, at.Surface, at.Workspace); err != nil {
			return err
		}
		if err := change(tx, social.Channel{TeamID: by.TeamID, BrandID: brand, Surface: at.Surface, Workspace: at.Workspace,
			Channel: at.Channel, Purpose: p}); err != nil {
			return err
		}
		if p != social.Approvals {
			return nil
		}
		return redraw(ctx, tx, by.TeamID, brand)
	})
}

// redraw shows what is on its way where the brand's channels are now.
func redraw(ctx context.Context, tx *storage.Tx, team, brand string) error {
	posts, err := storage.Posts(ctx, tx, team, storage.PostFilter{Brand: brand, States: []social.State{social.InReview, social.Approved, social.Scheduled}})
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := tx.Redraw(ctx, team, p.ID); err != nil {
			return err
		}
	}
	return nil
}
