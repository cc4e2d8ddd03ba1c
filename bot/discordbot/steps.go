package discordbot

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

// stepVerb is the verb of what leads through a form in several windows. Its subject is the name of what was kept; its revision
// the number of the window.
const stepVerb = "form.step"

var (
	goOn = i18n.Text{En: "Continue", Fr: "Continuer"}
	mend = i18n.Text{En: "Correct", Fr: "Corriger"}
	half = i18n.Text{
		En: "Part %d of %d is kept. One more press for the rest.",
		Fr: "La partie %d sur %d est gardée. Appuyez pour la suite.",
	}
	notYet = i18n.Text{
		En: "Not sent yet. What you typed is kept.",
		Fr: "Ce n’est pas encore envoyé. Ce que vous avez tapé est gardé.",
	}
	ready = i18n.Text{
		En: "Griot is ready to ask you.",
		Fr: "Griot a quelques questions.",
	}
	errForgotten = i18n.Text{
		En: "This form is more than a day old and no longer kept. Please begin again.",
		Fr: "Ce formulaire date de plus d’un jour et n’est plus gardé. Recommencez, s’il vous plaît.",
	}
	errTooLate = i18n.Text{
		En: "That took so long that Discord no longer lets Griot ask you there. Type the command again.",
		Fr: "Cela a pris tant de temps que Discord ne laisse plus Griot vous poser ses questions là-bas. Tapez à nouveau la commande.",
	}
	comeAlong = i18n.Plural{
		One:  i18n.Text{En: "%d picture comes along.", Fr: "%d image est jointe."},
		Many: i18n.Text{En: "%d pictures come along.", Fr: "%d images sont jointes."},
	}
	keptFiles = i18n.Plural{
		One:  i18n.Text{En: "%d picture is kept: no need to attach it again.", Fr: "%d image est conservée\u202f: inutile de la joindre à nouveau."},
		Many: i18n.Text{En: "%d pictures are kept: no need to attach them again.", Fr: "%d images sont conservées\u202f: inutile de les joindre à nouveau."},
	}
)

// step is a form between two of its windows, as it is kept. What is kept never changes: each window that is sent makes another.
type step struct {
	User   string                 `json:"user"` // whose it is
	Window components.Window      `json:"window"`
	Sent   []components.Component `json:"sent"` // the parts of the windows that were sent: a text may span two of them
	Files  []attachment           `json:"files"`
}

// ask opens a form, or offers to: one that came back, and every window after the first, needs a press of its own.
func (s *Surface) ask(ctx context.Context, x act, w components.Window, files []attachment) reply {
	if w.Pages() == 1 && x.in.Type != submitted && len(files) == 0 {
		s.opened.put(x.in.who().User+"|"+w.Tag, w)
		return reply{Type: modalType, Data: w.Page(0, w.Tag)}
	}
	st := step{User: x.in.who().User, Window: w, Files: files}
	id, err := s.shelve(ctx, st)
	if err != nil {
		s.o.Log.Error("form not kept", "surface", Name, "guild", x.in.Guild, "err", err)
		return s.refused(x.in, errBroken)
	}
	if x.in.Type != submitted {
		return reply{Type: modalType, Data: w.Page(0, chat.Tag{Verb: stepVerb, Subject: id}.String())}
	}
	m := s.offerStep(s.locale(x.in), id, 0, st)
	if x.in.hidden() {
		return reply{Type: updateType, Data: m}
	}
	return whisper(m)
}

// withFiles is a form as it is asked for, with a word on the files that come along.
func withFiles(f chat.Form, files []attachment) components.Window {
	f.Inputs = slices.Clone(f.Inputs)
	for i, in := range f.Inputs { // beside the field: a line of its own would need a second window
		if len(files) > 0 && in.Kind == chat.Files {
			f.Inputs[i].Help = comeAlong.In(f.Locale, len(files))
		}
	}
	return components.Of(f)
}

// askLate is ask when Griot was said to be thinking: no window can open by itself then.
func (s *Surface) askLate(ctx context.Context, x act, f chat.Form) {
	files := append(x.files[:len(x.files):len(x.files)], x.along...)
	st := step{User: x.in.who().User, Window: withFiles(f, files), Files: files}
	id, err := s.shelve(ctx, st)
	if err != nil {
		s.o.Log.Error("form not kept", "surface", Name, "guild", x.in.Guild, "err", err)
		l := s.locale(x.in)
		s.instead(ctx, x, components.Sentence(l, chat.Bad, errBroken.In(l)))
		return
	}
	l := s.locale(x.in)
	m := s.offerStep(l, id, 0, st)
	method, path := "PATCH", "/messages/@original"
	if x.in.Message != nil && !x.in.hidden() {
		m.Flags |= ephemeral
		method, path = "POST", ""
	}
	if err := s.open(ctx, x.in, method, path, m, nil); err != nil {
		s.o.Log.Warn("form not offered", "surface", Name, "guild", x.in.Guild, "err", err)
		s.instead(ctx, x, components.Sentence(l, chat.Bad, errTooLate.In(l))) // a form opens in a server alone
	}
}

// offerStep is the message with the button that opens the next window.
func (s *Surface) offerStep(l i18n.Locale, id string, page int, st step) components.Message {
	c := chat.Card{Locale: l, Tone: chat.Waiting}
	label := goOn
	wrong := st.Window.Mistakes()
	switch {
	case len(wrong) > 0 && page == 0:
		c.Tone, label = chat.Bad, mend
		c.Body = []chat.Span{chat.Plain(strings.Join(wrong, "\n")), chat.Break{}, chat.Plain(notYet.In(l))}
	case page > 0:
		c.Body = []chat.Span{chat.Plain(half.In(l, page, st.Window.Pages()))}
	default:
		c.Body = []chat.Span{chat.Plain(ready.In(l))}
	}
	if len(st.Files) > 0 {
		c.Foot = []chat.Span{chat.Plain(keptFiles.In(l, len(st.Files)))}
	}
	c.Buttons = []chat.Button{{Label: label.In(l), Style: chat.Primary, Tag: chat.Tag{Verb: stepVerb, Subject: id, Rev: int64(page)}}}
	return components.Card(c, components.Look{})
}

func (s *Surface) shelve(ctx context.Context, st step) (string, error) {
	b, err := json.Marshal(st)
	if err != nil {
		return "", err
	}
	return s.o.Memory.Shelve(ctx, b)
}

func (s *Surface) shelved(ctx context.Context, in interaction, tag chat.Tag) (step, *reply) {
	var st step
	b, err := s.o.Memory.Shelved(ctx, tag.Subject)
	if err == nil {
		err = json.Unmarshal(b, &st)
	}
	if err == nil && st.User != in.who().User {
		err = errNotTheirs
	}
	if err != nil {
		s.o.Log.Info("form not kept any more", "surface", Name, "guild", in.Guild, "err", err)
		r := s.refused(in, errForgotten)
		return st, &r
	}
	return st, nil
}

var errNotTheirs = errors.New("the form of somebody else")

// nextStep opens the next window of a form.
func (s *Surface) nextStep(ctx context.Context, in interaction, tag chat.Tag) reply {
	st, gone := s.shelved(ctx, in, tag)
	if gone != nil {
		return *gone
	}
	return reply{Type: modalType, Data: st.Window.Page(int(tag.Rev), tag.String())}
}

// sentStep takes one window of a form. The last one is the form, sent.
func (s *Surface) sentStep(ctx context.Context, x act, tag chat.Tag, files []attachment) (act, *reply) {
	st, gone := s.shelved(ctx, x.in, tag)
	if gone != nil {
		return x, gone
	}
	st.Sent = append(st.Sent, x.in.Data.Components...)
	st.Files = append(st.Files, files...)
	next := int(tag.Rev) + 1
	if next < st.Window.Pages() {
		id, err := s.shelve(ctx, st)
		if err != nil {
			s.o.Log.Error("form not kept", "surface", Name, "guild", x.in.Guild, "err", err)
			r := s.refused(x.in, errBroken)
			return x, &r
		}
		m := s.offerStep(s.locale(x.in), id, next, st)
		r := whisper(m)
		if x.in.hidden() {
			r = reply{Type: updateType, Data: m}
		}
		return x, &r
	}
	t, err := chat.ParseTag(st.Window.Tag)
	if err != nil {
		r := s.refused(x.in, errOld)
		return x, &r
	}
	x.step, x.files = &st, st.Files
	x.event.Tag, x.event.Values, x.event.Message = t, components.Read(st.Sent).Values, ""
	return x, nil
}

// misspelt gives back what cannot be sent as it is: a form with what was typed, a command with a sentence.
func (s *Surface) misspelt(ctx context.Context, x act, unknown []string) *reply {
	l := s.locale(x.in)
	why := errCustom.In(l, named(unknown))
	w, ok := s.opened.get(x.window())
	if x.step != nil {
		w, ok = x.step.Window, true
	}
	var r reply
	switch {
	case x.in.Type != submitted:
		r = s.refused(x.in, errCustom, named(unknown))
	case ok:
		r = s.ask(ctx, x, again(w, x.event.Values, unknown, why), x.files)
	default: // it was opened by another process: what was typed can be taken from here
		for _, name := range slices.Sorted(maps.Keys(x.event.Values)) {
			why += "\n" + strings.Join(x.event.Values[name], ", ")
		}
		r = whisper(components.Sentence(l, chat.Bad, why))
	}
	return &r
}

// window names the form that somebody has open.
func (x act) window() string { return x.in.who().User + "|" + x.event.Tag.String() }

// again is a form with what was typed, and what is wrong beside the fields that have an emoji of the server.
func again(w components.Window, typed chat.Values, unknown []string, why string) components.Window {
	w.Inputs = slices.Clone(w.Inputs)
	for i, in := range w.Inputs {
		if w.Inputs[i].Error = ""; in.Kind == chat.Secret {
			continue
		}
		w.Inputs[i].Value = typed[in.Name]
		words := strings.Join(typed[in.Name], " ")
		if slices.ContainsFunc(unknown, func(e string) bool { return strings.Contains(words, ":"+e+":") }) {
			w.Inputs[i].Error = why
		}
	}
	return w
}
