package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"unicode/utf8"

	"griot/chat"
	"griot/commands"
)

// What chats show of an offer. Source: Discord's reference, "Application Command Option Choice Structure" (names and values
// of 100 characters) and the autocomplete response (25 choices).
const (
	mostOffered  = 25
	longestOffer = 100
)

// typing answers what an option may become while it is typed. It writes nothing, not even that somebody was there, and it
// fails in silence: who types goes on typing.
func (b *Bot) typing(ctx context.Context, e chat.Event) chat.Answer {
	e.Who.Groups = "" // which groups somebody is in is written down by what they do
	all, err := b.offers(ctx, e)
	if err != nil {
		b.o.Log.DebugContext(context.WithoutCancel(ctx), "nothing offered", "surface", e.Who.Surface, "command", e.Command, "err", err)
		return chat.Offer{}
	}
	all = slices.DeleteFunc(all, func(o chat.Option) bool { return !shown(o.Label) || !shown(o.Value) })
	return chat.Offer{Options: all[:min(len(all), mostOffered)]}
}

// shown reports whether a chat takes text as a choice or its name.
func shown(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= longestOffer
}

// offers asks the option. Somebody unknown is offered nothing where there is a team; elsewhere, what begins one.
func (b *Bot) offers(ctx context.Context, e chat.Event) (all []chat.Option, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	c, ok := b.o.Commands.Named(e.Command)
	i := slices.IndexFunc(c.Options, func(o commands.Option) bool { return o.Name == e.Typing })
	if !ok || i < 0 {
		return nil, fmt.Errorf("no option %q of %q", e.Typing, e.Command)
	}
	p, err := b.meet(ctx, e)
	if err != nil || p.unknown != nil && (!c.Anyone || p.team.ID != "") {
		return nil, err
	}
	all, err = c.Options[i].Suggest(ctx, b.call(p, p.Values), p.Values.Get(e.Typing))
	return slices.Clone(all), err
}
