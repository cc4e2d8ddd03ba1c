package slackbot

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

// envelope is what the Events API sends: the fields that Griot reads.
type envelope struct {
	Type           string `json:"type"`
	ID             string `json:"event_id"`
	Team           string `json:"team_id"`
	Authorizations []struct {
		Team string `json:"team_id"`
	} `json:"authorizations"`
	Event happening `json:"event"`
}

// happening is what happened.
type happening struct {
	Type    string          `json:"type"`
	Subtype string          `json:"subtype"`
	User    json.RawMessage `json:"user"` // an id, or a whole profile
	Bot     string          `json:"bot_id"`
	Text    string          `json:"text"`
	Channel string          `json:"channel"`
	Kind    string          `json:"channel_type"`
	TS      string          `json:"ts"`
	Thread  string          `json:"thread_ts"`
	Tab     string          `json:"tab"`
	Tokens  struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

// user is the id of who did it.
func (h happening) user() string {
	var id string
	if json.Unmarshal(h.User, &id) == nil {
		return id
	}
	var whole struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(h.User, &whole) // neither an id nor a profile: nobody
	return whole.ID
}

// workspace is the one whose Griot is meant.
func (e envelope) workspace() string {
	if len(e.Authorizations) > 0 && e.Authorizations[0].Team != "" {
		return e.Authorizations[0].Team
	}
	return e.Team
}

// event takes what happened. What somebody waits for, or what must not be forgotten, is stored before Slack is told that it
// was taken; the rest only makes Griot look again.
func (s *Surface) event(ctx context.Context, payload []byte) error {
	var e envelope
	if err := json.Unmarshal(payload, &e); err != nil {
		s.o.Log.Warn("event not readable", "surface", Name, "err", err)
		return nil // delivering it again would not help
	}
	switch h := e.Event; {
	case h.Type == "app_home_opened" && h.Tab != "messages":
		s.tasks.Do(func(ctx context.Context) { s.visited(ctx, e) })
	case h.Type == "user_change":
		s.people.forget(e.workspace() + "|" + h.user())
	case spokenTo(h), h.Type == "app_uninstalled", h.Type == "tokens_revoked":
		return s.keep(ctx, e.ID, eventKind, payload)
	}
	return nil
}

// spokenTo reports whether a person says something to Griot.
func spokenTo(h happening) bool {
	said := h.Subtype == "" || h.Subtype == "file_share" || h.Subtype == "thread_broadcast"
	direct := h.Type == "message" && h.Kind == "im"
	return said && h.Bot == "" && h.user() != "" && (direct || h.Type == "app_mention")
}

// happened deals with an event that was stored.
func (s *Surface) happened(ctx context.Context, payload []byte) error {
	var e envelope
	if json.Unmarshal(payload, &e) != nil {
		return nil // it was read before it was stored
	}
	if !spokenTo(e.Event) {
		return s.left(ctx, e)
	}
	b, err := s.at(ctx, e.workspace())
	if err != nil {
		return err
	}
	return s.words(ctx, b, e)
}

// left forgets a workspace that put Griot out, unless it has let it in again since: Slack is asked.
func (s *Surface) left(ctx context.Context, e envelope) error {
	s.bots.forget(e.workspace())
	b, err := s.installed(ctx, e.workspace())
	if err != nil {
		return mended(err, "")
	}
	if e.Event.Type != "app_uninstalled" && !slices.Contains(e.Event.Tokens.Bot, b.BotUser) {
		return nil
	}
	if _, err := b.api.AuthTestContext(ctx); !revoked(err) {
		return mended(err, "")
	}
	s.o.Log.Info("slack workspace left", "surface", Name, "workspace", b.Workspace)
	return s.gone(ctx, b)
}

// words answers what somebody said to Griot, where they said it.
func (s *Surface) words(ctx context.Context, b *bot, e envelope) error {
	h := e.Event
	if h.user() == b.BotUser {
		return nil
	}
	o := origin{Workspace: b.Workspace, Channel: h.Channel, User: h.user(), Thread: h.Thread, Message: h.Thread}
	if h.Kind != "im" && o.Thread == "" {
		o.Thread = h.TS
	}
	who := s.who(ctx, b, o.User, "")
	l := s.locale(who)
	said, unknown := blockkit.Emoji(blockkit.Typed(addressed(h.Text, b.BotUser), s.names(ctx, b)))
	if len(unknown) > 0 {
		return s.reply(ctx, b, o, custom(l, unknown))
	}
	a, err := s.handle(ctx, chat.Event{ID: e.ID, Who: who, Place: o.place(), Message: o.Message, Words: strings.TrimSpace(said)})
	if err != nil {
		return fmt.Errorf("answer words: %w", err)
	}
	switch x := a.(type) {
	case chat.Say:
		return s.reply(ctx, b, o, x)
	case chat.Ask:
		return s.offer(ctx, b, o, x.Form)
	}
	if c := theirs(o, a); c != nil {
		return s.reply(ctx, b, o, chat.Say{Card: *c, Private: true})
	}
	return nil
}

// addressed is what was said to Griot, without its name.
func addressed(text, bot string) string {
	return regexp.MustCompile("<@"+regexp.QuoteMeta(bot)+`(\|[^>]*)?>`).ReplaceAllString(text, " ")
}

func custom(l i18n.Locale, unknown []string) chat.Say {
	c := chat.Sentence(chat.Bad, chat.Plain(errCustom.In(l, named(unknown))))
	c.Locale = l
	return chat.Say{Card: c, Private: true}
}

// reply says a card in the thread where Griot was spoken to; what is private, to that person alone.
func (s *Surface) reply(ctx context.Context, b *bot, o origin, x chat.Say) error {
	m := s.drawn(b, x.Card)
	direct := strings.HasPrefix(o.Channel, "D")
	if x.Private && !direct {
		return mended(s.whisper(ctx, b, o, m), o.Channel)
	}
	_, _, err := b.api.PostMessageContext(ctx, o.Channel, o.said(m)...)
	return mended(err, o.Channel)
}
