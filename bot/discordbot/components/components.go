// Package components is what chat's things look like in Discord: cards become Components V2, forms become modals, sent modals
// become values again, and what people type becomes what they meant. Pure: no I/O, no clock. It knows chat and i18n, and
// nothing of what the cards are about.
//
// Words from outside never act here: every mark that Discord would read is escaped, and no message may mention anybody but
// the one person of a Nudge.
package components

import (
	"hash/fnv"

	"griot/chat"
	"griot/i18n"
)

// Kinds of components. Source: docs.discord.com, components/reference, read 2026-11.
const (
	kindRow       = 1
	kindButton    = 2
	kindSelect    = 3
	kindInput     = 4
	kindRole      = 6
	kindChannel   = 8
	kindText      = 10
	kindGallery   = 12
	kindSeparator = 14
	kindContainer = 17
	kindLabel     = 18
	kindUpload    = 19
)

// Component is one part of a message or a modal, as it travels in both directions.
type Component struct {
	Type         int         `json:"type"`
	ID           int         `json:"id,omitempty"`
	CustomID     string      `json:"custom_id,omitempty"`
	Style        int         `json:"style,omitempty"`
	Label        string      `json:"label,omitempty"`
	URL          string      `json:"url,omitempty"`
	Description  string      `json:"description,omitempty"`
	Content      string      `json:"content,omitempty"`
	Placeholder  string      `json:"placeholder,omitempty"`
	Accent       *int        `json:"accent_color,omitempty"`
	Items        []Item      `json:"items,omitempty"`
	Options      []Option    `json:"options,omitempty"`
	ChannelTypes []int       `json:"channel_types,omitempty"`
	Defaults     []Default   `json:"default_values,omitempty"`
	Value        string      `json:"value,omitempty"`
	Values       []string    `json:"values,omitempty"`
	Least        *int        `json:"min_values,omitempty"`
	Most         int         `json:"max_values,omitempty"`
	Longest      int         `json:"max_length,omitempty"`
	Required     *bool       `json:"required,omitempty"`
	Components   []Component `json:"components,omitempty"`
	Component    *Component  `json:"component,omitempty"`
}

// Item is one picture of a gallery.
type Item struct {
	Media       Media  `json:"media"`
	Description string `json:"description,omitempty"`
}

// Media is where a picture is: "attachment://name" for one that travels with its message.
type Media struct {
	URL string `json:"url"`
}

// Option is one choice of a select.
type Option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// Default is what a picker begins with.
type Default struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// Mentions says whom a message may ping. The zero value is nobody.
type Mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

// FlagV2 says that a message is made of components alone. Source: docs.discord.com, resources/message, message flags.
const FlagV2 = 1 << 15

// Message is a message as Discord takes it.
type Message struct {
	Flags      int         `json:"flags"`
	Components []Component `json:"components"`
	Mentions   Mentions    `json:"allowed_mentions"`
}

// Modal is a window that asks for something.
type Modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}

// Look is what a renderer cannot know by itself.
type Look struct {
	// Picture gives the name of the attachment that shows a picture. Where it is nil or says false, the picture's description
	// stands in words.
	Picture func(chat.Image) (name string, ok bool)
}

// Mark is the number by which a message is found again: the id of its first component. Two keys have the same one once in two
// thousand million times.
func Mark(key string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // never fails
	return int(h.Sum32()&0x3fffffff) + leastMark
}

// leastMark is more than Discord itself gives: it numbers what has no id from 1.
const leastMark = 1000

// Marked reports whether a message bears the mark of key.
func Marked(all []Component, key string) bool { return len(all) > 0 && all[0].ID == Mark(key) }

// Nudge is one line that pings the user whose id is to, and nobody else.
func Nudge(to string, words []chat.Span) Message {
	m := message([]Component{paragraph("<@" + to + "> " + markdown(chat.CutSpans(words, nudgeRunes)))})
	m.Mentions.Users = []string{to}
	return m
}

// Sentence is one sentence of the surface's own.
func Sentence(l i18n.Locale, tone chat.Tone, words string) Message {
	c := chat.Sentence(tone, chat.Plain(words))
	c.Locale = l
	return Card(c, Look{})
}

func message(all []Component) Message {
	return Message{Flags: FlagV2, Components: all, Mentions: Mentions{Parse: []string{}}}
}

// Title is words as a thread or a forum's post is called: at most 100 runes and never empty.
func Title(words string) string { return plain(words, 100) }
