package discordbot

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"griot/chat"
)

// room is what Griot knows of a channel.
type room struct {
	name string
	kind int
}

func (r room) thread() bool {
	return r.kind >= int(discordgo.ChannelTypeGuildNewsThread) && r.kind <= int(discordgo.ChannelTypeGuildPrivateThread)
}

// room asks what a channel is, once: its kind never changes but between text and announcements.
func (s *Surface) room(ctx context.Context, id string) (room, error) {
	if r, ok := s.rooms.get(id); ok {
		return r, nil
	}
	var c channel
	if err := s.rest.do(ctx, call{method: "GET", path: "/channels/" + id, out: &c}); err != nil {
		return room{}, err
	}
	r := room{c.Name, c.Type}
	s.rooms.put(id, r)
	return r, nil
}

// RoomName is what people call a channel; empty when Discord does not say.
func (s *Surface) RoomName(ctx context.Context, at chat.Place) string {
	r, err := s.room(ctx, at.Channel)
	if err != nil || r.name == "" {
		return ""
	}
	return "#" + r.name
}

// Rooms lists the channels of a server in which cards can stand.
func (s *Surface) Rooms(ctx context.Context, guild string) []chat.Option {
	var all []channel
	if err := s.rest.do(ctx, call{method: "GET", path: "/guilds/" + guild + "/channels", out: &all}); err != nil {
		s.o.Log.Info("channels not listed", "surface", Name, "guild", guild, "err", err)
		return nil
	}
	var out []chat.Option
	for _, c := range all {
		switch discordgo.ChannelType(c.Type) {
		case discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum:
			out = append(out, chat.Option{Value: c.ID, Label: "#" + c.Name})
		}
	}
	return out
}
