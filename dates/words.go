package dates

import "strings"

// class is what a word can be in a phrase. Patterns of the grammar are written with these names.
type class string

const (
	numeral  class = "numeral" // a number in letters
	tens     class = "tens"    // a number in letters that takes units after it
	nth      class = "nth"     // third, premier
	article  class = "article" // a week, an hour
	ord      class = "ord"     // what follows the digits of 1er, 3rd
	relative class = "relative"
	weekday  class = "weekday"
	month    class = "month"
	part     class = "part"
	meridian class = "meridian"
	noon     class = "noon" // midi and minuit; the value is the hour
	unit     class = "unit"
	hour     class = "h"
	half     class = "half"
	quarter  class = "quarter"
	later    class = "later" // en huit, en quinze; the value is in weeks
	week     class = "week"  // this week, la semaine prochaine; the value is in weeks from this one
	monthOff class = "nextmonth"
	vague    class = "vague" // a stretch of days: a weekend, next month
	eve      class = "tonight"
	idiom    class = "idiom" // days said as weeks; the value is in days
	next     class = "next"
	this     class = "this"
	last     class = "last"
	within   class = "in"
	fromNow  class = "fromnow"
	inTime   class = "time" // in three days' time
	from     class = "from"
	ago      class = "ago"
	before   class = "to"
	after    class = "past"
	minus    class = "minus"
	and      class = "and"
	oclock   class = "oclock"
	now      class = "now"
	of       class = "of"
	the      class = "the"
	at       class = "at"
	filler   class = "filler"
	zoneWord class = "zone"
)

// Units of time, in the order of their length. Years are counted as twelve months.
const (
	second = iota + 1
	minute
	hours
	days
	weeks
	months
	years
)

// Parts of the day; the table of their hours is parts.
const (
	morning = iota
	afternoon
	evening
	tonight
	am
	pm
)

// entry gives several words, or groups of words, one class and one value.
type entry struct {
	class class
	value int
	words string // folded, separated by commas
}

// sense is one thing a word can mean.
type sense struct {
	class class
	value int
}

// lexicon holds every word understood, in both languages. A word may have several senses
// ("mar." is a Tuesday and a March); the grammar keeps those that make a whole phrase.
var lexicon = index([]entry{
	{relative, -2, "avant hier, the day before yesterday, day before yesterday"},
	{relative, -1, "hier, yesterday"},
	{relative, 0, "aujourd hui, aujourdhui, auj, today, ce jour"},
	{relative, 1, "demain, dem, tomorrow, tmrw, tomorow, tommorow, tommorrow"},
	{relative, 2, "apres demain, surlendemain, the day after tomorrow, day after tomorrow, overmorrow"},

	{weekday, 0, "dimanche, dim, sunday, sun"},
	{weekday, 1, "lundi, lun, monday, mon"},
	{weekday, 2, "mardi, mar, tuesday, tue, tues"},
	{weekday, 3, "mercredi, mer, mercr, wednesday, wed, weds"},
	{weekday, 4, "jeudi, jeu, thursday, thu, thur, thurs"},
	{weekday, 5, "vendredi, ven, vendr, friday, fri"},
	{weekday, 6, "samedi, sam, saturday, sat"},

	{month, 1, "janvier, janv, jan, january"},
	{month, 2, "fevrier, fevr, fev, february, feb, febr"},
	{month, 3, "mars, mar, march"},
	{month, 4, "avril, avr, april, apr"},
	{month, 5, "mai, may"},
	{month, 6, "juin, june, jun"},
	{month, 7, "juillet, juil, jul, july"},
	{month, 8, "aout, august, aug"},
	{month, 9, "septembre, sept, sep, september"},
	{month, 10, "octobre, oct, october"},
	{month, 11, "novembre, nov, november"},
	{month, 12, "decembre, dec, december"},

	{part, morning, "matin, matinee, morning"},
	{part, afternoon, "apres midi, aprem, apres m, afternoon"},
	{part, evening, "soir, soiree, evening"},
	{part, tonight, "night"},
	{meridian, am, "am, a m"},
	{meridian, pm, "pm, p m"},
	{noon, 12, "midi, noon, midday, 12 noon"},
	{noon, 0, "minuit, midnight, 12 midnight"},
	{hour, hours, "h, heure, heures"},
	{oclock, 0, "o clock, oclock"},

	{unit, second, "s, sec, seconde, secondes, seconds"},
	{unit, minute, "min, mn, mins, m, minute, minutes"},
	{unit, hours, "h, heure, heures, hour, hours, hr, hrs"},
	{unit, days, "j, jour, jours, d, day, days"},
	{unit, weeks, "sem, semaine, semaines, w, wk, wks, week, weeks"},
	{unit, months, "mois, month, months"},
	{unit, years, "an, ans, annee, annees, y, year, years"},
	{idiom, 7, "huit jours, 8 jours"},
	{idiom, 14, "quinze jours, 15 jours, fortnight"},
	{half, 0, "demi, demie, half"},
	{quarter, 0, "quart, quarts, quarter, quarters"},

	{later, 1, "en huit, week"},
	{later, 2, "en quinze"},
	{week, 0, "this week, cette semaine, la semaine en cours"},
	{week, 1, "next week, la semaine prochaine, semaine prochaine, the coming week"},
	{week, 2, "the week after next, week after next"},
	{monthOff, 1, "mois prochain, next month"},
	{vague, 0, "week end, weekend, next weekend, ce weekend, ce week end, this weekend, mois prochain, next month"},
	{eve, tonight, "tonight, tonite"},
	{next, 0, "prochain, prochaine, next, coming"},
	{this, 0, "ce, cet, cette, this"},
	{last, 0, "dernier, derniere, last, passe, passee"},
	{within, 0, "dans, in, d ici, within"},
	{fromNow, 0, "from now, plus tard, later"},
	{inTime, 0, "time, s time"},
	{from, 0, "from, after"},
	{ago, 0, "il y a, ago"},
	{before, 0, "to, before, till"},
	{after, 0, "past, after"},
	{minus, 0, "moins"},
	{and, 0, "et, and"},
	{now, 0, "maintenant, now, right now, tout de suite, immediatement, immediately, right away, " +
		"des maintenant, des que possible, asap, straight away, sur le champ"},

	{of, 0, "de, du, des, d, of, de la, de l"},
	{the, 0, "le, la, l, the"},
	{at, 0, "a, at"},
	{article, 1, "a, an"},
	{ord, 0, "er, ere, st, nd, rd, th"},
	{filler, 0, "le, la, l, the, a, at, on, pour, for, t, pile, precise, precises, sharp, svp, stp, please, s il vous plait, s il te plait"},
	{zoneWord, 0, "utc, gmt, z, cet, cest, bst, est, edt, cst, cdt, mst, mdt, pst, pdt, " +
		"heure de paris, paris time, heure locale, local time"},

	{numeral, 0, "zero"},
	{numeral, 1, "un, une, one"},
	{numeral, 2, "deux, two"},
	{numeral, 3, "trois, three"},
	{numeral, 4, "quatre, four"},
	{numeral, 5, "cinq, five"},
	{numeral, 6, "six"},
	{numeral, 7, "sept, seven"},
	{numeral, 8, "huit, eight"},
	{numeral, 9, "neuf, nine"},
	{numeral, 10, "dix, ten"},
	{numeral, 11, "onze, eleven"},
	{numeral, 12, "douze, twelve"},
	{numeral, 13, "treize, thirteen"},
	{numeral, 14, "quatorze, fourteen"},
	{numeral, 15, "quinze, fifteen"},
	{numeral, 16, "seize, sixteen"},
	{numeral, 17, "dix sept, seventeen"},
	{numeral, 18, "dix huit, eighteen"},
	{numeral, 19, "dix neuf, nineteen"},
	{tens, 20, "vingt, twenty"},
	{tens, 30, "trente, thirty"},
	{tens, 40, "quarante, forty"},
	{tens, 50, "cinquante, fifty"},
	{numeral, 60, "soixante, sixty"},
	{numeral, 90, "quatre vingt dix, ninety"},
	{nth, 1, "premier, first"},
	{nth, 2, "second"},
	{nth, 3, "third"},
	{nth, 4, "fourth"},
	{nth, 5, "fifth"},
	{nth, 6, "sixth"},
	{nth, 7, "seventh"},
	{nth, 8, "eighth"},
	{nth, 9, "ninth"},
	{nth, 10, "tenth"},
	{nth, 11, "eleventh"},
	{nth, 12, "twelfth"},
	{nth, 15, "fifteenth"},
	{nth, 20, "twentieth"},
	{nth, 30, "thirtieth"},
})

// longestGroup is the most tokens one entry of the lexicon has ("the day after tomorrow", "s il vous plait").
const longestGroup = 4

func index(entries []entry) map[string][]sense {
	byWord := map[string][]sense{}
	for _, e := range entries {
		for word := range strings.SplitSeq(e.words, ", ") {
			byWord[word] = append(byWord[word], sense{e.class, e.value})
		}
	}
	return byWord
}
