package slacktest

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// event wraps what happened as the Events API does; nil when the app did not subscribe to it, is not installed or may not see
// it. The mutex is held.
func (s *Server) event(w *Workspace, e Object) *parcel {
	kind := str(e, "type")
	c := w.byID(str(e, "channel"))
	if kind == "message" {
		kind = map[string]string{"im": "message.im", "channel": "message.channels", "group": "message.groups"}[c.channelType()]
		if !c.has(w.Bot) {
			return nil
		}
	}
	last := kind == "app_uninstalled" || kind == "tokens_revoked"
	if !slices.Contains(s.App.Events, kind) || !w.installed && !last {
		return nil
	}
	return s.wrap(w, e, c != nil && c.shared)
}

// wrap is an event as it is delivered. The mutex is held.
func (s *Server) wrap(w *Workspace, e Object, shared bool) *parcel {
	if e["event_ts"] == nil {
		e["event_ts"] = s.ts()
	}
	s.seq++
	id := fmt.Sprintf("Ev0%08d", s.seq)
	return &parcel{kind: "events_api", body: Object{
		"token": "verification-token", "team_id": w.ID, "context_team_id": w.ID, "context_enterprise_id": nil, "api_app_id": s.App.ID,
		"event": e, "type": "event_callback", "event_id": id, "event_time": s.Now().Unix(),
		"authorizations": []any{Object{
			"enterprise_id": nil, "team_id": w.ID, "user_id": w.Bot.ID, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": shared, "event_context": "4-" + id,
	}}
}

// byID finds a conversation whoever asks; nil when there is none. The mutex is held.
func (w *Workspace) byID(id string) *Channel {
	if i := slices.IndexFunc(w.channels, func(c *Channel) bool { return c.ID == id }); i >= 0 {
		return w.channels[i]
	}
	return nil
}

// Mention says something to the bot in a channel, "@griot …", which arrives as app_mention when the bot is a member.
func (p *Person) Mention(c *Channel, words string) Ack {
	return p.Reply(c, "", "@"+p.w.Bot.Name+" "+words)
}

// DirectMessage says something to the bot alone, which arrives as message.im.
func (p *Person) DirectMessage(words string, files ...string) Ack {
	return p.Reply(p.Direct(), "", words, files...)
}

// Say says something in a channel. The app hears of it when the bot is mentioned, and when it is subscribed to the messages of
// such channels.
func (p *Person) Say(c *Channel, words string, files ...string) Ack {
	return p.Reply(c, "", words, files...)
}

// Reply is Say in the thread of a message; an empty thread is none. Files are ids that Upload gave.
func (p *Person) Reply(c *Channel, thread, words string, files ...string) Ack {
	s := p.w.s
	s.mu.Lock()
	if !c.has(p) {
		return s.refuse("%s is not in #%s", p.Name, c.Name)
	}
	pieces := p.typed(words, false)
	m := &message{author: p, text: text(pieces), blocks: rich(s.id("b"), pieces), thread: thread}
	for _, id := range files {
		f := s.files[id]
		if f == nil {
			return s.refuse("%s has no file %s to share", p.Name, id)
		}
		f.shared = append(f.shared, c)
		m.files = append(m.files, f)
	}
	heard := c.add(m)
	mentioned := slices.ContainsFunc(pieces, func(x piece) bool { return x.element["user_id"] == p.w.Bot.ID })
	if !mentioned || c.im != nil || !c.has(p.w.Bot) {
		return s.send(heard)
	}
	s.later(heard)
	e := m.json()
	delete(e, "subtype")
	maps.Copy(e, Object{"type": "app_mention", "channel": c.ID, "event_ts": m.ts})
	return s.send(s.event(p.w, e))
}

// EditMessage changes a message the person wrote.
func (p *Person) EditMessage(c *Channel, ts, words string) Ack {
	s := p.w.s
	s.mu.Lock()
	m := c.message(ts)
	if m == nil || m.author != p {
		return s.refuse("%s wrote no message %s in #%s", p.Name, ts, c.Name)
	}
	now := m.again()
	pieces := p.typed(words, false)
	now.text, now.blocks = text(pieces), rich(s.id("b"), pieces)
	return s.send(c.edit(m, now))
}

// OpenHome opens the app's Home tab.
func (p *Person) OpenHome() Ack { return p.open("home") }

// OpenMessages opens the app's Messages tab.
func (p *Person) OpenMessages() Ack { return p.open("messages") }

func (p *Person) open(tab string) Ack {
	s := p.w.s
	s.mu.Lock()
	e := Object{"type": "app_home_opened", "user": p.ID, "channel": p.direct().ID, "tab": tab}
	if tab == "home" && p.tab != nil {
		e["view"] = p.tab.json()
	}
	return s.send(s.event(p.w, e))
}

// Leave deactivates the person's account.
func (p *Person) Leave() Ack {
	s := p.w.s
	s.mu.Lock()
	p.gone = true
	return s.send(s.event(p.w, Object{"type": "user_change", "user": p.json(true), "cache_ts": s.Now().Unix()}))
}

// SendEvent sends an inner event of any type, subscribed or not, as Slack does with types that are newer than the app.
func (w *Workspace) SendEvent(e Object) Ack {
	w.s.mu.Lock()
	return w.s.send(w.s.wrap(w, copied(e).(Object), false))
}

// trigger is what a modal may be opened with, once, for three seconds.
type trigger struct {
	p    *Person
	from *view // the modal it came from; nil: none
	ends time.Time
	used bool
}

// triggered makes a trigger_id. The mutex is held.
func (s *Server) triggered(p *Person, from *view) string {
	s.seq++
	id := fmt.Sprintf("%d.%d.%032x", 10000000+s.seq, s.Now().UnixMilli(), s.seq)
	s.triggers[id] = &trigger{p: p, from: from, ends: s.Now().Add(3 * time.Second)}
	return id
}
