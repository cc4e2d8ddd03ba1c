package commands

import (
	"context"
	"io"
	"time"

	"griot/publishing"
	"griot/social"
	"griot/team"
)

// Services are the features that commands call.
type Services struct {
	Publishing *publishing.Service
	Team       *team.Service
	Accounts   Accounts
	Media      Media
	Now        func(ctx context.Context) (time.Time, error) // by the same clock as the rows
}

// Media keeps pictures that people attach.
type Media interface {
	// Add stores a picture for the team. Errors: a fault for what is not a picture, or too big.
	Add(ctx context.Context, team, name string, r io.Reader) (social.Media, error)
}

// All is the table of contents. Adding a command is one file and one line.
func All(s Services) []Command {
	return []Command{
		postDraft(s), postList(s), postShow(s), postEdit(s),
		postNow(s), postSchedule(s), postCancel(s), postRemove(s),
		calendar(s), story(s), pause(s),
	}
}
