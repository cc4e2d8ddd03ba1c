package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

// purposes are what a brand has channels for: those in which something is shown.
var purposes = []social.Purpose{social.Approvals, social.Mentions, social.Numbers}

var channelAbouts = map[social.Purpose]i18n.Text{
	social.Approvals: {En: "Channel for approvals", Fr: "Canal des validations"},
	social.Mentions:  {En: "Channel for mentions", Fr: "Canal des mentions"},
	social.Numbers:   {En: "Channel for the numbers", Fr: "Canal des chiffres"},
}

var purposeFrench = map[social.Purpose]string{social.Approvals: "validations", social.Mentions: "mentions", social.Numbers: "chiffres"}

// channelOptions ask for one channel for each purpose.
func (s Services) channelOptions() []Option {
	var out []Option
	for _, p := range purposes {
		out = append(out, s.channelOption(p))
	}
	return out
}

func (s Services) channelOption(p social.Purpose) Option {
	return Option{Name: string(p), French: purposeFrench[p], Kind: chat.Room, About: channelAbouts[p], Complete: s.completeChannel}
}

func (s Services) completeChannel(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
	all, err := s.channels(ctx, c.Event.Place)
	return slices.DeleteFunc(slices.Clone(all), func(o chat.Option) bool { return !strings.Contains(fold(o.Label), fold(typed)) }), err
}

func (s Services) channels(ctx context.Context, at chat.Place) ([]chat.Option, error) {
	if s.Channels == nil {
		return nil, nil
	}
	return s.Channels(ctx, at)
}

// telling are words by which a channel's name says that approvals are asked for there.
var telling = []string{"approv", "valid", "review", "relecture"}

// likely is the channel for approvals when nobody has chosen one yet: one whose name says so, else where the person is; empty
// when that is no channel.
func (s Services) likely(ctx context.Context, at chat.Place) (string, error) {
	all, err := s.channels(ctx, at)
	if err != nil {
		return "", err
	}
	for _, o := range all {
		if slices.ContainsFunc(telling, func(w string) bool { return strings.Contains(fold(o.Label), w) }) {
			return o.Value, nil
		}
	}
	if all != nil && !slices.ContainsFunc(all, func(o chat.Option) bool { return o.Value == at.Channel }) {
		return "", nil // a conversation with Griot
	}
	return at.Channel, nil
}

var (
	hereWords    = []string{"here", "ici"}
	nowhereWords = []string{"none", "aucun", "-"}
	errHere      = i18n.Text{
		En: "I may not write here. Invite me into this channel first, or name another one.",
		Fr: "Je ne peux pas écrire ici. Invitez-moi d’abord dans ce canal, ou nommez-en un autre.",
	}
	errChannel = i18n.Text{
		En: "I see no channel called “%s” here. I see: %s. If it is private, invite me there first.",
		Fr: "Je ne vois pas de canal «\u202f%s\u202f» ici. Je vois\u202f: %s. S’il est privé, invitez-m’y d’abord.",
	}
)

// channelNamed is the id of the channel that somebody names in a field: by its id, its name with or without #, or "here".
// Empty for none.
func (s Services) channelNamed(ctx context.Context, c Call, field, said string) (string, error) {
	at := c.Event.Place
	said = strings.TrimSpace(said)
	switch {
	case said == "" || slices.Contains(nowhereWords, fold(said)):
		return "", nil
	}
	all, err := s.channels(ctx, at)
	if err != nil {
		return "", err
	}
	if slices.Contains(hereWords, fold(said)) {
		if all != nil && !slices.ContainsFunc(all, func(o chat.Option) bool { return o.Value == at.Channel }) {
			return "", fault.In(field, errHere)
		}
		return at.Channel, nil
	}
	if all == nil {
		return strings.TrimPrefix(said, "#"), nil
	}
	var names []string
	for _, o := range all {
		if o.Value == said || hashless(o.Label) == hashless(said) {
			return o.Value, nil
		}
		names = append(names, hashed(o.Label))
	}
	if said == at.Channel || c.Event.Form && idOfChat.MatchString(said) {
		return said, nil
	}
	return "", fault.In(field, errChannel, said, strings.Join(names, ", "))
}

// idOfChat is what the pickers of chats give for a channel (C0123ABCD, 81384788765712384), and what hardly any channel is
// called: a picker may know channels that our list, cut at some length, does not hold.
var idOfChat = regexp.MustCompile(`^[A-Z0-9]*[0-9][A-Z0-9]*$`)

func hashless(name string) string { return strings.TrimPrefix(fold(name), "#") }

func hashed(name string) string { return "#" + strings.TrimPrefix(name, "#") }

// places are a brand's channels with their names, for somebody who reads them at a place.
func (s Services) places(ctx context.Context, by social.Member, at chat.Place, brand string) ([]cards.Place, error) {
	all, err := s.Team.Channels(ctx, by, brand)
	if err != nil {
		return nil, err
	}
	var out []cards.Place
	for _, ch := range all {
		there := chat.Place{Surface: ch.Surface, Workspace: ch.Workspace, Channel: ch.Channel}
		name, err := s.channelName(ctx, there)
		if err != nil {
			return nil, err
		}
		if ch.Surface != at.Surface || ch.Workspace != at.Workspace {
			name += " (" + s.chatName(ch) + ")"
		}
		out = append(out, cards.Place{Purpose: ch.Purpose, Name: name})
	}
	return out, nil
}

// chatName is what people call the chat of a channel: a practice chat has a title, the others their platform's name.
func (s Services) chatName(ch social.Channel) string {
	for _, w := range s.Team.Practice.Workspaces {
		if w.Surface == ch.Surface && w.Workspace == ch.Workspace {
			return w.Name
		}
	}
	return chat.Title(ch.Surface)
}

// channelName is a channel as people call it; its id where nobody lists names.
func (s Services) channelName(ctx context.Context, at chat.Place) (string, error) {
	all, err := s.channels(ctx, at)
	if err != nil {
		return "", err
	}
	for _, o := range all {
		if o.Value == at.Channel {
			return hashed(o.Label), nil
		}
	}
	return hashed(at.Channel), nil
}
