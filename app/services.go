package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"griot/bot/playground"
	"griot/chat"
	"griot/commands"
	"griot/social"
	"griot/storage"
)

// services are what commands call.
func (a *App) services() commands.Services {
	return commands.Services{
		Publishing: a.Publishing, Team: a.Team, Accounts: a.Accounts, Inbox: a.Inbox, Writing: a.Writing, Digest: a.Digest, Media: a.Media,
		Now:    func(ctx context.Context) (time.Time, error) { return a.DB.Now(ctx) },
		Locale: a.cfg.Locale, Zone: a.cfg.Zone, BaseURL: a.cfg.BaseURL,
		Channels: a.channels, Groups: a.groups, Practice: a.practise, ConnectLater: a.connectLater, WriteLater: a.writeLater, Speaks: a.speaks,
	}
}

// channels lists where a brand's cards can be shown in the workspace of at; nil where the chat has no list.
func (a *App) channels(ctx context.Context, at chat.Place) ([]chat.Option, error) {
	if p, ok := a.platform(at.Surface); ok {
		return p.Rooms(ctx, at.Workspace), nil
	}
	if !slices.ContainsFunc(a.Playgrounds, func(s *playground.Surface) bool { return s.Name() == at.Surface }) {
		return nil, nil
	}
	return []chat.Option{{Value: approvals, Label: "#" + approvals}, {Value: general, Label: "#" + general}}, nil
}

// groups lists the roles of a Discord server; nil where a chat has none.
func (a *App) groups(ctx context.Context, at chat.Place) ([]chat.Option, error) {
	if a.Discord == nil || at.Surface != a.Discord.Name() {
		return nil, nil
	}
	return a.Discord.Groups(ctx, at.Workspace), nil
}

// connectJob goes on with a sign-in whose network takes longer than a chat waits. Secrets stand in it sealed.
type connectJob struct {
	Team, Member string
	At           chat.Place
	Sealed       string
}

// Kind names the job.
func (connectJob) Kind() string { return "connect" }

func (a *App) connectLater(ctx context.Context, by social.Member, at chat.Place, sealed string) error {
	return a.DB.InTx(ctx, func(tx *storage.Tx) error {
		return tx.Enqueue(ctx, connectJob{Team: by.TeamID, Member: by.ID, At: at, Sealed: sealed})
	})
}

// connect finishes a sign-in and tells who asked for it, directly.
func (a *App) connect(ctx context.Context, j connectJob) error {
	m, err := storage.Member(ctx, a.DB, j.Team, j.Member)
	if err != nil {
		return err
	}
	said, err := a.services().Finish(ctx, m, j.Sealed)
	if err != nil {
		return err
	}
	key := sha256.Sum256([]byte(j.Sealed))
	return a.tellDirectly(ctx, m, j.At, "connect-"+hex.EncodeToString(key[:12]), said)
}

// tellDirectly tells a member something where they are known in the chat of a place; key is the same for the same thing over
// restarts.
func (a *App) tellDirectly(ctx context.Context, m social.Member, at chat.Place, key string, said chat.Card) error {
	s := a.Surfaces[at.Surface]
	all, err := storage.Identities(ctx, a.DB, m.TeamID, m.ID)
	i := slices.IndexFunc(all, func(x social.Identity) bool {
		return x.Surface == at.Surface && x.Workspace == at.Workspace
	})
	if err != nil || s == nil || i < 0 {
		return err // the chat is not connected any more: /accounts shows how it went
	}
	words := append([]chat.Span{chat.Bold(said.Title), chat.Break{}}, said.Body...)
	err = s.Nudge(ctx, chat.Nudge{Key: key, Words: words,
		To: chat.Who{Surface: all[i].Surface, Workspace: all[i].Workspace, User: all[i].User, Name: all[i].Name}})
	if errors.Is(err, chat.ErrGone) {
		return nil
	}
	return err
}
