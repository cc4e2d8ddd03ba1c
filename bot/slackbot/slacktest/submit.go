package slacktest

import (
	"fmt"
	"slices"
	"strings"
)

// Values fill a modal: each field by its label, its block id, its action id or "block/action", with what a person gives it.
type Values map[string][]string

// Submit fills the modal on top of the person's screen and sends it. Fields that are not named keep what they hold. Nothing is
// sent when Slack itself finds a field empty that must not be: Errors says so.
func (p *Person) Submit(values Values) Ack {
	s := p.w.s
	s.mu.Lock()
	if len(p.stack) == 0 {
		return s.refuse("%s has no modal to submit", p.Name)
	}
	v := p.stack[len(p.stack)-1]
	if v.body["submit"] == nil {
		return s.refuse("%s finds no button to submit %q", p.Name, str(v.body, "title", "text"))
	}
	if wrong := p.fillAll(v, values); wrong != "" {
		return s.refuse("%s: %s in:\n%s", p.Name, wrong, strings.Join(reader{p.w}.view(v), "\n"))
	}
	v.errors = nil
	if missing := v.missing(); len(missing) > 0 {
		s.mu.Unlock()
		return Ack{Errors: missing, Trouble: "Please complete all required fields."}
	}
	body := p.interaction("view_submission")
	body["view"], body["trigger_id"], body["response_urls"] = v.json(), s.triggered(p, v), []any{}
	s.mu.Unlock()
	r, tries := s.deliver(&parcel{kind: "interactive", body: body, answers: true})
	ack := r.ack(tries)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !r.ok() {
		ack.Trouble = troubleConnecting
		return ack
	}
	if !slices.Contains(p.stack, v) {
		return ack // the person closed it meanwhile
	}
	if wrong := p.respond(v, ack.Payload); wrong != "" {
		s.fault("the answer to the modal %q is refused: %s", str(v.body, "callback_id"), wrong)
		ack.Trouble = troubleConnecting
	}
	ack.Errors = v.look().Errors
	return ack
}

// fillAll gives fields what the person gives them, or says what is wrong. The mutex is held.
func (p *Person) fillAll(v *view, values Values) string {
	for name, given := range values {
		at := screen{blocks: v.blocks}.find(name)
		if at == nil || holds[str(at.element, "type")] == "" {
			return fmt.Sprintf("no field %q", name)
		}
		held, wrong := p.fill(at.element, given)
		if wrong != "" {
			return fmt.Sprintf("the field %q %s", name, wrong)
		}
		v.state[key(at.block, at.element)] = held
	}
	return ""
}

// missing are the required fields that are empty, with what Slack says under them, by label. The mutex is held.
func (v *view) missing() map[string]string {
	all := map[string]string{}
	for _, b := range v.blocks {
		if b["type"] == "input" && b["optional"] != true && blank(v.state[key(b, at(b, "element"))]) {
			all[str(b, "label", "text")] = "Please complete this required field."
		}
	}
	return all
}

// respond does what the acknowledgement of a submission says, or says what is wrong with it. The mutex is held.
func (p *Person) respond(v *view, payload []byte) string {
	if payload == nil {
		p.pop()
		return ""
	}
	decoded, err := decode(payload)
	o, ok := decoded.(Object)
	if err != nil || !ok {
		return "it is no JSON object"
	}
	switch action := str(o, "response_action"); action {
	case "clear":
		if len(o) > 1 {
			return "clear takes nothing else"
		}
		p.clear()
	case "errors":
		return v.fail(o)
	case "update", "push":
		body, isObject := o["view"].(Object)
		if !isObject || len(o) > 2 {
			return action + " takes a view and nothing else"
		}
		body, blocks, refused := p.w.s.judgeView(p.w, body, "modal")
		switch {
		case refused != nil:
			return refused.code + " " + strings.Join(refused.told, "; ")
		case action == "update":
			v.become(body, blocks)
		case len(p.stack) >= maxStack:
			return "push_limit_reached"
		default:
			p.show(body, blocks)
		}
	default:
		return fmt.Sprintf("response_action %q does not exist", action)
	}
	return ""
}

// fail shows errors under fields. The mutex is held.
func (v *view) fail(o Object) string {
	errors, isObject := o["errors"].(Object)
	if !isObject || len(errors) == 0 || len(o) > 2 {
		return "errors takes a text for at least one field and nothing else"
	}
	shown := map[string]string{}
	for id, e := range errors {
		text, isText := e.(string)
		i := slices.IndexFunc(v.blocks, func(b Object) bool { return b["block_id"] == id })
		if i < 0 || v.blocks[i]["type"] != "input" {
			return fmt.Sprintf("errors names %q, which is no input block", id)
		}
		if !isText || text == "" {
			return fmt.Sprintf("the error of %q is no text", id)
		}
		shown[id] = text
	}
	v.errors = shown
	v.p.w.s.news()
	return ""
}

// Close closes the modal on top of the person's screen, which sends view_closed when it asks for that.
func (p *Person) Close() Ack { return p.closes(1) }

// CloseAll closes all modals at once, by the cross.
func (p *Person) CloseAll() Ack { return p.closes(maxStack) }

func (p *Person) closes(n int) Ack {
	s := p.w.s
	s.mu.Lock()
	if len(p.stack) == 0 {
		return s.refuse("%s has no modal to close", p.Name)
	}
	v := p.stack[len(p.stack)-1]
	body := p.interaction("view_closed")
	body["view"], body["is_cleared"] = v.json(), n > 1
	if n > 1 || v.body["clear_on_close"] == true {
		p.clear()
	} else {
		p.pop()
	}
	if v.body["notify_on_close"] != true {
		s.mu.Unlock()
		return Ack{}
	}
	s.mu.Unlock()
	r, tries := s.deliver(&parcel{kind: "interactive", body: body})
	return r.ack(tries)
}
