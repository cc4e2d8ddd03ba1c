package commands

import (
	"context"
	"io"
	"time"

	"griot/accounts"
	"griot/chat"
	"griot/digest"
	"griot/i18n"
	"griot/inbox"
	"griot/publishing"
	"griot/social"
	"griot/team"
	"griot/writing"
)

// Services are the features that commands call.
type Services struct {
	Publishing *publishing.Service
	Team       *team.Service
	Accounts   *accounts.Service
	Inbox      *inbox.Service
	Digest     *digest.Service
	Media      Media
	Writing    *writing.Service
	Now        func(ctx context.Context) (time.Time, error) // by the same clock as the rows

	Locale  i18n.Locale // of a new brand, when the chat profile does not say; empty: the reader's
	Zone    string      // the same: an IANA name; empty: asked for
	BaseURL string      // public address, under which a page takes secrets; empty: a form does

	// Channels lists the channels of a place's workspace, Value their ids and Label their names; nil: they are typed.
	Channels func(ctx context.Context, at chat.Place) ([]chat.Option, error)
	// Groups lists the groups of people of a place's workspace (the roles of a Discord server), Value their ids and Label
	// their names; nil: they are known by their ids alone.
	Groups func(ctx context.Context, at chat.Place) ([]chat.Option, error)
	// Practice makes ready what a brand can practise with, once it was set up in the playground; nil: nothing. It logs its
	// own failures: the setup holds without it.
	Practice func(ctx context.Context, by social.Member, brand string) error
	// ConnectLater goes on with a sign-in whose network takes longer than a chat waits: sealed is for ConnectKept, and by
	// is told the result where at is. nil: it is refused after a moment, to be tried again.
	ConnectLater func(ctx context.Context, by social.Member, at chat.Place, sealed string) error
	// WriteLater has somebody's post written, which takes longer than a chat waits: its card is shown at, and by is told there
	// what is to be known of it.
	WriteLater func(ctx context.Context, by social.Member, at chat.Place, t Topic) error
	// Speaks is told who chose another language, so that chats of our own follow; nil: nobody.
	Speaks func(ctx context.Context, m social.Member)
}

// Media keeps pictures that people attach.
type Media interface {
	// Add stores a picture for the team. Errors: a fault for what is not a picture, or too big.
	Add(ctx context.Context, team, name string, r io.Reader) (social.Media, error)
}

// All is the table of contents. Adding a command is one file and one line.
func All(s Services) []Command {
	return []Command{
		setup(s), home(s),
		postDraft(s), postList(s), postShow(s), postEdit(s),
		postNow(s), postSchedule(s), postCancel(s), postRemove(s),
		calendar(s), story(s), pause(s), mentions(s), mentionAdd(s),
		rulesList(s), rulesAdd(s), rulesChange(s), rulesTest(s), rulesMove(s), rulesRemove(s),
		numbers(s), morning(s),
		connect(s), accountList(s),
		watchAdd(s), watchList(s), watchRemove(s),
		brandShow(s), brandAdd(s), brandSet(s), brandChannel(s), lineShow(s),
		teamMembers(s), teamRoles(s), teamGroup(s), teamInvite(s), teamJoin(s), teamAccess(s), teamRequests(s), teamLink(s), teamUnlink(s),
		language(s),
	}
}
