package slackbot

import (
	"context"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"griot/chat"
)

// mostRooms bounds how many channels of a workspace are listed: the picker of a form knows all of them.
const mostRooms = 3000

// How long a list of channels is believed, and how long somebody waits for it.
const (
	listed   = time.Minute
	listTime = 1500 * time.Millisecond
)

// lists are the channels of each workspace, as they were listed lately.
type lists struct {
	mu  sync.Mutex // guards all
	all map[string]list
}

type list struct {
	rooms []chat.Option
	until time.Time
}

func (l *lists) get(workspace string, now time.Time) ([]chat.Option, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x, ok := l.all[workspace]
	return x.rooms, ok && now.Before(x.until)
}

func (l *lists) put(workspace string, x list) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[workspace] = x
}

// Rooms lists the channels of a workspace in which Griot can speak or to which it can be invited, Value their ids and Label
// their names: at most mostRooms, a minute old at most. nil when Slack does not say in time.
func (s *Surface) Rooms(ctx context.Context, workspace string) []chat.Option {
	now := s.o.Now()
	if known, ok := s.lists.get(workspace, now); ok {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	b, err := s.at(ctx, workspace)
	if err == nil {
		var all []chat.Option
		if all, err = s.list(ctx, b); err == nil {
			s.lists.put(workspace, list{all, now.Add(listed)})
			return all
		}
	}
	s.o.Log.Warn("slack does not list its channels", "surface", Name, "workspace", workspace, "err", err)
	return nil
}

func (s *Surface) list(ctx context.Context, b *bot) ([]chat.Option, error) {
	out := []chat.Option{}
	p := slack.GetConversationsParameters{ExcludeArchived: true, Limit: 999, Types: []string{"public_channel", "private_channel"}}
	for len(out) < mostRooms {
		page, next, err := b.api.GetConversationsContext(ctx, &p)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			out = append(out, chat.Option{Value: c.ID, Label: "#" + c.Name})
		}
		if p.Cursor = next; next == "" {
			break
		}
	}
	return out, nil
}
