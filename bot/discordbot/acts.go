package discordbot

import (
	"cmp"
	"context"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/bot/discordbot/components"
	"griot/chat"
)

// command reads a slash command, or one from the menu of a message.
func (s *Surface) command(_ context.Context, in interaction) (act, *reply) {
	x := act{in: in, event: s.event(in)}
	if in.Data.Type == int(discordgo.MessageApplicationCommand) {
		return s.menu(x)
	}
	if (room{kind: in.Channel.Type}).thread() {
		x.event.Under = in.Channel.Parent
	}
	words, options := spoken(in.Data)
	x.event.Command, x.event.Values = words, chat.Values{}
	for _, o := range options {
		name := s.optionOf(words, o.Name)
		if o.Type == int(discordgo.ApplicationCommandOptionAttachment) {
			f := in.Data.Resolved.Attachments[o.text()]
			f.Input = name
			x.files = append(x.files, f)
			continue
		}
		x.event.Values[name] = append(x.event.Values[name], o.text())
	}
	return x, nil
}

// spoken is a command in the registry's words, with its options.
func spoken(d data) (words string, options []option) {
	words, options = d.Name, d.Options
	for len(options) == 1 && options[0].Type <= int(discordgo.ApplicationCommandOptionSubCommandGroup) {
		words, options = words+" "+options[0].Name, options[0].Options
	}
	return words, options
}

// menu reads a command from the menu of a message: its words and pictures come along, who wrote it and where it stands.
func (s *Surface) menu(x act) (act, *reply) {
	for _, m := range s.o.Menus {
		if m.Name.En != x.in.Data.Name {
			continue
		}
		from := x.in.Data.Resolved.Messages[x.in.Data.Target]
		x.event.Command, x.quotes = m.Command, m.Quotes
		x.event.Values = chat.Values{m.Option: {from.Content}}
		if m.Author != "" {
			x.event.Values[m.Author] = []string{cmp.Or(from.Author.Global, from.Author.Name)}
		}
		if m.Link != "" {
			x.event.Values[m.Link] = []string{x.in.link(from)}
		}
		for _, f := range from.Attachments {
			if strings.HasPrefix(f.Type, "image/") && m.Files != "" {
				f.Input = m.Files
				x.along = append(x.along, f)
			}
		}
		return x, nil
	}
	r := s.refused(x.in, errOld)
	return x, &r
}

// press reads a press on a button or a choice in a menu.
func (s *Surface) press(ctx context.Context, in interaction) (act, *reply) {
	x := act{in: in, event: s.event(in)}
	tag, unsure, ok := components.Pressed(in.Data.CustomID)
	if !ok {
		r := s.refused(in, errOld)
		return x, &r
	}
	if tag.Verb == stepVerb {
		r := s.nextStep(ctx, in, tag)
		return x, &r
	}
	x.event.Tag, x.event.Unsure = tag, unsure
	if len(in.Data.Values) > 0 {
		x.event.Values = chat.Values{"value": in.Data.Values}
	}
	return x, nil
}

// submission reads a sent form, or a part of one.
func (s *Surface) submission(ctx context.Context, in interaction) (act, *reply) {
	x := act{in: in, event: s.event(in)}
	tag, _, ok := components.Pressed(in.Data.CustomID)
	if !ok {
		r := s.refused(in, errOld)
		return x, &r
	}
	sent := components.Read(in.Data.Components)
	var files []attachment
	for input, ids := range sent.Files {
		for _, id := range ids {
			f := in.Data.Resolved.Attachments[id]
			f.Input = input
			files = append(files, f)
		}
	}
	x.event.Form = true
	if tag.Verb == stepVerb {
		return s.sentStep(ctx, x, tag, files)
	}
	x.event.Tag, x.event.Values, x.files = tag, sent.Values, files
	return x, nil
}

// complete offers what an option may become that is being typed.
func (s *Surface) complete(ctx context.Context, in interaction) reply {
	e := s.event(in)
	words, options := spoken(in.Data)
	e.Command, e.Values = words, chat.Values{}
	for _, o := range options {
		name := s.optionOf(words, o.Name)
		e.Values[name] = []string{o.text()}
		if o.Focused {
			e.Typing = name
		}
	}
	if e.Typing == "" {
		return offers(nil)
	}
	ctx, cancel := context.WithTimeout(ctx, completeFor)
	defer cancel()
	a, err := s.handle(ctx, e)
	x, ok := a.(chat.Offer)
	if err != nil || !ok {
		return offers(nil)
	}
	return offers(x.Options)
}

// offers is the answer to somebody who types.
func offers(all []chat.Option) reply {
	choices := []components.Choice{}
	for _, o := range all {
		if c, ok := components.Offer(o); ok && len(choices) < components.MostChoices {
			choices = append(choices, c)
		}
	}
	return reply{Type: offerType, Data: map[string]any{"choices": choices}}
}

// named writes the names of custom emoji as they are typed.
func named(emoji []string) string {
	out := make([]string, len(emoji))
	for i, e := range emoji {
		out[i] = ":" + e + ":"
	}
	return strings.Join(out, ", ")
}
