package slackbot

import (
	"context"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
)

// homeCommand is what App Home shows.
const homeCommand = "home"

// visited shows somebody their App Home.
func (s *Surface) visited(ctx context.Context, e envelope) {
	b, err := s.at(ctx, e.workspace())
	if err != nil {
		s.o.Log.Warn("app home not shown", "surface", Name, "workspace", e.workspace(), "err", err)
		return
	}
	s.showHome(ctx, b, e.Event.user())
}

// showHome publishes what the home command says now: one look after the other, so that the newest is shown last.
func (s *Surface) showHome(ctx context.Context, b *bot, user string) {
	back, err := s.turns.take(ctx, "home|"+b.Workspace+"|"+user)
	if err != nil {
		return // Griot stops
	}
	defer back()
	e := chat.Event{Who: s.who(ctx, b, user, ""), Place: place(b.Workspace, ""), Command: homeCommand} // without an ID: looking is not an act
	a, err := s.handle(ctx, e)
	say, ok := a.(chat.Say)
	if err != nil || !ok {
		s.o.Log.Warn("app home not shown", "surface", Name, "workspace", b.Workspace, "user", user, "err", err)
		return
	}
	v := blockkit.Home(say.Card, s.look(b))
	v.PrivateMetadata = origin{Workspace: b.Workspace, Home: true}.meta()
	if _, err := b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: v}); err != nil {
		s.o.Log.Warn("app home not shown", "surface", Name, "workspace", b.Workspace, "user", user, "err", err)
	}
}
