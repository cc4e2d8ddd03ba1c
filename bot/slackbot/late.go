package slackbot

import (
	"context"
	"fmt"
	"strings"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

var (
	comeAlong = i18n.Plural{
		One:  i18n.Text{En: "%d picture of the message comes along.", Fr: "%d image du message est jointe."},
		Many: i18n.Text{En: "%d pictures of the message come along.", Fr: "%d images du message sont jointes."},
	}
	keptAlong = i18n.Plural{
		One:  i18n.Text{En: "%d picture is kept: no need to attach it again.", Fr: "%d image est conservée\u202f: inutile de la joindre à nouveau."},
		Many: i18n.Text{En: "%d pictures are kept: no need to attach them again.", Fr: "%d images sont conservées\u202f: inutile de les joindre à nouveau."},
	}
	notFetched = i18n.Plural{
		One: i18n.Text{
			En: "⚠️ Slack does not let Griot read %[2]s: it is missing here. Attach it once more; if that does not help either, ask whoever runs Griot to look at its diagnosis.",
			Fr: "⚠️ Slack ne laisse pas Griot lire %[2]s\u202f: il manque ici. Joignez-le une nouvelle fois\u202f; si cela ne suffit pas, demandez à la personne qui s’occupe de Griot de consulter son diagnostic.",
		},
		Many: i18n.Text{
			En: "⚠️ Slack does not let Griot read %[2]s: they are missing here. Attach them once more; if that does not help either, ask whoever runs Griot to look at its diagnosis.",
			Fr: "⚠️ Slack ne laisse pas Griot lire %[2]s\u202f: ils manquent ici. Joignez-les une nouvelle fois\u202f; si cela ne suffit pas, demandez à la personne qui s’occupe de Griot de consulter son diagnostic.",
		},
	}
)

// sentWithFiles goes on with a form that was kept: its files are here now, or the person is told.
func (s *Surface) sentWithFiles(ctx context.Context, in interaction) error {
	b, err := s.of(ctx, in)
	if err != nil {
		return err
	}
	l := s.locale(s.who(ctx, b, in.User.ID, in.User.Name))
	sent, err := blockkit.Submission(in.View.View, l, mentionCommand)
	if err != nil {
		return nil // it was read before it was kept
	}
	o := s.origin(b, in)
	got, err := s.fetch(ctx, b, sent.Files, o.Files)
	defer got.drop()
	if err != nil {
		return mended(fmt.Errorf("fetch the files of a form: %w", err), "")
	}
	a, err := s.send(ctx, b, o, in, sent, got.files)
	if err != nil {
		return err
	}
	if len(got.lost) > 0 {
		a = chat.Warned(a, notFetched.In(l, len(got.lost), strings.Join(got.lost, ", ")))
	}
	o.Files, o.View = got.ids, ""
	s.afterFiles(ctx, b, o, in, a)
	return nil
}

// afterFiles shows what came of a form whose window waits. Where that was closed meanwhile, the person is told outside it.
func (s *Surface) afterFiles(ctx context.Context, b *bot, o origin, in interaction, a chat.Answer) {
	v := in.View.View
	if x, ok := a.(chat.Ask); ok {
		if in.View.CallbackID != x.Form.Tag.String() {
			o.Files = nil // another form: what was sent before is stored
		}
		x.Form = withFiles(x.Form, o, keptAlong)
		if s.replace(ctx, b, v, blockkit.Modal(x.Form, o.meta())) {
			return
		}
		if err := s.offer(ctx, b, o, x.Form); err != nil {
			s.o.Log.Warn("form that came back not shown", "surface", Name, "workspace", b.Workspace, "user", o.User, "err", err)
		}
		return
	}
	c := theirs(o, a)
	if c == nil {
		l := s.locale(s.who(ctx, b, in.User.ID, in.User.Name))
		s.replace(ctx, b, v, blockkit.Waiting(doneTitle.In(l), doneWords.In(l)))
	} else if !s.replace(ctx, b, v, blockkit.Window(titleHere.In(c.Locale), *c, s.look(b), o.meta())) {
		s.tell(ctx, b, o, *c)
	}
	s.toOthers(ctx, b, o, a)
}

// withFiles is a form that says how many files of o are sent with it.
func withFiles(f chat.Form, o origin, say i18n.Plural) chat.Form {
	if len(o.Files) > 0 {
		f.Intro = append(f.Intro[:len(f.Intro):len(f.Intro)], chat.Plain(say.In(f.Locale, len(o.Files))))
	}
	return f
}
