// Package chat is how Griot talks: cards, buttons, selects, forms, answers and the surfaces that show them.
// It knows no platform and does no I/O. A kind of span, field or button is here only when at least two
// surfaces can show it.
package chat

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"griot/i18n"
)

// Span is a run of text. The set is closed. Only Plain may carry words from outside; renderers escape it.
type Span interface{ span() }

// Plain is text as it is: no markup in it means anything.
type Plain string

// Bold stands out. Griot's own words, or outside words that must: renderers escape it like Plain.
type Bold string

// Code is a command or an example to type.
type Code string

// Link leads outside. URL is http or https.
type Link struct{ Label, URL string }

// When is an instant. A surface that can shows it in the reader's own zone; others show Text.
type When struct {
	T    time.Time
	Text string // already written in the card's locale and zone
}

// Person is a member as the surface knows them: shown by name, never pinged by a card.
type Person struct{ Name string }

// Break ends a line.
type Break struct{}

func (Plain) span()  {}
func (Bold) span()   {}
func (Code) span()   {}
func (Link) span()   {}
func (When) span()   {}
func (Person) span() {}
func (Break) span()  {}

// Tone is what a card feels like before it is read: a colour, with a word or an icon beside it.
type Tone string

// The tones.
const (
	Neutral Tone = ""
	Good    Tone = "good"    // done as wished
	Waiting Tone = "waiting" // somebody must act
	Bad     Tone = "bad"     // went wrong, or refused
)

// Card is one thing shown in a channel. It is already in one language. A renderer degrades and never fails.
type Card struct {
	Subject  string      // id of what it shows; empty for a passing answer
	Locale   i18n.Locale // of its words, for the few that a surface adds of its own ("Cancel"); the bot sets it
	Title    string
	Tone     Tone
	Lead     []Span    // one line under the title: brand, author, moment
	Body     []Span    // the words themselves
	Fields   []Field   // short facts
	Sections []Section // one per network
	Images   []Image
	Foot     []Span // small print
	Buttons  []Button
	Selects  []Select
}

// Field is a short fact with its name.
type Field struct {
	Label string
	Value []Span
}

// Section is a part of a card with a heading of its own: a network's preview and what became of it.
type Section struct {
	Title string
	Tone  Tone
	Note  []Span // beside the title: "142 of 500", a link to the published post
	Body  []Span
}

// Image is a picture with its description. Hash names the bytes; Open reads them.
type Image struct {
	Hash, Type, Alt string
	Open            func() (io.ReadCloser, error) `json:"-"`
}

// MaxTag is the longest tag a platform carries, in bytes (Discord's custom_id).
const MaxTag = 100

// Tag names what a press means: on the wire "verb|subject|rev", at most MaxTag bytes.
type Tag struct {
	Verb    string // "post.approve"
	Subject string
	Rev     int64 // of content and decisions, as the person saw it; 0: any
}

// String is the wire form.
func (t Tag) String() string {
	return t.Verb + "|" + t.Subject + "|" + strconv.FormatInt(t.Rev, 36)
}

// ParseTag reads the wire form. Anything else, whatever its origin, is an error.
func ParseTag(s string) (Tag, error) {
	p := strings.Split(s, "|")
	if len(s) > MaxTag || len(p) != 3 || p[0] == "" {
		return Tag{}, fmt.Errorf("chat: bad tag %.*q", MaxTag, s)
	}
	rev, err := strconv.ParseInt(p[2], 36, 64)
	if err != nil || rev < 0 {
		return Tag{}, fmt.Errorf("chat: bad revision in tag %.*q", MaxTag, s)
	}
	return Tag{p[0], p[1], rev}, nil
}

// Style is how much a button asks for the thumb.
type Style string

// The styles. Risky asks "are you sure" where the surface can.
const (
	Usual   Style = ""
	Primary Style = "primary"
	Risky   Style = "risky"
)

// Button does what its tag says, or opens URL when that is set.
type Button struct {
	Label   string
	Tag     Tag
	Style   Style
	Confirm string // Risky: the question to ask first
	URL     string
}

// Select chooses one of several things at once. Its event has the tag and Values["value"].
type Select struct {
	Label   string
	Tag     Tag
	Options []Option
}

// Option is one choice.
type Option struct{ Value, Label string }

// Sentence is a card made of one sentence, for passing answers.
func Sentence(tone Tone, words ...Span) Card { return Card{Tone: tone, Body: words} }
