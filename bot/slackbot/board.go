package slackbot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
)

// The marks by which a message is found again. Only Griot reads them.
const (
	cardMark   = "griot_card"
	noticeMark = "griot_notice"
)

func mark(kind, key string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: kind, EventPayload: map[string]any{"key": key}})
}

// errNoStamp says that Slack took a message and did not say which it is.
var errNoStamp = errors.New("slackbot: slack gave the message no time stamp")

// Send places a card, marked with key.
func (s *Surface) Send(ctx context.Context, to chat.Place, key string, c chat.Card) (chat.MessageRef, error) {
	ref := chat.MessageRef{Place: to}
	err := s.call(ctx, to, func(ctx context.Context, b *bot) error {
		look, err := s.shownFiles(ctx, b, c)
		if err != nil {
			return err
		}
		m := blockkit.Card(c, look)
		ref.Message, err = s.post(ctx, b, to.Channel, m, mark(cardMark, key))
		if s.hopeless(b, c, err) {
			ref.Message, err = s.post(ctx, b, to.Channel, plainly(m), mark(cardMark, key))
		}
		return err
	})
	return ref, err
}

// post sends a message and returns its time stamp.
func (s *Surface) post(ctx context.Context, b *bot, channel string, m blockkit.Message, more ...slack.MsgOption) (string, error) {
	_, ts, err := b.api.PostMessageContext(ctx, channel, append(spoken(m), more...)...)
	if err == nil && ts == "" {
		err = errNoStamp
	}
	return ts, err
}

// hopeless reports that Slack will never take a card's look: its words are shown bare then, so that nobody misses them. A
// picture may not be ready yet: that is worth another try.
func (s *Surface) hopeless(b *bot, c chat.Card, err error) bool {
	if !ugly(err) || s.files.fresh(b.Workspace, c, s.o.Now()) {
		return false
	}
	s.o.Log.Error("slack does not take a card's look", "surface", Name, "workspace", b.Workspace, "err", err, "why", why(err))
	return true
}

// plainly is a message as bare words.
func plainly(m blockkit.Message) blockkit.Message { return blockkit.Message{Text: m.Text} }

// why is what Slack says of an error beside its code.
func why(err error) []string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.ResponseMetadata.Messages
	}
	return nil
}

// Edit makes a message show c. In a channel that takes nothing any more it fails with chat.ErrOutside: the message may stand there
// still, when the channel is opened again.
func (s *Surface) Edit(ctx context.Context, ref chat.MessageRef, c chat.Card) error {
	at := chat.Place{Surface: ref.Surface, Workspace: ref.Workspace} // its limit is the workspace's, not the channel's
	err := s.call(ctx, at, func(ctx context.Context, b *bot) error {
		look, err := s.shownFiles(ctx, b, c)
		if err != nil {
			return err
		}
		m := blockkit.Card(c, look)
		_, _, _, err = b.api.UpdateMessageContext(ctx, ref.Channel, ref.Message, spoken(m)...)
		if s.hopeless(b, c, err) {
			_, _, _, err = b.api.UpdateMessageContext(ctx, ref.Channel, ref.Message, spoken(plainly(m))...)
		}
		return err
	})
	return closed(err)
}

// How far Find looks back.
const (
	findPages = 5
	findPage  = 200 // messages, Slack's advice
	findSpan  = 14 * 24 * time.Hour
)

// Find looks for the message marked with key among the channel's latest thousand of a fortnight.
func (s *Surface) Find(ctx context.Context, in chat.Place, key string) (chat.MessageRef, error) {
	ref := chat.MessageRef{Place: in}
	err := s.call(ctx, in, func(ctx context.Context, b *bot) error {
		p := slack.GetConversationHistoryParameters{ChannelID: in.Channel, Limit: findPage, IncludeAllMetadata: true,
			Oldest: stamp(s.o.Now().Add(-findSpan))}
		for range findPages {
			page, err := b.api.GetConversationHistoryContext(ctx, &p)
			if err != nil {
				return err
			}
			if ref.Message = marked(page.Messages, cardMark, key); ref.Message != "" {
				return nil
			}
			if p.Cursor = page.ResponseMetaData.NextCursor; p.Cursor == "" {
				break
			}
		}
		return chat.ErrGone
	})
	return ref, closed(err)
}

// marked is the time stamp of the message with a mark; empty when there is none.
func marked(all []slack.Message, kind, key string) string {
	for _, m := range all {
		if m.Metadata.EventType == kind && m.Metadata.EventPayload["key"] == key {
			return m.Timestamp
		}
	}
	return ""
}

// stamp is an instant as Slack writes it.
func stamp(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) + ".000000" }

// Nudge writes one line that pings one person: in the thread of a message, or to them directly.
func (s *Surface) Nudge(ctx context.Context, n chat.Nudge) error {
	at := n.Thread.Place
	if n.Thread == (chat.MessageRef{}) {
		at = place(n.To.Workspace, "")
	}
	err := s.call(ctx, at, func(ctx context.Context, b *bot) error {
		channel := at.Channel
		if channel == "" {
			dm, err := s.direct(ctx, b, n.To.User)
			if err != nil {
				return err
			}
			channel = dm
		}
		if n.Again {
			said, err := s.nudged(ctx, b, channel, n)
			if said || err != nil {
				return err
			}
		}
		more := []slack.MsgOption{mark(noticeMark, n.Key)}
		if n.Thread.Message != "" {
			more = append(more, slack.MsgOptionTS(n.Thread.Message))
		}
		_, err := s.post(ctx, b, channel, blockkit.Nudge(n.To.User, n.Words), more...)
		return err
	})
	if w, ok := errors.AsType[*chat.Wait](err); ok && at.Channel == "" {
		return &chat.Wait{After: w.After, Channel: "@" + n.To.User} // of their conversation alone
	}
	return err
}

// nudged reports whether a nudge was said before.
func (s *Surface) nudged(ctx context.Context, b *bot, channel string, n chat.Nudge) (bool, error) {
	if n.Thread.Message != "" {
		return s.repeated(ctx, b, channel, n)
	}
	p := slack.GetConversationHistoryParameters{ChannelID: channel, Limit: findPage, IncludeAllMetadata: true}
	page, err := b.api.GetConversationHistoryContext(ctx, &p)
	if err != nil {
		return false, err
	}
	return marked(page.Messages, noticeMark, n.Key) != "", nil
}

// repeated is nudged in a thread, which Slack reads from its beginning.
func (s *Surface) repeated(ctx context.Context, b *bot, channel string, n chat.Nudge) (bool, error) {
	p := slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: n.Thread.Message, Limit: findPage, IncludeAllMetadata: true}
	for range findPages {
		all, more, next, err := b.api.GetConversationRepliesContext(ctx, &p)
		if err != nil || marked(all, noticeMark, n.Key) != "" {
			return err == nil, err
		}
		if p.Cursor = next; !more || next == "" {
			break
		}
	}
	return false, nil
}
