package slackbot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"griot/chat"
)

// early is how long before its end a token is replaced.
const early = 30 * time.Minute

// lasts reports whether a token works for a while.
func (s *Surface) lasts(i Install) bool {
	return i.Expires.IsZero() || s.o.Now().Before(i.Expires.Add(-early))
}

// rotate replaces a token that ends soon. While the old one lasts, a failure is no harm.
func (s *Surface) rotate(ctx context.Context, old *bot) (*bot, error) {
	i, err := s.o.Installs.Rotate(ctx, old.Workspace, s.renew)
	if err == nil {
		b := s.bot(i)
		s.bots.put(b)
		return b, nil
	}
	if s.o.Now().Before(old.Expires) && !errors.Is(err, chat.ErrRemoved) {
		s.o.Log.Warn("slack token not renewed yet", "surface", Name, "workspace", old.Workspace, "err", err)
		return old, nil
	}
	s.bots.forget(old.Workspace)
	if errors.Is(err, chat.ErrRemoved) {
		s.o.Log.Warn("slack renews a token no more", "surface", Name, "workspace", old.Workspace, "err", err)
		return nil, errors.Join(s.gone(ctx, old), chat.ErrRemoved)
	}
	return nil, err
}

// renew fetches new tokens, unless somebody has just done so.
func (s *Surface) renew(ctx context.Context, was Install) (Install, error) {
	if s.lasts(was) {
		return was, nil
	}
	r, err := slack.RefreshOAuthV2TokenContext(ctx, s.http, s.o.ClientID, s.o.ClientSecret, was.Refresh, slack.OAuthOptionAPIURL(s.o.API))
	if codeOf(err) == spentCode || ends(err) {
		err = errors.Join(chat.ErrRemoved, err)
	}
	if err != nil {
		return Install{}, fmt.Errorf("renew the token of %s: %w", was.Workspace, err)
	}
	was.Token, was.Refresh = r.AccessToken, r.RefreshToken
	was.Expires = s.o.Now().Add(time.Duration(r.ExpiresIn) * time.Second)
	return was, nil
}

// again tries with the token that is stored by now; when that is the same one, the workspace has taken it back.
func (s *Surface) again(ctx context.Context, b *bot, do func(context.Context, *bot) error, why error) error {
	if b.Token == s.o.BotToken {
		s.bots.doubt(why, s.o.Now())
		if ends(why) {
			return errors.Join(s.gone(ctx, b), chat.ErrRemoved)
		}
		return why
	}
	s.bots.forget(b.Workspace)
	now, err := s.at(ctx, b.Workspace)
	switch {
	case err != nil:
		return err
	case now.Token != b.Token:
		return do(ctx, now)
	case ends(why):
		s.o.Log.Warn("slack took its right back", "surface", Name, "workspace", b.Workspace, "err", why)
		return errors.Join(s.gone(ctx, b), chat.ErrRemoved)
	}
	return why
}

// gone forgets a workspace that no longer wants Griot, unless it has given another right than b meanwhile.
func (s *Surface) gone(ctx context.Context, b *bot) error {
	back, err := s.turns.take(ctx, "right|"+b.Workspace)
	if err != nil {
		return err
	}
	defer back()
	s.bots.forget(b.Workspace)
	now, err := s.o.Installs.Get(ctx, b.Workspace)
	switch {
	case errors.Is(err, chat.ErrRemoved):
		return nil
	case err != nil:
		return err
	case now.Token != b.Token:
		return nil
	}
	return s.o.Installs.Remove(ctx, b.Workspace)
}

// given stores a right that a workspace has just given.
func (s *Surface) given(ctx context.Context, i Install) (*bot, error) {
	back, err := s.turns.take(ctx, "right|"+i.Workspace)
	if err != nil {
		return nil, err
	}
	defer back()
	if err := s.o.Installs.Save(ctx, i); err != nil {
		return nil, err
	}
	b := s.bot(i)
	s.bots.put(b)
	return b, nil
}
