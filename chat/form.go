package chat

import (
	"io"

	"griot/i18n"
)

// Form asks for several things at once. Sending it is an Event with its tag, Values and Files.
type Form struct {
	Title  string      // at most 24 runes, for Slack
	Locale i18n.Locale // of its words, for the few that a surface adds of its own; the bot sets it
	Tag    Tag
	Intro  []Span
	Inputs []Input
	Submit string
}

// Kind is what an input takes.
type Kind string

// The kinds of input.
const (
	Line   Kind = "line"   // one line of text
	Text   Kind = "text"   // several lines
	Secret Kind = "secret" // one line, not shown while typed; never echoed, logged or kept in a form
	Choice Kind = "choice" // one of Options
	Many   Kind = "many"   // any of Options
	Moment Kind = "moment" // a date in words ("demain 9h"); a surface may offer a picker, which fills in an instant (RFC 3339)
	Files  Kind = "files"  // pictures
	Room   Kind = "room"   // a channel, by its id: a surface with a picker of its own shows that one, others show Options
	Group  Kind = "group"  // a group of people of the chat (a Discord role), by its id; shown like Room
)

// Input is one field of a form.
type Input struct {
	Name     string
	Label    string // at most 45 runes, for Discord
	Kind     Kind
	Help     string // at most 100 runes, for Discord
	Required bool
	Options  []Option
	Value    []string // what is already in it: typed before, or kept from last time
	Error    string   // why it came back
	Max      int      // longest text, in runes; 0: no limit of ours. Files: how many
}

// Values are options of a command or fields of a form: each name with what was given, in order.
type Values map[string][]string

// Get is the first value of name, empty when there is none.
func (v Values) Get(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}

// File is something a person attached. Size is in bytes and may be wrong until it is read; Open may be called once.
type File struct {
	Input string // name of the Files input; empty when it came with a message
	Name  string
	Size  int64
	Open  func() (io.ReadCloser, error) `json:"-"`
}
