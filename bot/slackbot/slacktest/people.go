package slacktest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Command types a slash command in a channel: "/post" and the rest of the line.
func (p *Person) Command(c *Channel, command, text string) Ack {
	s := p.w.s
	s.mu.Lock()
	if !p.may() || len(s.App.Commands) > 0 && !slices.Contains(s.App.Commands, command) {
		s.mu.Unlock()
		return Ack{Refused: true, Trouble: command + " is not a valid command"}
	}
	if !c.has(p) && c.private || c.archived {
		return s.refuse("%s cannot write in #%s", p.Name, c.Name)
	}
	parcel := p.command(c, command, text)
	url := parcel.form.Get("response_url")
	s.mu.Unlock()
	r, tries := s.deliver(parcel)
	ack := r.ack(tries)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.late || r.lost || r.ignored:
		ack.Trouble = fmt.Sprintf(dispatchFailed, command)
	case !r.ok():
		ack.Trouble = fmt.Sprintf(dispatchError, command, "dispatch_failed")
	case ack.Payload != nil:
		if refused := s.urls[url].say(answered(ack.Payload)); refused != nil {
			s.fault("the answer to %s is refused: %s %s", command, refused.code, strings.Join(refused.told, "; "))
			ack.Trouble = fmt.Sprintf(dispatchError, command, "invalid_command_response")
		}
	}
	return ack
}

// may says whether the person has the app's commands and shortcuts: strangers have those of their own workspace. The mutex
// is held.
func (p *Person) may() bool { return p.home == p.w && p.w.installed }

// answered is the body of an acknowledgement: JSON, or plain text, which is said as it is.
func answered(raw json.RawMessage) Object {
	v, err := decode(raw)
	if o, ok := v.(Object); ok && err == nil {
		return o
	}
	return Object{"text": string(raw)}
}

// command is a slash command as it is delivered. The mutex is held.
func (p *Person) command(c *Channel, command, line string) *parcel {
	s := p.w.s
	if !s.Raw {
		line = text(p.typed(line, true))
	}
	name := c.Name
	if c.private && c.im == nil {
		name = "privategroup"
	}
	form := url.Values{}
	for k, v := range map[string]string{
		"token": "verification-token", "team_id": p.w.ID, "team_domain": p.w.Domain, "channel_id": c.ID, "channel_name": name,
		"user_id": p.ID, "user_name": p.Name, "command": command, "text": line, "api_app_id": s.App.ID,
		"is_enterprise_install": "false", "response_url": s.replyURL("commands", c, p, nil), "trigger_id": s.triggered(p, nil),
	} {
		form.Set(k, v)
	}
	body := Object{}
	for k := range form {
		body[k] = form.Get(k)
	}
	return &parcel{kind: "slash_commands", form: form, body: body, answers: true}
}

// interaction is what all interactions carry. For a stranger team is the app's workspace and user.team_id is theirs.
// Source: slackapi/java-slack-sdk issue 1041. The mutex is held.
func (p *Person) interaction(kind string) Object {
	return Object{
		"type": kind, "token": "verification-token", "api_app_id": p.w.s.App.ID, "enterprise": nil, "is_enterprise_install": false,
		"team": Object{"id": p.w.ID, "domain": p.w.Domain},
		"user": Object{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.home.ID},
	}
}

// Shortcut starts a global shortcut by its callback id.
func (p *Person) Shortcut(callback string) Ack {
	p.w.s.mu.Lock()
	if !p.may() {
		p.w.s.mu.Unlock()
		return Ack{Refused: true}
	}
	body := p.interaction("shortcut")
	delete(body, "api_app_id")
	body["callback_id"], body["action_ts"], body["trigger_id"] = callback, p.w.s.ts(), p.w.s.triggered(p, nil)
	return p.started(body)
}

// MessageShortcut starts a message shortcut by its callback id, on a message.
func (p *Person) MessageShortcut(on Message, callback string) Ack {
	s := p.w.s
	s.mu.Lock()
	if on.m == nil || on.m.c.message(on.ID) == nil {
		return s.refuse("%s finds no message for the shortcut %s", p.Name, callback)
	}
	if !p.may() {
		s.mu.Unlock()
		return Ack{Refused: true}
	}
	m := on.m.c.message(on.ID)
	body := p.interaction("message_action")
	delete(body, "api_app_id")
	body["callback_id"], body["action_ts"], body["trigger_id"] = callback, s.ts(), s.triggered(p, nil)
	body["channel"], body["message_ts"], body["message"] = m.c.named(), m.ts, m.json()
	body["response_url"] = s.replyURL("actions", m.c, p, m)
	return p.started(body)
}

// started delivers a shortcut. The mutex is held when it is called, and free when it returns.
func (p *Person) started(body Object) Ack {
	p.w.s.mu.Unlock()
	r, tries := p.w.s.deliver(&parcel{kind: "interactive", body: body})
	return p.w.s.acted(r, tries, str(body, "type"))
}
