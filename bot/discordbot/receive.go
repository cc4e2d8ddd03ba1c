package discordbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"griot/bot/discordbot/components"
	"griot/chat"
	"griot/i18n"
)

var (
	errBroken = i18n.Text{
		En: "Something broke on our side; nothing of yours was changed. It has been noted: please try again in a minute.",
		Fr: "Une erreur est survenue de notre côté\u202f; rien n’a été modifié. Elle est notée\u202f: réessayez dans une minute.",
	}
	errDirect = i18n.Text{
		En: "Griot works for the team of a server: type its commands in one of the server’s channels.",
		Fr: "Griot travaille pour l’équipe d’un serveur\u202f: tapez ses commandes dans un salon de ce serveur.",
	}
	errOld = i18n.Text{
		En: "This no longer works: it is from an older Griot. Type the command again.",
		Fr: "Cela ne fonctionne plus\u202f: c’est d’un ancien Griot. Tapez à nouveau la commande.",
	}
	errCustom = i18n.Text{
		En: "Only your server knows the emoji %s: networks cannot show it. Replace it, then send again.",
		Fr: "Seul votre serveur connaît l’émoji %s\u202f: les réseaux ne peuvent pas l’afficher. Remplacez-le, puis renvoyez.",
	}
)

// parse reads an interaction as it arrived.
func (s *Surface) parse(raw []byte) (interaction, error) {
	var in interaction
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, fmt.Errorf("read an interaction: %w", err)
	}
	in.Came = s.o.Now()
	return in, nil
}

// receive does what an interaction asks for, whatever way it came, and returns Discord's answer within the time it waits.
func (s *Surface) receive(ctx context.Context, in interaction) reply {
	switch {
	case in.Type == pinged:
		return reply{Type: pong}
	case in.Guild == "":
		return s.refused(in, errDirect)
	case in.Type == typing:
		return s.complete(ctx, in)
	}
	s.tasks.Do(func(ctx context.Context) { s.met(ctx, in.Guild) })
	x, answer := s.read(ctx, in)
	switch {
	case answer != nil:
		return *answer
	case len(x.files) > 0:
		return s.keep(ctx, x)
	}
	return s.within(ctx, x)
}

// refused is one sentence to who acted.
func (s *Surface) refused(in interaction, say i18n.Text, args ...any) reply {
	if in.Type == typing {
		return offers(nil)
	}
	l := s.locale(in)
	return whisper(components.Sentence(l, chat.Bad, say.In(l, args...)))
}

// act is something that was done, ready for the handler.
type act struct {
	in    interaction
	event chat.Event
	files []attachment // that are still to be fetched
	along []attachment // that come along with the form which is asked for
	step  *step        // of a long form; nil: it came in one window

	quotes bool // its words are quoted
}

// read finds out what an interaction is, or answers it at once.
func (s *Surface) read(ctx context.Context, in interaction) (act, *reply) {
	var x act
	var answer *reply
	switch in.Type {
	case commanded:
		x, answer = s.command(ctx, in)
	case pressed:
		x, answer = s.press(ctx, in)
	case submitted:
		x, answer = s.submission(ctx, in)
	default:
		r := s.refused(in, errOld)
		return x, &r
	}
	if answer == nil {
		if unknown := s.meant(ctx, in, x.event.Values); len(unknown) > 0 && !x.quotes {
			return x, s.misspelt(ctx, x, unknown)
		}
	}
	return x, answer
}

// within asks the handler. What takes longer than Discord waits is answered later.
func (s *Surface) within(ctx context.Context, x act) reply {
	type outcome struct {
		a   chat.Answer
		err error
	}
	done := make(chan outcome, 1)
	if !s.tasks.Do(func(ctx context.Context) {
		o := outcome{err: errPanicked}
		defer func() { done <- o }()
		o.a, o.err = s.handle(ctx, x.event)
	}) {
		return s.refused(x.in, errBroken)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case o := <-done:
		return s.answer(ctx, x, s.orBroken(x, o.a, o.err))
	case <-timer.C:
	}
	r := deferral(x.in)
	r.after = func(ctx context.Context) {
		select {
		case o := <-done:
			s.late(ctx, x, s.orBroken(x, o.a, o.err))
		case <-ctx.Done():
		}
	}
	return r
}

var errPanicked = errors.New("discordbot: the handler panicked")

// orBroken is an answer, or the sentence that there is none.
func (s *Surface) orBroken(x act, a chat.Answer, err error) chat.Answer {
	if err == nil {
		return a
	}
	l := s.locale(x.in)
	c := chat.Sentence(chat.Bad, chat.Plain(errBroken.In(l)))
	c.Locale = l
	return chat.Say{Card: c, Private: true}
}

// deferral asks Discord to wait.
func deferral(in interaction) reply {
	if in.Message != nil {
		return reply{Type: stillType}
	}
	return reply{Type: laterType, Data: map[string]int{"flags": ephemeral}}
}

// respond answers an interaction that came over the gateway.
func (s *Surface) respond(ctx context.Context, in interaction, r reply) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return s.rest.do(ctx, call{method: "POST", path: "/interactions/" + in.ID + "/" + in.Token + "/callback", in: r, open: true})
}

// arrived deals with an interaction that came over the gateway.
func (s *Surface) arrived(raw []byte) {
	s.tasks.Do(func(ctx context.Context) {
		in, err := s.parse(raw)
		if err != nil {
			s.o.Log.Warn("interaction not readable", "surface", Name, "err", err)
			return
		}
		if !s.firsts.First(in.ID) {
			return
		}
		r := s.receive(ctx, in)
		if err := s.respond(ctx, in, r); err != nil {
			s.unheard(ctx, in, r, err)
		}
		if r.after != nil {
			r.after(ctx)
		}
	})
}

// unheard deals with an answer that Discord did not take: the board draws what the message would have shown.
func (s *Surface) unheard(ctx context.Context, in interaction, r reply, err error) {
	s.o.Log.Warn("not answered to discord", "surface", Name, "guild", in.Guild, "kind", in.Type, "late", is(err, lateCodes), "err", err)
	if r.Type == updateType {
		s.stale(ctx, in)
	}
}

// stale has the message that was pressed drawn again.
func (s *Surface) stale(ctx context.Context, in interaction) {
	if in.shown() == "" {
		return
	}
	ref := chat.MessageRef{Place: in.place(), Message: in.shown()}
	if err := s.o.Stale(context.WithoutCancel(ctx), ref); err != nil {
		s.o.Log.Error("card may show what is past", "surface", Name, "guild", in.Guild, "err", err)
	}
}
