package commands

import (
	"context"
	"strings"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

func calendar(s Services) Command {
	return Command{
		Name: "calendar", French: "planning", Rank: 25,
		About: i18n.Text{En: "What leaves this week", Fr: "Ce qui part cette semaine"},
		Options: []Option{
			{Name: "week", French: "semaine", Kind: chat.Moment, About: i18n.Text{En: "A day of another week: “in two weeks”, “14 July”", Fr: "Un jour d’une autre semaine\u202f: «\u202f14 juillet\u202f»"}},
			optBrand,
		},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			day, err := s.Now(ctx)
			if err != nil {
				return nil, err
			}
			if said := c.Get("week"); said != "" {
				m, _, err := s.moment(ctx, c, b, said+" 23:59")
				if err != nil {
					return nil, fault.At("week", err)
				}
				day = m.At
			}
			card, err := s.week(ctx, c, b, monday(day.In(b.Location())))
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: card, Private: true}, nil
		},
		Presses: map[string]Act{"calendar.week": func(ctx context.Context, c Call) (chat.Answer, error) {
			id, date, _ := strings.Cut(c.Tag().Subject, ".")
			b, err := s.Team.Brand(ctx, c.By, id)
			if err != nil {
				return nil, err
			}
			day, err := time.ParseInLocation(time.DateOnly, date, b.Location())
			if err != nil {
				return nil, fault.New(fault.Invalid, errNoWeek)
			}
			card, err := s.week(ctx, c, b, monday(day))
			if err != nil {
				return nil, err
			}
			return chat.Refresh{Card: card}, nil
		}},
	}
}

var errNoWeek = i18n.Text{En: "This button is too old. Ask for /calendar again.", Fr: "Ce bouton est trop ancien. Redemandez /planning."}

// monday is the midnight that begins the week of t, in its zone.
func monday(t time.Time) time.Time {
	back := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, t.Location())
}

func (s Services) week(ctx context.Context, c Call, b social.Brand, from time.Time) (chat.Card, error) {
	all, err := s.Publishing.Between(ctx, c.By, b.ID, from.UTC(), from.AddDate(0, 0, 7).UTC())
	return cards.Week(b, from, all, c.Locale), err
}
