package slacktest

import (
	"fmt"
	"slices"
)

// Views' own limits. Source: docs.slack.dev/surfaces/modals and views.* pages, read 2026-11.
const (
	maxView  = 250 << 10 // bytes of JSON
	maxStack = 3
)

// view is a modal or a Home tab as Slack keeps it.
type view struct {
	id, hash string
	p        *Person
	body     Object // type, title, blocks, … as given, with ids added
	blocks   Blocks
	root     string
	previous string
	state    map[string]Object // what is typed and chosen, by "block/action"
	errors   map[string]string // shown under fields, by block id
	external string
}

func (v *view) kind() string { return str(v.body, "type") }

// json is the view as answers and payloads show it. The mutex is held.
func (v *view) json() Object {
	w := v.p.w
	o := Object{
		"id": v.id, "team_id": w.ID, "type": v.kind(), "blocks": v.blocks.list(), "private_metadata": str(v.body, "private_metadata"),
		"callback_id": str(v.body, "callback_id"), "state": Object{"values": v.values()}, "hash": v.hash, "root_view_id": v.root,
		"title": v.body["title"], "close": v.body["close"], "submit": v.body["submit"], "app_id": w.s.App.ID, "external_id": v.external,
		"app_installed_team_id": w.ID, "bot_id": w.botID, "previous_view_id": nil,
		"clear_on_close": v.body["clear_on_close"] == true, "notify_on_close": v.body["notify_on_close"] == true,
	}
	if v.kind() == "home" {
		o["title"] = Object{"type": "plain_text", "text": "View Title", "emoji": true}
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	return o
}

// rehash gives the view a new hash. The mutex is held.
func (v *view) rehash() {
	v.p.w.s.seq++
	v.hash = fmt.Sprintf("%d.%08x", v.p.w.s.Now().Unix(), v.p.w.s.seq)
}

// given reads and judges the view of a call.
func (c *call) given(kind string) (Object, Blocks, *refusal) {
	v, given, err := c.value("view")
	o, isObject := v.(Object)
	switch {
	case !given:
		return nil, nil, no("invalid_arguments", "missing required field: view")
	case err != nil || !isObject:
		return nil, nil, no("invalid_arguments", "must be a valid view object [json-pointer:/view]")
	}
	return c.s.judgeView(c.w, o, kind)
}

// judgeView says whether a view is good, and gives its blocks the ids that Slack adds. The mutex is held.
func (s *Server) judgeView(w *Workspace, o Object, kind string) (Object, Blocks, *refusal) {
	place := inModal
	if kind == "home" {
		place = inHome
	}
	if len(encode(o)) > maxView {
		return nil, nil, no("view_too_large")
	}
	j := newJudge(s, w, place)
	blocks := j.view(o, kind)
	if len(j.wrong) > 0 {
		return nil, nil, no("invalid_arguments", j.wrong...)
	}
	return o, blocks, nil
}

// spend uses the trigger of a call.
func (c *call) spend() (*trigger, *refusal) {
	t := c.s.triggers[c.text("trigger_id")]
	switch {
	case c.text("trigger_id") == "":
		return nil, no("invalid_arguments", "missing required field: trigger_id")
	case t == nil || t.p.w != c.w:
		return nil, no("invalid_arguments", "invalid `trigger_id`")
	case t.used:
		return nil, no("exchanged_trigger_id")
	case c.s.Now().After(t.ends):
		return nil, no("expired_trigger_id")
	}
	return t, nil
}

// openView is views.open.
func openView(c *call) (Object, *refusal) {
	t, refused := c.spend()
	if refused != nil {
		return nil, refused
	}
	body, blocks, refused := c.given("modal")
	if refused != nil {
		return nil, refused
	}
	if refused := c.unique(body, nil); refused != nil {
		return nil, refused
	}
	t.used = true
	t.p.clear()
	return Object{"view": t.p.show(body, blocks).json()}, nil
}

// pushView is views.push.
func pushView(c *call) (Object, *refusal) {
	t, refused := c.spend()
	if refused != nil {
		return nil, refused
	}
	body, blocks, refused := c.given("modal")
	switch {
	case refused != nil:
		return nil, refused
	case t.from == nil || !slices.Contains(t.p.stack, t.from):
		return nil, no("invalid_arguments", "`trigger_id` does not come from an open modal")
	case len(t.p.stack) >= maxStack:
		return nil, no("push_limit_reached")
	}
	if refused := c.unique(body, nil); refused != nil {
		return nil, refused
	}
	t.used = true
	return Object{"view": t.p.show(body, blocks).json()}, nil
}

// unique refuses an external id that another open view has.
func (c *call) unique(body Object, but *view) *refusal {
	id := str(body, "external_id")
	for _, v := range c.s.views {
		if id != "" && v.external == id && v.p.w == c.w && v != but {
			return no("duplicate_external_id")
		}
	}
	return nil
}

// show puts a modal on top of the person's stack. The mutex is held.
func (p *Person) show(body Object, blocks Blocks) *view {
	s := p.w.s
	v := &view{id: s.id("V"), p: p, body: body, blocks: blocks, external: str(body, "external_id"), state: map[string]Object{}}
	v.root = v.id
	if n := len(p.stack); n > 0 {
		v.root, v.previous = p.stack[0].id, p.stack[n-1].id
	}
	v.rehash()
	v.begin()
	p.stack = append(p.stack, v)
	s.views[v.id] = v
	s.news()
	return v
}

// clear closes all modals of the person. The mutex is held.
func (p *Person) clear() {
	for _, v := range p.stack {
		delete(p.w.s.views, v.id)
	}
	p.stack = nil
	p.w.s.news()
}

// pop closes the top modal, and what is under it when it asks for that. The mutex is held.
func (p *Person) pop() {
	n := len(p.stack)
	delete(p.w.s.views, p.stack[n-1].id)
	p.stack = p.stack[:n-1]
	p.w.s.news()
}

// updateView is views.update.
func updateView(c *call) (Object, *refusal) {
	id, external := c.text("view_id"), c.text("external_id")
	var v *view
	for _, x := range c.s.views {
		if x.p.w == c.w && (id != "" && x.id == id || id == "" && external != "" && x.external == external) {
			v = x
		}
	}
	switch {
	case id == "" && external == "":
		return nil, no("invalid_arguments", "must provide either `view_id` or `external_id`")
	case id != "" && external != "":
		return nil, no("invalid_arguments", "Cannot provide both `view_id` and `external_id`")
	case v == nil:
		return nil, no("not_found")
	case c.text("hash") != "" && c.text("hash") != v.hash:
		return nil, no("hash_conflict")
	}
	body, blocks, refused := c.given(v.kind())
	if refused != nil {
		return nil, refused
	}
	if refused := c.unique(body, v); refused != nil {
		return nil, refused
	}
	v.become(body, blocks)
	return Object{"view": v.json()}, nil
}

// become shows something else in the place of the view: what was typed stays in fields that have the same ids and kind. The
// mutex is held.
func (v *view) become(body Object, blocks Blocks) {
	v.body, v.blocks, v.errors, v.external = body, blocks, nil, str(body, "external_id")
	old := v.state
	v.state = map[string]Object{}
	v.begin()
	for k, was := range old {
		if now := v.state[k]; now != nil && now["type"] == was["type"] {
			v.state[k] = was
		}
	}
	v.rehash()
	v.p.w.s.news()
}

// publishView is views.publish.
func publishView(c *call) (Object, *refusal) {
	p := c.w.person(c.text("user_id"))
	if p == nil || p.Bot {
		return nil, no("invalid_arguments", "invalid `user_id`")
	}
	old := p.tab
	if hash := c.text("hash"); hash != "" && (old == nil || old.hash != hash) {
		return nil, no("hash_conflict")
	}
	body, blocks, refused := c.given("home")
	if refused != nil {
		return nil, refused
	}
	if old != nil {
		old.become(body, blocks)
		return Object{"view": old.json()}, nil
	}
	v := &view{id: c.s.id("V"), p: p, body: body, blocks: blocks, external: str(body, "external_id"), state: map[string]Object{}}
	v.root = v.id
	v.rehash()
	v.begin()
	p.tab = v
	c.s.views[v.id] = v
	c.s.news()
	return Object{"view": v.json()}, nil
}
