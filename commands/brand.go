package commands

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/dates"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

var (
	optName = Option{Name: "name", French: "nom", Max: 60, About: i18n.Text{En: "Name", Fr: "Nom"}}
	optFix  = Option{Name: "fix", French: "corriger", Choices: yesNo, About: i18n.Text{En: "Approvers may fix and approve in one go", Fr: "Le valideur peut corriger et valider"}}
	optMove = Option{Name: "move", French: "deplacer", Choices: yesNo, About: i18n.Text{En: "An approved post stays approved when moved", Fr: "Déplacée, une publication reste validée"}}
	optLate = Option{Name: "late", French: "retard", About: i18n.Text{En: "How late a post may still leave: “20 min”", Fr: "Retard admis avant de partir\u202f: «\u202f20 min\u202f»"}}
	optThen = Option{Name: "then", French: "ensuite", About: i18n.Text{En: "Later than that", Fr: "Au-delà de ce retard"},
		Choices: []Choice{{Value: "ask", Name: i18n.Text{En: "ask", Fr: "demander"}}, {Value: "drop", Name: i18n.Text{En: "drop", Fr: "abandonner"}}}}
	optApprovals = Option{Name: "approvers", French: "accords", About: i18n.Text{En: "How many people must say yes to a post", Fr: "Combien de personnes doivent valider une publication"},
		Choices: []Choice{{Value: "1", Name: i18n.Text{En: "1", Fr: "1"}}, {Value: "2", Name: i18n.Text{En: "2", Fr: "2"}}, {Value: "3", Name: i18n.Text{En: "3", Fr: "3"}}}}
	optClaim   = Option{Name: "claim", French: "garde", About: i18n.Text{En: "How long a mention stays with who took it: “2 h”", Fr: "Combien de temps une mention reste à qui la prend\u202f: «\u202f2 h\u202f»"}}
	optSecond  = Option{Name: "second", French: "second", Choices: yesNo, About: i18n.Text{En: "An answer needs a second person’s yes", Fr: "Une réponse demande l’accord d’une seconde personne"}}
	brandSpeak = i18n.Text{En: "Language of its cards", Fr: "Langue de ses cartes"}
)

// brandOptions are what can be set of a brand.
func brandOptions(s Services) []Option {
	return []Option{optName, optLanguage(brandSpeak), optZone(s), optAlone, optApprovals, optFix, optMove, optLate, optThen, optClaim, optSecond}
}

func brandShow(s Services) Command {
	return Command{
		Name: "brand show", French: "marque voir", Rank: 120,
		About:   i18n.Text{En: "A brand’s settings and channels", Fr: "Les réglages et les canaux d’une marque"},
		Options: []Option{optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			return s.showBrand(ctx, c, b, "")
		},
	}
}

// showBrand answers with a brand's card, said first when it is not empty.
func (s Services) showBrand(ctx context.Context, c Call, b social.Brand, said string) (chat.Answer, error) {
	places, err := s.places(ctx, c.By, c.Event.Place, b.ID)
	if err != nil {
		return nil, err
	}
	card := cards.Brand(b, places, c.By, c.Locale)
	if said != "" {
		card.Lead = []chat.Span{chat.Bold(said)}
	}
	return inPlace(c, card), nil
}

// inPlace shows a card where the pressed one was, or privately when nothing was pressed.
func inPlace(c Call, card chat.Card) chat.Answer {
	if c.Event.Message != "" {
		return chat.Refresh{Card: card}
	}
	return chat.Say{Card: card, Private: true}
}

var (
	brandAdded = i18n.Text{
		En: "Added. Choose its channels, then connect an account.",
		Fr: "Ajoutée. Choisissez ses canaux, puis connectez un compte.",
	}
	brandSaved = i18n.Text{En: "Saved.", Fr: "Enregistré."}
	brandSave  = i18n.Text{En: "Save", Fr: "Enregistrer"}
)

func brandAdd(s Services) Command {
	name := optName
	name.Required = true
	return Command{
		Name: "brand add", French: "marque ajouter", Rank: 140, For: []social.Role{social.Admin},
		About:   i18n.Text{En: "Add a brand", Fr: "Ajouter une marque"},
		Options: []Option{name, optLanguage(brandSpeak), optZone(s), optAlone},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := s.changed(c, social.Brand{Locale: cmp.Or(s.Locale, c.Locale), Zone: cmp.Or(c.By.Zone, s.Zone)})
			if err != nil {
				return nil, err
			}
			if b, err = s.Team.AddBrand(ctx, c.By, b); err != nil {
				return nil, err
			}
			c.By.Roles = withAdmin(c.By, b.ID)
			return s.showBrand(ctx, c, b, brandAdded.In(c.Locale))
		},
		Form: func(ctx context.Context, c Call) (chat.Form, error) {
			return s.brandForm(ctx, c, social.Brand{Locale: cmp.Or(s.Locale, c.Locale), Zone: cmp.Or(c.By.Zone, s.Zone)}, brandAdd(s))
		},
	}
}

// withAdmin are the roles of m once they have added a brand.
func withAdmin(m social.Member, brand string) map[string][]social.Role {
	out := map[string][]social.Role{brand: {social.Admin}}
	for b, roles := range m.Roles {
		out[b] = roles
	}
	return out
}

func brandSet(s Services) Command {
	cmd := Command{
		Name: "brand set", French: "marque regler", Rank: 130, For: []social.Role{social.Admin},
		About:   i18n.Text{En: "Change a brand’s settings", Fr: "Changer les réglages d’une marque"},
		Options: append(brandOptions(s), optBrand(s)),
	}
	cmd.Run = func(ctx context.Context, c Call) (chat.Answer, error) {
		b, err := c.Brand(ctx, c.Get("brand"))
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(brandOptions(s), func(o Option) bool { return c.Given(o.Name) }) {
			f, err := s.brandForm(ctx, c, b, cmd)
			f.Tag = chat.Tag{Verb: "brand.set", Subject: b.ID, Rev: b.Rev}
			return chat.Ask{Form: f}, err
		}
		return s.saveBrand(ctx, c, b)
	}
	cmd.Forms = map[string]Form{"brand.set": {
		Build: func(ctx context.Context, c Call) (chat.Form, error) {
			b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
			if err != nil {
				return chat.Form{}, err
			}
			f, err := s.brandForm(ctx, c, b, cmd)
			if f.Tag = c.Tag(); !c.Event.Form { // one that comes back keeps what its reader saw
				f.Tag.Rev = b.Rev
			}
			return f, err
		},
		Sent: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
			if err != nil {
				return nil, err
			}
			if c.Values, err = Accept(cmd, c.Values); err != nil {
				return nil, err
			}
			b.Rev = c.Tag().Rev
			return s.saveBrand(ctx, c, b)
		},
	}}
	return cmd
}

func (s Services) saveBrand(ctx context.Context, c Call, b social.Brand) (chat.Answer, error) {
	b, err := s.changed(c, b)
	if err != nil {
		return nil, err
	}
	if b, err = s.Team.SetBrand(ctx, c.By, b); err != nil {
		return nil, err
	}
	return s.showBrand(ctx, c, b, brandSaved.In(c.Locale))
}

// brandForm asks for what cmd can set, with what b is already in it.
func (s Services) brandForm(ctx context.Context, c Call, b social.Brand, cmd Command) (chat.Form, error) {
	then := "ask"
	if b.Late.Drop {
		then = "drop"
	}
	have := chat.Values{"name": {b.Name}, "language": {string(b.Locale)}, "zone": {b.Zone}, "alone": {yesWhen(b.Alone)}, "fix": {yesWhen(!b.NoFix)},
		"move": {yesWhen(!b.NoMove)}, "late": {i18n.Span(b.Late.Grace()).In(c.Locale)}, "then": {then},
		"claim": {i18n.Span(b.Keeps()).In(c.Locale)}, "second": {yesWhen(b.Second)}, "approvers": {strconv.FormatInt(max(1, b.Approvals), 10)}}
	for name, v := range c.Values {
		have[name] = v
	}
	c.Values = have
	f := chat.Form{Title: chat.Cut(cmd.About.In(c.Locale), titleRunes), Submit: brandSave.In(c.Locale)}
	for _, o := range cmd.Options {
		if o.Name == brandOption {
			continue
		}
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		in.Required = in.Required || o.Name == "name"
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

func yesWhen(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

// changed is b with what was given. Errors: an Invalid fault for a length of time that is none.
func (s Services) changed(c Call, b social.Brand) (social.Brand, error) {
	for name, set := range map[string]func(string){
		"name":      func(v string) { b.Name = v },
		"language":  func(v string) { b.Locale = i18n.Locale(v) },
		"zone":      func(v string) { b.Zone = zoneNamed(v) },
		"alone":     func(v string) { b.Alone = v == "yes" },
		"fix":       func(v string) { b.NoFix = v == "no" },
		"move":      func(v string) { b.NoMove = v == "no" },
		"then":      func(v string) { b.Late.Drop = v == "drop" },
		"second":    func(v string) { b.Second = v == "yes" },
		"approvers": func(v string) { b.Approvals, _ = strconv.ParseInt(v, 10, 64) }, // one of its choices
	} {
		if v := strings.TrimSpace(c.Get(name)); v != "" || c.Given(name) && name == "name" {
			set(v)
		}
	}
	var err error
	if b.Late.Within, err = lasts(c, "late", b.Late.Within, b.Late.Grace()); err != nil {
		return b, err
	}
	b.Claim, err = lasts(c, "claim", b.Claim, b.Keeps())
	return b, err
}

// lasts is the length of time that an option says, or was when it says nothing new: shown is how the form had it.
func lasts(c Call, name string, was, shown time.Duration) (time.Duration, error) {
	said := strings.TrimSpace(c.Get(name))
	if said == "" || said == i18n.Span(shown).In(c.Locale) {
		return was, nil
	}
	d, err := dates.ParseDuration(said)
	return d, fault.At(name, err)
}
