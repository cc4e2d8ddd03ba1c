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
	fixed string        // workspace of the bot token; empty until Slack has said it
	ill   *chat.Silence // since when and why the bot token does not work; nil: it does, or nobody has tried
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

// own is the bot of the bot token; nil until Slack has said whose it is.
func (b *bots) own() *bot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all[b.fixed]
}

// doubt notes that Slack does not take the bot token: its next use asks again.
func (b *bots) doubt(why error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all, b.fixed)
	b.fixed = ""
	if b.ill == nil {
		b.ill = &chat.Silence{From: now}
	}
	b.ill = &chat.Silence{From: b.ill.From, Err: why}
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
	if known := s.bots.own(); known != nil {
		return known, nil
	}
	back, err := s.turns.take(ctx, "own")
	if err != nil {
		return nil, err
	}
	defer back()
	if known := s.bots.own(); known != nil {
		return known, nil // whoever asked before us was told
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
	var ill error
	if s.o.BotToken != "" {
		own, err := s.own(ctx)
		if err == nil && own.Workspace == workspace {
			return own, nil
		}
		ill = err
	}
	i, err := s.o.Installs.Get(ctx, workspace)
	if ill != nil && errors.Is(err, chat.ErrRemoved) {
		return nil, ill // it may be the bot token's
	}
	if err != nil {
		return nil, err
	}
	b := s.bot(i)
	s.bots.put(b)
	return b, nil
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
