package discordbot

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/bwmarrin/discordgo"
)

// heard takes one event. The library waits for us: what it brings is only passed on.
func (s *Surface) heard(ctx context.Context, g *line, e *discordgo.Event) {
	if e.Type == "INTERACTION_CREATE" {
		s.arrived(slices.Clone(e.RawData))
		return
	}
	switch e.Type {
	case "READY", "GUILD_CREATE", "GUILD_DELETE", "GUILD_ROLE_UPDATE", "CHANNEL_DELETE", "CHANNEL_UPDATE":
		x := *e
		x.RawData = slices.Clone(e.RawData)
		select {
		case g.events <- &x:
		case <-ctx.Done():
		}
	}
}

// follow deals with what the gateway says of servers, one after the other.
func (s *Surface) follow(ctx context.Context, g *line, done <-chan struct{}, shard, n int) {
	for {
		select {
		case e := <-g.events:
			s.happened(ctx, e, shard, n)
		case <-done:
			return
		}
	}
}

// happened deals with one thing that the gateway says.
func (s *Surface) happened(ctx context.Context, e *discordgo.Event, shard, n int) {
	var d struct {
		ID          string `json:"id"`
		Guild       string `json:"guild_id"`
		Name        string `json:"name"`
		Unavailable bool   `json:"unavailable"`
		Guilds      []struct {
			ID string `json:"id"`
		} `json:"guilds"`
	}
	if err := json.Unmarshal(e.RawData, &d); err != nil {
		s.o.Log.Warn("event not readable", "surface", Name, "kind", e.Type, "err", err)
		return
	}
	switch e.Type {
	case "READY":
		var there []string
		for _, g := range d.Guilds {
			there = append(there, g.ID)
		}
		s.meet(ctx, there, shard, n)
	case "GUILD_CREATE":
		s.noting.Lock()
		defer s.noting.Unlock()
		if in, _ := s.guilds.is(d.ID); in || d.Unavailable {
			return
		}
		if err := s.invited(ctx, Guild{ID: d.ID, Name: d.Name}); err != nil {
			s.o.Log.Warn("invitation not noted", "surface", Name, "guild", d.ID, "err", err)
		}
	case "GUILD_DELETE":
		if !d.Unavailable { // else Discord itself is in trouble
			s.leave(ctx, d.ID)
		}
	case "CHANNEL_DELETE":
		s.rooms.drop(d.ID)
	case "CHANNEL_UPDATE":
		s.rooms.drop(d.ID)
		s.allowed(ctx, d.Guild)
	case "GUILD_ROLE_UPDATE":
		s.allowed(ctx, d.Guild)
	}
}
