package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// doing is what an event comes down to.
type doing func(ctx context.Context) (chat.Answer, error)

var (
	errButton = i18n.Text{
		En: "This button no longer works: the card is from an older Griot. Open the thing again with its command.",
		Fr: "Ce bouton ne fonctionne plus\u202f: la carte vient d’un ancien Griot. Ouvrez à nouveau la publication avec sa commande.",
	}
	askAccess = i18n.Text{En: "Ask for access", Fr: "Demander l’accès"}
	setUp     = i18n.Text{En: "Set Griot up", Fr: "Démarrer avec Griot"}
	hello     = i18n.Text{
		En: "Hello! I am Griot. I help the people who speak for a brand: write, get approved, schedule, publish.",
		Fr: "Bonjour\u202f! Je suis Griot. J’aide celles et ceux qui parlent pour une marque\u202f: écrire, faire valider, programmer, publier.",
	}
)

// What the bot itself offers to people it does not know.
const (
	setupName = "setup"
	askVerb   = "team.ask"
)

// resolve finds the command, and lets in whom it is for.
func (b *Bot) resolve(ctx context.Context, p person) (doing, error) {
	switch {
	case p.Tag.Verb == keepVerb:
		return b.keep(p), nil
	case p.Tag.Verb == commands.RunVerb:
		c, ok := b.o.Commands.Named(p.Tag.Subject)
		if !ok {
			return nil, fault.New(fault.NotFound, errButton)
		}
		v, err := commands.Accept(c, p.Values)
		if err != nil && p.Form {
			return func(ctx context.Context) (chat.Answer, error) { return b.sent(ctx, p, c, err) }, nil
		}
		return b.run(p, c, v), err
	case p.Tag.Verb != "":
		return b.press(p)
	case p.Command != "":
		c, v, err := b.typed(p)
		if err != nil && p.unknown != nil {
			return b.stranger(p), nil
		}
		return b.run(p, c, v), err
	}
	return b.words(p), nil
}

// typed reads a command with its options, whether the chat has parsed them or not.
func (b *Bot) typed(p person) (commands.Command, chat.Values, error) {
	if c, ok := b.o.Commands.Named(p.Command); ok && p.Values != nil {
		v, err := commands.Accept(c, p.Values)
		return c, v, err
	}
	return b.o.Commands.Parse(p.Command + " " + p.Text)
}

// words answers plain language: a command said without its slash, or else help. Words with a slash are meant to be a
// command: what is nearest to them is said.
func (b *Bot) words(p person) doing {
	if p.unknown != nil {
		return b.stranger(p)
	}
	c, v, err := b.o.Commands.Parse(p.Words)
	if err != nil && p.Message != "" {
		// Under a card, what is said is about its post: "remove" is "post remove".
		if under, w, again := b.o.Commands.Parse("post " + p.Words); again == nil {
			c, v, err = under, w, nil
		}
	}
	switch {
	case err == nil:
		return b.run(p, c, v)
	case strings.HasPrefix(p.Words, "/"):
		return func(context.Context) (chat.Answer, error) { return nil, err }
	}
	return func(context.Context) (chat.Answer, error) {
		return chat.Say{Card: b.o.Commands.Help(b.call(p, nil)), Private: true}, nil
	}
}

// run does a command, or opens its form when something required is missing.
func (b *Bot) run(p person, c commands.Command, v chat.Values) doing {
	if p.unknown != nil && !c.Anyone {
		return b.stranger(p)
	}
	if p.unsure() {
		return func(ctx context.Context) (chat.Answer, error) { return b.ask(ctx, p) }
	}
	return func(ctx context.Context) (chat.Answer, error) {
		v, err := b.underCard(ctx, p, c, v)
		if err != nil {
			return nil, err
		}
		call := b.call(p, v)
		if len(commands.Missing(c, v)) > 0 && !p.Form {
			f, err := c.Fill(ctx, call)
			return chat.Ask{Form: f}, err
		}
		a, err := c.Run(ctx, call)
		if err != nil && p.Form {
			return b.sent(ctx, p, c, err)
		}
		return a, err
	}
}

// underCard is v with the post that a command said under its card is about, when it does not say another.
func (b *Bot) underCard(ctx context.Context, p person, c commands.Command, v chat.Values) (chat.Values, error) {
	asks := slices.ContainsFunc(commands.Missing(c, v), func(o commands.Option) bool { return o.Name == commands.PostOption })
	card := p.pressed()
	if p.Under != "" {
		card.Channel, card.Message = p.Under, p.Place.Channel
	}
	if card.Message == "" || p.Tag.Verb != "" || !asks {
		return v, nil
	}
	at, err := storage.PlacementAt(ctx, b.o.DB, p.team.ID, storage.Spot(card.Place), card.Message)
	if fault.Is(err, fault.NotFound) {
		return v, nil
	}
	about := chat.Values{commands.PostOption: {at.Subject}}
	maps.Copy(about, v)
	return about, err
}

// sent answers a refused form of a command by the form, with what was typed.
func (b *Bot) sent(ctx context.Context, p person, c commands.Command, err error) (chat.Answer, error) {
	return b.back(ctx, p, err, func(ctx context.Context) (chat.Form, error) { return c.Fill(ctx, b.call(p, p.Values)) })
}

// reserve is what chats still wait when the budget is spent: enough to give back what was typed.
const reserve = 800 * time.Millisecond

// back answers a refused form by the form, when the refusal is about what was typed.
func (b *Bot) back(ctx context.Context, p person, err error, build func(context.Context) (chat.Form, error)) (chat.Answer, error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reserve)
	defer cancel()
	form, again := build(ctx)
	if again != nil || len(form.Inputs) == 0 {
		return nil, err // the refusal tells more
	}
	return chat.Ask{Form: commands.Returned(form, p.Values, f, p.locale)}, nil
}

// press does what a button says, opens its form, or takes the form that was sent.
func (b *Bot) press(p person) (doing, error) {
	act, c, ok := b.o.Commands.Pressed(p.Tag.Verb)
	form, owner, isForm := b.o.Commands.FormOf(p.Tag.Verb)
	if !ok && !isForm {
		return nil, fault.New(fault.NotFound, errButton)
	}
	if isForm {
		c = owner
	}
	if p.unknown != nil && !c.Anyone {
		return b.stranger(p), nil
	}
	if p.unsure() {
		return func(ctx context.Context) (chat.Answer, error) { return b.ask(ctx, p) }, nil
	}
	call := b.call(p, p.Values)
	build := func(ctx context.Context) (chat.Form, error) {
		f, err := form.Build(ctx, call)
		if f.Tag == (chat.Tag{}) {
			f.Tag = p.Tag
		}
		return f, err
	}
	switch {
	case isForm && p.Form:
		return func(ctx context.Context) (chat.Answer, error) {
			a, err := form.Sent(ctx, call)
			if err != nil {
				return b.back(ctx, p, err, build)
			}
			return a, nil
		}, nil
	case ok:
		return func(ctx context.Context) (chat.Answer, error) { return act(ctx, call) }, nil
	}
	return func(ctx context.Context) (chat.Answer, error) {
		f, err := build(ctx)
		return chat.Ask{Form: f}, err
	}, nil
}

// stranger greets somebody who is not of the team, with the one next step.
func (b *Bot) stranger(p person) doing {
	return func(context.Context) (chat.Answer, error) {
		f, ok := errors.AsType[*fault.Error](p.unknown)
		if !ok {
			return nil, fmt.Errorf("a stranger without a reason: %w", p.unknown)
		}
		card := chat.Card{Tone: chat.Waiting, Title: "Griot", Lead: []chat.Span{chat.Plain(hello.In(p.locale))},
			Body: []chat.Span{chat.Plain(strings.TrimSpace(f.Say.In(p.locale)))}}
		if _, ok := b.o.Commands.Named(setupName); ok && p.team.ID == "" {
			card.Buttons = append(card.Buttons, chat.Button{Label: setUp.In(p.locale), Tag: commands.Start(setupName), Style: chat.Primary})
		}
		if _, _, ok := b.o.Commands.Pressed(askVerb); ok && p.team.ID != "" {
			card.Buttons = append(card.Buttons, chat.Button{Label: askAccess.In(p.locale), Tag: chat.Tag{Verb: askVerb}, Style: chat.Primary})
		}
		return chat.Say{Card: card, Private: true}, nil
	}
}
