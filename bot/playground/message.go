package playground

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"griot/chat"
)

// keptMessages is how many messages a channel keeps; older ones are gone, as chat.ErrGone tells who looks for them.
const keptMessages = 2000

// Message is what stands in a channel.
type Message struct {
	Ref   chat.MessageRef
	Key   string // of Send or of a direct nudge; empty for what people say and for answers
	From  string // user id; Griot for Griot's own
	To    string // the only user who sees it; empty: everybody in the channel
	At    time.Time
	Text  string     // words of a person
	Via   string     // the command line this answers; empty otherwise
	Card  *chat.Card // what Griot shows; nil for words of a person and for nudges
	Files []Attachment
	Lines []Line // in the thread; a direct nudge is a message with one line and no card
	Rev   int    // raised by every change, from 1

	name string // of the author when it was said
}

// Attachment is a file a person put in a channel.
type Attachment struct {
	Hash, Name, Type string
	Size             int64 // bytes
}

// Line is a nudge: it names one person.
type Line struct {
	ID, Key, To, Name string
	Words             []chat.Span
	At                time.Time
}

var _ chat.Surface = (*Surface)(nil)

// Send places a card. A key is not a promise of one message: sending twice shows two, so that a test sees the double.
// Errors: chat.ErrGone when the channel is not here, chat.ErrOutside when it is closed to Griot, a journal that cannot be written.
func (s *Surface) Send(ctx context.Context, to chat.Place, key string, c chat.Card) (chat.MessageRef, error) {
	s.blobs.keep(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reachable(ctx, to); err != nil {
		return chat.MessageRef{}, err
	}
	m := &Message{Ref: chat.MessageRef{Place: to}, Key: key, From: Griot, Card: &c}
	if err := s.add(m); err != nil {
		return chat.MessageRef{}, fmt.Errorf("send to %s: %w", to.Channel, err)
	}
	return m.Ref, nil
}

// Edit makes a message show c. Errors: chat.ErrGone, chat.ErrOutside, a journal that cannot be written.
func (s *Surface) Edit(ctx context.Context, ref chat.MessageRef, c chat.Card) error {
	s.blobs.keep(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reachable(ctx, ref.Place); err != nil {
		return err
	}
	m, err := s.find(ref)
	if err != nil {
		return err
	}
	next := *m
	next.Card = &c
	if err := s.change(m, next); err != nil {
		return fmt.Errorf("edit %s: %w", ref.Message, err)
	}
	return nil
}

// Find looks for the newest message that was sent with key. Errors: chat.ErrGone, chat.ErrOutside.
func (s *Surface) Find(ctx context.Context, in chat.Place, key string) (chat.MessageRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reachable(ctx, in); err != nil {
		return chat.MessageRef{}, err
	}
	for _, m := range slices.Backward(s.said[in.Channel]) {
		if m.Key == key && key != "" && m.Card != nil {
			return m.Ref, nil
		}
	}
	return chat.MessageRef{}, chat.ErrGone
}

// Nudge writes one line under a message, or in the direct conversation when Thread is zero; once per key, over restarts too.
// Errors: chat.ErrGone when the message or the person is not here, chat.ErrOutside, a journal that cannot be written.
func (s *Surface) Nudge(ctx context.Context, n chat.Nudge) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.nudged[n.Key] {
		return nil
	}
	in := n.Thread.Place
	if n.Thread == (chat.MessageRef{}) {
		in = s.Place(Direct(n.To.User))
	}
	if err := s.reachable(ctx, in); err != nil {
		return err
	}
	l := Line{ID: s.next(), Key: n.Key, To: n.To.User, Name: n.To.Name, Words: n.Words, At: s.o.Now()}
	if who, ok := s.who(n.To.User); ok && l.Name == "" {
		l.Name = who.Name
	}
	if err := s.place(n.Thread, in, l); err != nil {
		return fmt.Errorf("nudge %s: %w", n.Key, err)
	}
	s.nudged[n.Key] = true
	return nil
}

func (s *Surface) place(thread chat.MessageRef, in chat.Place, l Line) error {
	if thread == (chat.MessageRef{}) {
		return s.add(&Message{Ref: chat.MessageRef{Place: in}, Key: l.Key, From: Griot, Lines: []Line{l}})
	}
	m, err := s.find(thread)
	if err != nil {
		return err
	}
	next := *m
	next.Lines = append(slices.Clip(m.Lines), l)
	return s.change(m, next)
}

// Delete takes a message away, as a person of a real chat may: what Griot does to it next fails with chat.ErrGone.
func (s *Surface) Delete(ref chat.MessageRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.find(ref)
	if err != nil {
		return err
	}
	return s.remove(m)
}

// CloseChannel puts Griot out of a channel: Send, Edit, Find and Nudge fail there with chat.ErrOutside until OpenChannel.
func (s *Surface) CloseChannel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed[id] = true
}

// OpenChannel invites Griot again.
func (s *Surface) OpenChannel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.closed, id)
}

// Messages is what stands in a channel, oldest first, private answers included (To tells whose). Cards are as they were given.
func (s *Surface) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Message
	for _, m := range s.said[channel] {
		all = append(all, *m)
	}
	return all
}

// reachable is nil when Griot can speak in p. The caller holds mu, as for all below.
func (s *Surface) reachable(ctx context.Context, p chat.Place) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.closed[p.Channel]:
		return chat.ErrOutside
	case p.Surface != s.o.Name || p.Workspace != s.o.Name || !s.known(p.Channel):
		return chat.ErrGone
	}
	return nil
}

func (s *Surface) find(ref chat.MessageRef) (*Message, error) {
	for _, m := range slices.Backward(s.said[ref.Channel]) {
		if m.Ref == ref {
			return m, nil
		}
	}
	return nil, chat.ErrGone
}

func (s *Surface) next() string {
	s.last++
	return strconv.FormatInt(s.last, 10)
}

// add numbers m, keeps it and shows it. A message that cannot be kept is not shown.
func (s *Surface) add(m *Message) error {
	m.Ref.Message, m.At, m.Rev = s.next(), s.o.Now(), 1
	if who, ok := s.who(m.From); ok {
		m.name = who.Name
	}
	if err := s.write(m); err != nil {
		return err
	}
	ch := m.Ref.Channel
	s.said[ch] = append(s.said[ch], m)
	if len(s.said[ch]) > keptMessages {
		s.said[ch] = slices.Clone(s.said[ch][1:])
	}
	s.feed.publish("message", m.audience(), toWire(*m))
	return nil
}

func (s *Surface) change(m *Message, next Message) error {
	next.Rev++
	if err := s.write(&next); err != nil {
		return err
	}
	*m = next
	s.feed.publish("message", m.audience(), toWire(*m))
	return nil
}

func (s *Surface) remove(m *Message) error {
	if s.journal != nil && m.To == "" {
		if err := s.journal.append(entry{Gone: m.Ref.Message}); err != nil {
			return err
		}
	}
	ch := m.Ref.Channel
	s.said[ch] = slices.DeleteFunc(s.said[ch], func(o *Message) bool { return o == m })
	s.feed.publish("gone", m.audience(), goneWire{ID: m.Ref.Message, Channel: ch})
	return nil
}

// write keeps m over a restart. Private answers are passing: they are not kept.
func (s *Surface) write(m *Message) error {
	if s.journal == nil || m.To != "" {
		return nil
	}
	s.tidy()
	w := toWire(*m)
	return s.journal.append(entry{Put: &w})
}

// audience is the one user who may see m; empty: everybody.
func (m *Message) audience() string {
	if m.To != "" {
		return m.To
	}
	return owner(m.Ref.Channel)
}

// errStopped says that nobody listens: Run has not begun or is over.
var errStopped = errors.New("playground: not running")
