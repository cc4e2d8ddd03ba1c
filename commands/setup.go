package commands

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/team"
)

var (
	yesNo    = []Choice{{Value: "yes", Name: i18n.Text{En: "yes", Fr: "oui"}}, {Value: "no", Name: i18n.Text{En: "no", Fr: "non"}}}
	optAlone = Option{Name: "alone", French: "seul", Choices: yesNo, About: i18n.Text{En: "I work alone: I approve my own words", Fr: "Je travaille seul\u202f: je valide mes textes"}}
	optCode  = Option{Name: "code", French: "code", About: i18n.Text{En: "The code that “griot serve” printed", Fr: "Le code affiché par «\u202fgriot serve\u202f»"}}

	setupAbout  = i18n.Text{En: "Start: your brand, its language and its channels", Fr: "Démarrer\u202f: votre marque, sa langue, ses canaux"}
	setupTitle  = i18n.Text{En: "Let us begin", Fr: "Pour commencer"}
	setupSubmit = i18n.Text{En: "Start", Fr: "Démarrer"}
	setupIntro  = i18n.Text{
		En: "A brand is the voice you speak for. All of this can be changed later.",
		Fr: "Une marque est la voix au nom de laquelle vous parlez. Tout pourra être changé ensuite.",
	}
	setupBrand = i18n.Text{En: "Name of your brand", Fr: "Nom de votre marque"}
	errSetUp   = i18n.Text{
		En: "Griot is set up here already. /brand add adds a brand, /connect an account, /team invite a person.",
		Fr: "Griot est déjà installé ici. /marque ajouter ajoute une marque, /connecter un compte, /equipe inviter une personne.",
	}
)

func setup(s Services) Command {
	brand := Option{Name: "brand", French: "marque", Required: true, Max: 60, About: setupBrand}
	return Command{
		Name: "setup", French: "demarrer", Rank: 300, Anyone: true, For: []social.Role{social.Admin}, About: setupAbout,
		Options: []Option{brand, optLanguage(brandSpeak), optZone(s), optAlone, s.channelOption(social.Approvals), optCode},
		Run:     s.setup,
		Form:    s.setupForm,
	}
}

// setupForm is filled with what the chat knows of the person and the place.
func (s Services) setupForm(ctx context.Context, c Call) (chat.Form, error) {
	if err := s.unused(ctx, c); err != nil {
		return chat.Form{}, err
	}
	v, err := s.founding(ctx, c)
	if err != nil {
		return chat.Form{}, err
	}
	c.Values = v
	f := chat.Form{Title: setupTitle.In(c.Locale), Intro: []chat.Span{chat.Plain(setupIntro.In(c.Locale))}, Submit: setupSubmit.In(c.Locale)}
	for _, o := range setup(s).Options {
		if o.Name == optCode.Name && c.Event.Who.Manager {
			continue
		}
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

// unused refuses a workspace that has a team, in words for who asks.
func (s Services) unused(ctx context.Context, c Call) error {
	_, _, err := s.Team.Who(ctx, team.Person(c.Event.Who))
	switch {
	case err == nil:
		return fault.New(fault.Conflict, errSetUp)
	case errors.Is(err, team.ErrNoTeam):
		return nil
	}
	return err
}

// founding is what was given, and for the rest what is most likely.
func (s Services) founding(ctx context.Context, c Call) (chat.Values, error) {
	who := c.Event.Who
	v := chat.Values{
		"language": {string(cmp.Or(who.Locale, s.Locale, c.Locale))},
		"zone":     {cmp.Or(who.Zone, s.Zone)},
		"alone":    {"no"},
	}
	id, err := s.likely(ctx, c.Event.Place)
	if err != nil {
		return nil, err
	}
	v[string(social.Approvals)] = []string{id}
	for name, given := range c.Values {
		v[name] = given
	}
	return v, nil
}

func (s Services) setup(ctx context.Context, c Call) (chat.Answer, error) {
	if err := s.unused(ctx, c); err != nil {
		return nil, err
	}
	v, err := s.founding(ctx, c)
	if err != nil {
		return nil, err
	}
	q := team.SetupRequest{Person: team.Person(c.Event.Who), Code: v.Get("code"), Brand: v.Get("brand"),
		Locale: i18n.Locale(v.Get("language")), Zone: zoneNamed(v.Get("zone")), Alone: v.Get("alone") == "yes"}
	approvals := string(social.Approvals)
	if q.Approvals, err = s.channelNamed(ctx, c, approvals, v.Get(approvals)); err != nil {
		return nil, err
	}
	start, err := s.Team.Setup(ctx, q)
	if err != nil {
		return nil, refounded(err)
	}
	return s.ready(ctx, c, start)
}

// refounded is a refusal of Setup at the field of the form that it is about, so that the form comes back.
func refounded(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	at := *f
	switch at.Field {
	case "name":
		at.Field = "brand"
	case "code":
		at.Kind = fault.Invalid
	default:
		return err
	}
	return &at
}

// ready shows what a setup made. It is committed, so what cannot be read now is left out of the card.
func (s Services) ready(ctx context.Context, c Call, start team.Start) (chat.Answer, error) {
	l := start.Member.Locale
	show := cards.Setup{Brand: start.Brand}
	if s.inPlayground(c.Event.Place) {
		if people, err := s.Team.Practise(ctx, start.Member, start.Brand.ID); err == nil {
			show.People = people
		}
		if s.Practice != nil && s.Practice(ctx, start.Member, start.Brand.ID) == nil {
			show.Practice = s.firstAccount(ctx, start)
		}
	}
	if places, err := s.places(ctx, start.Member, c.Event.Place, start.Brand.ID); err == nil {
		show.Places = places
	}
	return chat.Say{Card: cards.Ready(show, l), Private: true}, nil
}

func (s Services) inPlayground(at chat.Place) bool {
	return slices.ContainsFunc(s.Team.Practice.Workspaces, func(w social.Workspace) bool {
		return w.Surface == at.Surface && w.Workspace == at.Workspace
	})
}

func (s Services) firstAccount(ctx context.Context, start team.Start) string {
	all, err := s.Accounts.List(ctx, start.Member, start.Brand.ID)
	if err != nil || len(all) == 0 {
		return "" // the card then offers to connect one
	}
	return all[0].Name()
}

// regions are where people's zones lie, the likeliest for Griot's readers first.
var regions = []string{"", "Europe/", "America/", "Africa/", "Asia/", "Indian/", "Pacific/", "Atlantic/", "Australia/"}

// zoneNamed finds the zone that somebody names by its city: "paris" is Europe/Paris. What it does not find comes back as it
// was, to be refused by the feature in its words.
func zoneNamed(said string) string {
	said = strings.TrimSpace(said)
	city := capitals(fold(said))
	for _, r := range regions {
		for _, name := range []string{said, city} {
			if _, err := time.LoadLocation(r + name); name != "" && err == nil {
				return r + name
			}
		}
	}
	return said
}

// capitals writes a zone as its table does: "america/new york" is America/New_York.
func capitals(s string) string {
	up := true
	return strings.Map(func(r rune) rune {
		if up {
			r = unicode.ToUpper(r)
		}
		if r == ' ' {
			r = '_'
		}
		up = r == '/' || r == '_' || r == '-'
		return r
	}, s)
}
