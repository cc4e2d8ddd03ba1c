package discordtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// draft is what a call wants of a message.
type draft struct {
	c       *Channel
	old     *message // nil: a new one
	body    Object
	at      string // where the fields are in the body; empty: on top
	schema  string // of the body, in Discord's description
	uploads []upload
}

// compose is the message that a draft makes, which nobody sees yet. The mutex is held.
func (s *Server) compose(j *judge, d draft) (*message, *refusal) {
	m := &message{c: d.c, s: s, at: s.Now()}
	if d.old != nil {
		copy := *d.old
		m = &copy
	}
	j.strange(d.body, d.at, d.schema)
	s.flagged(j, d, m)
	if v, there := d.body["content"]; there {
		text, _ := v.(string)
		m.content = strings.TrimSpace(text) // as Discord does
	}
	if v, there := d.body["embeds"]; there {
		m.embeds = anys(v)
	}
	if v, there := d.body["components"]; there {
		m.parts = anys(v)
	}
	if v, ok := d.body["allowed_mentions"].(Object); ok {
		m.allowed = v
		j.mentions(v, under(d.at, "allowed_mentions"))
	}
	if refused := s.attach(j, d, m); refused != nil {
		return nil, refused
	}
	j.judge(d, m)
	if refused := j.refusal(); refused != nil {
		return nil, refused
	}
	if m.content == "" && len(m.embeds) == 0 && len(m.parts) == 0 && len(m.attached) == 0 {
		return nil, emptyMessage
	}
	m.parts = numbered(m.parts)
	return m, nil
}

// flagged sets the flags that a draft may set.
func (s *Server) flagged(j *judge, d draft, m *message) {
	flags, there := number(d.body, "flags")
	m.flags &^= thinking
	if !there {
		return
	}
	settable := int64(suppressEmbeds | silentMessage | componentsV2 | ephemeral)
	if d.old != nil { // who sees it was said by the first response
		settable = suppressEmbeds | componentsV2
		if d.old.v2() && flags&componentsV2 == 0 {
			j.no(under(d.at, "flags"), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "IS_COMPONENTS_V2 cannot be removed")
		}
	}
	if strangers := flags &^ (settable | m.flags); strangers != 0 {
		j.ignored = append(j.ignored, fmt.Sprintf("flags %d", strangers))
	}
	m.flags = m.flags&^suppressEmbeds | flags&settable
}

// mentions judges whom a message may notify: all of a kind, or some by id, and not both. Source:
// docs.discord.com/developers/resources/message, allowed mentions object.
func (j *judge) mentions(o Object, at string) {
	for _, kind := range []string{"users", "roles"} {
		if slices.Contains(texts(o["parse"]), kind) && len(texts(o[kind])) > 0 {
			j.no(under(at, kind), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:%q is mutually exclusive with %s: [ids...]", kind, kind)
		}
		if len(texts(o[kind])) > 100 {
			j.no(under(at, kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
		}
	}
}

// judge judges a message as a whole.
func (j *judge) judge(d draft, m *message) {
	if runes(m.content) > 2000 {
		j.no(under(d.at, "content"), "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
	}
	if m.v2() {
		for key, used := range map[string]bool{
			"content": m.content != "", "embeds": len(m.embeds) > 0, "poll": d.body["poll"] != nil, "sticker_ids": d.body["sticker_ids"] != nil,
		} {
			if used {
				j.no(under(d.at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
					"The '%s' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", key)
			}
		}
	}
	j.embeds(m.embeds, under(d.at, "embeds"))
	var names []string
	for _, f := range m.attached {
		names = append(names, f.name)
	}
	t := j.tree(names)
	if m.parts != nil {
		t.message(m.parts, under(d.at, "components"), m.flags)
	}
	for name, used := range t.names {
		if m.v2() && !used {
			j.ignored = append(j.ignored, fmt.Sprintf("the attachment %q, which no component shows", name))
		}
	}
}

// embeds judges embeds. Source: docs.discord.com/developers/resources/message, embed limits.
func (j *judge) embeds(all []any, at string) {
	if len(all) > 10 {
		j.no(at, "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	sum := 0
	for i, e := range objects(all) {
		here := under(at, i)
		j.length(e, here, "title", 0, 256)
		j.length(e, here, "description", 0, 4096)
		if len(objects(e["fields"])) > 25 {
			j.no(under(here, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
		}
		for n, f := range objects(e["fields"]) {
			j.length(f, under(here, fmt.Sprint("fields.", n)), "name", 1, 256)
			j.length(f, under(here, fmt.Sprint("fields.", n)), "value", 1, 1024)
			sum += runes(str(f, "name")) + runes(str(f, "value"))
		}
		for _, part := range []struct {
			of, key string
			most    int
		}{{"footer", "text", 2048}, {"author", "name", 256}} {
			if o, ok := e[part.of].(Object); ok {
				j.length(o, under(here, part.of), part.key, 1, part.most)
			}
		}
		sum += runes(str(e, "title")) + runes(str(e, "description")) + runes(str(e, "footer", "text")) + runes(str(e, "author", "name"))
	}
	if sum > 6000 {
		j.no(at, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

// attach gives a message its files: those kept, and those that came with the call. The mutex is held.
func (s *Server) attach(j *judge, d draft, m *message) *refusal {
	said, listed := map[string]Object{}, false
	if v, there := d.body["attachments"]; there {
		listed = true
		for _, a := range objects(v) {
			id := str(a, "id")
			if n, ok := number(a, "id"); ok {
				id = strconv.FormatInt(n, 10)
			}
			said[id] = a
		}
	}
	kept := []*file{}
	for _, f := range m.attached {
		if _, named := said[f.id]; named || !listed {
			kept = append(kept, f)
		}
		delete(said, f.id)
	}
	for _, u := range d.uploads {
		if int64(len(u.raw)) > s.MaxFile {
			return entityTooLarge
		}
		about := said[strconv.Itoa(u.n)]
		delete(said, strconv.Itoa(u.n))
		name := u.name
		if given := str(about, "filename"); given != "" {
			name = fileName(given)
		}
		f := s.store(name, u.kind, u.raw)
		f.channel, f.alt = d.c.ID, str(about, "description")
		kept = append(kept, f)
	}
	for id := range said {
		j.no(under(d.at, "attachments"), "ATTACHMENT_NOT_FOUND", "Attachment data cannot be found: %s", id)
	}
	if len(kept) > 10 {
		j.no(under(d.at, "attachments"), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	m.attached = kept
	return nil
}

// numbered are components of their own with an id for each: those that have none get the next that is free.
func numbered(parts []any) []any {
	if parts == nil {
		return []any{}
	}
	parts = copied(parts).([]any)
	taken, all := []int64{}, []Object{}
	Components(objects(parts)).each(func(o Object) {
		if id := num(o, "id"); id != 0 {
			taken = append(taken, id)
		}
		all = append(all, o)
	})
	next := int64(0)
	for _, o := range all {
		if num(o, "id") != 0 {
			continue
		}
		for next++; slices.Contains(taken, next); next++ {
		}
		o["id"] = next
	}
	return parts
}

// each calls f with every component, outer ones first.
func (c Components) each(f func(Object)) {
	for _, o := range c {
		f(o)
		Components(objects(o["components"])).each(f)
		for _, k := range []string{"accessory", "component"} {
			if inside, ok := o[k].(Object); ok {
				Components{inside}.each(f)
			}
		}
	}
}

// find is the component that is called that: by its label, its placeholder, the name of its emoji, or its custom_id.
func (c Components) find(what string) Object {
	for _, called := range []func(Object) bool{
		func(o Object) bool {
			return str(o, "label") == what || str(o, "placeholder") == what || str(o, "emoji", "name") == what
		},
		func(o Object) bool { return str(o, "custom_id") == what },
	} {
		var hit Object
		c.each(func(o Object) {
			if hit == nil && what != "" && num(o, "type") != labelKind && called(o) {
				hit = o
			}
		})
		if hit != nil {
			return hit
		}
	}
	return nil
}
