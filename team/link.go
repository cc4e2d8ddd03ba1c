package team

import (
	"context"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// linking is how long the code lasts that one reads in one chat and types in another.
const linking = 10 * time.Minute

var (
	errHere = i18n.Text{
		En: "This is the chat the code was made in. Type it in the other one, where Griot does not know you yet.",
		Fr: "C’est dans ce chat que le code a été créé. Tapez-le dans l’autre, là où Griot ne vous connaît pas encore.",
	}
	errTwice = i18n.Text{
		En: "%s is already known here under another name. End that link first with /team unlink, then type the code again.",
		Fr: "%s est déjà connu ici sous un autre nom. Défaites d’abord ce lien avec /equipe delier, puis retapez le code.",
	}
	errLastLink = i18n.Text{
		En: "This is the only chat that knows you: without it you would be locked out. Link another one first.",
		Fr: "C’est le seul chat qui vous connaît\u202f: sans lui, vous n’auriez plus accès. Reliez-en d’abord un autre.",
	}
	errLinker = i18n.Text{
		En: "Linking this workspace to the team “%s” is for somebody who manages it. Ask them to type the code.",
		Fr: "Relier cet espace à l’équipe «\u202f%s\u202f» revient à une personne qui le gère. Demandez-lui de taper le code.",
	}
	errHistory = i18n.Text{
		En: "This workspace has posts, accounts or mentions of its own, in the team “%s”, and two histories cannot become one. Keep both teams; or install Griot in another workspace and link that one to “%s”.",
		Fr: "Cet espace a ses propres publications, comptes ou mentions, dans l’équipe «\u202f%s\u202f», et deux histoires ne peuvent pas n’en faire qu’une. Gardez les deux équipes, ou installez Griot dans un autre espace et reliez celui-là à «\u202f%s\u202f».",
	}
	errAnyAdminPeople = i18n.Text{
		En: "This is for an admin. Ask %s.",
		Fr: "C’est réservé à l’administration. Voyez avec %s.",
	}
)

// NewLink makes the code that by types in another chat of the team to be known there as the same member: eight
// characters, ten minutes, once.
func (s *Service) NewLink(ctx context.Context, by social.Member) (string, error) {
	code := storage.NewCode(8)
	return code, s.db.InTx(ctx, func(tx *storage.Tx) error {
		m, err := storage.Member(ctx, tx, by.TeamID, by.ID)
		if err != nil {
			return err
		}
		return tx.AddCode(ctx, code, storage.Code{Purpose: storage.ForIdentity, TeamID: m.TeamID, MemberID: m.ID, Expires: tx.Now().Add(linking)})
	})
}

// NewWorkspaceLink makes the code that brings a second workspace into by's team, and by with it. Any admin may.
func (s *Service) NewWorkspaceLink(ctx context.Context, by social.Member) (string, error) {
	code := storage.NewCode(8)
	return code, s.db.InTx(ctx, func(tx *storage.Tx) error {
		if err := anyAdmin(ctx, tx, by, errAnyAdminPeople); err != nil {
			return err
		}
		return tx.AddCode(ctx, code, storage.Code{Purpose: storage.ForWorkspace, TeamID: by.TeamID, MemberID: by.ID, Expires: tx.Now().Add(linking)})
	})
}

// anyAdmin refuses with say whoever manages no brand of their team.
func anyAdmin(ctx context.Context, r storage.Reader, by social.Member, say i18n.Text) error {
	m, err := storage.Member(ctx, r, by.TeamID, by.ID)
	if err != nil || m.IsAdmin() {
		return err
	}
	names, err := admins(ctx, r, m.TeamID, "")
	if err != nil {
		return err
	}
	return fault.New(fault.Denied, say, names)
}

// Link uses a code of NewLink or NewWorkspaceLink: from now on p is the member who made it, and a workspace's code brings
// the workspace into the team first. Somebody who was another member here leaves that one: their roles come along when
// no chat knows the other any more, who is then forgotten unless they have left a trace. Errors: faults Invalid for a wrong code, Busy after too many, Denied for a workspace
// that p does not manage, Conflict when it has a history of its own or is another team's; ErrNoTeam.
func (s *Service) Link(ctx context.Context, p Person, code string) (social.Member, social.Team, error) {
	var m social.Member
	var t social.Team
	err := s.guess(ctx, p, func() error {
		return s.db.InTx(ctx, func(tx *storage.Tx) error {
			c, err := use(ctx, tx, code, storage.ForIdentity, storage.ForWorkspace)
			if err != nil {
				return err
			}
			if t, err = storage.Team(ctx, tx, c.TeamID); err != nil {
				return err
			}
			if c.Purpose == storage.ForWorkspace {
				if err := take(ctx, tx, p, t); err != nil {
					return err
				}
			}
			if err := sameTeam(ctx, tx, p, t.ID); err != nil {
				return err
			}
			m, err = become(ctx, tx, p, c)
			return err
		})
	})
	return m, t, err
}

// take brings p's workspace into t.
func take(ctx context.Context, tx *storage.Tx, p Person, t social.Team) error {
	from, err := storage.TeamAt(ctx, tx, p.Surface, p.Workspace)
	fresh := fault.Is(err, fault.NotFound)
	switch {
	case err != nil && !fresh:
		return err
	case from.ID == t.ID:
		return nil
	}
	if may, err := manages(ctx, tx, p); err != nil || !may {
		return firstOf(err, fault.New(fault.Denied, spoken(p.Surface, errLinker), t.Name))
	}
	w := social.Workspace{TeamID: t.ID, Surface: p.Surface, Workspace: p.Workspace, Name: name(from.Name, p.Workspace)}
	if fresh {
		added, err := tx.AddWorkspace(ctx, w)
		if err == nil && !added { // somebody set it up this very moment
			err = fault.New(fault.Conflict, spoken(p.Surface, errHistory), p.Workspace, t.Name)
		}
		return err
	}
	has, err := storage.HasHistory(ctx, tx, from.ID)
	if err != nil {
		return err
	}
	if has {
		return fault.New(fault.Conflict, spoken(p.Surface, errHistory), from.Name, t.Name)
	}
	return tx.GiveWorkspace(ctx, w, from.ID)
}

// manages reports whether p may decide whose a workspace is: by their chat's word, or as an admin of the team it has.
func manages(ctx context.Context, r storage.Reader, p Person) (bool, error) {
	if p.Manager {
		return true, nil
	}
	m, err := storage.MemberAt(ctx, r, p.Surface, p.Workspace, p.User)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return m.IsAdmin(), err
}

func firstOf(err error, otherwise *fault.Error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// become makes p the member of c.
func become(ctx context.Context, tx *storage.Tx, p Person, c storage.Code) (social.Member, error) {
	m, err := storage.Member(ctx, tx, c.TeamID, c.MemberID)
	if err != nil {
		return m, err
	}
	old, err := storage.MemberAt(ctx, tx, p.Surface, p.Workspace, p.User)
	stranger := fault.Is(err, fault.NotFound)
	switch {
	case err != nil && !stranger:
		return m, err
	case old.ID == m.ID:
		return m, fault.New(fault.Conflict, errHere)
	}
	if !stranger {
		if _, err := tx.DropIdentity(ctx, old.TeamID, old.ID, p.Surface, p.Workspace); err != nil {
			return m, err
		}
	}
	added, err := tx.AddIdentity(ctx, social.Identity{TeamID: m.TeamID, MemberID: m.ID, Surface: p.Surface,
		Workspace: p.Workspace, User: p.User, Name: name(p.Name, p.User)})
	if err != nil {
		return m, err
	}
	if !added {
		return m, fault.New(fault.Conflict, errTwice, m.Name)
	}
	if !stranger {
		if err := inherit(ctx, tx, m, old); err != nil {
			return m, err
		}
	}
	return storage.Member(ctx, tx, m.TeamID, m.ID)
}

// inherit gives m the roles of old, unless some chat still knows old. Those of groups are not old's to give: they follow
// the person from chat to chat by themselves.
func inherit(ctx context.Context, tx *storage.Tx, m, old social.Member) error {
	left, err := storage.Identities(ctx, tx, old.TeamID, old.ID)
	if err != nil || len(left) > 0 {
		return err
	}
	if old, err = storage.Member(ctx, tx, old.TeamID, old.ID); err != nil { // whom no group knows any more
		return err
	}
	for brand, roles := range old.Roles {
		if err := tx.AddRoles(ctx, m.TeamID, m.ID, brand, roles); err != nil {
			return err
		}
		if err := tx.SetRoles(ctx, old.TeamID, old.ID, brand, nil); err != nil {
			return err
		}
	}
	_, err = tx.DropMember(ctx, old.TeamID, old.ID) // who has left no trace is nobody to list
	return err
}

// Unlink makes by unknown in a workspace. Errors: faults NotFound when they were, Conflict when no other chat knows
// them.
func (s *Service) Unlink(ctx context.Context, by social.Member, surface, workspace string) error {
	return s.db.InTx(ctx, func(tx *storage.Tx) error {
		m, err := storage.Member(ctx, tx, by.TeamID, by.ID)
		if err != nil {
			return err
		}
		was := m.Rev
		m.Rev++ // of two at once, only one may be the last but one
		if err := tx.SaveMember(ctx, m, was); err != nil {
			return err
		}
		dropped, err := tx.DropIdentity(ctx, m.TeamID, m.ID, surface, workspace)
		if err != nil {
			return err
		}
		left, err := storage.Identities(ctx, tx, m.TeamID, m.ID)
		switch {
		case err != nil:
			return err
		case !dropped:
			return fault.New(fault.NotFound, errNotLinked)
		case len(left) == 0:
			return fault.New(fault.Conflict, errLastLink)
		}
		return nil
	})
}

var errNotLinked = i18n.Text{
	En: "That chat does not know you. Type /team unlink to see which ones do.",
	Fr: "Ce chat ne vous connaît pas. Tapez /equipe delier pour voir ceux qui vous connaissent.",
}
