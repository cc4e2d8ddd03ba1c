package commands

import (
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

// offerRunes is the longest name of a choice that every chat shows, in runes: Discord's.
const offerRunes = 100

// completeBrand offers the team's brands, those first that the person has a role for.
func (s Services) completeBrand(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
	all, err := s.Team.Brands(ctx, c.By)
	slices.SortStableFunc(all, func(a, b social.Brand) int { return min(len(c.By.Roles[b.ID]), 1) - min(len(c.By.Roles[a.ID]), 1) })
	var out []chat.Option
	for _, b := range all {
		if strings.Contains(fold(b.Name), fold(typed)) {
			out = append(out, chat.Option{Value: b.Name, Label: b.Name})
		}
	}
	return out, err
}

// usualMoments are examples of dates, in words that are read in both languages.
var usualMoments = []i18n.Text{
	{En: "tomorrow 9am", Fr: "demain 9h"},
	{En: "next Monday 9am", Fr: "lundi prochain 9h"},
	{En: "in 2 hours", Fr: "dans 2 heures"},
}

var exampleOf = i18n.Text{En: "%s · %s", Fr: "%s · %s"}

// completeMoment offers what the typed words mean in the brand's zone, so that it is checked before it counts. The value is
// the words themselves: what is read is what was typed. Words that are no date offer nothing, and none at all examples.
func (s Services) completeMoment(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
	b, err := s.brandOf(ctx, c)
	if err != nil {
		return nil, err
	}
	examples := usualMoments
	if typed = strings.TrimSpace(typed); typed != "" {
		examples = []i18n.Text{{En: typed, Fr: typed}}
	}
	var out []chat.Option
	for _, e := range examples {
		words := e.In(c.Locale)
		m, _, err := s.moment(ctx, c, b, words)
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Invalid {
			continue
		}
		if err != nil {
			return nil, err
		}
		label := i18n.Moment(m.At, c.Locale)
		if typed == "" {
			label = exampleOf.In(c.Locale, words, label)
		}
		out = append(out, chat.Option{Value: words, Label: label})
	}
	return out, nil
}

// brandOf is the brand of the post that a call is about, else the one it names, else that of the place.
func (s Services) brandOf(ctx context.Context, c Call) (social.Brand, error) {
	if c.Get(PostOption) != "" {
		sheet, err := s.find(ctx, c, c.Get(PostOption))
		return sheet.Brand, err
	}
	return c.Brand(ctx, c.Get(brandOption))
}

func optZone(s Services) Option {
	return Option{Name: "zone", French: "fuseau", About: zoneAbout, Complete: s.completeZone}
}

var zoneAbout = i18n.Text{En: "Time zone, like Europe/Paris", Fr: "Fuseau horaire, comme Europe/Paris"}

// zoneNames are the zones in which people live, one a line.
// Source: zone.tab of the tz database, release 2025b, column TZ; a table of its own because Go lists none.
//
//go:embed zones.txt
var zoneNames string

// completeZone offers zones: by what is typed, those first of which it begins the city; else those that are likely here.
func (s Services) completeZone(_ context.Context, c Call, typed string) ([]chat.Option, error) {
	typed = plainZone(typed)
	first := []string{c.By.Zone, c.Event.Who.Zone, s.Zone, "Europe/Paris", "Europe/London", "America/Montreal"}
	var begin, within []string
	for _, name := range append(first, strings.Fields(zoneNames)...) {
		city := plainZone(name[strings.LastIndex(name, "/")+1:])
		switch {
		case name == "" || slices.Contains(begin, name) || slices.Contains(within, name):
		case strings.HasPrefix(city, typed):
			begin = append(begin, name)
		case strings.Contains(plainZone(name), typed):
			within = append(within, name)
		}
	}
	var out []chat.Option
	for _, name := range append(begin, within...) {
		out = append(out, chat.Option{Value: name, Label: strings.ReplaceAll(name, "_", " ")})
	}
	return out, nil
}

// plainZone is a zone's name as people may type it: "america/new york".
func plainZone(name string) string {
	return strings.NewReplacer("_", " ", "-", " ").Replace(fold(strings.TrimSpace(name)))
}
