// Package bot stands between people and commands: the dispatcher turns what somebody did in a chat into a command's call
// and its answer, and the board keeps the cards that everybody sees equal to what is committed. It knows the vocabularies
// and storage's own rows about messages; every decision about posts and people is a feature's.
package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// budget is what a handler may take, unless Options say otherwise: chats wait three seconds for an answer.
const budget = 2 * time.Second

// People is what the bot asks of the team feature.
type People interface {
	// Who says which member somebody is, and of which team. All it may write down is which groups of their chat they are in.
	// For somebody the team does not know it returns the team and a fault; in a workspace without a team only a fault.
	Who(ctx context.Context, w chat.Who) (social.Member, social.Team, error)
	// Brand is the brand named, else the one a call at that place is about. Errors: an Invalid fault that asks which one.
	Brand(ctx context.Context, by social.Member, at chat.Place, named string) (social.Brand, error)
}

// Options are what a bot stands on.
type Options struct {
	DB       *storage.DB
	Commands *commands.Registry
	People   People
	Board    *Board
	Locale   i18n.Locale // of people whose language is not known
	Log      *slog.Logger
	Budget   time.Duration // what a handler may take; zero: two seconds
}

// Bot answers what people do.
type Bot struct {
	o       Options
	flights flights
	notes   notes
}

// New makes a bot.
func New(o Options) *Bot {
	o.Budget = cmp.Or(o.Budget, budget)
	return &Bot{o: o, flights: flights{all: map[string]*flight{}}, notes: notes{board: o.Board}}
}

// Handle is the chat.Handler of every surface. An act that is delivered twice is done once and answered twice; a refusal is
// an answer; an error means that nothing was stored and that trying again is safe. What is only typed is answered by an Offer.
func (b *Bot) Handle(ctx context.Context, e chat.Event) (chat.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, b.o.Budget)
	defer cancel()
	if e.Typing != "" {
		return b.typing(ctx, e), nil
	}
	mine, ok := b.flights.join(keyOf(e))
	if !ok {
		return mine.wait(ctx)
	}
	a, err := b.inTurn(ctx, e)
	b.flights.land(keyOf(e), mine, a, err)
	return a, err
}

// inTurn lets the same press by the same person wait for the one before it.
func (b *Bot) inTurn(ctx context.Context, e chat.Event) (chat.Answer, error) {
	key := pressOf(e)
	if key == "" {
		return b.once(ctx, e, key)
	}
	for {
		mine, ok := b.flights.join(key)
		if ok {
			defer b.flights.clear(key, mine)
			return b.once(ctx, e, key)
		}
		if _, err := mine.wait(ctx); ctx.Err() != nil {
			return nil, err
		}
	}
}

// once answers somebody in their language.
func (b *Bot) once(ctx context.Context, e chat.Event, press string) (chat.Answer, error) {
	p, err := b.meet(ctx, e)
	if err != nil {
		return nil, b.broken(ctx, e, err)
	}
	a, err := b.answer(ctx, p, press)
	return localised(a, p.locale), err
}

// answer does what was not done yet, and remembers that it was.
func (b *Bot) answer(ctx context.Context, p person, press string) (chat.Answer, error) {
	for _, id := range []string{keyOf(p.Event), press} {
		if id == "" {
			continue
		}
		done, err := storage.Seen(ctx, b.o.DB, id)
		if err != nil {
			return nil, b.broken(ctx, p.Event, err)
		}
		if done {
			return b.already(ctx, p), nil
		}
	}
	a, err := b.act(ctx, p)
	if err != nil {
		return b.refusal(ctx, p, err)
	}
	return b.finish(ctx, p, a, press)
}

// localised says which language an answer is in: l, where the board has not said another.
func localised(a chat.Answer, l i18n.Locale) chat.Answer {
	switch x := a.(type) {
	case chat.Say:
		x.Card.Locale = cmp.Or(x.Card.Locale, l)
		return x
	case chat.Ask:
		x.Form.Locale = cmp.Or(x.Form.Locale, l)
		return x
	case chat.Refresh:
		x.Card.Locale = cmp.Or(x.Card.Locale, l)
		if x.Tell != nil {
			tell := *x.Tell
			tell.Locale = cmp.Or(tell.Locale, l)
			x.Tell = &tell
		}
		return x
	}
	return a
}

// act runs what the event asks for. A mistake of ours that panics is an error like any other.
func (b *Bot) act(ctx context.Context, p person) (a chat.Answer, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	do, err := b.resolve(ctx, p)
	if err != nil {
		return nil, err
	}
	return do(ctx)
}

// broken logs what is ours, once; the surface tells the person that nothing was stored.
func (b *Bot) broken(ctx context.Context, e chat.Event, err error) error {
	b.o.Log.ErrorContext(context.WithoutCancel(ctx), "event not handled", "surface", e.Who.Surface, "command", e.Command,
		"verb", e.Tag.Verb, "subject", e.Tag.Subject, "err", err)
	return err
}

// person is an event with who did it.
type person struct {
	chat.Event
	member  social.Member
	team    social.Team
	locale  i18n.Locale
	unknown error // why member is zero, in words for the person
}

// meet finds out who did e. Only what is ours is an error.
func (b *Bot) meet(ctx context.Context, e chat.Event) (person, error) {
	m, t, err := b.o.People.Who(ctx, e.Who)
	p := person{Event: e, member: m, team: t, locale: b.o.Locale}
	for _, l := range []i18n.Locale{e.Who.Locale, m.Locale} { // the last one that is known
		if slices.Contains(i18n.Locales, l) {
			p.locale = l
		}
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		return p, fmt.Errorf("find who it is: %w", err)
	}
	if p.unknown = err; err != nil {
		p.member = social.Member{}
	}
	return p, nil
}

// call is what a command is given.
func (b *Bot) call(p person, v chat.Values) commands.Call {
	if v == nil {
		v = chat.Values{}
	}
	return commands.Call{By: p.member, Locale: p.locale, Event: p.Event, Values: v,
		Brand: func(ctx context.Context, named string) (social.Brand, error) {
			return b.o.People.Brand(ctx, p.member, p.Place, named)
		}}
}

// pressed is the message that the person acted on.
func (p person) pressed() chat.MessageRef { return chat.MessageRef{Place: p.Place, Message: p.Message} }

// refusal says a fault privately, and redraws the pressed card when the thing has moved on.
func (b *Bot) refusal(ctx context.Context, p person, err error) (chat.Answer, error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind == fault.Internal {
		return nil, b.broken(ctx, p.Event, err)
	}
	tell := chat.Sentence(chat.Bad, chat.Plain(f.Say.In(p.locale)))
	if f.Kind == fault.Conflict {
		if c, ok := b.redrawn(ctx, p); ok {
			b.note(ctx, c)
			return chat.Refresh{Card: c.card, Tell: &tell}, nil
		}
	}
	return chat.Say{Card: tell, Private: true}, nil
}

// redrawn is the pressed card as it is now, when there is one.
func (b *Bot) redrawn(ctx context.Context, p person) (copied, bool) {
	if p.Message == "" || p.team.ID == "" {
		return copied{}, false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reserve) // what was done is shown even when doing it took long
	defer cancel()
	c, err := b.o.Board.current(ctx, p.team.ID, p.Tag.Subject, p.pressed(), p.locale)
	if err != nil && fault.KindOf(err) == fault.Internal {
		b.o.Log.WarnContext(ctx, "pressed card not redrawn", "surface", p.Who.Surface, "subject", p.Tag.Subject, "err", err)
	}
	return c, err == nil
}

var alreadyDone = i18n.Text{En: "Already done. Here is how it stands.", Fr: "C’est déjà fait. Voici où cela en est."}

// already answers an act that was answered before.
func (b *Bot) already(ctx context.Context, p person) chat.Answer {
	tell := chat.Sentence(chat.Neutral, chat.Plain(alreadyDone.In(p.locale)))
	if c, ok := b.redrawn(ctx, p); ok {
		b.note(ctx, c)
		return chat.Refresh{Card: c.card, Tell: &tell}
	}
	return chat.Say{Card: tell, Private: true}
}
