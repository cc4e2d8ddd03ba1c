package commands

import (
	"context"
	"slices"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
)

// Topic is what somebody wants Griot to write about.
type Topic struct {
	Act     string             // the id of the event that asked: what is delivered twice is written once
	Brand   string             // id
	Words   string             // as they put it
	Content publishing.Content // all but the text
	Locale  i18n.Locale        // the reader's
}

// topicRunes is the longest topic: a paragraph of notes.
const topicRunes = 2000

var (
	optTopic = Option{Name: "topic", French: "sujet", Max: topicRunes,
		About: i18n.Text{En: "What it is about, instead of a text: Griot writes", Fr: "De quoi parler, au lieu d’un texte\u202f: Griot rédige"}}
	topicLabel      = i18n.Text{En: "What is it about?", Fr: "De quoi s’agit-il ?"}
	topicHelp       = i18n.Text{En: "The facts, the day, the hour: Griot writes a text for each account.", Fr: "Les faits, le jour, l’heure : Griot rédige un texte pour chaque compte."}
	errTextAndTopic = i18n.Text{
		En: "Give a text, or a topic for Griot to write about: not both.",
		Fr: "Donnez un texte, ou un sujet sur lequel Griot rédigera\u202f: pas les deux.",
	}
	errTopicLong = i18n.Text{
		En: "This topic is too long: %d characters at most. Say the essentials, Griot writes the rest.",
		Fr: "Ce sujet est trop long\u202f: %d caractères au plus. Donnez l’essentiel, Griot rédige le reste.",
	}
	writingIt = i18n.Text{
		En: "I am writing. The draft will appear here in a moment.",
		Fr: "Je rédige. Le brouillon s’affichera ici dans un instant.",
	}
	gatheringIt = i18n.Text{
		En: "No language model is connected: I am putting a draft together from your topic and the editorial line. It will appear here in a moment.",
		Fr: "Aucun modèle de langage n’est connecté\u202f: je compose un brouillon avec votre sujet et la ligne éditoriale. Il s’affichera ici dans un instant.",
	}
)

// about reports whether a call gives a topic and no text.
func about(c Call) bool {
	return said(c.Values, optTopic.Name) && !said(c.Values, optText.Name)
}

// topicInstead is the form of a new post that Griot is to write.
func topicInstead(ctx context.Context, c Call, f chat.Form) (chat.Form, error) {
	in, err := optTopic.input(ctx, c)
	in.Label, in.Help, in.Required = topicLabel.In(c.Locale), topicHelp.In(c.Locale), true
	i := slices.IndexFunc(f.Inputs, func(x chat.Input) bool { return x.Name == optText.Name })
	f.Inputs[i] = in
	return f, err
}

// write stores that a post is to be written, once it is certain that it can be kept.
func (s Services) write(ctx context.Context, c Call, b social.Brand, content publishing.Content) (chat.Answer, error) {
	words := c.Get(optTopic.Name)
	switch {
	case !about(c):
		return nil, fault.In(optTopic.Name, errTextAndTopic)
	case len([]rune(words)) > topicRunes:
		return nil, fault.In(optTopic.Name, errTopicLong, topicRunes)
	}
	content.Text = words
	if err := s.Publishing.MayDraft(ctx, c.By, b.ID, content); err != nil {
		return nil, err
	}
	content.Text = ""
	if err := s.WriteLater(ctx, c.By, c.Event.Place, Topic{Act: c.Event.ID, Brand: b.ID, Words: words, Content: content, Locale: c.Locale}); err != nil {
		return nil, err
	}
	said := writingIt
	if !s.Writing.Connected() {
		said = gatheringIt
	}
	return chat.Say{Card: chat.Sentence(chat.Neutral, chat.Plain(said.In(c.Locale))), Private: true, Live: true}, nil
}
