// Package team is about people: who speaks to Griot, what they may do, which brand a channel belongs to, and how a
// person, a brand or a second chat comes in. It may know social and storage; it never sees a chat, and it checks every
// right here, whatever button was pressed.
package team

import (
	"context"
	"errors"
	"slices"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Service knows the people of every team.
type Service struct {
	// Practice is whom one can speak as in the playground; zero: nobody is made up.
	Practice Practice

	db *storage.DB
}

// New serves the people in db.
func New(db *storage.DB) *Service { return &Service{db: db} }

// Person is somebody as their chat knows them, with the fields of a chat's Who, so that one converts to the other.
type Person struct {
	Surface, Workspace, User string
	Name                     string
	Locale                   i18n.Locale // from the chat profile; empty: not known
	Zone                     string      // IANA name from the chat profile; empty: not known
	Manager                  bool        // may manage the workspace
	Groups                   string      // ids of the chat's groups they are in, parted by commas; empty: it does not say
}

// Place is a channel, with the fields of a chat's Place, so that one converts to the other.
type Place struct{ Surface, Workspace, Channel string }

// What Who's refusals are, for errors.Is: the caller then offers /setup, or to ask for access.
var (
	ErrNoTeam   = errors.New("team: nobody has set this workspace up")
	ErrStranger = errors.New("team: not a member")
)

var (
	errNoTeam = i18n.Text{
		En: "Griot does not know this workspace yet. Start with /setup: it takes a minute.",
		Fr: "Griot ne connaît pas encore cet espace. Commencez par /demarrer\u202f: une minute suffit.",
	}
	errStranger = i18n.Text{
		En: "You are not in the team “%s” yet. %s can invite you with /team invite. Or press “Ask for access”, and they will be told.",
		Fr: "Vous n’êtes pas encore dans l’équipe «\u202f%s\u202f». Pour recevoir une invitation (/equipe inviter), voyez avec %s. Ou appuyez sur «\u202fDemander l’accès\u202f», et la demande sera transmise.",
	}
	errNotAdmin = i18n.Text{
		En: "This is for an admin of %s. Ask %s.",
		Fr: "C’est réservé à l’administration de %s. Voyez avec %s.",
	}
)

// Who says which member a person is, and of which team, without writing anything. Errors: a fault NotFound that is
// ErrNoTeam when nobody has set the workspace up; a fault Denied that is ErrStranger for somebody the team does not know,
// with the names of those who can invite them.
func (s *Service) Who(ctx context.Context, p Person) (social.Member, social.Team, error) {
	t, err := teamAt(ctx, s.db, p)
	if err != nil {
		return social.Member{}, social.Team{}, err
	}
	m, err := storage.MemberAt(ctx, s.db, p.Surface, p.Workspace, p.User)
	if fault.Is(err, fault.NotFound) {
		names, err := admins(ctx, s.db, t.ID, "")
		if err != nil {
			return social.Member{}, social.Team{}, err
		}
		return social.Member{}, t, because(ErrStranger, fault.New(fault.Denied, errStranger, t.Name, names))
	}
	return m, t, err
}

// teamAt reads the team of a person's workspace; a fault that is ErrNoTeam without one.
func teamAt(ctx context.Context, r storage.Reader, p Person) (social.Team, error) {
	t, err := storage.TeamAt(ctx, r, p.Surface, p.Workspace)
	if fault.Is(err, fault.NotFound) {
		return t, because(ErrNoTeam, fault.New(fault.NotFound, spoken(p.Surface, errNoTeam)))
	}
	return t, err
}

// because makes f be sentinel, too.
func because(sentinel error, f *fault.Error) error {
	f.Err = sentinel
	return f
}

// Members lists the people of by's team by name.
func (s *Service) Members(ctx context.Context, by social.Member) ([]social.Member, error) {
	return storage.Members(ctx, s.db, by.TeamID)
}

// Identities lists the chats in which by is known.
func (s *Service) Identities(ctx context.Context, by social.Member) ([]social.Identity, error) {
	return storage.Identities(ctx, s.db, by.TeamID, by.ID)
}

// SetLanguage makes Griot speak l to by. Errors: a fault Conflict when by was written meanwhile.
func (s *Service) SetLanguage(ctx context.Context, by social.Member, l i18n.Locale) (social.Member, error) {
	var m social.Member
	err := s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		if m, err = storage.Member(ctx, tx, by.TeamID, by.ID); err != nil || m.Locale == l {
			return err
		}
		if !slices.Contains(i18n.Locales, l) {
			return fault.In("language", errLanguage)
		}
		was := m.Rev
		m.Locale, m.Rev = l, was+1
		return tx.SaveMember(ctx, m, was)
	})
	return m, err
}

// manage reads by anew, for their roles may have changed since they pressed, and the brand. Errors: a fault Denied when
// by does not manage the brand, NotFound when it is not of their team.
func manage(ctx context.Context, r storage.Reader, by social.Member, brand string) (social.Member, social.Brand, error) {
	b, err := storage.Brand(ctx, r, by.TeamID, brand)
	if err != nil {
		return by, b, err
	}
	m, err := storage.Member(ctx, r, by.TeamID, by.ID)
	if err != nil {
		return by, b, err
	}
	if m.Has(b.ID, social.Admin) {
		return m, b, nil
	}
	names, err := admins(ctx, r, by.TeamID, b.ID)
	if err != nil {
		return m, b, err
	}
	return m, b, fault.New(fault.Denied, errNotAdmin, b.Name, names)
}

// admins names those who manage a brand, or any brand when brand is empty.
func admins(ctx context.Context, r storage.Reader, team, brand string) (i18n.Localised, error) {
	all, err := storage.Admins(ctx, r, team)
	if brand != "" {
		all = slices.DeleteFunc(all, func(m social.Member) bool { return !m.Has(brand, social.Admin) })
	}
	return social.Whom(all), err
}
