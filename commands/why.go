package commands

import (
	"context"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
)

func story(s Services) Command {
	tell := func(ctx context.Context, c Call, id string) (chat.Answer, error) {
		st, err := s.Publishing.Story(ctx, c.By, id)
		if err != nil {
			return nil, err
		}
		return chat.Say{Card: cards.Story(st.Sheet, st.Entries, st.Names, c.Locale), Private: true}, nil
	}
	return Command{
		Name: "why", French: "historique", Rank: 45,
		About:   i18n.Text{En: "The whole story of a post", Fr: "Toute l’histoire d’une publication"},
		Options: []Option{optPost(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			sheet, err := s.find(ctx, c, c.Get("post"))
			if err != nil {
				return nil, err
			}
			return tell(ctx, c, sheet.Post.ID)
		},
		Presses: map[string]Act{"post.history": func(ctx context.Context, c Call) (chat.Answer, error) { return tell(ctx, c, c.Tag().Subject) }},
	}
}
