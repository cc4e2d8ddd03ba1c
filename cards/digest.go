package cards

import (
	"fmt"
	"strings"
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	digestDay    = i18n.Text{En: "%s: how %s went", Fr: "%s\u202f: le bilan du %s"}
	digestSpan   = i18n.Text{En: "%s: how it went from %s to %s", Fr: "%s\u202f: le bilan, du %s au %s"}
	digestToday  = i18n.Text{En: "%s: how today goes so far", Fr: "%s\u202f: le bilan d’aujourd’hui, à cette heure"}
	digestSoFar  = i18n.Text{En: "The last day is not over: what stands here is as of %s.", Fr: "La dernière journée n’est pas finie\u202f: voici où elle en est à %s."}
	digestModel  = i18n.Text{En: "Remarks written by the language model from the numbers above.", Fr: "Remarques rédigées par le modèle de langage à partir des chiffres ci-dessus."}
	digestUsual  = i18n.Text{En: "“Usual” is the median of the same days of the last four weeks.", Fr: "«\u202fD’habitude\u202f»\u202f: la médiane des mêmes jours sur les quatre dernières semaines."}
	digestFirst  = i18n.Text{En: "No comparison yet: there are too few days behind us.", Fr: "Pas encore de comparaison\u202f: les premiers relevés sont trop récents."}
	digestNobody = i18n.Text{En: "No account is connected yet, so there are no numbers.", Fr: "Aucun compte n’est encore connecté\u202f: il n’y a donc pas de chiffres."}
	digestLost   = i18n.Text{En: "No numbers since ", Fr: "Plus de chiffres depuis le "}
	digestNever  = i18n.Text{En: "No numbers from this account yet.", Fr: "Pas encore de chiffres pour ce compte."}
	digestNone   = i18n.Text{En: "No numbers for this period: they were not read at its beginning or at its end.", Fr: "Pas de chiffres pour cette période\u202f: les relevés manquent à son début ou à sa fin."}
	digestTotal  = i18n.Text{En: " (%s in all)", Fr: " (%s au total)"}
	digestHole   = i18n.Text{En: "change not known, a reading is missing", Fr: "évolution inconnue, il manque un relevé"}
	digestYoung  = i18n.Text{En: "change not known yet", Fr: "évolution pas encore connue"}
	beforeHole   = i18n.Text{En: "%s not known", Fr: "%s\u202f: inconnu"}
	digestMore   = i18n.Text{En: "The last seven days", Fr: "Les sept derniers jours"}
	digestShow   = i18n.Text{En: "Show in the channel", Fr: "Montrer dans le canal"}
	fieldHeard   = i18n.Text{En: "Mentions", Fr: "Mentions"}
	fieldLive    = i18n.Text{En: "Published", Fr: "Publié"}
	noneLive     = i18n.Text{En: "nothing", Fr: "rien"}
	alsoMuted    = i18n.Plural{One: i18n.Text{En: "%[2]s, and %[1]d kept without a card", Fr: "%[2]s, et %[1]d conservée sans carte"}, Many: i18n.Text{En: "%[2]s, and %[1]d kept without a card", Fr: "%[2]s, et %[1]d conservées sans carte"}}
	noHeard      = i18n.Text{En: "none", Fr: "aucune"}
	bestTitle    = i18n.Text{En: "The post most reacted to", Fr: "La publication qui a fait le plus réagir"}
	bestSee      = i18n.Text{En: "See it", Fr: "La voir"}
	onNetwork    = i18n.Text{En: "On %s: ", Fr: "Sur %s\u202f: "}
	noReaction   = i18n.Text{En: "no reaction yet", Fr: "aucune réaction pour l’instant"}
	noCount      = i18n.Text{En: "no numbers yet", Fr: "pas encore de chiffres"}
	postsLive    = i18n.Plural{One: i18n.Text{En: "%d post", Fr: "%d publication"}, Many: i18n.Text{En: "%d posts", Fr: "%d publications"}}
	heardDone    = i18n.Plural{One: i18n.Text{En: "%d answered or done", Fr: "%d traitée"}, Many: i18n.Text{En: "%d answered or done", Fr: "%d traitées"}}
	heardOpen    = i18n.Plural{One: i18n.Text{En: "%d waiting", Fr: "%d en attente"}, Many: i18n.Text{En: "%d waiting", Fr: "%d en attente"}}
	heardNoAct   = i18n.Plural{One: i18n.Text{En: "%d without action", Fr: "%d sans suite"}, Many: i18n.Text{En: "%d without action", Fr: "%d sans suite"}}
)

// compared are what a number is beside another one: more, fewer, as many.
var compared = [3]i18n.Text{
	{En: "fewer than %s (%s)", Fr: "moins que %s (%s)"},
	{En: "as many as %s (%s)", Fr: "autant que %s (%s)"},
	{En: "more than %s (%s)", Fr: "plus que %s (%s)"},
}

// MetricNames are the numbers that networks give, as the beginning of a line.
var MetricNames = map[social.Metric]i18n.Text{
	social.Followers: {En: "Followers", Fr: "Abonnés"},
	social.Following: {En: "Following", Fr: "Abonnements"},
	social.Posts:     {En: "Posts", Fr: "Publications"},
	social.Likes:     {En: "Likes", Fr: "J’aime"},
	social.Shares:    {En: "Shares", Fr: "Partages"},
	social.Replies:   {En: "Replies", Fr: "Réponses"},
	social.Quotes:    {En: "Quotes", Fr: "Citations"},
}

// counts are a post's numbers in words.
var counts = map[social.Metric]i18n.Plural{
	social.Likes:   {One: i18n.Text{En: "%d like", Fr: "%d J’aime"}, Many: i18n.Text{En: "%d likes", Fr: "%d J’aime"}},
	social.Shares:  {One: i18n.Text{En: "%d share", Fr: "%d partage"}, Many: i18n.Text{En: "%d shares", Fr: "%d partages"}},
	social.Replies: {One: i18n.Text{En: "%d reply", Fr: "%d réponse"}, Many: i18n.Text{En: "%d replies", Fr: "%d réponses"}},
	social.Quotes:  {One: i18n.Text{En: "%d quote", Fr: "%d citation"}, Many: i18n.Text{En: "%d quotes", Fr: "%d citations"}},
}

// report draws one report in one language.
type report struct {
	social.Report
	l    i18n.Locale
	zone *time.Location
}

// Digest shows how a brand did. Subject is the id of the digest that told it; empty for a passing answer.
func Digest(subject string, r social.Report, l i18n.Locale) chat.Card {
	d := report{r, l, social.Brand{Zone: r.Zone}.Location()}
	c := chat.Card{Subject: subject, Title: d.title()}
	if d.SoFar && d.Span.Days() > 1 {
		c.Lead = []chat.Span{chat.Plain(digestSoFar.In(l, i18n.Clock(d.At.In(d.zone), l)))}
	}
	if d.Remarks != "" {
		c.Body = []chat.Span{chat.Plain(d.Remarks)}
		c.Foot = below(c.Foot, chat.Plain(digestModel.In(l)))
	}
	for _, a := range d.Accounts {
		c.Sections = append(c.Sections, d.account(a))
	}
	if len(d.Accounts) == 0 {
		c.Body = below(c.Body, chat.Plain(digestNobody.In(l)))
	}
	c.Sections = append(c.Sections, d.best()...)
	c.Fields = []chat.Field{
		{Label: fieldLive.In(l), Value: []chat.Span{chat.Plain(d.live())}},
		{Label: fieldHeard.In(l), Value: []chat.Span{chat.Plain(d.heard())}},
	}
	c.Images = d.chart()
	switch {
	case len(d.Accounts) == 0:
	case !d.Compares():
		c.Foot = below(c.Foot, chat.Plain(digestFirst.In(l)))
	case d.Usual:
		c.Foot = below(c.Foot, chat.Plain(digestUsual.In(l)))
	}
	c.Buttons = []chat.Button{{Label: digestMore.In(l), Tag: Run("kpi")}}
	return c
}

// Asked is Digest for one person who asked, with a button that shows the same to all in the channel: in Slack nobody can be
// shown a picture of ours alone. Source: slackapi/node-slack-sdk issue 1790, read 2026-11.
func Asked(r social.Report, l i18n.Locale) chat.Card {
	c := Digest("", r, l)
	if len(r.Accounts) == 0 {
		return c
	}
	t := chat.Tag{Verb: "kpi.show", Subject: r.BrandID + "." + string(r.Span.First) + "." + string(r.Span.Last)}
	if r.Usual {
		t.Verb = "digest.show"
	}
	c.Buttons = append(c.Buttons, chat.Button{Label: digestShow.In(l), Tag: t})
	return c
}

func (d report) title() string {
	switch {
	case d.SoFar && d.Span.Days() == 1:
		return digestToday.In(d.l, d.Brand)
	case d.Span.Days() == 1:
		return digestDay.In(d.l, d.Brand, i18n.Date(d.Span.First.Date(), d.l))
	}
	return digestSpan.In(d.l, d.Brand, d.short(d.Span.First), i18n.Date(d.Span.Last.Date(), d.l))
}

// short is a day without its year, when the span ends in the same one: "lundi 16 mars".
func (d report) short(day social.Day) string {
	said := i18n.Date(day.Date(), d.l)
	if day.Date().Year() != d.Span.Last.Date().Year() {
		return said
	}
	return said[:strings.LastIndex(said, " ")]
}

func (d report) account(a social.AccountRow) chat.Section {
	s := chat.Section{Title: social.Account{NetworkName: a.Network, Handle: a.Handle}.Name()}
	for _, f := range a.Figures {
		s.Body = below(s.Body, d.figure(f)...)
	}
	if !a.LostAt.IsZero() {
		s.Tone = chat.Waiting
		at := a.LostAt.In(d.zone)
		s.Body = below(s.Body, chat.Plain(digestLost.In(d.l)), chat.When{T: a.LostAt, Text: i18n.Moment(at, d.l)}, chat.Plain("."))
	}
	if len(s.Body) == 0 {
		why := digestNever
		if a.Read {
			why = digestNone
		}
		s.Body = []chat.Span{chat.Plain(why.In(d.l))}
	}
	return s
}

func (d report) figure(f social.Figure) []chat.Span {
	name := MetricNames[f.Metric].In(d.l)
	if d.l == i18n.Fr {
		name += "\u202f"
	}
	if f.Gained == nil {
		why := digestHole
		if !d.Compares() { // nobody expects one yet
			why = digestYoung
		}
		return append([]chat.Span{chat.Plain(name + ": "), chat.Bold(why.In(d.l))}, d.total(f)...)
	}
	out := append([]chat.Span{chat.Plain(name + ": "), chat.Bold(i18n.Change(float64(*f.Gained), d.l))}, d.total(f)...)
	var beside []string
	if f.Before != nil {
		beside = append(beside, d.beside(float64(*f.Gained), float64(*f.Before), d.names()[1]))
	} else if d.Compares() {
		beside = append(beside, beforeHole.In(d.l, d.names()[1]))
	}
	if f.Usual != nil {
		beside = append(beside, d.beside(float64(*f.Gained), *f.Usual, usualWord.In(d.l)))
	}
	if len(beside) > 0 {
		out = append(out, chat.Plain(", "+strings.Join(beside, ", ")))
	}
	return out
}

func (d report) total(f social.Figure) []chat.Span {
	if f.Total == nil {
		return nil
	}
	return []chat.Span{chat.Plain(digestTotal.In(d.l, i18n.Number(*f.Total, d.l)))}
}

func (d report) beside(n, other float64, name string) string {
	how := compared[1]
	switch {
	case n < other:
		how = compared[0]
	case n > other:
		how = compared[2]
	}
	return strings.Replace(how.In(d.l, name, i18n.Change(other, d.l)), "que hier", "qu’hier", 1)
}

func (d report) best() []chat.Section {
	p, ok := d.Best()
	if !ok {
		return nil
	}
	s := chat.Section{Title: bestTitle.In(d.l), Body: []chat.Span{chat.Plain(quotedName.In(d.l, chat.Cut(p.Text, 100))), chat.Break{},
		chat.Plain(onNetwork.In(d.l, p.Network) + d.counts(p))}}
	if p.URL != "" {
		s.Note = []chat.Span{chat.Link{Label: bestSee.In(d.l), URL: p.URL}}
	}
	return []chat.Section{s}
}

// counts says what is known of a post; what is zero is left to the ear.
func (d report) counts(p social.PostRow) string {
	var out []string
	for _, m := range social.Reactions {
		if n := p.Counts[m]; n > 0 {
			out = append(out, counts[m].In(d.l, int(n)))
		}
	}
	if len(out) > 0 {
		return strings.Join(out, ", ")
	}
	if _, known := p.Reactions(); known {
		return noReaction.In(d.l)
	}
	return noCount.In(d.l)
}

func (d report) live() string {
	if len(d.Posts) == 0 {
		return noneLive.In(d.l)
	}
	return postsLive.In(d.l, len(d.Posts))
}

func (d report) heard() string {
	if d.Muted > 0 {
		return alsoMuted.In(d.l, d.Muted, d.shown())
	}
	return d.shown()
}

// shown are the mentions that people were shown, by how they stand.
func (d report) shown() string {
	all := d.Heard()
	if all == 0 {
		return noHeard.In(d.l)
	}
	m := d.Mentions
	var how []string
	for _, x := range []struct {
		n    int
		said i18n.Plural
	}{{m[social.IsAnswered] + m[social.IsDone], heardDone}, {m[social.IsNew] + m[social.IsClaimed] + m[social.IsEscalated], heardOpen}, {m[social.IsIgnored], heardNoAct}} {
		if x.n > 0 {
			how = append(how, x.said.In(d.l, x.n))
		}
	}
	return fmt.Sprintf("%s (%s)", i18n.Number(int64(all), d.l), strings.Join(how, ", "))
}
