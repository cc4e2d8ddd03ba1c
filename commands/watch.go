package commands

import (
	"context"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

// feeds is the network of what is read by its address.
const feeds = "feed"

var (
	optAddress = Option{Name: "address", French: "adresse", Required: true, Max: 2000,
		About: i18n.Text{En: "Address of the feed: RSS, Atom or JSON Feed", Fr: "Adresse du flux\u202f: RSS, Atom ou JSON Feed"},
		Hint:  i18n.Text{En: "https://maison.example/feed.xml", Fr: "https://maison.example/feed.xml"}}
	errNoWatch = i18n.Text{
		En: "Nothing called “%s” is read for %s. See the list with /watch list.",
		Fr: "Rien de tel que «\u202f%s\u202f» n’est suivi pour %s. Voyez la liste avec /veille liste.",
	}
	watchGone = i18n.Text{
		En: "%s is no longer read. What came from there stays.",
		Fr: "%s n’est plus suivi. Ce qui en est venu reste.",
	}
)

func watchAdd(s Services) Command {
	return Command{
		Name: "watch add", French: "veille ajouter", Rank: 112, For: social.Listeners,
		About:   i18n.Text{En: "Read a feed: each new article comes to the mentions channel", Fr: "Suivre un flux\u202f: chaque nouvel article arrive dans le canal des mentions"},
		Options: []Option{optAddress, optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			n, err := s.Accounts.Network(feeds)
			if err != nil {
				return nil, err
			}
			return s.connectWith(ctx, c, b, n, map[string]string{optAddress.Name: c.Get(optAddress.Name)})
		},
	}
}

func watchList(s Services) Command {
	return Command{
		Name: "watch list", French: "veille liste", Rank: 113, For: social.Listeners,
		About:   i18n.Text{En: "What is read for a brand", Fr: "Ce qui est suivi pour une marque"},
		Options: []Option{optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			card, err := s.watches(ctx, c, b)
			return chat.Say{Card: card, Private: true}, err
		},
	}
}

func (s Services) watches(ctx context.Context, c Call, b social.Brand) (chat.Card, error) {
	all, err := s.Accounts.Sources(ctx, c.By, b.ID)
	return cards.Watches(b, all, c.Locale), err
}

func watchRemove(s Services) Command {
	return Command{
		Name: "watch remove", French: "veille retirer", Rank: 114, For: social.Listeners,
		About: i18n.Text{En: "No longer read a feed", Fr: "Ne plus suivre un flux"},
		Options: []Option{{Name: "source", French: "source", Required: true, About: i18n.Text{En: "Which one?", Fr: "Lequel\u202f?"},
			Complete: s.completeWatch}, optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			a, err := s.watched(ctx, c, b, c.Get("source"))
			if err != nil {
				return nil, err
			}
			if a, err = s.Accounts.Remove(ctx, c.By, a.ID); err != nil {
				return nil, err
			}
			return Told(chat.Good, chat.Plain(watchGone.In(c.Locale, a.Label()))), nil
		},
		Presses: map[string]Act{"watch.remove": s.pressUnwatch},
	}
}

// pressUnwatch takes a source off and redraws the list that it was chosen from.
func (s Services) pressUnwatch(ctx context.Context, c Call) (chat.Answer, error) {
	a, err := s.Accounts.Remove(ctx, c.By, c.Get("value"))
	if err != nil {
		return nil, err
	}
	b, err := s.Team.Brand(ctx, c.By, a.BrandID)
	if err != nil {
		return nil, err
	}
	card, err := s.watches(ctx, c, b)
	tell := chat.Sentence(chat.Good, chat.Plain(watchGone.In(c.Locale, a.Label())))
	return chat.Refresh{Card: card, Tell: &tell}, err
}

func (s Services) completeWatch(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
	b, err := c.Brand(ctx, c.Get("brand"))
	if err != nil {
		return nil, err
	}
	all, err := s.Accounts.Sources(ctx, c.By, b.ID)
	var out []chat.Option
	for _, a := range all {
		if strings.Contains(fold(a.Label()), fold(typed)) {
			out = append(out, chat.Option{Value: a.ID, Label: a.Label()})
		}
	}
	return out, err
}

// watched finds the source that a person names by its title, its address or its id.
func (s Services) watched(ctx context.Context, c Call, b social.Brand, named string) (social.Account, error) {
	all, err := s.Accounts.Sources(ctx, c.By, b.ID)
	if err != nil {
		return social.Account{}, err
	}
	for _, a := range all {
		if named == a.ID || named == a.RemoteID || named == a.URL || fold(named) == fold(a.Label()) {
			return a, nil
		}
	}
	return social.Account{}, fault.In("source", errNoWatch, named, b.Name)
}
