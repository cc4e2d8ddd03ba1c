package discordtest

import (
	"fmt"
	"slices"
)

// Press presses a button of a message: by its label, its emoji or its custom_id. What was shown when the test looked is what is
// pressed.
func (p *Person) Press(on Message, button string) Ack {
	s := p.s
	s.mu.Lock()
	o := on.Components.find(button)
	switch {
	case o == nil || num(o, "type") != buttonKind:
		return s.refuse("%s finds no button %q in:\n%s", p.Name, button, on)
	case yes(false, o, "disabled"):
		return s.refuse("%s finds the button %q disabled", p.Name, button)
	case num(o, "style") == linkStyle:
		return s.refuse("%s: the button %q is a link, which Discord opens without a word to the app", p.Name, button)
	}
	return p.act(on, Object{"custom_id": o["custom_id"], "component_type": buttonKind, "id": o["id"]})
}

// Choose chooses in a menu of a message, found by its placeholder or custom_id: options by label or value; people, roles and
// channels by name.
func (p *Person) Choose(on Message, menu string, given ...string) Ack {
	s := p.s
	s.mu.Lock()
	o := on.Components.find(menu)
	switch {
	case o == nil || !slices.Contains(menus, num(o, "type")):
		return s.refuse("%s finds no menu %q in:\n%s", p.Name, menu, on)
	case yes(false, o, "disabled"):
		return s.refuse("%s finds the menu %q disabled", p.Name, menu)
	case on.m == nil:
		return s.refuse("%s has no message before them", p.Name)
	}
	told := resolved{}
	values, wrong := p.pick(on.m.c, o, given, told)
	if wrong != "" {
		return s.refuse("%s: the menu %q %s", p.Name, menu, wrong)
	}
	data := Object{"custom_id": o["custom_id"], "component_type": o["type"], "id": o["id"], "values": list(values)}
	if len(told) > 0 {
		data["resolved"] = Object(told)
	}
	return p.act(on, data)
}

// pick is what a person picks in a menu or in boxes, as values; or what is wrong with that. The mutex is held.
func (p *Person) pick(c *Channel, o Object, given []string, told resolved) ([]string, string) {
	values := []string{}
	for _, g := range given {
		v := ""
		switch kind := num(o, "type"); kind {
		case userMenuKind, roleMenuKind, channelMenuKind:
			v = told.named(p, c, kind, g, o)
		case mentionMenuKind:
			if v = told.named(p, c, userMenuKind, g, o); v == "" {
				v = told.named(p, c, roleMenuKind, g, o)
			}
		default:
			for _, x := range objects(o["options"]) {
				if v == "" && (str(x, "label") == g || str(x, "value") == g) {
					v = str(x, "value")
				}
			}
		}
		if v == "" {
			return nil, fmt.Sprintf("has no %q", g)
		}
		values = append(values, v)
	}
	n := int64(len(values))
	if most := or(1, o, "max_values"); n > most && num(o, "type") != checkboxesKind {
		return nil, fmt.Sprintf("takes %d at most", most)
	}
	if least := or(1, o, "min_values"); n < least && num(o, "type") < labelKind && (n > 0 || yes(true, o, "required")) {
		return nil, fmt.Sprintf("takes %d at least", least)
	}
	return values, ""
}

// act sends what was done in a message. The mutex is held when it is called, and free when it returns.
func (p *Person) act(on Message, data Object) Ack {
	s := p.s
	m := on.m
	switch {
	case m == nil:
		return s.refuse("%s has no message before them", p.Name)
	case m.gone:
		return s.refuse("%s finds the message deleted", p.Name)
	case m.to != nil && (m.to != p || !slices.Contains(p.whispers, m)):
		return s.refuse("%s does not see that message", p.Name)
	case !p.may(m.c, ViewChannel):
		return s.refuse("%s does not see #%s", p.Name, m.c.Name)
	}
	return s.send(p.talk(pressTalk, m.c, m, data))
}
