package slackbot

import (
	"context"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
)

// draftCommand is the command that shortcuts run.
const draftCommand = "post draft"

// shortcut begins a draft: from a message, whose words and pictures come along, or from nothing.
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
	case GlobalDraft:
	default:
		return reply{} // of another version
	}
	o.Channel = s.reachable(ctx, b, o)
	e.Place = o.place()
	return s.act(ctx, b, o, e, comeAlong)
}
