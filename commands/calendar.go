package commands

import (
	"context"
	"errors"
	"strings"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/dates"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

func calendar(s Services) Command {
	return Command{
		Name: "calendar", French: "planning", Rank: 25,
		About: i18n.Text{En: "What leaves this week", Fr: "Ce qui part cette semaine"},
		Options: []Option{
			{Name: "week", French: "semaine", Kind: chat.Moment, About: i18n.Text{En: "Another week, or a day of it: “next week”, “14 July”", Fr: "Une autre semaine, ou un de ses jours\u202f: «\u202fsemaine prochaine\u202f», «\u202f14 juillet\u202f»"}},
			optBrand(s),
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
				if day, err = s.dayOf(ctx, c, b, said); err != nil {
					return nil, fault.At("week", err)
				}
			}
			return s.sayWeek(ctx, c, b, day)
		},
		Presses: map[string]Act{"calendar.of": s.weekOf, "calendar.week": s.turnWeek},
	}
}

// weekOf shows this week of the brand that was chosen.
func (s Services) weekOf(ctx context.Context, c Call) (chat.Answer, error) {
	b, err := s.Team.Brand(ctx, c.By, c.Get("value"))
	if err != nil {
		return nil, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	return s.sayWeek(ctx, c, b, now)
}

// turnWeek shows another week where the pressed card stands.
func (s Services) turnWeek(ctx context.Context, c Call) (chat.Answer, error) {
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
}

var errNoWeek = i18n.Text{En: "This button is too old. Ask for /calendar again.", Fr: "Ce bouton est trop ancien. Redemandez /planning."}

var errWeek = i18n.Text{
	En: "“%s” is no week that I understand. Write for example “next week” or “14 July”.",
	Fr: "Je ne vois pas quelle semaine est «\u202f%s\u202f». Écrivez par exemple «\u202fsemaine prochaine\u202f» ou «\u202f14 juillet\u202f».",
}

// sundays end a week that is named, to make a day of it: the only one of this week that is never over.
var sundays = map[i18n.Locale]string{i18n.En: "sunday ", i18n.Fr: "dimanche "}

// dayOf is a day of the week that said names, or the day itself.
func (s Services) dayOf(ctx context.Context, c Call, b social.Brand, said string) (time.Time, error) {
	m, _, err := s.moment(ctx, c, b, said+" 23:59")
	if err == nil || errors.Is(err, dates.Past) {
		return m.At, err
	}
	if m, _, err = s.moment(ctx, c, b, sundays[c.Locale]+said+" 23:59"); err == nil {
		return m.At, nil
	}
	if fault.KindOf(err) != fault.Invalid {
		return m.At, err
	}
	return m.At, fault.New(fault.Invalid, errWeek, said)
}

// monday is the midnight that begins the week of t, in its zone.
func monday(t time.Time) time.Time {
	back := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, t.Location())
}

// sayWeek shows the week of a day privately.
func (s Services) sayWeek(ctx context.Context, c Call, b social.Brand, day time.Time) (chat.Answer, error) {
	card, err := s.week(ctx, c, b, monday(day.In(b.Location())))
	if err != nil {
		return nil, err
	}
	return chat.Say{Card: card, Private: true}, nil
}

func (s Services) week(ctx context.Context, c Call, b social.Brand, from time.Time) (chat.Card, error) {
	all, err := s.Publishing.Between(ctx, c.By, b.ID, from.UTC(), from.AddDate(0, 0, 7).UTC())
	return cards.Week(b, from, all, c.Locale), err
}
