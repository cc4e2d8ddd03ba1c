package commands

import (
	"context"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
)

func accountList(s Services) Command {
	return Command{
		Name: "accounts", French: "comptes", Rank: 110,
		About:   i18n.Text{En: "A brand’s accounts: state, limits, reconnect, remove", Fr: "Les comptes d’une marque\u202f: état, limites, reconnexion, retrait"},
		Options: []Option{optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			all, err := s.Accounts.List(ctx, c.By, b.ID)
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: cards.Accounts(b, all, c.Locale), Private: true}, nil
		},
		Presses: map[string]Act{
			"account.open": func(ctx context.Context, c Call) (chat.Answer, error) {
				card, err := s.accountCard(ctx, c, c.Get("value"))
				return chat.Say{Card: card, Private: true}, err
			},
			"account.check":  s.checkAccount,
			"account.again":  s.reconnect,
			"account.remove": s.removeAccount,
		},
	}
}

// accountCard is one account of the team as it is now.
func (s Services) accountCard(ctx context.Context, c Call, id string) (chat.Card, error) {
	a, err := s.Accounts.Account(ctx, c.By, id)
	if err != nil {
		return chat.Card{}, err
	}
	b, err := s.Team.Brand(ctx, c.By, a.BrandID)
	if err != nil {
		return chat.Card{}, err
	}
	n, err := s.waiting(ctx, c, a)
	return cards.Account(a, b, n, c.Locale), err
}

// mostStops is up to how many posts are counted before an account is removed.
const mostStops = 200

// waiting counts the posts that have a delivery on its way to a.
func (s Services) waiting(ctx context.Context, c Call, a social.Account) (int, error) {
	all, err := s.Publishing.List(ctx, c.By, publishing.Filter{Brand: a.BrandID, Limit: mostStops,
		States: []social.State{social.Approved, social.Scheduled}})
	n := 0
	for _, sheet := range all {
		if d, ok := sheet.Delivery(a.ID); ok && (d.State == social.Waiting || d.State == social.Leased) {
			n++
		}
	}
	return n, err
}

var (
	checkedGood = i18n.Text{En: "%s answers, and the sign-in is good.", Fr: "%s répond, et la connexion est bonne."}
	checkedOut  = i18n.Text{
		En: "%s no longer accepts this sign-in. Press “Connect again”: nothing leaves there until then.",
		Fr: "%s n’accepte plus cette connexion. Appuyez sur «\u202fReconnecter\u202f»\u202f: rien n’y part d’ici là.",
	}
	checkedAway = i18n.Text{
		En: "%s does not answer right now; nothing was changed. Try again in a minute.",
		Fr: "%s ne répond pas pour le moment\u202f; rien n’a été modifié. Réessayez dans une minute.",
	}
	accountGone = i18n.Text{
		En: "%s is removed and its secrets are forgotten. What is live there stays live.",
		Fr: "%s est retiré et ses secrets sont oubliés. Ce qui y est en ligne le reste.",
	}
)

// checkAccount asks the network now.
func (s Services) checkAccount(ctx context.Context, c Call) (chat.Answer, error) {
	id := c.Tag().Subject
	before, err := s.Accounts.Account(ctx, c.By, id)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.MayConnect(ctx, c.By, before.BrandID, before.Network); err != nil {
		return nil, err
	}
	soon, cancel := context.WithTimeout(ctx, inTime)
	defer cancel()
	_, asked := s.Accounts.Probe(soon, c.By.TeamID, id)
	now, err := s.Accounts.Account(ctx, c.By, id)
	if err != nil {
		return nil, err
	}
	said, tone := checkedGood, chat.Good
	switch {
	case now.State == social.NeedsSignIn:
		said, tone = checkedOut, chat.Waiting
	case asked != nil:
		said, tone = checkedAway, chat.Bad
	}
	return s.accountAnswer(ctx, c, id, chat.Sentence(tone, chat.Plain(said.In(c.Locale, now.Name()))))
}

// accountAnswer redraws an account's card and says one sentence more.
func (s Services) accountAnswer(ctx context.Context, c Call, id string, tell chat.Card) (chat.Answer, error) {
	card, err := s.accountCard(ctx, c, id)
	return chat.Refresh{Card: card, Tell: &tell}, err
}

func (s Services) reconnect(ctx context.Context, c Call) (chat.Answer, error) {
	a, err := s.Accounts.Account(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	n, err := s.Accounts.Network(a.Network)
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, c, a.BrandID, n)
}

func (s Services) removeAccount(ctx context.Context, c Call) (chat.Answer, error) {
	a, err := s.Accounts.Remove(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	return s.accountAnswer(ctx, c, a.ID, chat.Sentence(chat.Good, chat.Plain(accountGone.In(c.Locale, a.Name()))))
}
