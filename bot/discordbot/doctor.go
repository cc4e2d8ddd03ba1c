package discordbot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/chat"
	"griot/i18n"
)

// Account is what Discord says of Griot's application.
type Account struct {
	Name     string // of the bot, as people see it
	App      string // id of the application that the token belongs to
	Key      string // for requests over HTTP, in hexadecimal
	Endpoint string // where Discord sends what people do; empty: to the gateway
}

// Examine asks Discord who the token belongs to.
func (s *Surface) Examine(ctx context.Context) (Account, error) {
	var app struct {
		ID       string `json:"id"`
		Key      string `json:"verify_key"`
		Endpoint string `json:"interactions_endpoint_url"`
	}
	var me user
	if err := s.rest.do(ctx, call{method: "GET", path: "/users/@me", out: &me}); err != nil {
		return Account{}, err
	}
	err := s.rest.do(ctx, call{method: "GET", path: "/applications/@me", out: &app})
	return Account{Name: me.Name, App: app.ID, Key: app.Key, Endpoint: app.Endpoint}, err
}

// Servers lists where Griot is now.
func (s *Surface) Servers(ctx context.Context) ([]Guild, error) {
	var all []channel // of which the id and the name are read
	err := s.rest.do(ctx, call{method: "GET", path: "/users/@me/guilds?limit=200", out: &all})
	var out []Guild
	for _, g := range all {
		out = append(out, Guild{g.ID, g.Name})
	}
	return out, err
}

// Reaches says what Griot lacks in a channel, in the words of Discord's own settings, and how people call it. Errors:
// chat.ErrRemoved, chat.ErrGone, chat.ErrOutside when it does not even see it.
func (s *Surface) Reaches(ctx context.Context, at chat.Place) (name string, lacks []i18n.Text, err error) {
	var c struct {
		channel
		Overwrites []overwrite `json:"permission_overwrites"`
	}
	if err := s.rest.do(ctx, call{method: "GET", path: "/channels/" + at.Channel, out: &c}); err != nil {
		if is(err, []int{missingAccess, unknownChannel}) {
			if look := s.rest.do(ctx, call{method: "GET", path: "/guilds/" + at.Workspace}); is(look, []int{unknownGuild, missingAccess}) {
				return "", nil, chat.ErrRemoved
			}
		}
		return "", nil, mended(err)
	}
	name = "#" + c.Name
	set, err := s.permissions(ctx, at.Workspace, c.Overwrites)
	if err != nil {
		return name, nil, mended(err)
	}
	for _, r := range rights {
		if set&(r.bit|discordgo.PermissionAdministrator) == 0 {
			lacks = append(lacks, r.name)
		}
	}
	return name, lacks, nil
}

// overwrite is what a channel gives or takes from a role or a person.
type overwrite struct {
	ID    string `json:"id"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

func bits(set string) int64 {
	n, _ := strconv.ParseInt(set, 10, 64) // what is no number allows nothing
	return n
}

// permissions is what Griot may in a channel of a server. Source: docs.discord.com, topics/permissions, permission overwrites.
func (s *Surface) permissions(ctx context.Context, guild string, all []overwrite) (int64, error) {
	var me user
	var mine member
	var roles []struct {
		ID          string `json:"id"`
		Permissions string `json:"permissions"`
	}
	err := s.rest.do(ctx, call{method: "GET", path: "/users/@me", out: &me})
	err = errors.Join(err, s.rest.do(ctx, call{method: "GET", path: "/guilds/" + guild + "/members/" + me.ID, out: &mine}))
	err = errors.Join(err, s.rest.do(ctx, call{method: "GET", path: "/guilds/" + guild + "/roles", out: &roles}))
	if err != nil {
		return 0, err
	}
	has := map[string]bool{guild: true} // everybody has the role with the server's id
	for _, id := range mine.Roles {
		has[id] = true
	}
	var set int64
	for _, r := range roles {
		if has[r.ID] {
			set |= bits(r.Permissions)
		}
	}
	if set&discordgo.PermissionAdministrator != 0 {
		return set, nil
	}
	var deny, allow int64
	for _, o := range all {
		switch {
		case o.ID == guild:
			set = set&^bits(o.Deny) | bits(o.Allow)
		case has[o.ID]:
			deny, allow = deny|bits(o.Deny), allow|bits(o.Allow)
		}
	}
	set = set&^deny | allow
	for _, o := range all {
		if o.ID == me.ID {
			set = set&^bits(o.Deny) | bits(o.Allow)
		}
	}
	return set, nil
}

// Said is Discord's own word for what it refused; empty when the error is not its.
func Said(err error) string {
	if e, ok := errors.AsType[*apiError](err); ok {
		status := strconv.Itoa(e.Status)
		return status + " " + strings.TrimPrefix(e.Message, status+": ")
	}
	return ""
}
