package slackbot

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// patience is how long Slack waits for an acknowledgement, with a margin for its way.
const patience = 2800 * time.Millisecond

// pings is how often Slack pings an open socket, at most.
const pings = 30 * time.Second

// listen keeps one of the two sockets open until ctx ends. Two are open at once, so that while Slack refreshes one of them
// what people do arrives by the other.
func (s *Surface) listen(ctx context.Context, n int, l *line) {
	api := slack.New("", slack.OptionAPIURL(s.o.API), slack.OptionAppLevelToken(s.o.AppToken), slack.OptionHTTPClient(l.client(s.http)))
	for ctx.Err() == nil {
		l.begin(s.o.Now())
		sm := socketmode.New(api, socketmode.OptionDialer(l.dialer(s.o.Now)), socketmode.OptionPingInterval(pings),
			socketmode.OptionLog(log.New(io.Discard, "", 0)))
		err := s.run(ctx, sm, l)
		if ctx.Err() != nil {
			return
		}
		// The token is not good, or Slack is away for long: it is tried again at the pace of hopeless connections.
		l.refused(err, s.o.Now())
		s.o.Log.Error("slack takes no connection", "surface", Name, "socket", n, "err", err)
		select {
		case <-time.After(l.pause.Most):
		case <-ctx.Done():
		}
	}
}

// run lets the library connect and reconnect, and takes all it says: one that is not listened to stops reading, and then
// never connects again. It returns why there is no connection when the library would wait longer than we do.
func (s *Surface) run(ctx context.Context, sm *socketmode.Client, l *line) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan error, 1)
	go func() { over <- sm.RunContext(ctx) }()
	for {
		select {
		case e := <-sm.Events:
			s.heard(ctx, sm, l, e)
			if why, ok := e.Data.(*slack.ConnectionErrorEvent); ok && why.Backoff > l.pause.Most {
				cancel()
				<-over
				return why.ErrorObj
			}
		case err := <-over:
			return err
		}
	}
}

// heard takes one thing that the library says, without doing the work.
func (s *Surface) heard(ctx context.Context, sm *socketmode.Client, l *line, e socketmode.Event) {
	now := s.o.Now()
	switch e.Type {
	case socketmode.EventTypeConnected:
		l.opened(now)
		s.o.Log.Info("slack connected", "surface", Name)
	case socketmode.EventTypeConnectionError:
		if why, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			l.refused(why.ErrorObj, now)
			s.o.Log.Warn("slack not connected yet", "surface", Name, "err", why.ErrorObj)
		}
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		s.arrived(ctx, sm, e.Request.EnvelopeID, e.Request.Type, e.Request.Payload)
	case socketmode.EventTypeErrorBadMessage:
		// What the library cannot read is read here, or at least acknowledged: else Slack sends it again, and in the end nothing.
		var r socketmode.Request
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok && json.Unmarshal(bad.Message, &r) == nil && r.EnvelopeID != "" {
			s.arrived(ctx, sm, r.EnvelopeID, r.Type, r.Payload)
		}
	}
}

// arrived does what an envelope asks for, beside the others, and acknowledges it.
func (s *Surface) arrived(ctx context.Context, sm *socketmode.Client, id, kind string, payload json.RawMessage) {
	s.tasks.Do(func(tasks context.Context) {
		within, cancel := context.WithTimeout(tasks, patience)
		defer cancel()
		r, err := s.receive(within, kind, payload)
		if err != nil {
			s.o.Log.Warn("not acknowledged to slack", "surface", Name, "kind", kind, "err", err)
			return
		}
		if err := s.acknowledge(within, sm, id, &r); err != nil {
			s.o.Log.Warn("not acknowledged to slack", "surface", Name, "kind", kind, "err", err)
			r.beside()
		}
		if r.after != nil {
			r.after(tasks)
		}
	})
}

// acknowledge answers an envelope while Slack waits for that. Later it would only be in the way of the others.
func (s *Surface) acknowledge(ctx context.Context, sm *socketmode.Client, id string, r *reply) error {
	body, err := r.body()
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if body == nil {
		return sm.AckCtx(ctx, id, nil)
	}
	return sm.AckCtx(ctx, id, body)
}

// dialer notes when the line hears something: Slack's pings are the only sign of life of a quiet workspace.
func (l *line) dialer(now func() time.Time) *websocket.Dialer {
	return &websocket.Dialer{Proxy: proxy, NetDialContext: l.dial(now), HandshakeTimeout: 30 * time.Second, WriteBufferSize: 32 << 10}
}
