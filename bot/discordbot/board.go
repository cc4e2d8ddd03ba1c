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
