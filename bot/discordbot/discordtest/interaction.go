package discordtest

import (
	"fmt"
	"slices"
	"time"
)

// The kinds of interactions. Source: docs.discord.com/developers/interactions/receiving-and-responding.
const (
	pingTalk     = 1
	commandTalk  = 2
	pressTalk    = 3
	completeTalk = 4
	submitTalk   = 5
)

// tokenLife is how long the token of an interaction is good.
const tokenLife = 15 * time.Minute

// interaction is something that a person did, and what came of it.
type interaction struct {
	id, token string
	kind      int
	p         *Person
	c         *Channel
	s         *Server
	made      time.Time
	source    *message // that the component, or the button that opened the modal, is in
	body      Object   // as it was sent

	answered bool
	dead     bool // nobody waits for a first response any more
	response int64
	data     Object
	original *message
	more     []*message    // follow-ups
	focus    Object        // the option that somebody types into
	done     chan struct{} // closed with the first response
}

// talk makes an interaction. The mutex is held.
func (p *Person) talk(kind int, c *Channel, source *message, data Object) *interaction {
	s := p.s
	id := s.id()
	i := &interaction{
		id: id, token: "aW50ZXJhY3Rpb246" + id, kind: kind, p: p, c: c, s: s, made: s.Now(), source: source, done: make(chan struct{}),
	}
	s.talks[i.token] = i
	i.body = Object{
		"application_id": s.App.ID, "id": i.id, "token": i.token, "type": kind, "version": 1, "channel_id": c.ID, "channel": c.partial(p),
		"app_permissions": c.bot().String(), "locale": p.Locale, "entitlements": []any{}, "authorizing_integration_owners": i.owners(),
		"context": 1, "attachment_size_limit": s.MaxFile, "data": data,
	}
	if c.g != nil {
		who := member(p.user(), p.roles)
		who["permissions"] = c.rights(p.ID, p.roles).String()
		i.body["member"], i.body["context"] = who, 0
		i.body["guild_id"], i.body["guild_locale"] = c.g.ID, "en-US"
		i.body["guild"] = Object{"id": c.g.ID, "locale": "en-US", "features": []any{}}
	} else {
		i.body["user"] = p.user()
	}
	if source != nil {
		i.body["message"] = source.json()
	}
	return i
}

// partial is the channel as payloads show it to the app.
func (c *Channel) partial(p *Person) Object {
	o := c.json()
	delete(o, "permission_overwrites")
	if c.g != nil {
		o["permissions"] = c.rights(p.ID, p.roles).String()
	}
	return o
}

// owners are whom the app was installed for.
func (i *interaction) owners() Object {
	if i.c.g != nil {
		return Object{"0": i.c.g.ID}
	}
	return Object{"0": "0"}
}

// answersTo are the first responses that each kind of interaction takes.
var answersTo = map[int][]int64{
	pingTalk: {1}, commandTalk: {4, 5, 9}, pressTalk: {4, 5, 6, 7, 9}, completeTalk: {8}, submitTalk: {4, 5, 6, 7},
}

// postCallback is a first response by a call.
func postCallback(c *call) (any, *refusal) {
	i := c.s.talks[c.r.PathValue("interaction_token")]
	if i == nil || i.id != c.r.PathValue("interaction_id") {
		return nil, unknownTalk
	}
	if refused := c.s.respond(&c.judge, i, c.object(), c.uploads); refused != nil {
		return nil, refused
	}
	if c.r.URL.Query().Get("with_response") != "true" {
		return nil, nil
	}
	about := Object{"id": i.id, "type": i.kind}
	resource := Object{"type": i.response}
	if m := i.original; m != nil {
		about["response_message_id"], about["response_message_loading"] = m.id, m.flags&thinking != 0
		about["response_message_ephemeral"] = m.to != nil
		resource["message"] = m.json()
	}
	return Object{"interaction": about, "resource": resource}, nil
}

// respond takes a first response. The mutex is held.
func (s *Server) respond(j *judge, i *interaction, body Object, uploads []upload) *refusal {
	switch {
	case i.answered:
		return alreadyAnswered
	case i.dead:
		return unknownTalk
	}
	kind := num(body, "type")
	data, _ := body["data"].(Object)
	if !slices.Contains(answersTo[i.kind], kind) || (kind == 6 || kind == 7) && i.source == nil {
		return invalid("type", "BASE_TYPE_CHOICES", fmt.Sprintf("An interaction of type %d takes no response of type %d.", i.kind, kind))
	}
	if kind == 5 || kind == 6 {
		if refused := j.refusal(); refused != nil {
			return refused
		}
	}
	if refused := i.take(j, kind, draft{c: i.c, body: data, at: "data", uploads: uploads}); refused != nil {
		return refused
	}
	i.answered, i.response, i.data = true, kind, data
	close(i.done)
	return nil
}

// take does what a first response says. The mutex is held.
func (i *interaction) take(j *judge, kind int64, d draft) *refusal {
	switch kind {
	case 4:
		d.schema = "IncomingWebhookInteractionRequest"
		m, refused := i.s.compose(j, d)
		if refused != nil {
			return refused
		}
		i.original = m
		i.show(m)
	case 5:
		return i.defers(j, d.body)
	case 6, 7:
		i.original = i.source
		if kind == 6 {
			return nil
		}
		if i.source.gone {
			return unknownMessage
		}
		d.old, d.schema = i.source, "IncomingWebhookUpdateForInteractionCallbackRequestPartial"
		return i.s.edit(j, i.source, d)
	case 8:
		j.choices(objects(d.body["choices"]), i)
		return j.refusal()
	case 9:
		j.form(d.body)
		if refused := j.refusal(); refused != nil {
			return refused
		}
		i.p.modal = newModal(i, d.body)
	}
	return nil
}

// defers shows that the app thinks. Source: docs.discord.com/developers/interactions/receiving-and-responding: only EPHEMERAL.
func (i *interaction) defers(j *judge, data Object) *refusal {
	flags := num(data, "flags")
	if flags&^ephemeral != 0 {
		return invalid("data.flags", "BASE_TYPE_CHOICES", "A deferred message only takes EPHEMERAL.")
	}
	for k := range data {
		if k != "flags" {
			j.ignored = append(j.ignored, "data."+k+" of a deferral")
		}
	}
	i.original = &message{s: i.s, c: i.c, at: i.s.Now(), flags: thinking | flags, parts: []any{}}
	i.show(i.original)
	return nil
}

// show puts a message of the interaction where it is seen. The mutex is held.
func (i *interaction) show(m *message) {
	m.from = i
	if m.allowed == nil {
		m.allowed = onlyPeople
	}
	if m.flags&ephemeral == 0 {
		i.c.put(m)
		return
	}
	m.id, m.to = i.s.id(), i.p
	i.p.whispers = append(i.p.whispers, m)
}

// followed is the interaction whose token a call has, while that is good.
func (c *call) followed() (*interaction, *refusal) {
	i := c.s.talks[c.r.PathValue("webhook_token")]
	switch {
	case i == nil || c.r.PathValue("webhook_id") != c.s.App.ID || !c.s.Now().Before(i.made.Add(tokenLife)):
		return nil, badWebhookToken
	case !i.answered:
		return nil, unknownWebhook
	}
	return i, nil
}

// ours is the message of an interaction that a call names.
func (c *call) ours() (*interaction, *message, *refusal) {
	i, refused := c.followed()
	if refused != nil {
		return nil, nil, refused
	}
	m, id := i.original, c.r.PathValue("message_id")
	if id != "" && (m == nil || m.id != id) {
		m = find(i.more, func(m *message) bool { return m.id == id })
	}
	if m == nil || m.gone {
		return nil, nil, unknownMessage
	}
	return i, m, nil
}

// postFollowUp is one more message. The first after a deferral fills what was deferred.
func postFollowUp(c *call) (any, *refusal) {
	i, refused := c.followed()
	if refused != nil {
		return nil, refused
	}
	d := draft{c: i.c, body: c.object(), schema: "IncomingWebhookRequestPartial", uploads: c.uploads}
	if m := i.original; m != nil && m.flags&thinking != 0 && !m.gone {
		d.old = m
		if refused := c.s.edit(&c.judge, m, d); refused != nil {
			return nil, refused
		}
		return m.json(), nil
	}
	m, refused := c.s.compose(&c.judge, d)
	if refused != nil {
		return nil, refused
	}
	i.more = append(i.more, m)
	i.show(m)
	return m.json(), nil
}

func getFollowUp(c *call) (any, *refusal) {
	_, m, refused := c.ours()
	if refused != nil {
		return nil, refused
	}
	return m.json(), nil
}

func editFollowUp(c *call) (any, *refusal) {
	i, m, refused := c.ours()
	if refused != nil {
		return nil, refused
	}
	d := draft{c: i.c, old: m, body: c.object(), schema: "IncomingWebhookUpdateRequestPartial", uploads: c.uploads}
	if refused := c.s.edit(&c.judge, m, d); refused != nil {
		return nil, refused
	}
	return m.json(), nil
}

func deleteFollowUp(c *call) (any, *refusal) {
	i, m, refused := c.ours()
	if refused != nil {
		return nil, refused
	}
	if m.to == nil {
		m.c.remove(m.id)
		return nil, nil
	}
	m.gone = true
	i.p.whispers = slices.DeleteFunc(slices.Clone(i.p.whispers), func(x *message) bool { return x == m })
	return nil, nil
}
