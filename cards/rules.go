package cards

import (
	"fmt"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	rulesTitle = i18n.Text{En: "What happens to mentions of %s", Fr: "Ce que deviennent les mentions de %s"}
	noRules    = i18n.Text{
		En: "No rule yet: every mention comes to the channel for mentions. A rule can bring some of them elsewhere, label them, mark them urgent, or keep them out of sight.",
		Fr: "Aucune règle pour l’instant\u202f: toutes les mentions arrivent dans le canal des mentions. Une règle peut en amener certaines ailleurs, leur donner une étiquette, les signaler comme urgentes, ou les conserver sans les afficher.",
	}
	rulesFoot = i18n.Text{
		En: "The first rule that fits decides alone. What none fits goes the usual way.",
		Fr: "La première règle qui convient décide seule. Si aucune ne convient, la mention suit le chemin habituel.",
	}
	rulesMore = i18n.Plural{
		One:  i18n.Text{En: "… and %d more.", Fr: "… et %d autre."},
		Many: i18n.Text{En: "… and %d more.", Fr: "… et %d autres."},
	}
	addRule   = i18n.Text{En: "Add a rule…", Fr: "Ajouter une règle…"}
	openRule  = i18n.Text{En: "Try, change, move or remove a rule…", Fr: "Essayer, modifier, déplacer, retirer une règle…"}
	ruleLine  = i18n.Text{En: "%s → %s", Fr: "%s → %s"}
	ifAll     = i18n.Text{En: "every mention", Fr: "toutes les mentions"}
	ifWords   = i18n.Text{En: "if %s", Fr: "si %s"}
	ifNetwork = i18n.Text{En: "on %s", Fr: "sur %s"}
	ifAuthor  = i18n.Text{En: "by %s", Fr: "de %s"}
	ifIn      = i18n.Text{En: "in %s", Fr: "en %s"}
	orLast    = i18n.Text{En: " or ", Fr: " ou "}
	orMore    = i18n.Plural{
		One:  i18n.Text{En: "%d more", Fr: "%d autre"},
		Many: i18n.Text{En: "%d more", Fr: "%d autres"},
	}
	thenUsual = i18n.Text{En: "the usual way", Fr: "le chemin habituel"}
	thenLabel = i18n.Text{En: "label %s", Fr: "étiquette %s"}
	thenMute  = i18n.Text{En: "kept without a card", Fr: "conservée sans carte"}
	thenQuiet = i18n.Text{En: "no suggestions", Fr: "sans suggestions"}
	// mayBe are languages after "in" and "en".
	mayBe = map[string]i18n.Text{
		"fr": {En: "French", Fr: "français"}, "en": {En: "English", Fr: "anglais"}, "es": {En: "Spanish", Fr: "espagnol"},
		"de": {En: "German", Fr: "allemand"}, "it": {En: "Italian", Fr: "italien"}, "pt": {En: "Portuguese", Fr: "portugais"}, "nl": {En: "Dutch", Fr: "néerlandais"},
	}
	trialTitle = i18n.Text{En: "Rule %d: %s", Fr: "Règle %d\u202f: %s"}
	trialNone  = i18n.Text{
		En: "No mention has come yet, so there is nothing to try it on.",
		Fr: "Aucune mention n’est encore arrivée\u202f: il n’y a rien sur quoi l’essayer.",
	}
	trialRead = i18n.Plural{
		One:  i18n.Text{En: "Of the one mention that has come, it would have decided about %[2]d.", Fr: "Sur la seule mention reçue, cette règle en aurait traité %[2]d."},
		Many: i18n.Text{En: "Of the last %d mentions, it would have decided about %d.", Fr: "Sur les %d dernières mentions, cette règle en aurait traité %d."},
	}
	trialZero = i18n.Plural{
		One:  i18n.Text{En: "%d mention has come, and the rule would not have decided about it.", Fr: "%d seule mention est arrivée, et cette règle ne l’aurait pas traitée."},
		Many: i18n.Text{En: "It would have decided about none of the last %d mentions.", Fr: "Cette règle n’aurait traité aucune des %d dernières mentions."},
	}
	trialTaken = i18n.Plural{
		One:  i18n.Text{En: "%d more fits it, but a rule before it decides.", Fr: "%d autre lui convient aussi, mais une règle placée avant s’en charge."},
		Many: i18n.Text{En: "%d more fit it, but a rule before it decides.", Fr: "%d autres lui conviennent aussi, mais une règle placée avant s’en charge."},
	}
	whichRule  = i18n.Text{En: "Which rule shall change?", Fr: "Quelle règle modifier\u202f?"}
	pickRule   = i18n.Text{En: "Change a rule…", Fr: "Modifier une règle…"}
	changeRule = i18n.Text{En: "Change…", Fr: "Modifier…"}
	ruleUp     = i18n.Text{En: "Move up", Fr: "Monter"}
	ruleDown   = i18n.Text{En: "Move down", Fr: "Descendre"}
	ruleDrop   = i18n.Text{En: "Remove…", Fr: "Retirer…"}
	ruleSure   = i18n.Text{
		En: "Remove the rule “%s”? Mentions that it has brought stay where they are.",
		Fr: "Retirer la règle «\u202f%s\u202f»\u202f? Les mentions qu’elle a amenées restent où elles sont.",
	}
)

// PriorityNames say how soon a mention should be looked at.
var PriorityNames = map[social.Priority]i18n.Text{
	social.Usual:  {En: "usual", Fr: "habituelle"},
	social.High:   {En: "high", Fr: "haute"},
	social.Urgent: {En: "urgent", Fr: "urgente"},
}

// thenSoon is a priority among other effects, of a mention.
var thenSoon = map[social.Priority]i18n.Text{
	social.High:   {En: "high priority", Fr: "priorité haute"},
	social.Urgent: {En: "urgent", Fr: "urgent"},
}

// RuleBook is a brand's rules with what names their networks and channels to people.
type RuleBook struct {
	Brand    social.Brand
	Rules    []social.Rule
	Networks map[string]string      // names by id
	Rooms    map[social.Room]string // "#care"; those that are missing are shown by their id
	By       social.Member
}

// Trial is what a rule would have done to the mentions of the past.
type Trial struct {
	Rule        social.Rule
	Read        int              // mentions looked at
	Found       int              // that it would have decided about
	Taken       int              // that it fits, and that a rule before it decides
	Shown       []social.Mention // the newest of Found
	Last        bool             // no rule stands behind it
	Introducing string           // a sentence above; empty: none
}

// mostShown is how many rules the list spells out: with more, a chat would cut the card.
const mostShown = 25

// Rules lists the rules of a brand in the order in which they are asked, each in words.
func Rules(k RuleBook, l i18n.Locale) chat.Card {
	c := chat.Card{Title: rulesTitle.In(l, k.Brand.Name), Foot: []chat.Span{chat.Plain(rulesFoot.In(l))}}
	if len(k.Rules) == 0 {
		c.Body, c.Foot = []chat.Span{chat.Plain(noRules.In(l))}, nil
	}
	for i, r := range k.Rules[:min(len(k.Rules), mostShown)] {
		if i > 0 {
			c.Body = append(c.Body, chat.Break{})
		}
		c.Body = append(c.Body, chat.Plain(fmt.Sprintf("%d. ", r.Position)), chat.Bold(r.Name), chat.Plain(" — "+k.Says(r, l)))
	}
	if n := len(k.Rules) - mostShown; n > 0 {
		c.Body = append(c.Body, chat.Break{}, chat.Plain(rulesMore.In(l, n)))
	}
	if !k.By.Has(k.Brand.ID, social.Listeners...) {
		return c
	}
	c.Buttons = []chat.Button{{Label: addRule.In(l), Tag: chat.Tag{Verb: "rules.add", Subject: k.Brand.ID}, Style: chat.Primary}}
	if len(k.Rules) > 0 {
		c.Selects = []chat.Select{k.choice(openRule.In(l), "rules.open")}
	}
	return c
}

// WhichRule asks which of a brand's rules shall change.
func WhichRule(k RuleBook, l i18n.Locale) chat.Card {
	return chat.Card{Title: whichRule.In(l), Body: []chat.Span{chat.Plain(rulesTitle.In(l, k.Brand.Name))},
		Selects: []chat.Select{k.choice(pickRule.In(l), "rules.change")}}
}

// choice lists the rules that the list spells out.
func (k RuleBook) choice(label, verb string) chat.Select {
	s := chat.Select{Label: label, Tag: chat.Tag{Verb: verb, Subject: k.Brand.ID}}
	for _, r := range k.Rules[:min(len(k.Rules), mostShown)] {
		s.Options = append(s.Options, chat.Option{Value: r.ID, Label: chat.Cut(fmt.Sprintf("%d. %s", r.Position, r.Name), 70)})
	}
	return s
}

// Says is a rule as a person would say it: "if “parcel” or “delivery”, on Mastodon → #care, label delivery, urgent".
func (k RuleBook) Says(r social.Rule, l i18n.Locale) string {
	return ruleLine.In(l, k.condition(r.If, l), k.effects(r.Then, l))
}

func (k RuleBook) condition(c social.Condition, l i18n.Locale) string {
	var out []string
	part := func(says i18n.Text, of []string, name func(string) string) {
		if len(of) > 0 {
			out = append(out, says.In(l, either(of, name, l)))
		}
	}
	part(ifWords, c.Words, func(w string) string { return quotedName.In(l, w) })
	part(ifNetwork, c.Networks, func(n string) string {
		if name := k.Networks[n]; name != "" {
			return name
		}
		return n
	})
	part(ifAuthor, c.Authors, func(a string) string { return "@" + strings.TrimPrefix(a, "@") })
	part(ifIn, c.Languages, func(code string) string {
		if name, ok := mayBe[code]; ok {
			return name.In(l)
		}
		return strings.ToUpper(code)
	})
	if len(out) == 0 {
		return ifAll.In(l)
	}
	return strings.Join(out, ", ")
}

// mostEither is how many words of one list are spelled out.
const mostEither = 6

// either is "a, b or c", and how many more there are.
func either(of []string, name func(string) string, l i18n.Locale) string {
	var out []string
	for _, one := range of[:min(len(of), mostEither)] {
		out = append(out, name(one))
	}
	if n := len(of) - mostEither; n > 0 {
		out = append(out, orMore.In(l, n))
	}
	last := len(out) - 1
	if last == 0 {
		return out[0]
	}
	return strings.Join(out[:last], ", ") + orLast.In(l) + out[last]
}

func (k RuleBook) effects(e social.Effects, l i18n.Locale) string {
	var out []string
	if name := k.Rooms[e.Room]; name != "" {
		out = append(out, name)
	} else if e.Room != (social.Room{}) {
		out = append(out, "#"+e.Room.Channel)
	}
	if e.Label != "" {
		out = append(out, thenLabel.In(l, e.Label))
	}
	if soon, ok := thenSoon[e.Priority]; ok {
		out = append(out, soon.In(l))
	}
	if e.Mute {
		out = append(out, thenMute.In(l))
	}
	if e.Quiet {
		out = append(out, thenQuiet.In(l))
	}
	if len(out) == 0 {
		return thenUsual.In(l)
	}
	return strings.Join(out, ", ")
}

// RuleTrial shows one rule, what it would have caught, and what may be done with it.
func RuleTrial(k RuleBook, t Trial, l i18n.Locale) chat.Card {
	c := chat.Card{Title: trialTitle.In(l, t.Rule.Position, t.Rule.Name), Lead: []chat.Span{chat.Plain(k.Says(t.Rule, l))}}
	if t.Introducing != "" {
		c.Tone = chat.Good
		c.Body = []chat.Span{chat.Bold(t.Introducing), chat.Break{}}
	}
	switch {
	case t.Read == 0:
		c.Body = append(c.Body, chat.Plain(trialNone.In(l)))
	case t.Found == 0:
		c.Body = append(c.Body, chat.Plain(trialZero.In(l, t.Read)))
	default:
		c.Body = append(c.Body, chat.Plain(trialRead.In(l, t.Read, t.Found)))
	}
	if t.Taken > 0 {
		c.Body = append(c.Body, chat.Plain(" "+trialTaken.In(l, t.Taken)))
	}
	for _, m := range t.Shown {
		c.Body = append(c.Body, chat.Break{}, chat.Plain("• "), chat.Bold(oneLine(who(m, l), 40)), chat.Plain(" · "+oneLine(m.Title+" "+m.Text, 90)))
	}
	if n := t.Found - len(t.Shown); n > 0 && len(t.Shown) > 0 {
		c.Body = append(c.Body, chat.Break{}, chat.Plain(rulesMore.In(l, n)))
	}
	c.Buttons = []chat.Button{{Label: changeRule.In(l), Tag: chat.Tag{Verb: "rules.change", Subject: t.Rule.ID}}}
	if t.Rule.Position > 1 {
		c.Buttons = append(c.Buttons, chat.Button{Label: ruleUp.In(l), Tag: moveTo(t.Rule, -1)})
	}
	if !t.Last {
		c.Buttons = append(c.Buttons, chat.Button{Label: ruleDown.In(l), Tag: moveTo(t.Rule, 1)})
	}
	c.Buttons = append(c.Buttons, chat.Button{Label: ruleDrop.In(l), Tag: chat.Tag{Verb: "rules.remove", Subject: t.Rule.ID}, Style: chat.Risky,
		Confirm: ruleSure.In(l, t.Rule.Name)})
	return c
}

// moveTo names the position itself, so that a second press of one button changes nothing more.
func moveTo(r social.Rule, by int64) chat.Tag {
	return chat.Tag{Verb: "rules.to", Subject: fmt.Sprintf("%s.%d", r.ID, r.Position+by)}
}
