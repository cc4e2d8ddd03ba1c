package app

import (
	"context"
	"net/http"

	"griot/chat"
	"griot/storage"
	"griot/web"
)

// Handler is everything that answers on GRIOT_ADDR: the pages of web, and the playground below the rest.
func (a *App) Handler() http.Handler {
	o := web.Options{Accounts: a.Accounts, BaseURL: a.cfg.BaseURL, Locale: a.cfg.Locale, Now: a.parts.Now, Log: a.parts.Log,
		Database: a.DB.Ping, Jobs: a.Queue.Ready, Chats: a.chats, Metrics: a.metrics, MetricsToken: a.cfg.MetricsToken,
		Mounts: map[string]http.Handler{}}
	for i, s := range a.Playgrounds {
		o.Mounts[[]string{"", a.parts.Second}[i]+"/"] = s.Handler()
	}
	for _, p := range a.platforms() {
		o.Mounts["/"+p.Name()+"/"] = p.Handler()
	}
	return web.New(o)
}

// chats says of each surface whether it is up.
func (a *App) chats() map[string]error {
	out := map[string]error{}
	for _, s := range a.Playgrounds {
		if out[s.Name()] = nil; !s.Ready() {
			out[s.Name()] = errNotUp
		}
	}
	for _, p := range a.platforms() {
		out[p.Name()] = p.Health()
	}
	return out
}

// handle is the bot's, counted.
func (a *App) handle(ctx context.Context, e chat.Event) (chat.Answer, error) {
	answer, err := a.Bot.Handle(ctx, e)
	a.metrics.Acted(e.Who.Surface, kindOf(answer, err))
	return answer, err
}

func kindOf(a chat.Answer, err error) string {
	if err != nil {
		return "error"
	}
	switch a.(type) {
	case chat.Say:
		return "say"
	case chat.Ask:
		return "ask"
	case chat.Refresh:
		return "refresh"
	}
	return "silent"
}

// countDeliveries is what the metrics ask for.
func (a *App) countDeliveries(ctx context.Context) (map[string]int, error) {
	return storage.CountDeliveries(ctx, a.DB)
}
