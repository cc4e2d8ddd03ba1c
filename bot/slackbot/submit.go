package slackbot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

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
	sent, err := blockkit.Submission(in.View.View, l, mentionCommand)
	if err != nil {
		return reply{}, nil // a window without anything to send
	}
	if len(sent.Wrong) > 0 {
		return reply{ack: slack.NewErrorsViewSubmissionResponse(s.errors(in.View.View, sent.Wrong))}, nil
	}
	o := s.origin(b, in)
	if len(sent.Files) > 0 || len(o.Files) > 0 && takesFiles(in.View.View) {
		if err := s.keep(ctx, submissionID(in), interactiveKind, payload); err != nil {
			return reply{ack: s.refused(in.View.View, l)}, nil
		}
		return reply{ack: waiting(in.View.View, waitWords.In(l), l)}, nil
	}
	a, err := s.send(ctx, b, o, in, sent, nil)
	if err != nil {
		return reply{ack: s.refused(in.View.View, l)}, nil
	}
	r := s.toForm(b, o, in.View.View, a)
	if _, asks := a.(chat.Ask); !asks && !s.firsts.First(submissionID(in)) {
		r.after = nil // done already; a form that came back may be sent again as it is
	}
	return r, nil
}

// takesFiles reports whether a form asks for files: those that come along with another one are for a form that follows.
func takesFiles(v slack.View) bool {
	return slices.ContainsFunc(v.Blocks.BlockSet, func(b slack.Block) bool {
		in, ok := b.(*slack.InputBlock)
		return ok && in.Element != nil && in.Element.ElementType() == slack.METFileInput
	})
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
	if x, ok := a.(chat.Ask); ok {
		if wrong := mistakes(x.Form); len(wrong) > 0 && v.CallbackID == x.Form.Tag.String() {
			return reply{ack: slack.NewErrorsViewSubmissionResponse(s.errors(v, wrong))}
		}
		o.View = ""
		return s.nextView(b, v, blockkit.Modal(withFiles(x.Form, o, comeAlong), o.meta()), x.Form.Locale)
	}
	r := reply{}
	if c := theirs(o, a); c != nil {
		r = s.nextView(b, v, blockkit.Window(titleHere.In(c.Locale), *c, s.look(b), o.meta()), c.Locale)
	}
	r.after = func(ctx context.Context) { s.toOthers(ctx, b, o, a) }
	return r
}

// theirs is what whoever sent a form is shown of an answer; nil: nothing.
func theirs(o origin, a chat.Answer) *chat.Card {
	switch x := a.(type) {
	case chat.Say:
		if x.Private {
			return &x.Card
		}
	case chat.Refresh:
		if x.Tell == nil && o.Message == "" {
			return &x.Card
		}
		return x.Tell
	}
	return nil
}

// toOthers does what an answer to a form does outside its window.
func (s *Surface) toOthers(ctx context.Context, b *bot, o origin, a chat.Answer) {
	switch x := a.(type) {
	case chat.Say:
		if !x.Private {
			s.announce(ctx, b, o, x.Card)
		}
	case chat.Refresh:
		if o.Message != "" {
			s.redraw(ctx, b, o, x.Card)
		}
	}
	if o.Home {
		s.showHome(ctx, b, o.User)
	}
}

// nextView shows another window in the place of the one that was sent.
func (s *Surface) nextView(b *bot, v slack.View, next slack.ModalViewRequest, l i18n.Locale) reply {
	return reply{ack: slack.NewUpdateViewSubmissionResponse(&next), small: waiting(v, doneWords.In(l), l),
		over: func(ctx context.Context) { s.replace(ctx, b, v, next) }}
}

// waiting shows a sentence in the place of a sent form. It has a name by which it is found again once Slack has shown it, and
// not before: what comes next is not to be shown first.
func waiting(v slack.View, words string, l i18n.Locale) *slack.ViewSubmissionResponse {
	w := blockkit.Waiting(waitTitle.In(l), words)
	w.ExternalID = waitingID(v)
	return slack.NewUpdateViewSubmissionResponse(&w)
}

func waitingID(v slack.View) string { return "griot." + v.ID + "." + v.Hash }

// How often, and after what time, a window is looked for that Slack may not have shown yet.
const (
	looks = 5
	pause = 300 * time.Millisecond
)

// replace shows another window in the place of the one that waits after v was sent, or of v itself when Slack never showed
// that one. It reports whether there was one.
func (s *Surface) replace(ctx context.Context, b *bot, v slack.View, next slack.ModalViewRequest) bool {
	_, err := b.api.UpdateViewContext(ctx, next, waitingID(v), "", "")
	for try := 1; codeOf(err) == "not_found" && try < looks; try++ {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		_, err = b.api.UpdateViewContext(ctx, next, waitingID(v), "", "")
	}
	if codeOf(err) == "not_found" {
		_, err = b.api.UpdateViewContext(ctx, next, "", "", v.ID)
	}
	if err != nil {
		s.o.Log.Info("window closed meanwhile", "surface", Name, "workspace", b.Workspace, "err", err)
	}
	return err == nil
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
