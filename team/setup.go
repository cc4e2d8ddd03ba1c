package team

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// SetupRequest is what the first person of a workspace says.
type SetupRequest struct {
	Person    Person
	Code      string      // that `griot serve` printed; for those who do not manage the workspace
	Team      string      // what to call the team; empty: as the brand
	Brand     string      // name of the first brand
	Locale    i18n.Locale // of the brand's cards
	Zone      string      // IANA name
	Alone     bool        // "I work alone": one may approve one's own words
	Approvals string      // channel id in the workspace; empty: none yet
	Mentions  string      // the same
	Numbers   string      // the same
}

// Start is what a setup made.
type Start struct {
	Team   social.Team
	Brand  social.Brand
	Member social.Member // who ran it: admin, writer and approver of the brand
}

var (
	errHasTeam = i18n.Text{
		En: "This workspace already belongs to the team “%s”. %s can invite you with /team invite; a further brand is added with /brand add.",
		Fr: "Cet espace appartient déjà à l’équipe «\u202f%s\u202f». Pour recevoir une invitation (/equipe inviter), voyez avec %s\u202f; une marque de plus s’ajoute avec /marque ajouter.",
	}
	errNotManager = i18n.Text{
		En: "Setting Griot up is for somebody who manages this workspace. Ask them to type /setup, or give the code that “griot serve” prints when it starts.",
		Fr: "Seule une personne qui gère cet espace peut démarrer Griot. Demandez-lui de taper /demarrer, ou donnez le code que «\u202fgriot serve\u202f» affiche au lancement.",
	}
	errBrandName = i18n.Text{
		En: "Please give the brand a name, of %d characters at most.",
		Fr: "Donnez un nom à la marque, de %d caractères au plus.",
	}
	errLanguage = i18n.Text{
		En: "Griot speaks French and English. Please choose one of them.",
		Fr: "Griot parle français et anglais. Choisissez l’un des deux.",
	}
	errZone = i18n.Text{
		En: "“%s” is not a time zone Griot knows. Write it like Europe/Paris or America/Montreal.",
		Fr: "«\u202f%s\u202f» n’est pas un fuseau horaire connu. Écrivez par exemple Europe/Paris ou America/Montreal.",
	}
	errLate = i18n.Text{
		En: "A late post may still leave up to %d days late, not more.",
		Fr: "Une publication en retard peut encore partir jusqu’à %d jours plus tard, pas davantage.",
	}
)

// Founders' roles, and those of whoever adds a brand.
var founder = []social.Role{social.Admin, social.Writer, social.Approver}

// setupCode lasts long enough to install today and set up after the holidays; each start of `serve` prints a new one.
const setupCode = 30 * 24 * time.Hour

// NewSetupCode makes the code that lets one person set up one workspace, and ends the one before.
func (s *Service) NewSetupCode(ctx context.Context) (string, error) {
	code := storage.NewCode(12)
	return code, s.db.InTx(ctx, func(tx *storage.Tx) error {
		return tx.AddCode(ctx, code, storage.Code{Purpose: storage.ForSetup, Expires: tx.Now().Add(setupCode)})
	})
}

// Started reports whether any team uses this installation.
func (s *Service) Started(ctx context.Context) (bool, error) { return storage.HasTeams(ctx, s.db) }

// Setup makes a team with its first brand, its channels and its first admin. Of two people at once one wins. Errors:
// faults Denied for who may not, Conflict when the workspace has a team, Invalid with the field that is wrong, Busy
// after too many wrong codes.
func (s *Service) Setup(ctx context.Context, q SetupRequest) (Start, error) {
	if q.Person.Manager {
		return s.setup(ctx, q)
	}
	if strings.TrimSpace(q.Code) == "" {
		return Start{}, fault.At("code", fault.New(fault.Denied, spoken(q.Person.Surface, errNotManager)))
	}
	var out Start
	err := s.guess(ctx, q.Person, func() (err error) {
		out, err = s.setup(ctx, q)
		return err
	})
	return out, err
}

func (s *Service) setup(ctx context.Context, q SetupRequest) (Start, error) {
	var out Start
	brand, err := checked(social.Brand{Name: q.Brand, Locale: q.Locale, Zone: q.Zone, Alone: q.Alone})
	if err != nil {
		return out, err
	}
	err = s.db.InTx(ctx, func(tx *storage.Tx) error {
		if !q.Person.Manager {
			if _, err := use(ctx, tx, q.Code, storage.ForSetup); err != nil {
				return err
			}
		}
		out = Start{Team: social.Team{ID: storage.NewID("tem"), Name: name(q.Team, brand.Name)}}
		if err := found(ctx, tx, q.Person, out.Team); err != nil {
			return err
		}
		if out.Member, err = enter(ctx, tx, q.Person, out.Team.ID, brand.Locale); err != nil {
			return err
		}
		if out.Brand, err = addBrand(ctx, tx, out.Member, brand); err != nil {
			return err
		}
		if err := q.channels(ctx, tx, out.Brand); err != nil {
			return err
		}
		if s.Practice.has(q.Person.Surface, q.Person.Workspace) {
			if _, err := s.practise(ctx, tx, out.Brand); err != nil {
				return err
			}
		}
		out.Member, err = storage.Member(ctx, tx, out.Team.ID, out.Member.ID)
		return err
	})
	return out, err
}

// found stores a team with its first workspace, unless that has a team.
func found(ctx context.Context, tx *storage.Tx, p Person, t social.Team) error {
	if err := tx.AddTeam(ctx, t); err != nil {
		return err
	}
	first, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: t.ID, Surface: p.Surface, Workspace: p.Workspace, Name: t.Name})
	if err != nil || first {
		return err
	}
	there, err := storage.TeamAt(ctx, tx, p.Surface, p.Workspace)
	if err != nil {
		return err
	}
	names, err := admins(ctx, tx, there.ID, "")
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, spoken(p.Surface, errHasTeam), there.Name, names)
}

// enter makes a person a member without roles, in their own language and zone when their chat knows them.
func enter(ctx context.Context, tx *storage.Tx, p Person, team string, l i18n.Locale) (social.Member, error) {
	if slices.Contains(i18n.Locales, p.Locale) {
		l = p.Locale
	}
	m := social.Member{ID: storage.NewID("mbr"), TeamID: team, Name: name(p.Name, p.User), Locale: l, Roles: map[string][]social.Role{}, Rev: 1}
	if knownZone(p.Zone) {
		m.Zone = p.Zone
	}
	if err := tx.AddMember(ctx, m); err != nil {
		return m, err
	}
	return m, known(ctx, tx, p, m)
}

var errKnown = i18n.Text{
	En: "You are in this team already. Type /help to see what you can do.",
	Fr: "Vous faites déjà partie de cette équipe. Tapez /aide pour voir ce que vous pouvez faire.",
}

// known lets a member act as p.
func known(ctx context.Context, tx *storage.Tx, p Person, m social.Member) error {
	added, err := tx.AddIdentity(ctx, social.Identity{TeamID: m.TeamID, MemberID: m.ID, Surface: p.Surface,
		Workspace: p.Workspace, User: p.User, Name: name(p.Name, p.User)})
	if err == nil && !added {
		return fault.New(fault.Conflict, errKnown)
	}
	return err
}

func (q SetupRequest) channels(ctx context.Context, tx *storage.Tx, b social.Brand) error {
	for _, c := range []struct {
		purpose social.Purpose
		channel string
	}{{social.Approvals, q.Approvals}, {social.Mentions, q.Mentions}, {social.Numbers, q.Numbers}} {
		if c.channel == "" {
			continue
		}
		if err := tx.PutChannel(ctx, social.Channel{TeamID: b.TeamID, BrandID: b.ID, Surface: q.Person.Surface,
			Workspace: q.Person.Workspace, Channel: c.channel, Purpose: c.purpose}); err != nil {
			return err
		}
	}
	return nil
}

// longest is the longest name of a brand, in runes: it stands in titles of cards.
const longest = 60

// mostLate is the longest a brand may let a post be late and still leave on its own.
const mostLate = 7

// checked is b as it may be stored; a fault Invalid with the field that is wrong.
func checked(b social.Brand) (social.Brand, error) {
	b.Name = strings.Join(strings.Fields(b.Name), " ")
	switch {
	case b.Name == "" || utf8.RuneCountInString(b.Name) > longest:
		return b, fault.In("name", errBrandName, longest)
	case !slices.Contains(i18n.Locales, b.Locale):
		return b, fault.In("language", errLanguage)
	case !knownZone(b.Zone):
		return b, fault.In("zone", errZone, b.Zone)
	case b.Late.Within < 0 || b.Late.Within > mostLate*24*time.Hour:
		return b, fault.In("late", errLate, mostLate)
	}
	return b, nil
}

// knownZone reports whether zone is an IANA name; the machine's own zone is nobody's.
func knownZone(zone string) bool {
	if zone == "" || zone == "Local" {
		return false
	}
	_, err := time.LoadLocation(zone)
	return err == nil
}

// name is the first of names that says something, in one line.
func name(names ...string) string {
	for _, n := range names {
		if n = strings.Join(strings.Fields(n), " "); n != "" {
			return n
		}
	}
	return ""
}
