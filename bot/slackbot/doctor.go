package slackbot

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"griot/chat"
)

// Workspace is what Slack says of one workspace's right, for whoever looks at what Griot stands on.
type Workspace struct {
	Install
	Lacking []Scope // rights that Griot needs and does not have
}

// Examine asks Slack about the bot token's workspace, or about one that installed Griot. Errors: chat.ErrRemoved when the
// right was taken back, else what Slack said.
func (s *Surface) Examine(ctx context.Context, workspace string) (Workspace, error) {
	var w Workspace
	token := s.o.BotToken
	if workspace != "" {
		b, err := s.at(ctx, workspace)
		if err != nil {
			return w, err
		}
		token = b.Token
	}
	i, err := Identify(ctx, s.o.API, token, s.http)
	if err != nil {
		return w, mended(err, "")
	}
	w.Install = i
	missing := Missing(i.Scopes)
	for _, sc := range Scopes {
		for _, m := range missing {
			if sc.Name == m {
				w.Lacking = append(w.Lacking, sc)
			}
		}
	}
	return w, nil
}

// CheckSocket asks Slack for a connection by the app token, and does not use it.
func (s *Surface) CheckSocket(ctx context.Context) error {
	api := slack.New("", slack.OptionAPIURL(s.o.API), slack.OptionAppLevelToken(s.o.AppToken), slack.OptionHTTPClient(s.http))
	if _, _, err := api.StartSocketModeContext(ctx); err != nil {
		return fmt.Errorf("ask slack for a connection: %w", err)
	}
	return nil
}

// ErrHidden says that Slack shows no such channel: it is private, or no more. Slack does not tell which.
var ErrHidden = errors.New("slackbot: channel not seen")

// Said is Slack's own word for what went wrong, "invalid_auth"; empty when Slack was not reached.
func Said(err error) string { return codeOf(err) }

// Reaches reports whether Griot may write in a channel, and what people call it, where Slack says so. Errors: chat.ErrOutside when it must be
// invited, ErrHidden, chat.ErrGone when the channel is archived, chat.ErrRemoved.
func (s *Surface) Reaches(ctx context.Context, at chat.Place) (name string, err error) {
	err = s.call(ctx, at, func(ctx context.Context, b *bot) error {
		c, err := b.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: at.Channel})
		switch {
		case codeOf(err) == "channel_not_found":
			return ErrHidden
		case err != nil:
			return err
		}
		name = "#" + c.Name
		switch {
		case c.IsArchived:
			return chat.ErrGone
		case !c.IsMember && !c.IsIM && (c.IsPrivate || c.IsMpIM):
			return chat.ErrOutside
		}
		return nil
	})
	return name, err
}
