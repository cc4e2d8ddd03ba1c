package digest

import (
	"griot/drafting"
	"griot/i18n"
	"griot/social"
)

var (
	rowFigure    = i18n.Text{En: "%s %s, compared with %s before; usually %s", Fr: "%s %s, contre %s avant\u202f; d’habitude %s"}
	rowPost      = i18n.Text{En: "post on %s (“%s”)", Fr: "publication sur %s («\u202f%s\u202f»)"}
	rowReactions = i18n.Text{En: "%s reactions", Fr: "%s réactions"}
	rowHeard     = i18n.Text{En: "mentions", Fr: "mentions"}
	rowUnknown   = i18n.Text{En: "not known", Fr: "inconnu"}
)

// metricNames are the metrics as words that follow a number of them.
var metricNames = map[social.Metric]i18n.Text{
	social.Followers: {En: "followers", Fr: "abonnés"},
	social.Posts:     {En: "posts", Fr: "publications"},
	social.Likes:     {En: "likes", Fr: "mentions J’aime"},
	social.Shares:    {En: "shares", Fr: "partages"},
	social.Replies:   {En: "replies", Fr: "réponses"},
	social.Quotes:    {En: "quotes", Fr: "citations"},
}

// Rows are a report as lines of words, all that a model is told of it.
func Rows(r social.Report, l i18n.Locale) []drafting.Row {
	var out []drafting.Row
	say := func(n *int64) string {
		if n == nil {
			return rowUnknown.In(l)
		}
		return i18n.Change(float64(*n), l)
	}
	for _, a := range r.Accounts {
		for _, f := range a.Figures {
			usual := rowUnknown.In(l)
			if f.Usual != nil {
				usual = i18n.Change(*f.Usual, l)
			}
			out = append(out, drafting.Row{Label: a.Network, Figure: rowFigure.In(l, metricNames[f.Metric], say(f.Gained), say(f.Before), usual)})
		}
	}
	for _, p := range r.Posts {
		if n, ok := p.Reactions(); ok {
			out = append(out, drafting.Row{Label: rowPost.In(l, p.Network, p.Text), Figure: rowReactions.In(l, i18n.Number(n, l))})
		}
	}
	return append(out, drafting.Row{Label: rowHeard.In(l), Figure: i18n.Number(int64(r.Heard()), l)})
}
