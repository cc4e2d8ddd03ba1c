package slackbot

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"griot/chat"
	"griot/i18n"
)

// offerAction is the action of the button that opens a form: Slack opens none for words, which bring no trigger.
const offerAction = "form.open"

// offeredForm is what that button carries: the form's tag, what was typed already, and the files that come along.
type offeredForm struct {
	Tag    string      `json:"t"`
	Values chat.Values `json:"v,omitempty"`
	Files  []string    `json:"f,omitempty"`
}

func (f offeredForm) tag() chat.Tag {
	t, err := chat.ParseTag(f.Tag)
	if err != nil {
		return chat.Tag{}
	}
	return t
}

// offered reads a press of that button.
func offered(act slack.BlockAction) (offeredForm, bool) {
	var f offeredForm
	if act.ActionID != offerAction || json.Unmarshal([]byte(act.Value), &f) != nil {
		return f, false
	}
	return f, f.tag().Verb != ""
}

var (
	oneStep = i18n.Text{En: "One more step: fill in the form.", Fr: "Encore une étape\u202f: remplissez le formulaire."}
	openIt  = i18n.Text{En: "Open the form", Fr: "Ouvrir le formulaire"}
)

// longestValue is what a button's value takes. Source: chat-platforms.md A5.
const longestValue = 2000

// offer gives somebody the button that opens a form. What was typed and is too long for the button is shown, to be copied.
func (s *Surface) offer(ctx context.Context, b *bot, o origin, f chat.Form) error {
	c := chat.Sentence(chat.Waiting, chat.Plain(oneStep.In(f.Locale)))
	c.Locale = f.Locale
	value, err := json.Marshal(offeredForm{f.Tag.String(), typedInto(f), o.Files})
	if err == nil && len(value) > longestValue {
		c.Fields = longOnes(f)
		value, err = json.Marshal(offeredForm{Tag: f.Tag.String(), Files: o.Files})
	}
	if err != nil {
		return err
	}
	m := s.drawn(b, c)
	label := slack.NewTextBlockObject(slack.PlainTextType, openIt.In(f.Locale), false, false)
	button := slack.NewButtonBlockElement(offerAction, string(value), label).WithStyle(slack.StylePrimary)
	m.Blocks = append(m.Blocks, slack.NewActionBlock("offer", button))
	if strings.HasPrefix(o.Channel, "D") {
		_, _, err = b.api.PostMessageContext(ctx, o.Channel, o.said(m)...)
	} else {
		err = s.whisper(ctx, b, o, m)
	}
	return mended(err, o.Channel)
}

// longOnes are the words that somebody typed into a form.
func longOnes(f chat.Form) []chat.Field {
	var out []chat.Field
	for _, in := range f.Inputs {
		if words := strings.Join(in.Value, ", "); words != "" && (in.Kind == chat.Text || in.Kind == chat.Line) {
			out = append(out, chat.Field{Label: in.Label, Value: []chat.Span{chat.Plain(words)}})
		}
	}
	return out
}

// typedInto is what a form holds already, secrets apart.
func typedInto(f chat.Form) chat.Values {
	out := chat.Values{}
	for _, in := range f.Inputs {
		if len(in.Value) > 0 && in.Kind != chat.Secret {
			out[in.Name] = in.Value
		}
	}
	return out
}
