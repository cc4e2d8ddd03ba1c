package digest

import (
	"fmt"
	"regexp"
	"strings"

	"griot/i18n"
	"griot/social"
)

var (
	rowFigure  = i18n.Text{En: "%s: %s %s, compared with %s before; usually %s", Fr: "%s\u202f: %s %s, contre %s avant\u202f; d’habitude %s"}
	rowPost    = i18n.Text{En: "post on %s (“%s”): %s reactions", Fr: "publication sur %s («\u202f%s\u202f»)\u202f: %s réactions"}
	rowHeard   = i18n.Text{En: "mentions: %s", Fr: "mentions\u202f: %s"}
	rowUnknown = i18n.Text{En: "not known", Fr: "inconnu"}
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
func Rows(r social.Report, l i18n.Locale) []string {
	var out []string
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
			out = append(out, rowFigure.In(l, a.Network, metricNames[f.Metric], say(f.Gained), say(f.Before), usual))
		}
	}
	for _, p := range r.Posts {
		if n, ok := p.Reactions(); ok {
			out = append(out, rowPost.In(l, p.Network, p.Text, i18n.Number(n, l)))
		}
	}
	return append(out, rowHeard.In(l, fmt.Sprint(r.Heard())))
}

// number is digits with what stands between them in one number.
var number = regexp.MustCompile(`\d+(?:[.,\x{202f}\x{a0}]\d+)*`)

// Supported reports whether every number that was said stands in the rows: a model that counts for itself is not told.
func Supported(said string, rows []string) bool {
	stands := map[string]bool{}
	for _, n := range number.FindAllString(strings.Join(rows, "\n"), -1) {
		stands[n] = true
	}
	for _, n := range number.FindAllString(said, -1) {
		if !stands[n] {
			return false
		}
	}
	return true
}
