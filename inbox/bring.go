package inbox

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// The most that is kept of what somebody brings, in runes. Discord's longest message has as many.
// Source: docs.discord.com, resources/message, read 2026-11.
const (
	mostSaid = 4000
	mostLink = 2000
	mostName = 100
)

var (
	errBringRole = i18n.Text{
		En: "The mentions of %s are for its moderators and admins. Ask %s.",
		Fr: "Les mentions de %s sont réservées à la modération et à l’administration. Voyez avec %s.",
	}
	errBringText = i18n.Text{
		En: "Put in what was said: without words nobody knows what it is about.",
		Fr: "Indiquez ce qui a été dit\u202f: sans texte, personne ne sait de quoi il s’agit.",
	}
	errBringLong = i18n.Text{
		En: "That has %d characters, and a mention %d at most. Bring it with /mention add and what matters of it: its link leads to the rest.",
		Fr: "Ce texte compte %d caractères, et une mention %d au plus. Apportez-la avec /mention ajouter et l’essentiel du texte\u202f: son lien mène au reste.",
	}
	errBringLink = i18n.Text{
		En: "“%s” is no address of a page. It begins with https:// or http://.",
		Fr: "«\u202f%s\u202f» n’est pas l’adresse d’une page. Elle commence par https:// ou http://.",
	}
	errBringName = i18n.Text{
		En: "The name of the author has %d characters, %d at most. Please shorten it.",
		Fr: "Le nom de l’auteur compte %d caractères, %d au plus. Raccourcissez-le.",
	}
)

// Bring makes what somebody of the team has read in a chat a mention of a brand: m has its Network, Text, and as far as they are known
// Author and URL; its Key is what tells one act from another where there is no URL. It goes the way of all mentions. What is
// there already comes back as it stands, and is not fresh. A moderator or admin of the brand may. Errors: faults Denied, NotFound for
// a brand of another team, Invalid with the field that is wrong (text, link, author).
func (s *Service) Bring(ctx context.Context, by social.Member, brand string, m social.Mention) (h social.Hearing, fresh bool, err error) {
	if m, err = brought(m); err != nil {
		return h, false, err
	}
	err = s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.HoldBrand(ctx, by.TeamID, brand); err != nil { // so that of two who bring it at once one is first
			return err
		}
		if _, err := listens(ctx, tx, by, brand, errBringRole); err != nil {
			return err
		}
		id, err := storage.MentionOf(ctx, tx, by.TeamID, brand, m.Network, m.Key)
		if fresh = fault.Is(err, fault.NotFound); fresh {
			m.SaidAt = tx.Now()
			if err := s.route(ctx, tx, social.Account{TeamID: by.TeamID, BrandID: brand, Network: m.Network}, by.ID, m); err != nil {
				return err
			}
			id, err = storage.MentionOf(ctx, tx, by.TeamID, brand, m.Network, m.Key)
		}
		if err != nil {
			return err
		}
		h, err = storage.HearingOf(ctx, tx, by.TeamID, id)
		return err
	})
	return h, fresh && err == nil, err
}

// brought is m as it is stored.
func brought(m social.Mention) (social.Mention, error) {
	m.Kind, m.Text, m.Author.Handle, m.URL = social.Brought, social.Normal(m.Text), line(m.Author.Handle), strings.TrimSpace(m.URL)
	if m.Text == "" {
		return m, fault.In("text", errBringText)
	}
	if n := utf8.RuneCountInString(m.Text); n > mostSaid {
		return m, fault.In("text", errBringLong, n, mostSaid)
	}
	if n := utf8.RuneCountInString(m.Author.Handle); n > mostName {
		return m, fault.In("author", errBringName, n, mostName)
	}
	if m.URL == "" {
		return m, nil
	}
	u, err := url.Parse(m.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || len(m.URL) > mostLink {
		return m, fault.In("link", errBringLink, cut(m.URL))
	}
	u.Host = strings.ToLower(u.Host)
	m.URL = u.String()
	m.Key = m.URL
	return m, nil
}

// cut is the beginning of a text that may be of any length, to say which is meant.
func cut(text string) string {
	if r := []rune(text); len(r) > longWord {
		return string(r[:longWord]) + "…"
	}
	return text
}
