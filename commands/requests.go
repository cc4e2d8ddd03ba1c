package commands

import (
	"context"
	"slices"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	noRequest  = i18n.Text{En: "Nobody is waiting to be let in.", Fr: "Personne n’attend d’être accepté."}
	admitTitle = i18n.Text{En: "Let %s in", Fr: "Accepter %s"}
	admitDo    = i18n.Text{En: "Let in", Fr: "Accepter"}
	admitBrand = i18n.Text{En: "For which brand?", Fr: "Pour quelle marque\u202f?"}
	admitted   = i18n.Text{En: "%s is in the team now.", Fr: "%s fait maintenant partie de l’équipe."}
)

func teamRequests(s Services) Command {
	return Command{
		Name: "team requests", French: "equipe demandes", Rank: 158, For: []social.Role{social.Admin},
		About: i18n.Text{En: "Who asks to be let in", Fr: "Qui demande l’accès"},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			open, err := s.Team.Requests(ctx, c.By)
			switch {
			case err != nil:
				return nil, err
			case len(open) == 0:
				return Told(chat.Neutral, chat.Plain(noRequest.In(c.Locale))), nil
			case len(open) == 1:
				return chat.Say{Card: cards.Request(open[0], "", c.Locale), Private: true}, nil
			}
			return chat.Say{Card: cards.Requests(open, c.Locale), Private: true}, nil
		},
		Presses: map[string]Act{
			"team.request": func(ctx context.Context, c Call) (chat.Answer, error) {
				card, err := s.requestCard(ctx, c, c.Get("value"))
				return chat.Say{Card: card, Private: true}, err
			},
			"team.turn_away": func(ctx context.Context, c Call) (chat.Answer, error) {
				if err := s.Team.TurnAway(ctx, c.By, c.Tag().Subject); err != nil {
					return nil, err
				}
				card, err := s.requestCard(ctx, c, c.Tag().Subject)
				return inPlace(c, card), err
			},
		},
		Forms: map[string]Form{"team.admit": {Build: s.admitForm, Sent: s.admit}},
	}
}

func (s Services) requestCard(ctx context.Context, c Call, id string) (chat.Card, error) {
	q, err := s.Team.Request(ctx, c.By, id)
	if err != nil || q.Open() {
		return cards.Request(q, "", c.Locale), err
	}
	m, err := s.member(ctx, c, q.SettledBy)
	return cards.Request(q, m.Name, c.Locale), err
}

// managed are the brands that the caller may let people into.
func (s Services) managed(ctx context.Context, c Call) ([]social.Brand, error) {
	all, err := s.Team.Brands(ctx, c.By)
	return slices.DeleteFunc(all, func(b social.Brand) bool { return !c.By.Has(b.ID, social.Admin) }), err
}

func (s Services) admitForm(ctx context.Context, c Call) (chat.Form, error) {
	q, err := s.Team.Request(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return chat.Form{}, err
	}
	mine, err := s.managed(ctx, c)
	if err != nil {
		return chat.Form{}, err
	}
	f := chat.Form{Title: chat.Cut(admitTitle.In(c.Locale, q.Name), titleRunes), Submit: admitDo.In(c.Locale)}
	if len(mine) > 1 {
		in := chat.Input{Name: "brand", Label: admitBrand.In(c.Locale), Kind: chat.Choice, Required: true, Value: []string{mine[0].ID}}
		for _, b := range mine {
			in.Options = append(in.Options, chat.Option{Value: b.ID, Label: b.Name})
		}
		f.Inputs = append(f.Inputs, in)
	}
	roles, err := optRoles(rolesGiven).input(ctx, Call{Locale: c.Locale, Values: chat.Values{"roles": {string(social.Writer)}}})
	f.Inputs = append(f.Inputs, roles)
	return f, err
}

func (s Services) admit(ctx context.Context, c Call) (chat.Answer, error) {
	v, err := Accept(Command{Options: []Option{optRoles(rolesGiven)}}, c.Values)
	if err != nil {
		return nil, err
	}
	brand := c.Get("brand")
	if brand == "" {
		mine, err := s.managed(ctx, c)
		if err != nil {
			return nil, err
		}
		if len(mine) > 0 {
			brand = mine[0].ID
		} else if b, err := c.Brand(ctx, ""); err == nil {
			brand = b.ID // whose admins the refusal then names
		}
	}
	m, err := s.Team.Admit(ctx, c.By, c.Tag().Subject, brand, rolesIn(v["roles"]))
	if err != nil {
		return nil, err
	}
	card, err := s.requestCard(ctx, c, c.Tag().Subject)
	card.Tone, card.Body = chat.Good, append([]chat.Span{chat.Bold(admitted.In(c.Locale, m.Name)), chat.Break{}}, card.Body...)
	return inPlace(c, card), err
}
