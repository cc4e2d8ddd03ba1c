package team

import (
	"context"
	"slices"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Practice is whom one can speak as in the playground, and where the playground is. People are made up there and
// nowhere else.
type Practice struct {
	Workspaces []social.Workspace // Surface, Workspace and Name
	People     []PracticePerson
}

// PracticePerson is one of them: known by the same user id in every workspace of the playground.
type PracticePerson struct {
	User, Name string
	Locale     i18n.Locale // empty: the brand's
	Roles      []social.Role
}

func (p Practice) has(surface, workspace string) bool {
	return slices.ContainsFunc(p.Workspaces, func(w social.Workspace) bool { return w.Surface == surface && w.Workspace == workspace })
}

var errNoPractice = i18n.Text{
	En: "Practice people live in the playground only, and this team has none.",
	Fr: "Les personnes d’entraînement n’existent que dans le bac à sable, et cette équipe n’en a pas.",
}

// Practise brings the playground's workspaces and people into a brand of by's team, which has one of them; again it
// changes nothing. Setup does so by itself. Errors: faults Denied outside the playground or for who does not manage the
// brand, Conflict when another team has a workspace of the playground.
func (s *Service) Practise(ctx context.Context, by social.Member, brand string) ([]social.Member, error) {
	var out []social.Member
	err := s.db.InTx(ctx, func(tx *storage.Tx) error {
		_, b, err := manage(ctx, tx, by, brand)
		if err != nil {
			return err
		}
		of, err := storage.Workspaces(ctx, tx, by.TeamID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(of, func(w social.Workspace) bool { return s.Practice.has(w.Surface, w.Workspace) }) {
			return fault.New(fault.Denied, errNoPractice)
		}
		out, err = s.practise(ctx, tx, b)
		return err
	})
	return out, err
}

// practise gives the playground to b's team.
func (s *Service) practise(ctx context.Context, tx *storage.Tx, b social.Brand) ([]social.Member, error) {
	for _, w := range s.Practice.Workspaces {
		w.TeamID = b.TeamID
		if _, err := tx.AddWorkspace(ctx, w); err != nil {
			return nil, err
		}
		if err := sameTeam(ctx, tx, Person{Surface: w.Surface, Workspace: w.Workspace}, b.TeamID); err != nil {
			return nil, err
		}
	}
	var out []social.Member
	for _, x := range s.Practice.People {
		m, err := s.stand(ctx, tx, b, x)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// stand makes x a member who is known in every workspace of the playground.
func (s *Service) stand(ctx context.Context, tx *storage.Tx, b social.Brand, x PracticePerson) (social.Member, error) {
	var m social.Member
	var unknown []Person
	for _, w := range s.Practice.Workspaces {
		p := Person{Surface: w.Surface, Workspace: w.Workspace, User: x.User, Name: x.Name, Locale: x.Locale}
		who, err := storage.MemberAt(ctx, tx, p.Surface, p.Workspace, p.User)
		switch {
		case fault.Is(err, fault.NotFound):
			unknown = append(unknown, p)
		case err != nil:
			return m, err
		case m.ID == "":
			m = who
		}
	}
	if m.ID == "" {
		var err error
		if m, err = enter(ctx, tx, unknown[0], b.TeamID, b.Locale); err != nil {
			return m, err
		}
		unknown = unknown[1:]
	}
	for _, p := range unknown {
		if err := known(ctx, tx, p, m); err != nil {
			return m, err
		}
	}
	if err := tx.AddRoles(ctx, b.TeamID, m.ID, b.ID, x.Roles); err != nil {
		return m, err
	}
	return storage.Member(ctx, tx, b.TeamID, m.ID)
}
