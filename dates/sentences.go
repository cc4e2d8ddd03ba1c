package dates

import (
	"fmt"
	"strings"
	"time"

	"griot/i18n"
)

// usualHour is the hour of examples.
const usualHour = 9

// shortPhrase is the longest completed phrase shown as an example, in runes.
const shortPhrase = 40

var (
	nothingTyped = i18n.Text{
		En: "When should that be? Write for example “tomorrow 9am”, “Tuesday 18:30” or “in 2 hours”.",
		Fr: "À quel moment\u202f? Écrivez par exemple «\u202fdemain 9 h\u202f», «\u202fmardi 18 h 30\u202f» ou «\u202fdans 2 heures\u202f».",
	}
	tooLong = i18n.Text{
		En: "That is too long for a date (%d characters at most). Write only the moment, for example “tomorrow 9am”.",
		Fr: "C’est trop long pour une date (%d caractères au plus). Écrivez seulement le moment, par exemple «\u202fdemain 9 h\u202f».",
	}
	notUnderstood = i18n.Text{
		En: "I did not understand %s. Write for example “tomorrow 9am”, “Tuesday 18:30” or “in 2 hours”.",
		Fr: "Je n’ai pas compris %s. Écrivez par exemple «\u202fdemain 9 h\u202f», «\u202fmardi 18 h 30\u202f» ou «\u202fdans 2 heures\u202f».",
	}
	dayMissing = i18n.Text{
		En: "On which day, and at what time? %s does not say it. For example: “Tuesday next week at 9am”.",
		Fr: "Quel jour, et à quelle heure\u202f? %s ne le dit pas. Par exemple\u202f: «\u202fmardi de la semaine prochaine à 9 h\u202f».",
	}
	timeMissing = i18n.Text{
		En: "At what time on %s? For example: “%s”.",
		Fr: "À quelle heure, le %s\u202f? Par exemple\u202f: «\u202f%s\u202f».",
	}
	alreadyPast = i18n.Text{
		En: "That moment is past: it was %s. Did you mean “%s”?",
		Fr: "Ce moment est passé\u202f: c’était le %s. Vouliez-vous dire «\u202f%s\u202f»\u202f?",
	}
	farAway = i18n.Text{
		En: "%s is more than %d years ahead. Is the year right? Did you mean “%s”?",
		Fr: "Le %s, c’est dans plus de %d ans. Est-ce la bonne année\u202f? Vouliez-vous dire «\u202f%s\u202f»\u202f?",
	}
	noSuchDay = i18n.Text{
		En: "No day is %s. Please check the day and the month; write for example “%s”.",
		Fr: "Aucun jour ne correspond à %s. Vérifiez le jour et le mois\u202f; écrivez par exemple «\u202f%s\u202f».",
	}
	noSuchTime = i18n.Text{
		En: "No clock shows %s: hours go from 0 to 23, minutes from 0 to 59. Write for example “tomorrow 18:30”.",
		Fr: "Aucune horloge n’indique %s\u202f: les heures vont de 0 à 23, les minutes de 0 à 59. Écrivez par exemple «\u202fdemain 18 h 30\u202f».",
	}
	wrongWeekday = i18n.Text{
		En: "The weekday and the date do not go together: that date is %s. Did you mean “%s” or “%s”?",
		Fr: "Le jour de la semaine et la date ne vont pas ensemble\u202f: cette date est le %s. Vouliez-vous dire «\u202f%s\u202f» ou «\u202f%s\u202f»\u202f?",
	}
	contradictory = i18n.Text{
		En: "%s says two different times of day. Which one is right? For example: “tomorrow 18:30”.",
		Fr: "%s dit deux moments différents de la journée. Lequel est juste\u202f? Par exemple\u202f: «\u202fdemain 18 h 30\u202f».",
	}
	zoneGiven = i18n.Text{
		En: "Times are read in the zone %s. Write that zone’s time, without %s: for example “tomorrow 18:30”.",
		Fr: "Les heures se lisent dans le fuseau %s. Donnez l’heure de ce fuseau, sans %s\u202f: par exemple «\u202fdemain 18 h 30\u202f».",
	}
	twoReadings = i18n.Text{
		En: "%s can be read in two ways: %s, or %s. Which one? Write for example “%s”.",
		Fr: "%s peut se lire de deux façons\u202f: %s, ou %s. Laquelle\u202f? Écrivez par exemple «\u202f%s\u202f».",
	}
	notWallClock = i18n.Text{
		En: "“%s” is no date and time. Write it for example “2026-04-15T18:00”.",
		Fr: "«\u202f%s\u202f» n’est pas une date avec son heure. Écrivez par exemple «\u202f2026-04-15T18:00\u202f».",
	}
	noDuration = i18n.Text{
		En: "%s is no length of time that I understand. Write for example “20 min”, “1h30” or “2 days”.",
		Fr: "Je ne comprends pas la durée %s. Écrivez par exemple «\u202f20 min\u202f», «\u202f1 h 30\u202f» ou «\u202f2 jours\u202f».",
	}

	echo      = i18n.Text{En: "%s, %s", Fr: "%s, %s"}
	inFuture  = i18n.Text{En: "in %s", Fr: "dans %s"}
	inThePast = i18n.Text{En: "%s ago", Fr: "il y a %s"}
	rightNow  = i18n.Text{En: "now", Fr: "maintenant"}

	skippedSaid = i18n.Text{
		En: ". The clocks go forward that night and skip %s: it will be %s.",
		Fr: ". Cette nuit-là, l’heure avance et %s n’existe pas\u202f: ce sera %s.",
	}
	firstSaid = i18n.Text{
		En: ". The clocks go back that night and %s comes twice: it will be the first of the two.",
		Fr: ". Cette nuit-là, l’heure recule et %s revient deux fois\u202f: ce sera la première des deux.",
	}
	secondSaid = i18n.Text{
		En: ". The clocks go back that night and %s comes twice: it will be the second of the two.",
		Fr: ". Cette nuit-là, l’heure recule et %s revient deux fois\u202f: ce sera la seconde des deux.",
	}
	dayTime    = i18n.Text{En: "%s at %s", Fr: "%s à %s"}
	quotedText = i18n.Text{En: "“%s”", Fr: "«\u202f%s\u202f»"}
)

// said is words that differ by language.
type said func(l i18n.Locale) string

// In gives the words in l.
func (s said) In(l i18n.Locale, _ ...any) string { return s(l) }

func dayOf(t time.Time) said { return func(l i18n.Locale) string { return i18n.Date(t, l) } }

func clockOf(t time.Time) said { return func(l i18n.Locale) string { return i18n.Clock(t, l) } }

func dayAndTime(t time.Time) said {
	return func(l i18n.Locale) string { return dayTime.In(l, dayOf(t), clockOf(t)) }
}

// example is a moment as people may type it.
func example(day time.Time, hour int) said {
	return dayAndTime(day.Add(time.Duration(hour) * time.Hour))
}

// shortHour is an hour of the clock as people type it.
func shortHour(hour int, l i18n.Locale) string {
	switch {
	case l == i18n.Fr:
		return fmt.Sprintf("%d\u202fh", hour)
	case hour < 12:
		return fmt.Sprintf("%dam", hour)
	case hour == 12:
		return "12pm"
	}
	return fmt.Sprintf("%dpm", hour-12)
}

// quote shows typed words between the quotes of the language, on one line, cut when long.
func quote(words string) i18n.Localised {
	line := []rune(strings.Join(strings.Fields(words), " "))
	if len(line) > shortPhrase {
		line = append(line[:shortPhrase-1], '…')
	}
	return quotedText.With(string(line))
}

// maxQuotes is how many groups of words a sentence names; the rest is an ellipsis.
const maxQuotes = 3

// quotedAll quotes each of several groups of words.
func quotedAll(groups []string) said {
	return func(l i18n.Locale) string {
		var out []string
		for _, g := range groups[:min(len(groups), maxQuotes)] {
			out = append(out, quote(g).In(l))
		}
		if len(groups) > maxQuotes {
			out = append(out, "…")
		}
		return strings.Join(out, ", ")
	}
}
