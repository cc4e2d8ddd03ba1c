package slackbot

import (
	"cmp"
	"context"
	"strings"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
)

// The commands that shortcuts run, and their options that take what is known of the message.
const (
	draftCommand   = "post draft"
	mentionCommand = "mention add"
)

// shortcut begins a draft: from a message, whose words and pictures come along, or from nothing; or it makes a message a mention.
func (s *Surface) shortcut(ctx context.Context, b *bot, in interaction) reply {
	o := s.origin(b, in)
	e := chat.Event{ID: in.Trigger, Who: s.who(ctx, b, in.User.ID, in.User.Name), Command: draftCommand}
	switch in.Callback {
	case MessageDraft:
		text, unknown := blockkit.Emoji(blockkit.Typed(in.Message.Text, s.names(ctx, b)))
		if len(unknown) > 0 {
			text = blockkit.Typed(in.Message.Text, s.names(ctx, b)) // said when the form is sent
		}
		e.Values = chat.Values{"text": {text}}
		o.Files = pictures(in.Message.Files)
		o.Thread = ""
	case MessageMention:
		e.Command = mentionCommand
		e.Values = s.quoted(ctx, b, in)
		o.Thread = ""
	case GlobalDraft:
	default:
		return reply{} // of another version
	}
	o.Channel = s.reachable(ctx, b, o)
	e.Place = o.place()
	return s.act(ctx, b, o, e, comeAlong)
}

// quoted is what is known of a message: its words, with the emoji of the workspace as they are called, who wrote it and where it
// stands.
func (s *Surface) quoted(ctx context.Context, b *bot, in interaction) chat.Values {
	m := in.Message
	text, _ := blockkit.Emoji(blockkit.Typed(m.Text, s.names(ctx, b)))
	v := chat.Values{"text": {text}}
	author := cmp.Or(m.Username, m.Profile.Name)
	if author == "" && m.User != "" {
		author = s.who(ctx, b, m.User, "").Name
	}
	if author != "" {
		v["author"] = []string{author}
	}
	if link := in.link(); link != "" {
		v["link"] = []string{link}
	}
	return v
}

// link is where the message stands, as people open it; empty when Slack does not say in which address its workspace is. It is what
// chat.getPermalink answers, which does not know the channels that Griot is not in.
// Source: docs.slack.dev, chat.getPermalink, its examples, read 2026-11.
func (in interaction) link() string {
	if in.Team.Domain == "" || in.Channel.ID == "" || in.Message.TS == "" {
		return ""
	}
	link := "https://" + in.Team.Domain + ".slack.com/archives/" + in.Channel.ID + "/p" + strings.ReplaceAll(in.Message.TS, ".", "")
	if t := in.Message.Thread; t != "" && t != in.Message.TS {
		link += "?thread_ts=" + t + "&cid=" + in.Channel.ID
	}
	return link
}
