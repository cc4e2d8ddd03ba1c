package playground

import (
	"time"

	"griot/chat"
)

// The shapes below travel to the browser and into the journal. Both read the same, so a card after a restart is the card before.

type messageWire struct {
	ID      string     `json:"id"`
	Channel string     `json:"ch"`
	Key     string     `json:"key,omitempty"`
	From    string     `json:"from"`
	Name    string     `json:"name,omitempty"`
	To      string     `json:"to,omitempty"`
	At      time.Time  `json:"at"`
	Text    string     `json:"text,omitempty"`
	Via     string     `json:"via,omitempty"`
	Card    *cardWire  `json:"card,omitempty"`
	Files   []fileWire `json:"files,omitempty"`
	Lines   []lineWire `json:"lines,omitempty"`
	Rev     int        `json:"rev"`
}

type fileWire struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

type lineWire struct {
	ID    string     `json:"id"`
	Key   string     `json:"key,omitempty"`
	To    string     `json:"to"`
	Name  string     `json:"name"`
	Words []spanWire `json:"words"`
	At    time.Time  `json:"at"`
}

type goneWire struct {
	ID      string `json:"id"`
	Channel string `json:"ch"`
}

type cardWire struct {
	Subject  string        `json:"subject,omitempty"`
	Title    string        `json:"title,omitempty"`
	Tone     chat.Tone     `json:"tone,omitempty"`
	Lead     []spanWire    `json:"lead,omitempty"`
	Body     []spanWire    `json:"body,omitempty"`
	Fields   []fieldWire   `json:"fields,omitempty"`
	Sections []sectionWire `json:"sections,omitempty"`
	Images   []imageWire   `json:"images,omitempty"`
	Foot     []spanWire    `json:"foot,omitempty"`
	Buttons  []buttonWire  `json:"buttons,omitempty"`
	Selects  []selectWire  `json:"selects,omitempty"`
}

type fieldWire struct {
	Label string     `json:"label"`
	Value []spanWire `json:"value"`
}

type sectionWire struct {
	Title string     `json:"title"`
	Tone  chat.Tone  `json:"tone,omitempty"`
	Note  []spanWire `json:"note,omitempty"`
	Body  []spanWire `json:"body,omitempty"`
}

type imageWire struct {
	Hash string `json:"hash"`
	Type string `json:"type"`
	Alt  string `json:"alt"`
}

type buttonWire struct {
	Label   string     `json:"label"`
	Tag     string     `json:"tag,omitempty"`
	Style   chat.Style `json:"style,omitempty"`
	Confirm string     `json:"confirm,omitempty"`
	URL     string     `json:"url,omitempty"`
}

type selectWire struct {
	Label   string       `json:"label"`
	Tag     string       `json:"tag"`
	Options []optionWire `json:"options"`
}

type optionWire struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

type formWire struct {
	Title  string      `json:"title"`
	Tag    string      `json:"tag"`
	Intro  []spanWire  `json:"intro,omitempty"`
	Inputs []inputWire `json:"inputs"`
	Submit string      `json:"submit"`
}

type inputWire struct {
	Name     string       `json:"name"`
	Label    string       `json:"label"`
	Kind     chat.Kind    `json:"kind"`
	Help     string       `json:"help,omitempty"`
	Required bool         `json:"required,omitempty"`
	Options  []optionWire `json:"options,omitempty"`
	Value    []string     `json:"value,omitempty"`
	Error    string       `json:"error,omitempty"`
	Max      int          `json:"max,omitempty"`
}

// spanWire is one span: K says which, T its text, U a link's address, At an instant.
type spanWire struct {
	K  string     `json:"k"`
	T  string     `json:"t,omitempty"`
	U  string     `json:"u,omitempty"`
	At *time.Time `json:"at,omitempty"`
}
