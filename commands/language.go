package commands

import (
	"context"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
)

// optLanguage asks for one of Griot's languages.
func optLanguage(about i18n.Text) Option {
	o := Option{Name: "language", French: "langue", About: about}
	for _, l := range i18n.Locales {
		o.Choices = append(o.Choices, Choice{Value: string(l), Name: cards.LanguageNames[l]})
	}
	return o
}

var (
	languageAbout = i18n.Text{En: "The language Griot speaks to you", Fr: "La langue dans laquelle Griot vous parle"}
	languageSaid  = i18n.Text{
		En: "From now on I speak English to you. Cards in channels keep the language of their brand.",
		Fr: "Désormais, je vous parle français. Les cartes des canaux gardent la langue de leur marque.",
	}
)

func language(s Services) Command {
	which := optLanguage(languageAbout)
	which.Required = true
	return Command{
		Name: "language", French: "langue", Rank: 200, About: languageAbout, Options: []Option{which},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			m, err := s.Team.SetLanguage(ctx, c.By, i18n.Locale(c.Get("language")))
			if err != nil {
				return nil, err
			}
			if s.Speaks != nil {
				s.Speaks(ctx, m)
			}
			return Told(chat.Good, chat.Plain(languageSaid.In(m.Locale))), nil
		},
	}
}
