package cards

import (
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	watchedTitle = i18n.Text{En: "%s is being read", Fr: "%s est suivi"}
	watchedBody  = i18n.Text{
		En: "Each new article comes to the mentions channel of %s. Those that are out already are left aside.",
		Fr: "Chaque nouvel article arrive dans le canal des mentions de %s. Ceux déjà parus sont laissés de côté.",
	}
	watchTitle  = i18n.Text{En: "What is read for %s", Fr: "Ce qui est suivi pour %s"}
	watchesNone = i18n.Text{
		En: "Nothing yet. Give the address of a feed (RSS, Atom or JSON Feed): each new article comes to the mentions channel.",
		Fr: "Rien pour l’instant. Donnez l’adresse d’un flux (RSS, Atom ou JSON Feed)\u202f: chaque nouvel article arrivera dans le canal des mentions.",
	}
	watchAdd    = i18n.Text{En: "Read a feed", Fr: "Suivre un flux"}
	watchOther  = i18n.Text{En: "Read another", Fr: "En suivre un autre"}
	watchAll    = i18n.Text{En: "All that is read", Fr: "Tout ce qui est suivi"}
	watchStop   = i18n.Text{En: "No longer read…", Fr: "Ne plus suivre…"}
	watchStates = map[social.AccountState]i18n.Text{
		social.Connected:   {En: "read", Fr: "suivi"},
		social.NeedsSignIn: {En: "closed: the site asks for a password now", Fr: "fermé\u202f: le site demande maintenant un mot de passe"},
		social.Removed:     {En: "no longer read", Fr: "n’est plus suivi"},
	}
)

// Watched says that a feed is read from now on.
func Watched(a social.Account, b social.Brand, l i18n.Locale) chat.Card {
	body := []chat.Span{chat.Plain(watchedBody.In(l, b.Name))}
	if page := publicPage(a, l); page != nil {
		body = append(append(body, chat.Break{}), page...)
	}
	return chat.Card{
		Title: watchedTitle.In(l, a.Label()), Tone: chat.Good, Body: body,
		Buttons: []chat.Button{
			{Label: watchOther.In(l), Tag: Run("watch add")},
			{Label: watchAll.In(l), Tag: Run("watch list")},
		},
	}
}

// Watches lists what is read for a brand, with a select that takes one off.
func Watches(b social.Brand, all []social.Account, l i18n.Locale) chat.Card {
	c := chat.Card{Title: watchTitle.In(l, b.Name)}
	add := chat.Button{Label: watchAdd.In(l), Tag: Run("watch add"), Style: chat.Primary}
	if len(all) == 0 {
		c.Body, c.Buttons = []chat.Span{chat.Plain(watchesNone.In(l))}, []chat.Button{add}
		return c
	}
	sel := chat.Select{Label: watchStop.In(l), Tag: chat.Tag{Verb: "watch.remove"}}
	for _, a := range all {
		c.Sections = append(c.Sections, chat.Section{Title: a.Label(), Tone: accountTone(a),
			Note: []chat.Span{chat.Bold(watchStates[a.State].In(l))}, Body: publicPage(a, l)})
		if len(sel.Options) < 25 {
			sel.Options = append(sel.Options, chat.Option{Value: a.ID, Label: a.Label()})
		}
	}
	add.Label, add.Style = watchOther.In(l), chat.Usual
	c.Selects, c.Buttons = []chat.Select{sel}, []chat.Button{add}
	return c
}
