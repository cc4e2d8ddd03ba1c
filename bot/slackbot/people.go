package slackbot

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"griot/chat"
	"griot/i18n"
)

// How long what Slack says of people and channels is believed, and how many are remembered.
const (
	believed   = 15 * time.Minute
	remembered = 5000
	askTime    = 700 * time.Millisecond // of the three seconds that Slack waits
)

// profile is what Slack says of a person.
type profile struct {
	chat.Who
	until time.Time
}

// profiles are people, by workspace and user id.
type profiles struct {
	mu  sync.Mutex // guards all
	all map[string]profile
}

func (p *profiles) get(key string, now time.Time) (chat.Who, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.all[key]
	return x.Who, ok && now.Before(x.until)
}

func (p *profiles) put(key string, x profile) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.all) >= remembered {
		clear(p.all) // rarely: a workspace of five thousand who all spoke within the quarter of an hour
	}
	p.all[key] = x
}

func (p *profiles) forget(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, key)
}

// who is a person as Slack knows them. When Slack does not say in time, name is all that is known of them.
func (s *Surface) who(ctx context.Context, b *bot, user, name string) chat.Who {
	key := b.Workspace + "|" + user
	now := s.o.Now()
	if w, ok := s.people.get(key, now); ok {
		return w
	}
	bare := chat.Who{Surface: Name, Workspace: b.Workspace, User: user, Name: name, Manager: user == b.InstalledBy}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	back, err := s.turns.take(ctx, "who|"+key)
	if err != nil {
		return bare
	}
	defer back()
	if w, ok := s.people.get(key, now); ok {
		return w // whoever asked before us was told
	}
	u, err := b.api.GetUserInfoContext(ctx, user, slack.GetUserInfoOptionIncludeLocale(true))
	if err != nil {
		s.o.Log.Warn("slack does not say who somebody is", "surface", Name, "workspace", b.Workspace, "user", user, "err", err)
		return bare
	}
	w := s.known(b, bare, u)
	s.people.put(key, profile{Who: w, until: now.Add(believed)})
	return w
}

// known adds what a profile says. Somebody of another workspace (Slack Connect) manages nothing here.
func (s *Surface) known(b *bot, w chat.Who, u *slack.User) chat.Who {
	w.Name = cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name, w.Name)
	w.Zone = u.TZ
	if l, ok := i18n.ParseLocale(u.Locale); ok {
		w.Locale = l
	}
	stranger := u.IsStranger || u.TeamID != "" && u.TeamID != b.Workspace && u.Enterprise.ID == ""
	w.Manager = !stranger && (w.Manager || u.IsAdmin || u.IsOwner || u.IsPrimaryOwner)
	return w
}

// room is what Slack says of a channel.
type room struct {
	name  string
	open  bool // Griot may write there
	until time.Time
}

// rooms are channels, by workspace and id.
type rooms struct {
	mu  sync.Mutex // guards what follows
	all map[string]room
}

func (r *rooms) get(key string, now time.Time) (room, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	x, ok := r.all[key]
	return x, ok && now.Before(x.until)
}

func (r *rooms) put(key string, x room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= remembered {
		clear(r.all)
	}
	r.all[key] = x
}

// room asks what a channel is. One that cannot be asked about is one that Griot may not write in.
func (s *Surface) room(ctx context.Context, b *bot, channel string) room {
	key := b.Workspace + "|" + channel
	now := s.o.Now()
	if x, ok := s.rooms.get(key, now); ok {
		return x
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	back, err := s.turns.take(ctx, "room|"+key)
	if err != nil {
		return room{open: true}
	}
	defer back()
	if x, ok := s.rooms.get(key, now); ok {
		return x // whoever asked before us was told
	}
	c, err := b.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	switch {
	case err == nil:
		public := !c.IsPrivate && !c.IsIM && !c.IsMpIM
		x := room{name: c.NameNormalized, open: !c.IsArchived && (c.IsMember || c.IsIM || public), until: now.Add(believed)}
		x.name = cmp.Or(x.name, c.Name)
		if !x.open {
			x.until = now.Add(time.Minute) // an invitation is on its way, perhaps
		}
		s.rooms.put(key, x)
		return x
	case is(err, goneCodes):
		return room{}
	}
	return room{open: true} // not known: better to try
}

// RoomName is what people call a channel, with its "#"; empty when Slack does not say.
func (s *Surface) RoomName(ctx context.Context, at chat.Place) string {
	b, err := s.at(ctx, at.Workspace)
	if err != nil {
		return ""
	}
	if x := s.room(ctx, b, at.Channel); x.name != "" {
		return "#" + x.name
	}
	return ""
}

// names says what people call the users and channels of a text.
func (s *Surface) names(ctx context.Context, b *bot) func(id string) string {
	return func(id string) string {
		if strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") {
			return s.who(ctx, b, id, "").Name
		}
		return s.room(ctx, b, id).name
	}
}

// direct is the conversation between a person and Griot, as a channel.
func (s *Surface) direct(ctx context.Context, b *bot, user string) (string, error) {
	key := b.Workspace + "|dm:" + user
	now := s.o.Now()
	if x, ok := s.rooms.get(key, now); ok {
		return x.name, nil
	}
	c, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", err
	}
	s.rooms.put(key, room{name: c.ID, open: true, until: now.Add(24 * time.Hour)})
	return c.ID, nil
}
