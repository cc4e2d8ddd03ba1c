package discordtest

import (
	"slices"
	"strings"
)

// resolved is what an interaction tells of the ids in it.
type resolved Object

func (r resolved) add(kind, id string, o Object) string {
	all, ok := r[kind].(Object)
	if !ok {
		all = Object{}
		r[kind] = all
	}
	all[id] = o
	return id
}

// file tells of a file, and returns its id. The mutex is held.
func (r resolved) file(f *file) string {
	o := f.json()
	o["ephemeral"] = true
	return r.add("attachments", f.id, o)
}

// named finds a person, a role or a channel as somebody picks it in a menu of a kind: by name, with or without its mark, or by id.
// It is told of, and its id returned; empty when there is none. The mutex is held.
func (r resolved) named(p *Person, c *Channel, kind int64, given string, of Object) string {
	if c.g == nil {
		return ""
	}
	bare := strings.TrimLeft(given, "@#")
	switch kind {
	case userMenuKind:
		if x := find(c.g.people, func(x *Person) bool { return !x.left && (x.Name == bare || x.Name == given || x.ID == given) }); x != nil {
			who := member(nil, x.roles)
			delete(who, "user")
			who["permissions"] = c.rights(x.ID, x.roles).String()
			r.add("members", x.ID, who)
			return r.add("users", x.ID, x.user())
		}
	case roleMenuKind:
		if x := find(c.g.roles, func(x *Role) bool { return x.Name == bare || x.Name == given || x.ID == given }); x != nil {
			return r.add("roles", x.ID, x.json())
		}
	case channelMenuKind:
		kinds := anys(of["channel_types"])
		x := find(c.g.channels, func(x *Channel) bool {
			fits := kinds == nil || slices.ContainsFunc(kinds, func(k any) bool { return num(Object{"k": k}, "k") == int64(x.kind) })
			return !x.gone && fits && p.may(x, ViewChannel) && (x.Name == bare || x.Name == given || x.ID == given)
		})
		if x != nil {
			return r.add("channels", x.ID, x.partial(p))
		}
	}
	return ""
}
