package cards

import (
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	storyTitle = i18n.Text{En: "The whole story", Fr: "Toute l’histoire"}
	noteWas    = i18n.Text{En: "Note: “%s”", Fr: "Remarque\u202f: «\u202f%s\u202f»"}
	ruleWas    = i18n.Text{En: "Rule: %s", Fr: "Règle : %s"}
	toWas      = i18n.Text{En: "To %s", Fr: "À %s"}
	yesWas     = i18n.Text{En: "%s of %s", Fr: "%s sur %s"}
	dateWas    = i18n.Text{En: "For %s", Fr: "Pour %s"}
)

// happened says what a line of the story was when nobody in particular did it.
var happened = map[social.What]i18n.Text{
	social.DidLeave:     {En: "left for %s", Fr: "partie vers %s"},
	social.DidArrive:    {En: "live on %s", Fr: "en ligne sur %s"},
	social.DidRefuse:    {En: "not published on %s", Fr: "non publiée sur %s"},
	social.DidPostpone:  {En: "another try on %s", Fr: "nouvel essai sur %s"},
	social.DidDoubt:     {En: "to be checked on %s", Fr: "à vérifier sur %s"},
	social.DidLook:      {En: "no clear answer from %s: Griot is looking", Fr: "pas de réponse claire de %s\u202f: Griot regarde"},
	social.DidMiss:      {En: "did not leave in time for %s", Fr: "pas partie à temps vers %s"},
	social.DidTakenDown: {En: "taken down from %s", Fr: "retirée de %s"},
	social.DidStay:      {En: "could not be taken down from %s", Fr: "n’a pas pu être retirée de %s"},
	social.DidStop:      {En: "stopped for %s", Fr: "arrêtée pour %s"},
	social.DidHear:      {En: "heard on %s", Fr: "entendue sur %s"},
	social.DidExpire:    {En: "free again: it was held for too long", Fr: "de nouveau libre : gardée trop longtemps"},
}

// Story prints everything that happened to a post, each line with its moment in the brand's zone.
func Story(s social.Sheet, entries []social.Entry, names map[string]string, l i18n.Locale) chat.Card {
	return story(s, postLead(s, l), entries, names, l)
}

// MentionStory prints everything that happened to a mention and to what answers it.
func MentionStory(h social.Hearing, entries []social.Entry, names map[string]string, l i18n.Locale) chat.Card {
	return story(social.Sheet{Brand: h.Brand, Accounts: []social.Account{h.Account}}, mentionLead(h, l), entries, names, l)
}

func story(s social.Sheet, lead []chat.Span, entries []social.Entry, names map[string]string, l i18n.Locale) chat.Card {
	c := chat.Card{Title: storyTitle.In(l), Lead: lead}
	day := ""
	for _, e := range entries {
		at := e.At.In(s.Brand.Location())
		if d := i18n.Date(at, l); d != day {
			day = d
			c.Sections = append(c.Sections, chat.Section{Title: d})
		}
		in := &c.Sections[len(c.Sections)-1].Body
		if len(*in) > 0 {
			*in = append(*in, chat.Break{})
		}
		*in = append(*in, storyLine(s, e, at, names, l)...)
	}
	c.Foot = []chat.Span{chat.Plain(s.Brand.Zone)}
	return c
}

func storyLine(s social.Sheet, e social.Entry, at time.Time, names map[string]string, l i18n.Locale) []chat.Span {
	out := []chat.Span{chat.Plain(at.Format("15:04:05") + "  ")} // with seconds: the order of things is the story
	if e.By != "" {
		out = append(out, chat.Plain(e.What.By(names[e.By]).In(l)))
	} else {
		out = append(out, chat.Plain(happened[e.What].In(l, s.Account(e.Account).Label())))
	}
	for _, d := range details(s, e, l) {
		out = append(out, chat.Plain(" — "+d))
	}
	if u := e.Data["url"]; u != "" {
		out = append(out, chat.Plain(" — "), chat.Link{Label: seeIt.In(l), URL: u})
	}
	return out
}

func details(s social.Sheet, e social.Entry, l i18n.Locale) []string {
	var out []string
	if rule := e.Data["rule"]; rule != "" {
		out = append(out, ruleWas.In(l, rule))
	}
	if to := e.Data["to"]; to != "" {
		out = append(out, toWas.In(l, to))
	}
	if n := e.Data["note"]; n != "" {
		out = append(out, noteWas.In(l, n))
	}
	if of := e.Data["of"]; of != "" {
		out = append(out, yesWas.In(l, e.Data["yes"], of))
	}
	if at, err := time.Parse(time.RFC3339, e.Data["at"]); err == nil && e.By != "" {
		out = append(out, dateWas.In(l, i18n.Moment(at.In(s.Brand.Location()), l)))
	}
	if e.By == "" {
		if w := why(social.Delivery{Reason: social.Reason(e.Data["reason"]), Words: e.Data["words"]}, l); w != "" {
			out = append(out, w)
		}
	}
	return out
}
