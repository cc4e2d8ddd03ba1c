package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot"
	"griot/chat"
	"griot/commands"
	"griot/i18n"
	"griot/storage"
)

// typist completes one option of a command, and one of a command that begins a team.
func (w *world) typist(complete func(ctx context.Context, c commands.Call, typed string) ([]chat.Option, error)) *bot.Bot {
	do := func(context.Context, commands.Call) (chat.Answer, error) {
		w.t.Error("done")
		return nil, errors.New("done")
	}
	option := []commands.Option{{Name: "post", About: about, Required: true, Complete: complete}}
	return bot.New(bot.Options{DB: w.db, People: people{w.db}, Board: w.board, Locale: i18n.En, Log: silent, Commands: commands.New(
		commands.Command{Name: "post show", About: about, Options: option, Run: do},
		commands.Command{Name: "setup", About: about, Anyone: true, Options: option, Run: do})})
}

func TestWhatIsTypedIsCompletedAndNothingIsWritten(t *testing.T) {
	each(t, func(t *testing.T, w *world, c *clock) {
		long := strings.Repeat("é", 100)
		calls := 0
		b := w.typist(func(ctx context.Context, c commands.Call, typed string) ([]chat.Option, error) {
			calls++
			if c.Get("brand") != "Maison" {
				t.Errorf("knows %v", c.Values)
			}
			switch typed {
			case "broken":
				return nil, errors.New("disk full")
			case "panic":
				panic("ours")
			case "many":
				return thirty(), nil
			}
			return []chat.Option{{Value: typed, Label: c.By.ID}, {Value: long, Label: long}, {Value: long + "x", Label: "x"}, {Value: "x", Label: long + "x"}, {Label: "x"}, {Value: "x"}}, nil
		})
		member := chat.Who{Surface: "one", Workspace: "w", User: "u1"}
		type options = []chat.Option
		for _, step := range []struct {
			who                    chat.Who
			command, option, typed string
			want                   options
		}{
			{member, "post show", "post", "so", options{{Value: "so", Label: "mem_1"}, {Value: long, Label: long}}},
			{member, "post show", "post", "so", options{{Value: "so", Label: "mem_1"}, {Value: long, Label: long}}},
			{member, "post show", "post", "many", thirty()[:25]},
			{member, "post show", "post", "broken", nil},
			{member, "post show", "post", "panic", nil},
			{member, "post show", "other", "so", nil},
			{member, "post nothing", "post", "so", nil},
			{chat.Who{Surface: "one", Workspace: "w", User: "nobody"}, "post show", "post", "so", nil},
			{chat.Who{Surface: "one", Workspace: "w", User: "nobody"}, "setup", "post", "so", nil},
			{chat.Who{Surface: "one", Workspace: "other", User: "u1"}, "post show", "post", "so", nil},
			{chat.Who{Surface: "one", Workspace: "other", User: "u1"}, "setup", "post", "many", thirty()[:25]},
		} {
			a, err := b.Handle(t.Context(), chat.Event{ID: "typed", Who: step.who, Place: chat.Place{Surface: "one", Workspace: step.who.Workspace, Channel: approval},
				Command: step.command, Typing: step.option, Values: chat.Values{step.option: {step.typed}, "brand": {"Maison"}}})
			if err != nil {
				t.Fatal(err)
			}
			offer, ok := a.(chat.Offer)
			if diff := cmp.Diff(step.want, offer.Options); diff != "" || !ok {
				t.Errorf("%s %s of %+v, %T (-want +got):\n%s", step.command, step.typed, step.who, a, diff)
			}
		}
		if calls != 6 {
			t.Errorf("asked %d times", calls)
		}
		if seen, err := storage.Seen(t.Context(), w.db, "event|one|w|typed"); err != nil || seen {
			t.Errorf("remembered %v, %v", seen, err)
		}
		late, cancel := context.WithCancel(t.Context())
		cancel()
		a, err := b.Handle(late, chat.Event{Who: member, Command: "post show", Typing: "post"})
		if diff := cmp.Diff(chat.Answer(chat.Offer{}), a); diff != "" || err != nil {
			t.Errorf("when nobody waits any more: %v, %s", err, diff)
		}
	})
}

func thirty() []chat.Option {
	var out []chat.Option
	for range 30 {
		out = append(out, chat.Option{Value: "v", Label: "l"})
	}
	return out
}
