package discordbot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/discordbot/components"
	"griot/chat"
)

// outgoing is a new message.
type outgoing struct {
	body
	Nonce   string     `json:"nonce,omitempty"`
	Enforce bool       `json:"enforce_nonce,omitempty"`
	Reply   *reference `json:"message_reference,omitempty"`
}

type reference struct {
	Message string `json:"message_id"`
	Fail    bool   `json:"fail_if_not_exists"`
}

// nonce is the same for the same sending of a message: Discord gives the first one back for a few minutes. One that people
// deleted is sent anew, so that it counts what was sent.
func (s *Surface) nonce(key string) string {
	n, _ := s.sends.get(key)
	h := sha256.Sum256([]byte(key + "|" + strconv.Itoa(n)))
	return hex.EncodeToString(h[:12])
}

func (s *Surface) sent(key string) {
	n, _ := s.sends.get(key)
	s.sends.put(key, n+1)
}

// Send places a card, marked with key. In a forum it begins a post of its own.
func (s *Surface) Send(ctx context.Context, to chat.Place, key string, c chat.Card) (chat.MessageRef, error) {
	ref := chat.MessageRef{Place: to}
	if s.removed(ctx, to.Workspace) {
		return ref, chat.ErrRemoved
	}
	r, err := s.room(ctx, to.Channel)
	if err != nil {
		return ref, s.mended(ctx, to.Workspace, err)
	}
	files, look := s.pictures(c)
	m := body{Message: components.CardMarked(c, look, key), Attachments: listedFiles(files)}
	ref.Message, err = s.post(ctx, r, to.Channel, key, c, m, files)
	if s.hopeless(err) {
		files = nil
		ref.Message, err = s.post(ctx, r, to.Channel, key, c, body{Message: components.Plainly(c, components.Mark(key))}, nil)
	}
	if err != nil {
		return ref, s.mended(ctx, to.Workspace, err)
	}
	s.sent(key)
	s.shown.put(ref.Message, names(files))
	return ref, nil
}

// post sends a card into a channel, or begins a forum's post with it.
func (s *Surface) post(ctx context.Context, r room, channel, key string, c chat.Card, m body, files []upload) (id string, err error) {
	var got message
	send := call{method: "POST", path: "/channels/" + channel + "/messages", files: files, out: &got}
	send.in = outgoing{body: m, Nonce: s.nonce(key), Enforce: true}
	if starts(r.kind) {
		send.path, send.in = "/channels/"+channel+"/threads", map[string]any{"name": postName(c), "message": m}
	}
	err = s.rest.do(ctx, send)
	if err == nil && got.ID == "" {
		err = errNoID
	}
	return got.ID, err
}

// hopeless reports that Discord will never take a card's look: its words are shown bare then, so that nobody misses them.
func (s *Surface) hopeless(err error) bool {
	if !is(err, uglyCodes) {
		return false
	}
	s.o.Log.Error("discord does not take a card's look", "surface", Name, "err", err)
	return true
}

var errNoID = errors.New("discordbot: discord gave the message no id")

func names(files []upload) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

// postName is what the post of a forum is called.
func postName(c chat.Card) string {
	words := cmp.Or(chat.Flat(c.Body), chat.Flat(c.Lead))
	return components.Title(cmp.Or(words, c.Title))
}

// Edit makes a message show c.
func (s *Surface) Edit(ctx context.Context, ref chat.MessageRef, c chat.Card) error {
	if s.removed(ctx, ref.Workspace) {
		return chat.ErrRemoved
	}
	at, err := s.channelOf(ctx, ref)
	if err != nil {
		return s.mended(ctx, ref.Workspace, closed(err))
	}
	files, look := s.pictures(c)
	m := body{Message: components.Card(c, look), Attachments: listedFiles(files)}
	edit := call{method: "PATCH", path: "/channels/" + at + "/messages/" + ref.Message, in: m, files: files}
	if before, ok := s.shown.get(ref.Message); ok && slices.Equal(before, names(files)) {
		edit.in, edit.files = m.Message, nil // they stay as they are
	}
	err = s.rest.do(ctx, edit)
	if codeOf(err) == archived && s.reopen(ctx, at) == nil {
		err = s.rest.do(ctx, edit)
	}
	if s.hopeless(err) {
		files = nil
		edit.in, edit.files = body{Message: components.Plainly(c, 0), Attachments: listedFiles(nil)}, nil
		err = s.rest.do(ctx, edit)
	}
	if err == nil {
		s.shown.put(ref.Message, names(files))
	}
	if at == ref.Channel { // else it is the message itself that is gone: the post of a forum
		err = closed(err)
	}
	return s.mended(ctx, ref.Workspace, err)
}

// closed is err, unless the channel itself is gone or not seen: what stands there may be seen again.
func closed(err error) error {
	if codeOf(err) == unknownChannel {
		return errors.Join(chat.ErrOutside, err)
	}
	return err
}

// reopen takes a thread out of the archive.
func (s *Surface) reopen(ctx context.Context, thread string) error {
	return s.rest.do(ctx, call{method: "PATCH", path: "/channels/" + thread, in: map[string]bool{"archived": false}})
}

// channelOf is the channel in which a message stands: that of a forum's post is the post's own.
func (s *Surface) channelOf(ctx context.Context, ref chat.MessageRef) (string, error) {
	r, err := s.room(ctx, ref.Channel)
	if err == nil && starts(r.kind) {
		return ref.Message, nil
	}
	return ref.Channel, err
}

// How far Find looks back.
const (
	findPages = 5
	findPage  = 100
	findSpan  = 14 * 24 * time.Hour
)

// Find looks for the message marked with key among the channel's latest five hundred of a fortnight, or among a forum's open
// posts.
func (s *Surface) Find(ctx context.Context, in chat.Place, key string) (chat.MessageRef, error) {
	ref := chat.MessageRef{Place: in}
	if s.removed(ctx, in.Workspace) {
		return ref, chat.ErrRemoved
	}
	r, err := s.room(ctx, in.Channel)
	if err == nil && starts(r.kind) {
		ref.Message, err = s.findPost(ctx, in, key)
	} else if err == nil {
		ref.Message, err = s.findIn(ctx, in.Channel, key)
	}
	return ref, s.mended(ctx, in.Workspace, closed(err))
}

func (s *Surface) findIn(ctx context.Context, channel, key string) (string, error) {
	oldest := snowflake(s.o.Now().Add(-findSpan))
	before := ""
	for range findPages {
		q := url.Values{"limit": {strconv.Itoa(findPage)}}
		if before != "" {
			q.Set("before", before)
		}
		var page []message
		if err := s.rest.do(ctx, call{method: "GET", path: "/channels/" + channel + "/messages?" + q.Encode(), out: &page}); err != nil {
			return "", err
		}
		for _, m := range page {
			if components.Marked(m.Components, key) {
				return m.ID, nil
			}
			before = m.ID
		}
		if len(page) < findPage || older(before, oldest) {
			break
		}
	}
	return "", chat.ErrGone
}

// findPost looks into the first messages of a forum's open posts.
func (s *Surface) findPost(ctx context.Context, in chat.Place, key string) (string, error) {
	var open struct {
		Threads []channel `json:"threads"`
	}
	if err := s.rest.do(ctx, call{method: "GET", path: "/guilds/" + in.Workspace + "/threads/active", out: &open}); err != nil {
		return "", err
	}
	tries := 0
	for _, t := range open.Threads {
		if t.Parent != in.Channel || tries == findPage {
			continue
		}
		tries++
		var m message
		if err := s.rest.do(ctx, call{method: "GET", path: "/channels/" + t.ID + "/messages/" + t.ID, out: &m}); err != nil {
			if is(err, goneCodes) {
				continue
			}
			return "", err
		}
		if components.Marked(m.Components, key) {
			return t.ID, nil
		}
	}
	return "", chat.ErrGone
}

// epoch is the first instant of Discord's ids, in milliseconds. Source: docs.discord.com, reference, snowflakes.
const epoch = 1420070400000

// snowflake is the first id of an instant.
func snowflake(t time.Time) uint64 { return uint64(max(0, t.UnixMilli()-epoch)) << 22 }

// older reports whether an id is from before another one.
func older(id string, than uint64) bool {
	n, err := strconv.ParseUint(id, 10, 64)
	return err == nil && n < than
}

// Nudge writes one line that pings one person: in the thread of a message, or to them directly.
func (s *Surface) Nudge(ctx context.Context, n chat.Nudge) error {
	guild := cmp.Or(n.Thread.Workspace, n.To.Workspace)
	if s.removed(ctx, guild) {
		return chat.ErrRemoved
	}
	m := outgoing{body: body{Message: components.Nudge(n.To.User, n.Words)}, Nonce: s.nonce(n.Key), Enforce: true}
	m.Components[0].ID = components.Mark(n.Key)
	if n.Thread.Message == "" {
		err := s.mended(ctx, guild, s.nudgeDirectly(ctx, n, m))
		if w, ok := errors.AsType[*chat.Wait](err); ok && w.Channel != "" {
			return &chat.Wait{After: w.After, Channel: "@" + n.To.User}
		}
		return err
	}
	return s.mended(ctx, guild, s.nudgeUnder(ctx, n, m))
}

func (s *Surface) nudgeDirectly(ctx context.Context, n chat.Nudge, m outgoing) error {
	at, err := s.home(ctx, n.To.User)
	if err != nil {
		return err
	}
	return s.nudge(ctx, at, n, m)
}

// nudge writes a line into a channel, unless it stands there.
func (s *Surface) nudge(ctx context.Context, channel string, n chat.Nudge, m outgoing) error {
	if n.Again {
		_, err := s.findIn(ctx, channel, n.Key)
		if err == nil || !errors.Is(err, chat.ErrGone) {
			return err
		}
	}
	err := s.rest.do(ctx, call{method: "POST", path: "/channels/" + channel + "/messages", in: m})
	if err == nil {
		s.sent(n.Key)
	}
	return err
}

// nudgeUnder writes into the thread of a card, which is begun by the first line; where Griot may not begin one, the line stands
// in the channel as a reply.
func (s *Surface) nudgeUnder(ctx context.Context, n chat.Nudge, m outgoing) error {
	r, err := s.room(ctx, n.Thread.Channel)
	if err != nil {
		return err
	}
	reply := m
	reply.Reply = &reference{Message: n.Thread.Message}
	switch {
	case starts(r.kind):
		return s.nudge(ctx, n.Thread.Message, n, m)
	case r.thread():
		return s.nudge(ctx, n.Thread.Channel, n, reply)
	}
	err = s.nudge(ctx, n.Thread.Message, n, m) // a thread has the id of the message it belongs to
	if codeOf(err) != unknownChannel {
		return err
	}
	in := map[string]any{"name": components.Title(chat.Flat(n.Words)), "auto_archive_duration": 4320}
	err = s.rest.do(ctx, call{method: "POST", path: "/channels/" + n.Thread.Channel + "/messages/" + n.Thread.Message + "/threads", in: in})
	switch {
	case is(err, outsideCodes):
		return s.nudge(ctx, n.Thread.Channel, n, reply)
	case err != nil && codeOf(err) != threadThere:
		return err
	}
	return s.nudge(ctx, n.Thread.Message, n, m)
}

// threadThere says that the message has a thread already: somebody else was faster.
const threadThere = 160004

// home is the conversation between somebody and Griot.
func (s *Surface) home(ctx context.Context, user string) (string, error) {
	if id, ok := s.homes.get(user); ok {
		return id, nil
	}
	var c channel
	err := s.rest.do(ctx, call{method: "POST", path: "/users/@me/channels", in: map[string]string{"recipient_id": user}, out: &c})
	if err == nil {
		s.homes.put(user, c.ID)
	}
	return c.ID, err
}

// direct says something to one person alone.
func (s *Surface) direct(ctx context.Context, user string, m body, files []upload) error {
	at, err := s.home(ctx, user)
	if err != nil {
		return err
	}
	return s.rest.do(ctx, call{method: "POST", path: "/channels/" + at + "/messages", in: m, files: files})
}

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
