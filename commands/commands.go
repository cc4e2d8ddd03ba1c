// Package commands is what people can ask Griot for: one file per slash command, and the registry that everything about
// commands is read from (the chats' menus, /help, parsing, forms, completion, the documentation).
//
// A command turns words and presses into a call of a feature, and what comes back into an answer. It holds no rule of its
// own and touches no chat platform.
package commands

import (
	"context"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// Command is one thing people can ask for, with the buttons and forms that belong to it.
type Command struct {
	Name   string // canonical: "post draft", "why"; lower-case English words without accents
	French string // "post rediger", "historique"; as people type it, without accents
	About  i18n.Text
	// Options in the order of help and forms. Words typed without an option's name are the first one's.
	Options []Option
	For     []social.Role // who is offered it in /help; nil: everybody. Permission is the features' business.
	Rank    int           // its place in /help, the smallest first; ties by name
	Anyone  bool          // also for people who are not of the team yet, with a zero Call.By

	// Run does it, once everything required is there.
	Run Act
	// Form builds the form that is opened when a required option is missing; nil: one is made from Options. When it is
	// sent, Run is called with its fields as Values. It only reads. It may prefill from c.Values, which are what was typed.
	Form func(ctx context.Context, c Call) (chat.Form, error)
	// Beside begins the names of fields that the form has beside the options; empty: it has none.
	Beside string

	Presses map[string]Act  // buttons and selects, by verb
	Forms   map[string]Form // by verb: a press opens the form, sending it acts
}

// Act commits what it changes and answers within the two seconds that chats allow. A refusal is a fault: the bot says it
// privately in the reader's language, redraws the pressed card when it is a Conflict, and opens the form again when it is
// about one of its fields.
type Act func(ctx context.Context, c Call) (chat.Answer, error)

// Form is a form that a button opens.
type Form struct {
	Build func(ctx context.Context, c Call) (chat.Form, error) // only reads; the bot sets its tag
	Sent  Act
}

// Option is something a command wants to know.
type Option struct {
	Name     string // canonical: "text"
	French   string // "texte"
	About    i18n.Text
	Hint     i18n.Text // under the field of a form: an example, or what leaving it empty means
	Required bool
	Unless   string    // the option that may be given instead of a required one
	Kind     chat.Kind // how it is typed and asked for; empty: chat.Line. Of many, typed values are parted by commas.
	Choices  []Choice  // Choice and Many: all there is; other words are refused
	// Complete offers what the person may mean: accounts, posts, brands. Other words are let through to Run.
	Complete func(ctx context.Context, c Call, typed string) ([]chat.Option, error)
	Max      int // longest text in runes, or how many files; 0: no limit of ours
}

// Choice is one of the fixed values of an option. People may type its value or its name in any language.
type Choice struct {
	Value string
	Name  i18n.Text
}

// Call is one person doing one thing.
type Call struct {
	By     social.Member // zero for somebody who is not of the team yet
	Locale i18n.Locale   // the reader's: of private answers and forms
	Event  chat.Event
	Values chat.Values // options or fields, by canonical name; only those that were given
	// Brand is the brand a call is about: the one named, else the channel's, else the only one of the person. A fault asks
	// which one when that says too little.
	Brand func(ctx context.Context, named string) (social.Brand, error)
}

// Tag is what the button says, for a call that came by one.
func (c Call) Tag() chat.Tag { return c.Event.Tag }

// Get is the first value of an option, empty when it was not given.
func (c Call) Get(name string) string { return c.Values.Get(name) }

// Given reports whether an option was given at all, be it empty.
func (c Call) Given(name string) bool { _, ok := c.Values[name]; return ok }

// Redrawn answers a press by redrawing the pressed card from what is committed now; the bot draws it. With words, these
// are said to the person privately too.
func Redrawn(words ...chat.Span) chat.Answer {
	if len(words) == 0 {
		return chat.Refresh{}
	}
	tell := chat.Sentence(chat.Good, words...)
	return chat.Refresh{Tell: &tell}
}

// Told answers privately with one sentence.
func Told(tone chat.Tone, words ...chat.Span) chat.Answer {
	return chat.Say{Card: chat.Sentence(tone, words...), Private: true}
}

// Shown puts the card of a subject into the channel where it was asked for; the board draws it there and keeps it up to
// date.
func Shown(subject string) chat.Answer { return chat.Say{Card: chat.Card{Subject: subject}} }

// RunVerb is the verb of buttons and forms that run a command.
const RunVerb = "run"

// Start is the tag of a button that runs the command with this canonical name.
func Start(name string) chat.Tag { return chat.Tag{Verb: RunVerb, Subject: name} }

// In is the option's name in l: "texte".
func (o Option) In(l i18n.Locale) string {
	if l == i18n.Fr && o.French != "" {
		return o.French
	}
	return o.Name
}

func (o Option) kind() chat.Kind {
	switch {
	case o.Kind != "":
		return o.Kind
	case len(o.Choices) > 0:
		return chat.Choice
	}
	return chat.Line
}

// In is the command's name in l: "post rediger".
func (c Command) In(l i18n.Locale) string {
	if l == i18n.Fr && c.French != "" {
		return c.French
	}
	return c.Name
}

func (c Command) names() []string {
	if c.French == "" || c.French == c.Name {
		return []string{c.Name}
	}
	return []string{c.Name, c.French}
}

func (c Command) forRoles(roles []social.Role) bool {
	if c.For == nil {
		return true
	}
	for _, r := range c.For {
		for _, has := range roles {
			if r == has {
				return true
			}
		}
	}
	return false
}
