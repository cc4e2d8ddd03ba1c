package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"griot/bot/discordbot"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/storage"
)

// platform is a chat of the outside: its requests come over HTTP, it has channels of its own, and some of what it sends is
// dealt with later.
type platform interface {
	chat.Surface
	Handler() http.Handler
	Health() error
	RoomName(ctx context.Context, at chat.Place) string
	Rooms(ctx context.Context, workspace string) []chat.Option
	Later(ctx context.Context, payload []byte) error
}

// platforms are those that are configured.
func (a *App) platforms() []platform {
	var out []platform
	if a.Slack != nil {
		out = append(out, a.Slack)
	}
	if a.Discord != nil {
		out = append(out, a.Discord)
	}
	return out
}

// platform is the one of that name; false for a playground, and for a chat that is not connected today.
func (a *App) platform(name string) (platform, bool) {
	for _, p := range a.platforms() {
		if p.Name() == name {
			return p, true
		}
	}
	return nil, false
}

// paces are how long a channel is left alone between two messages. Slack takes one a second, Discord five in five.
var paces = map[string]time.Duration{slackbot.Name: time.Second, discordbot.Name: time.Second}

func (a *App) pace(surface string) time.Duration {
	if a.parts.Unpaced {
		return 0
	}
	return paces[surface]
}

// roomName is what people call a channel, where a chat says so.
func (a *App) roomName(ctx context.Context, at chat.Place) string {
	if p, ok := a.platform(at.Surface); ok {
		return p.RoomName(ctx, at)
	}
	return ""
}

// chatJob goes on with what a chat sent and nobody waits for.
type chatJob struct {
	Surface string
	Payload string
}

// Kind names the job.
func (chatJob) Kind() string { return "chat" }

// keepChat stores what a chat sent, once per id, to be dealt with at once.
func (a *App) keepChat(surface string) func(ctx context.Context, id string, payload []byte) error {
	return func(ctx context.Context, id string, payload []byte) error {
		return a.DB.InTx(ctx, func(tx *storage.Tx) error {
			fresh, err := tx.Keep(ctx, "kept|"+surface+"|"+id)
			if err != nil || !fresh {
				return err
			}
			return tx.Enqueue(ctx, chatJob{Surface: surface, Payload: string(payload)})
		})
	}
}

// later goes on with what was kept.
func (a *App) later(ctx context.Context, j chatJob) error {
	p, ok := a.platform(j.Surface)
	if !ok {
		return nil // that chat is not connected today
	}
	err := p.Later(ctx, []byte(j.Payload))
	if w, ok := errors.AsType[*chat.Wait](err); ok {
		return &storage.Later{After: max(w.After, time.Second)}
	}
	return err
}

// stale has a message drawn again that may not show what was answered to a press of it.
func (a *App) stale(ctx context.Context, ref chat.MessageRef) error { return a.Board.Stale(ctx, ref) }

// installed draws what a workspace missed while Griot could not speak there.
func (a *App) installed(ctx context.Context, workspace string) {
	if err := a.Board.Look(ctx); err != nil {
		a.parts.Log.Error("cards not looked at after an installation", "workspace", workspace, "err", err)
	}
}
