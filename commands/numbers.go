package commands

import (
	"cmp"
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

// The periods that /kpi knows by name.
const (
	periodToday     = "today"
	periodYesterday = "yesterday"
	periodWeek      = "7"
	periodMonth     = "30"
)

var (
	errOnePeriod = i18n.Text{
		En: "Choose a period, or its first and last day, not both.",
		Fr: "Choisissez une période, ou son premier et son dernier jour, pas les deux.",
	}
	errBackwards = i18n.Text{
		En: "The last day comes before the first one. Please turn them round.",
		Fr: "Le dernier jour est avant le premier. Inversez-les.",
	}
	errAhead = i18n.Text{
		En: "“%s” is still to come: there are no numbers of it yet. Name a day up to today.",
		Fr: "«\u202f%s\u202f» est encore à venir\u202f: il n’y en a pas encore de chiffres. Indiquez un jour jusqu’à aujourd’hui.",
	}
	errLongPeriod = i18n.Text{
		En: "That is more than %d days at once. Please ask for a shorter period.",
		Fr: "Cela fait plus de %d jours d’un coup. Demandez une période plus courte.",
	}
	errNoDay = i18n.Text{
		En: "“%s” is no day that I understand. Write for example “yesterday” or “3 March”.",
		Fr: "Je ne vois pas quel jour est «\u202f%s\u202f». Écrivez par exemple «\u202fhier\u202f» ou «\u202f3 mars\u202f».",
	}
)

// longest is how many days can be asked for at once: as many as a chart on a telephone tells apart.
const longest = 92

func numbers(s Services) Command {
	return Command{
		Name: "kpi", French: "chiffres", Rank: 87,
		About: i18n.Text{En: "The numbers of a period", Fr: "Les chiffres d’une période"},
		Options: []Option{
			{Name: "period", French: "periode", About: i18n.Text{En: "Which period (seven days when nothing is said)", Fr: "Quelle période (sept jours si vous ne dites rien)"},
				Choices: []Choice{
					{periodToday, i18n.Text{En: "today", Fr: "aujourd’hui"}}, {periodYesterday, i18n.Text{En: "yesterday", Fr: "hier"}},
					{periodWeek, i18n.Text{En: "7 days", Fr: "7 jours"}}, {periodMonth, i18n.Text{En: "30 days", Fr: "30 jours"}},
				}},
			{Name: "from", French: "du", About: i18n.Text{En: "Its first day, instead", Fr: "Ou son premier jour"}},
			{Name: "until", French: "au", About: i18n.Text{En: "Its last day (today when nothing is said)", Fr: "Son dernier jour (aujourd’hui si vous ne dites rien)"}},
			optBrand(s),
		},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			span, err := s.span(ctx, c, b)
			if err != nil {
				return nil, err
			}
			r, err := s.Digest.Over(ctx, c.By, b.ID, span)
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: cards.Asked(r, c.Locale), Private: true}, nil
		},
		Presses: map[string]Act{"kpi.show": s.announced(func(ctx context.Context, c Call, brand string, span social.Span) (social.Report, error) {
			return s.Digest.Over(ctx, c.By, brand, span)
		})},
	}
}

// announced shows a report to all in the channel, in the brand's language, as it stands now. Its tag names the brand and the days.
func (s Services) announced(report func(ctx context.Context, c Call, brand string, span social.Span) (social.Report, error)) Act {
	return func(ctx context.Context, c Call) (chat.Answer, error) {
		brand, days, _ := strings.Cut(c.Tag().Subject, ".")
		first, last, _ := strings.Cut(days, ".")
		b, err := s.Team.Brand(ctx, c.By, brand)
		if err != nil {
			return nil, err
		}
		r, err := report(ctx, c, b.ID, social.Span{First: social.Day(first), Last: social.Day(last)})
		if err != nil {
			return nil, err
		}
		card := cards.Digest("", r, b.Locale)
		card.Locale = b.Locale
		return chat.Say{Card: card}, nil
	}
}

// span are the days that were asked for.
func (s Services) span(ctx context.Context, c Call, b social.Brand) (social.Span, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return social.Span{}, err
	}
	today := social.DayOf(now.In(b.Location()))
	if c.Get("from") == "" && c.Get("until") == "" {
		return map[string]social.Span{
			periodToday:     {First: today, Last: today},
			periodYesterday: {First: today.Plus(-1), Last: today.Plus(-1)},
			periodWeek:      {First: today.Plus(-7), Last: today.Plus(-1)},
			periodMonth:     {First: today.Plus(-30), Last: today.Plus(-1)},
		}[cmp.Or(c.Get("period"), periodWeek)], nil
	}
	if c.Get("period") != "" {
		return social.Span{}, fault.In("period", errOnePeriod)
	}
	out := social.Span{Last: today}
	if said := c.Get("until"); said != "" {
		if out.Last, err = s.past(c, b, now, said); err != nil {
			return out, fault.At("until", err)
		}
	}
	out.First = out.Last.Plus(-6)
	if said := c.Get("from"); said != "" {
		if out.First, err = s.past(c, b, now, said); err != nil {
			return out, fault.At("from", err)
		}
	}
	switch {
	case out.Last < out.First:
		return out, fault.In("until", errBackwards)
	case out.Days() > longest:
		return out, fault.In("from", errLongPeriod, longest)
	}
	return out, nil
}

// back are the days that are named by how long ago they were: dates are those to come everywhere else.
var back = map[string]int{"today": 0, "aujourd'hui": 0, "aujourd’hui": 0, "yesterday": 1, "hier": 1, "avant-hier": 2}

// past is a day up to today, as people name it. A date without its year is the last one that was.
func (s Services) past(c Call, b social.Brand, now time.Time, said string) (social.Day, error) {
	today := social.DayOf(now.In(b.Location()))
	if d := social.Day(said); !d.Date().IsZero() && d <= today {
		return d, nil
	}
	if n, ok := back[fold(said)]; ok {
		return today.Plus(-n), nil
	}
	m, err := dates.Parse(said+" 23:59", now, b.Location(), c.Locale)
	if err != nil && !errors.Is(err, dates.Past) {
		return "", fault.New(fault.Invalid, errNoDay, said)
	}
	if m.At.IsZero() {
		return "", fault.New(fault.Invalid, errNoDay, said)
	}
	day := social.DayOf(m.At)
	if last := social.DayOf(m.At.AddDate(-1, 0, 0)); day > today && day.Days(today) < -31 {
		day = last
	}
	if day > today {
		return "", fault.New(fault.Invalid, errAhead, said)
	}
	return day, nil
}
