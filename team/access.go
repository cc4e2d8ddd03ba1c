package team

import (
	"context"
	"errors"
	"strings"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// invitation is how long an invitation may be used.
const invitation = 7 * 24 * time.Hour

// patience is how long somebody who was turned away waits before they may ask again.
const patience = 24 * time.Hour

var (
	errOtherTeam = i18n.Text{
		En: "This code is for the team “%s”, but this workspace belongs to “%s”. Type it in a chat of “%[1]s”.",
		Fr: "Ce code est pour l’équipe «\u202f%s\u202f», mais cet espace appartient à «\u202f%s\u202f». Tapez-le dans un chat de «\u202f%[1]s\u202f».",
	}
	errSettled = i18n.Text{
		En: "%s has already answered this request.",
		Fr: "%s a déjà répondu à cette demande.",
	}
	errAsked = i18n.Text{
		En: "You have asked already, and they were told: %s. They will answer as soon as they can.",
		Fr: "Votre demande est déjà transmise à %s. Vous aurez une réponse dès que possible.",
	}
	errAway = i18n.Text{
		En: "Your request was turned down. You may ask again tomorrow, or talk to %s.",
		Fr: "Votre demande n’a pas été acceptée. Vous pourrez redemander demain, ou voyez avec %s.",
	}
)

// Invite makes a code that lets one person into the team with roles for a brand, for seven days. An admin of the brand
// may. Errors: faults Denied, or Invalid for the roles.
func (s *Service) Invite(ctx context.Context, by social.Member, brand string, roles []social.Role) (string, error) {
	roles, err := some(roles)
	if err != nil {
		return "", err
	}
	code := storage.NewCode(10)
	return code, s.db.InTx(ctx, func(tx *storage.Tx) error {
		m, b, err := manage(ctx, tx, by, brand)
		if err != nil {
			return err
		}
		return tx.AddCode(ctx, code, storage.Code{Purpose: storage.ForInvite, TeamID: m.TeamID, MemberID: m.ID,
			Data: map[string]string{"brand": b.ID, "roles": join(roles)}, Expires: tx.Now().Add(invitation)})
	})
}

// Join uses an invitation: p becomes a member, or has the invitation's roles beside their own. Errors: faults Invalid
// for a wrong code, Busy after too many, Conflict when the code is another team's; ErrNoTeam.
func (s *Service) Join(ctx context.Context, p Person, code string) (social.Member, error) {
	var m social.Member
	err := s.guess(ctx, p, func() error {
		return s.db.InTx(ctx, func(tx *storage.Tx) error {
			c, err := use(ctx, tx, code, storage.ForInvite)
			if err != nil {
				return err
			}
			if err := sameTeam(ctx, tx, p, c.TeamID); err != nil {
				return err
			}
			m, err = admit(ctx, tx, p, c.TeamID, c.Data["brand"], split(c.Data["roles"]))
			return err
		})
	})
	return m, err
}

// sameTeam refuses a person whose workspace is not the team's.
func sameTeam(ctx context.Context, r storage.Reader, p Person, team string) error {
	here, err := teamAt(ctx, r, p)
	if err != nil || here.ID == team {
		return err
	}
	meant, err := storage.Team(ctx, r, team)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, spoken(p.Surface, errOtherTeam), meant.Name, here.Name)
}

// admit makes p a member with roles for a brand, or gives them to the member that p is.
func admit(ctx context.Context, tx *storage.Tx, p Person, team, brand string, roles []social.Role) (social.Member, error) {
	b, err := storage.Brand(ctx, tx, team, brand)
	if err != nil {
		return social.Member{}, err
	}
	m, err := storage.MemberAt(ctx, tx, p.Surface, p.Workspace, p.User)
	if fault.Is(err, fault.NotFound) {
		m, err = enter(ctx, tx, p, team, b.Locale)
	}
	if err != nil {
		return m, err
	}
	if err := tx.AddRoles(ctx, team, m.ID, b.ID, roles); err != nil {
		return m, err
	}
	return storage.Member(ctx, tx, team, m.ID)
}

// AskAccess tells the admins that a stranger would like to be let in. Errors: faults Conflict for a member, or when the
// request is open already; Busy for a day after it was turned down; ErrNoTeam.
func (s *Service) AskAccess(ctx context.Context, p Person) (social.Request, error) {
	var q social.Request
	_, t, err := s.Who(ctx, p)
	if err == nil {
		return q, fault.New(fault.Conflict, errKnown)
	}
	if !errors.Is(err, ErrStranger) {
		return q, err
	}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error {
		all, err := storage.Admins(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if err := askable(ctx, tx, p, t, all); err != nil {
			return err
		}
		q = social.Request{ID: storage.NewID("req"), TeamID: t.ID, Surface: p.Surface, Workspace: p.Workspace, User: p.User,
			Name: name(p.Name, p.User), Locale: string(p.Locale), Zone: p.Zone, AskedAt: tx.Now()}
		put, err := tx.PutRequest(ctx, q)
		if err != nil {
			return err
		}
		if !put {
			return fault.New(fault.Conflict, errAsked, social.Whom(all))
		}
		for _, m := range all {
			if err := tx.Notify(ctx, social.Notice{TeamID: t.ID, Subject: q.ID, MemberID: m.ID, Kind: social.AskAccess,
				Change: "asked", Data: map[string]string{"name": q.Name}}); err != nil {
				return err
			}
		}
		return nil
	})
	return q, err
}

// askable refuses a person who was turned away today.
func askable(ctx context.Context, tx *storage.Tx, p Person, t social.Team, admins []social.Member) error {
	before, err := storage.RequestOf(ctx, tx, t.ID, p.Surface, p.Workspace, p.User)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case !before.Open() && tx.Now().Before(before.SettledAt.Add(patience)):
		return fault.New(fault.Busy, errAway, social.Whom(admins))
	}
	return nil
}

// Requests lists who asked to be let into by's team and has no answer, the oldest first.
func (s *Service) Requests(ctx context.Context, by social.Member) ([]social.Request, error) {
	return storage.Requests(ctx, s.db, by.TeamID)
}

// Request reads one request of by's team, answered or not.
func (s *Service) Request(ctx context.Context, by social.Member, id string) (social.Request, error) {
	return storage.Request(ctx, s.db, by.TeamID, id)
}

// Admit lets the person of a request in, with roles for a brand. An admin of the brand may; of two at once one does.
// Errors: faults Denied, Invalid for the roles, Conflict when somebody has answered.
func (s *Service) Admit(ctx context.Context, by social.Member, request, brand string, roles []social.Role) (social.Member, error) {
	var m social.Member
	roles, err := some(roles)
	if err != nil {
		return m, err
	}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error {
		_, b, err := manage(ctx, tx, by, brand)
		if err != nil {
			return err
		}
		q, err := settle(ctx, tx, by, request)
		if err != nil {
			return err
		}
		m, err = admit(ctx, tx, Person{Surface: q.Surface, Workspace: q.Workspace, User: q.User, Name: q.Name,
			Locale: i18n.Locale(q.Locale), Zone: q.Zone}, q.TeamID, brand, roles)
		if err != nil {
			return err
		}
		return tx.Notify(ctx, social.Notice{TeamID: m.TeamID, Subject: q.ID, MemberID: m.ID, Kind: social.LetIn,
			Change: "let in", Data: map[string]string{"name": b.Name}})
	})
	return m, err
}

// TurnAway answers a request with no. Any admin of the team may. Errors: faults Denied, Conflict when somebody has
// answered.
func (s *Service) TurnAway(ctx context.Context, by social.Member, request string) error {
	return s.db.InTx(ctx, func(tx *storage.Tx) error {
		if err := anyAdmin(ctx, tx, by, errAnyAdminPeople); err != nil {
			return err
		}
		_, err := settle(ctx, tx, by, request)
		return err
	})
}

// settle marks a request as answered by by; a fault Conflict that names whoever was faster.
func settle(ctx context.Context, tx *storage.Tx, by social.Member, request string) (social.Request, error) {
	q, err := storage.Request(ctx, tx, by.TeamID, request)
	if err != nil {
		return q, err
	}
	if q.Open() {
		return q, tx.SettleRequest(ctx, by.TeamID, q.ID, by.ID)
	}
	m, err := storage.Member(ctx, tx, by.TeamID, q.SettledBy)
	if err != nil {
		return q, err
	}
	return q, fault.New(fault.Conflict, errSettled, m.Name)
}

func join(roles []social.Role) string {
	var out []string
	for _, r := range roles {
		out = append(out, string(r))
	}
	return strings.Join(out, ",")
}

func split(roles string) []social.Role {
	var out []social.Role
	for r := range strings.SplitSeq(roles, ",") {
		out = append(out, social.Role(r))
	}
	return out
}
