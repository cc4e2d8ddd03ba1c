package slackbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

// message is what an acknowledgement and a response_url take.
type message struct {
	Type    string        `json:"response_type,omitempty"`
	Text    string        `json:"text"`
	Blocks  []slack.Block `json:"blocks,omitempty"`
	Replace bool          `json:"replace_original"`
	Thread  string        `json:"thread_ts,omitempty"`
	Links   bool          `json:"unfurl_links"`
	Media   bool          `json:"unfurl_media"`
}

// hidden is a message for one person alone.
func hidden(m blockkit.Message) message {
	return message{Type: slack.ResponseTypeEphemeral, Text: m.Text, Blocks: m.Blocks}
}

// shown is a message for everybody in the channel.
func shown(m blockkit.Message) message {
	return message{Type: slack.ResponseTypeInChannel, Text: m.Text, Blocks: m.Blocks}
}

// instead replaces the message that was pressed.
func instead(m blockkit.Message) message {
	return message{Text: m.Text, Blocks: m.Blocks, Replace: true}
}

// sentence is one sentence of the surface's own.
func sentence(l i18n.Locale, words string) blockkit.Message {
	c := chat.Sentence(chat.Bad, chat.Plain(words))
	c.Locale = l
	return blockkit.Card(c, blockkit.Look{})
}

// drawn is a card with the pictures that are in the workspace already.
func (s *Surface) drawn(b *bot, c chat.Card) blockkit.Message {
	return blockkit.Card(c, s.look(b))
}

// respondTime bounds one answer by response_url; what takes longer than settled may be overtaken by the board.
const (
	respondTime = 3 * time.Second
	settled     = time.Second
)

// respond answers by response_url. Errors: errSpent when the URL is used up or has ended.
func (s *Surface) respond(ctx context.Context, url string, m message) error {
	body, err := compact(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, respondTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := s.http.Do(req)
	if err != nil {
		return fmt.Errorf("answer: %w", unaddressed(err))
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	switch {
	case res.StatusCode == http.StatusNotFound:
		return errSpent
	case err != nil || res.StatusCode != http.StatusOK:
		return fmt.Errorf("answer: slack says %d", res.StatusCode)
	}
	return accepted(said)
}

// errSpent says that a response_url takes no more answers.
var errSpent = errors.New("slackbot: response url spent")

// unaddressed is err without the URL, which is a secret.
func unaddressed(err error) error {
	var u interface{ Unwrap() error }
	if errors.As(err, &u) {
		return u.Unwrap()
	}
	return err
}

// accepted reads what a response_url says with status 200: nothing, "ok", or JSON with a refusal in it.
func accepted(said []byte) error {
	var r struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(said, &r) == nil && r.OK != nil && !*r.OK {
		return slack.SlackErrorResponse{Err: r.Error}
	}
	return nil
}

// tell says a card to one person alone, in the channel where they acted: by response_url, else by the Web API, else in their
// conversation with Griot.
func (s *Surface) tell(ctx context.Context, b *bot, o origin, c chat.Card) {
	m := s.drawn(b, c)
	if o.answerable(s.o.Now()) {
		a := hidden(m)
		a.Thread = o.Thread
		err := s.respond(ctx, o.URL, a)
		if err == nil {
			return
		}
		s.o.Log.Debug("response url not taken", "surface", Name, "err", err)
	}
	if err := s.whisper(ctx, b, o, m); err != nil {
		s.o.Log.Warn("answer not shown", "surface", Name, "workspace", b.Workspace, "user", o.User, "err", err)
	}
}

func (s *Surface) whisper(ctx context.Context, b *bot, o origin, m blockkit.Message) error {
	if o.Channel != "" {
		_, err := b.api.PostEphemeralContext(ctx, o.Channel, o.User, o.said(m)...)
		if err == nil {
			return nil
		}
	}
	dm, err := s.direct(ctx, b, o.User)
	if err != nil {
		return err
	}
	_, _, err = b.api.PostMessageContext(ctx, dm, spoken(m)...)
	return err
}

// said are the options of a message where the act came from: in its thread, if it has one.
func (o origin) said(m blockkit.Message) []slack.MsgOption {
	if o.Thread == "" {
		return spoken(m)
	}
	return append(spoken(m), slack.MsgOptionTS(o.Thread))
}

// spoken are the options of a message: nothing in it is parsed, linked or unfurled.
func spoken(m blockkit.Message) []slack.MsgOption {
	return []slack.MsgOption{slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...),
		slack.MsgOptionDisableMarkdown(), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
}

// redraw makes the pressed message show c. When that is not certain, or came so long after the act that the board may have
// been overtaken, the board is told.
func (s *Surface) redraw(ctx context.Context, b *bot, o origin, c chat.Card) {
	m := s.drawn(b, c)
	err := errSpent
	if o.answerable(s.o.Now()) {
		err = s.respond(ctx, o.URL, instead(m))
	}
	if err == nil && s.o.Now().Sub(o.Came) < settled || o.Hidden {
		return
	}
	if err := s.o.Stale(context.WithoutCancel(ctx), o.message()); err != nil {
		s.o.Log.Error("card may show what is past", "surface", Name, "workspace", b.Workspace, "err", err)
	}
}

var (
	openLate = i18n.Text{
		En: "Slack did not open the form in time. Please try once more.",
		Fr: "Slack n’a pas ouvert le formulaire à temps. Réessayez une fois.",
	}
	titleHere = i18n.Text{En: "Griot", Fr: "Griot"}
)

// open shows a form, within the life of its trigger.
func (s *Surface) open(ctx context.Context, b *bot, o origin, f chat.Form) {
	_, err := b.api.OpenViewContext(ctx, o.Trigger, blockkit.Modal(f, o.meta()))
	if err == nil {
		return
	}
	s.o.Log.Warn("form not opened", "surface", Name, "workspace", b.Workspace, "form", f.Tag.Verb, "err", err, "why", why(err))
	words := errBroken
	if codeOf(err) == "" || is(err, lateCodes) {
		words = openLate
	}
	c := chat.Sentence(chat.Bad, chat.Plain(words.In(f.Locale)))
	c.Locale = f.Locale
	s.tell(ctx, b, o, c)
}

// window shows a card in a window of its own, where there is no channel to say it in.
func (s *Surface) window(ctx context.Context, b *bot, o origin, c chat.Card) {
	v := blockkit.Window(titleHere.In(c.Locale), c, s.look(b), o.meta())
	var err error
	if o.View != "" {
		_, err = b.api.UpdateViewContext(ctx, v, "", o.Hash, o.View)
	} else {
		_, err = b.api.OpenViewContext(ctx, o.Trigger, v)
	}
	if err != nil {
		s.o.Log.Warn("answer not shown in a window", "surface", Name, "workspace", b.Workspace, "err", err)
		s.tell(ctx, b, o, c)
	}
}
