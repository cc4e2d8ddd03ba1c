package cards

import (
	"time"

	"griot/i18n"
	"griot/social"
)

var (
	skippedHour = i18n.Text{
		En: ". The clocks go forward that night: %s does not exist.",
		Fr: ". Cette nuit-là, l’heure avance\u202f: %s n’existe pas.",
	}
	firstOfTwo = i18n.Text{
		En: ". The clocks go back that night and %s comes twice: this is the first.",
		Fr: ". Cette nuit-là, l’heure recule et %s revient deux fois\u202f: c’est la première.",
	}
	secondOfTwo = i18n.Text{
		En: ". The clocks go back that night and %s comes twice: this is the second.",
		Fr: ". Cette nuit-là, l’heure recule et %s revient deux fois\u202f: c’est la seconde.",
	}
)

// wallClock is how social.Moment keeps the time that was meant.
const wallClock = "2006-01-02T15:04"

// shift says what the clocks do at m, in the zone in which it was said; empty on any other night.
func shift(m social.Moment, l i18n.Locale) string {
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		return ""
	}
	meant, err := time.ParseInLocation(wallClock, m.Local, zone)
	if err != nil || meant.Sub(m.At).Abs() > 3*time.Hour {
		return ""
	}
	wall, err := time.Parse(wallClock, m.Local)
	if err != nil {
		return ""
	}
	reads := func(t time.Time) bool { return t.In(zone).Format(wallClock) == m.Local }
	switch {
	case !reads(meant):
		return skippedHour.In(l, i18n.Clock(wall, l))
	case !reads(m.At):
		return ""
	case reads(m.At.Add(time.Hour)):
		return firstOfTwo.In(l, i18n.Clock(wall, l))
	case reads(m.At.Add(-time.Hour)):
		return secondOfTwo.In(l, i18n.Clock(wall, l))
	}
	return ""
}
