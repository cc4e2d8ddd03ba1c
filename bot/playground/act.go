package playground

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"griot/chat"
)

// patience is how long a handler has before the person reads that nothing was stored: what Slack and Discord wait.
const patience = 3 * time.Second

// keptActs is how many acts are remembered, so that one sent twice is done once.
const keptActs = 4096

// longestVia is how many runes of a command line stand above its answer.
const longestVia = 80

// act is one thing a person did, and what came of it.
type act struct {
	ready  chan struct{} // closed when the rest is set
	answer chat.Answer
	shown  []messageWire // what it made visible
	said   bool          // a person's own words are in the channel already
	err    error
}

// errStranger says that the page speaks of a person or a channel that is not here.
var errStranger = errors.New("playground: no such person or channel")

var errInterrupted = errors.New("playground: the handler did not come back")

// acts remembers the latest acts by user and id.
type acts struct {
	mu    sync.Mutex // guards what follows
	by    map[string]*act
	order []string
}

func newActs() *acts { return &acts{by: map[string]*act{}} }

// begin gives the act of key, and whether the caller must do it. One that failed is begun again.
func (a *acts) begin(key string) (*act, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old, known := a.by[key]
	fresh := &act{ready: make(chan struct{}), err: errInterrupted}
	if known {
		select {
		case <-old.ready:
			if old.err == nil {
				return old, false
			}
			fresh.said = old.said
		default:
			return old, false
		}
	} else if a.order = append(a.order, key); len(a.order) > keptActs {
		delete(a.by, a.order[0])
		a.order = a.order[1:]
	}
	a.by[key] = fresh
	return fresh, true
}

// Do acts as somebody, without the page: it gives e to the handler, shows the answer and returns it. Of e.Who only User is
// needed, of e.Place only Channel; an empty ID is made up. The same ID by the same user is done once and answered alike.
// Errors: an unknown user or channel, a surface that does not run, whatever the handler returns.
func (s *Surface) Do(ctx context.Context, e chat.Event) (chat.Answer, error) {
	a := s.perform(ctx, &e, func(a *act) { s.ask(ctx, a, e, "") })
	return a.answer, a.err
}

// Type acts as somebody who types a line in a channel and presses Enter: a command when it begins with one, words to Griot
// when it names @Griot or stands in the direct conversation, and else a message to the others, answered by chat.Silent.
// Errors are those of Do.
func (s *Surface) Type(ctx context.Context, user, channel, line string, files ...chat.File) (chat.Answer, error) {
	e := chat.Event{Who: chat.Who{User: user}, Place: chat.Place{Channel: channel}, Files: files}
	a := s.typed(ctx, e, line, nil)
	return a.answer, a.err
}

// typed is Type with the attachments as they stand in the channel.
func (s *Surface) typed(ctx context.Context, e chat.Event, line string, kept []Attachment) *act {
	line = strings.TrimSpace(line)
	return s.perform(ctx, &e, func(a *act) {
		via := ""
		if canonical, rest, ok := s.match(line); ok {
			e.Command, e.Text, via = canonical, rest, line
		} else if strings.HasPrefix(line, "/") {
			e.Words, via = line, line
		} else if !s.overheard(a, &e, line, kept) {
			return
		}
		s.ask(ctx, a, e, via)
	})
}

// overheard shows a person's own words and reports whether they are meant for Griot.
func (s *Surface) overheard(a *act, e *chat.Event, line string, kept []Attachment) bool {
	if !a.said {
		m := &Message{Ref: chat.MessageRef{Place: e.Place}, From: e.Who.User, Text: line, Files: kept}
		if a.err = s.show(a, m); a.err != nil {
			return false
		}
		a.said = true
	}
	words, named := addressed(line)
	if line == "" || !named && owner(e.Place.Channel) == "" {
		a.answer, a.err = chat.Silent{}, nil
		return false
	}
	a.err = errInterrupted
	e.Words = words
	return true
}

// perform fills e and runs do unless the same act was done or is being done; then it waits for that one.
func (s *Surface) perform(ctx context.Context, e *chat.Event, do func(*act)) *act {
	if err := s.complete(e); err != nil {
		return &act{err: err}
	}
	a, mine := s.acts.begin(e.Who.User + "|" + e.ID)
	if mine {
		defer close(a.ready)
		do(a)
		return a
	}
	select {
	case <-a.ready:
		return a
	case <-ctx.Done():
		return &act{err: ctx.Err()}
	}
}

// complete fills what the surface knows: who the user is and which place a channel is.
func (s *Surface) complete(e *chat.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, ok := s.who(e.Who.User)
	if !ok {
		return fmt.Errorf("%w: user %q", errStranger, e.Who.User)
	}
	user := owner(e.Place.Channel)
	if !s.known(e.Place.Channel) || user != "" && user != who.User {
		return fmt.Errorf("%w: channel %q for %q", errStranger, e.Place.Channel, who.User)
	}
	e.Who, e.Place = who, s.Place(e.Place.Channel)
	if e.ID == "" {
		e.ID = rand.Text()
	}
	return nil
}

// ask gives e to the handler and shows what it answers.
func (s *Surface) ask(ctx context.Context, a *act, e chat.Event, via string) {
	h, err := s.listening()
	if err != nil {
		a.err = err
		return
	}
	defer s.running.Done()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if a.answer, a.err = h(ctx, e); a.err == nil {
		a.err = s.apply(a, e, via)
	}
}

// listening gives the handler and counts the caller among the running acts.
func (s *Surface) listening() (chat.Handler, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.handler == nil {
		return nil, errStopped
	}
	s.running.Add(1)
	return s.handler, nil
}

func (s *Surface) apply(a *act, e chat.Event, via string) error {
	switch x := a.answer.(type) {
	case chat.Say:
		m := &Message{Ref: chat.MessageRef{Place: e.Place}, From: Griot, Card: &x.Card, Via: shorten(via)}
		if x.Private {
			m.To = e.Who.User
		}
		if err := s.show(a, m); err != nil || !x.Live {
			return err
		}
		s.live.add(e.ID, m.Ref)
		return nil
	case chat.Refresh:
		if err := s.redraw(a, e, x.Card); err != nil || x.Tell == nil {
			return err
		}
		return s.tell(a, e, *x.Tell)
	}
	return nil
}

// redraw makes the pressed message show c. Without one, or when it was deleted meanwhile, c is told privately.
func (s *Surface) redraw(a *act, e chat.Event, c chat.Card) error {
	s.blobs.keep(c)
	s.mu.Lock()
	m, err := s.find(chat.MessageRef{Place: e.Place, Message: e.Message})
	if err != nil {
		s.mu.Unlock()
		return s.tell(a, e, c)
	}
	defer s.mu.Unlock()
	next := *m
	next.Card = &c
	if err := s.change(m, next); err != nil {
		return err
	}
	a.shown = append(a.shown, toWire(*m))
	return nil
}

func (s *Surface) tell(a *act, e chat.Event, c chat.Card) error {
	return s.show(a, &Message{Ref: chat.MessageRef{Place: e.Place}, From: Griot, To: e.Who.User, Card: &c})
}

func (s *Surface) show(a *act, m *Message) error {
	if m.Card != nil {
		s.blobs.keep(*m.Card)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.add(m); err != nil {
		return err
	}
	a.shown = append(a.shown, toWire(*m))
	return nil
}

// dismiss takes a private answer away for good.
func (s *Surface) dismiss(user, channel, message string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.find(chat.MessageRef{Place: s.Place(channel), Message: message})
	if err != nil {
		return err
	}
	if m.To != user {
		return fmt.Errorf("playground: message %s is not private to %s", message, user)
	}
	return s.remove(m)
}

// shorten keeps the first line of a command, and not too much of it.
func shorten(line string) string {
	first, _, more := strings.Cut(line, "\n")
	if r := []rune(first); len(r) > longestVia {
		return string(r[:longestVia]) + "…"
	}
	if more {
		return first + " …"
	}
	return first
}
