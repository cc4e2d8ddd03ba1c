package slackbot

import (
	"context"
	"errors"
	"strings"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

// command is a slash command as Slack sends it.
type command struct {
	Team     string `json:"team_id"`
	Channel  string `json:"channel_id"`
	User     string `json:"user_id"`
	UserName string `json:"user_name"`
	Command  string `json:"command"`
	Text     string `json:"text"`
	URL      string `json:"response_url"`
	Trigger  string `json:"trigger_id"`
}

var (
	errNotInstalled = i18n.Text{
		En: "Griot is not installed in this workspace any more. Ask whoever runs it for the link to install it again.",
		Fr: "Griot n’est plus installé dans cet espace de travail. Demandez le lien d’installation à la personne qui s’en occupe.",
	}
	errBroken = i18n.Text{
		En: "Something broke on our side; nothing of yours was changed. It has been noted: please try again in a minute.",
		Fr: "Une erreur est survenue de notre côté\u202f; rien n’a été modifié. Elle est notée\u202f: réessayez dans une minute.",
	}
	errCustom = i18n.Text{
		En: "Only your workspace knows the emoji %s: networks cannot show it. Replace it, then send again.",
		Fr: "Seul votre espace de travail connaît l’émoji %s\u202f: les réseaux ne peuvent pas l’afficher. Remplacez-le, puis renvoyez.",
	}
)

// command does what somebody typed after a slash. Its answer travels in the acknowledgement.
func (s *Surface) command(ctx context.Context, c command) (reply, error) {
	b, err := s.at(ctx, c.Team)
	switch {
	case errors.Is(err, chat.ErrRemoved):
		return reply{ack: hidden(sentence(s.o.Locale, errNotInstalled.In(s.o.Locale)))}, nil
	case err != nil:
		s.o.Log.Warn("command not done", "surface", Name, "workspace", c.Team, "err", err)
		return reply{ack: hidden(sentence(s.o.Locale, errBroken.In(s.o.Locale)))}, nil
	}
	who := s.who(ctx, b, c.User, c.UserName)
	o := origin{Workspace: b.Workspace, Channel: c.Channel, User: c.User, Trigger: c.Trigger, URL: c.URL, Came: s.o.Now(),
		Until: s.o.Now().Add(lifetime).Unix()}
	o.Channel = s.reachable(ctx, b, o)
	text, unknown := blockkit.Emoji(blockkit.Typed(c.Text, s.names(ctx, b)))
	if len(unknown) > 0 {
		l := s.locale(who)
		return reply{ack: hidden(sentence(l, errCustom.In(l, named(unknown))))}, nil
	}
	e := chat.Event{ID: c.Trigger, Who: who, Place: o.place()}
	e.Command, e.Text = s.spoken(c.Command, text)
	a, err := s.handle(ctx, e)
	if err != nil {
		return reply{ack: hidden(sentence(s.locale(who), errBroken.In(s.locale(who))))}, nil
	}
	return s.toCommand(b, o, a), nil
}

// spoken is a slash command in the registry's words.
func (s *Surface) spoken(slash, text string) (words, rest string) {
	root, ok := CommandOf(slash, s.o.Prefix, s.o.Roots)
	switch {
	case !ok:
		root = strings.TrimPrefix(slash, "/")
	case root == "" && strings.TrimSpace(text) == "":
		return "", "" // as if somebody said its name: it greets, or helps
	case root == "":
		return "griot", text
	}
	return root, text
}

// named writes the names of custom emoji as they are typed.
func named(emoji []string) string {
	out := make([]string, len(emoji))
	for i, e := range emoji {
		out[i] = ":" + e + ":"
	}
	return strings.Join(out, ", ")
}

// reachable is the channel in which what is shown for all can be placed: where the act came from, or the conversation with
// Griot when it may not write there.
func (s *Surface) reachable(ctx context.Context, b *bot, o origin) string {
	direct := strings.HasPrefix(o.Channel, "D") // with Griot, or between two other people
	if o.Channel != "" && !direct && s.room(ctx, b, o.Channel).open {
		return o.Channel
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	dm, err := s.direct(ctx, b, o.User)
	if err != nil {
		s.o.Log.Warn("no conversation with somebody", "surface", Name, "workspace", b.Workspace, "user", o.User, "err", err)
		return o.Channel
	}
	return dm
}

// toCommand answers a slash command.
func (s *Surface) toCommand(b *bot, o origin, a chat.Answer) reply {
	switch x := a.(type) {
	case chat.Say:
		return s.inReply(b, o, x.Card, !x.Private)
	case chat.Ask:
		if !s.firsts.First(o.Trigger) {
			return reply{} // opened already
		}
		return reply{after: func(ctx context.Context) { s.open(ctx, b, o, x.Form) }}
	case chat.Refresh:
		if x.Tell != nil {
			return s.inReply(b, o, *x.Tell, false)
		}
		return s.inReply(b, o, x.Card, false)
	}
	return reply{}
}

// inReply carries a card in the acknowledgement of a command.
func (s *Surface) inReply(b *bot, o origin, c chat.Card, public bool) reply {
	m := s.drawn(b, c)
	if public {
		return reply{ack: shown(m), over: func(ctx context.Context) { s.announce(ctx, b, o, c) }}
	}
	return reply{ack: hidden(m), over: func(ctx context.Context) { s.tell(ctx, b, o, c) }}
}
