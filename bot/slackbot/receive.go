package slackbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"griot/chat"
	"griot/i18n"
)

// The kinds of what Slack sends, as Socket Mode names them. Over HTTP each has an address of its own.
const (
	eventKind       = "events_api"
	commandKind     = "slash_commands"
	interactiveKind = "interactive"
)

// largest is how many bytes an acknowledgement may carry: Socket Mode drops 20 KB and more without a word. They are counted
// as the library writes them, with < > & as six bytes each.
const largest = 19_000

// reply is what Slack is answered.
type reply struct {
	ack   any                   // the body; nil: none
	small any                   // the body when ack is too large to be carried
	over  func(context.Context) // does what ack would have done, then
	after func(context.Context) // what is done once the acknowledgement is on its way; nil: nothing
}

// body is the acknowledgement as it travels; nil when there is nothing to say.
func (r *reply) body() (json.RawMessage, error) {
	if r.ack == nil {
		return nil, nil
	}
	b, err := compact(r.ack)
	if err != nil || written(b) < largest {
		return b, err
	}
	r.beside()
	if r.small == nil {
		return nil, nil
	}
	return compact(r.small)
}

// beside does afterwards what the acknowledgement was to do, which cannot carry it or comes too late.
func (r *reply) beside() {
	over, after := r.over, r.after
	if r.over = nil; over == nil {
		return
	}
	r.after = func(ctx context.Context) {
		over(ctx)
		if after != nil {
			after(ctx)
		}
	}
}

// written is how many bytes JSON without HTML escapes has once it is embedded in an envelope.
func written(b json.RawMessage) int {
	n := len(b)
	for _, c := range []string{"<", ">", "&"} {
		n += bytes.Count(b, []byte(c)) * (len(`\u003c`) - len(c))
	}
	return n
}

// compact is the JSON of v without HTML escapes, which count against Slack's limits.
func compact(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write for slack: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// receive does what arrived, whatever way it came. An error means that nothing was stored and that Slack must not be told
// otherwise.
func (s *Surface) receive(ctx context.Context, kind string, payload []byte) (reply, error) {
	switch kind {
	case commandKind:
		var c command
		if err := json.Unmarshal(payload, &c); err != nil {
			return reply{}, fmt.Errorf("read a slash command: %w", err)
		}
		return s.command(ctx, c)
	case interactiveKind:
		var in interaction
		if err := json.Unmarshal(payload, &in); err != nil {
			return reply{}, fmt.Errorf("read an interaction: %w", err)
		}
		return s.interact(ctx, in, payload)
	case eventKind:
		return reply{}, s.event(ctx, payload)
	}
	return reply{}, nil // Slack says something that this version does not know: nothing waits for it
}

// kept is what Keep stores.
type kept struct {
	Kind    string          `json:"kind"`
	Payload json.RawMessage `json:"payload"`
}

// keep stores what is dealt with after its acknowledgement.
func (s *Surface) keep(ctx context.Context, id, kind string, payload []byte) error {
	b, err := json.Marshal(kept{kind, payload})
	if err != nil {
		return fmt.Errorf("keep %s: %w", id, err)
	}
	return s.o.Keep(ctx, id, b)
}

// Later deals with what Keep stored. Doing it twice is harmless: the handler answers an event once. An error is worth
// another try.
func (s *Surface) Later(ctx context.Context, payload []byte) error {
	var k kept
	if err := json.Unmarshal(payload, &k); err != nil {
		s.o.Log.Error("kept event not readable", "surface", Name, "err", err)
		return nil
	}
	err := s.later(ctx, k)
	for _, over := range []error{chat.ErrRemoved, chat.ErrGone, chat.ErrOutside} {
		if errors.Is(err, over) {
			s.o.Log.Info("nobody there any more", "surface", Name, "kind", k.Kind, "err", err)
			return nil
		}
	}
	return err
}

func (s *Surface) later(ctx context.Context, k kept) error {
	if k.Kind == eventKind {
		return s.happened(ctx, k.Payload)
	}
	var in interaction
	if err := json.Unmarshal(k.Payload, &in); err != nil || in.View == nil {
		return nil // it was read before it was kept
	}
	return s.sentWithFiles(ctx, in)
}

// locale is the language to speak to somebody before their team is known.
func (s *Surface) locale(w chat.Who) i18n.Locale {
	if w.Locale != "" {
		return w.Locale
	}
	return s.o.Locale
}
