package app

import (
	"context"
	"io"
	"strings"

	"griot/bot"
	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// digestPrefix begins the ids of digests.
const digestPrefix = "dgs_"

// draw shows a subject as it is now.
func (a *App) draw(ctx context.Context, team, subject string, l i18n.Locale) (chat.Card, error) {
	if strings.HasPrefix(subject, digestPrefix) {
		d, err := storage.DigestByID(ctx, a.DB, team, subject)
		return cards.Digest(d.ID, d.Report, l), err
	}
	if id, ok := strings.CutPrefix(subject, "dlv_"); ok {
		d, err := storage.Delivery(ctx, a.DB, team, "dlv_"+id)
		if err != nil {
			return chat.Card{}, err
		}
		subject = d.PostID
	}
	sheet, err := storage.SheetOf(ctx, a.DB, team, subject)
	if err != nil {
		return chat.Card{}, err
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
	if strings.HasPrefix(subject, digestPrefix) {
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
