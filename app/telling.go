package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// tellingBeat is how long words stand before newer ones take their place: nobody reads faster, and chats count calls.
const tellingBeat = time.Second

var (
	beingWritten = i18n.Text{En: "I am writing…", Fr: "Je rédige…"}
	firstWords   = i18n.Text{
		En: "The first words of the model, which I have not checked yet. The draft will appear here in a moment.",
		Fr: "Les premiers mots du modèle, que je n’ai pas encore relus. Le brouillon s’affichera ici dans un instant.",
	}
	writtenNow = i18n.Text{En: "It is written: the draft stands here in the channel.", Fr: "C’est écrit\u202f: le brouillon est ici, dans le canal."}
)

// telling lets who asked for words see them come, in the private answer to their wish, where their chat lets that change.
type telling struct {
	show   func(chat.Card)
	latest chan chat.Card // at most one: the newest
	over   chan struct{}
	shown  sync.WaitGroup
}

// tells begins to show what is written for j. The caller ends it.
func (a *App) tells(ctx context.Context, j writeJob) *telling {
	s, ok := a.Surfaces[j.At.Surface].(chat.Reviser)
	if !ok {
		return nil
	}
	t := &telling{latest: make(chan chat.Card, 1), over: make(chan struct{})}
	t.show = func(c chat.Card) {
		c.Locale = j.Topic.Locale
		if err := s.Revise(ctx, j.Topic.Act, c); err != nil && !errors.Is(err, chat.ErrGone) {
			a.parts.Log.DebugContext(ctx, "words not shown while they come", "surface", j.At.Surface, "err", err)
		}
	}
	t.shown.Go(func() { t.run(ctx) })
	return t
}

func (t *telling) run(ctx context.Context) {
	for {
		select {
		case c := <-t.latest:
			t.show(c)
		case <-t.over:
			return
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(tellingBeat):
		case <-t.over:
			return
		case <-ctx.Done():
			return
		}
	}
}

// words shows what is written so far for each account, soon. One caller at a time.
func (t *telling) words(l i18n.Locale, all []social.Account, texts map[string]string) {
	c := chat.Card{Title: beingWritten.In(l), Tone: chat.Waiting, Foot: []chat.Span{chat.Plain(firstWords.In(l))}}
	for _, a := range all {
		if text := texts[a.ID]; text != "" {
			c.Sections = append(c.Sections, chat.Section{Title: a.Name(), Body: []chat.Span{chat.Plain(text)}})
		}
	}
	select {
	case <-t.latest: // nobody needs what is older
	default:
	}
	t.latest <- c
}

// end shows c in the words' place. An empty one leaves what stands there.
func (t *telling) end(c chat.Card) {
	if t == nil {
		return
	}
	close(t.over)
	t.shown.Wait()
	if len(c.Body) > 0 {
		t.show(c)
	}
}
