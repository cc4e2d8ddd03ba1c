package slackbot

import (
	"encoding/json"
	"time"

	"griot/chat"
)

// origin is where an act came from, as far as answering it needs. It travels in a form's private metadata, which only Slack
// and we read, so that the form knows where it belongs when it is sent.
type origin struct {
	Workspace string    `json:"w,omitempty"`
	Channel   string    `json:"c,omitempty"` // empty: none, as in App Home
	Message   string    `json:"m,omitempty"` // that was pressed
	Thread    string    `json:"t,omitempty"` // in which it was said
	Hidden    bool      `json:"e,omitempty"` // the message is shown to one person only
	URL       string    `json:"u,omitempty"` // response_url
	Until     int64     `json:"x,omitempty"` // Unix second at which URL ends
	Home      bool      `json:"h,omitempty"` // from App Home, which is shown anew afterwards
	Files     []string  `json:"f,omitempty"` // ids of files that come along
	View      string    `json:"v,omitempty"` // window that was pressed in
	Hash      string    `json:"-"`           // of that window as it was pressed: what has changed meanwhile is not written over
	User      string    `json:"-"`
	Trigger   string    `json:"-"` // opens one window within three seconds
	Came      time.Time `json:"-"` // when the act arrived
}

// lifetime of a response_url, with a margin. Source: chat-platforms.md A4.
const lifetime = 29 * time.Minute

func (o origin) place() chat.Place { return place(o.Workspace, o.Channel) }

// message is the pressed message as chat knows it.
func (o origin) message() chat.MessageRef {
	return chat.MessageRef{Place: o.place(), Message: o.Message}
}

// meta is o as private metadata: at most 3000 characters, of which it takes some hundreds.
func (o origin) meta() string {
	b, err := json.Marshal(o)
	if err != nil {
		return "" // strings and a number can always be written
	}
	return string(b)
}

// from reads private metadata. What is not ours is an act from nowhere.
func from(meta string) origin {
	var o origin
	if json.Unmarshal([]byte(meta), &o) != nil {
		return origin{}
	}
	return o
}

// answerable reports whether the response_url is still good.
func (o origin) answerable(now time.Time) bool { return o.URL != "" && now.Unix() < o.Until }
