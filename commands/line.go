package commands

import (
	"context"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	lineAbout    = i18n.Text{En: "A brand’s editorial line", Fr: "La ligne éditoriale d’une marque"}
	lineSpeak    = i18n.Text{En: "Which language’s line; the brand’s own if you say none", Fr: "La ligne de quelle langue\u202f; celle de la marque par défaut"}
	lineTitle    = i18n.Text{En: "Editorial line", Fr: "Ligne éditoriale"}
	perLine      = i18n.Text{En: "One per line, or with commas between them.", Fr: "Un par ligne, ou séparés par des virgules."}
	lineAddress  = i18n.Text{En: "How it speaks to people", Fr: "Tutoiement ou vouvoiement"}
	addressNames = map[social.Address]i18n.Text{
		social.Vous:      {En: "vous, formal", Fr: "vous"},
		social.Tu:        {En: "tu, familiar", Fr: "tu"},
		social.NoAddress: {En: "no preference", Fr: "sans préférence"},
	}
)

// nobody is what stands for no form of address: a chat's choice cannot be empty.
const nobody = "none"

// lineFields are what a line is made of, as its form asks for it.
func lineFields() Command {
	address := Option{Name: "address", Kind: chat.Choice, About: lineAddress}
	for _, a := range []social.Address{social.Vous, social.Tu, social.NoAddress} {
		value := string(a)
		if a == social.NoAddress {
			value = nobody
		}
		address.Choices = append(address.Choices, Choice{Value: value, Name: addressNames[a]})
	}
	return Command{Options: []Option{
		{Name: "tone", Kind: chat.Text, About: cards.LineNames.Tone,
			Hint: i18n.Text{En: "“Warm and precise, with a touch of humour. No exclamation marks in a row.”", Fr: "«\u202fChaleureux et précis, avec une pointe d’humour. Pas de points d’exclamation en série.\u202f»"}},
		address,
		{Name: "themes", Kind: chat.Text, About: cards.LineNames.Themes, Hint: perLine},
		{Name: "banned", Kind: chat.Text, About: cards.LineNames.Banned,
			Hint: i18n.Text{En: "No draft and no reply may hold them. One per line, or with commas between them.", Fr: "Ni brouillon ni réponse ne peut les contenir. Un par ligne, ou séparés par des virgules."}},
		{Name: "required", Kind: chat.Text, About: cards.LineNames.Required,
			Hint: i18n.Text{En: "Every post must hold all of them. One per line, or with commas between them.", Fr: "Chaque publication doit tous les contenir. Un par ligne, ou séparés par des virgules."}},
		{Name: "samples", Kind: chat.Text, About: cards.LineNames.Samples,
			Hint: i18n.Text{En: "Posts as the brand likes them, with a line of three hyphens (---) between two.", Fr: "Des publications comme la marque les aime, avec une ligne de trois tirets (---) entre deux."}},
		{Name: "replies", Kind: chat.Text, About: cards.LineNames.Replies,
			Hint: i18n.Text{En: "Answers ready to be used, with a line of three hyphens (---) between two.", Fr: "Des réponses prêtes à servir, avec une ligne de trois tirets (---) entre deux."}},
	}}
}

func lineShow(s Services) Command {
	return Command{
		Name: "line", French: "ligne", Rank: 125, About: lineAbout,
		Options: []Option{optLanguage(lineSpeak), optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get(brandOption))
			if err != nil {
				return nil, err
			}
			return s.showLine(ctx, c, b, i18n.Locale(c.Get("language")))
		},
		Presses: map[string]Act{"line.show": func(ctx context.Context, c Call) (chat.Answer, error) {
			b, locale, err := s.lineOf(ctx, c)
			if err != nil {
				return nil, err
			}
			return s.showLine(ctx, c, b, locale)
		}},
		Forms: map[string]Form{"line.set": {Build: s.lineForm, Sent: s.lineSent}},
	}
}

// lineOf reads which line a tag names.
func (s Services) lineOf(ctx context.Context, c Call) (social.Brand, i18n.Locale, error) {
	brand, locale, _ := strings.Cut(c.Tag().Subject, ".")
	b, err := s.Team.Brand(ctx, c.By, brand)
	l, known := i18n.ParseLocale(locale)
	if !known {
		l = b.Locale
	}
	return b, l, err
}

func (s Services) showLine(ctx context.Context, c Call, b social.Brand, locale i18n.Locale) (chat.Answer, error) {
	line, err := s.Writing.Line(ctx, c.By, b.ID, locale)
	if err != nil {
		return nil, err
	}
	return inPlace(c, cards.Line(b, line, c.By, c.Locale)), nil
}

// lineForm asks for a line, with what it holds.
func (s Services) lineForm(ctx context.Context, c Call) (chat.Form, error) {
	b, locale, err := s.lineOf(ctx, c)
	if err != nil {
		return chat.Form{}, err
	}
	line, err := s.Writing.Line(ctx, c.By, b.ID, locale)
	if err != nil {
		return chat.Form{}, err
	}
	address := string(line.Address)
	if line.Address == social.NoAddress {
		address = nobody
	}
	c.Values = chat.Values{"tone": {line.Tone}, "address": {address}, "themes": {strings.Join(line.Themes, "\n")},
		"banned": {strings.Join(line.Banned, "\n")}, "required": {strings.Join(line.Required, "\n")},
		"samples": {strings.Join(line.Samples, between)}, "replies": {strings.Join(line.Replies, between)}}
	f := chat.Form{Title: chat.Cut(lineTitle.In(c.Locale), titleRunes), Tag: c.Tag(), Submit: brandSave.In(c.Locale),
		Intro: []chat.Span{chat.Plain(cards.LineTitle(b, locale, c.Locale))}}
	if !c.Event.Form { // one that comes back keeps what its reader saw
		f.Tag.Rev = line.Rev
	}
	for _, o := range lineFields().Options {
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

// between parts two texts of one field.
const between = "\n---\n"

// lineSent saves what a form says.
func (s Services) lineSent(ctx context.Context, c Call) (chat.Answer, error) {
	b, locale, err := s.lineOf(ctx, c)
	if err != nil {
		return nil, err
	}
	v, err := Accept(lineFields(), c.Values)
	if err != nil {
		return nil, err
	}
	l := social.Line{BrandID: b.ID, Locale: string(locale), Rev: c.Tag().Rev, Tone: v.Get("tone"),
		Themes: wordsIn(v.Get("themes")), Banned: wordsIn(v.Get("banned")), Required: wordsIn(v.Get("required")),
		Samples: social.SplitThread(v.Get("samples")), Replies: social.SplitThread(v.Get("replies"))}
	if a := v.Get("address"); a != nobody {
		l.Address = social.Address(a)
	}
	if l, err = s.Writing.SaveLine(ctx, c.By, l); err != nil {
		return nil, err
	}
	card := cards.Line(b, l, c.By, c.Locale)
	card.Lead = []chat.Span{chat.Bold(brandSaved.In(c.Locale))}
	return inPlace(c, card), nil
}

// wordsIn are the words and phrases of a field: one a line, or with commas between them.
func wordsIn(said string) []string {
	return strings.FieldsFunc(said, func(r rune) bool { return r == '\n' || isComma(r) })
}
