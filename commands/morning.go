package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/dates"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

var (
	optTellDays = Option{Name: "days", French: "jours", About: i18n.Text{En: "On which days", Fr: "Quels jours"}, Choices: []Choice{
		{string(social.WorkingDays), i18n.Text{En: "working", Fr: "ouvrés"}}, {string(social.EveryDay), i18n.Text{En: "every", Fr: "tous"}},
	}}
	optTell    = Option{Name: "send", French: "envoi", About: i18n.Text{En: "Whether this channel is told at all", Fr: "Si ce canal le reçoit ou non"}, Choices: onOff}
	optRemarks = Option{Name: "remarks", French: "remarques", About: i18n.Text{En: "Two sentences by the language model", Fr: "Deux phrases du modèle de langage"}, Choices: onOff}
	onOff      = []Choice{{"on", i18n.Text{En: "on", Fr: "oui"}}, {"off", i18n.Text{En: "off", Fr: "non"}}}

	errHour = i18n.Text{
		En: "“%s” is no time of the day that I understand. Write for example 8:30.",
		Fr: "Je ne comprends pas l’heure «\u202f%s\u202f». Écrivez par exemple 8h30.",
	}
)

func morning(s Services) Command {
	return Command{
		Name: "digest", French: "bilan", Rank: 86,
		About: i18n.Text{En: "How yesterday went, and when this channel is told", Fr: "Le bilan d’hier, et quand ce canal le reçoit"},
		Options: []Option{
			{Name: "hour", French: "heure", About: i18n.Text{En: "At what time this channel is told", Fr: "À quelle heure ce canal le reçoit"}},
			optTellDays, optTell, optRemarks, optBrand(s),
		},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			for _, o := range []string{"hour", "days", "send", "remarks"} {
				if c.Get(o) != "" {
					return s.setMorning(ctx, c, b)
				}
			}
			return s.showMorning(ctx, c, b)
		},
		Presses: map[string]Act{"digest.show": s.announced(func(ctx context.Context, c Call, brand string, span social.Span) (social.Report, error) {
			return s.Digest.On(ctx, c.By, brand, span.Last)
		})},
	}
}

// showMorning tells yesterday privately, and when this channel is told.
func (s Services) showMorning(ctx context.Context, c Call, b social.Brand) (chat.Answer, error) {
	r, err := s.Digest.Yesterday(ctx, c.By, b.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.Digest.Tellings(ctx, c.By, b.ID)
	if err != nil {
		return nil, err
	}
	card := cards.Asked(r, c.Locale)
	i := slices.IndexFunc(all, func(t social.Telling) bool { return room(c.Event.Place) == tellingRoom(t) })
	said := cards.NotTold(c.Locale)
	if i >= 0 {
		said = cards.Told(all[i], b, c.Locale)
	}
	if len(card.Foot) > 0 {
		card.Foot = append(card.Foot, chat.Break{})
	}
	card.Foot = append(card.Foot, chat.Plain(said))
	return chat.Say{Card: card, Private: true}, nil
}

func room(p chat.Place) social.Room {
	return social.Room{Surface: p.Surface, Workspace: p.Workspace, Channel: p.Channel}
}

func tellingRoom(t social.Telling) social.Room {
	return social.Room{Surface: t.Channel.Surface, Workspace: t.Channel.Workspace, Channel: t.Channel.Channel}
}

func (s Services) setMorning(ctx context.Context, c Call, b social.Brand) (chat.Answer, error) {
	minute := -1
	if said := c.Get("hour"); said != "" {
		now, err := s.Now(ctx)
		if err != nil {
			return nil, err
		}
		m, err := dates.Parse(said, now, b.Location(), c.Locale)
		if err != nil {
			return nil, fault.In("hour", errHour, said)
		}
		wall, err := time.Parse("2006-01-02T15:04", m.Local) // what was meant, be it skipped today
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", m.Local, err)
		}
		minute = wall.Hour()*60 + wall.Minute()
	}
	t, err := s.Digest.Tell(ctx, c.By, b.ID, room(c.Event.Place), func(t *social.Telling) {
		if minute >= 0 {
			t.Minute = minute
		}
		if d := c.Get("days"); d != "" {
			t.Days = social.TellDays(d)
		}
		if on := c.Get("send"); on != "" {
			t.Off = on == "off"
		}
		if on := c.Get("remarks"); on != "" {
			t.Silent = on == "off"
		}
	})
	if err != nil {
		return nil, err
	}
	return Told(chat.Good, chat.Plain(cards.Told(t, b, c.Locale))), nil
}
