package slackbot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

var (
	waitTitle = i18n.Text{En: "One moment", Fr: "Un instant"}
	waitWords = i18n.Text{
		En: "Griot is fetching your pictures. You may close this window: nothing is lost.",
		Fr: "Griot récupère vos images. Vous pouvez fermer cette fenêtre\u202f: rien n’est perdu.",
	}
	doneTitle = i18n.Text{En: "Done", Fr: "C’est fait"}
	doneWords = i18n.Text{En: "You may close this window.", Fr: "Vous pouvez fermer cette fenêtre."}
)

// submission takes a form that somebody sent. Its answer travels in the acknowledgement: mistakes at their fields, what comes
// next in the same window. A form with files is stored first, for fetching them takes longer than Slack waits.
func (s *Surface) submission(ctx context.Context, b *bot, in interaction, payload []byte) (reply, error) {
	who := s.who(ctx, b, in.User.ID, in.User.Name)
	l := s.locale(who)
	sent, err := blockkit.Submission(in.View.View, l)
	if err != nil {
		return reply{}, nil // a window without anything to send
	}
	if len(sent.Wrong) > 0 {
		return reply{ack: slack.NewErrorsViewSubmissionResponse(s.errors(in.View.View, sent.Wrong))}, nil
	}
	o := s.origin(b, in)
	if len(sent.Files)+len(o.Files) > 0 {
		if err := s.keep(ctx, submissionID(in), interactiveKind, payload); err != nil {
			return reply{ack: s.refused(in.View.View, l)}, nil
		}
		v := blockkit.Waiting(waitTitle.In(l), waitWords.In(l))
		return reply{ack: slack.NewUpdateViewSubmissionResponse(&v)}, nil
	}
	a, err := s.send(ctx, b, o, in, sent, nil)
	if err != nil {
		return reply{ack: s.refused(in.View.View, l)}, nil
	}
	return s.toForm(b, o, in.View.View, a), nil
}

// refused keeps the form open with what was typed, and says that nothing was stored.
func (s *Surface) refused(v slack.View, l i18n.Locale) *slack.ViewSubmissionResponse {
	return slack.NewErrorsViewSubmissionResponse(map[string]string{blockkit.Block(v, ""): errBroken.In(l)})
}

// errors are sentences by block, of sentences by field.
func (s *Surface) errors(v slack.View, wrong map[string]string) map[string]string {
	out := map[string]string{}
	for field, say := range wrong {
		out[blockkit.Block(v, field)] = say
	}
	return out
}

// send gives a sent form to the handler.
func (s *Surface) send(ctx context.Context, b *bot, o origin, in interaction, sent blockkit.Sent, files []chat.File) (chat.Answer, error) {
	who := s.who(ctx, b, in.User.ID, in.User.Name)
	if o.Channel == "" {
		o.Channel = s.reachable(ctx, b, o)
	}
	return s.handle(ctx, chat.Event{ID: submissionID(in), Who: who, Place: o.place(), Message: o.Message, Tag: sent.Tag,
		Form: true, Values: sent.Values, Files: files})
}

// submissionID names one sending of a form: the same when it is delivered again or pressed twice, another one when
// something was mended meanwhile.
func submissionID(in interaction) string {
	state, err := json.Marshal(in.View.State)
	if err != nil {
		state = nil // it was read from JSON
	}
	sum := sha256.Sum256(state)
	return in.View.ID + "." + in.View.Hash + "." + hex.EncodeToString(sum[:8])
}

// toForm answers a sent form in its acknowledgement.
func (s *Surface) toForm(b *bot, o origin, v slack.View, a chat.Answer) reply {
	home := func(ctx context.Context) {
		if o.Home {
			s.showHome(ctx, b, o.User)
		}
	}
	switch x := a.(type) {
	case chat.Ask:
		if wrong := mistakes(x.Form); len(wrong) > 0 && v.CallbackID == x.Form.Tag.String() {
			return reply{ack: slack.NewErrorsViewSubmissionResponse(s.errors(v, wrong))}
		}
		o.View = ""
		return s.nextView(b, v, blockkit.Modal(x.Form, o.meta()), x.Form.Locale)
	case chat.Say:
		if !x.Private {
			return reply{after: func(ctx context.Context) { s.announce(ctx, b, o, x.Card); home(ctx) }}
		}
		r := s.nextView(b, v, blockkit.Window(titleHere.In(x.Card.Locale), x.Card, s.look(b), o.meta()), x.Card.Locale)
		r.after = home
		return r
	case chat.Refresh:
		r := reply{}
		if x.Tell != nil {
			r = s.nextView(b, v, blockkit.Window(titleHere.In(x.Tell.Locale), *x.Tell, s.look(b), o.meta()), x.Tell.Locale)
		}
		r.after = func(ctx context.Context) {
			if o.Message != "" {
				s.redraw(ctx, b, o, x.Card)
			}
			home(ctx)
		}
		return r
	}
	return reply{after: home}
}

// nextView shows another window in the place of the one that was sent.
func (s *Surface) nextView(b *bot, v slack.View, next slack.ModalViewRequest, l i18n.Locale) reply {
	wait := blockkit.Waiting(waitTitle.In(l), doneWords.In(l))
	return reply{ack: slack.NewUpdateViewSubmissionResponse(&next), small: slack.NewUpdateViewSubmissionResponse(&wait),
		over: func(ctx context.Context) { s.replace(ctx, b, v.ID, next) }}
}

func (s *Surface) replace(ctx context.Context, b *bot, view string, next slack.ModalViewRequest) {
	if _, err := b.api.UpdateViewContext(ctx, next, "", "", view); err != nil {
		s.o.Log.Info("window closed meanwhile", "surface", Name, "workspace", b.Workspace, "err", err)
	}
}

// mistakes are what a form came back for, by field.
func mistakes(f chat.Form) map[string]string {
	out := map[string]string{}
	for _, in := range f.Inputs {
		if in.Error != "" {
			out[in.Name] = in.Error
		}
	}
	return out
}

// sentWithFiles goes on with a form that was kept: its files are here now, or the person is told.
func (s *Surface) sentWithFiles(ctx context.Context, in interaction) error {
	b, err := s.of(ctx, in)
	if err != nil {
		return err
	}
	who := s.who(ctx, b, in.User.ID, in.User.Name)
	sent, err := blockkit.Submission(in.View.View, s.locale(who))
	if err != nil {
		return nil // it was read before it was kept
	}
	o := s.origin(b, in)
	got, drop, err := s.fetch(ctx, b, sent.Files, o.Files)
	defer drop()
	if err != nil {
		return fmt.Errorf("fetch the files of a form: %w", err)
	}
	a, err := s.send(ctx, b, o, in, sent, got)
	if err != nil {
		return err
	}
	for _, f := range sent.Files {
		o.Files = append(o.Files, f.File.ID) // a form that comes back keeps them
	}
	s.afterFiles(ctx, b, o, in.View.View, a, s.locale(who))
	return nil
}

// afterFiles shows what came of a form whose window waits, or was closed meanwhile.
func (s *Surface) afterFiles(ctx context.Context, b *bot, o origin, v slack.View, a chat.Answer, l i18n.Locale) {
	view := v.ID
	o.View = ""
	switch x := a.(type) {
	case chat.Ask:
		if len(o.Files) > 0 {
			x.Form.Intro = append(x.Form.Intro, chat.Plain(keptAlong.In(x.Form.Locale, len(o.Files))))
		}
		s.replace(ctx, b, view, blockkit.Modal(x.Form, o.meta()))
		return
	case chat.Say:
		if x.Private {
			s.replace(ctx, b, view, blockkit.Window(titleHere.In(x.Card.Locale), x.Card, s.look(b), o.meta()))
			return
		}
		s.announce(ctx, b, o, x.Card)
	case chat.Refresh:
		if o.Message != "" {
			s.redraw(ctx, b, o, x.Card)
		}
		if x.Tell != nil {
			s.replace(ctx, b, view, blockkit.Window(titleHere.In(x.Tell.Locale), *x.Tell, s.look(b), o.meta()))
			return
		}
	}
	s.replace(ctx, b, view, blockkit.Waiting(doneTitle.In(l), doneWords.In(l)))
	if o.Home {
		s.showHome(ctx, b, o.User)
	}
}

var keptAlong = i18n.Plural{
	One:  i18n.Text{En: "%d picture is kept: no need to attach it again.", Fr: "%d image est conservée\u202f: inutile de la joindre à nouveau."},
	Many: i18n.Text{En: "%d pictures are kept: no need to attach them again.", Fr: "%d images sont conservées\u202f: inutile de les joindre à nouveau."},
}
