package cards

import (
	"time"

	"griot/i18n"
	"griot/social"
)

var (
	toldAt   = i18n.Text{En: "This channel is told the numbers of %s at %s (%s), %s%s.", Fr: "Ce canal reçoit le bilan de %s à %s (%s), %s%s."}
	toldOff  = i18n.Text{En: "This channel is not told the numbers of %s. /digest send:on brings them back.", Fr: "Ce canal ne reçoit pas le bilan de %s. /bilan envoi:oui le rétablit."}
	notTold  = i18n.Text{En: "This channel is not told every morning. /brand channel purpose:numbers changes that.", Fr: "Ce canal ne reçoit pas de bilan le matin. Pour cela\u202f: /marque canal pour:chiffres."}
	plainly  = i18n.Text{En: ", without remarks", Fr: ", sans remarques"}
	tellDays = map[social.TellDays]i18n.Text{
		social.WorkingDays: {En: "from Monday to Friday; Monday covers the weekend", Fr: "du lundi au vendredi\u202f; le lundi couvre le week-end"},
		social.EveryDay:    {En: "every day", Fr: "tous les jours"},
	}
)

// Told says when a channel is told a brand's numbers.
func Told(t social.Telling, b social.Brand, l i18n.Locale) string {
	if t.Off {
		return toldOff.In(l, b.Name)
	}
	at := time.Date(2000, 1, 1, t.Minute/60, t.Minute%60, 0, 0, time.UTC)
	more := ""
	if t.Silent {
		more = plainly.In(l)
	}
	return toldAt.In(l, b.Name, i18n.Clock(at, l), b.Zone, tellDays[t.Days], more)
}

// NotTold says that a channel is not told anybody's numbers.
func NotTold(l i18n.Locale) string { return notTold.In(l) }
