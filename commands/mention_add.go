package commands

import (
	"context"
	"errors"
	"slices"

	"griot/chat"
	"griot/i18n"
	"griot/social"
	"griot/team"
)

// MentionAdd is the name of the command that the menus of messages run.
const MentionAdd = "mention add"

var (
	optSaid   = Option{Name: "text", French: "texte", Kind: chat.Text, Required: true, About: i18n.Text{En: "What was said", Fr: "Ce qui a été dit"}}
	optAuthor = Option{Name: "author", French: "auteur", About: i18n.Text{En: "By whom?", Fr: "Par qui\u202f?"}}
	optLink   = Option{Name: "link", French: "lien", About: i18n.Text{En: "Where it can be read", Fr: "Où on peut le lire"},
		Hint: i18n.Text{En: "An address: https://…", Fr: "Une adresse\u202f: https://…"}}
)

var (
	bringTitle  = i18n.Text{En: "Treat as a mention", Fr: "Nouvelle mention"}
	bringSubmit = i18n.Text{En: "Add", Fr: "Ajouter"}
	openIt      = i18n.Text{En: "Open it", Fr: "L’ouvrir"}

	broughtUsual = i18n.Text{
		En: "Noted: it is a mention of %s now. Its card comes to the mentions channel.",
		Fr: "C’est noté\u202f: c’est maintenant une mention de %s. Sa carte arrive dans le canal des mentions.",
	}
	broughtBeside = i18n.Text{
		En: "Noted: it is a mention of %s now. Its card comes to the approvals channel, as none is chosen for mentions.",
		Fr: "C’est noté\u202f: c’est maintenant une mention de %s. Sa carte arrive dans le canal des validations, faute de canal des mentions.",
	}
	broughtByRule = i18n.Text{
		En: "Noted: it is a mention of %s now. The rule “%s” brings its card to its channel.",
		Fr: "C’est noté\u202f: c’est maintenant une mention de %s. La règle «\u202f%s\u202f» amène sa carte dans son canal.",
	}
	broughtMuted = i18n.Text{
		En: "Noted as a mention of %s, without a card: the rule “%s” mutes it.",
		Fr: "C’est noté comme mention de %s, sans carte\u202f: la règle «\u202f%s\u202f» la rend muette.",
	}
	broughtMany = i18n.Text{
		En: "Noted as a mention of %s. Many came within a minute: it is on the card that gathers them.",
		Fr: "C’est noté comme mention de %s. Beaucoup sont arrivées dans la même minute\u202f: elle est sur la carte qui les rassemble.",
	}
	broughtNowhere = i18n.Text{
		En: "Noted: it is a mention of %s now, in /mentions. It has no card, for the brand has no channel for mentions yet: an admin can choose one with /brand channel purpose:mentions.",
		Fr: "C’est noté\u202f: c’est maintenant une mention de %s, dans /mentions. Elle n’a pas de carte, car la marque n’a pas encore de canal des mentions\u202f: un administrateur peut en choisir un avec /marque canal pour:mentions.",
	}
	broughtBefore = i18n.Text{
		En: "It is a mention of %s already: “%s”.",
		Fr: "C’est déjà une mention de %s\u202f: «\u202f%s\u202f».",
	}
	broughtOwned = i18n.Text{
		En: "It is a mention of %s already: “%s” (%s).",
		Fr: "C’est déjà une mention de %s\u202f: «\u202f%s\u202f» (%s).",
	}
)

// mentionAdd makes what somebody has read in a chat a mention: the menu of a message gives the words, the author and the link.
func mentionAdd(s Services) Command {
	return Command{
		Name: MentionAdd, French: "mention ajouter", Rank: 21, For: social.Listeners,
		About:   i18n.Text{En: "Treat what was said in a chat as a mention", Fr: "Traiter comme une mention ce qui s’est dit dans un chat"},
		Options: []Option{optSaid, optAuthor, optLink, optBrand(s)},
		Run:     s.bring,
		Form:    s.bringForm,
	}
}

func (s Services) bring(ctx context.Context, c Call) (chat.Answer, error) {
	b, err := c.Brand(ctx, c.Get(brandOption))
	if errors.Is(err, team.ErrWhichBrand) && !c.Event.Form { // a menu has no line to name it on
		f, again := s.bringForm(ctx, c)
		if f.Tag = Start(MentionAdd); again == nil && f.Inputs[0].Name == brandOption {
			return chat.Ask{Form: f}, nil
		}
	}
	if err != nil {
		return nil, err
	}
	at := c.Event.Place
	m := social.Mention{Network: at.Surface, Key: at.Workspace + "|" + c.Event.ID, Text: c.Get(optSaid.Name),
		Author: social.Author{Handle: c.Get(optAuthor.Name)}, URL: c.Get(optLink.Name)}
	h, fresh, err := s.Inbox.Bring(ctx, c.By, b.ID, m)
	if err != nil {
		return nil, err
	}
	words, tone := stands(h, c.Locale), chat.Neutral
	if fresh {
		tone = chat.Good
		if words, err = s.broughtTo(ctx, c, h); err != nil {
			return nil, err
		}
	}
	card := chat.Sentence(tone, chat.Plain(words))
	card.Buttons = []chat.Button{{Label: openIt.In(c.Locale), Tag: chat.Tag{Verb: "mention.open", Subject: h.Mention.ID}}}
	return chat.Say{Card: card, Private: true}, nil
}

// stands says how a mention stands that was there before somebody brought it.
func stands(h social.Hearing, l i18n.Locale) string {
	state := h.Mention.State.Name().In(l)
	if owner := h.Names[h.Mention.Owner]; owner != "" {
		return broughtOwned.In(l, h.Brand.Name, state, owner)
	}
	return broughtBefore.In(l, h.Brand.Name, state)
}

// broughtTo says where a mention went that somebody has brought.
func (s Services) broughtTo(ctx context.Context, c Call, h social.Hearing) (string, error) {
	m, l := h.Mention, c.Locale
	switch {
	case m.Muted:
		return broughtMuted.In(l, h.Brand.Name, m.RuleName), nil
	case m.Gathering != "":
		return broughtMany.In(l, h.Brand.Name), nil
	case m.Room != (social.Room{}):
		return broughtByRule.In(l, h.Brand.Name, m.RuleName), nil
	}
	all, err := s.Team.Channels(ctx, c.By, h.Brand.ID)
	for _, way := range []struct {
		purpose social.Purpose
		says    i18n.Text
	}{{social.Mentions, broughtUsual}, {social.Approvals, broughtBeside}} {
		if slices.ContainsFunc(all, func(ch social.Channel) bool { return ch.Purpose == way.purpose }) {
			return way.says.In(l, h.Brand.Name), err
		}
	}
	return broughtNowhere.In(l, h.Brand.Name), err
}

// bringForm asks for what is missing, and for which brand it is where that was named or the place says too little.
func (s Services) bringForm(ctx context.Context, c Call) (chat.Form, error) {
	f := chat.Form{Title: bringTitle.In(c.Locale), Submit: bringSubmit.In(c.Locale)}
	_, err := c.Brand(ctx, "")
	if c.Given(brandOption) || errors.Is(err, team.ErrWhichBrand) {
		in, err := s.brandInput(ctx, c, brandOption, social.Listeners)
		if err != nil {
			return f, err
		}
		if len(in.Options) > 0 {
			f.Inputs = append(f.Inputs, in)
		}
	}
	for _, o := range []Option{optSaid, optAuthor, optLink} {
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

// brandInput asks for one of the brands for which the person has one of these roles. The one that was named is chosen.
func (s Services) brandInput(ctx context.Context, c Call, name string, roles []social.Role) (chat.Input, error) {
	in := chat.Input{Name: name, Label: admitBrand.In(c.Locale), Kind: chat.Choice, Required: true}
	all, err := s.Team.Brands(ctx, c.By)
	for _, b := range all {
		if !c.By.Has(b.ID, roles...) {
			continue
		}
		in.Options = append(in.Options, chat.Option{Value: b.ID, Label: b.Name})
		if said := c.Get(brandOption); said != "" && (said == b.ID || fold(said) == fold(b.Name)) {
			in.Value = []string{b.ID}
		}
	}
	return in, err
}
