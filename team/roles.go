package team

import (
	"context"
	"slices"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var (
	errLastAdmin = i18n.Text{
		En: "%s is the only admin of %s. Make somebody else an admin first, then take the role away.",
		Fr: "%s est la seule personne à administrer %s. Donnez d’abord ce rôle à quelqu’un d’autre, puis retirez-le.",
	}
	errNoRole = i18n.Text{
		En: "“%s” is not a role. The roles are: writer, approver, moderator, analyst, client, admin.",
		Fr: "«\u202f%s\u202f» n’est pas un rôle. Les rôles sont\u202f: rédaction, validation, modération, analyse, client, administration.",
	}
	errRoles = i18n.Text{
		En: "Please choose at least one role: writer, approver, moderator, analyst, client or admin.",
		Fr: "Choisissez au moins un rôle\u202f: rédaction, validation, modération, analyse, client ou administration.",
	}
)

// SetRoles makes roles the only ones given in Griot to a member for a brand; none takes every right away but those that come
// from a group. An admin of the brand may.
// Errors: faults Denied, NotFound for somebody of another team, Invalid for what is no role, Conflict when the brand
// would be left without an admin.
func (s *Service) SetRoles(ctx context.Context, by social.Member, member, brand string, roles []social.Role) (social.Member, error) {
	var m social.Member
	roles, err := distinct(roles)
	if err != nil {
		return m, err
	}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error {
		// Held first, so that two admins who take each other's role away do so one after the other.
		if err := tx.HoldBrand(ctx, by.TeamID, brand); err != nil {
			return err
		}
		_, b, err := manage(ctx, tx, by, brand)
		if err != nil {
			return err
		}
		if m, err = storage.Member(ctx, tx, by.TeamID, member); err != nil {
			return err
		}
		if m.Has(brand, social.Admin) && !slices.Contains(roles, social.Admin) {
			if err := notLast(ctx, tx, m, b); err != nil {
				return err
			}
		}
		if err := tx.SetRoles(ctx, by.TeamID, member, brand, roles); err != nil {
			return err
		}
		m, err = storage.Member(ctx, tx, by.TeamID, member)
		return err
	})
	return m, err
}

// notLast refuses that m stops managing b when nobody else does.
func notLast(ctx context.Context, tx *storage.Tx, m social.Member, b social.Brand) error {
	all, err := storage.MembersWith(ctx, tx, m.TeamID, b.ID, social.Admin)
	if err == nil && len(all) < 2 {
		return fault.New(fault.Conflict, errLastAdmin, m.Name, b.Name)
	}
	return err
}

// distinct is roles once each; a fault Invalid for what is no role.
func distinct(roles []social.Role) ([]social.Role, error) {
	var out []social.Role
	for _, r := range roles {
		if !slices.Contains(social.Roles, r) {
			return nil, fault.In("roles", errNoRole, string(r))
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out, nil
}

// some is distinct for somebody new, who needs a role to be of any use.
func some(roles []social.Role) ([]social.Role, error) {
	out, err := distinct(roles)
	if err == nil && len(out) == 0 {
		return nil, fault.In("roles", errRoles)
	}
	return out, err
}
