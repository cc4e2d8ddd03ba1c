package commands

import (
	"context"
	"slices"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

func home(s Services) Command {
	return Command{
		Name: "home", French: "accueil", Rank: 15,
		About: i18n.Text{En: "What waits for you, your next posts, the week", Fr: "Ce qui vous attend, vos prochaines publications, la semaine"},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			d, err := s.desk(ctx, c)
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: cards.Home(d, c.Locale), Private: true}, nil
		},
	}
}

// desk is what the caller has before them, in their posts and in the team.
func (s Services) desk(ctx context.Context, c Call) (social.Desk, error) {
	d, err := s.Publishing.Desk(ctx, c.By)
	switch {
	case err != nil:
		return d, err
	case c.By.IsAdmin():
		d.Requests, err = s.Team.Requests(ctx, c.By)
	case len(d.Brands) == 0:
		d.Admins, err = s.Team.Members(ctx, c.By)
		d.Admins = slices.DeleteFunc(d.Admins, func(m social.Member) bool { return !m.IsAdmin() })
	}
	return d, err
}
