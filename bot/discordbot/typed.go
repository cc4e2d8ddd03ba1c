package discordbot

import (
	"context"
	"strings"
	"time"

	"griot/bot/discordbot/components"
	"griot/chat"
)

// askTime is how much of the time that Discord waits may go into finding out how people are called.
const askTime = 500 * time.Millisecond

// meant turns what was typed into what the person meant, in place. Unknown are the emoji that only their server knows.
func (s *Surface) meant(ctx context.Context, in interaction, v chat.Values) (unknown []string) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	for name, words := range v {
		for i, w := range words {
			if !strings.Contains(w, "<") {
				continue
			}
			plain, custom := components.Typed(w, func(sign, id string) string { return s.called(ctx, in, sign, id) })
			v[name][i] = plain
			unknown = append(unknown, custom...)
		}
	}
	return unknown
}

// called is how a person, a channel or a role is called; empty when Discord does not say in time.
func (s *Surface) called(ctx context.Context, in interaction, sign, id string) string {
	if sign == "#" {
		r, _ := s.room(ctx, id)
		return r.name
	}
	for _, m := range in.Data.Resolved.Messages {
		for _, u := range m.Mentions {
			if u.ID == id {
				return u.Name
			}
		}
	}
	if sign == "@&" {
		name, _ := s.GroupName(ctx, in.Guild, id)
		return name
	}
	var m member
	if s.rest.do(ctx, call{method: "GET", path: "/guilds/" + in.Guild + "/members/" + id, out: &m}) != nil {
		return ""
	}
	return m.User.Name
}

// GroupName is how a role of a server is called; false when there is none with that id.
func (s *Surface) GroupName(ctx context.Context, guild, id string) (string, bool) {
	for _, g := range s.Groups(ctx, guild) {
		if g.Value == id {
			return g.Label, true
		}
	}
	return "", false
}

// Groups lists the roles of a server.
func (s *Surface) Groups(ctx context.Context, guild string) []chat.Option {
	var all []channel // of which the id and the name are read
	if err := s.rest.do(ctx, call{method: "GET", path: "/guilds/" + guild + "/roles", out: &all}); err != nil {
		s.o.Log.Info("roles not listed", "surface", Name, "guild", guild, "err", err)
		return nil
	}
	var out []chat.Option
	for _, r := range all {
		out = append(out, chat.Option{Value: r.ID, Label: r.Name})
	}
	return out
}
