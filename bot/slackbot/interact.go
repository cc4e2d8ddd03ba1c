package slackbot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

// interaction is what Slack sends when somebody presses, chooses, sends a form or uses a shortcut: the fields that Griot
// reads, so that what Slack adds to the others cannot get in the way.
type interaction struct {
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Trigger  string `json:"trigger_id"`
	URL      string `json:"response_url"`
	Team     struct {
		ID     string `json:"id"`
		Domain string `json:"domain"` // before ".slack.com"
	} `json:"team"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
		Name string `json:"name"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message struct {
		TS       string     `json:"ts"`
		Thread   string     `json:"thread_ts"`
		Team     string     `json:"team"`
		User     string     `json:"user"`
		Username string     `json:"username"` // of a bot that calls itself so
		Text     string     `json:"text"`
		Files    []attached `json:"files"`
		Profile  struct {
			Name string `json:"name"`
		} `json:"bot_profile"`
	} `json:"message"`
	Container struct {
		Type    string `json:"type"`
		Message string `json:"message_ts"`
		Thread  string `json:"thread_ts"`
		Channel string `json:"channel_id"`
		Hidden  bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions []json.RawMessage `json:"actions"`
	View    *view             `json:"view"`
}

// attached is a file of a message, as far as it is read.
type attached struct {
	ID   string `json:"id"`
	Type string `json:"mimetype"`
}

// interact does what an interaction asks for.
func (s *Surface) interact(ctx context.Context, in interaction, payload []byte) (reply, error) {
	b, err := s.of(ctx, in)
	if errors.Is(err, chat.ErrRemoved) {
		return s.unasked(in), nil
	}
	if err != nil {
		return reply{}, err
	}
	switch in.Type {
	case "block_actions":
		return s.press(ctx, b, in), nil
	case "view_submission":
		if in.View != nil {
			return s.submission(ctx, b, in, payload)
		}
	case "message_action", "shortcut":
		return s.shortcut(ctx, b, in), nil
	}
	return reply{}, nil // a closed window: nothing was asked
}

// of is Griot in the workspace that the thing acted on belongs to: a person of another workspace (Slack Connect) acts on a
// card of this one. A shortcut belongs to the workspace it was begun in, whoever wrote the message.
func (s *Surface) of(ctx context.Context, in interaction) (*bot, error) {
	all := []string{in.Message.Team, in.Team.ID, in.User.Team}
	switch {
	case in.View != nil:
		all = append([]string{in.View.AppInstalledTeamID, from(in.View.PrivateMetadata).Workspace}, all...)
	case in.Type == "message_action":
		all = all[1:]
	}
	err := error(chat.ErrRemoved)
	for _, workspace := range all {
		if workspace == "" {
			continue
		}
		var b *bot
		if b, err = s.at(ctx, workspace); !errors.Is(err, chat.ErrRemoved) {
			return b, err
		}
	}
	return nil, err
}

// unasked answers in a workspace that Griot was removed from, with the only means left.
func (s *Surface) unasked(in interaction) reply {
	if in.URL == "" {
		return reply{}
	}
	return reply{after: func(ctx context.Context) {
		_ = s.respond(ctx, in.URL, hidden(sentence(s.o.Locale, errNotInstalled.In(s.o.Locale)))) // nobody else to tell
	}}
}

// origin is where an interaction came from.
func (s *Surface) origin(b *bot, in interaction) origin {
	o := origin{Workspace: b.Workspace, Channel: in.Channel.ID, User: in.User.ID, Trigger: in.Trigger, URL: in.URL,
		Came: s.o.Now(), Until: s.o.Now().Add(lifetime).Unix(), Thread: cmp.Or(in.Message.Thread, in.Container.Thread)}
	if in.Container.Type == "message" {
		o.Channel, o.Message, o.Hidden = in.Container.Channel, in.Container.Message, in.Container.Hidden
	}
	if o.Thread == o.Message {
		o.Thread = "" // the message begins a thread: it was pressed in the channel
	}
	if in.View == nil {
		return o
	}
	before := from(in.View.PrivateMetadata)
	before.Workspace, before.User, before.Trigger, before.Came = b.Workspace, in.User.ID, in.Trigger, o.Came
	switch in.View.Type {
	case slack.VTHomeTab:
		before.Home = true
	case slack.VTModal:
		before.View, before.Hash = in.View.ID, in.View.Hash
	}
	return before
}

// press does what a button or a menu says.
func (s *Surface) press(ctx context.Context, b *bot, in interaction) reply {
	o := s.origin(b, in)
	e := chat.Event{ID: in.Trigger, Who: s.who(ctx, b, in.User.ID, in.User.Name), Place: o.place(), Message: o.Message}
	if !pressed(&e, &o, in.Actions) {
		return reply{} // a link, or a field of a form that is being filled
	}
	return s.act(ctx, b, o, e, keptAlong)
}

// act asks the handler, and shows what it answers, once: an act that Slack delivers again is acknowledged again. A form says how
// many files of o are sent with it.
func (s *Surface) act(ctx context.Context, b *bot, o origin, e chat.Event, files i18n.Plural) reply {
	a, err := s.handle(ctx, e)
	switch {
	case err != nil:
		a = broken(s.locale(e.Who))
	case !s.firsts.First(e.ID):
		return reply{} // shown already
	}
	if ask, ok := a.(chat.Ask); ok {
		a = chat.Ask{Form: withFiles(ask.Form, o, files)}
	}
	return reply{after: func(ctx context.Context) { s.answer(ctx, b, o, a) }}
}

// pressed reads what was pressed into e, and what comes along with it into o.
func pressed(e *chat.Event, o *origin, actions []json.RawMessage) bool {
	for _, raw := range actions {
		var act slack.BlockAction
		if json.Unmarshal(raw, &act) != nil {
			continue
		}
		if f, ok := offered(act); ok {
			e.Tag, e.Values, o.Files = f.tag(), f.Values, f.Files
			return true
		}
		tag, value, ok := blockkit.Press(act)
		if !ok {
			continue
		}
		if e.Tag = tag; value != "" {
			e.Values = chat.Values{"value": {value}}
		}
		return true
	}
	return false
}

// broken is the answer when there is none.
func broken(l i18n.Locale) chat.Answer {
	c := chat.Sentence(chat.Bad, chat.Plain(errBroken.In(l)))
	c.Locale = l
	return chat.Say{Card: c, Private: true}
}

// answer shows what came of a press or a shortcut.
func (s *Surface) answer(ctx context.Context, b *bot, o origin, a chat.Answer) {
	switch x := a.(type) {
	case chat.Say:
		s.say(ctx, b, o, x)
	case chat.Ask:
		if o.View != "" {
			s.turn(ctx, b, o, x.Form)
		} else {
			s.open(ctx, b, o, x.Form)
		}
	case chat.Refresh:
		s.refresh(ctx, b, o, x)
	case chat.Silent:
		s.done(ctx, b, o)
	}
	if o.Home {
		s.showHome(ctx, b, o.User)
	}
}

// refresh makes the pressed message show its card, and says what there is to say. A passing card that was pressed in a window
// stands in that window: the message under it shows something else.
func (s *Surface) refresh(ctx context.Context, b *bot, o origin, x chat.Refresh) {
	shows := o.Message != "" && (o.View == "" || x.Card.Subject != "")
	if shows {
		s.redraw(ctx, b, o, x.Card)
	}
	switch {
	case x.Tell != nil:
		s.say(ctx, b, o, chat.Say{Card: *x.Tell, Private: true})
	case !shows:
		s.say(ctx, b, o, chat.Say{Card: x.Card, Private: true})
	default:
		s.done(ctx, b, o)
	}
}

// done ends the window that was pressed in: Slack lets nobody but its reader close it.
func (s *Surface) done(ctx context.Context, b *bot, o origin) {
	if o.View == "" {
		return
	}
	l := s.locale(s.who(ctx, b, o.User, ""))
	if _, err := b.api.UpdateViewContext(ctx, blockkit.Waiting(doneTitle.In(l), doneWords.In(l)), "", o.Hash, o.View); err != nil {
		s.o.Log.Info("window closed meanwhile", "surface", Name, "workspace", b.Workspace, "err", err)
	}
}

// say shows a card to who acted, or to all where they are.
func (s *Surface) say(ctx context.Context, b *bot, o origin, x chat.Say) {
	switch {
	case o.Home, o.View != "", o.URL == "":
		s.window(ctx, b, o, x.Card)
	case x.Private:
		s.tell(ctx, b, o, x.Card)
	default:
		s.announce(ctx, b, o, x.Card)
	}
}

// announce says a passing card for all in a channel.
func (s *Surface) announce(ctx context.Context, b *bot, o origin, c chat.Card) {
	m := s.drawn(b, c)
	err := errSpent
	if o.answerable(s.o.Now()) {
		a := shown(m)
		a.Thread = o.Thread
		err = s.respond(ctx, o.URL, a)
	}
	if err != nil {
		if _, _, err = b.api.PostMessageContext(ctx, o.Channel, o.said(m)...); err != nil {
			s.tell(ctx, b, o, c)
		}
	}
}

// turn makes the window that was pressed in ask for something.
func (s *Surface) turn(ctx context.Context, b *bot, o origin, f chat.Form) {
	view := o.View
	o.View = ""
	if _, err := b.api.UpdateViewContext(ctx, blockkit.Modal(f, o.meta()), "", o.Hash, view); err != nil {
		s.o.Log.Warn("form not shown in its window", "surface", Name, "workspace", b.Workspace, "form", f.Tag.Verb, "err", err)
	}
}
