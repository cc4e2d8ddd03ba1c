package slacktest

import (
	"slices"
	"strings"
)

// Screen is what a person has before them: a Message or a View.
type Screen interface{ screen() screen }

type screen struct {
	blocks Blocks
	m      *message
	v      *view
}

func (m Message) screen() screen {
	all := slices.Clip(m.Blocks)
	for _, a := range m.attached {
		all = append(all, objects(a["blocks"])...)
	}
	return screen{blocks: all, m: m.m}
}

func (v View) screen() screen { return screen{blocks: v.Blocks, v: v.v} }

// Has says whether there is a button, a menu or a field called that: by its label, its placeholder or its action id.
func (m Message) Has(what string) bool { return m.screen().find(what) != nil }

// Has says whether there is a button, a menu or a field called that: by its label, its placeholder or its action id.
func (v View) Has(what string) bool { return v.screen().find(what) != nil }

// spot is an element on a screen.
type spot struct{ block, element Object }

// find finds what is called that, and of several the first with the value. Labels go before action ids.
func (sc screen) find(what string, value ...string) *spot {
	for _, called := range []func(b, e Object) bool{
		func(b, e Object) bool {
			return str(e, "text", "text") == what || str(e, "placeholder", "text") == what || str(b, "label", "text") == what
		},
		func(b, e Object) bool {
			return str(e, "action_id") == what || key(b, e) == what || str(b, "block_id") == what
		},
	} {
		var hit *spot
		elements(sc.blocks, func(b, e Object) {
			if hit == nil && called(b, e) && (len(value) == 0 || str(e, "value") == value[0]) {
				hit = &spot{b, e}
			}
		})
		if hit != nil {
			return hit
		}
	}
	return nil
}

// Press presses a button of a message, an ephemeral message, a modal or the Home tab: by its label or action id and, when
// there are several, its value. What was shown when the test looked is what is pressed.
func (p *Person) Press(on Screen, button string, value ...string) Ack {
	s := p.w.s
	sc := on.screen()
	s.mu.Lock()
	at := sc.find(button, value...)
	if at == nil || at.element["type"] != "button" {
		return s.refuse("%s finds no button %q in:\n%s", p.Name, button, strings.Join(Read(sc.blocks), "\n"))
	}
	action := Object{"type": "button", "action_id": at.element["action_id"], "block_id": at.block["block_id"], "text": escaped(at.element["text"])}
	for _, k := range []string{"value", "style", "url"} {
		if v, ok := at.element[k]; ok {
			action[k] = v
		}
	}
	return p.act(sc, action)
}

// Choose chooses in a menu, in boxes or in a picker: one of the options by label or value, or what Values take. In a modal a field
// without dispatch_action only keeps it for Submit, and nothing is sent.
func (p *Person) Choose(on Screen, menu string, given ...string) Ack {
	s := p.w.s
	sc := on.screen()
	s.mu.Lock()
	at := sc.find(menu)
	if at == nil || at.element["type"] == "button" {
		return s.refuse("%s finds no menu %q in:\n%s", p.Name, menu, strings.Join(Read(sc.blocks), "\n"))
	}
	kind := str(at.element, "type")
	var held Object
	if kind == "overflow" {
		held = Object{"type": kind, "selected_option": pick(at.element, strings.Join(given, ""))}
	} else {
		var wrong string
		held, wrong = p.fill(at.element, given)
		if wrong != "" {
			return s.refuse("%s: %q %s", p.Name, menu, wrong)
		}
		sc.keep(key(at.block, at.element), held)
	}
	if at.block["type"] == "input" && at.block["dispatch_action"] != true {
		s.mu.Unlock()
		return Ack{}
	}
	action := Object{"action_id": at.element["action_id"], "block_id": at.block["block_id"]}
	for k, v := range held {
		action[k] = escaped(v)
	}
	if ph, ok := at.element["placeholder"]; ok {
		action["placeholder"] = ph
	}
	return p.act(sc, action)
}

// keep keeps what an element holds. The mutex is held.
func (sc screen) keep(key string, held Object) {
	if sc.v != nil {
		sc.v.state[key] = held
		return
	}
	m := sc.m
	if m.to == nil {
		m = m.c.message(m.ts)
	}
	if m == nil {
		return // act says that it is gone
	}
	if m.state == nil {
		m.state = firsts(m.all())
	}
	m.state[key], m.lines = held, nil
}

// act sends block_actions. The mutex is held when it is called, and free when it returns.
func (p *Person) act(sc screen, action Object) Ack {
	s := p.w.s
	action["action_ts"] = s.ts()
	body := p.interaction("block_actions")
	body["actions"] = []any{action}
	if sc.v != nil {
		if sc.v != p.tab && !slices.Contains(p.stack, sc.v) {
			return s.refuse("%s no longer has that view on the screen", p.Name)
		}
		from := sc.v
		if from == p.tab {
			from = nil
		}
		body["trigger_id"] = s.triggered(p, from)
		body["container"], body["view"] = Object{"type": "view", "view_id": sc.v.id}, sc.v.json()
	} else if problem := p.pressed(sc.m, body); problem != "" {
		return s.refuse("%s %s", p.Name, problem)
	}
	s.mu.Unlock()
	r, tries := s.deliver(&parcel{kind: "interactive", body: body, answers: true})
	return s.acted(r, tries, "block_actions")
}

// acted is what came of an act whose acknowledgement carries nothing.
func (s *Server) acted(r result, tries int, kind string) Ack {
	ack := r.ack(tries)
	if !r.ok() {
		ack.Trouble = troubleConnecting
	}
	if v, err := decode(ack.Payload); err == nil {
		if o, ok := v.(Object); ok && len(o) > 0 {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fault("the acknowledgement of %s carries something that nobody reads: %.200s", kind, ack.Payload)
		}
	}
	return ack
}

// pressed completes block_actions in a message, or says why the person cannot act on it. The mutex is held.
func (p *Person) pressed(m *message, body Object) string {
	s := p.w.s
	switch {
	case m == nil:
		return "has no message before them"
	case m.to != nil && !slices.ContainsFunc(p.whispers, func(x *message) bool { return x.ts == m.ts }):
		return "no longer sees that message"
	case m.to == nil && m.c.message(m.ts) == nil:
		return "finds the message deleted"
	case !m.c.has(p) && m.c.private:
		return "is not in #" + m.c.Name
	}
	container := Object{"type": "message", "message_ts": m.ts, "channel_id": m.c.ID, "is_ephemeral": m.to != nil}
	if m.thread != "" && m.thread != m.ts {
		container["thread_ts"] = m.thread
	}
	body["container"], body["trigger_id"] = container, s.triggered(p, nil)
	body["channel"] = m.c.named()
	body["response_url"] = s.replyURL("actions", m.c, p, m)
	now := m
	if m.to == nil {
		now = m.c.message(m.ts)
		body["message"] = now.json()
	}
	all := now.all()
	state := now.state
	if state == nil {
		state = firsts(all)
	}
	body["state"] = Object{"values": values(all, state)}
	return ""
}

// named is the channel as payloads of interactions show it.
func (c *Channel) named() Object {
	name := c.Name
	if c.private && c.im == nil {
		name = "privategroup"
	}
	return Object{"id": c.ID, "name": name}
}
