package slackbot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"griot/chat"
)

// bot is Griot in one workspace.
type bot struct {
	Install
	api *slack.Client
}

// bots are the workspaces that were heard of since the start.
type bots struct {
	mu    sync.Mutex // guards what follows
	all   map[string]*bot
	fixed string   // workspace of the bot token; empty until Slack has said it
	ill   *Silence // since when and why the bot token does not work; nil: it does, or nobody has tried
}

// trouble is nil while the bot token works.
func (b *bots) trouble() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ill == nil {
		return nil
	}
	return b.ill
}

// doubt notes that Slack does not take the bot token: its next use asks again.
func (b *bots) doubt(why error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all, b.fixed)
	b.fixed = ""
	if b.ill == nil {
		b.ill = &Silence{From: now}
	}
	b.ill = &Silence{From: b.ill.From, Err: why}
}

// trust notes that Slack takes the bot token, as that of x.
func (b *bots) trust(x *bot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fixed, b.all[x.Workspace], b.ill = x.Workspace, x, nil
}

func (b *bots) get(workspace string) *bot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all[workspace]
}

func (b *bots) put(x *bot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all[x.Workspace] = x
}

func (b *bots) forget(workspace string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all, workspace)
}

// api is a client for one token. Nothing is tried again by itself: the board knows better.
func (s *Surface) api(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(s.o.API), slack.OptionHTTPClient(s.http))
}

func (s *Surface) bot(i Install) *bot { return &bot{Install: i, api: s.api(i.Token)} }

// introduce asks Slack whose the bot token is, until it answers.
func (s *Surface) introduce(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		_, err := s.own(ctx)
		if err == nil {
			return
		}
		s.o.Log.Warn("slack does not know the bot token", "surface", Name, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// own is the bot of the bot token.
func (s *Surface) own(ctx context.Context) (*bot, error) {
	s.bots.mu.Lock()
	known := s.bots.all[s.bots.fixed]
	s.bots.mu.Unlock()
	if known != nil {
		return known, nil
	}
	x, err := Identify(ctx, s.o.API, s.o.BotToken, s.http)
	if err != nil {
		if ctx.Err() == nil {
			s.bots.doubt(err, s.o.Now())
		}
		return nil, err
	}
	// Kept like the others, so that the team's admins are told when it is taken back.
	if err := s.o.Installs.Save(ctx, x); err != nil {
		s.o.Log.Warn("slack's right not stored", "surface", Name, "workspace", x.Workspace, "err", err)
	}
	b := s.bot(x)
	s.bots.trust(b)
	return b, nil
}

// Identify asks Slack what a bot token may do, and where. Its error says what Slack said.
func Identify(ctx context.Context, base, token string, client *http.Client) (Install, error) {
	var scopes string
	api := slack.New(token, slack.OptionAPIURL(base), slack.OptionHTTPClient(client),
		slack.OptionOnResponseHeaders(func(_ string, h http.Header) { scopes = h.Get("X-OAuth-Scopes") }))
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		return Install{}, fmt.Errorf("ask slack whose token it is: %w", err)
	}
	return Install{Workspace: me.TeamID, Name: me.Team, BotUser: me.UserID, Token: token, Scopes: split(scopes)}, nil
}

// split reads a list of scopes as Slack writes it.
func split(scopes string) []string {
	out := strings.FieldsFunc(scopes, func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(out)
	return out
}

// early is how long before its end a token is replaced.
const early = 30 * time.Minute

// at is Griot in a workspace, with a token that works for a while. Errors: chat.ErrRemoved.
func (s *Surface) at(ctx context.Context, workspace string) (*bot, error) {
	b, err := s.installed(ctx, workspace)
	if err != nil || s.lasts(b.Install) {
		return b, err
	}
	return s.rotate(ctx, b)
}

// installed is Griot in a workspace, whatever its token is worth by now. The bot token's workspace needs no installation, and
// one that is no good disturbs no other workspace. Errors: chat.ErrRemoved.
func (s *Surface) installed(ctx context.Context, workspace string) (*bot, error) {
	if b := s.bots.get(workspace); b != nil {
		return b, nil
	}
	i, err := s.o.Installs.Get(ctx, workspace)
	if err == nil {
		b := s.bot(i)
		s.bots.put(b)
		return b, nil
	}
	if s.o.BotToken == "" || !errors.Is(err, chat.ErrRemoved) {
		return nil, err
	}
	own, err := s.own(ctx)
	if err == nil && own.Workspace != workspace {
		return nil, chat.ErrRemoved
	}
	return own, err
}

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
		return nil, errors.Join(s.gone(ctx, old.Workspace), chat.ErrRemoved)
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

// call does something in a workspace, once more with the token of today when Slack no longer takes the one at hand. Its
// errors are those of chat.Surface.
func (s *Surface) call(ctx context.Context, at chat.Place, do func(context.Context, *bot) error) error {
	b, err := s.at(ctx, at.Workspace)
	if err != nil {
		return mended(err, "")
	}
	err = do(ctx, b)
	if revoked(err) {
		err = s.again(ctx, b, do, err)
	}
	return mended(err, at.Channel)
}

// again tries with the token that is stored by now; when that is the same one, the workspace has taken it back.
func (s *Surface) again(ctx context.Context, b *bot, do func(context.Context, *bot) error, why error) error {
	if b.Token == s.o.BotToken {
		s.bots.doubt(why, s.o.Now())
		if ends(why) {
			return errors.Join(s.gone(ctx, b.Workspace), chat.ErrRemoved)
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
		return errors.Join(s.gone(ctx, b.Workspace), chat.ErrRemoved)
	}
	return why
}

// gone forgets a workspace that no longer wants Griot.
func (s *Surface) gone(ctx context.Context, workspace string) error {
	s.bots.forget(workspace)
	return s.o.Installs.Remove(ctx, workspace)
}
