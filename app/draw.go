package app

import (
	"context"
	"io"
	"strings"

	"griot/bot"
	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// digestPrefix begins the ids of digests.
const digestPrefix = "dgs_"

// draw shows a subject as it is now.
func (a *App) draw(ctx context.Context, team, subject string, l i18n.Locale) (chat.Card, error) {
	subject, _, _ = strings.Cut(subject, ".") // what a suggestion's button says after it
	if id, ok := strings.CutPrefix(subject, "dlv_"); ok {
		d, err := storage.Delivery(ctx, a.DB, team, "dlv_"+id)
		if err != nil {
			return chat.Card{}, err
		}
		subject = d.Subject()
	}
	switch {
	case strings.HasPrefix(subject, "men_"):
		h, err := storage.HearingOf(ctx, a.DB, team, subject)
		return cards.Mention(h, l), err
	case strings.HasPrefix(subject, digestPrefix):
		d, err := storage.DigestByID(ctx, a.DB, team, subject)
		return cards.Digest(d.ID, d.Report, l), err
	case strings.HasPrefix(subject, "gth_"):
		return a.drawGathering(ctx, team, subject, l)
	}
	sheet, err := storage.SheetOf(ctx, a.DB, team, subject)
	if err != nil {
		return chat.Card{}, err
	}
	if sheet.Post.Answers != "" {
		return a.draw(ctx, team, sheet.Post.Answers, l)
	}
	return a.withPictures(cards.Post(sheet, l)), nil
}

// withPictures lets a surface read the pictures of a card.
func (a *App) withPictures(c chat.Card) chat.Card {
	for i := range c.Images {
		hash := c.Images[i].Hash
		c.Images[i].Open = func() (io.ReadCloser, error) { return a.Media.Open(hash) }
	}
	return c
}

// home says where a subject's cards belong: a post in its brand's channels for approvals, once it is more than a draft; what
// a channel was told of the numbers nowhere else.
func (a *App) home(ctx context.Context, team, subject string) (bot.Home, error) {
	switch {
	case strings.HasPrefix(subject, "men_"):
		m, err := storage.Mention(ctx, a.DB, team, subject)
		if err != nil || m.Muted || m.Gathering != "" {
			return bot.Home{About: cards.MentionExcerpt(m, 60)}, err
		}
		return a.mentionHome(ctx, team, m.BrandID, m.Room, cards.MentionExcerpt(m, 60))
	case strings.HasPrefix(subject, "gth_"):
		g, err := storage.Gathering(ctx, a.DB, team, subject)
		if err != nil {
			return bot.Home{}, err
		}
		return a.mentionHome(ctx, team, g.BrandID, g.Room, g.RuleName)
	case strings.HasPrefix(subject, digestPrefix):
		d, err := storage.DigestByID(ctx, a.DB, team, subject)
		if err != nil {
			return bot.Home{}, err
		}
		b, err := storage.Brand(ctx, a.DB, team, d.Channel.BrandID)
		return bot.Home{Locale: b.Locale, Zone: b.Zone, About: b.Name}, err
	}
	sheet, err := storage.SheetOf(ctx, a.DB, team, subject)
	if err != nil {
		return bot.Home{}, err
	}
	h := bot.Home{Locale: sheet.Brand.Locale, Zone: sheet.Brand.Zone, About: cards.Excerpt(sheet, 60)}
	if sheet.Post.State == social.Draft && sheet.Post.Note == "" && len(sheet.Deliveries) == 0 {
		return h, nil
	}
	channels, err := storage.ChannelsFor(ctx, a.DB, team, sheet.Brand.ID, social.Approvals)
	for _, c := range channels {
		h.Places = append(h.Places, chat.Place{Surface: c.Surface, Workspace: c.Workspace, Channel: c.Channel})
	}
	return h, err
}

// mentionHome is where what was said to a brand belongs: the channel that its rule named, unless that has become another brand's since,
// else the brand's for mentions, else those where it approves.
func (a *App) mentionHome(ctx context.Context, team, brand string, room social.Room, about string) (bot.Home, error) {
	b, err := storage.Brand(ctx, a.DB, team, brand)
	if err != nil {
		return bot.Home{}, err
	}
	h := bot.Home{Locale: b.Locale, Zone: b.Zone, About: about}
	if room != (social.Room{}) {
		owner, err := storage.BrandAt(ctx, a.DB, team, room.Surface, room.Workspace, room.Channel)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return h, err
		}
		if owner.ID == "" || owner.ID == brand {
			h.Places = []chat.Place{chat.Place(room)}
			return h, nil
		}
	}
	for _, p := range []social.Purpose{social.Mentions, social.Approvals} {
		channels, err := storage.ChannelsFor(ctx, a.DB, team, brand, p)
		if err != nil {
			return h, err
		}
		for _, c := range channels {
			h.Places = append(h.Places, chat.Place{Surface: c.Surface, Workspace: c.Workspace, Channel: c.Channel})
		}
		if len(h.Places) > 0 {
			break
		}
	}
	return h, nil
}

func (a *App) drawGathering(ctx context.Context, team, id string, l i18n.Locale) (chat.Card, error) {
	g, latest, err := a.Inbox.Gathered(ctx, team, id)
	if err != nil {
		return chat.Card{}, err
	}
	b, err := storage.Brand(ctx, a.DB, team, g.BrandID)
	return cards.Gathering(g, b, latest, l), err
}
