package team

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// What a group (a Discord role) gives is not copied to its people: it is written down who is in which group that matters,
// and what they may do follows from it. A change of what a group gives counts at once for everybody known to be in it; a
// change of who is in it counts from the next thing that person does in that chat.

var (
	errGroup = i18n.Text{
		En: "“%s” is none of this server’s roles. Please choose one from the list.",
		Fr: "«\u202f%s\u202f» ne fait pas partie des rôles de ce serveur. Choisissez-en un dans la liste.",
	}
	errGroupAdmin = i18n.Text{
		En: "A role of a server cannot make somebody an admin: whoever hands that role out would decide who runs the brand. Give “admin” to a person, with /team roles.",
		Fr: "Un rôle de serveur ne peut pas donner l’administration\u202f: qui distribue ce rôle déciderait alors qui dirige la marque. Donnez-la à une personne, avec /equipe roles.",
	}
)

// longestGroup is the longest id of a group, in bytes, and the longest name, in runes. Source: Discord's own ids have 20
// digits at most and its roles' names 100 characters.
const longestGroup = 100

// SetGroup makes g.Roles what a group of a workspace gives its people for a brand, instead of what it gave before; none
// ends it for everybody at once. An admin of the brand may. Errors: faults Denied, NotFound for a brand or workspace of
// another team, Invalid in the field group, or in roles for what is no role, and for admin.
func (s *Service) SetGroup(ctx context.Context, by social.Member, g social.Group) (social.Group, error) {
	roles, err := distinct(g.Roles)
	switch {
	case err != nil:
		return g, err
	case g.ID == "" || len(g.ID) > longestGroup || strings.ContainsAny(g.ID, ", \t\n"):
		return g, fault.In("group", errGroup, name(g.Name, g.ID))
	case slices.Contains(roles, social.Admin):
		return g, fault.In("roles", errGroupAdmin)
	}
	g.TeamID, g.By, g.Roles, g.Name = by.TeamID, by.ID, roles, name(g.Name, g.ID)
	if r := []rune(g.Name); len(r) > longestGroup {
		g.Name = string(r[:longestGroup])
	}
	return g, s.db.InTx(ctx, func(tx *storage.Tx) error {
		// Held first, so that two admins, or an admin and somebody of the group, go one after the other.
		if err := tx.HoldBrand(ctx, by.TeamID, g.BrandID); err != nil {
			return err
		}
		if _, _, err := manage(ctx, tx, by, g.BrandID); err != nil {
			return err
		}
		if err := tx.HoldWorkspace(ctx, by.TeamID, g.Surface, g.Workspace); err != nil {
			return err
		}
		return tx.PutGroup(ctx, g)
	})
}

// Groups lists what groups give their people for a brand of by's team.
func (s *Service) Groups(ctx context.Context, by social.Member, brand string) ([]social.Group, error) {
	return storage.Groups(ctx, s.db, by.TeamID, brand)
}

// GroupsOf lists, by member, the groups that give them roles for a brand of by's team.
func (s *Service) GroupsOf(ctx context.Context, by social.Member, brand string) (map[string][]social.Group, error) {
	return storage.GroupsOf(ctx, s.db, by.TeamID, brand)
}

// GivenRoles are a member's roles for a brand that were given in Griot, without those of groups: what SetRoles changes.
func (s *Service) GivenRoles(ctx context.Context, by social.Member, member, brand string) ([]social.Role, error) {
	return storage.GivenRoles(ctx, s.db, by.TeamID, member, brand)
}

// Seen writes down which of the groups that matter p is in, as their chat says. A stranger who is in one becomes a member
// at once, as if the admin who gave that group its roles had let them in.
//
// It stands before every act, so this is what it costs: nothing in a chat without groups, which says none (empty: a chat
// that has some names at least one for everybody); elsewhere one read by keys, without a lock, and a transaction only when
// something has changed.
func (s *Service) Seen(ctx context.Context, p Person) error {
	if p.Groups == "" {
		return nil
	}
	groups := strings.Split(p.Groups, ",")
	now, err := storage.GroupingOf(ctx, s.db, p.Surface, p.Workspace, p.User)
	if err != nil || slices.Equal(now.In, now.Of(groups)) {
		return err
	}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error { return regroup(ctx, tx, p, groups) })
	if fault.Is(err, fault.Conflict) {
		return nil // somebody lets them in this very moment: their groups are written down by the next act
	}
	return err
}

// regroup is Seen's transaction.
func regroup(ctx context.Context, tx *storage.Tx, p Person, groups []string) error {
	t, err := storage.TeamAt(ctx, tx, p.Surface, p.Workspace)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.HoldWorkspace(ctx, t.ID, p.Surface, p.Workspace); err != nil { // what was read before may have changed
		return err
	}
	now, err := storage.GroupingOf(ctx, tx, p.Surface, p.Workspace, p.User)
	if err != nil {
		return err
	}
	in := now.Of(groups)
	_, err = storage.MemberAt(ctx, tx, p.Surface, p.Workspace, p.User)
	switch {
	case fault.Is(err, fault.NotFound) && len(in) == 0:
		return nil
	case fault.Is(err, fault.NotFound):
		err = letIn(ctx, tx, p, t, in)
	}
	if err != nil {
		return err
	}
	return tx.SetIdentityGroups(ctx, p.Surface, p.Workspace, p.User, in)
}

// letIn makes a stranger a member because of the groups they are in. What they asked for has its answer with that.
func letIn(ctx context.Context, tx *storage.Tx, p Person, t social.Team, in []string) error {
	all, err := storage.GroupsAt(ctx, tx, t.ID, p.Surface, p.Workspace)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(g social.Group) bool { return slices.Contains(in, g.ID) })
	if i < 0 {
		return fmt.Errorf("let somebody in: no group of %q gives anything", in)
	}
	b, err := storage.Brand(ctx, tx, t.ID, all[i].BrandID)
	if err != nil {
		return err
	}
	if _, err := enter(ctx, tx, p, t.ID, b.Locale); err != nil {
		return err
	}
	q, err := storage.RequestOf(ctx, tx, t.ID, p.Surface, p.Workspace, p.User)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil || !q.Open():
		return err
	}
	return tx.SettleRequest(ctx, t.ID, q.ID, all[i].By)
}
