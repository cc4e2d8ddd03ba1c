package discordbot

import (
	"cmp"
	"context"
	"errors"

	"griot/bot/discordbot/components"
	"griot/chat"
)

// Nudge writes one line that pings one person: in the thread of a message, or to them directly.
func (s *Surface) Nudge(ctx context.Context, n chat.Nudge) error {
	guild := cmp.Or(n.Thread.Workspace, n.To.Workspace)
	if s.removed(ctx, guild) {
		return chat.ErrRemoved
	}
	m := outgoing{body: body{Message: components.Nudge(n.To.User, n.Words)}, Nonce: s.nonce(n.Key), Enforce: true}
	m.Components[0].ID = components.Mark(n.Key)
	if n.Thread.Message == "" {
		err := s.mended(ctx, guild, s.nudgeDirectly(ctx, n, m))
		if w, ok := errors.AsType[*chat.Wait](err); ok && w.Channel != "" {
			return &chat.Wait{After: w.After, Channel: "@" + n.To.User}
		}
		return err
	}
	return s.mended(ctx, guild, s.nudgeUnder(ctx, n, m))
}

func (s *Surface) nudgeDirectly(ctx context.Context, n chat.Nudge, m outgoing) error {
	at, err := s.home(ctx, n.To.User)
	if err != nil {
		return err
	}
	return s.nudge(ctx, at, n, m)
}

// nudge writes a line into a channel, unless it stands there.
func (s *Surface) nudge(ctx context.Context, channel string, n chat.Nudge, m outgoing) error {
	if n.Again {
		_, err := s.findIn(ctx, channel, n.Key)
		if err == nil || !errors.Is(err, chat.ErrGone) {
			return err
		}
	}
	err := s.rest.do(ctx, call{method: "POST", path: "/channels/" + channel + "/messages", in: m})
	if err == nil {
		s.sent(n.Key)
	}
	return err
}

// nudgeUnder writes into the thread of a card, which is begun by the first line; where Griot may not begin one, the line stands
// in the channel as a reply.
func (s *Surface) nudgeUnder(ctx context.Context, n chat.Nudge, m outgoing) error {
	r, err := s.room(ctx, n.Thread.Channel)
	if err != nil {
		return err
	}
	reply := m
	reply.Reply = &reference{Message: n.Thread.Message}
	switch {
	case starts(r.kind):
		return s.nudge(ctx, n.Thread.Message, n, m)
	case r.thread():
		return s.nudge(ctx, n.Thread.Channel, n, reply)
	}
	err = s.nudge(ctx, n.Thread.Message, n, m) // a thread has the id of the message it belongs to
	if codeOf(err) != unknownChannel {
		return err
	}
	in := map[string]any{"name": components.Title(chat.Flat(n.Words)), "auto_archive_duration": 4320}
	err = s.rest.do(ctx, call{method: "POST", path: "/channels/" + n.Thread.Channel + "/messages/" + n.Thread.Message + "/threads", in: in})
	switch {
	case is(err, outsideCodes):
		return s.nudge(ctx, n.Thread.Channel, n, reply)
	case err != nil && codeOf(err) != threadThere:
		return err
	}
	return s.nudge(ctx, n.Thread.Message, n, m)
}

// threadThere says that the message has a thread already: somebody else was faster.
const threadThere = 160004

// home is the conversation between somebody and Griot.
func (s *Surface) home(ctx context.Context, user string) (string, error) {
	if id, ok := s.homes.get(user); ok {
		return id, nil
	}
	var c channel
	err := s.rest.do(ctx, call{method: "POST", path: "/users/@me/channels", in: map[string]string{"recipient_id": user}, out: &c})
	if err == nil {
		s.homes.put(user, c.ID)
	}
	return c.ID, err
}

// direct says something to one person alone.
func (s *Surface) direct(ctx context.Context, user string, m body, files []upload) error {
	at, err := s.home(ctx, user)
	if err != nil {
		return err
	}
	return s.rest.do(ctx, call{method: "POST", path: "/channels/" + at + "/messages", in: m, files: files})
}
