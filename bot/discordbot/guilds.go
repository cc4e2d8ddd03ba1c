package discordbot

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"griot/chat"
)

// known are the servers that this process knows Griot to be in, or to be put out of.
type known struct {
	mu  sync.Mutex // guards what follows
	in  map[string]bool
	out map[string]bool
	new map[string]bool // met since the connection of their shard began: what that says first may be older
}

func (k *known) is(guild string) (in, out bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.in[guild], k.out[guild]
}

func (k *known) set(guild string, in bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.in == nil {
		k.in, k.out, k.new = map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	k.in[guild], k.out[guild], k.new[guild] = in, !in, in
}

// connects forgets which servers of a shard were met since its last connection began.
func (k *known) connects(shard, shards int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.new, func(guild string, _ bool) bool { return shardOf(guild, shards) == shard })
}

// fresh reports whether a server was met since the connection of its shard began.
func (k *known) fresh(guild string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.new[guild]
}

// removed reports whether Griot was put out of a server. Of an invitation the gateway tells one process alone: the others read
// what that one noted.
func (s *Surface) removed(ctx context.Context, guild string) bool {
	if _, out := s.guilds.is(guild); !out {
		return false
	}
	all, err := s.o.Guilds.All(ctx)
	if err != nil || !slices.ContainsFunc(all, func(g Guild) bool { return g.ID == guild }) {
		return true
	}
	s.guilds.set(guild, true)
	return false
}

// met notes that Griot is in a server. One that was not noted yet, or had put it out, has just invited it.
func (s *Surface) met(ctx context.Context, guild string) {
	if in, _ := s.guilds.is(guild); in {
		return
	}
	s.noting.Lock()
	defer s.noting.Unlock()
	if in, _ := s.guilds.is(guild); in {
		return
	}
	all, err := s.o.Guilds.All(ctx)
	for _, g := range all {
		if g.ID == guild && err == nil {
			s.guilds.set(guild, true)
			return
		}
	}
	if err == nil {
		err = s.invited(ctx, Guild{ID: guild})
	}
	if err != nil {
		s.o.Log.Warn("invitation not noted", "surface", Name, "guild", guild, "err", err)
	}
}

// invited notes that a server invited Griot, and has drawn there what was missed. noting is held.
func (s *Surface) invited(ctx context.Context, g Guild) error {
	if g.Name == "" {
		if err := s.rest.do(ctx, call{method: "GET", path: "/guilds/" + g.ID, out: &struct {
			Name *string `json:"name"`
		}{&g.Name}}); err != nil {
			s.o.Log.Info("name of a server not known", "surface", Name, "guild", g.ID, "err", err)
		}
	}
	if err := s.o.Guilds.Save(ctx, g); err != nil {
		return err
	}
	s.guilds.set(g.ID, true)
	s.o.Log.Info("invited", "surface", Name, "guild", g.ID)
	if s.o.Installed != nil {
		s.o.Installed(ctx, g.ID)
	}
	return nil
}

// leave notes that Griot was put out of a server.
func (s *Surface) leave(ctx context.Context, guild string) {
	s.guilds.set(guild, false)
	was, err := s.o.Guilds.Remove(ctx, guild)
	if err != nil {
		s.o.Log.Error("removal not noted", "surface", Name, "guild", guild, "err", err)
		return
	}
	if was {
		s.o.Log.Info("put out", "surface", Name, "guild", guild)
	}
}

// mended is err in chat's words. Where Griot sees nothing it may have been put out of the whole server: it looks.
func (s *Surface) mended(ctx context.Context, guild string, err error) error {
	err = mended(err)
	if errors.Is(err, chat.ErrOutside) {
		s.refusedIn(ctx, guild)
	}
	if !is(err, []int{missingAccess, unknownChannel}) || guild == "" {
		return err
	}
	look := s.rest.do(ctx, call{method: "GET", path: "/guilds/" + guild})
	if is(look, []int{unknownGuild, missingAccess}) {
		s.leave(context.WithoutCancel(ctx), guild)
		return errors.Join(chat.ErrRemoved, err)
	}
	return err
}

// refusedIn notes, for every process, that Griot lacks a right somewhere in a server.
func (s *Surface) refusedIn(ctx context.Context, guild string) {
	if guild == "" {
		return
	}
	ctx = context.WithoutCancel(ctx)
	noted, err := s.o.Memory.Noted(ctx, lacks+guild)
	if err == nil && noted == "" {
		err = s.o.Memory.Note(ctx, lacks+guild, "1")
	}
	if err != nil {
		s.o.Log.Warn("missing right not noted", "surface", Name, "guild", guild, "err", err)
	}
}

// lacks begins the names of notes about servers in which Griot lacked a right.
const lacks = "discord.lacks."

// allowed has drawn what was missed for want of a right, once rights in a server have changed.
func (s *Surface) allowed(ctx context.Context, guild string) {
	noted, err := s.o.Memory.Noted(ctx, lacks+guild)
	if err == nil && noted != "" {
		err = s.o.Memory.Note(ctx, lacks+guild, "")
	}
	if err != nil {
		s.o.Log.Warn("changed rights not looked at", "surface", Name, "guild", guild, "err", err)
	}
	if noted == "" {
		return
	}
	if s.o.Installed != nil {
		s.o.Installed(ctx, guild)
	}
}

// meet takes what the gateway says of all servers of a shard, after a connection: what happened meanwhile is read from it.
func (s *Surface) meet(ctx context.Context, there []string, shard, shards int) {
	s.noting.Lock()
	defer s.noting.Unlock()
	is := map[string]bool{}
	for _, id := range there {
		is[id] = true
	}
	all, err := s.o.Guilds.All(ctx)
	if err != nil {
		s.o.Log.Warn("servers not compared", "surface", Name, "err", err)
		return
	}
	noted := map[string]bool{}
	for _, g := range all {
		noted[g.ID] = true
		switch {
		case is[g.ID]:
			s.guilds.set(g.ID, true)
		case shardOf(g.ID, shards) == shard && !s.guilds.fresh(g.ID):
			s.leave(ctx, g.ID)
		}
	}
	for _, id := range there {
		if noted[id] {
			continue
		}
		if err := s.invited(ctx, Guild{ID: id}); err != nil {
			s.o.Log.Warn("invitation not noted", "surface", Name, "guild", id, "err", err)
		}
	}
}

// census asks for all servers, where no gateway tells.
func (s *Surface) census(ctx context.Context) error {
	var there []string
	after := ""
	for {
		var page []channel // of which only the id is read
		if err := s.rest.do(ctx, call{method: "GET", path: "/users/@me/guilds?limit=200" + after, out: &page}); err != nil {
			return err
		}
		for _, g := range page {
			there = append(there, g.ID)
		}
		if len(page) < 200 {
			break
		}
		after = "&after=" + page[len(page)-1].ID
	}
	s.meet(ctx, there, 0, 1)
	return nil
}

// Invite is the link by which somebody who manages a server invites Griot, with the rights it needs there.
func (s *Surface) Invite() string { return Invite(s.o.App) }

// Invite is the link that invites an application.
func Invite(app string) string {
	q := url.Values{"client_id": {app}, "scope": {"bot applications.commands"}, "permissions": {strconv.FormatInt(Permissions(), 10)}}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}
