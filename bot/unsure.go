package bot

import (
	"cmp"
	"context"
	"slices"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
)

// A risky button asks before it acts. Where the chat cannot ask by itself (Discord has no such question), the bot answers
// the press by the question, with the same button once more.

// keepVerb is the verb of the button that leaves everything as it is.
const keepVerb = "keep"

var (
	askSure  = i18n.Text{En: "Do you confirm?", Fr: "Confirmez-vous\u202f?"}
	goOn     = i18n.Text{En: "Yes, do it", Fr: "Oui, continuer"}
	cancelIt = i18n.Text{En: "Cancel", Fr: "Annuler"}
	keepIt   = i18n.Text{En: "Change nothing", Fr: "Ne rien changer"} // where the button itself says “Cancel”
	kept     = i18n.Text{En: "Nothing was changed.", Fr: "Rien n’a changé."}
	errGone  = i18n.Text{
		En: "This is no longer to be decided. Here is how it stands now.",
		Fr: "Ce n’est plus à décider. Voici où cela en est.",
	}
)

// ask answers an unsure press by the question, and does nothing.
func (b *Bot) ask(ctx context.Context, p person) (chat.Answer, error) {
	pressed, err := b.risky(ctx, p)
	if err != nil {
		return nil, err
	}
	again := chat.Button{Label: cmp.Or(pressed.Label, goOn.In(p.locale)), Style: chat.Risky, Tag: p.Tag}
	stop := cancelIt.In(p.locale)
	if i18n.Fold(stop) == i18n.Fold(again.Label) {
		stop = keepIt.In(p.locale)
	}
	return chat.Say{Private: true, Card: chat.Card{Tone: chat.Waiting,
		Body:    []chat.Span{chat.Plain(cmp.Or(pressed.Confirm, askSure.In(p.locale)))},
		Buttons: []chat.Button{again, {Label: stop, Tag: chat.Tag{Verb: keepVerb}}},
	}}, nil
}

// risky is the pressed button as its card has it now, in the reader's language; zero where the card is not one that the
// board can draw. A fault Conflict when the card has it no longer.
func (b *Bot) risky(ctx context.Context, p person) (chat.Button, error) {
	if p.Message == "" || p.team.ID == "" {
		return chat.Button{}, nil
	}
	now, err := b.o.Board.current(ctx, p.team.ID, p.Tag.Subject, p.pressed(), p.locale)
	if err != nil && fault.KindOf(err) == fault.Internal {
		return chat.Button{}, err
	}
	if err != nil {
		return chat.Button{}, nil // an answer that only this person saw: its buttons stand on no card of a subject
	}
	same := func(x chat.Button) bool { return x.Tag.Verb == p.Tag.Verb && x.Tag.Subject == p.Tag.Subject }
	i := slices.IndexFunc(now.card.Buttons, same)
	switch {
	case i < 0 && now.at.ID != "":
		return chat.Button{}, fault.New(fault.Conflict, errGone)
	case i < 0:
		return chat.Button{}, nil // a card with buttons of its own
	}
	pressed := now.card.Buttons[i]
	if now.at.ID == "" {
		return pressed, nil
	}
	// A card in a channel is in its brand's language; the question is for one reader.
	if own, err := b.o.Board.card(ctx, p.team.ID, now.at.Subject, p.locale); err == nil {
		if i := slices.IndexFunc(own.Buttons, same); i >= 0 {
			pressed = own.Buttons[i]
		}
	}
	return pressed, nil
}

// keep answers the button that leaves everything as it is: the question makes room for a word.
func (b *Bot) keep(p person) doing {
	return func(context.Context) (chat.Answer, error) {
		return chat.Refresh{Card: chat.Sentence(chat.Neutral, chat.Plain(kept.In(p.locale)))}, nil
	}
}

// unsure reports whether a press is to be asked about first.
func (p person) unsure() bool {
	return p.Unsure && !p.Form && p.Tag.Verb != "" && p.Tag.Verb != keepVerb
}
