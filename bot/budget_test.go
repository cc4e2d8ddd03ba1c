package bot_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot"
	"griot/chat"
	"griot/social"
)

// asleep is a team feature that never answers.
type asleep struct{}

func (asleep) Who(ctx context.Context, _ chat.Who) (social.Member, social.Team, error) {
	<-ctx.Done()
	return social.Member{}, social.Team{}, ctx.Err()
}

func (asleep) Brand(context.Context, social.Member, chat.Place, string) (social.Brand, error) {
	return social.Brand{}, errors.ErrUnsupported
}

func TestNobodyWaitsLongerThanTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bot.New(bot.Options{People: asleep{}, Log: silent})
		began := time.Now()
		_, err := b.Handle(t.Context(), chat.Event{ID: "1", Words: "hello"})
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 2*time.Second {
			t.Errorf("%v after %v", err, took)
		}
	})
}
