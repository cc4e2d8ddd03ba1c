package commands

import (
	"context"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
)

// PostOption is the option by which a command asks which post it is about.
const PostOption = "post"

// optPost asks which post: by its id, by words of it, or by choosing.
func optPost(s Services) Option {
	return Option{Name: PostOption, French: "publication", Kind: chat.Choice, Required: true,
		About: i18n.Text{En: "Which post?", Fr: "Quelle publication\u202f?"},
		Complete: func(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
			all, err := s.Publishing.List(ctx, c.By, publishing.Filter{Text: typed, Limit: mostChoice})
			var out []chat.Option
			for _, sheet := range all {
				out = append(out, chat.Option{Value: sheet.Post.ID, Label: sheet.Status().Name().In(c.Locale) + " · " + cards.Excerpt(sheet, 60)})
			}
			return out, err
		}}
}

var (
	errNoPost = i18n.Text{
		En: "No post with “%s” in it. /post list shows them all.",
		Fr: "Aucune publication ne contient «\u202f%s\u202f». /post liste les montre toutes.",
	}
	errManyPosts = i18n.Text{
		En: "Several posts have “%s” in them: %s. Please give a few more words.",
		Fr: "Plusieurs publications contiennent «\u202f%s\u202f»\u202f: %s. Donnez quelques mots de plus.",
	}
)

// find is the post that somebody names by its id or by words of it.
func (s Services) find(ctx context.Context, c Call, named string) (social.Sheet, error) {
	named = strings.TrimSpace(named)
	if strings.HasPrefix(named, "pst_") {
		return s.Publishing.Sheet(ctx, c.By, named)
	}
	all, err := s.Publishing.List(ctx, c.By, publishing.Filter{Text: named, Limit: 4})
	switch {
	case err != nil:
		return social.Sheet{}, err
	case len(all) == 0:
		return social.Sheet{}, fault.In("post", errNoPost, named)
	case len(all) > 1:
		var which []string
		for _, sheet := range all {
			which = append(which, "«\u202f"+cards.Excerpt(sheet, 40)+"\u202f»")
		}
		return social.Sheet{}, fault.In("post", errManyPosts, named, strings.Join(which, ", "))
	}
	return all[0], nil
}

var optState = Option{Name: "state", French: "etat",
	About: i18n.Text{En: "Only these", Fr: "Seulement celles-ci"},
	Choices: []Choice{
		{Value: string(social.Draft), Name: i18n.Text{En: "drafts", Fr: "brouillons"}},
		{Value: string(social.InReview), Name: i18n.Text{En: "to approve", Fr: "à valider"}},
		{Value: string(social.Approved), Name: i18n.Text{En: "approved", Fr: "validées"}},
		{Value: string(social.Scheduled), Name: i18n.Text{En: "scheduled", Fr: "programmées"}},
		{Value: string(social.Cancelled), Name: i18n.Text{En: "cancelled", Fr: "annulées"}},
	}}

func postList(s Services) Command {
	return Command{
		Name: "post list", French: "post liste", Rank: 30,
		About:   i18n.Text{En: "The latest posts", Fr: "Les dernières publications"},
		Options: []Option{optState, {Name: "with", French: "avec", About: i18n.Text{En: "Words of the post", Fr: "Des mots de la publication"}}, optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			f := publishing.Filter{Text: c.Get("with"), Limit: 15}
			if st := c.Get("state"); st != "" {
				f.States = []social.State{social.State(st)}
			}
			if c.Given("brand") {
				b, err := c.Brand(ctx, c.Get("brand"))
				if err != nil {
					return nil, err
				}
				f.Brand = b.ID
			}
			all, err := s.Publishing.List(ctx, c.By, f)
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: cards.List(all, c.Locale), Private: true}, nil
		},
	}
}
