package cards

import (
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// LineNames are what people call the parts of an editorial line.
var LineNames = struct{ Tone, Themes, Banned, Required, Samples, Replies i18n.Text }{
	Tone:     i18n.Text{En: "Tone", Fr: "Ton"},
	Themes:   i18n.Text{En: "Themes", Fr: "Thèmes"},
	Banned:   i18n.Text{En: "Banned words", Fr: "Mots à éviter"},
	Required: i18n.Text{En: "Required words", Fr: "Mots attendus"},
	Samples:  i18n.Text{En: "Sample posts", Fr: "Publications modèles"},
	Replies:  i18n.Text{En: "Saved replies", Fr: "Réponses types"},
}

var (
	lineTitle   = i18n.Text{En: "Editorial line of %s (%s)", Fr: "Ligne éditoriale de %s (%s)"}
	lineAddress = i18n.Text{En: "Form of address", Fr: "Tutoiement ou vouvoiement"}
	lineNone    = i18n.Text{
		En: "Nobody has written it yet. With it, Griot writes in the brand’s voice, and warns of banned and missing words.",
		Fr: "Personne ne l’a encore écrite. Avec elle, Griot rédige dans la voix de la marque, et signale les mots à éviter ou qui manquent.",
	}
	lineWrite = i18n.Text{En: "Write it…", Fr: "L’écrire…"}
	lineOther = i18n.Text{En: "In %s", Fr: "En %s"}
	lineSay   = map[social.Address]i18n.Text{social.Tu: {En: "tu", Fr: "tutoiement"}, social.Vous: {En: "vous", Fr: "vouvoiement"}}
)

// excerptRunes is how much of a sample or a saved reply is shown.
const excerptRunes = 200

// LineTitle names a brand's line in a language.
func LineTitle(b social.Brand, locale, l i18n.Locale) string {
	return lineTitle.In(l, b.Name, LanguageNames[locale])
}

// Line shows a brand's editorial line to by, with what they may change.
func Line(b social.Brand, line social.Line, by social.Member, l i18n.Locale) chat.Card {
	locale := i18n.Locale(line.Locale)
	c := chat.Card{Title: LineTitle(b, locale, l)}
	fact := func(label i18n.Text, value string) {
		if value != "" {
			c.Fields = append(c.Fields, chat.Field{Label: label.In(l), Value: []chat.Span{chat.Plain(value)}})
		}
	}
	fact(LineNames.Tone, line.Tone)
	if said, ok := lineSay[line.Address]; ok {
		fact(lineAddress, said.In(l))
	}
	fact(LineNames.Themes, strings.Join(line.Themes, ", "))
	fact(LineNames.Banned, strings.Join(line.Banned, ", "))
	fact(LineNames.Required, strings.Join(line.Required, ", "))
	for _, x := range []struct {
		label i18n.Text
		texts []string
	}{{LineNames.Samples, line.Samples}, {LineNames.Replies, line.Replies}} {
		if len(x.texts) == 0 {
			continue
		}
		s := chat.Section{Title: x.label.In(l)}
		for i, text := range x.texts {
			if i > 0 {
				s.Body = append(s.Body, chat.Break{})
			}
			s.Body = append(s.Body, chat.Plain("– "+chat.Cut(strings.Join(strings.Fields(text), " "), excerptRunes)))
		}
		c.Sections = append(c.Sections, s)
	}
	change := changeIt
	if len(c.Fields) == 0 && len(c.Sections) == 0 {
		c.Body, change = []chat.Span{chat.Plain(lineNone.In(l))}, lineWrite
	}
	if by.Has(b.ID, social.Shapers...) {
		c.Buttons = append(c.Buttons, chat.Button{Label: change.In(l), Tag: lineTag("line.set", b, locale)})
	}
	for _, other := range i18n.Locales {
		if other != locale {
			c.Buttons = append(c.Buttons, chat.Button{Label: lineOther.In(l, LanguageNames[other]), Tag: lineTag("line.show", b, other)})
		}
	}
	return c
}

func lineTag(verb string, b social.Brand, locale i18n.Locale) chat.Tag {
	return chat.Tag{Verb: verb, Subject: b.ID + "." + string(locale)}
}
