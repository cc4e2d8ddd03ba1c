package chat

import (
	"context"
	"errors"
	"strings"
	"time"

	"griot/i18n"
)

// Place is where something is said: a channel of one workspace (Slack workspace, Discord guild) on one surface.
type Place struct{ Surface, Workspace, Channel string }

// MessageRef is one message in a place.
type MessageRef struct {
	Place
	Message string
}

// Who is a person as their chat knows them.
type Who struct {
	Surface, Workspace, User string
	Name                     string
	Locale                   i18n.Locale // from the chat profile; empty: not known
	Zone                     string      // IANA name from the chat profile; empty: not known
	Manager                  bool        // may manage the workspace: Slack admin or owner, Discord Manage Server
	// Groups are ids of the groups of people their chat counts them among (Discord roles), parted by commas. Empty: the chat
	// has none, or does not say here. One that says it names at least a group that everybody is in (Discord's @everyone,
	// whose id is the server's), so that who is in no other group is told from who is not asked about.
	Groups string
}

// Event is one thing a person did. Exactly one of Command, Tag.Verb and Words says what.
type Event struct {
	ID      string // unique per act; the same when the platform delivers it again
	Who     Who
	Place   Place
	Message string // the pressed message; empty for commands
	Command string // "post draft": canonical English words, as the registry names them
	Text    string // the rest of a command typed as one line, to be parsed by the registry
	Values  Values // options already parsed by the platform, or the fields of a form
	Files   []File // attached
	Tag     Tag    // of a button, a select or a form
	Form    bool   // Tag came with a sent form, not with a press
	Unsure  bool   // a risky button was pressed where the surface could not ask first: the handler asks
	Words   string // plain language said to Griot
	Under   string // the channel that the place belongs to, where a thread is a channel with the id of the message it is about

	// Typing is the canonical name of the option that is being typed, while a command is not sent yet: the handler answers by an
	// Offer of what it may become, and does nothing. Values are what is typed so far.
	Typing string
}

// Answer is what a handler gives back. The set is closed.
type Answer interface{ answer() }

// Say shows a card: to the one who acted (Private), or in the place.
type Say struct {
	Card    Card
	Private bool
	Live    bool // the private answer may still change: see Reviser
}

// Ask opens a form, or shows it again with what was typed and what is wrong.
type Ask struct{ Form Form }

// Refresh redraws the pressed message at once; the board does the other copies. Tell, when set, is said privately too.
type Refresh struct {
	Card Card
	Tell *Card
}

// Offer is what an option may become that is being typed, at most 25.
type Offer struct{ Options []Option }

// Silent answers with nothing to see.
type Silent struct{}

func (Say) answer()     {}
func (Ask) answer()     {}
func (Refresh) answer() {}
func (Offer) answer()   {}
func (Silent) answer()  {}

// Handler takes an event, commits what it changes and then answers. It has two seconds. An error means that nothing was
// stored: the surface says so and pressing again is safe.
type Handler func(context.Context, Event) (Answer, error)

// Nudge asks one person to act: one line in the thread of a message, or a direct message when Thread is zero. It pings
// that person and nobody else.
type Nudge struct {
	Key    string // the same for the same nudge over restarts
	Again  bool   // it may have been said before: a surface that does not remember keys looks first
	To     Who
	Thread MessageRef
	Words  []Span
}

// Surface is one chat platform. Calls fail with ErrGone, ErrOutside, ErrRemoved, *Wait, or an error that is worth another try.
type Surface interface {
	Name() string
	// Run receives events until ctx ends. It answers each by what h returns.
	Run(ctx context.Context, h Handler) error
	// Send places a card. Key marks the message so that Find sees it after a crash.
	Send(ctx context.Context, to Place, key string, c Card) (MessageRef, error)
	// Edit makes an existing message show c.
	Edit(ctx context.Context, ref MessageRef, c Card) error
	// Find looks for the message marked with key; ErrGone when there is none.
	Find(ctx context.Context, in Place, key string) (MessageRef, error)
	// Nudge is idempotent by its key.
	Nudge(ctx context.Context, n Nudge) error
}

// Reviser is a Surface whose private answers may change while what they speak of is under way. Slack is none: what answers a
// command there cannot be replaced by its response_url (slackapi/bolt-python#1268), and what one person alone sees not by its id.
type Reviser interface {
	// Revise makes the live answer to the event with that id show c. ErrGone: it was not given by this process, or no longer changes.
	Revise(ctx context.Context, event string, c Card) error
}

// Title is a surface's name as it begins a sentence: "Slack".
func Title(surface string) string {
	if surface == "" {
		return ""
	}
	return strings.ToUpper(surface[:1]) + surface[1:]
}

// ErrGone says that the message or the channel no longer exists.
var ErrGone = errors.New("chat: no longer there")

// ErrOutside says that Griot may not speak in that channel: it must be invited, or the channel opened again.
var ErrOutside = errors.New("chat: not in the channel")

// ErrRemoved says that Griot is no longer installed in that workspace, or its right to speak there was taken back.
var ErrRemoved = errors.New("chat: removed from the workspace")

// Wait says that the platform wants fewer calls: in the whole workspace, or in the one Channel.
type Wait struct {
	After   time.Duration
	Channel string // the id of the only channel concerned; empty: the whole workspace
}

// Error is for logs.
func (w *Wait) Error() string { return "chat: rate limited for " + w.After.String() }
